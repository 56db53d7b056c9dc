"""Run the transport service alone: python -m services.transport --listen 127.0.0.1:50052."""

from dafeng.cli import main

if __name__ == "__main__":
    main("serve", "transport")
