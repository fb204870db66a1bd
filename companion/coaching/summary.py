"""What was done and what to do better, from results and warnings alone."""

from collections.abc import Sequence
from dataclasses import replace

from companion.coaching.alerts import OVER_PRESSURE, TOO_LIGHT
from companion.coaching.events import (
    Advice,
    AdviceKind,
    AlertRecord,
    LossKind,
    StepOutcome,
    StepResult,
)
from companion.coaching.hints.tempo import fastest_cm_s, rate_limits, slowest_cm_s
from companion.coaching.routine import Step
from companion.sensing.types import Level, Technique

OFF_SHARE = 0.25
"""Share of judged contact above the target, or below it, from which it is worth saying. Source:
ours, D."""

LIGHT_LEAST_S = 1.0
"""Seconds below it from which it is: every touch begins lightly. Source: ours, D."""

GAPS_WORTH_SAYING_S = 1.0
"""Seconds without samples from which they are worth saying. Source: ours, D."""

_JUDGED = (Level.LIGHT, Level.ON_TARGET, Level.FIRM, Level.CAUTION, Level.STOP)


def advice(
    steps: Sequence[Step],
    results: Sequence[StepResult],
    alerts: Sequence[AlertRecord],
    gaps_s: float,
) -> tuple[Advice, ...]:
    """Return what to do better: too firm first, then step by step, then the tool's silence.

    Args:
        steps: the routine's steps.
        results: one for each of them.
        alerts: every warning of the session.
        gaps_s: seconds without samples.
    """
    pairs = list(zip(steps, results, strict=True))
    pressed = [_pressed(step, alerts) for step, _ in pairs]
    others = [_other(step, result, alerts) for step, result in pairs]
    short = [_short(step, result) for step, result in pairs]
    others = [*others, *(_technique(step, result) for step, result in pairs)]
    strokes = [found for step, result in pairs for found in _strokes(step, result)]
    gaps = Advice(kind=AdviceKind.GAPS, seconds=gaps_s) if gaps_s >= GAPS_WORTH_SAYING_S else None
    return tuple(
        found for found in (*pressed, *others, *strokes, *short, gaps) if found is not None
    )


def _pressed(step: Step, alerts: Sequence[AlertRecord]) -> Advice | None:
    warned = [a for a in alerts if a.step == step.id and a.kind == OVER_PRESSURE]
    if not warned or step.band is None:
        return None
    return Advice(
        kind=AdviceKind.OVER_PRESSURE,
        step=step.id,
        zone=step.zone,
        side=step.side,
        pressure_kpa=max(alert.peak_kpa for alert in warned),
        is_least=any(alert.peak_is_least for alert in warned),
        limit_kpa=step.band.caution_kpa,
    )


def _other(step: Step, result: StepResult, alerts: Sequence[AlertRecord]) -> Advice | None:
    if result.doubt is not None:
        kind, seconds = AdviceKind.NOT_JUDGED, None
    elif any(a.step == step.id and a.kind == TOO_LIGHT for a in alerts):
        kind, seconds = AdviceKind.TOO_LIGHT, None
    elif (seconds := _off_s(result, Level.FIRM)) is not None:
        kind = AdviceKind.FIRM
    elif _is_light(step, result):
        kind, seconds = AdviceKind.TOO_LIGHT, None
    else:
        return None
    return Advice(
        kind=kind,
        step=step.id,
        zone=step.zone,
        side=step.side,
        limit_kpa=step.band.low_kpa if step.band else None,
        upper_kpa=step.band.high_kpa if step.band else None,
        seconds=seconds,
        doubt=result.doubt,
    )


def _is_light(step: Step, result: StepResult) -> bool:
    """Return whether it was too light for a share to name; taps are brief, whatever they are."""
    light_s = _off_s(result, Level.LIGHT) or 0.0
    least_s = 0.0 if step.technique is Technique.TAP else LIGHT_LEAST_S
    return round(light_s, 3) > least_s


def _off_s(result: StepResult, level: Level) -> float | None:
    """Return the seconds at a level, where they are a share of judged contact to name."""
    judged_s = sum(result.seconds_by_level.get(level, 0.0) for level in _JUDGED)
    off_s = result.seconds_by_level.get(level, 0.0)
    return off_s if off_s and off_s >= OFF_SHARE * judged_s else None


def _technique(step: Step, result: StepResult) -> Advice | None:
    if not result.is_other_technique:
        return None
    kind, asked = AdviceKind.WRONG_TECHNIQUE, step.technique
    return Advice(kind=kind, step=step.id, zone=step.zone, side=step.side, asked=asked)


def _short(step: Step, result: StepResult) -> Advice | None:
    """Say so where fewer were done than asked for, and no lost samples can hide the others."""
    may_be = (result.repetitions or 0) + result.unseen
    hides = result.unseen > 0 and result.goal is not None and may_be >= result.goal
    if result.outcome != StepOutcome.SHORT or hides:
        return None
    return Advice(
        kind=AdviceKind.SHORT,
        step=step.id,
        zone=step.zone,
        side=step.side,
        count=result.repetitions,
        goal=result.goal,
    )


def _strokes(step: Step, result: StepResult) -> list[Advice]:
    """Return what was wrong with strokes, where it cost points."""
    losses = [] if result.score is None else [loss.kind for loss in result.score.losses]
    place = Advice(kind=AdviceKind.RUSHED, step=step.id, zone=step.zone, side=step.side)
    found = []
    if wrong := losses.count(LossKind.WRONG_DIRECTION):
        kind = AdviceKind.WRONG_DIRECTION
        found.append(replace(place, kind=kind, count=wrong, wanted=step.direction))
    rates = rate_limits(step)
    for loss, kind, speed_cm_s, rate in (
        (LossKind.RUSHED, AdviceKind.RUSHED, fastest_cm_s(step), rates and rates[1]),
        (LossKind.TOO_SLOW, AdviceKind.TOO_SLOW, slowest_cm_s(step), rates and rates[0]),
    ):
        if count := losses.count(loss):
            limit_cm_s = speed_cm_s if rates is None else None
            off = replace(place, kind=kind, count=count, limit_cm_s=limit_cm_s)
            found.append(replace(off, limit_per_minute=rate))
    return found
