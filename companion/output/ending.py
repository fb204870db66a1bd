"""What a session came to, in plain words over several lines: what a terminal keeps."""

from companion.coaching.events import AlertRecord, SessionOutcome, StepOutcome, StepResult, Summary
from companion.coaching.routine import StepKind
from companion.texts import text
from companion.wording import (
    about_kpa,
    advice_words,
    cost_lines,
    kpa,
    level_name,
    minutes,
    outcome_words,
    peak_words,
    score_words,
    zone_name,
)


def ending(summary: Summary) -> list[str]:
    """Return a session's outcome, steps, warnings and advice as lines, without line ends."""
    reached = [step for step in summary.steps if step.outcome != StepOutcome.NOT_REACHED]
    return [
        _head(summary),
        *(_step(step) for step in reached),
        *_not_reached(summary.steps),
        *_score(summary),
        *_warnings(summary.alerts),
        *(_missed(alert) for alert in summary.missed),
        *([text("cli.person.done_unwell")] if summary.outcome is SessionOutcome.UNWELL else []),
        *(text("cli.ending.advice", advice=advice_words(advice)) for advice in summary.advice),
    ]


def _score(summary: Summary) -> list[str]:
    said = score_words(summary.score, summary.unscored)
    lines = cost_lines(summary.score, summary.began_s)
    return [f"{said}.", *(f"  {line}" for line in lines)] if said else []


def _head(summary: Summary) -> str:
    return text(
        "cli.ending.head",
        outcome=outcome_words(summary.outcome),
        time=minutes(summary.duration_s),
        done=sum(step.outcome == StepOutcome.DONE for step in summary.steps),
        steps=len(summary.steps),
        gaps=text("cli.ending.gaps", seconds=summary.gaps_s) if summary.gaps_s else "",
    )


def _step(step: StepResult) -> str:
    return text(
        "cli.ending.step",
        place=zone_name(step.zone, step.side),
        outcome=outcome_words(step.outcome),
        count=_count(step),
        time=minutes(step.duration_s),
        pressure=_pressure(step),
    )


def _count(step: StepResult) -> str:
    """Return how many were done, or that nobody counted; empty where none were asked for."""
    if step.repetitions is None:
        return text("cli.ending.not_counted")
    if step.goal is None:
        return ""
    counted = text("cli.ending.count", done=step.repetitions, goal=step.goal)
    lacking = min(step.unseen, step.goal - step.repetitions)
    if lacking > 0:
        counted += text("counting.unseen", count=lacking)
    return counted


def _pressure(step: StepResult) -> str:
    """Return what was pressed, or why nobody can say; empty where nothing touched."""
    if step.kind is StepKind.HAND:
        return text("cli.ending.by_hand")
    if step.doubt is not None:
        return text("cli.ending.not_judged", reason=text(f"coaching.doubt.{step.doubt}"))
    if step.mean_kpa is None or step.peak_kpa is None:
        return ""
    return text("cli.ending.pressure", mean=about_kpa(step.mean_kpa), peak=kpa(step.peak_kpa))


def _not_reached(steps: tuple[StepResult, ...]) -> list[str]:
    places = [
        zone_name(step.zone, step.side) for step in steps if step.outcome == StepOutcome.NOT_REACHED
    ]
    return [text("cli.ending.not_reached", places="; ".join(places))] if places else []


def _warnings(alerts: tuple[AlertRecord, ...]) -> list[str]:
    if not alerts:
        return [text("cli.ending.no_warnings")]
    return [text("cli.ending.warnings", count=len(alerts)), *(_warning(one) for one in alerts)]


def _missed(alert: AlertRecord) -> str:
    return text(
        "link.again.ending",
        level=level_name(alert.level),
        place=zone_name(alert.zone, alert.side),
        peak=peak_words(alert.peak_kpa, is_least=alert.peak_is_least),
        limit=kpa(alert.limit_kpa),
    )


def _warning(alert: AlertRecord) -> str:
    lasted = text("cli.ending.open")
    if alert.cleared_s is not None:
        lasted = text("cli.ending.lasted", seconds=alert.cleared_s - alert.onset_s)
    return text(
        f"cli.ending.{alert.kind}",
        level=level_name(alert.level),
        place=zone_name(alert.zone, alert.side),
        peak=peak_words(alert.peak_kpa, is_least=alert.peak_is_least),
        limit=kpa(alert.limit_kpa),
        lasted=lasted,
    )
