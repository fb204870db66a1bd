"""The link's supervisor: find, connect, pair, prepare, stream; and again after a loss."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Final, Protocol

from bleak.exc import BleakError

from companion.ble.adapter import Adapter
from companion.ble.admission import Admission
from companion.ble.backoff import Backoff
from companion.ble.bounded import bounded
from companion.ble.devices.client import client_for
from companion.ble.errors import LinkError, LinkFault, OutOfReach, Stage, classify
from companion.ble.ownership import owned
from companion.ble.scanner import Found, called, find_among
from companion.ble.security import require_bond, require_security
from companion.ble.tool import Identity, Refused, ToolClient, battery_percent
from companion.live import LinkState
from protocols.massage_tool import (
    Answer,
    AnswerValues,
    Channel,
    Features,
    Haptic,
    Pattern,
    Request,
    Result,
    SetLimit,
    Start,
    Started,
    Stop,
    ToolFeature,
)
from protocols.massage_tool.requests import LOWEST_RATE_HZ
from protocols.other_tools.description import OtherTool
from protocols.telemetry import Telemetry

log = logging.getLogger(__name__)

CONNECT_S: Final = 20.0
"""Longest wait for connecting, discovery and pairing together."""

DISCONNECT_S: Final = 5.0
"""Longest wait for a disconnection; BlueZ lingers 2 s."""

FRESH_S: Final = 5.0
"""A tool heard longer ago is listened for again before it is connected: others had the adapter
meanwhile, and after its first 30 s a tool advertises once a second (profile, Advertising)."""

GOODBYE_S: Final = 2.0
"""Longest wait for each request of a clean end."""

FIRST_ATTEMPTS: Final = 5
"""Failed attempts in a row after which a link that never stood is given up."""

BONDED_ATTEMPTS: Final = 2
"""The same for a bonded tool that is heard and does not answer: with some stacks that is how a
bond looks that the tool has forgotten, and each attempt takes 20 s."""

FINAL_ATTEMPTS: Final = 3
"""Failures in a row that no waiting cures, after which a link that once stood is given up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkOptions:
    """How to look for the tool.

    Attributes:
        wanted: address or name of the tool; None takes the strongest signal.
        rate_hz: samples per second to ask for.
        scan_timeout_s: how long one search lasts.
        max_search_s: how long to go on without a link; None for ever.
        seed: for the jitter of the delays; None takes chance.
        admission: the tools that may be used, by the bonds there are; None takes any, and
            pairs with it while connecting.
        kind: another tool to look for, in place of one that speaks the profile.
        reads_gains: whether to ask the tool for its force channels' gains.
    """

    wanted: str | None = None
    rate_hz: int = 100
    scan_timeout_s: float = 10.0
    max_search_s: float | None = None
    seed: int | None = None
    admission: Admission | None = None
    kind: OtherTool | None = None
    reads_gains: bool = False


class Listener(Protocol):
    """What the link tells; every call is synchronous and must not raise."""

    def on_link_state(self, state: LinkState) -> None:
        """The connection moved on."""

    def on_found(self, found: Found) -> None:
        """The tool was heard."""

    def on_tool(
        self, name: str, feature: ToolFeature, identity: Identity, channels: tuple[Channel, ...]
    ) -> None:
        """The first connection told what the tool is; comes once, before any sample.

        Args:
            name: what to call it.
            feature: its Tool Feature.
            identity: its Device Information.
            channels: area and mass of each force channel; empty for a tool of one.
        """

    def on_run(self, started: Started) -> None:
        """A run begins or resumes with the samples that follow."""

    def on_telemetry(self, value: bytes | Telemetry) -> None:
        """A Telemetry notification came; of another tool what was made of it."""

    def on_tool_event(self, value: bytes) -> None:
        """A Tool Event indication came."""

    def on_battery(self, percent: int) -> None:
        """The battery level was read or notified."""

    def on_link_up(self, rate_hz: int) -> None:
        """Everything is prepared, the control point can be asked."""

    def on_link_lost(self) -> None:
        """The connection ended without our asking."""

    def on_trouble(self, error: LinkError) -> None:
        """An attempt failed; another follows."""


class Link:
    """Keeps one tool connected and streaming until it is cancelled.

    Args:
        adapter: the radio.
        listener: who is told.
        options: how to look.

    Attributes:
        reported_ppm: the gains the tool reported before `on_tool`, as `read_gains` has them;
            empty where they were not asked for.
    """

    def __init__(self, adapter: Adapter, listener: Listener, options: LinkOptions) -> None:
        self._adapter = adapter
        self._listener = listener
        self._options = options
        self._wanted = options.wanted
        self._backoff = Backoff(options.seed)
        self._feature: ToolFeature | None = None
        self._was_live = False
        self._is_ending = False
        self._live: ToolClient | None = None
        self._went_live = asyncio.Event()
        self._down_since = 0.0
        self._owned = ExitStack()
        self._owns: str | None = None
        self.reported_ppm: tuple[int | None, ...] = ()

    async def run(self) -> None:
        """Connect and stay connected; ends only by an error or by being cancelled.

        Raises:
            LinkError: nothing more can be done without a person.
        """
        loop = asyncio.get_running_loop()
        self._adapter = await self._adapter.opened()
        self._down_since = loop.time()
        try:
            while True:
                self._tell_state(LinkState.LOST if self._was_live else LinkState.SEARCHING)
                try:
                    await self._stay_connected()
                except LinkError as error:
                    self._judge(error, loop.time())
                await asyncio.sleep(self._backoff.next_s())
        finally:
            self._owned.close()
            self._tell_state(LinkState.CLOSED)

    async def until_up(self) -> None:
        """Wait until the control point can be asked."""
        await self._went_live.wait()

    async def request(self, request: Request) -> AnswerValues | None:
        """Ask the tool's control point.

        Raises:
            Refused: the tool's result was not success.
            LinkError: there is no link, or it failed on the way.
        """
        if self._live is None:
            raise LinkError(LinkFault.DROPPED, tool=self._wanted or "")
        return await self._live.request(request)

    async def farewell(self) -> None:
        """End the run and switch limit and motor off, as far as the tool still answers."""
        self._is_ending = True
        tool, feature = self._live, self._feature
        if tool is None or feature is None:
            return
        for request in _goodbye(feature.features):
            try:
                async with asyncio.timeout(GOODBYE_S):
                    await tool.request(request)
            except Refused as error:
                log.info("the tool refused at the end: %s", error.detail)
            except (LinkError, TimeoutError):
                return

    async def _stay_connected(self) -> None:
        found = await self._take_turn()
        with ExitStack() as turn:
            turn.callback(self._adapter.turn.release)
            self._listener.on_found(found)
            if self._options.admission is not None:
                self._own(found, self._options.admission)
                await require_bond(self._adapter.platform, found.address, found.label)
            self._tell_state(LinkState.CONNECTING)
            gone = asyncio.Event()
            async with self._connection(found, gone) as tool:
                turn.close()
                self._tell_state(LinkState.PREPARING)
                rate_hz = await self._prepare(tool)
                self._wanted = tool.address
                self._go_live(tool, rate_hz)
                await gone.wait()

    async def _take_turn(self) -> Found:
        """Hear the tool, and have the adapter to ourselves; the turn is held on return."""
        turn = self._adapter.turn
        while True:
            found = await self._find()
            await turn.acquire()
            if asyncio.get_running_loop().time() - found.seen_at <= FRESH_S:
                return found
            turn.release()

    async def _find(self) -> Found:
        wanted, admission = self._wanted, self._options.admission
        fits = called(wanted)
        found, heard = await find_among(
            self._adapter,
            fits if admission is None else lambda one: admission.admits(one) and fits(one),
            self._options.scan_timeout_s,
            settle=self._feature is None,
            is_one=wanted is not None,
            kind=self._options.kind,
        )
        if found is None:
            refusal = None if admission is None else admission.refusal(heard)
            raise refusal or OutOfReach(LinkFault.NOT_FOUND, tool=wanted or "")
        return found if admission is None else admission.named(found)

    def _own(self, found: Found, admission: Admission) -> None:
        """Own the tool until the run ends, once."""
        if admission.locks is not None and self._owns != found.address:
            self._owned.enter_context(owned(admission.locks, found.address, found.label))
            self._owns = found.address

    @asynccontextmanager
    async def _connection(self, found: Found, gone: asyncio.Event) -> AsyncIterator[ToolClient]:
        def on_disconnect() -> None:
            gone.set()
            tool.drop()
            self._lose(tool)

        kind, admission = self._options.kind, self._options.admission
        pairs = admission is None if kind is None else kind.pairs
        client = self._adapter.client(found.device, on_disconnect, timeout_s=CONNECT_S, pair=pairs)
        tool = client_for(client, found.label, kind)
        try:
            try:
                await bounded(client.connect(), CONNECT_S)
            except (BleakError, OSError, EOFError, AssertionError) as error:
                raise classify(error, Stage.CONNECT, found.label) from error
            yield tool
        finally:
            tool.drop()
            self._lose(tool)
            with suppress(BleakError, OSError, EOFError, AssertionError):
                await bounded(client.disconnect(), DISCONNECT_S)

    async def _prepare(self, tool: ToolClient) -> int:
        kind = self._options.kind
        if kind is None or kind.pairs:
            await require_security(self._adapter.platform, tool.address, tool.name)
        feature = await tool.read_feature()
        if self._options.admission is not None:
            self._options.admission.seen(tool.address, feature)
        if self._feature is None:
            identity = await tool.read_identity()
            await tool.open_control_point()
            channels = await tool.read_channels(feature)
            if self._options.reads_gains:
                self.reported_ppm = await tool.read_gains(feature)
            self._feature = feature
            self._listener.on_tool(tool.name, feature, identity, channels)
        elif feature == self._feature:
            await tool.open_control_point()
        else:
            raise LinkError(LinkFault.ANOTHER_TOOL, tool=tool.name)
        self._tell_battery(await tool.read_battery())
        await tool.watch_events(self._listener.on_tool_event)
        await tool.watch_battery(lambda value: self._tell_battery(battery_percent(value)))
        await tool.watch_telemetry(self._listener.on_telemetry)
        return await self._start(tool, feature)

    async def _start(self, tool: ToolClient, feature: ToolFeature) -> int:
        def begin(answer: Answer) -> None:
            if isinstance(answer.values, Started):
                self._listener.on_run(answer.values)

        start = Start(max(LOWEST_RATE_HZ, min(self._options.rate_hz, feature.maximum_rate_hz)), 0)
        try:
            values = await tool.request(start, begin)
        except Refused as refused:
            if refused.result == Result.OPERATION_FAILED:
                fault = LinkFault.MTU_TOO_SMALL
                raise LinkError(fault, tool=tool.name, detail=refused.detail) from refused
            raise
        return values.rate_hz if isinstance(values, Started) else self._options.rate_hz

    def _go_live(self, tool: ToolClient, rate_hz: int) -> None:
        self._live = tool
        self._was_live = True
        self._backoff.reset()
        self._tell_state(LinkState.LIVE)
        self._went_live.set()
        self._listener.on_link_up(rate_hz)

    def _lose(self, tool: ToolClient) -> None:
        if self._live is not tool:
            return
        self._live = None
        self._went_live.clear()
        self._down_since = asyncio.get_running_loop().time()
        if not self._is_ending:
            self._tell_state(LinkState.LOST)
            self._listener.on_link_lost()

    def _judge(self, error: LinkError, now: float) -> None:
        """Raise the error if going on is no use, else report it."""
        log.info("no link: %s (%s)", error.fault, error.detail)
        failures = self._backoff.failures + 1
        patience = self._options.max_search_s
        if patience is not None and now - self._down_since >= patience:
            raise error
        may_return = self._was_live and error.fault.is_of_radio and self._adapter.returns
        is_hopeless = error.fault.is_final and not may_return
        if is_hopeless and (not self._was_live or failures >= FINAL_ATTEMPTS):
            raise error
        if not self._was_live and not error.fault.is_unheard and failures >= self._most(error):
            raise error
        self._listener.on_trouble(error)

    def _most(self, error: LinkError) -> int:
        """How many failures in a row a link that never stood may have."""
        is_bonded = self._options.admission is not None
        is_mute = is_bonded and error.fault is LinkFault.NO_ANSWER
        return BONDED_ATTEMPTS if is_mute else FIRST_ATTEMPTS

    def _tell_state(self, state: LinkState) -> None:
        is_on_the_way = state in {LinkState.CONNECTING, LinkState.PREPARING}
        if not (self._was_live and is_on_the_way):
            self._listener.on_link_state(state)

    def _tell_battery(self, percent: int | None) -> None:
        if percent is not None:
            self._listener.on_battery(percent)


def _goodbye(features: Features) -> tuple[Request, ...]:
    """The requests of a clean end, for a tool with these parts."""
    motor: tuple[Request, ...] = (Haptic(Pattern.OFF, 0, 0.0),)
    limit: tuple[Request, ...] = (SetLimit(0.0, 0.0, 0.0),)
    return (
        *(motor if features & Features.HAPTIC_MOTOR else ()),
        *(limit if features & Features.ON_TOOL_LIMIT else ()),
        Stop(),
    )
