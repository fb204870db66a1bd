"""Pressure over time: the drawing, and tables of warnings, of what is not known, and of limits."""

from companion.coaching.events import AlertRecord
from companion.palette import SIGNS
from companion.report.contents import SessionContents
from companion.report.drawing import figure_of
from companion.report.markup import Markup, joined, name, paragraph, section, table
from companion.report.places import level_words
from companion.report.pressure import pressure_chart
from companion.report.story import Part
from companion.sensing.types import Level
from companion.texts import text
from companion.wording import doubt_words, kpa, minutes, peak_words, zone_name


def pressure_section(contents: SessionContents, alerts: tuple[AlertRecord, ...]) -> Markup:
    """Return the chart of pressure over time with its tables."""
    story = contents.story
    again = "live" if contents.is_live else "samples"
    shown = text(f"report.pressure.{again if contents.replayed else 'told'}")
    return section(
        "pressure",
        text("report.pressure.title"),
        figure_of(
            pressure_chart(contents, alerts),
            shown,
            text("report.pressure.legend", caution=SIGNS[Level.CAUTION], stop=SIGNS[Level.STOP]),
        ),
        _warnings(alerts, story.began_s),
        _unjudged(contents),
        _limits(story.parts),
    )


def _warnings(alerts: tuple[AlertRecord, ...], began_s: float) -> Markup:
    if not alerts:
        return paragraph(text("report.warnings.none"))
    names = ("number", "level", "place", "began", "lasted", "peak", "limit", "end")
    return table(
        text("report.warnings.title"),
        [text(f"report.warnings.{name}") for name in names],
        [_warning(alert, began_s) for alert in alerts],
    )


def _warning(alert: AlertRecord, began_s: float) -> tuple[str, ...]:
    lasted = "-" if alert.cleared_s is None else f"{alert.cleared_s - alert.onset_s:.1f} s"
    return (
        str(alert.alert),
        level_words(alert.level),
        zone_name(alert.zone, alert.side),
        minutes(alert.onset_s - began_s),
        lasted,
        peak_words(alert.peak_kpa, is_least=alert.peak_is_least, most=None),
        f"{kpa(alert.limit_kpa)} kPa",
        text(f"report.warnings.ended.{alert.reason or 'open'}"),
    )


def _limits(parts: tuple[Part, ...]) -> Markup:
    """Return what each number above the chart stands for, and what held there."""
    names = ("number", "step", "place", "target", "caution", "stop")
    return table(
        text("report.limits.title"),
        [text(f"report.limits.{each}") for each in names],
        [
            (str(number), name(part.step), zone_name(part.zone, part.side), *_held(part))
            for number, part in sorted({part.number: part for part in parts}.items())
        ],
    )


def _held(part: Part) -> tuple[str, str, str]:
    band = part.band
    if band is None:
        return (text("report.by_hand"), "-", "-")
    target = text("report.limits.from_to", low=kpa(band.low_kpa), high=kpa(band.high_kpa))
    return (target, f"{kpa(band.caution_kpa)} kPa", f"{kpa(band.stop_kpa)} kPa")


def _unjudged(contents: SessionContents) -> Markup:
    """Return when nothing could be judged, and why."""
    story = contents.story
    rows = [
        (
            minutes(span.from_s - story.began_s),
            f"{span.to_s - span.from_s:.1f} s",
            f"{SIGNS[Level.UNKNOWN]} {doubt_words(span.doubt)}",
        )
        for span in story.unknown
    ]
    heads = [text(f"report.unknown.{name}") for name in ("began", "lasted", "why")]
    gaps_s = 0.0 if contents.summary is None else contents.summary.gaps_s
    said = text("report.unknown.gaps", seconds=f"{gaps_s:.1f}") if gaps_s else ""
    if not rows and not said:
        return paragraph(text("report.unknown.none"))
    parts = [table(text("report.unknown.title"), heads, rows)] if rows else []
    return joined([*parts, paragraph(said)] if said else parts)
