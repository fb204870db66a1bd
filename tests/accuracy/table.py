"""The accuracy table: one column per group of recordings and one for all."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from statistics import mean, median

from tests.accuracy.labelled import Labelled
from tests.accuracy.measures import (
    Alerts,
    Faults,
    Fields,
    Matched,
    alerts,
    f1,
    faults,
    macro_f1,
    matched,
    root_mean_square,
    tilt_errors_deg,
    times_in_common,
)

Group = Sequence[Labelled]
Row = tuple[str, str]
NOTHING = "-"


def table(recordings: Group) -> list[tuple[str, ...]]:
    """Return a header and a row per metric that some recording has a truth for."""
    names = sorted({recording.group for recording in recordings})
    groups = {name: [one for one in recordings if one.group == name] for name in names}
    if len(names) != 1:
        groups["all"] = list(recordings)
    columns = {name: dict(metrics(group)) for name, group in groups.items()}
    labels = list(dict.fromkeys(chain.from_iterable(columns.values())))
    return [
        ("metric", *columns),
        *(
            (label, *(column.get(label, NOTHING) for column in columns.values()))
            for label in labels
        ),
    ]


def metrics(group: Group) -> Iterator[Row]:
    """Yield name and value of each metric that the group has a truth for."""
    yield "recordings", str(len(group))
    for part in (_counts, _strokes, _contacts, _tilt, _active, _dose, _over, _faults, _technique):
        yield from part(group)


def lines(rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    """Return rows as a table of Markdown."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    rule = tuple("-" * width for width in widths)
    for row in (rows[0], rule, *rows[1:]):
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield f"| {' | '.join(cells)} |"


def _with(group: Group, key: str) -> list[Labelled]:
    return [recording for recording in group if key in recording.truth]


def _counts(group: Group) -> Iterator[Row]:
    labelled = _with(group, "reps")
    group = [one for one in labelled if one.can_count]
    if labelled:
        yield "repetitions: can be counted", _share(len(group), len(labelled))
    if not group:
        return
    lacking = [one.truth["reps"] - len(one.document["reps"]["final"]) for one in group]
    right = sum(0 <= n <= one.unseen for n, one in zip(lacking, group, strict=True))
    yield "repetitions: true number within what is told", _share(right, len(group))
    yield "repetitions: told as perhaps unseen, mean", f"{mean(one.unseen for one in group):.2f}"
    for which in ("live", "final"):
        off = [len(one.document["reps"][which]) - one.truth["reps"] for one in group]
        yield f"repetitions {which}: exact", _share(sum(error == 0 for error in off), len(off))
        within = sum(abs(error) <= 1 for error in off)
        yield f"repetitions {which}: within one", _share(within, len(off))
        yield f"repetitions {which}: mean absolute error", f"{mean(map(abs, off)):.3f}"
        per_20 = mean(
            20 * abs(e) / max(1, o.truth["reps"]) for e, o in zip(off, group, strict=True)
        )
        yield f"repetitions {which}: mean absolute error per 20", f"{per_20:.3f}"


def _pairs(group: Group, key: str) -> list[Matched]:
    return [matched(one.truth[key], one.document[key], one.last_s) for one in _with(group, key)]


def _strokes(group: Group) -> Iterator[Row]:
    parts = _pairs(group, "strokes")
    yield from _spans("strokes", parts)
    told = ("up", "down", "horizontal")
    pairs = [pair for part in parts for pair in part.pairs if pair[0].get("direction") in told]
    if not pairs:
        return
    seen = Counter((true["direction"], found["direction"]) for true, found in pairs)
    answered = sum(count for (_, found), count in seen.items() if found != "unknown")
    right = sum(count for (true, found), count in seen.items() if true == found)
    yield "direction: answered", _share(answered, len(pairs))
    yield "direction: right, of those answered", _share(right, answered)
    flips = seen["up", "down"] + seen["down", "up"]
    yield "direction: up taken for down or the reverse", str(flips)
    wrong = [(pair, n) for pair, n in seen.most_common() if pair[0] != pair[1]]
    yield "direction: confused", ", ".join(f"{a} as {b} {n}" for (a, b), n in wrong) or "none"


def _contacts(group: Group) -> Iterator[Row]:
    felt = [one for one in group if one.has_force]
    yield from _spans("contacts", _pairs(felt, "contacts"))


def _spans(what: str, parts: Sequence[Matched]) -> Iterator[Row]:
    if not parts:
        return
    both = sum(len(part.pairs) for part in parts)
    yield f"{what}: recall", _share(both, sum(part.true for part in parts))
    yield (
        f"{what}: precision (all there are being labelled)",
        _share(both, sum(part.found for part in parts)),
    )
    errors = [error for part in parts for error in part.boundary_errors_s()]
    if errors:
        yield f"{what}: median boundary error", f"{1e3 * median(errors):.0f} ms"


def _tilt(group: Group) -> Iterator[Row]:
    parts = [(one.up_pairs, tilt_errors_deg(one.up_pairs)) for one in _with(group, "up")]
    errors = [root_mean_square(found) for _, found in parts if found]
    if not errors:
        return
    yield "tilt: RMSE, mean of recordings", f"{mean(errors):.2f} degrees"
    yield "tilt: RMSE, worst recording", f"{max(errors):.2f} degrees"
    known, rows = sum(len(found) for _, found in parts), sum(len(pairs) for pairs, _ in parts)
    yield "tilt: known", _share(known, rows)


def _active(group: Group) -> Iterator[Row]:
    parts = [
        times_in_common(one.truth["active"], one.document["active"])
        for one in _with(group, "active")
    ]
    if parts:
        both, missed, false = (sum(part[index] for part in parts) for index in range(3))
        yield "active time: F1", f"{f1(both, missed, false):.3f}"
        yield "active time: off by", f"{100 * (false - missed) / max(both + missed, 1e-9):+.1f} %"


def _dose(group: Group) -> Iterator[Row]:
    """Compare what the skin bore, over all contacts: time touched, and force times time."""
    group = [one for one in _with(group, "contacts") if _has_force(one)]
    if not group:
        return
    true, found = (
        [_borne(contacts, one.last_s) for one, contacts in pairs]
        for pairs in (
            [(one, one.truth["contacts"]) for one in group],
            [(one, one.document["contacts"]) for one in group],
        )
    )
    for index, what in enumerate(("time in contact", "impulse")):
        whole = sum(part[index] for part in true)
        yield f"dose: {what} off by", _off(sum(part[index] for part in found), whole)
    worst = max(zip(found, true, strict=True), key=lambda pair: abs(pair[0][1] / pair[1][1] - 1))
    yield "dose: impulse off by, worst recording", _off(worst[0][1], worst[1][1])
    sent = [one.recorded_ns for one in group if one.recorded_ns is not None]
    if len(sent) == len(group):
        whole = sum(ns for _, ns in true)
        yield "dose: impulse of the force as recorded off by", _off(sum(sent), whole)


def _off(found: float, true: float) -> str:
    return f"{100 * (found / max(true, 1e-9) - 1):+.1f} %"


def _has_force(one: Labelled) -> bool:
    return all("mean_n" in part for part in one.truth["contacts"]) and bool(
        one.document["contacts"]
    )


def _borne(contacts: Sequence[Fields], last_s: float) -> tuple[float, float]:
    """Return seconds in contact, and newton seconds."""
    lasted = [
        (last_s if part["end_s"] is None else part["end_s"]) - part["start_s"] for part in contacts
    ]
    impulses = [(part["mean_n"] or 0.0) * s for part, s in zip(contacts, lasted, strict=True)]
    return sum(lasted), sum(impulses)


def _over(group: Group) -> Iterator[Row]:
    group = _with(group, "over")
    parts: list[Alerts] = [
        alerts(one.truth["over"]["events"], one.document["alerts"]) for one in group
    ]
    if not parts:
        return
    yield (
        "over-pressure: recall",
        _share(sum(part.caught for part in parts), sum(part.events for part in parts)),
    )
    yield (
        "over-pressure: events that the force as recorded is not",
        str(sum(len(one.hidden) for one in group)),
    )
    yield "over-pressure: events with more than one alert", str(sum(p.doubled for p in parts))
    spurious, minutes = sum(p.spurious for p in parts), sum(_minutes(one) for one in group)
    rate = f"{10 * spurious / minutes:.2f}" if minutes else NOTHING
    yield "over-pressure: spurious", f"{spurious} ({rate} in 10 minutes)"
    yield from _latencies("over-pressure", [late for part in parts for late in part.latencies_s])
    yield from _as_recorded(group)


def _as_recorded(group: Group) -> Iterator[Row]:
    """Tell the same of the events that the force as recorded is, too."""
    parts = [
        alerts(
            [event for event in one.truth["over"]["events"] if event not in one.hidden],
            one.document["alerts"],
        )
        for one in group
    ]
    caught = sum(part.caught for part in parts)
    yield "over-pressure: recall, as recorded", _share(caught, sum(part.events for part in parts))
    late = [late for part in parts for late in part.latencies_s]
    yield from _latencies("over-pressure", late, ", as recorded")


def _faults(group: Group) -> Iterator[Row]:
    parts: list[Faults] = [
        faults(one.truth["faults"], one.document["faults"], one.last_s)
        for one in _with(group, "faults")
    ]
    if not parts:
        return
    yield (
        "faults: found within 2 s",
        _share(sum(part.found for part in parts), sum(part.true for part in parts)),
    )
    yield "faults: found where there is none", str(sum(part.false for part in parts))
    yield from _latencies("faults", [late for part in parts for late in part.latencies_s])


def _technique(group: Group) -> Iterator[Row]:
    pairs = [
        (one.truth["technique"], one.document["technique"]["label"])
        for one in _with(group, "technique")
    ]
    if pairs:
        yield "technique: macro F1", f"{macro_f1(pairs):.3f}"
        unsure = sum(label in (None, "unsure") for _, label in pairs)
        yield "technique: unsure", _share(unsure, len(pairs))
        named = len(pairs) - unsure
        yield "technique: right, of those named", _share(sum(a == b for a, b in pairs), named)


def _latencies(what: str, latencies_s: Sequence[float], of: str = "") -> Iterator[Row]:
    if latencies_s:
        ms: Callable[[float], str] = lambda value: f"{1e3 * value:.0f} ms"  # noqa: E731
        yield (
            f"{what}: latency, median and worst{of}",
            f"{ms(median(latencies_s))}, {ms(max(latencies_s))}",
        )


def _minutes(one: Labelled) -> float:
    duration_s: float = one.document["duration_s"]
    return duration_s / 60


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.3f} ({part} of {whole})" if whole else NOTHING
