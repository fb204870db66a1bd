"""Advice: what to do better, the figures behind it, and the sentence it becomes."""

import pytest

from companion.coaching.events import Advice, AdviceKind, Command, Summary
from companion.coaching.routine import Side, Zone
from companion.sensing.types import Doubt, Level
from companion.wording import advice_words
from tests.coaching.scripted import Bench, Scripted, eased, repeated, step, summary_of, too_firm


def sentences(summary: Summary) -> list[str]:
    return [advice_words(advice) for advice in summary.advice]


def test_a_clean_session_has_nothing_to_advise() -> None:
    bench = Bench(step("one", goal=1))
    bench.start()
    bench.press(Level.ON_TARGET, 4.0)
    bench.pass_s(3.0)
    assert summary_of(bench.pass_s(0.1, repeated(3.0))).advice == ()


def test_over_pressure_names_the_peak_and_the_limit() -> None:
    bench = Bench(step("one", zone=Zone.UNDER_EYE, side=Side.RIGHT))
    bench.start()
    bench.pass_s(0.5, too_firm(0.1), too_firm(0.2, Level.STOP, limit=13.3))
    bench.pass_s(0.5, eased(0.8, Level.STOP, peak=14.66), eased(0.9, peak=14.66))
    summary = summary_of(bench.command(Command.STOP))
    assert summary.advice == (
        Advice(
            kind=AdviceKind.OVER_PRESSURE,
            step="one",
            zone=Zone.UNDER_EYE,
            side=Side.RIGHT,
            pressure_kpa=14.66,
            limit_kpa=8.0,
        ),
    )
    assert sentences(summary) == [
        "Under-eye, right: you pressed up to about 15 kPa; stay under 8.0."
    ]


def test_much_firm_contact_is_worth_saying_and_a_little_is_not() -> None:
    for firm_s, expected in (
        (0.9, []),
        (1.0, ["Cheek, left: firmer than meant for 1 s; 2.0 to 6.0 kPa is enough."]),
    ):
        bench = Bench(step("one"))
        bench.start()
        bench.press(Level.ON_TARGET, 4.0)
        bench.pass_s(3.0)
        bench.press(Level.FIRM, 7.0)
        bench.pass_s(firm_s)
        assert sentences(summary_of(bench.command(Command.STOP))) == expected


def test_too_light_and_short() -> None:
    bench = Bench(step("one", limit_s=8.0))
    bench.start()
    bench.press(Level.LIGHT, 1.0)
    assert sentences(summary_of(bench.pass_s(8.0, repeated(1.0)))) == [
        "Cheek, left: a little more would do; aim for 2.0 to 6.0 kPa.",
        (
            "Cheek, left: 1 of 2 when the time was up; go on at your own pace, "
            "repeat starts a step again."
        ),
    ]


def test_what_was_not_judged_says_why() -> None:
    bench = Bench(step("one"), engine=Scripted(cannot=Doubt.AREA_UNKNOWN))
    bench.start()
    bench.press(Level.UNKNOWN, None)
    bench.pass_s(1.0)
    assert sentences(summary_of(bench.command(Command.STOP))) == [
        "Cheek, left: pressure was not judged, because the tool's contact area is not known."
    ]


@pytest.mark.parametrize(
    ("gap_s", "expected"),
    [
        (0.9, []),
        (62.0, ["For 62 s nothing was heard from the tool; that time is not judged."]),
    ],
)
def test_the_tools_silence_is_said(gap_s: float, expected: list[str]) -> None:
    bench = Bench(step("one"))
    bench.start()
    bench.pass_s(1.0)
    bench.session.silence(1.0)
    bench.now_s += gap_s
    bench.pass_s(0.1)
    summary = summary_of(bench.command(Command.STOP))
    assert summary.gaps_s == pytest.approx(gap_s)
    assert sentences(summary) == expected


def test_too_firm_comes_before_all_else() -> None:
    bench = Bench(step("one", limit_s=6.0), step("two"))
    bench.start()
    bench.press(Level.LIGHT, 1.0)
    bench.pass_s(6.0)
    bench.pass_s(1.0, too_firm(6.5))
    kinds = [a.kind for a in summary_of(bench.command(Command.STOP)).advice]
    assert kinds == [AdviceKind.OVER_PRESSURE, AdviceKind.TOO_LIGHT, AdviceKind.SHORT]
