"""The document of ``companion analyze`` as a person reads it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from companion.recordings import Analysis
from companion.sensing.faults import SATURATED
from companion.texts import text

_KILO = 1e3


def report_lines(file: str, analysis: Analysis, area_m2: float | None) -> Iterator[str]:
    """Yield the lines of the report.

    Args:
        file: the recording's name.
        analysis: what the engine says to it.
        area_m2: contact area; with it peaks are told as pressures too.
    """
    document = analysis.document
    yield text(
        "cli.analyze.head",
        file=file,
        duration_s=document["duration_s"],
        rate_hz=document["sample_rate_hz"],
    )
    yield from _spans("cli.analyze.gap", document["gaps"])
    for fault in document["faults"]:
        yield text(
            "cli.analyze.fault", kind=fault["kind"], end=_end(fault["end_s"]), **_times(fault)
        )
    yield _active(document["active"])
    ends = [fault for fault in document["faults"] if fault["kind"] == SATURATED]
    yield from _contacts(document["contacts"], ends, area_m2)
    yield _strokes(document["strokes"])
    yield _repetitions(analysis)
    technique = document["technique"]
    yield text("cli.analyze.technique", label=technique["label"] or text("cli.analyze.not_known"))
    if not document["alerts"]:
        yield text("cli.analyze.no_alerts")
    for alert in document["alerts"]:
        yield text(
            "cli.analyze.alert",
            level=alert["level"],
            raised_s=alert["raised_s"],
            end=_end(alert["cleared_s"]),
            most=_most(
                _force(alert["peak_n"], area_m2),
                is_bound=_is_bound(alert["onset_s"], alert["cleared_s"], ends),
            ),
        )


def _repetitions(analysis: Analysis) -> str:
    """Return both counts, and what is not known of them."""
    if not analysis.can_count:
        return text("counting.cannot")
    reps, unseen = analysis.document["reps"], analysis.unseen
    counts = text("cli.analyze.reps", live=len(reps["live"]), final=len(reps["final"]))
    return counts + (text("counting.unseen", count=unseen) if unseen else "")


def _spans(key: str, spans: Sequence[dict[str, float]]) -> Iterator[str]:
    for span in spans:
        yield text(key, start_s=span["start_s"], end_s=span["end_s"])


def _times(fault: dict[str, Any]) -> dict[str, float]:
    return {"start_s": fault["start_s"], "detected_s": fault["detected_s"]}


def _active(spans: Sequence[dict[str, float]]) -> str:
    total_s = sum(span["end_s"] - span["start_s"] for span in spans)
    return text("cli.analyze.active", seconds=total_s, spans=len(spans))


def _contacts(
    contacts: Sequence[dict[str, Any]], ends: Sequence[dict[str, Any]], area_m2: float | None
) -> Iterator[str]:
    if not contacts:
        return
    peak = _force(max(contact["peak_n"] for contact in contacts), area_m2)
    is_bound = any(_is_bound(one["start_s"], one["end_s"], ends) for one in contacts)
    yield text("cli.analyze.contacts", count=len(contacts), most=_most(peak, is_bound=is_bound))


def _most(peak: str, *, is_bound: bool) -> str:
    """Say the highest force; of a sensor at its end it is only known to be at least that."""
    return text("cli.analyze.at_least" if is_bound else "cli.analyze.at_most", peak=peak)


def _is_bound(start_s: float, end_s: float | None, ends: Sequence[dict[str, Any]]) -> bool:
    """Return whether the force was at its end at some time of a span."""
    return any(
        (end_s is None or end["start_s"] <= end_s)
        and (end["end_s"] is None or start_s <= end["end_s"])
        for end in ends
    )


def _strokes(strokes: Sequence[dict[str, Any]]) -> str:
    ways = Counter(stroke["direction"] for stroke in strokes)
    said = ", ".join(
        text("cli.analyze.way", direction=way, count=count) for way, count in ways.most_common()
    )
    return text("cli.analyze.strokes", count=len(strokes), ways=f" ({said})" if said else "")


def _force(value_n: float | None, area_m2: float | None) -> str:
    if value_n is None:
        return text("cli.analyze.not_known")
    if area_m2 is None:
        return text("cli.analyze.newtons", value_n=value_n)
    kpa = value_n / area_m2 / _KILO
    return text("cli.analyze.newtons_kpa", value_n=value_n, kpa=kpa)


def _end(end_s: float | None) -> str:
    return text("cli.analyze.open") if end_s is None else text("cli.analyze.until", end_s=end_s)
