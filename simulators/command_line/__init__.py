"""The simulators' own commands."""

from simulators.command_line.main import main

__all__ = ["main"]
