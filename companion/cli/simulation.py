"""A simulated tool in a simulated hand, made from names a user gave."""

from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager

from companion.cli.endings import ExitCode, UsageRefused
from companion.cli.plans import plan_of
from companion.coaching.routine import Routine
from companion.errors import CompanionError, FileRefused
from simulators.anatomy import UnknownPlaceError
from simulators.data_files import DataFileError
from simulators.hand.touches import CannotPerformError
from simulators.mishaps import CannotStageError
from simulators.radio import AirError
from simulators.scale import weighing_tools
from simulators.scenario import load_scenario
from simulators.simulated_tool import SimulatedTool
from simulators.tool_data import load_tool

DEFAULT_TOOL = "small-roller"
"""The demo's tool: 1 cm2 and 0.1 mN, fine enough to judge the step under the eyes."""


class AirFailed(CompanionError):
    """The virtual radio could not be opened or joined."""

    exit_code = ExitCode.NOT_FOUND


def tool_names(arguments: Namespace) -> tuple[str, ...]:
    """Return the names or files of the tools that a command's arguments ask for."""
    several = getattr(arguments, "tools", None)
    return several or (getattr(arguments, "tool", None) or DEFAULT_TOOL,)


def simulate_tools(arguments: Namespace, routine: Routine) -> list[SimulatedTool]:
    """Return every tool that the arguments ask for, each in a hand of its own.

    Raises:
        FileRefused: there is no such scenario or tool, or its file cannot be used.
        UsageRefused: two tools have the same address, or the hand cannot do the routine.
    """
    with refusals():
        plan, scenario = plan_of(routine), load_scenario(arguments.scenario)
        sheets = [load_tool(name) for name in tool_names(arguments)]
        if getattr(arguments, "weigh", None) is not None:
            gauge = None if arguments.weigh_gauge is None else load_tool(arguments.weigh_gauge)
            return weighing_tools(arguments.weigh, sheets[0], gauge, arguments.seed)
        addresses = [sheet.address for sheet in sheets]
        if len(set(addresses)) < len(addresses):
            raise UsageRefused("cli.simulate.same_address")
        return [
            SimulatedTool(plan, sheet, scenario, arguments.seed + place)
            for place, sheet in enumerate(sheets)
        ]


@contextmanager
def refusals() -> Iterator[None]:
    """Turn the simulators' own errors into those a user is told.

    Raises:
        FileRefused: a data file cannot be used.
        UsageRefused: the routine has a step that the simulated hand cannot do, or the scenario a
            mishap that cannot happen here.
        AirFailed: the virtual radio could not be opened or joined.
    """
    try:
        yield
    except (CannotPerformError, UnknownPlaceError) as error:
        raise UsageRefused("cli.simulate.cannot", reason=str(error)) from error
    except CannotStageError as error:
        raise UsageRefused("cli.simulate.cannot_stage", reason=str(error)) from error
    except DataFileError as error:
        raise FileRefused(error.file, error.key, error.reason) from error
    except AirError as error:
        raise AirFailed("cli.air.failed", reason=str(error)) from error
