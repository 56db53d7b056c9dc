"""The command line: `dafeng --help`."""

import os

# gRPC reads this once, when it is first imported. Failed handshakes reach us as errors, which we tell ourselves:
# its own lines from the depth of a library would stand beside them.
os.environ.setdefault("GRPC_VERBOSITY", "NONE")


def main(*arguments: str) -> None:
    """Run the command line; `arguments` go before those of the process."""
    from dafeng.cli.app import main as run

    run(*arguments)


__all__ = ["main"]
