"""What each place of the face got: time on the skin, pressure, and how much of it is known."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from companion.coaching.events import StepOutcome, StepResult
from companion.coaching.routine import Side, StepKind, Zone
from companion.palette import SIGNS
from companion.report.markup import Markup, joined, name, table, tag
from companion.sensing.types import Level
from companion.texts import text
from companion.wording import (
    doubt_words,
    kpa,
    level_name,
    minutes,
    outcome_words,
    score_words,
    zone_name,
)

RISING: Final = (Level.LIGHT, Level.ON_TARGET, Level.FIRM, Level.CAUTION, Level.STOP)
"""The levels of a known pressure, the gravest last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What one zone got on one side, steps on the same place taken together.

    Attributes:
        zone: where.
        side: the person's own side.
        contact_s: time on the skin.
        judged_s: of it, with a pressure that was judged.
        mean_kpa: mean pressure of that time; None without any.
        peak_kpa: the highest; None without any.
        worst: the gravest level of it; None without any.
        by_hand_s: time of steps that fingers did.
    """

    zone: Zone
    side: Side
    contact_s: float
    judged_s: float
    mean_kpa: float | None
    peak_kpa: float | None
    worst: Level | None
    by_hand_s: float


def judged_s(step: StepResult) -> float:
    """Return the seconds on the skin in which a step's pressure was known."""
    return sum(step.seconds_by_level.get(level.value, 0.0) for level in RISING)


def places_of(steps: Iterable[StepResult]) -> list[Place]:
    """Return what each place got, in the order of the face from above."""
    found: dict[tuple[Zone, Side], list[StepResult]] = {}
    for step in steps:
        if step.outcome != StepOutcome.NOT_REACHED:
            found.setdefault((step.zone, step.side), []).append(step)
    keys = [(zone, side) for zone in Zone for side in Side if (zone, side) in found]
    return [_place(key, found[key]) for key in keys]


def merged(places: Iterable[Place]) -> Place:
    """Return several places taken together, as the first of them."""
    known = list(places)
    judged = [each for each in known if each.mean_kpa is not None]
    worst = [each.worst for each in known if each.worst is not None]
    time_s = sum(each.judged_s for each in judged)
    return Place(
        zone=known[0].zone,
        side=known[0].side,
        contact_s=sum(each.contact_s for each in known),
        judged_s=time_s,
        mean_kpa=_mean([(each.mean_kpa or 0.0, each.judged_s) for each in judged]),
        peak_kpa=max((each.peak_kpa or 0.0 for each in judged), default=None),
        worst=max(worst, key=RISING.index, default=None),
        by_hand_s=sum(each.by_hand_s for each in known),
    )


def level_words(level: Level) -> Markup:
    """Return a level with its sign and its colour, neither of them alone."""
    sign = tag("span", SIGNS[level], class_=f"sign {level.value}", aria_hidden="true")
    return joined([sign, f" {level_name(level)}"])


def steps_table(steps: Iterable[StepResult]) -> Markup:
    """Return what each step came to."""
    names = ("step", "place", "outcome", "counted", "lasted", "mean", "peak", "on_target", "score")
    return table(
        text("report.steps.title"),
        [text(f"report.steps.{each}") for each in names],
        [(name(step.step), *_step(step)) for step in steps],
    )


def places_table(places: Iterable[Place]) -> Markup:
    """Return what each place got, in figures."""
    names = ("place", "contact", "judged", "mean", "peak", "worst", "by_hand")
    return table(
        text("report.places.table"),
        [text(f"report.places.{each}") for each in names],
        [_row(place) for place in places],
    )


def pressure_words(value: float | None) -> str:
    """Return a pressure with its unit; a dash where there is none."""
    return "-" if value is None else f"{kpa(value)} kPa"


def _row(place: Place) -> tuple[str, ...]:
    unknown = place.contact_s > 0 and place.mean_kpa is None
    return (
        zone_name(place.zone, place.side)
        if place.side is not Side.BOTH
        else text("report.places.both", place=zone_name(place.zone)),
        minutes(place.contact_s),
        minutes(place.judged_s),
        text("report.cannot_judge") if unknown else pressure_words(place.mean_kpa),
        pressure_words(place.peak_kpa),
        "-" if place.worst is None else level_words(place.worst),
        minutes(place.by_hand_s) if place.by_hand_s else "-",
    )


def _step(step: StepResult) -> tuple[str, ...]:
    on_target_s, known_s = step.seconds_by_level.get(Level.ON_TARGET.value, 0.0), judged_s(step)
    share = f"{100 * on_target_s / known_s:.0f} %" if known_s else "-"
    said = score_words(step.score, step.unscored)
    if step.score is not None:
        said = text("report.points", points=step.score.points, possible=step.score.possible)
    return (
        zone_name(step.zone, step.side),
        outcome_words(step.outcome),
        _counted(step),
        minutes(step.duration_s),
        _mean_words(step),
        pressure_words(step.peak_kpa),
        share,
        said or "-",
    )


def _counted(step: StepResult) -> str:
    if step.kind is StepKind.HAND:
        return "-"
    if step.repetitions is None:
        return text("report.steps.not_counted")
    if step.goal is None:
        return str(step.repetitions)
    return text("report.points", points=step.repetitions, possible=step.goal)


def _mean_words(step: StepResult) -> str:
    if step.kind is StepKind.HAND:
        return text("report.by_hand")
    if step.doubt is not None:
        return doubt_words(step.doubt)
    return pressure_words(step.mean_kpa)


def _place(key: tuple[Zone, Side], steps: list[StepResult]) -> Place:
    tool = [step for step in steps if step.kind is StepKind.TOOL]
    judged = [step for step in tool if step.mean_kpa is not None]
    seconds: Mapping[Level, float] = {
        level: sum(step.seconds_by_level.get(level.value, 0.0) for step in tool) for level in RISING
    }
    return Place(
        zone=key[0],
        side=key[1],
        contact_s=sum(sum(step.seconds_by_level.values()) for step in tool),
        judged_s=sum(map(judged_s, judged)),
        mean_kpa=_mean([(step.mean_kpa or 0.0, judged_s(step)) for step in judged]),
        peak_kpa=max((step.peak_kpa or 0.0 for step in judged), default=None),
        worst=next((level for level in reversed(RISING) if seconds[level] > 0), None),
        by_hand_s=sum(step.duration_s for step in steps if step.kind is StepKind.HAND),
    )


def _mean(weighed: list[tuple[float, float]]) -> float | None:
    """Return the mean of values with weights; None without weight."""
    total = sum(weight for _, weight in weighed)
    return sum(value * weight for value, weight in weighed) / total if total else None
