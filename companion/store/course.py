"""What a session's events say of how its samples were judged: its zeros, and its steps."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

_MILLION: Final = 1_000_000
_LATEST_US: Final = 2**62


@dataclass(frozen=True, slots=True)
class Zero:
    """From when on the tool had a zero, or had lost it; microseconds of the session's clock."""

    from_us: int
    is_known: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A step as it was done.

    Attributes:
        step: its id.
        from_us: when it began.
        to_us: when it ended; None where the session broke off in it.
        by_hand: whether the bare hand worked: nothing is judged or counted.
        repetition: what one repetition was.
        technique: the technique it declares.
        band: low, high, caution and stop in kPa; None where no pressure was judged.
        result: the ``step_finished`` event; empty where there is none.
    """

    step: str
    from_us: int
    to_us: int | None
    by_hand: bool
    repetition: str
    technique: str
    band: tuple[float, float, float, float] | None
    result: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Course:
    """The course of a session: in order of time; pauses from and to, microseconds."""

    zeros: tuple[Zero, ...]
    stages: tuple[Stage, ...]
    pauses: tuple[tuple[int, int], ...]


def course_of(events: Iterable[Mapping[str, Any]], routine: Mapping[str, Any]) -> Course:
    """Return a session's course.

    Args:
        events: as they were kept; the first one says that the session began, which it does in the
            moment in which the tool has its zero.
        routine: as it was used.
    """
    kinds = {step["id"]: step["repetition"] for step in routine.get("steps", ())}
    zeros: list[Zero] = []
    stages: list[Stage] = []
    pauses: list[tuple[int, int]] = []
    for event in events:
        at_us = round(event["device_s"] * _MILLION)
        match event:
            case {"event": "session_started"} | {"event": "tool_tared", "done": True}:
                zeros.append(Zero(at_us, is_known=True))
            case {"event": "link_up", "resumed": False}:
                zeros.append(Zero(at_us, is_known=False))
            case {"event": "step_started"}:
                stages.append(_begun(event, at_us, kinds))
            case {"event": "step_finished"} if stages and stages[-1].step == event["step"]:
                stages[-1] = _ended(stages[-1], at_us, event)
            case {"event": "session_paused"}:
                pauses.append((at_us, _LATEST_US))
            case {"event": "session_resumed"} if pauses:
                pauses[-1] = (pauses[-1][0], at_us)
            case _:
                pass
    return Course(tuple(zeros), tuple(stages), tuple(pauses))


def _begun(event: Mapping[str, Any], at_us: int, kinds: Mapping[str, str]) -> Stage:
    return Stage(
        step=event["step"],
        from_us=at_us,
        to_us=None,
        by_hand=event["kind"] == "hand",
        repetition=kinds.get(event["step"], "stroke"),
        technique=event["technique"],
        band=None if event["cannot_judge"] else _band(event["band"]),
        result={},
    )


def _ended(stage: Stage, at_us: int, result: Mapping[str, Any]) -> Stage:
    return Stage(
        step=stage.step,
        from_us=stage.from_us,
        to_us=at_us,
        by_hand=stage.by_hand,
        repetition=stage.repetition,
        technique=stage.technique,
        band=stage.band,
        result=result,
    )


def _band(band: Mapping[str, float] | None) -> tuple[float, float, float, float] | None:
    if band is None:
        return None
    return band["low_kpa"], band["high_kpa"], band["caution_kpa"], band["stop_kpa"]


def stage_fields(stages: Sequence[Stage], area_m2: float | None) -> list[dict[str, Any]]:
    """Return steps as a tool file has them: limits in newtons, times in seconds.

    Args:
        stages: the steps.
        area_m2: contact area of the tool; None where not known, and then nothing was judged.
    """
    return [
        {
            "step": stage.step,
            "from_s": stage.from_us / _MILLION,
            "to_s": None if stage.to_us is None else stage.to_us / _MILLION,
            "rep": None if stage.by_hand else stage.repetition,
            "technique": None if stage.by_hand else stage.technique,
        }
        | _limits(stage, area_m2)
        for stage in stages
    ]


def _limits(stage: Stage, area_m2: float | None) -> dict[str, float | None]:
    names = ("low_n", "high_n", "caution_n", "stop_n")
    if stage.by_hand or stage.band is None or area_m2 is None:
        return dict.fromkeys(names)
    newtons = [kpa * 1e3 * area_m2 for kpa in stage.band]
    return dict(zip(names, newtons, strict=True))
