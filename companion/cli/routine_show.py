"""A routine as it is shown: as its file has it, or as it holds for somebody today."""

from collections.abc import Iterator
from dataclasses import replace

from companion.cli.endings import UsageRefused
from companion.cli.person import known_person, today
from companion.cli.persons import left_out_notice
from companion.cli.printing import json_text, table
from companion.coaching.care import KindOfTool
from companion.coaching.fitting import Fitted, LeftOut, fitted
from companion.coaching.person import Care
from companion.coaching.routine import Routine, Step, StepKind
from companion.settings.care import load_care, load_person_rules
from companion.settings.routines import load_routine, shadowing
from companion.strict_json import as_plain
from companion.texts import text
from companion.wording import technique_name, times, zone_name


def show_routine(
    name_or_path: str, person: str | None, kind: str | None = None, *, as_json: bool
) -> None:
    """Print a routine.

    Args:
        name_or_path: which.
        person: for whom; None to show it as its file has it.
        kind: for which kind of tool in the care table the force is told, too; None for none.
        as_json: one object in place of lines.

    Raises:
        FileRefused: the routine, the care file or the file of answers cannot be used.
        UsageRefused: nobody of that name, or no such kind of tool.
    """
    routine = load_routine(name_or_path)
    tool = None if kind is None else _kind(kind)
    fit = Fitted(routine, (), ()) if person is None else _fitted(routine, person)
    if as_json:
        print(json_text(_fields(name_or_path, routine, fit, person) | _forces(fit, tool)))
        return
    print("\n".join(_lines(name_or_path, routine, fit, person, tool)))


def _kind(name: str) -> KindOfTool:
    tools = load_care().tools
    if name not in tools:
        raise UsageRefused("cli.routines.no_such_kind", name=name, known=", ".join(tools))
    return tools[name]


def _forces(fit: Fitted, tool: KindOfTool | None) -> dict[str, object]:
    """Return each step's limits as force; null where a step has none, or the tool is too wide."""
    if tool is None or fit.routine is None:
        return {}
    return {"tool": tool.id, "force_n": {s.id: _force_n(s, tool) for s in fit.routine.steps}}


def _force_n(step: Step, tool: KindOfTool) -> dict[str, float] | None:
    if step.band is None or step.zone in tool.off:
        return None
    limits = {
        "low": step.band.low_kpa,
        "high": step.band.high_kpa,
        "caution": step.band.caution_kpa,
        "stop": step.band.stop_kpa,
    }
    return {name: tool.force_n(pressure_kpa) for name, pressure_kpa in limits.items()}


def _fitted(routine: Routine, name: str) -> Fitted:
    return fitted(routine, Care(load_person_rules(), known_person(name), today()))


def _fields(
    name_or_path: str, routine: Routine, fit: Fitted, person: str | None
) -> dict[str, object]:
    rest = fit.routine or replace(routine, steps=())
    shown = as_plain(rest) | {"shadows_shipped": shadowing(name_or_path) is not None}
    if person is None:
        return shown
    gone = [{"step": left.step.id, "reason": _why(left)} for left in fit.left_out]
    return shown | {"person": person, "left_out": gone, "lowered": list(fit.lowered)}


def _why(left: LeftOut) -> str:
    notice = left_out_notice(left)
    return text(notice.key, **notice.values)


def _lines(
    name_or_path: str,
    routine: Routine,
    fit: Fitted,
    person: str | None,
    tool: KindOfTool | None,
) -> Iterator[str]:
    yield routine.title
    yield text("cli.routines.source", source=routine.source)
    if routine.evidence:
        yield text("cli.routines.evidence", evidence=routine.evidence)
    if file := shadowing(name_or_path):
        yield text("files.own.in_place", file=file)
    if person is not None:
        yield text("cli.routines.for_person", name=person)
    if tool is not None:
        yield text("cli.routines.for_kind", kind=tool.id, area=tool.area_cm2)
    if fit.routine is None:
        yield text("cli.routines.nothing_left")
    else:
        steps = enumerate(fit.routine.steps, 1)
        rows = (_row(n, step, tool, lowered=step.id in fit.lowered) for n, step in steps)
        yield table(list(rows))
    yield from map(_why, fit.left_out)


def _row(number: int, step: Step, tool: KindOfTool | None, *, lowered: bool) -> tuple[str, ...]:
    count = "" if step.repetitions is None else times(step.repetitions)
    return (
        f"{number:>2}",
        zone_name(step.zone, step.side),
        technique_name(step.technique),
        count,
        text("cli.event.limit", seconds=step.time_limit_s),
        _band(step, tool, lowered=lowered),
        _hint(step),
    )


def _band(step: Step, tool: KindOfTool | None, *, lowered: bool) -> str:
    if step.band is None:
        by_hand = step.kind is StepKind.HAND
        return text("cli.routines.by_hand" if by_hand else "cli.routines.no_band")
    band = text(
        "cli.routines.band",
        low=step.band.low_kpa,
        high=step.band.high_kpa,
        caution=step.band.caution_kpa,
        stop=step.band.stop_kpa,
    )
    if step.accepted:
        band = text("cli.routines.raised", band=band, words=step.accepted)
    band = text("cli.routines.lowered", band=band) if lowered else band
    if tool is None:
        return band
    force_n = _force_n(step, tool)
    if force_n is None:
        return text("cli.routines.too_wide", band=band)
    return text("cli.routines.force", band=band, **force_n)


def _hint(step: Step) -> str:
    besides = "; ".join(_besides(step))
    return text("cli.routines.besides", hint=step.hint, besides=besides) if besides else step.hint


def _besides(step: Step) -> Iterator[str]:
    if step.cadence is not None:
        pace = step.cadence
        yield text(f"cli.routines.pace_{pace.unit}", low=pace.low, high=pace.high)
    if step.alternate_hands:
        yield text("cli.routines.hands")
    if step.slip_needed:
        yield text("cli.routines.slip")
    if step.say:
        yield text("cli.routines.said", words=step.say)
    if step.rest_s:
        yield text("cli.routines.rest", seconds=step.rest_s)
