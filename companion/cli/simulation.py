"""A simulated tool in a simulated hand, made from names a user gave."""

from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from companion.cli.endings import ExitCode, UsageRefused
from companion.cli.plans import plan_of
from companion.coaching.routine import Routine
from companion.errors import CompanionError, FileRefused
from simulators.anatomy import UnknownPlaceError
from simulators.data_files import DataFileError
from simulators.firmware import Firmware
from simulators.hand.touches import CannotPerformError
from simulators.performance import Performance
from simulators.radio import AirError
from simulators.scenario import load_scenario
from simulators.tool_data import load_tool

DEFAULT_TOOL = "small-roller"
"""The demo's tool: 1 cm2 and 0.1 mN, fine enough to judge the step under the eyes."""


class AirFailed(CompanionError):
    """The virtual radio could not be opened or joined."""

    exit_code = ExitCode.NOT_FOUND


@dataclass(frozen=True, slots=True)
class Simulation:
    """A tool's logic and the hand that holds it."""

    firmware: Firmware
    performance: Performance


def simulate_tool(arguments: Namespace, routine: Routine) -> Simulation:
    """Return the tool and the hand that a command's arguments ask for.

    Raises:
        FileRefused: there is no such scenario or tool, or its file cannot be used.
    """
    with refusals():
        tool = load_tool(getattr(arguments, "tool", None) or DEFAULT_TOOL)
        scenario = load_scenario(arguments.scenario)
        performance = Performance(plan_of(routine), tool, scenario, arguments.seed)
    firmware = Firmware(
        tool, performance, drift_ppm=tool.sensors.clock_drift_ppm, channels=tool.channels
    )
    return Simulation(firmware, performance)


@contextmanager
def refusals() -> Iterator[None]:
    """Turn the simulators' own errors into those a user is told.

    Raises:
        FileRefused: a data file cannot be used.
        UsageRefused: the routine has a step that the simulated hand cannot do.
        AirFailed: the virtual radio could not be opened or joined.
    """
    try:
        yield
    except (CannotPerformError, UnknownPlaceError) as error:
        raise UsageRefused("cli.simulate.cannot", reason=str(error)) from error
    except DataFileError as error:
        raise FileRefused(error.file, error.key, error.reason) from error
    except AirError as error:
        raise AirFailed("cli.air.failed", reason=str(error)) from error
