"""The demonstration's tool in its hand, and a radio between it and this computer."""

from argparse import Namespace
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path

from companion.ble.adapter import Adapter
from companion.cli.simulation import simulate_tools
from companion.cli.virtual_radio import as_adapter
from companion.coaching.routine import Routine
from companion.texts import text
from simulators.bleak_backend import Adapter as VirtualAdapter
from simulators.capture import capture
from simulators.radio import Air, connect_host
from simulators.simulated_tool import SimulatedTool


def simulated(arguments: Namespace, performed: Routine) -> SimulatedTool:
    """Return the one tool of a demonstration.

    Args:
        arguments: those of ``demo``.
        performed: what the hand does.

    Raises:
        FileRefused: the scenario cannot be used.
        UsageRefused: the hand cannot do the routine.
    """
    (simulation,) = simulate_tools(arguments, performed)
    return simulation


@asynccontextmanager
async def on_air(arguments: Namespace, simulation: SimulatedTool) -> AsyncIterator[Adapter]:
    """Switch the tool on within reach of a radio of this process; yield that as an adapter.

    Args:
        arguments: those of ``demo``.
        simulation: tool and hand.
    """
    air = Air(seed=arguments.seed)
    computer = connect_host(air.add_controller("computer"))
    with ExitStack() as stack:
        if arguments.capture:
            stack.enter_context(capture(computer, Path(arguments.capture)))
        async with VirtualAdapter(computer) as virtual, simulation.on_air(air):
            yield as_adapter(virtual, text("cli.radio.virtual"))
