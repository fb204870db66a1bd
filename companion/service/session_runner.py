"""From notification to event: decoder, session and hub in one synchronous line, no await."""

import asyncio
import logging
from collections.abc import Callable, Iterable
from typing import Final, Protocol

from companion.ble.errors import LinkError
from companion.ble.stream import Run, Stream
from companion.ble.tool import Identity
from companion.coaching.events import (
    Command,
    Event,
    LinkLost,
    LinkUp,
    Notice,
    SamplesLost,
    SamplesResent,
    SessionFinished,
    SessionOutcome,
    SessionStarted,
    Summary,
    TelemetryRejected,
    ToolSaid,
    ToolTared,
)
from companion.coaching.routine import Routine
from companion.coaching.stroke_log import StrokeNews
from companion.coaching.view import View
from companion.sensing.trace import Trace
from companion.service.outlets import RunnerOutlets
from companion.service.refilling import Refilled
from companion.service.tool_words import is_switching_off, words_of, zero_news
from companion.texts import text
from protocols.errors import DecodeError
from protocols.massage_tool import (
    PROFILE_VERSION,
    Channel,
    LimitEvent,
    LimitLevel,
    Started,
    ToolEvent,
    ToolFeature,
    ToolKind,
    decode_event,
)
from protocols.telemetry import Telemetry

log = logging.getLogger(__name__)

SILENCE_S: Final = 0.3
"""No sample for this long, on the loop's clock, is silence (architecture, the silence watch)."""

REJECTED_EVERY_S: Final = 1.0
"""Rejected notifications are told at most this often; the count loses none."""


class HasTrace(Protocol):
    """The part of the engine that a screen reads."""

    @property
    def trace(self) -> Trace:
        """The ring of pressure samples."""


class LiveSession(Protocol):
    """A session as the service drives it: pure and synchronous; times are session seconds."""

    @property
    def engine(self) -> HasTrace:
        """Its sensing engine."""

    @property
    def finished(self) -> bool:
        """Whether it is over."""

    def start(self, device_s: float) -> list[Event]:
        """Begin the first step."""

    def receive(self, telemetry: Telemetry) -> list[Event]:
        """Take in samples; those that were sent again change nothing that was said."""

    def tared(self, device_s: float) -> list[Event]:
        """The tool confirmed a tare."""

    def tool_restarted(self, device_s: float) -> list[Event]:
        """The tool lost its tare."""

    def zero_drifted(self, device_s: float, *, drifted: bool) -> list[Event]:
        """The tool says that its zero has drifted, or is right again."""

    def silence(self, device_s: float) -> list[Event]:
        """No samples come."""

    def command(self, command: Command, device_s: float) -> list[Event]:
        """Do what the person asks."""

    def interrupt(self, device_s: float) -> list[Event]:
        """End for a reason that is not the person's."""

    def view(self) -> View:
        """Return a snapshot."""

    def lower(self, share: float) -> None:
        """Lower the limits from the next step on, to a share of the routine's."""

    def refilled(self) -> None:
        """No sample is missing any more that could still come."""

    def catch_up(self) -> None:
        """Go on looking again at what came late, now that the events are told."""

    def take_strokes(self) -> list[StrokeNews]:
        """Return the strokes that were made since this was last asked, and those withdrawn."""

    def limits_n(self) -> tuple[float, float] | None:
        """Caution and stop of the present step in newtons."""


class SessionRunner:
    """Feeds one session from one tool's link and publishes what comes of it.

    Args:
        routine: what is guided; `know_tool` may take it with steps left out.
        make_session: makes the session once the tool said what it is.
        outlets: what to call.

    Attributes:
        session: the session; None before the tool said what it is.
        stream: the tool's telemetry; None before that.
        tool: the tool's name, empty before that.
        is_silent: whether samples should come and do not.
        has_begun: whether the routine has been started.
        summary: what was done; None before the session's end, and without one.
    """

    def __init__(
        self,
        routine: Routine,
        make_session: Callable[[Routine, ToolFeature, tuple[Channel, ...]], LiveSession],
        outlets: RunnerOutlets,
    ) -> None:
        self.session: LiveSession | None = None
        self.stream: Stream | None = None
        self.tool = ""
        self.is_silent = False
        self.has_begun = False
        self.summary: Summary | None = None
        self._routine = routine
        self._make_session = make_session
        self._publish = outlets.publish
        self._now = outlets.now
        self._date = outlets.date
        self._ask_tare = outlets.tare
        self._keep = outlets.keep
        self._tell_lost = outlets.lost
        self._tell_came = outlets.came
        self._tell_stroke = outlets.stroke
        self._correct = outlets.correct
        self._run: Run | None = None
        self._sample_at: float | None = None
        self._rejected_told_at: float | None = None
        self._says_goodbye = False
        self._limit_level = int(LimitLevel.CLEARED)

    @property
    def device_s(self) -> float:
        """The session's clock now."""
        return 0.0 if self.stream is None else self.stream.device_s(self._now())

    def know_tool(
        self,
        name: str,
        feature: ToolFeature,
        identity: Identity,
        channels: tuple[Channel, ...] = (),
        *,
        routine: Routine | None = None,
    ) -> None:
        """The tool said what it is: the session can be made.

        Args:
            name: the tool's.
            feature: what it is.
            identity: whose it is.
            channels: its force channels.
            routine: what is guided with this tool; None for all of the routine.
        """
        log.info("%s: %s, %s", name, identity, feature)
        self.tool = name
        self.stream = Stream(feature)
        self._routine = routine or self._routine
        self.session = self._make_session(self._routine, feature, channels)
        if not isinstance(feature.tool_kind, ToolKind):
            self.notice("link.tool.unknown_kind", tool=name, kind=int(feature.tool_kind))
        if feature.profile_version > PROFILE_VERSION:
            self.notice("link.tool.newer_profile", tool=name, version=feature.profile_version)

    def begin_run(self, started: Started) -> None:
        """A run begins or resumes; a new one after the first means a lost tare."""
        if self.stream is None or self.session is None:
            return
        is_first = self._run is None
        self._run = self.stream.begin(started, self._now())
        if not is_first and not self._run.resumed:
            self.emit(self.session.tool_restarted(self._run.device_s))
            self._tell_lost()

    def receive(self, value: bytes | Telemetry) -> None:
        """A notification came: everything up to the published warning happens here."""
        if self.stream is None or self.session is None:
            return
        arrived_at = self._now()
        try:
            telemetry, missing = self.stream.receive(value, arrived_at)
        except DecodeError as error:
            self._reject(error, arrived_at)
            return
        telemetry = self._correct(telemetry)
        if telemetry.resent:
            self._take_again(telemetry)
            return
        self._sample_at = arrived_at
        self.is_silent = False
        if missing:
            self._publish(SamplesLost(device_s=telemetry.device_us / 1e6, count=missing))
            self._tell_lost()
        self.emit(self.session.receive(telemetry))
        self._keep(telemetry)
        self.session.catch_up()

    def refilled(self, what: Refilled) -> None:
        """Samples that were missing came when they were asked for, or are gone for good."""
        self._publish(SamplesResent(device_s=self.device_s, count=what.came, gone=what.gone))
        if self.session is not None:
            self.session.refilled()

    def link_up(self, rate_hz: int) -> None:
        """The link stands; a run that did not resume needs a tare."""
        run = self._run
        if run is None:
            return
        self._publish(
            LinkUp(
                device_s=run.device_s,
                tool=self.tool,
                rate_hz=float(rate_hz),
                resumed=run.resumed,
                gap_s=run.gap_s,
            )
        )
        if not run.resumed:
            self._ask_tare()

    def link_lost(self) -> None:
        """The link is gone: that is silence at once."""
        reason = "switched_off" if self._says_goodbye else "vanished"
        self._says_goodbye = False
        if self.stream is not None:
            self.stream.pause()
        self._publish(
            LinkLost(device_s=self.device_s, tool=self.tool, reason=text(f"link.lost.{reason}"))
        )
        self.fall_silent()

    def fall_silent(self) -> None:
        """No samples come: the level is unknown."""
        if self.session is not None and self._sample_at is not None and not self.is_silent:
            self.is_silent = True
            self.emit(self.session.silence(self.device_s))

    async def watch_silence(self) -> None:
        """Notice on the loop's clock that samples stopped coming, until cancelled."""
        while True:
            since = self._now() if self._sample_at is None or self.is_silent else self._sample_at
            wait_s = since + SILENCE_S - self._now()
            if wait_s <= 0:
                self.fall_silent()
            await asyncio.sleep(max(wait_s, SILENCE_S / 10))

    def tared(self) -> None:
        """The tool confirmed a tare; the first one starts the routine."""
        if self.session is None:
            return
        self._publish(ToolTared(device_s=self.device_s, done=True, reason=""))
        self.emit(self.session.tared(self.device_s))
        self.start_routine()

    def start_routine(self) -> None:
        """Begin the routine if it has not begun."""
        if self.session is None or self.has_begun or self.summary is not None:
            return
        self.has_begun = True
        device_s = self.device_s
        self._publish(
            SessionStarted(
                device_s=device_s,
                routine=self._routine.name,
                title=self._routine.title,
                tool=self.tool,
                started_at=self._date().isoformat(timespec="seconds"),
                steps=len(self._routine.steps),
                slip_note=self._routine.slip_note,
                slot=self._routine.slot,
                scale_percent=self.session.view().scale_percent,
            )
        )
        self.emit(self.session.start(device_s))

    def tare_failed(self, error: LinkError) -> None:
        """A tare was given up; the old zero stays."""
        self._publish(ToolTared(device_s=self.device_s, done=False, reason=str(error)))

    def hear(self, value: bytes) -> None:
        """A Tool Event came; one that breaks the protocol is only logged."""
        try:
            event = decode_event(value)
        except DecodeError as error:
            log.info("a tool event was refused: %s", error)
            return
        self._says_goodbye = self._says_goodbye or is_switching_off(event)
        said = words_of(event)
        if said is not None and not self._is_old_news(event):
            self._publish(ToolSaid(device_s=self.device_s, kind=said.kind, detail=said.detail))
        drifted = zero_news(event)
        if drifted is not None and self.session is not None:
            self.emit(self.session.zero_drifted(self.device_s, drifted=drifted))

    def command(self, command: Command) -> None:
        """Hand a command to the session, if one has begun and is not over."""
        if self.session is not None and self.has_begun and not self.session.finished:
            self.emit(self.session.command(command, self.device_s))

    def end_unbegun(self, summary: Summary) -> None:
        """End before the routine was started, where that is to be told and kept all the same."""
        if self.summary is None:
            outcome = SessionOutcome(summary.outcome)
            told = SessionFinished(device_s=self.device_s, outcome=outcome, summary=summary)
            self.emit([told])

    def interrupt(self) -> None:
        """End the session for a reason not the person's, if one has begun and is not over."""
        if self.session is not None and self.has_begun and not self.session.finished:
            self.emit(self.session.interrupt(self.device_s))

    def notice(self, key: str, /, **values: object) -> None:
        """Publish a sentence of the catalogue."""
        self._publish(Notice(device_s=self.device_s, key=key, values=values))

    def emit(self, events: Iterable[Event]) -> None:
        """Publish what the session said."""
        for event in events:
            if isinstance(event, SessionFinished):
                self.summary = event.summary
            self._publish(event)
        for news in [] if self.session is None else self.session.take_strokes():
            self._tell_stroke(news)

    def _is_old_news(self, event: ToolEvent) -> bool:
        """Whether the tool repeats its limit's state, as it does when events are switched on."""
        if not isinstance(event, LimitEvent):
            return False
        known, self._limit_level = self._limit_level, int(event.level)
        return known == self._limit_level

    def _take_again(self, telemetry: Telemetry) -> None:
        """Take samples that came late: they say nothing of the present moment."""
        if self.session is not None:
            self.emit(self.session.receive(telemetry))
        self._keep(telemetry)
        self._tell_came()

    def _reject(self, error: DecodeError, now: float) -> None:
        told_at = self._rejected_told_at
        if self.stream is None or (told_at is not None and now - told_at < REJECTED_EVERY_S):
            return
        self._rejected_told_at = now
        self._publish(
            TelemetryRejected(
                device_s=self.device_s,
                count=self.stream.rejected,
                offset=error.offset,
                reason=error.reason,
            )
        )
