"""Events as lines: JSON that any program can read, and sentences that a person can."""

import json
import math
from dataclasses import replace
from typing import Any

import pytest

from companion.coaching import events
from companion.coaching.events import (
    AlertRaised,
    BatteryRead,
    Cue,
    Event,
    Hint,
    HintKind,
    LevelChanged,
    LimitArmed,
    LinkLost,
    LinkUp,
    Notice,
    OverPressureMissed,
    Prompt,
    PromptKind,
    Repetition,
    SamplesResent,
    SessionFinished,
    SessionOutcome,
    SessionPaused,
    SessionStarted,
    StepFinished,
    StepStarted,
    Summary,
    ToolBuzzed,
    ToolTared,
)
from companion.coaching.person import Hand
from companion.coaching.routine import Direction, Side, StepKind, Zone
from companion.output import JsonLines, PlainLines, sentences
from companion.output.lines import clock
from companion.sensing.types import Band, Doubt, Level, StrokeDirection, Technique
from companion.strict_json import as_plain, json_text
from companion.texts import text
from tests.tui.fake_live import cleared, scored

STARTED = SessionStarted(
    device_s=100.0,
    routine="five-minutes",
    title="Five minutes",
    tool="Roller",
    started_at="2026-01-01T00:00:00+00:00",
    steps=8,
    slip_note="Oil first.",
)
STEP = StepStarted(
    device_s=100.0,
    step="under-eye-left",
    index=5,
    steps=8,
    kind=StepKind.TOOL,
    zone=Zone.UNDER_EYE,
    side=Side.LEFT,
    technique=Technique.TAP,
    direction=Direction.OUTWARD,
    repetitions=10,
    time_limit_s=30.0,
    band=Band(0.5, 1.5, 2.7, 4.0),
    cannot_judge=None,
    hint="Lightest touch.",
)
RAISED = AlertRaised(
    device_s=103.12,
    alert=3,
    kind="over_pressure",
    level=Level.CAUTION,
    step="under-eye-left",
    zone=Zone.UNDER_EYE,
    side=Side.LEFT,
    onset_s=103.06,
    pressure_kpa=3.14159,
    limit_kpa=2.7,
)
CLEARED = cleared(RAISED, device_s=104.1, reason="unknown")
SUMMARY = Summary(
    routine="five-minutes",
    outcome=SessionOutcome.FINISHED,
    duration_s=280.0,
    steps=(),
    alerts=(),
    gaps_s=0.0,
    samples=28000,
    advice=(),
)


def parsed(event: Event) -> dict[str, Any]:
    line = JsonLines().line(event)
    assert "\n" not in line
    fields: dict[str, Any] = json.loads(line, parse_constant=pytest.fail)
    return fields


def test_json_names_the_event_first_and_enums_as_words() -> None:
    fields = parsed(RAISED)
    assert next(iter(fields)) == "event"
    assert fields["event"] == "alert_raised"
    assert fields["level"] == "caution"
    assert fields["zone"] == "under_eye"
    assert fields["pressure_kpa"] == 3.142
    assert fields["device_s"] == 103.12


def test_json_nests_records_and_keeps_null() -> None:
    assert parsed(STEP)["band"]["caution_kpa"] == 2.7
    assert parsed(STEP)["cannot_judge"] is None
    finished = SessionFinished(device_s=1.0, outcome=SessionOutcome.FINISHED, summary=SUMMARY)
    assert parsed(finished)["summary"]["samples"] == 28000


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_json_has_no_nan_and_no_infinity(value: float) -> None:
    event = LevelChanged(device_s=1.0, level=Level.UNKNOWN, doubt=None, pressure_kpa=value)
    assert parsed(event)["pressure_kpa"] is None


def test_json_keeps_letters_as_they_are() -> None:
    assert json_text({"title": "décolleté"}) == '{"title": "décolleté"}'


def test_only_dataclasses_are_records() -> None:
    with pytest.raises(TypeError):
        as_plain(3)


def test_a_notice_says_its_sentence() -> None:
    notice = Notice(device_s=0.0, key="cli.radio.note", values={"radio": "virtual radio"})
    assert parsed(notice)["text"] == "radio: virtual radio"


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (0.0, " 0:00.0"),
        (-0.2, " 0:00.0"),
        (59.96, " 1:00.0"),
        (65.34, " 1:05.3"),
        (3600, "60:00.0"),
    ],
)
def test_the_clock(seconds: float, shown: str) -> None:
    assert clock(seconds) == shown


def test_times_count_from_the_beginning_of_the_session() -> None:
    lines = PlainLines()
    assert lines.line(BatteryRead(device_s=99.0, percent=87)) == "         battery 87 %"
    assert lines.line(STARTED).startswith(" 0:00.0  ")
    assert lines.line(RAISED).startswith(" 0:03.1  ")
    untimed = Notice(device_s=0.0, key="link.tare.hold_still")
    assert lines.line(untimed).startswith("         ")


@pytest.mark.parametrize(
    ("event", "words"),
    [
        (STARTED, ["Five minutes", "steps: 8", "Roller", "Oil first."]),
        (STEP, ["step 6 of 8", "under-eye, left", "tap", "10 times", "0.5 to 1.5 kPa"]),
        (RAISED, ["WARNING 3", "ease off", "3.1 kPa", "under-eye, left"]),
        (
            CLEARED,
            ["warning 3", "no longer known", "1.0 s", "about 3.4 kPa at most until then"],
        ),
        (
            replace(CLEARED, reason="ended", peak_kpa=32.7, peak_is_least=True),
            ["warning 3", "over after 1.0 s, about 33 kPa or more"],
        ),
        (
            LevelChanged(
                device_s=1.0, level=Level.UNKNOWN, doubt=Doubt.NOT_TARED, pressure_kpa=None
            ),
            ["cannot judge", "tared"],
        ),
        (
            LevelChanged(device_s=1.0, level=Level.LIGHT, doubt=None, pressure_kpa=1.25),
            ["light", "1.2 kPa"],
        ),
        (
            LevelChanged(device_s=1.0, level=Level.NO_CONTACT, doubt=None, pressure_kpa=0.0),
            ["no contact"],
        ),
        (Repetition(device_s=1.0, step="x", count=4, goal=10), ["4 of 10"]),
        (Repetition(device_s=1.0, step="x", count=4, goal=None), ["4 done"]),
        (
            LinkUp(device_s=1.0, tool="Roller", rate_hz=104.0, resumed=True, gap_s=2.5),
            ["Roller again", "2.5 s missing", "104"],
        ),
        (
            LinkUp(device_s=1.0, tool="Roller", rate_hz=104.0, resumed=False, gap_s=2.5),
            ["Roller again", "2.5 s missing", "afresh"],
        ),
        (SamplesResent(device_s=1.0, count=40, gone=0), ["missing samples that came late: 40"]),
        (SamplesResent(device_s=1.0, count=40, gone=3), ["came late: 40", "gone: 3"]),
        (SamplesResent(device_s=1.0, count=0, gone=3), ["does not have any more: 3"]),
        (
            OverPressureMissed(
                device_s=9.0,
                alert=1,
                level=Level.STOP,
                step="eye",
                zone=Zone.UNDER_EYE,
                side=Side.LEFT,
                onset_s=4.0,
                ended_s=5.0,
                peak_kpa=5.5,
                limit_kpa=4.0,
                reason="link_down",
            ),
            ["NOT WARNED", "link was down", "under-eye, left", "5.5 kPa", "limit 4.0"],
        ),
        (LinkLost(device_s=1.0, tool="Roller", reason="too far"), ["lost Roller", "too far"]),
        (ToolTared(device_s=1.0, done=True, reason=""), ["zero set"]),
        (ToolTared(device_s=1.0, done=False, reason="moving"), ["zero not set", "moving"]),
        (ToolBuzzed(device_s=1.0, done=True, reason=""), ["buzzed"]),
        (ToolBuzzed(device_s=1.0, done=False, reason="busy"), ["did not buzz", "busy"]),
        (
            LimitArmed(device_s=1.0, armed=True, caution_n=0.27, stop_n=0.4, reason=""),
            ["0.27 N", "0.40 N"],
        ),
        (
            LimitArmed(device_s=1.0, armed=False, caution_n=0.0, stop_n=0.0, reason="no motor"),
            ["will not warn", "no motor"],
        ),
        (
            StepFinished(
                device_s=1.0,
                step="x",
                index=5,
                outcome="short",
                repetitions=7,
                goal=10,
                duration_s=30.0,
                points=91,
                possible=95,
            ),
            ["step 6", "time was up", "7 of 10", "30.0 s, 91 of 95 points"],
        ),
        (SessionPaused(device_s=1.0), ["paused"]),
        (
            SessionFinished(device_s=1.0, outcome=SessionOutcome.FINISHED, summary=SUMMARY),
            ["finished", "280 s", "warnings: 0"],
        ),
    ],
)
def test_a_person_reads_a_sentence(event: Event, words: list[str]) -> None:
    line = PlainLines().line(event)
    assert "\n" not in line
    assert not [word for word in words if word not in line]


def test_the_end_says_the_score_and_what_it_cost() -> None:
    line = PlainLines().line(
        SessionFinished(device_s=1.0, outcome=SessionOutcome.FINISHED, summary=scored())
    )
    assert "Score 75 of 100: 75 of 100 points (-18 under-eye, right: too much pressure" in line
    assert "\n" not in line
    fields = parsed(
        SessionFinished(device_s=1.0, outcome=SessionOutcome.FINISHED, summary=scored())
    )
    assert fields["summary"]["score"]["losses"][0]["from_s"] == 109.0
    assert fields["summary"]["unscored"] is None


@pytest.mark.parametrize("kind", HintKind)
def test_every_hint_has_its_words(kind: HintKind) -> None:
    hint = Hint(
        device_s=1.0,
        kind=kind,
        priority=1,
        step="x",
        zone=Zone.CHEEK,
        side=Side.LEFT,
        onset_s=0.0,
        direction=StrokeDirection.DOWN,
        wanted=Direction.OUTWARD,
        pressure_kpa=7.04,
        speed_cm_s=12.4,
        seconds=61.0,
        limit=6.0,
    )
    line = PlainLines().line(hint)
    assert "hint: " in line
    assert "{" not in line
    figures = {
        HintKind.TOO_FIRM: "about 7.0 kPa, the target ends at 6",
        HintKind.RUSHING: "12 cm/s, 6 are enough",
        HintKind.WRONG_DIRECTION: "go outward, not down",
        HintKind.DOSE_CAUTION: "61 s",
        HintKind.DOSE_STOP: "61 s",
    }
    assert figures.get(kind, "") in line


def test_a_hand_step_and_an_unjudged_step_say_so() -> None:
    fields = {name: getattr(STEP, name) for name in STEP.__dataclass_fields__ if name != "event"}
    by_hand = StepStarted(**fields | {"kind": StepKind.HAND, "band": None, "repetitions": None})
    assert "by hand" in PlainLines().line(by_hand)
    unjudged = StepStarted(**fields | {"cannot_judge": Doubt.AREA_UNKNOWN})
    assert "cannot judge" in PlainLines().line(unjudged)


KINDS = [
    kind
    for kind in vars(events).values()
    if isinstance(kind, type) and issubclass(kind, Event) and kind not in {Event, Cue}
]


def test_there_are_the_promised_events() -> None:
    promised = (
        "link_up link_lost step_started repetition alert_raised alert_cleared step_finished "
        "session_finished"
    )
    assert set(promised.split()) <= {kind.event for kind in KINDS}


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in sentences._OWN])
def test_an_event_without_words_of_its_own_has_a_sentence_of_its_fields(kind: type[Event]) -> None:
    fields = dict.fromkeys(kind.__dataclass_fields__, "something")
    assert text(f"cli.event.{kind.event}", **fields)


def test_a_cue_says_what_to_show_and_what_to_speak() -> None:
    prompt = Prompt(
        device_s=1.0,
        kind=PromptKind.LAST,
        priority=12,
        spacing_s=4.0,
        step="x",
        zone=Zone.CHEEK,
        side=Side.LEFT,
        count=2,
        next_zone=Zone.CHEEK,
        next_side=Side.RIGHT,
        next_technique=Technique.SWEEP,
    )
    said = parsed(prompt)
    assert (said["event"], said["priority"], said["spacing_s"]) == ("prompt", 12, 4.0)
    assert said["text"] == "2 more; then cheek, right, sweep"
    assert said["say"] == "2 more, then cheek, right, sweep."
    assert "2 more; then cheek, right, sweep" in PlainLines().line(prompt)
    assert parsed(RAISED)["say"] == "Ease off."


@pytest.mark.parametrize(
    ("prompt", "words", "say"),
    [
        ({"kind": PromptKind.SLIP, "note": "Oil."}, "Is oil or cream on the skin? Oil.", "Say yes"),
        ({"kind": PromptKind.SLIP}, "Is oil or cream on the skin?", "Is oil or cream"),
        ({"kind": PromptKind.REST, "seconds": 5.0}, "rest for 5 s; then cheek, left", "Rest. Then"),
        ({"kind": PromptKind.LAST, "seconds": 9.9}, "10 s more; then it is done", "10 s more."),
        ({"kind": PromptKind.HANDS}, "change hands", "Change hands."),
        ({"kind": PromptKind.HANDS, "hand": Hand.LEFT}, "now the left one", "Now the left hand."),
    ],
)
def test_a_prompt_says_what_is_known(prompt: dict[str, Any], words: str, say: str) -> None:
    known: dict[str, Any] = {
        "device_s": 1.0,
        "step": "x",
        "zone": Zone.CHEEK,
        "side": Side.LEFT,
        "priority": 1,
    }
    said = parsed(Prompt(**known | prompt))
    assert words in said["text"]
    assert say in said["say"]
    assert "{" not in said["text"] + said["say"]


def test_a_voice_has_the_routines_own_words_and_hears_of_the_other_side() -> None:
    fields = {name: getattr(STEP, name) for name in STEP.__dataclass_fields__ if name != "event"}
    spoken = parsed(StepStarted(**fields | {"spoken": "Lightest taps.", "changes_side": True}))
    assert spoken["say"] == "Other side. Lightest taps. 10 times."
    other = parsed(StepStarted(**fields | {"changes_side": True}))
    assert other["say"] == f"Now the other side: under-eye, left. {STEP.hint} 10 times."
    assert spoken["text"].startswith("other side, under-eye, left: tap")
    plain = parsed(StepStarted(**fields | {"alternate_hands": True}))
    assert plain["say"] == f"Under-eye, left. {STEP.hint} 10 times. Hands in turn."


@pytest.mark.parametrize("kind", HintKind)
def test_every_hint_has_words_to_speak(kind: HintKind) -> None:
    hint = Hint(
        device_s=1.0, kind=kind, priority=1, step="x", zone=Zone.CHEEK, side=Side.LEFT, onset_s=0.0
    )
    said = parsed(hint)["say"]
    assert said
    assert len(said) <= 60
    assert "{" not in said
