"""What the service asks of the tool: buzz, limit, tare; each against a link that may fail."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field

import pytest

from companion.ble.errors import LinkError, LinkFault
from companion.ble.tool import Refused
from companion.coaching.events import AlertCleared, AlertRaised
from companion.coaching.routine import Side, Zone
from companion.sensing.types import Level
from companion.service.haptics import Buzzer
from companion.service.taring import ATTEMPTS, Tarer
from companion.service.tool_limit import Armed, LimitArmer
from protocols.massage_tool import (
    AnswerValues,
    Features,
    Haptic,
    Op,
    Pattern,
    Request,
    Result,
    SetLimit,
    Tare,
    ToolFeature,
    ToolKind,
)
from simulators.virtual_time import run_virtual

DROPPED = LinkError(LinkFault.DROPPED, tool="the tool")


@dataclass
class FakeLink:
    """A link that answers as scripted: each entry of ``troubles`` fails one request."""

    troubles: list[LinkError] = field(default_factory=list)
    asked: list[Request] = field(default_factory=list)
    is_up: asyncio.Event = field(default_factory=asyncio.Event)
    takes_s: float = 0.03

    async def until_up(self) -> None:
        await self.is_up.wait()

    async def request(self, request: Request) -> AnswerValues | None:
        await asyncio.sleep(self.takes_s)
        if not self.is_up.is_set():
            raise DROPPED
        self.asked.append(request)
        if self.troubles:
            raise self.troubles.pop(0)
        return None


def refused(op: Op, result: Result) -> Refused:
    return Refused(op, result, "the tool")


def a_tool(features: Features, *, mass_kg: float | None = 0.04) -> ToolFeature:
    return ToolFeature(
        tool_kind=ToolKind.ROLLER,
        features=features,
        force_channels=1,
        force_resolution_n=0.001,
        supported_mass_kg=mass_kg,
        maximum_rate_hz=100,
    )


def play(main: Coroutine[object, object, None]) -> None:
    run_virtual(asyncio.wait_for(main, 600.0))


def raised(level: Level, alert: int = 1, kind: str = "over_pressure") -> AlertRaised:
    return AlertRaised(
        device_s=1.0,
        alert=alert,
        kind=kind,
        level=level,
        step="forehead",
        zone=Zone.FOREHEAD,
        side=Side.BOTH,
        onset_s=0.9,
        pressure_kpa=9.0,
        limit_kpa=8.0,
    )


def cleared(level: Level, alert: int = 1) -> AlertCleared:
    return AlertCleared(
        device_s=2.0,
        alert=alert,
        kind="over_pressure",
        level=level,
        step="forehead",
        reason="ended",
        onset_s=0.9,
        duration_s=1.1,
        peak_kpa=9.5,
    )


def patterns(link: FakeLink) -> list[Pattern]:
    return [request.pattern for request in link.asked if isinstance(request, Haptic)]


def buzzing(
    use: Callable[[FakeLink, Buzzer], Coroutine[object, object, None]],
    features: Features = Features.HAPTIC_MOTOR,
) -> list[tuple[bool, str]]:
    """Run a buzzer while ``use`` does something to it; return what it told."""
    told: list[tuple[bool, str]] = []

    async def main() -> None:
        link = FakeLink()
        link.is_up.set()
        buzzer = Buzzer(link, lambda done, reason: told.append((done, reason)))
        buzzer.know(a_tool(features))
        running = asyncio.create_task(buzzer.run())
        await asyncio.sleep(0)
        await use(link, buzzer)
        running.cancel()

    play(main())
    return told


def test_caution_buzzes_twice_and_says_so() -> None:
    async def use(link: FakeLink, buzzer: Buzzer) -> None:
        buzzer.raised(raised(Level.CAUTION))
        await asyncio.sleep(1.0)
        buzzer.cleared(cleared(Level.CAUTION))
        await asyncio.sleep(30.0)
        assert patterns(link) == [Pattern.DOUBLE]

    assert buzzing(use) == [(True, "")]


def test_stop_buzzes_until_it_is_cleared_however_long() -> None:
    async def use(link: FakeLink, buzzer: Buzzer) -> None:
        buzzer.raised(raised(Level.STOP))
        await asyncio.sleep(25.0)
        buzzer.cleared(cleared(Level.STOP))
        await asyncio.sleep(30.0)
        assert patterns(link) == [Pattern.CONTINUOUS] * 3 + [Pattern.OFF]

    assert len(buzzing(use)) == 3


def test_caution_does_not_weaken_a_stop_and_stop_replaces_a_caution_not_yet_sent() -> None:
    async def use(link: FakeLink, buzzer: Buzzer) -> None:
        buzzer.raised(raised(Level.CAUTION))
        buzzer.raised(raised(Level.STOP, 2))
        buzzer.raised(raised(Level.CAUTION, 3))
        await asyncio.sleep(1.0)
        assert patterns(link) == [Pattern.CONTINUOUS]

    buzzing(use)


def test_only_the_newest_wish_waits_while_the_tool_is_slow() -> None:
    async def use(link: FakeLink, buzzer: Buzzer) -> None:
        link.takes_s = 2.0
        for alert in range(50):
            buzzer.raised(raised(Level.STOP, alert))
            await asyncio.sleep(0.1)
            buzzer.cleared(cleared(Level.STOP, alert))
            await asyncio.sleep(0.1)
        await asyncio.sleep(30.0)
        assert len(link.asked) <= 7
        assert patterns(link)[-1] is Pattern.OFF

    buzzing(use)


@pytest.mark.parametrize(
    ("features", "kind"),
    [(Features(0), "over_pressure"), (Features.HAPTIC_MOTOR, "too_light")],
)
def test_no_motor_or_no_over_pressure_no_buzz(features: Features, kind: str) -> None:
    async def use(link: FakeLink, buzzer: Buzzer) -> None:
        buzzer.raised(raised(Level.CAUTION, kind=kind))
        await asyncio.sleep(20.0)
        assert link.asked == []

    assert buzzing(use, features) == []


def test_a_failed_buzz_is_told_and_the_next_one_goes_out() -> None:
    async def use(link: FakeLink, buzzer: Buzzer) -> None:
        link.troubles.append(refused(Op.HAPTIC, Result.BUSY))
        buzzer.raised(raised(Level.CAUTION))
        await asyncio.sleep(1.0)
        buzzer.raised(raised(Level.CAUTION, 2))
        await asyncio.sleep(1.0)

    told = buzzing(use)
    assert [done for done, _ in told] == [False, True]
    assert "busy" in told[0][1]


LIMIT = Features.ON_TOOL_LIMIT
FREED = LIMIT | Features.ON_TOOL_LIMIT_FREED_OF_GRAVITY


def arming(
    use: Callable[[FakeLink, LimitArmer], Coroutine[object, object, None]],
    feature: ToolFeature,
) -> tuple[list[Armed], list[Request]]:
    told: list[Armed] = []
    link = FakeLink()

    async def main() -> None:
        link.is_up.set()
        armer = LimitArmer(link, told.append)
        armer.know(feature)
        running = asyncio.create_task(armer.run())
        await use(link, armer)
        await asyncio.sleep(10.0)
        running.cancel()

    play(main())
    return told, link.asked


@pytest.mark.parametrize(
    ("features", "mass_kg", "limits_n", "asked", "armed"),
    [
        (FREED, 0.04, (0.27, 0.4), (0.27, 0.4), True),
        (FREED, None, (0.27, 0.4), (0.27, 0.4), True),
        (LIMIT, 0.04, (0.8, 1.33), (0.8, 1.33), True),
        (LIMIT, 0.04, (0.7, 1.33), (0.0, 1.33), True),
        (LIMIT, 0.04, (0.27, 0.4), None, False),
        (LIMIT, None, (0.8, 1.33), None, False),
        (Features(0), 0.04, (0.8, 1.33), None, False),
    ],
    ids=["freed", "freed, mass unknown", "above twice the weight (0.785 N)", "caution below it",
         "both below it", "mass unknown", "no limit in this tool"],
)  # fmt: skip
def test_no_limit_that_gravity_could_set_off(
    features: Features,
    mass_kg: float | None,
    limits_n: tuple[float, float],
    asked: tuple[float, float] | None,
    armed: bool,  # noqa: FBT001  # a table's column
) -> None:
    async def use(_link: FakeLink, armer: LimitArmer) -> None:
        armer.want(limits_n)

    told, requests = arming(use, a_tool(features, mass_kg=mass_kg))
    sent = [(r.caution_n, r.stop_n) for r in requests if isinstance(r, SetLimit)]
    assert sent == ([] if asked is None else [asked])
    assert [what.done for what in told] == [armed]
    assert bool(told[0].reason) == (asked != limits_n)


def test_disarms_where_nothing_is_judged_and_only_if_armed() -> None:
    async def use(_link: FakeLink, armer: LimitArmer) -> None:
        armer.want(None)
        await asyncio.sleep(1.0)
        armer.want((0.8, 1.33))
        await asyncio.sleep(1.0)
        armer.want(None)

    _, requests = arming(use, a_tool(FREED))
    assert [r.stop_n for r in requests if isinstance(r, SetLimit)] == [1.33, 0.0]


def test_a_limit_wanted_while_the_link_is_away_is_armed_when_it_returns() -> None:
    async def use(link: FakeLink, armer: LimitArmer) -> None:
        link.is_up.clear()
        armer.want((0.3, 0.5))
        await asyncio.sleep(5.0)
        armer.want((0.8, 1.33))
        await asyncio.sleep(5.0)
        assert link.asked == []
        link.is_up.set()

    told, requests = arming(use, a_tool(FREED))
    assert requests == [SetLimit(0.8, 1.33, 0.06)]
    assert [what.done for what in told] == [True]


def test_a_link_that_drops_under_the_request_is_waited_for() -> None:
    async def use(link: FakeLink, armer: LimitArmer) -> None:
        link.troubles += [DROPPED, DROPPED]
        armer.want((0.8, 1.33))

    told, requests = arming(use, a_tool(FREED))
    assert len(requests) == 3
    assert [what.done for what in told] == [True]


def test_a_refused_limit_is_told_with_the_reason() -> None:
    async def use(link: FakeLink, armer: LimitArmer) -> None:
        link.troubles.append(refused(Op.SET_LIMIT, Result.INVALID_PARAMETER))
        armer.want((0.8, 1.33))

    told, _ = arming(use, a_tool(FREED))
    assert [what.done for what in told] == [False]
    assert "invalid_parameter" in told[0].reason


@dataclass
class TareRecord:
    """Keeps what the tarer told."""

    tared: int = 0
    needless: int = 0
    refusals: list[int] = field(default_factory=list)
    failures: list[LinkFault] = field(default_factory=list)

    def on_tared(self) -> None:
        self.tared += 1

    def on_tare_needless(self) -> None:
        self.needless += 1

    def on_tare_refused(self, attempt: int) -> None:
        self.refusals.append(attempt)

    def on_tare_failed(self, error: LinkError) -> None:
        self.failures.append(error.fault)


def taring(*troubles: LinkError) -> tuple[TareRecord, list[Request]]:
    record, link = TareRecord(), FakeLink(troubles=list(troubles))

    async def main() -> None:
        link.is_up.set()
        tarer = Tarer(link, record)
        running = asyncio.create_task(tarer.run())
        tarer.ask()
        await asyncio.sleep(120.0)
        running.cancel()

    play(main())
    return record, link.asked


MOVING = refused(Op.TARE, Result.OPERATION_FAILED)


def test_tares_once_when_the_tool_agrees() -> None:
    record, asked = taring()
    assert record == TareRecord(tared=1)
    assert asked == [Tare()]


def test_asks_again_while_the_tool_is_moving() -> None:
    record, asked = taring(MOVING, MOVING)
    assert record == TareRecord(tared=1, refusals=[1, 2])
    assert len(asked) == 3


def test_gives_up_a_tool_that_never_is_still() -> None:
    record, asked = taring(*[MOVING] * 100)
    assert record.failures == [LinkFault.TARE_REFUSED]
    assert len(asked) == ATTEMPTS


def test_a_tool_without_force_sensor_needs_no_tare() -> None:
    record, asked = taring(refused(Op.TARE, Result.OP_CODE_NOT_SUPPORTED))
    assert record == TareRecord(needless=1)
    assert len(asked) == 1


def test_a_lost_link_is_waited_out() -> None:
    record, _ = taring(DROPPED, MOVING)
    assert record == TareRecord(tared=1, refusals=[2])


def test_asked_twice_before_it_is_done_it_is_done_once() -> None:
    record, link = TareRecord(), FakeLink(troubles=[MOVING])

    async def main() -> None:
        link.is_up.set()
        tarer = Tarer(link, record)
        running = asyncio.create_task(tarer.run())
        tarer.ask()
        await asyncio.sleep(0.5)
        tarer.ask()
        await asyncio.sleep(60.0)
        assert record.tared == 1
        tarer.ask()
        await asyncio.sleep(60.0)
        assert record.tared == 2
        running.cancel()

    play(main())


def test_a_silent_control_point_is_told_at_once() -> None:
    record, asked = taring(LinkError(LinkFault.SILENT))
    assert record.failures == [LinkFault.SILENT]
    assert len(asked) == 1
