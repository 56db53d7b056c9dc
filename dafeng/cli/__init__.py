"""The command line: `dafeng --help`."""

from dafeng.cli.app import main

__all__ = ["main"]
