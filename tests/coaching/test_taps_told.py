"""How firm taps are: said live by their peaks, after three of four, and not again at once."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from companion.coaching.events import AlertCleared, AlertRaised, Command, Event, Hint
from companion.sensing.types import ContactBegan, ContactEnded, Doubt, Level, Technique
from tests.coaching.scripted import Bench, Facts, Scripted, names, repeated, step, too_firm

LIGHT, RIGHT, FIRM, HARD = 1.0, 4.0, 7.0, 9.0
"""Peaks in kilopascals; the step asks for 2 to 6, and 8 is caution."""


def started(engine: Scripted | None = None) -> Bench:
    """Return a step of taps some seconds after its beginning, which was told."""
    taps = replace(step("taps", goal=None, limit_s=100.0), technique=Technique.TAP)
    bench = Bench(taps, engine=engine)
    bench.start()
    bench.pass_s(5.0)
    return bench


def tapped(bench: Bench, peak_kpa: float, *, lasts_s: float = 0.15) -> list[Event]:
    """Tap once and wait a second; return all but the count."""
    began_s = bench.now_s
    ended = ContactEnded(
        device_s=began_s + lasts_s,
        began_s=began_s,
        ended_s=began_s + lasts_s,
        mean_n=0.05 * peak_kpa,
        peak_n=0.1 * peak_kpa,
    )
    told = bench.pass_s(1.0, ContactBegan(device_s=began_s, source="force"), ended, repeated(0.0))
    return [event for event in told if event.event != "repetition"]


def hints(events: list[Event]) -> list[str]:
    return [event.kind for event in events if isinstance(event, Hint)]


def test_the_third_light_tap_in_a_row_raises_and_the_first_other_one_ends_it() -> None:
    bench = started()
    assert tapped(bench, 0.8) + tapped(bench, 1.5) == []
    (raised,) = tapped(bench, LIGHT)
    assert isinstance(raised, AlertRaised)
    assert (raised.kind, raised.level, raised.onset_s) == ("too_light", Level.LIGHT, 5.0)
    assert (raised.pressure_kpa, raised.limit_kpa) == pytest.approx((LIGHT, 2.0))
    assert tapped(bench, LIGHT) == []
    (cleared,) = tapped(bench, RIGHT)
    assert isinstance(cleared, AlertCleared)
    assert cleared.reason == "ended"
    assert cleared.peak_kpa == pytest.approx(1.5)


def test_three_firm_taps_in_a_row_are_said_once_in_ten_seconds() -> None:
    bench = started()
    said = [hints(tapped(bench, FIRM)) for _ in range(14)]
    assert said == [[], [], ["too_firm"], *[[]] * 9, ["too_firm"], []]


@pytest.mark.parametrize("off", [LIGHT, FIRM])
def test_taps_that_are_off_now_and_then_are_not_said(off: float) -> None:
    bench = started()
    told = [tapped(bench, peak) for _ in range(6) for peak in (off, off, RIGHT, RIGHT)]
    assert [event for events in told for event in events] == []


@pytest.mark.parametrize(("off", "said"), [(LIGHT, "alert_raised"), (FIRM, "hint")])
def test_three_of_four_taps_are_said_from_the_first_of_them(off: float, said: str) -> None:
    bench = started()
    assert tapped(bench, off) + tapped(bench, off) + tapped(bench, RIGHT) == []
    (event,) = tapped(bench, off)
    assert event.event == said
    assert isinstance(event, AlertRaised | Hint)
    assert event.onset_s == 5.0


def test_light_that_comes_and_goes_is_not_raised_again_before_ten_seconds() -> None:
    bench = started()
    told = [tapped(bench, peak) for _ in range(4) for peak in (LIGHT, LIGHT, LIGHT, RIGHT)]
    raised = [e.device_s for events in told for e in events if isinstance(e, AlertRaised)]
    assert len(raised) == 2
    assert raised[1] - raised[0] >= 10.0


def test_a_tap_that_is_warned_about_is_no_firm_one() -> None:
    bench = started()
    tapped(bench, FIRM)
    tapped(bench, FIRM)
    bench.turn = [too_firm(bench.now_s)]
    assert names(tapped(bench, HARD)) == ["alert_raised"]
    assert tapped(bench, FIRM) + tapped(bench, FIRM) == []


def test_a_contact_that_is_no_tap_neither_counts_nor_ends_it() -> None:
    bench = started()
    tapped(bench, LIGHT)
    tapped(bench, LIGHT)
    assert tapped(bench, RIGHT, lasts_s=0.9) == []
    assert names(tapped(bench, LIGHT)) == ["alert_raised"]


@pytest.mark.parametrize("how", ["unknown", "pause", "silence"])
def test_what_breaks_off_begins_anew(how: str) -> None:
    bench = started()
    tapped(bench, LIGHT)
    tapped(bench, LIGHT)
    if how == "unknown":
        bench.engine.level = Level.UNKNOWN
        bench.pass_s(0.1)
        bench.engine.level = Level.NO_CONTACT
    elif how == "pause":
        bench.command(Command.PAUSE)
        bench.command(Command.PAUSE)
    else:
        bench.session.silence(bench.now_s)
        bench.engine.level = Level.NO_CONTACT
    assert tapped(bench, LIGHT) + tapped(bench, LIGHT) == []
    assert names(tapped(bench, LIGHT)) == ["alert_raised"]


@pytest.mark.parametrize(
    "engine",
    [lambda: Scripted(tool=Facts(contact_area_m2=None)), lambda: Scripted(cannot=Doubt.NOT_TARED)],
    ids=["no area", "no zero"],
)
def test_what_is_not_judged_is_never_said(engine: Callable[[], Scripted]) -> None:
    bench = started(engine())
    assert [tapped(bench, LIGHT) for _ in range(5)] == [[]] * 5
