"""What goes wrong around a tool, and what the companion makes of it."""

import asyncio
from collections.abc import Coroutine

import pytest

from companion.ble.errors import LinkError
from companion.coaching.events import (
    AlertRaised,
    BatteryRead,
    LevelChanged,
    LinkLost,
    LinkUp,
    Notice,
    SamplesLost,
    SessionFinished,
    TelemetryRejected,
    ToolSaid,
    ToolTared,
)
from companion.sensing.types import Doubt, Level
from simulators.mishaps import CannotStageError, Director
from simulators.mishaps.director import Stage
from simulators.scenario import CountedFrom, Lie, Mishap, MishapKind
from simulators.virtual_time import run_virtual
from tests.end_to_end.world import world

FOREHEAD = "forehead"
IN_THE_TELEMETRY = [
    (Lie.SHORT_FRAME, "this value ends after"),
    (Lie.LONG_FRAME, "bytes"),
    (Lie.NO_SAMPLES, "sample"),
    (Lie.WRONG_COUNT, "this value ends after"),
    (Lie.NO_INTERVAL, "interval"),
    (Lie.TIME_LEAPS_AHEAD, "time stamp"),
    (Lie.TIME_GOES_BACK, "time stamp"),
    (Lie.NUMBERS_LEAP, "sample"),
    (Lie.SAME_FRAME_TWICE, "came before"),
]


def play(main: Coroutine[object, object, None]) -> None:
    run_virtual(asyncio.wait_for(main, 900.0))


def mishap(kind: MishapKind, at_s: float = 10.0, **more: object) -> Mishap:
    return Mishap(kind=kind, at_s=at_s, **more)  # type: ignore[arg-type]  # checked by the class


def test_walking_away_and_back() -> None:
    async def main() -> None:
        away = mishap(MishapKind.OUT_OF_RANGE, lasting_s=8.0)
        async with world("careful", FOREHEAD, mishaps=[away]) as room:
            summary = await room.run()
            assert [up.resumed for up in room.all(LinkUp)] == [False, True]
            assert sum(lost.count for lost in room.all(SamplesLost)) > 600
            assert summary.gaps_s < 0.1
            assert not room.all(AlertRaised)

    play(main())


@pytest.mark.thinned(2)
@pytest.mark.parametrize(
    ("kind", "reason"),
    [(MishapKind.TOOL_RESTARTS, "switched itself off"), (MishapKind.TOOL_VANISHES, "broke off")],
)
def test_a_tool_that_comes_back_from_the_dead_is_tared_again(kind: MishapKind, reason: str) -> None:
    async def main() -> None:
        restart = mishap(kind, lasting_s=3.0)
        async with world("careful", FOREHEAD, mishaps=[restart]) as room:
            await room.run()
            assert reason in room.all(LinkLost)[0].reason
            assert [up.resumed for up in room.all(LinkUp)] == [False, False]
            assert len(room.all(ToolTared)) == 2

    play(main())


def test_a_battery_that_dies_is_told_before_the_tool_goes() -> None:
    async def main() -> None:
        async with world(
            "careful", FOREHEAD, mishaps=[mishap(MishapKind.BATTERY_DIES, lasting_s=10.0)]
        ) as room:
            running = asyncio.create_task(room.run())
            lost = await room.next(LinkLost)
            assert "switched itself off" in lost.reason
            charges = [read.percent for read in room.all(BatteryRead)]
            assert charges == sorted(charges, reverse=True)
            assert charges[-1] == 0
            said = [event for event in room.all(ToolSaid) if event.kind == "power"]
            assert len(said) == 2
            assert said[0].device_s < said[1].device_s <= lost.device_s
            assert not room.peripheral.is_on
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)

    play(main())


def test_a_tool_that_another_central_holds_is_waited_for() -> None:
    async def main() -> None:
        rival = mishap(
            MishapKind.SECOND_CENTRAL, 0.0, counted_from=CountedFrom.SWITCH_ON, lasting_s=12.0
        )
        async with world("careful", FOREHEAD, mishaps=[rival]) as room:
            running = asyncio.create_task(room.run())
            up = await room.next(LinkUp)
            assert asyncio.get_running_loop().time() > 12.0
            assert not up.resumed
            assert (await running).outcome == "finished"

    play(main())


def test_a_forgotten_bond_is_said_plainly() -> None:
    async def main() -> None:
        async with world("careful", FOREHEAD, mishaps=[mishap(MishapKind.BOND_FORGOTTEN)]) as room:
            with pytest.raises(LinkError, match="has forgotten this computer"):
                await room.run()
            assert "link.fault.bond_lost" in [notice.key for notice in room.all(Notice)]
            assert room.all(SessionFinished)

    play(main())


@pytest.mark.thinned(4)
@pytest.mark.parametrize(("lie", "word"), IN_THE_TELEMETRY)
def test_a_frame_that_lies_is_refused_and_nothing_invented(lie: Lie, word: str) -> None:
    async def main() -> None:
        lies = mishap(MishapKind.FIRMWARE_LIES, lasting_s=5.0, lie=lie)
        async with world("careful", FOREHEAD, mishaps=[lies]) as room:
            summary = await room.run()
            truth = room.performance.truth
            refused = room.all(TelemetryRejected)
            assert refused
            assert all(word in refusal.reason for refusal in refused)
            assert summary.outcome == "finished"
            assert not room.all(AlertRaised)
            assert (summary.steps[0].repetitions or 0) <= len(truth.strokes)
            if lie in (Lie.SHORT_FRAME, Lie.LONG_FRAME, Lie.NO_SAMPLES, Lie.NO_INTERVAL):
                doubts = [level.doubt for level in room.all(LevelChanged)]
                assert Doubt.SILENCE in doubts

    play(main())


@pytest.mark.parametrize("lie", [Lie.ANSWER_FOR_ANOTHER, Lie.ANSWER_CUT, Lie.EMPTY_SUCCESS])
def test_answers_that_lie_end_in_bounded_time_and_the_session_still_comes(lie: Lie) -> None:
    async def main() -> None:
        lies = mishap(
            MishapKind.FIRMWARE_LIES,
            0.0,
            counted_from=CountedFrom.SWITCH_ON,
            lasting_s=8.0,
            lie=lie,
        )
        async with world("careful", FOREHEAD, mishaps=[lies]) as room:
            running = asyncio.create_task(room.run())
            up = await room.next(LinkUp)
            now_s = asyncio.get_running_loop().time()
            assert 8.0 < now_s < 60.0
            assert not up.resumed
            assert (await running).outcome == "finished"

    play(main())


def test_while_a_link_is_lost_nothing_is_called_fine() -> None:
    async def main() -> None:
        async with world("careful", FOREHEAD, mishaps=[mishap(MishapKind.LINK_LOST)]) as room:
            await room.run()
            at_loss = [event for _, event in room.told]
            place = next(i for i, event in enumerate(at_loss) if isinstance(event, LinkLost))
            until = next(
                i for i, event in enumerate(at_loss) if i > place and isinstance(event, LinkUp)
            )
            levels = [e.level for e in at_loss[place:until] if isinstance(e, LevelChanged)]
            assert set(levels) <= {Level.UNKNOWN}

    play(main())


def test_a_mishap_of_the_air_is_refused_where_the_air_is_elsewhere() -> None:
    async def main() -> None:
        async with world("careful", FOREHEAD) as room:
            for kind in (MishapKind.OUT_OF_RANGE, MishapKind.WEAK_LINK, MishapKind.SECOND_CENTRAL):
                with pytest.raises(CannotStageError, match="needs the air itself"):
                    Director([mishap(kind)], Stage(room.peripheral), asyncio.Event())

    play(main())
