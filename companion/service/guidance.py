"""One tool and one session joined: what the link tells becomes events, events become requests."""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from typing import Any

from companion.ble.adapter import Adapter
from companion.ble.devices.joined import JoinedLink
from companion.ble.errors import LinkError, LinkFault
from companion.ble.link import Link
from companion.ble.scanner import Found
from companion.ble.tool import Identity
from companion.coaching.care import CareTable
from companion.coaching.events import (
    AlertCleared,
    AlertRaised,
    BatteryRead,
    Event,
    LimitArmed,
    SessionFinished,
    StepStarted,
    ToolBuzzed,
)
from companion.coaching.fitting import without_zones
from companion.coaching.routine import Routine, Zone
from companion.coaching.stroke_log import StrokeNews
from companion.coaching.view import View
from companion.coaching.waiting import waiting_view
from companion.live import LinkState, LinkView
from companion.sensing.calibrated import CalibrationUsed
from companion.sensing.trace import Trace
from companion.service.correction import Correction
from companion.service.haptics import Buzzer
from companion.service.link_figures import LinkFigures
from companion.service.options import Keeps, ServiceOptions
from companion.service.outlets import RunnerOutlets
from companion.service.refilling import Refilled, Refiller
from companion.service.session_runner import LiveSession, SessionRunner
from companion.service.taring import Tarer
from companion.service.tool_limit import Armed, LimitArmer
from protocols.massage_tool import Channel, Started, ToolFeature, ToolKind
from protocols.telemetry import Telemetry

_NOWHERE: frozenset[Zone] = frozenset()


class Guidance:
    """Listens to the link, drives the session, and is what a screen looks at.

    Args:
        adapter: the radio.
        routine: what to guide.
        care: the pressure limits by zone and technique.
        options: how.
        publish: called with every event, in order.

    Attributes:
        runner: the session and its telemetry.
        tool_link: the connection to the tool.
        tarer: tares the tool when asked.
        buzzer: lets the tool buzz.
        failure: why nothing more can be done; None while something can.
        failed: set with `failure`.
        searching: set once the tool is looked for.
        is_muted: whether sound is off.
        keeps: who keeps what the tool sends.
    """

    def __init__(
        self,
        adapter: Adapter,
        routine: Routine,
        care: CareTable,
        options: ServiceOptions,
        *,
        publish: Callable[[Event], None],
    ) -> None:
        self._routine = routine
        self._care = care
        self._options = options
        self._tell = publish
        self._figures = LinkFigures()
        self._trouble: str | None = None
        self._no_trace = Trace()
        self.is_muted = options.muted
        self.keeps: list[Keeps] = []
        self.failure: LinkError | None = None
        self.failed = asyncio.Event()
        self.searching = asyncio.Event()
        self.tool_link = _link(adapter, self, options)
        self._correction = Correction(options.calibration)
        self.buzzer = Buzzer(self.tool_link, self._tell_buzz)
        self._armer = LimitArmer(self.tool_link, self._tell_armed)
        self.tarer = Tarer(self.tool_link, self)
        self._refiller = Refiller(self.tool_link, self._tell_refilled)
        outlets = RunnerOutlets(
            publish=self._publish,
            now=_now,
            date=lambda: options.started_at or datetime.now(UTC),
            tare=self.tarer.ask,
            keep=self._keep,
            lost=self._refiller.lost,
            came=self._refiller.came,
            stroke=self._keep_stroke,
            correct=self._correction.telemetry,
        )
        self.runner = SessionRunner(routine, self._make_session, outlets)

    def works(self) -> list[Coroutine[Any, Any, None]]:
        """Return what has to run for as long as the session does."""
        return [
            self._keep_link(),
            self.runner.watch_silence(),
            self.buzzer.run(),
            self._armer.run(),
            self.tarer.run(),
            self._refiller.run(),
        ]

    def view(self) -> View:
        """Return the session as it stands."""
        session = self.runner.session
        if session is None:
            return waiting_view(self._routine, self._options.scale_percent)
        return session.view()

    def link(self) -> LinkView:
        """Return the link as it stands."""
        runner = self.runner
        return self._figures.view(_now(), runner.stream, is_silent=runner.is_silent)

    @property
    def calibration(self) -> CalibrationUsed | None:
        """What is kept of the tool and used; None where nothing is."""
        return self._correction.used

    @property
    def trace(self) -> Trace:
        """The ring of pressure samples."""
        session = self.runner.session
        return self._no_trace if session is None else session.engine.trace

    @property
    def muted(self) -> bool:
        """Whether sound is off."""
        return self.is_muted

    def on_link_state(self, state: LinkState) -> None:
        """The connection moved on."""
        self._figures.state = state
        self.searching.set()

    def on_found(self, found: Found) -> None:
        """The tool was heard."""
        self._figures.found = found

    def on_tool(
        self, name: str, feature: ToolFeature, identity: Identity, channels: tuple[Channel, ...]
    ) -> None:
        """The first connection told what the tool is."""
        found = self._figures.found
        address = "" if found is None else found.address
        reported_ppm = self.tool_link.reported_ppm
        for key, values in self._correction.know(address, feature, reported_ppm):
            self.runner.notice(key, tool=name, **values)
        routine = self._for_tool(name, feature)
        if routine is None:
            return
        self._armer.know(feature)
        if self._options.haptic:
            self.buzzer.know(feature)
        for keeps in self.keeps:
            keeps.on_tool(address, name, feature, identity, channels)
        self.runner.know_tool(name, feature, identity, channels, routine=routine)
        if self.runner.stream is not None:
            self._refiller.know(feature, self.runner.stream)

    def on_run(self, started: Started) -> None:
        """A run begins or resumes."""
        self.runner.begin_run(started)

    def on_telemetry(self, value: bytes | Telemetry) -> None:
        """A Telemetry notification came."""
        self.runner.receive(value)

    def on_tool_event(self, value: bytes) -> None:
        """A Tool Event indication came."""
        self.runner.hear(value)

    def on_battery(self, percent: int) -> None:
        """The battery level was read or notified."""
        if percent != self._figures.battery_percent:
            self._figures.battery_percent = percent
            self._publish(BatteryRead(device_s=self.runner.device_s, percent=percent))

    def on_link_up(self, rate_hz: int) -> None:
        """Everything is prepared."""
        self._trouble = None
        self._figures.rate_hz = float(rate_hz)
        self.runner.link_up(rate_hz)
        self._arm()

    def on_link_lost(self) -> None:
        """The connection ended without our asking."""
        self.runner.link_lost()

    def on_trouble(self, error: LinkError) -> None:
        """An attempt failed; the same trouble is told once."""
        if error.key != self._trouble:
            self._trouble = error.key
            self.runner.notice(error.key, **error.values)

    def on_tared(self) -> None:
        """The tool confirmed a tare: only now its limit means what it says."""
        self.runner.tared()
        self._arm()

    def on_tare_needless(self) -> None:
        """The tool has no force sensor to tare: the routine is guided without pressure."""
        self.runner.start_routine()

    def on_tare_refused(self, attempt: int) -> None:
        """The tool moves or is loaded: say once what to do."""
        if attempt == 1:
            self.runner.notice("link.tare.hold_still")

    def on_tare_failed(self, error: LinkError) -> None:
        """A tare was given up; without a person at a screen a first one ends the session."""
        self.runner.tare_failed(error)
        if not self.runner.has_begun and not self._options.stay_open:
            self._fail(error)

    def _make_session(
        self, routine: Routine, feature: ToolFeature, channels: tuple[Channel, ...]
    ) -> LiveSession:
        # The engine's libraries take longer to load than all else: a screen is drawn before.
        from companion.service.session_factory import session_factory  # noqa: PLC0415 -- as above

        make = session_factory(self._care, self._options, self._correction.tool)
        return make(routine, feature, channels)

    def _keep(self, telemetry: Telemetry) -> None:
        for keeps in self.keeps:
            keeps.on_telemetry(telemetry)

    def _keep_stroke(self, news: StrokeNews) -> None:
        for keeps in self.keeps:
            keeps.on_stroke(news)

    def _for_tool(self, name: str, feature: ToolFeature) -> Routine | None:
        """Return what may be done with this tool; None where nothing may."""
        routine = self._routine
        is_stone = feature.tool_kind is ToolKind.GUA_SHA
        no_edge = self._options.bounds.edge_off if is_stone else _NOWHERE
        area_m2 = self._correction.area_m2 or feature.contact_area_m2
        too_narrow = self._care.too_narrow_for(area_m2)
        for off, notice, fault in (
            (no_edge, "link.tool.edge_off", LinkFault.EDGE_REFUSED),
            (too_narrow, "link.tool.too_wide", LinkFault.TOO_WIDE),
        ):
            kept, gone = without_zones(routine, off)
            for step in gone:
                self.runner.notice(notice, step=step.id)
            if kept is None:
                self._fail(LinkError(fault, tool=name))
                return None
            routine = kept
        return routine

    async def _keep_link(self) -> None:
        try:
            await self.tool_link.run()
        except LinkError as error:
            self._fail(error)

    @property
    def stays_after_failure(self) -> bool:
        """Whether a failure leaves something to look at: a session on a screen that stays."""
        return self._options.stay_open and self.runner.has_begun

    def _fail(self, error: LinkError) -> None:
        """Give up; the error ends `Service.run` and is told there unless a screen stays open."""
        if self.stays_after_failure:
            self.runner.notice(error.key, **error.values)
        self.failure = error
        self.failed.set()

    def _publish(self, event: Event) -> None:
        self._tell(event)
        match event:
            case StepStarted():
                self._arm()
            case AlertRaised():
                self.buzzer.raised(event)
            case AlertCleared():
                self.buzzer.cleared(event)
            case SessionFinished():
                self._armer.want(None)
            case _:
                pass

    def _arm(self) -> None:
        session = self.runner.session
        limits_n = None if session is None else session.limits_n()
        self._armer.want(self._correction.as_sent(limits_n))

    def _tell_refilled(self, what: Refilled) -> None:
        self.runner.refilled(what)

    def _tell_buzz(self, done: bool, reason: str) -> None:  # noqa: FBT001 # a callback's result
        self._publish(ToolBuzzed(device_s=self.runner.device_s, done=done, reason=reason))

    def _tell_armed(self, armed: Armed) -> None:
        self._publish(
            LimitArmed(
                device_s=self.runner.device_s,
                armed=armed.done,
                caution_n=armed.caution_n,
                stop_n=armed.stop_n,
                reason=armed.reason,
            )
        )


def _link(adapter: Adapter, guidance: Guidance, options: ServiceOptions) -> Link | JoinedLink:
    """Return the link to the tool, or the two links to the devices it is made of."""
    if options.motion is None:
        return Link(adapter, guidance, options.link())
    return JoinedLink(adapter, guidance, options.link(), options.motion)


def _now() -> float:
    return asyncio.get_running_loop().time()
