"""What is kept of a tool's calibration."""

from companion.cli.clock import local_time
from companion.cli.endings import UsageRefused
from companion.sensing.calibrated import Calibration
from companion.settings.calibrations import load_calibrations
from companion.settings.tools import load_tools


def calibration_of(word: str) -> Calibration:
    """Return what is known today of a tool, by its name here or its address.

    Raises:
        UsageRefused: nothing is.
    """
    named = [tool.identity for tool in load_tools() if tool.answers_to(word)]
    for kept in load_calibrations():
        if kept.identity in named or kept.address == word.upper():
            return kept.known(local_time().date())
    raise UsageRefused("calibration.refused.none_kept", tool=word)
