"""A routine made to fit a person: limits lowered, steps left out, each with its reason."""

from dataclasses import dataclass, replace

from companion.coaching.person import Block, Care, Trait, lowered
from companion.coaching.routine import Routine, Step, StepKind, Zone


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A step that this person is not guided through today.

    Attributes:
        step: which.
        blocks: why its zone is to be left alone; empty where the technique is refused.
        traits: what refuses its technique; empty where the zone is blocked.
    """

    step: Step
    blocks: tuple[Block, ...]
    traits: tuple[Trait, ...]


@dataclass(frozen=True, slots=True)
class Fitted:
    """What is left of a routine.

    Attributes:
        routine: None where no step is left.
        left_out: in the order of the routine.
        lowered: ids of steps whose limits were lowered.
    """

    routine: Routine | None
    left_out: tuple[LeftOut, ...]
    lowered: tuple[str, ...]


def fitted(routine: Routine, care: Care, *, edge: bool = False) -> Fitted:
    """Return a routine as it holds for a person today.

    Args:
        routine: as its file has it.
        care: what holds for the person.
        edge: the tool works with an edge, as a stone does.
    """
    left_out = tuple(found for step in routine.steps if (found := _left_out(step, care, edge=edge)))
    gone = {found.step.id for found in left_out}
    kept = (step for step in routine.steps if step.id not in gone)
    steps = tuple(with_factor(step, care.factor(step.zone)) for step in kept)
    before = {step.id: step.band for step in routine.steps}
    changed = tuple(step.id for step in steps if step.band != before[step.id])
    return Fitted(replace(routine, steps=steps) if steps else None, left_out, changed)


def without_zones(
    routine: Routine, off: frozenset[Zone]
) -> tuple[Routine | None, tuple[Step, ...]]:
    """Return what is left of a routine for a tool that some zones are no place for, and what not.

    Args:
        routine: for a person.
        off: zones that the tool is kept away from; the bare hand may work there.
    """
    gone = tuple(s for s in routine.steps if s.kind is StepKind.TOOL and s.zone in off)
    steps = tuple(step for step in routine.steps if step not in gone)
    return replace(routine, steps=steps) if steps else None, gone


def _left_out(step: Step, care: Care, *, edge: bool) -> LeftOut | None:
    if blocks := care.blocks(step.zone):
        return LeftOut(step, blocks, ())
    by_tool = edge and step.kind is StepKind.TOOL
    if traits := care.refusing(step.zone, step.technique, edge=by_tool):
        return LeftOut(step, (), traits)
    return None


def with_factor(step: Step, factor: float) -> Step:
    """Return a step with its limits lowered; who needs more care gets none that were raised.

    Args:
        step: as its file has it.
        factor: up to 1, which changes nothing.
    """
    if step.band is None or factor >= 1.0:
        return step
    band = step.unaccepted or step.band
    return replace(step, band=lowered(band, factor), accepted="", unaccepted=None)
