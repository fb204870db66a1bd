"""A session with the simulated hand and tool, without any radio: what was told, what was true."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from companion.cli.plans import plan_of
from companion.coaching.events import Event, SessionFinished, Summary
from companion.coaching.hints.dose import Bounds
from companion.coaching.routine import Routine
from companion.coaching.session import Session
from companion.sensing.engine import Engine
from companion.sensing.tool import Tool
from companion.settings.care import load_care
from companion.settings.routines import load_routine
from protocols.massage_tool import Decoder, Result, Start, Started, Tare, decode_answer
from protocols.telemetry import Telemetry
from simulators.firmware import Firmware
from simulators.performance import Performance
from simulators.scenario import load_scenario
from simulators.tool_data import load_tool
from simulators.truth import Truth

_MTU = 247
_FRAME_US = 50_000
_TARE_AT_US = 1_000_000
_SILENT_FRAMES = 6


def all_arrive(_number: int) -> bool:
    return True


@dataclass(frozen=True)
class Performed:
    """What a session told, and the truth about the hand."""

    session: Session
    truth: Truth
    events: list[Event] = field(repr=False)

    @property
    def summary(self) -> Summary:
        (finished,) = [event for event in self.events if isinstance(event, SessionFinished)]
        return finished.summary


class _Link:
    """Carries frames to a session: at once, late, or never."""

    def __init__(
        self, session: Session, arrives: Callable[[int], bool], resent_after: int | None
    ) -> None:
        self._session = session
        self._arrives = arrives
        self._resent_after = resent_after
        self._number = self._arrived = 0
        self._late: deque[tuple[int, Telemetry]] = deque()

    def carry(self, telemetry: Telemetry, now_s: float) -> list[Event]:
        self._number += 1
        events: list[Event] = []
        if self._arrives(self._number):
            self._arrived = self._number
            events = self._session.receive(telemetry)
            self._session.catch_up()
        elif self._resent_after is not None:
            due = self._number + self._resent_after
            self._late.append((due, replace(telemetry, resent=True)))
        if self._number - self._arrived == _SILENT_FRAMES:
            events = self._session.silence(now_s)
        if self._late and self._late[0][0] <= self._number == self._arrived:
            self._send_again()
        return events

    def _send_again(self) -> None:
        while self._late:
            assert self._session.receive(self._late.popleft()[1]) == []
        self._session.refilled()


def performed(
    routine: str | Routine,
    scenario: str,
    seed: int,
    *,
    tool: str = "small-roller",
    bounds: Bounds | None = None,
    arrives: Callable[[int], bool] = all_arrive,
    resent_after: int | None = None,
    only: str | None = None,
    after_s: float = 5.0,
    names_technique: bool = False,
) -> Performed:
    """Let a hand perform a routine, and a session follow it to its end.

    Args:
        routine: which, or the name of a shipped one.
        scenario: in what manner.
        seed: draws the person's variation.
        tool: with which tool.
        bounds: what holds for the person.
        arrives: whether a frame arrives, by its number from the start on.
        resent_after: how many frames later one that did not is sent again; None for never.
        only: one step of the routine; None for all.
        after_s: for how long the session may go on once the hand has done its work.
        names_technique: whether the engine says what the hand does, as it does for a person.
    """
    data = load_tool(tool)
    felt = Tool.from_feature(data.feature, data.channels)
    engine = Engine(felt, names_technique=names_technique)
    whole = load_routine(routine) if isinstance(routine, str) else routine
    session = Session(
        replace(whole, steps=tuple(step for step in whole.steps if only in {None, step.id})),
        engine,
        load_care(),
        bounds,
        oiled=True,
        resends=resent_after is not None,
    )
    hand = Performance(plan_of(session.routine), data, load_scenario(scenario), seed)
    firmware = Firmware(data, hand, channels=data.channels)
    firmware.connected(0)
    started = _answered(firmware, bytes(Start(100, 5)), 0)
    assert isinstance(started, Started)
    decoder = Decoder(data.feature)
    decoder.begin_run(started.timestamp_us, started.first_sample)
    events: list[Event] = []
    link = _Link(session, arrives, resent_after)
    now_us = 0
    while not session.finished and now_us < (hand.finished_us or now_us) + after_s * 1e6:
        now_us += _FRAME_US
        outgoing = firmware.advance(now_us)
        for frame in outgoing.frames:
            events += link.carry(decoder.receive_data(frame), now_us / 1e6)
        if outgoing.answers:
            events += [*session.tared(now_us / 1e6), *session.start(now_us / 1e6)]
        if now_us == _TARE_AT_US:
            firmware.request(bytes(Tare()), now_us, mtu=_MTU, telemetry_on=True)
    events += session.interrupt(now_us / 1e6)
    return Performed(session, hand.truth, events)


def _answered(firmware: Firmware, request: bytes, now_us: int) -> object:
    answer = decode_answer(firmware.request(request, now_us, mtu=_MTU, telemetry_on=True) or b"")
    assert answer.result is Result.SUCCESS
    return answer.values
