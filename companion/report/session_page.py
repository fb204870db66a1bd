"""One session as a page."""

from companion.coaching.events import AdviceKind, AlertRecord, SessionOutcome
from companion.report.contents import Head, SessionContents
from companion.report.dose import dose_section
from companion.report.face import faces
from companion.report.markup import Markup, joined, name, paragraph, section, tag, terms
from companion.report.page import page
from companion.report.places import places_of, places_table, steps_table
from companion.report.score import score_section
from companion.report.strokes import strokes_section
from companion.report.timeline import pressure_section
from companion.texts import text
from companion.wording import advice_words, minutes, outcome_words, score_words


def session_page(contents: SessionContents) -> str:
    """Return a session as a document; the same contents give the same bytes."""
    summary = contents.summary
    alerts = contents.story.alerts if summary is None else summary.alerts
    title = text("report.session", number=contents.head.number)
    return page(
        title,
        _head(contents, title, alerts),
        pressure_section(contents, alerts),
        _where(contents),
        strokes_section(contents),
        score_section(summary),
        dose_section(contents),
        _made_with(contents.head),
    )


def _head(contents: SessionContents, title: str, alerts: tuple[AlertRecord, ...]) -> Markup:
    head, summary = contents.head, contents.summary
    said = "" if summary is None else score_words(summary.score, summary.unscored)
    facts = {
        "person": name(head.person),
        "routine": name(head.routine),
        "tool": name(head.tool[0] or text("report.not_known")),
        "began": head.began,
        "ended": head.ended or text("report.goes_on"),
        "outcome": text("report.goes_on") if head.outcome is None else outcome_words(head.outcome),
        "lasted": text("report.not_known") if head.duration_s is None else minutes(head.duration_s),
        "warnings": str(len(alerts)),
    }
    return tag(
        "header",
        tag("h1", title, ": ", name(contents.story.title or head.routine)),
        paragraph(said, "big") if said else paragraph(text("report.score.no_end")),
        terms({text(f"report.head.{key}"): value for key, value in facts.items()}),
        *([] if summary is None else [_advice(contents), steps_table(summary.steps)]),
    )


def _advice(contents: SessionContents) -> Markup:
    """Return what would be better, and what was said to who was not well."""
    summary = contents.summary
    if summary is None:
        return Markup()
    unwell = summary.outcome is SessionOutcome.UNWELL
    lines = [advice_words(one) for one in summary.advice if one.kind is not AdviceKind.GAPS]
    said = [paragraph(text("report.unwell"))] if unwell else []
    listed = [tag("ul", *(tag("li", line) for line in lines))] if lines else []
    return joined([*said, *listed])


def _where(contents: SessionContents) -> Markup:
    title = text("report.places.title")
    if contents.summary is None:
        return section("places", title, paragraph(text("report.places.no_end")))
    places = places_of(contents.summary.steps)
    shown = section("places", title, faces(places), places_table(places))
    return tag("div", shown, class_="new-sheet")


def _made_with(head: Head) -> Markup:
    _, maker, model, firmware = head.tool
    unknown = text("report.not_known")
    facts = {
        "software": name(head.software),
        "profile": str(head.profile),
        "maker": name(maker or unknown),
        "model": name(model or unknown),
        "firmware": name(firmware or unknown),
        "source": text(f"report.source.{head.source}"),
    }
    made = terms({text(f"report.made.{key}"): value for key, value in facts.items()})
    return section("made-with", text("report.made.title"), made)
