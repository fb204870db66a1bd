"""The steps in which a recording was made, as a session's export tells them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, TypeGuard

from companion.sensing.replay import Turn
from companion.sensing.types import Band, RepetitionKind, Task, Technique

NEWTONS_PER_KPA = 1.0
"""On the area on which recordings are judged a newton is a kilopascal."""
_LIMITS = ("low_n", "high_n", "caution_n", "stop_n")
_LARGEST = 1e12
_MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Stage:
    """One step.

    Attributes:
        step: its id.
        from_us: it begins after the sample of this time.
        to_us: it ends after the sample of this time; None where the recording broke off in it.
        task: what was looked for; None where the bare hand worked.
    """

    step: str
    from_us: int
    to_us: int | None
    task: Task | None


def read_steps(value: object) -> tuple[Stage, ...] | None:
    """Return the steps of a tool file; nothing where it has none, None where they are no steps."""
    if value is None:
        return ()
    if not isinstance(value, list):
        return None
    stages = [_stage(entry) for entry in value]
    known = [stage for stage in stages if stage is not None]
    if len(known) < len(stages) or not _in_order(known):
        return None
    return tuple(known)


def turns(stages: Sequence[Stage]) -> list[Turn]:
    """Return what changes when, in order of time."""
    found: list[Turn] = []
    open_until: int | None = None
    for stage in stages:
        if open_until is not None and open_until < stage.from_us:
            found.append(Turn(open_until, ends=True, begins=False, task=None))
        goes_on = open_until is not None and open_until == stage.from_us
        found.append(Turn(stage.from_us, ends=goes_on, begins=True, task=stage.task))
        open_until = stage.to_us
    if open_until is not None:
        found.append(Turn(open_until, ends=True, begins=False, task=None))
    return found


def is_number(value: object) -> TypeGuard[int | float]:
    """Return whether a value of JSON is a number that can be meant."""
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < _LARGEST


def _in_order(stages: Sequence[Stage]) -> bool:
    each = all(stage.to_us is None or stage.to_us >= stage.from_us for stage in stages)
    return each and all(
        before.to_us is not None and before.to_us <= after.from_us
        for before, after in pairwise(stages)
    )


def _stage(entry: object) -> Stage | None:
    if not isinstance(entry, Mapping):
        return None
    from_s, to_s = entry.get("from_s"), entry.get("to_s")
    if not is_number(from_s) or not (to_s is None or is_number(to_s)):
        return None
    try:
        task = _task(entry)
    except ValueError:
        return None
    to_us = None if to_s is None else round(to_s * _MILLION)
    return Stage(str(entry.get("step", "")), round(from_s * _MILLION), to_us, task)


def _task(entry: Mapping[str, Any]) -> Task | None:
    """Return the task of a step.

    Raises:
        ValueError: a word or a limit is none.
    """
    if entry.get("rep") is None:
        return None
    technique = Technique(str(entry.get("technique")))
    return Task(RepetitionKind(entry["rep"]), technique, _band(entry), reads_posture=True)


def _band(entry: Mapping[str, Any]) -> Band | None:
    limits = [entry.get(name) for name in _LIMITS]
    if limits == [None] * len(_LIMITS):
        return None
    known = [limit / NEWTONS_PER_KPA for limit in limits if is_number(limit) and limit >= 0]
    if len(known) < len(_LIMITS) or sorted(known) != known:
        raise ValueError("limits")
    low, high, caution, stop = known
    return Band(low, high, caution, stop)
