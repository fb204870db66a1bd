"""Too light contact: said after five seconds of it, and not again for ten."""

import pytest

from companion.coaching.events import AlertCleared, AlertRaised, Command, Event, Hint, HintKind
from companion.coaching.routine import StepKind
from companion.sensing.types import Level
from tests.coaching.scripted import Bench, names, step, summary_of


def started(limit_s: float = 100.0) -> Bench:
    bench = Bench(step("one", limit_s=limit_s))
    bench.start()
    bench.press(Level.LIGHT, 1.0)
    return bench


def the_alert(events: list[Event]) -> AlertRaised:
    (event,) = events
    assert isinstance(event, AlertRaised)
    return event


def test_five_seconds_of_light_contact_are_not_said_and_more_are() -> None:
    bench = started()
    assert bench.pass_s(5.0) == []
    alert = the_alert(bench.pass_s(0.1))
    assert (alert.kind, alert.level, alert.step) == ("too_light", Level.LIGHT, "one")
    assert (alert.onset_s, alert.device_s) == pytest.approx((0.0, 5.09))
    assert (alert.pressure_kpa, alert.limit_kpa) == (1.0, 2.0)
    assert bench.pass_s(20.0) == []


def test_time_in_the_air_neither_counts_nor_breaks_the_run() -> None:
    bench = started()
    bench.pass_s(1.0)
    bench.press(Level.NO_CONTACT, 0.0)
    assert bench.pass_s(10.0) == []
    bench.press(Level.LIGHT, 1.2)
    assert bench.pass_s(2.0) == []
    assert the_alert(bench.pass_s(0.1)).pressure_kpa == 1.2


def test_touches_too_brief_to_be_contacts_of_their_own_need_five_seconds() -> None:
    bench = started()
    for _ in range(12):
        bench.press(Level.LIGHT, 1.2)
        assert bench.pass_s(0.4) == []
        bench.press(Level.NO_CONTACT, 0.0)
        assert bench.pass_s(1.0) == []
    bench.press(Level.LIGHT, 1.2)
    assert the_alert(bench.pass_s(0.4)).onset_s == 0.0


def test_firm_in_two_contacts_is_said_after_three_seconds_and_target_between_breaks_it() -> None:
    bench = started()

    def contact(level: Level, kpa: float) -> list[Event]:
        bench.press(level, kpa)
        events = bench.pass_s(1.2)
        bench.press(Level.NO_CONTACT, 0.0)
        return [*events, *bench.pass_s(1.0)]

    for level, kpa in ((Level.FIRM, 7.0), (Level.FIRM, 7.0), (Level.ON_TARGET, 4.0)):
        assert contact(level, kpa) == []
    assert contact(Level.FIRM, 7.0) == []
    assert contact(Level.FIRM, 7.0) == []
    (hint,) = contact(Level.FIRM, 7.0)
    assert isinstance(hint, Hint)
    assert hint.kind is HintKind.TOO_FIRM


@pytest.mark.parametrize(
    ("level", "pressure", "reason"),
    [(Level.ON_TARGET, 4.0, "ended"), (Level.FIRM, 7.0, "ended"), (Level.UNKNOWN, None, "unknown")],
)
def test_another_level_breaks_the_run_and_ends_the_warning(
    level: Level, pressure: float | None, reason: str
) -> None:
    bench = started()
    bench.pass_s(4.9)
    bench.press(level, pressure)
    bench.pass_s(0.1)
    bench.press(Level.LIGHT, 1.5)
    assert bench.pass_s(5.0) == []
    the_alert(bench.pass_s(0.2))
    bench.press(level, pressure)
    (cleared,) = bench.pass_s(0.1)
    assert isinstance(cleared, AlertCleared)
    assert (cleared.kind, cleared.reason, cleared.peak_kpa) == ("too_light", reason, 1.5)


def test_it_is_said_at_most_once_in_ten_seconds() -> None:
    bench = started()
    first = the_alert(bench.pass_s(5.2))
    bench.press(Level.ON_TARGET, 3.0)
    assert names(bench.pass_s(0.1)) == ["alert_cleared"]
    bench.press(Level.LIGHT, 1.0)
    assert bench.pass_s(9.7) == []
    second = the_alert(bench.pass_s(0.2))
    assert second.device_s - first.device_s >= 10.0
    assert second.alert == 2


def test_a_pause_ends_the_warning_and_forgets_the_run() -> None:
    bench = started()
    bench.pass_s(5.1)
    paused = bench.command(Command.PAUSE)
    assert [(e.event, getattr(e, "reason", "")) for e in paused] == [
        ("alert_cleared", "paused"),
        ("session_paused", ""),
    ]
    assert bench.pass_s(20.0) == []
    bench.command(Command.PAUSE)
    assert bench.pass_s(5.0) == []


def test_silence_ends_the_warning_as_unknown() -> None:
    bench = started()
    bench.pass_s(5.1)
    (cleared,) = bench.session.silence(5.5)
    assert isinstance(cleared, AlertCleared)
    assert cleared.reason == "unknown"


def test_a_hand_step_is_never_too_light() -> None:
    bench = Bench(step("one", hand=True, limit_s=100.0))
    bench.start()
    bench.press(Level.LIGHT, 1.0)
    assert bench.pass_s(20.0) == []
    assert bench.session.routine.steps[0].kind is StepKind.HAND


def test_the_warning_is_in_the_summary_and_ends_with_the_step() -> None:
    bench = started(limit_s=6.0)
    summary = summary_of(bench.pass_s(6.0))
    (record,) = summary.alerts
    assert (record.kind, record.reason) == ("too_light", "step_ended")
    assert record.cleared_s == pytest.approx(5.99)
    assert [a.kind for a in summary.advice] == ["too_light", "short"]


def test_a_new_step_starts_a_new_run_but_not_a_new_spacing() -> None:
    bench = Bench(step("one", limit_s=5.5), step("two", limit_s=100.0))
    bench.start()
    bench.press(Level.LIGHT, 1.0)
    first = [e for e in bench.pass_s(5.5) if isinstance(e, AlertRaised)]
    assert bench.pass_s(9.4) == []
    second = [*first, the_alert(bench.pass_s(0.3))]
    assert [a.step for a in second] == ["one", "two"]
    assert second[1].onset_s == pytest.approx(5.5)
    assert second[1].device_s - second[0].device_s >= 10.0
