"""What each event says to a person, from the catalogue."""

from collections.abc import Callable
from typing import Any

from companion.coaching.events import (
    AlertCleared,
    AlertRaised,
    Event,
    Hint,
    LevelChanged,
    LimitArmed,
    LinkUp,
    Notice,
    OverPressureMissed,
    Prompt,
    PromptKind,
    Repetition,
    RoutineScaled,
    SamplesResent,
    SessionFinished,
    SessionStarted,
    StepFinished,
    StepStarted,
    Summary,
    ToolBuzzed,
    ToolTared,
)
from companion.coaching.routine import StepKind
from companion.coaching.scaling import PLAIN_PERCENT
from companion.strict_json import as_plain
from companion.texts import text
from companion.wording import (
    advice_words,
    alert_words,
    cost_lines,
    direction_name,
    doubt_words,
    hint_words,
    kpa,
    level_name,
    minutes,
    outcome_words,
    peak_words,
    pressure_words,
    prompt_words,
    score_words,
    technique_name,
    times,
    zone_name,
)


def sentence(event: Event) -> str:
    """Return an event's sentence."""
    make = _OWN.get(type(event))
    return make(event) if make else text(f"cli.event.{event.event}", **as_plain(event))


def _notice(event: Notice) -> str:
    return text(event.key, **event.values)


def _link_up(event: LinkUp) -> str:
    if event.gap_s is None:
        return text("cli.event.link_up", tool=event.tool, rate_hz=event.rate_hz)
    key = "resumed" if event.resumed else "restarted"
    gap = text("cli.event.gap", gap_s=event.gap_s)
    return text(f"cli.event.{key}", tool=event.tool, rate_hz=event.rate_hz, gap=gap)


def _resent(event: SamplesResent) -> str:
    came, gone = event.count, event.gone
    key = "some" if came and gone else "came" if came else "gone"
    return text(f"link.again.{key}", count=came, gone=gone)


def _missed(event: OverPressureMissed) -> str:
    return text(
        "link.again.missed",
        level=level_name(event.level),
        place=zone_name(event.zone, event.side),
        peak=peak_words(event.peak_kpa, is_least=event.peak_is_least),
        limit=kpa(event.limit_kpa),
    )


def _tared(event: ToolTared) -> str:
    return text("cli.event.tared" if event.done else "cli.event.not_tared", reason=event.reason)


def _buzzed(event: ToolBuzzed) -> str:
    return text("cli.event.buzzed" if event.done else "cli.event.not_buzzed", reason=event.reason)


def _armed(event: LimitArmed) -> str:
    return text(
        "cli.event.armed" if event.armed else "cli.event.not_armed",
        caution_n=event.caution_n,
        stop_n=event.stop_n,
        reason=event.reason,
    )


def _started(event: SessionStarted) -> str:
    if not event.steps:
        return text("replay.said.told", title=event.title)
    return text(
        "cli.event.session_started",
        title=event.title,
        steps=event.steps,
        tool=event.tool,
        slot=""
        if event.slot == "any"
        else text("cli.event.slot", slot=text(f"coaching.slot.{event.slot}")),
        scale=""
        if event.scale_percent == PLAIN_PERCENT
        else text("cli.event.scale", percent=event.scale_percent),
        slip=event.slip_note and text("cli.event.slip", note=event.slip_note),
    )


def _step_started(event: StepStarted) -> str:
    parts = [zone_name(event.zone, event.side), _movement(event)]
    if event.repetitions is not None:
        parts.append(times(event.repetitions))
    if event.cannot_count:
        parts.append(text("cli.event.cannot_count"))
    parts.append(text("cli.event.limit", seconds=event.time_limit_s))
    if event.band is not None:
        parts.append(text("cli.event.band", low=event.band.low_kpa, high=event.band.high_kpa))
    if event.cannot_judge is not None:
        parts.append(text("cli.event.cannot_judge", why=doubt_words(event.cannot_judge)))
    return text(
        "cli.event.step_started",
        number=event.index + 1,
        steps=event.steps,
        what="; ".join(part for part in parts if part),
        hint=event.hint,
    )


def _movement(event: StepStarted) -> str:
    words = (technique_name(event.technique), direction_name(event.direction))
    how = " ".join(word for word in words if word)
    return how if event.kind is StepKind.TOOL else text("cli.event.by_hand", how=how)


def _repetition(event: Repetition) -> str:
    if event.goal is None:
        return text("cli.event.repetition", count=event.count)
    return text("cli.event.repetition_of", count=event.count, goal=event.goal)


def _level(event: LevelChanged) -> str:
    words = pressure_words(event.level, event.doubt, event.pressure_kpa, event.trend)
    return text("cli.event.level", level=words)


def _alert_raised(event: AlertRaised) -> str:
    return text(f"cli.event.{event.kind}", alert=event.alert, words=alert_words(event))


def _alert_cleared(event: AlertCleared) -> str:
    return text("cli.event.alert_cleared", alert=event.alert, words=alert_words(event))


def _done(event: StepFinished) -> str:
    if event.repetitions is None:
        return text("cli.event.not_counted")
    if event.goal is None:
        return ""
    return text("cli.event.done_of", count=event.repetitions, goal=event.goal)


def _step_finished(event: StepFinished) -> str:
    outcome = outcome_words(event.outcome)
    points = (
        ""
        if event.points is None
        else text("cli.event.points", points=event.points, possible=event.possible)
    )
    return text(
        "cli.event.step_finished",
        number=event.index + 1,
        outcome=outcome,
        done=_done(event),
        duration_s=event.duration_s,
        points=points,
    )


def _finished(event: SessionFinished) -> str:
    summary = event.summary
    return text(
        "cli.event.session_finished",
        outcome=outcome_words(event.outcome),
        duration_s=summary.duration_s,
        done=sum(step.outcome == "done" for step in summary.steps),
        steps=len(summary.steps),
        alerts=len(summary.alerts),
        score=_scored(summary),
        advice=" ".join(advice_words(advice) for advice in summary.advice),
    ).rstrip()


def _scored(summary: Summary) -> str:
    said = score_words(summary.score, summary.unscored)
    if not said:
        return ""
    lines = cost_lines(summary.score, summary.began_s)
    return text("cli.event.scored", score=said, costs="".join(f" ({line})" for line in lines))


def _hint(event: Hint) -> str:
    return text("cli.event.hint", words=hint_words(event))


def _prompt(event: Prompt) -> str:
    is_question = event.kind is PromptKind.SLIP
    key = "prompt_slip" if is_question else "prompt"
    return text(f"cli.event.{key}", words=prompt_words(event))


def _scaled(event: RoutineScaled) -> str:
    count = "" if event.repetitions is None else times(event.repetitions)
    limit = text("cli.event.limit", seconds=event.time_limit_s)
    return text(
        "cli.event.routine_scaled",
        percent=event.percent,
        minutes=minutes(event.about_s),
        what="; ".join(part for part in (count, limit) if part),
    )


_OWN: dict[type[Event], Callable[[Any], str]] = {
    AlertCleared: _alert_cleared,
    AlertRaised: _alert_raised,
    Hint: _hint,
    LevelChanged: _level,
    LimitArmed: _armed,
    LinkUp: _link_up,
    Notice: _notice,
    OverPressureMissed: _missed,
    Prompt: _prompt,
    Repetition: _repetition,
    RoutineScaled: _scaled,
    SamplesResent: _resent,
    SessionFinished: _finished,
    SessionStarted: _started,
    StepFinished: _step_finished,
    StepStarted: _step_started,
    ToolBuzzed: _buzzed,
    ToolTared: _tared,
}
