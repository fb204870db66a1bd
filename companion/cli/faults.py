"""Every fault of a file as a line of its own, on standard error."""

import sys
from collections.abc import Iterable

from companion.settings.faults import Fault, FaultsFound
from companion.texts import text


def print_faults(faults: Iterable[Fault]) -> None:
    """Print one sentence for each fault."""
    for fault in faults:
        sentence = " ".join(str(FaultsFound([fault])).split())
        print(text("cli.failed.line", sentence=sentence), file=sys.stderr)
