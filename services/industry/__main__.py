"""Run the industry service alone: python -m services.industry --listen 127.0.0.1:50053."""

from dafeng.cli import main

if __name__ == "__main__":
    main("serve", "industry")
