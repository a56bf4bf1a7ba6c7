"""The command line: one module per command."""

from yusuan.cli.main import main

__all__ = ["main"]
