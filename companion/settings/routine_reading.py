"""How a routine file becomes a plain routine, or all of its faults are told."""

from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Any

from pydantic import ValidationError

from companion.coaching.care import CareLimits, CareTable
from companion.coaching.routine import SLIP_TECHNIQUES, Routine, Step, StepKind
from companion.sensing.types import Band
from companion.settings.care import HIGHEST_STOP_KPA
from companion.settings.checked import checked, faults_in, in_order, known_version
from companion.settings.faults import Fault, FaultsFound
from companion.settings.files import TomlFile
from companion.settings.routine_file import MOST_STEPS, BandTable, RoutineFile, StepTable
from companion.settings.toml_lines import KeyPath
from companion.texts import text
from companion.wording import technique_name, zone_name


def routine_in(file: TomlFile, name: str, care: CareTable) -> Routine:
    """Return the routine a file holds, its bands filled in from the care table.

    Args:
        file: as read.
        name: what the routine is called.
        care: the limits.

    Raises:
        FaultsFound: it is from a newer version, something in it cannot be used, the care table
            refuses a step, or a step asks for more than the table allows; every fault is in it.
    """
    known_version(RoutineFile, file)
    faults = [*_of_steps(file, care), *_ids_twice(file)]
    try:
        content = checked(RoutineFile, file)
    except FaultsFound as refused:
        faults.extend(refused.faults)
    if faults:
        raise FaultsFound(in_order(faults))
    return Routine(
        name=name,
        title=content.title,
        source=content.source,
        slot=content.slot,
        about_s=content.about_s,
        slip_note=content.slip_note or "",
        evidence=content.evidence or "",
        steps=tuple(_step(step, care) for step in content.steps),
    )


def _of_steps(file: TomlFile, care: CareTable) -> Iterator[Fault]:
    """Yield what is wrong within each step that can be looked at by itself.

    Keys that are unknown or wrong elsewhere do not keep a step from being held against the table.
    """
    for path, raw in _raw_steps(file):
        known = {key: value for key, value in raw.items() if key in StepTable.model_fields}
        try:
            step = StepTable.model_validate(known)
        except ValidationError as error:
            yield from faults_in(error, StepTable, file, path)
        else:
            yield from _against(care, step, file, path)


def _ids_twice(file: TomlFile) -> Iterator[Fault]:
    seen = set()
    for path, raw in _raw_steps(file):
        match raw.get("id"):
            case str(id_) if id_ in seen:
                yield file.fault((*path, "id"), text("files.id_twice", id=id_))
            case str(id_):
                seen.add(id_)


def _raw_steps(file: TomlFile) -> Iterator[tuple[KeyPath, Mapping[str, Any]]]:
    steps = file.data.get("steps")
    for index, raw in enumerate(steps[:MOST_STEPS] if isinstance(steps, list) else ()):
        if isinstance(raw, Mapping):
            yield ("steps", index), raw


def _against(care: CareTable, step: StepTable, file: TomlFile, path: KeyPath) -> Iterator[Fault]:
    """Yield what the care table refuses of a step."""
    limits = care.limits(step.zone, step.technique)
    if limits is None:
        known = [technique.value for technique in care.rows[step.zone].limits]
        reason = text("files.technique_off", known=", ".join(known), **_place(step))
        yield file.fault((*path, "technique"), reason, known)
    elif step.band is not None:
        raised = _raised(step.band, limits.band)
        yield from _unaccepted(care, step, raised, file, path)
        band = _band(step.band, limits.band)
        if not band.low_kpa < band.high_kpa < band.caution_kpa < band.stop_kpa:
            shown = " < ".join(f"{getattr(band, field.name):g}" for field in fields(Band))
            yield file.fault((*path, "band"), text("files.band_not_rising", shown=shown))


def _unaccepted(
    care: CareTable, step: StepTable, raised: Mapping[str, float], file: TomlFile, path: KeyPath
) -> Iterator[Fault]:
    """Yield limits above the care table's that are not accepted, or cannot be."""
    most_kpa = _most_kpa(care, step)
    for key, table_kpa in raised.items():
        asked: float = getattr(step.band, key)
        said = {"asked": f"{asked:g}", "table": f"{table_kpa:g}", "most": f"{most_kpa:g}"}
        if asked > most_kpa:
            reason = text("files.above_most", **said, **_place(step))
            yield file.fault((*path, "band", key), reason)
        elif step.i_accept is None:
            reason = text("files.above_table", key=key, **said, **_place(step))
            yield file.fault((*path, "band", key), reason)
        elif key not in step.i_accept:
            yield file.fault((*path, "i_accept"), text("files.accepts_other", key=key))
    if step.i_accept is not None and not raised:
        yield file.fault((*path, "i_accept"), text("files.accepts_nothing"))


def _most_kpa(care: CareTable, step: StepTable) -> float:
    """Return what may be accepted at most: the highest stop of the step's zone in the table.

    So a sweep may be allowed what kneading is, and nobody can accept the jaw's limits on the neck.
    """
    stops = [limits.band.stop_kpa for limits in care.rows[step.zone].limits.values()]
    return min(HIGHEST_STOP_KPA, max(stops))


def _raised(asked: BandTable, table: Band) -> dict[str, float]:
    """Return the table's value of each limit that is asked to be higher."""
    limits = {field.name: getattr(table, field.name) for field in fields(Band)}
    given = asked.model_dump(exclude_none=True)
    return {key: limit for key, limit in limits.items() if given.get(key, limit) > limit}


def _band(asked: BandTable | None, table: Band) -> Band:
    given = {} if asked is None else asked.model_dump(exclude_none=True)
    return Band(**({field.name: getattr(table, field.name) for field in fields(Band)} | given))


def _step(step: StepTable, care: CareTable) -> Step:
    limits, by_hand = care.limits(step.zone, step.technique), step.kind is StepKind.HAND
    gliding = step.technique in SLIP_TECHNIQUES
    return Step(
        id=step.id,
        kind=step.kind,
        zone=step.zone,
        side=step.side,
        technique=step.technique,
        direction=step.direction,
        repetition=step.repetition,
        repetitions=step.repetitions,
        time_limit_s=step.time_limit_s,
        band=None if by_hand or limits is None else _band(step.band, limits.band),
        hint=step.hint,
        instead_of=step.instead_of or "",
        say=step.say or "",
        slip_needed=gliding if step.slip_needed is None else step.slip_needed,
        cadence=None if step.cadence is None else step.cadence.cadence(),
        rest_s=step.rest_s,
        alternate_hands=step.alternate_hands,
        accepted=step.i_accept or "",
        rules=tuple(step.rules),
        unaccepted=_unaccepted_band(step, limits),
    )


def _unaccepted_band(step: StepTable, limits: CareLimits | None) -> Band | None:
    """Return a step's limits with none above the table's; None where none are."""
    if step.band is None or step.i_accept is None or limits is None:
        return None
    asked = _band(step.band, limits.band)
    names = [field.name for field in fields(Band)]
    return Band(**{name: min(getattr(asked, name), getattr(limits.band, name)) for name in names})


def _place(step: StepTable) -> dict[str, str]:
    return {"zone": zone_name(step.zone), "technique": technique_name(step.technique)}
