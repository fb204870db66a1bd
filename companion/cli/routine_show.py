"""A routine as it is shown: as its file has it, or as it holds for somebody today."""

from collections.abc import Iterator
from dataclasses import replace

from companion.cli.person import known_person, today
from companion.cli.persons import left_out_notice
from companion.cli.printing import json_text, table
from companion.coaching.fitting import Fitted, LeftOut, fitted
from companion.coaching.person import Care
from companion.coaching.routine import Routine, Step, StepKind
from companion.settings.care import load_person_rules
from companion.settings.routines import load_routine, shadowing
from companion.strict_json import as_plain
from companion.texts import text
from companion.wording import technique_name, zone_name


def show_routine(name_or_path: str, person: str | None, *, as_json: bool) -> None:
    """Print a routine.

    Args:
        name_or_path: which.
        person: for whom; None to show it as its file has it.
        as_json: one object in place of lines.

    Raises:
        FileRefused: the routine, the care file or the file of answers cannot be used.
        UsageRefused: nobody of that name.
    """
    routine = load_routine(name_or_path)
    fit = Fitted(routine, (), ()) if person is None else _fitted(routine, person)
    if as_json:
        print(json_text(_fields(name_or_path, routine, fit, person)))
        return
    print("\n".join(_lines(name_or_path, routine, fit, person)))


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


def _lines(name_or_path: str, routine: Routine, fit: Fitted, person: str | None) -> Iterator[str]:
    yield routine.title
    yield text("cli.routines.source", source=routine.source)
    if file := shadowing(name_or_path):
        yield text("cli.routines.shadowing", file=file)
    if person is not None:
        yield text("cli.routines.for_person", name=person)
    if fit.routine is None:
        yield text("cli.routines.nothing_left")
    else:
        steps = enumerate(fit.routine.steps, 1)
        yield table([_row(number, step, lowered=step.id in fit.lowered) for number, step in steps])
    yield from map(_why, fit.left_out)


def _row(number: int, step: Step, *, lowered: bool) -> tuple[str, ...]:
    times = "" if step.repetitions is None else text("cli.event.times", count=step.repetitions)
    return (
        f"{number:>2}",
        zone_name(step.zone, step.side),
        technique_name(step.technique),
        times,
        text("cli.event.limit", seconds=step.time_limit_s),
        _band(step, lowered=lowered),
        _hint(step),
    )


def _band(step: Step, *, lowered: bool) -> str:
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
    return text("cli.routines.lowered", band=band) if lowered else band


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
