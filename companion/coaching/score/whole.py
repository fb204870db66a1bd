"""The score of a session: the points of its steps, added up."""

from collections.abc import Sequence

from companion.coaching.events.results import StepResult
from companion.coaching.events.score import (
    Part,
    PartScore,
    Score,
    Unscored,
    UnscoredReason,
)
from companion.coaching.routine import StepKind
from companion.coaching.score.facts import known_share, too_little_known
from companion.coaching.score.step import put_together
from companion.coaching.score.weights import TOUCH_AT_LEAST_S
from companion.sensing.types import Level


def session_score(results: Sequence[StepResult]) -> Score | Unscored:
    """Return the score of a session, or why there is none.

    Args:
        results: all its steps; those without a score of their own are left out, but the time
            in which they were not known counts.
    """
    steps = [result for result in results if result.kind is StepKind.TOOL]
    if not steps:
        return Unscored(reason=UnscoredReason.BY_HAND)
    share = known_share(sum(r.known_s for r in steps), sum(r.unknown_s for r in steps))
    unknown = too_little_known(share)
    if unknown is not None:
        return unknown
    if sum(map(_judged_s, steps)) < TOUCH_AT_LEAST_S:
        return Unscored(reason=UnscoredReason.TOO_LITTLE_TOUCH, known_share=share)
    scores = [result.score for result in steps if result.score is not None]
    return put_together(_parts(scores), [score.losses for score in scores])


def _parts(scores: Sequence[Score]) -> list[PartScore]:
    kept, possible = dict.fromkeys(Part, 0), dict.fromkeys(Part, 0)
    for part in (part for score in scores for part in score.parts):
        kept[part.part] += part.points
        possible[part.part] += part.possible
    return [
        PartScore(part=part, points=kept[part], possible=possible[part])
        for part in Part
        if possible[part]
    ]


def _judged_s(result: StepResult) -> float:
    return sum(
        seconds for level, seconds in result.seconds_by_level.items() if level != Level.UNKNOWN
    )
