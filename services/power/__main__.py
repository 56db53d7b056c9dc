"""Run the power service alone: python -m services.power --listen 127.0.0.1:50054."""

from dafeng.cli import main

if __name__ == "__main__":
    main("serve", "power")
