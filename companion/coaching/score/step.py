"""The score of one step, part by part."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from companion.coaching.events.results import AlertRecord, StepOutcome
from companion.coaching.events.score import (
    Loss,
    LossKind,
    Part,
    PartScore,
    Score,
    Unscored,
    UnscoredReason,
)
from companion.coaching.hints.tempo import Pace, PaceFacts
from companion.coaching.routine import StepKind
from companion.coaching.score.dealing import dealt, whole_points
from companion.coaching.score.facts import StepFacts, StrokeFacts, known_share, too_little_known
from companion.coaching.score.weights import (
    CAUTION_PER_S,
    CAUTION_POINTS,
    EDGE_S,
    SECONDS_FREE,
    STOP_PER_S,
    STOP_POINTS,
    WEIGHTS,
)
from companion.coaching.squeezes import SQUEEZED
from companion.coaching.tally import LevelRun
from companion.sensing.types import Level, Technique

_OFF = {Level.LIGHT: LossKind.LIGHT, Level.FIRM: LossKind.FIRM}
_OFF_PACE = {Pace.FAST: LossKind.RUSHED, Pace.SLOW: LossKind.TOO_SLOW}
_WARNED = frozenset({Level.CAUTION, Level.STOP})
_ENDED_BY_ITSELF = frozenset({StepOutcome.DONE, StepOutcome.SHORT})


def step_score(facts: StepFacts) -> Score | Unscored:
    """Return the score of a step, or why there is none."""
    if facts.step.kind is StepKind.HAND:
        return Unscored(reason=UnscoredReason.BY_HAND)
    if facts.outcome is StepOutcome.NOT_REACHED and facts.is_excused:
        return Unscored(reason=UnscoredReason.NOT_REACHED)
    unknown = too_little_known(known_share(facts.known_s, facts.unknown_s))
    if unknown is not None:
        return unknown
    judged = {
        Part.BAND: _band(facts),
        Part.OVER_PRESSURE: _over_pressure(facts),
        Part.DIRECTION: _direction(facts),
        Part.TEMPO: _tempo(facts),
        Part.REPETITIONS: _repetitions(facts),
        Part.COMPLETENESS: _completeness(facts),
    }
    known = {part: losses for part, losses in judged.items() if losses is not None}
    return put_together([_part(part, losses) for part, losses in known.items()], known.values())


def put_together(parts: Iterable[PartScore], losses: Iterable[Sequence[Loss]]) -> Score | Unscored:
    """Return the score that parts and losses make; nothing known makes none."""
    parts = tuple(parts)
    possible = sum(part.possible for part in parts)
    if not possible:
        return Unscored(reason=UnscoredReason.TOO_LITTLE_TOUCH)
    points = sum(part.points for part in parts)
    all_losses = [loss for some in losses for loss in some if loss.points]
    return Score(
        points=points,
        possible=possible,
        percent=100 * points // possible,
        parts=parts,
        losses=tuple(sorted(all_losses, key=lambda loss: (-loss.points, loss.from_s))),
    )


def _part(part: Part, losses: Sequence[Loss]) -> PartScore:
    possible = WEIGHTS[part]
    lost = sum(loss.points for loss in losses)
    return PartScore(part=part, points=possible - lost, possible=possible)


def _band(facts: StepFacts) -> list[Loss] | None:
    """Charge time off the target as its share of the judged time; warned contact is no part of it.

    A contact that was warned about is charged by its warning alone. For gliding the first half
    second of being light or firm costs nothing, and is not judged either. What is judged by its
    peak, a tap or a squeeze, has no such edges.
    """
    edge_s = 0.0 if facts.step.technique in {Technique.TAP, *SQUEEZED} else EDGE_S
    warned = {run.contact for run in facts.runs if _is_warned(run, facts.warnings)}
    runs = [run for run in facts.runs if run.contact not in warned]
    off = [(run, run.seconds - edge_s) for run in runs if run.level in _OFF]
    off = [(run, seconds) for run, seconds in off if seconds > 0]
    on_s = sum(run.seconds for run in runs if run.level is Level.ON_TARGET)
    off_s = sum(seconds for _, seconds in off)
    if not on_s + off_s:
        return [] if warned else None
    lost = whole_points(WEIGHTS[Part.BAND] * off_s / (on_s + off_s))
    shares = dealt(lost, [seconds for _, seconds in off])
    return [
        _off_target(facts, run, seconds, points)
        for (run, seconds), points in zip(off, shares, strict=True)
    ]


def _is_warned(run: LevelRun, warnings: Sequence[AlertRecord]) -> bool:
    return run.level in _WARNED or any(
        run.from_s <= _end_s(warning) and warning.onset_s <= run.to_s for warning in warnings
    )


def _end_s(warning: AlertRecord) -> float:
    return warning.raised_s if warning.cleared_s is None else warning.cleared_s


def _off_target(facts: StepFacts, run: LevelRun, seconds: float, points: int) -> Loss:
    band, kind = facts.step.band, _OFF[run.level]
    ends = (None, None) if band is None else (band.low_kpa, band.high_kpa)
    limit = ends[kind is LossKind.FIRM]
    loss = _loss(facts, kind, Part.BAND, points=points, from_s=run.from_s, to_s=run.to_s)
    return replace(
        loss, seconds=seconds, level=run.level, pressure_kpa=run.peak_kpa, limit_kpa=limit
    )


def _over_pressure(facts: StepFacts) -> list[Loss] | None:
    """Charge every warning by level and time; together not more than the part has."""
    if not any(run.level is not Level.UNKNOWN for run in facts.runs) and not facts.warnings:
        return None
    prices = [_price(warning) for warning in facts.warnings]
    most = WEIGHTS[Part.OVER_PRESSURE]
    if sum(prices) > most:
        prices = dealt(most, prices)
    return [
        _warned(facts, warning, points)
        for warning, points in zip(facts.warnings, prices, strict=True)
    ]


def _warned(facts: StepFacts, warning: AlertRecord, points: int) -> Loss:
    loss = _loss(
        facts,
        LossKind.OVER_PRESSURE,
        Part.OVER_PRESSURE,
        points=points,
        from_s=warning.onset_s,
        to_s=_end_s(warning),
    )
    return replace(
        loss,
        level=warning.level,
        pressure_kpa=warning.peak_kpa,
        is_least=warning.peak_is_least,
        limit_kpa=warning.limit_kpa,
        alert=warning.alert,
    )


def _price(warning: AlertRecord) -> int:
    is_stop = warning.level is Level.STOP
    first, each = (STOP_POINTS, STOP_PER_S) if is_stop else (CAUTION_POINTS, CAUTION_PER_S)
    held_s = max(0.0, _end_s(warning) - warning.onset_s - SECONDS_FREE)
    return first + each * whole_points(held_s)


def _direction(facts: StepFacts) -> list[Loss] | None:
    judged = [stroke for stroke in facts.strokes if stroke.is_right is not None]
    wrong = [
        replace(
            _between(facts, LossKind.WRONG_DIRECTION, Part.DIRECTION, stroke.from_s, stroke.to_s),
            direction=stroke.direction,
            wanted=facts.step.direction,
        )
        for stroke in judged
        if not stroke.is_right
    ]
    return _shared(wrong, len(judged), Part.DIRECTION)


def _tempo(facts: StepFacts) -> list[Loss] | None:
    """Charge strokes by their speed, and repetitions by their rate where the step asks for one."""
    by_speed = [
        (stroke.pace, replace(_off_pace(facts, stroke.pace, stroke), speed_cm_s=stroke.speed_cm_s))
        for stroke in facts.strokes
        if stroke.pace is not None
    ]
    by_rate = [
        (rate.pace, replace(_off_pace(facts, rate.pace, rate), per_minute=rate.per_minute))
        for rate in facts.paces
    ]
    judged = [*by_speed, *by_rate]
    return _shared([loss for pace, loss in judged if pace in _OFF_PACE], len(judged), Part.TEMPO)


def _off_pace(facts: StepFacts, pace: Pace, found: StrokeFacts | PaceFacts) -> Loss:
    kind = _OFF_PACE.get(pace, LossKind.RUSHED)
    return _between(facts, kind, Part.TEMPO, found.from_s, found.to_s)


def _between(facts: StepFacts, kind: LossKind, part: Part, from_s: float, to_s: float) -> Loss:
    return _loss(facts, kind, part, points=0, from_s=from_s, to_s=to_s)


def _shared(wrong: Sequence[Loss], judged: int, part: Part) -> list[Loss] | None:
    """Charge what was wrong as its share of what could be judged; None where nothing could."""
    if not judged:
        return None
    lost = whole_points(WEIGHTS[part] * len(wrong) / judged)
    shares = dealt(lost, [1.0] * len(wrong))
    return [replace(loss, points=points) for loss, points in zip(wrong, shares, strict=True)]


def _repetitions(facts: StepFacts) -> list[Loss] | None:
    goal = facts.step.repetitions
    if goal is None or facts.is_uncounted or facts.is_excused:
        return None
    points = whole_points(WEIGHTS[Part.REPETITIONS] * facts.missing / goal)
    return _undone(facts, LossKind.REPETITIONS_MISSING, Part.REPETITIONS, points)


def _completeness(facts: StepFacts) -> list[Loss] | None:
    """Charge a step that was left: a counted one wholly, a timed one by the time that is missing.

    A counted one that lacks no more than a miscount was not left. Of one that the tool cannot
    count nobody knows whether it was: only where nothing was done of it that is certain.
    """
    if facts.is_excused:
        return None
    left = facts.outcome not in _ENDED_BY_ITSELF
    if left and facts.is_uncounted and facts.runs:
        return None
    share = _left_share(facts, left=left)
    points = whole_points(WEIGHTS[Part.COMPLETENESS] * share)
    return _undone(facts, LossKind.LEFT_EARLY, Part.COMPLETENESS, points)


def _left_share(facts: StepFacts, *, left: bool) -> float:
    if not left:
        is_idle = facts.outcome is StepOutcome.SHORT or facts.is_uncounted
        return 1.0 if is_idle and not facts.runs else 0.0
    if facts.is_uncounted:
        return 1.0
    if facts.step.repetitions is not None:
        return 1.0 if facts.missing else 0.0
    return max(0.0, 1.0 - facts.elapsed_s / facts.step.time_limit_s)


def _undone(facts: StepFacts, kind: LossKind, part: Part, points: int) -> list[Loss]:
    if not points:
        return []
    loss = _loss(facts, kind, part, points=points, from_s=facts.from_s, to_s=facts.to_s)
    return [replace(loss, count=facts.repetitions, goal=facts.step.repetitions)]


def _loss(
    facts: StepFacts, kind: LossKind, part: Part, *, points: int, from_s: float, to_s: float
) -> Loss:
    step = facts.step
    return Loss(
        kind=kind,
        part=part,
        points=points,
        step=step.id,
        zone=step.zone,
        side=step.side,
        from_s=from_s,
        to_s=to_s,
        seconds=max(0.0, to_s - from_s),
    )
