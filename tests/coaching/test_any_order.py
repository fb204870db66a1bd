"""Any order of commands, findings, silences and times: nothing raises, the summary adds up."""

from collections import Counter
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from companion.coaching.events import (
    AlertCleared,
    AlertRaised,
    Command,
    Cue,
    Event,
    Hint,
    HintKind,
    Prompt,
    PromptKind,
    Repetition,
    Score,
    SessionFinished,
    SlipConfirmed,
    StepFinished,
    StepStarted,
)
from companion.coaching.routine import Cadence, CadenceUnit
from companion.coaching.scaling import SCALES
from companion.sensing.types import (
    ContactBegan,
    ContactEnded,
    Doubt,
    FaultEnded,
    FaultFound,
    Level,
    LevelMoved,
    Stroke,
    StrokeDirection,
)
from tests.coaching.scripted import Bench, eased, frame, repeated, step, too_firm

REST_S = 0.5
STEPS = (
    step("one", limit_s=8.0),
    replace(step("two", goal=6, limit_s=3.0), slip_needed=True, rest_s=REST_S),
    replace(step("three", hand=True, limit_s=1.0), alternate_hands=True),
    replace(
        step("four", goal=None, limit_s=2.0), cadence=Cadence(10.0, 20.0, CadenceUnit.PER_MINUTE)
    ),
)

over = st.sampled_from([Level.CAUTION, Level.STOP])
findings = st.one_of(
    st.builds(repeated, st.just(0.0)),
    st.builds(too_firm, st.just(0.0), over),
    st.builds(eased, st.just(0.0), over, reason=st.sampled_from(["ended", "unknown"])),
    st.just(ContactBegan(device_s=0.0, source="force")),
    st.just(ContactEnded(device_s=0.0, began_s=0.0, ended_s=0.0, mean_n=None, peak_n=None)),
    st.just(FaultFound(device_s=0.0, kind="force_frozen", start_s=0.0)),
    st.just(FaultEnded(device_s=0.0, kind="force_frozen")),
    st.just(LevelMoved(device_s=0.0, level=Level.UNKNOWN, doubt=Doubt.SILENCE, pressure_kpa=None)),
)
strokes = st.builds(
    Stroke,
    device_s=st.just(0.0),
    start_s=st.floats(-1.0, 10.0),
    end_s=st.floats(-1.0, 10.0),
    direction=st.sampled_from(StrokeDirection),
    travel_m=st.one_of(st.none(), st.floats(0, 1)),
    mean_n=st.one_of(st.none(), st.floats(0, 5)),
    peak_n=st.none(),
)
findings = st.one_of(findings, strokes)
pressures = st.one_of(st.none(), st.floats(0, 30))
acts = st.one_of(
    st.tuples(st.just("frame"), st.lists(findings, max_size=4), st.sampled_from(Level), pressures),
    st.tuples(st.just("hole"), st.floats(-1.0, 3.0)),
    st.tuples(
        st.just("command"), st.sampled_from([c for c in Command if c.value not in "stopquit"])
    ),
    st.tuples(st.just("command"), st.sampled_from(Command)),
    st.tuples(st.sampled_from(["silence", "tared", "restart", "start", "resent"])),
)


def act(bench: Bench, what: tuple[object, ...]) -> list[Event]:
    match what:
        case ("frame", list(found), Level() as level, pressure):
            assert pressure is None or isinstance(pressure, float)
            bench.press(level, pressure)
            return bench.pass_s(0.3, *found)
        case ("hole", float(seconds)):
            bench.now_s = max(0.0, bench.now_s + seconds)
            return []
        case ("command", Command() as command):
            return bench.command(command)
        case (str(name),):
            return plain_act(bench, name)
        case _:
            raise AssertionError(what)


def plain_act(bench: Bench, name: str) -> list[Event]:
    session, now_s = bench.session, bench.now_s
    acts = {
        "silence": lambda: session.silence(now_s),
        "tared": lambda: session.tared(now_s),
        "restart": lambda: session.tool_restarted(now_s),
        "resent": lambda: session.receive(frame(0.0, resent=True)),
        "start": bench.start,
    }
    return acts[name]()


@settings(max_examples=150)
@given(st.lists(acts, max_size=30))
def test_nothing_raises_and_the_summary_adds_up(script: list[tuple[object, ...]]) -> None:
    bench = Bench(*STEPS)
    events = bench.start()
    for what in script:
        events += act(bench, what)
        check_view(bench)
        bench.session.limits_n()
    events += bench.session.interrupt(bench.now_s)
    check_pairs(events)
    check_oil(events)
    check_told(events)
    check_summary(events)


def check_view(bench: Bench) -> None:
    view = bench.session.view()
    assert [one.id for one in view.steps] == [one.id for one in STEPS]
    assert view.scale_percent in SCALES
    assert view.repetitions <= (view.steps[view.index].repetitions or 200)
    assert 0 <= view.rest_left_s <= REST_S


def check_oil(events: list[Event]) -> None:
    """No step that glides begins before somebody said that there is oil; it is said once."""
    confirmed = [at for at, event in enumerate(events) if isinstance(event, SlipConfirmed)]
    assert len(confirmed) <= 1
    gliding = {one.id for one in STEPS if one.slip_needed}
    for event in events[: confirmed[0] if confirmed else None]:
        assert not (isinstance(event, StepStarted) and event.step in gliding)


def check_told(events: list[Event]) -> None:
    """A cue has a priority, and hints wait for what was told before, unless they matter more."""
    last: Cue | None = None
    for event in events:
        if isinstance(event, Cue):
            assert event.priority > 0
            assert event.spacing_s > 0
        if isinstance(event, Hint) and event.kind is not HintKind.DOSE_STOP and last is not None:
            assert (
                event.priority > last.priority
                or event.device_s >= last.device_s + last.spacing_s - 1e-6
            )
        last = event if isinstance(event, Cue) else last


def check_pairs(events: list[Event]) -> None:
    raised = [e.alert for e in events if isinstance(e, AlertRaised)]
    cleared = [e.alert for e in events if isinstance(e, AlertCleared)]
    assert raised == list(range(1, len(raised) + 1))
    assert sorted(cleared) == raised
    begun: str | None = None
    for event in events:
        match event:
            case StepStarted(step=name):
                assert begun is None
                begun = name
            case StepFinished() if begun is None:
                check_passed_over(event)
            case StepFinished(step=name):
                assert name == begun
                begun = None
            case Repetition(step=name):
                assert name == begun
            case _:
                pass
    assert begun is None


def check_passed_over(event: StepFinished) -> None:
    """A step may be passed over before it begins, where it would need oil."""
    assert (event.step, event.outcome, event.duration_s) == ("two", "skipped", 0.0)


def check_summary(events: list[Event]) -> None:
    ends = [e for e in events if isinstance(e, SessionFinished)]
    assert len(ends) == 1
    assert events[-1] is ends[0]
    summary = ends[0].summary
    ended = [e for e in events if isinstance(e, StepFinished)]
    rests = sum(isinstance(e, Prompt) and e.kind is PromptKind.REST for e in events)
    rested_s = summary.duration_s - sum(e.duration_s for e in ended)
    assert -1e-6 < rested_s < rests * (REST_S + 3.0) + 1e-6
    assert summary.gaps_s >= 0
    last = {e.step: e for e in ended if e.outcome != "repeated"}
    for result in summary.steps:
        if result.step in last:
            told = last[result.step]
            assert (result.outcome, result.repetitions) == (told.outcome, told.repetitions)
        else:
            assert (result.outcome, result.repetitions) == ("not_reached", 0)
        assert all(seconds > 0 for seconds in result.seconds_by_level.values())
        assert (result.mean_kpa is None) == (result.peak_kpa is None)
        assert (result.score is None) is not (result.unscored is None)
        check_score(result.score)
    assert (summary.score is None) is not (summary.unscored is None)
    check_score(summary.score)
    if summary.score is not None:
        steps = [result.score for result in summary.steps if result.score is not None]
        assert summary.score.points == sum(score.points for score in steps)
        assert summary.score.possible == sum(score.possible for score in steps)
    assert len(summary.alerts) == sum(isinstance(e, AlertRaised) for e in events)
    assert all(a.cleared_s is not None for a in summary.alerts)
    assert max(Counter(a.alert for a in summary.alerts).values(), default=1) == 1


def check_score(score: Score | None) -> None:
    if score is None:
        return
    assert score.possible == sum(part.possible for part in score.parts)
    assert score.points == sum(part.points for part in score.parts)
    assert score.possible - score.points == sum(loss.points for loss in score.losses)
    assert all(part.points >= 0 for part in score.parts)
    assert 0 <= score.percent <= 100
