"""``python -m tests.accuracy DIR``: the engine over every labelled recording of a folder."""

import sys
from argparse import ArgumentParser
from pathlib import Path

from companion.errors import CompanionError
from tests.accuracy.labelled import labelled
from tests.accuracy.page import write_page
from tests.accuracy.table import lines, table


def main() -> int:
    """Print the table; return the exit status."""
    parser = ArgumentParser(prog="python -m tests.accuracy", description=__doc__)
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("folder", type=Path, nargs="?", metavar="DIR", help="labelled recordings")
    what.add_argument("--write", type=Path, metavar="FILE", help="write the simulator's page")
    arguments = parser.parse_args()
    if arguments.write is not None:
        write_page(arguments.write)
        return 0
    folder: Path = arguments.folder
    try:
        recordings = list(labelled(folder))
    except (CompanionError, OSError, ValueError, KeyError) as error:
        sys.stderr.write(f"{type(error).__name__}: {error}\n")
        return 2
    if not recordings:
        sys.stderr.write(f"{folder}: there is no recording with a .truth.json beside it\n")
        return 2
    sys.stdout.write("\n".join(lines(table(recordings))) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
