"""Where simulated tools are: on an air of this process, on another's, on a real controller."""

from argparse import Namespace
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

from companion.texts import text
from simulators.peripheral import Peripheral
from simulators.peripheral.look import Notice
from simulators.peripheral.peripheral import BONDING_S
from simulators.radio import Air, AirServer, RadioHost, open_air, open_hci
from simulators.simulated_tool import SimulatedTool


class Place:
    """Where tools are switched on.

    Attributes:
        words: the place in words.
        air: the air itself, where it is in this process.
        is_lost: whether a tool's radio has gone away.
        is_strict: whether tools are on battery and accept bonds for 30 s only, as the profile
            has it; else they are found and bonded at any time.

    Args:
        words: the place in words.
        air: the air itself; None where a host is opened for each tool.
        host: opens a host for one tool.
    """

    def __init__(
        self,
        words: str,
        *,
        air: Air | None = None,
        host: Callable[[], AbstractAsyncContextManager[RadioHost]] | None = None,
    ) -> None:
        self.words = words
        self.air = air
        self.is_lost = False
        self.is_strict = False
        self._host = host

    @asynccontextmanager
    async def switched_on(
        self,
        tool: SimulatedTool,
        *,
        keys: Path,
        notice: Notice,
        lost: Callable[[], None],
    ) -> AsyncIterator[Peripheral]:
        """Switch a tool on here.

        Args:
            tool: which.
            keys: file of its bonds.
            notice: told in words what happens.
            lost: called when its radio has gone away.

        Raises:
            AirError: there is no radio.
            CannotStageError: a mishap of its scenario needs the air itself.
        """
        bonding_s = BONDING_S if self.is_strict else None
        if self.air is not None:
            async with tool.on_air(
                self.air,
                keys=keys,
                notice=notice,
                bonding_s=bonding_s,
                external_power=not self.is_strict,
            ) as peripheral:
                yield peripheral
            return
        if self._host is None:
            raise ValueError("a place has an air or a way to a host")
        async with self._host() as host:

            def gone() -> None:
                self.is_lost = True
                lost()

            host.on("flush", gone)
            async with tool.behind(
                host,
                keys=keys,
                notice=notice,
                bonding_s=bonding_s,
                external_power=not self.is_strict,
            ) as peripheral:
                yield peripheral


@asynccontextmanager
async def own_air(port: int) -> AsyncIterator[Place]:
    """Open an air that other processes can join.

    Raises:
        AirError: the port is taken.
    """
    air = Air()
    async with AirServer(air, port=port) as server:
        yield Place(text("cli.simulate.open", address=server.address), air=air)


@asynccontextmanager
async def place_for(arguments: Namespace) -> AsyncIterator[Place]:
    """Open or find the place that the arguments ask for.

    Raises:
        AirError: an air of our own cannot be opened.
    """
    if arguments.join is not None:
        address = str(arguments.join)
        words = text("cli.simulate.joined", address=address)
        yield Place(words, host=lambda: open_air(address))
    elif arguments.hci is not None:
        moniker = arguments.hci
        words = text("cli.simulate.hci", moniker=moniker)
        yield Place(words, host=lambda: open_hci(moniker))
    else:
        async with own_air(arguments.port) as place:
            yield place
