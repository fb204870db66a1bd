"""``python -m simulators run``: somebody's bleak program, unchanged, on a virtual air."""

import runpy
import sys
import traceback
from argparse import Namespace
from pathlib import Path
from typing import Final

from simulators.bleak_backend.late import LateBackends
from simulators.bleak_backend.plugin import replaced
from simulators.command_line.endings import Refused

_FAILED: Final = 1


def execute(arguments: Namespace) -> int:
    """Run a program as Python would, its Bluetooth being an adapter on an air.

    Returns:
        The program's own status; 1 when it ended by an exception, whose traceback is the
        program's and is shown.

    Raises:
        Refused: there is no such program.
    """
    if not Path(arguments.program).is_file():
        raise Refused(f"{arguments.program}: there is no such program")
    sys.argv = [arguments.program, *arguments.arguments]
    sys.path.insert(0, str(Path(arguments.program).resolve().parent))
    with replaced(LateBackends(arguments.air, arguments.keys)):
        try:
            runpy.run_path(arguments.program, run_name="__main__")
        except Exception:  # noqa: BLE001  # whatever the program lets out
            traceback.print_exc()
            return _FAILED
    return 0
