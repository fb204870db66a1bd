"""``python -m tests.accuracy DIR``: the engine over every labelled recording of a folder."""

import sys
from argparse import ArgumentParser
from pathlib import Path

from companion.errors import CompanionError
from tests.accuracy.labelled import labelled
from tests.accuracy.table import lines, table


def main() -> int:
    """Print the table; return the exit status."""
    parser = ArgumentParser(prog="python -m tests.accuracy", description=__doc__)
    parser.add_argument("folder", type=Path, metavar="DIR", help="recordings with truths beside")
    folder: Path = parser.parse_args().folder
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
