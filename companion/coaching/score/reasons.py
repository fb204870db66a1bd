"""Losses of one kind in one step, taken together: what a person can be told."""

from collections.abc import Sequence
from dataclasses import dataclass

from companion.coaching.events.score import Loss, Score


@dataclass(frozen=True, slots=True)
class Cost:
    """What one kind of fault cost in one step.

    Attributes:
        points: of all its losses.
        losses: in order of time, at least one.
    """

    points: int
    losses: Sequence[Loss]

    @property
    def gravest(self) -> Loss:
        """The loss that cost most, the first of them."""
        return max(self.losses, key=lambda loss: loss.points)


def costs(score: Score) -> list[Cost]:
    """Return what was wrong, step by step, the most expensive first."""
    found: dict[tuple[str, str], list[Loss]] = {}
    for loss in sorted(score.losses, key=lambda loss: loss.from_s):
        found.setdefault((loss.step, loss.kind), []).append(loss)
    made = [Cost(sum(loss.points for loss in losses), losses) for losses in found.values()]
    return sorted(made, key=lambda cost: -cost.points)
