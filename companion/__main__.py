"""The console entry, ``companion`` and ``python -m companion``."""

import sys
from collections.abc import Sequence

from companion.cli.endings import guarded
from companion.cli.language import chosen_language
from companion.cli.parser import build_parser
from companion.texts import speaking


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status (see ``companion.cli.endings.ExitCode``).

    Args:
        argv: the arguments without the program's name; None takes the process's own.
    """
    with speaking(chosen_language()):
        return guarded(build_parser(), argv)


if __name__ == "__main__":
    sys.exit(main())
