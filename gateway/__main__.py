"""Run the gateway alone: python -m gateway --listen 127.0.0.1:50050 --sector buildings=127.0.0.1:50051 ..."""

from dafeng.cli import main

if __name__ == "__main__":
    main("serve", "gateway")
