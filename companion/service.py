"""The service: one task group that wires radio, session and subscribers together."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from companion.ble.adapter import Adapter
from companion.ble.errors import LinkError
from companion.ble.link import Link, LinkOptions
from companion.ble.scanner import Found
from companion.ble.tool import Identity
from companion.coaching.care import CareTable
from companion.coaching.events import (
    AlertCleared,
    AlertRaised,
    BatteryRead,
    Command,
    Event,
    LimitArmed,
    SessionFinished,
    StepStarted,
    Summary,
    ToolBuzzed,
)
from companion.coaching.routine import Routine
from companion.coaching.view import View
from companion.haptics import Buzzer
from companion.hub import Hub
from companion.link_figures import LinkFigures
from companion.live import LinkState, LinkView, Live
from companion.sensing.trace import Trace
from companion.session_factory import session_factory
from companion.session_runner import RunnerOutlets, SessionRunner
from companion.taring import Tarer
from companion.tool_limit import Armed, LimitArmer
from companion.waiting import waiting_view
from protocols.massage_tool import Started, ToolFeature

log = logging.getLogger(__name__)

Edge = Callable[[], Coroutine[Any, Any, object]]
"""A subscriber's own task, for example a dashboard or a printer of events."""

DRAIN_S: Final = 3.0
"""How long the subscribers' tasks may go on after the end, to read what is queued."""

INTERRUPTED: Final = "interrupted"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceOptions:
    """How a session is run.

    Attributes:
        tool: address or name of the tool; None takes the strongest signal.
        rate_hz: samples per second to ask for.
        stay_open: after the session, with the tool released, wait for `Command.QUIT` (for a
            dashboard).
        haptic: let a warning make the tool buzz.
        muted: begin without sound.
        scan_timeout_s: how long one search for the tool lasts.
        max_search_s: how long to go on without a link; None for ever.
        seed: for the jitter of reconnection; None takes chance.
    """

    tool: str | None = None
    rate_hz: int = 100
    stay_open: bool = False
    haptic: bool = True
    muted: bool = False
    scan_timeout_s: float = 10.0
    max_search_s: float | None = None
    seed: int | None = None

    def link(self) -> LinkOptions:
        """Return the part that the link needs."""
        return LinkOptions(
            wanted=self.tool,
            rate_hz=self.rate_hz,
            scan_timeout_s=self.scan_timeout_s,
            max_search_s=self.max_search_s,
            seed=self.seed,
        )


class Service:
    """Guides one session: construct, subscribe to `hub`, then `run` once.

    Args:
        adapter: the radio.
        routine: what to guide.
        care: the pressure limits by zone and technique.
        options: how.

    Attributes:
        hub: where to subscribe.
    """

    def __init__(
        self,
        adapter: Adapter,
        routine: Routine,
        care: CareTable,
        options: ServiceOptions | None = None,
    ) -> None:
        self._options = options or ServiceOptions()
        self._routine = routine
        self.hub = Hub()
        self._figures = LinkFigures()
        self._muted = self._options.muted
        self._over = asyncio.Event()
        self._left = asyncio.Event()
        self._failure: LinkError | None = None
        self._trouble: str | None = None
        self._no_trace = Trace()
        self._link = Link(adapter, self, self._options.link())
        self._buzzer = Buzzer(self._link, self._tell_buzz)
        self._armer = LimitArmer(self._link, self._tell_armed)
        self._tarer = Tarer(self._link, self)
        outlets = RunnerOutlets(publish=self._publish, now=_now, tare=self._tarer.ask)
        self._runner = SessionRunner(routine, session_factory(routine, care), outlets)

    @property
    def live(self) -> Live:
        """What a screen reads at its own frame rate."""
        return self

    @property
    def rejected(self) -> int:
        """Notifications that broke the protocol."""
        return 0 if self._runner.stream is None else self._runner.stream.rejected

    async def run(self, *edges: Edge) -> Summary:
        """Guide the session to its end.

        Args:
            edges: subscribers' own tasks; they run in the same task group, may end at any
                time, and are given a moment to read their queues at the end.

        Returns:
            What was done; its outcome is "interrupted" if `request_stop` came first, and
            "stopped" if the person stopped or quit.

        Raises:
            LinkError: the tool could not be used, or not any longer.
        """
        async with asyncio.TaskGroup() as group:
            outside = [group.create_task(edge()) for edge in edges]
            inside = [
                group.create_task(work)
                for work in (
                    self._keep_link(),
                    self._runner.watch_silence(),
                    self._buzzer.run(),
                    self._armer.run(),
                    self._tarer.run(),
                )
            ]
            await self._over.wait()
            summary = self._conclude()
            await self._link.farewell()
            await _end(inside)
            await self._left.wait()
            self.hub.close()
            await _drain(outside)
        if self._failure is not None:
            raise self._failure
        return summary

    def command(self, command: Command) -> None:
        """Do what the person asks; to be called on the service's loop."""
        match command:
            case Command.QUIT:
                self._runner.command(command)
                self.request_stop()
            case Command.MUTE:
                self._muted = not self._muted
            case Command.TARE:
                self._tarer.ask()
            case _:
                self._runner.command(command)

    def request_stop(self) -> None:
        """End cleanly (Ctrl-C, SIGTERM): summary, tool stopped, link closed."""
        self._over.set()
        self._left.set()

    def view(self) -> View:
        """Return the session as it stands."""
        session = self._runner.session
        return waiting_view(self._routine) if session is None else session.view()

    def link(self) -> LinkView:
        """Return the link as it stands."""
        runner = self._runner
        return self._figures.view(_now(), runner.stream, is_silent=runner.is_silent)

    @property
    def trace(self) -> Trace:
        """The ring of pressure samples."""
        session = self._runner.session
        return self._no_trace if session is None else session.engine.trace

    @property
    def muted(self) -> bool:
        """Whether sound is off."""
        return self._muted

    def on_link_state(self, state: LinkState) -> None:
        """The connection moved on."""
        self._figures.state = state

    def on_found(self, found: Found) -> None:
        """The tool was heard."""
        self._figures.found = found

    def on_tool(self, name: str, feature: ToolFeature, identity: Identity) -> None:
        """The first connection told what the tool is."""
        self._armer.know(feature)
        if self._options.haptic:
            self._buzzer.know(feature)
        self._runner.know_tool(name, feature, identity)

    def on_run(self, started: Started) -> None:
        """A run begins or resumes."""
        self._runner.begin_run(started)

    def on_telemetry(self, value: bytes) -> None:
        """A Telemetry notification came."""
        self._runner.receive(value)

    def on_tool_event(self, value: bytes) -> None:
        """A Tool Event indication came."""
        self._runner.hear(value)

    def on_battery(self, percent: int) -> None:
        """The battery level was read or notified."""
        if percent != self._figures.battery_percent:
            self._figures.battery_percent = percent
            self._publish(BatteryRead(device_s=self._runner.device_s, percent=percent))

    def on_link_up(self, rate_hz: int) -> None:
        """Everything is prepared."""
        self._trouble = None
        self._figures.rate_hz = float(rate_hz)
        self._runner.link_up(rate_hz)
        self._arm()

    def on_link_lost(self) -> None:
        """The connection ended without our asking."""
        self._runner.link_lost()

    def on_trouble(self, error: LinkError) -> None:
        """An attempt failed; the same trouble is told once."""
        if error.key != self._trouble:
            self._trouble = error.key
            self._runner.notice(error.key, **error.values)

    def on_tared(self) -> None:
        """The tool confirmed a tare: only now its limit means what it says."""
        self._runner.tared()
        self._arm()

    def on_tare_needless(self) -> None:
        """The tool has no force sensor to tare: the routine is guided without pressure."""
        self._runner.start_routine()

    def on_tare_refused(self, attempt: int) -> None:
        """The tool moves or is loaded: say once what to do."""
        if attempt == 1:
            self._runner.notice("link.tare.hold_still")

    def on_tare_failed(self, error: LinkError) -> None:
        """A tare was given up; without a person at a screen a first one ends the session."""
        self._runner.tare_failed(error)
        if not self._runner.has_begun and not self._options.stay_open:
            self._fail(error)

    async def _keep_link(self) -> None:
        try:
            await self._link.run()
        except LinkError as error:
            self._fail(error)

    def _fail(self, error: LinkError) -> None:
        self._runner.notice(error.key, **error.values)
        self._failure = error
        self.request_stop()

    def _publish(self, event: Event) -> None:
        self.hub.publish(event)
        match event:
            case StepStarted():
                self._arm()
            case AlertRaised():
                self._buzzer.raised(event)
            case AlertCleared():
                self._buzzer.cleared(event)
            case SessionFinished():
                self._armer.want(None)
                self._over.set()
                if not self._options.stay_open:
                    self._left.set()
            case _:
                pass

    def _arm(self) -> None:
        session = self._runner.session
        self._armer.want(None if session is None else session.limits_n())

    def _conclude(self) -> Summary:
        """The summary; a session that still runs is interrupted now."""
        self._runner.interrupt()
        if self._runner.summary is None:
            self._runner.emit([_nothing_done(self._routine, self._runner.device_s)])
        return self._runner.summary or _nothing_done(self._routine, 0.0).summary

    def _tell_buzz(self, done: bool, reason: str) -> None:  # noqa: FBT001 # a callback's result
        self._publish(ToolBuzzed(device_s=self._runner.device_s, done=done, reason=reason))

    def _tell_armed(self, armed: Armed) -> None:
        self._publish(
            LimitArmed(
                device_s=self._runner.device_s,
                armed=armed.done,
                caution_n=armed.caution_n,
                stop_n=armed.stop_n,
                reason=armed.reason,
            )
        )


def _now() -> float:
    return asyncio.get_running_loop().time()


def _nothing_done(routine: Routine, device_s: float) -> SessionFinished:
    summary = Summary(
        routine=routine.name,
        outcome=INTERRUPTED,
        duration_s=0.0,
        steps=(),
        alerts=(),
        gaps_s=0.0,
        samples=0,
        advice=(),
    )
    return SessionFinished(device_s=device_s, outcome=INTERRUPTED, summary=summary)


async def _end(tasks: list[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)


async def _drain(tasks: list[asyncio.Task[object]]) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(DRAIN_S):
            await asyncio.gather(*tasks, return_exceptions=True)
    for task in tasks:
        task.cancel()
