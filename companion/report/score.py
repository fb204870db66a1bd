"""The score, its parts, and every point that was lost: at which second, for what."""

from companion.coaching.events import Loss, Score, Summary
from companion.coaching.score import Cost
from companion.report.markup import Markup, paragraph, section, table
from companion.texts import text
from companion.wording import cost_words, minutes, score_words


def score_section(summary: Summary | None) -> Markup:
    """Return the score with every reason."""
    title = text("report.score.title")
    if summary is None:
        return section("score", title, paragraph(text("report.score.no_end")))
    said = score_words(summary.score, summary.unscored) or text("report.score.none")
    parts = [paragraph(said, "big")]
    if summary.score is not None:
        parts += [_parts(summary.score), _losses(summary.score, summary.began_s or 0.0)]
    return section("score", title, *parts)


def _parts(score: Score) -> Markup:
    return table(
        text("report.score.parts"),
        [text(f"report.score.{each}") for each in ("part", "points")],
        [
            (
                text(f"report.part.{part.part}"),
                text("report.points", points=part.points, possible=part.possible),
            )
            for part in score.parts
        ],
    )


def _losses(score: Score, began_s: float) -> Markup:
    if not score.losses:
        return paragraph(text("report.score.nothing_lost"))
    names = ("second", "lost", "part", "reason", "event")
    losses = sorted(score.losses, key=lambda loss: loss.from_s)
    return table(
        text("report.score.losses"),
        [text(f"report.score.{each}") for each in names],
        [_loss(loss, began_s) for loss in losses],
    )


def _loss(loss: Loss, began_s: float) -> tuple[str, ...]:
    return (
        f"{minutes(loss.from_s - began_s)} - {minutes(loss.to_s - began_s)}",
        f"-{loss.points}",
        text(f"report.part.{loss.part}"),
        cost_words(Cost(loss.points, (loss,))),
        "-" if loss.alert is None else text("report.score.warning", number=loss.alert),
    )
