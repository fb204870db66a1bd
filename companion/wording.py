"""What events, levels and places are called on screen and terminal, from the text catalogue."""

import unicodedata
from typing import assert_never

from companion.coaching.events import (
    Advice,
    AlertCleared,
    AlertRaised,
    Cue,
    Hint,
    Prompt,
    PromptKind,
    Score,
    StepStarted,
    Unscored,
)
from companion.coaching.routine import Direction, Side, Zone
from companion.coaching.score import Cost, costs
from companion.coaching.trend import Trend
from companion.sensing.types import Doubt, Level, StrokeDirection, Technique
from companion.texts import text

_WHOLE_FROM = 10
_TIMES_NAMED = 3
_LIKENESS = {"–": "-", "—": "-", "’": "'", "‘": "'", "“": '"', "”": '"', "ß": "s"}  # noqa: RUF001 -- those very signs
_LIKENESS |= {"─": "-", "━": "=", "│": "|"}


def plain_ascii(words: str) -> str:
    """Return words in ASCII, cell by cell: accents go, what has no likeness becomes ``?``."""
    return words if words.isascii() else "".join(_ascii_sign(sign) for sign in words)


def _ascii_sign(sign: str) -> str:
    if sign.isascii() or unicodedata.combining(sign):
        return sign if sign.isascii() else ""
    if unicodedata.east_asian_width(sign) in "WF":
        return "??"
    known = _LIKENESS.get(sign) or unicodedata.normalize("NFKD", sign)[0]
    return known if known.isascii() else "?"


def kpa(value: float) -> str:
    """Return a pressure with at most two significant digits: the area behind it knows no more."""
    rounded = float(f"{value:.2g}")
    if abs(rounded) >= _WHOLE_FROM:
        return f"{rounded:.0f}"
    return f"{rounded:.1f}" if abs(rounded) >= 1 else f"{rounded:g}"


def about_kpa(value: float | None) -> str:
    """Return a pressure in words: "about 1.1 kPa", or that it is not known."""
    if value is None:
        return text("coaching.pressure_unknown")
    return text("coaching.pressure_about", kpa=kpa(value))


def peak_words(peak_kpa: float | None, *, is_least: bool, most: str | None = "most") -> str:
    """Return the highest pressure in words: of a sensor at its end it is only known to be that.

    Args:
        peak_kpa: it; None where not known.
        is_least: whether the force sensor was at its end.
        most: how else: ``most`` ("about 1.1 kPa at most"), ``up_to`` ("up to about 1.1 kPa"), or
            None where a heading says that it is the highest ("about 1.1 kPa").
    """
    how = "least" if is_least else most
    pressure = about_kpa(peak_kpa)
    return pressure if how is None else text(f"coaching.peak.{how}", pressure=pressure)


def zone_name(zone: Zone, side: Side = Side.BOTH) -> str:
    """Return a place in words, with its side unless it is the middle or both."""
    name = text(f"coaching.zone.{zone}")
    if side is Side.BOTH:
        return name
    return text("coaching.zone_and_side", zone=name, side=side_name(side))


def side_name(side: Side) -> str:
    """Return a side in words."""
    return text(f"coaching.side.{side}")


def technique_name(technique: Technique) -> str:
    """Return a technique in words."""
    return text(f"coaching.technique.{technique}")


def direction_name(direction: Direction) -> str:
    """Return a direction in words; empty where a step declares none."""
    return text(f"coaching.direction.{direction}")


def level_name(level: Level) -> str:
    """Return what a level is called."""
    return text(f"coaching.level.{level}")


def trend_name(trend: Trend) -> str:
    """Return what a trend of the pressure is called."""
    return text(f"coaching.trend.{trend}")


def level_words(level: Level, doubt: Doubt | None = None) -> str:
    """Return what to say to the person at a level; empty where nothing needs saying."""
    if level is Level.UNKNOWN and doubt is not None:
        return doubt_words(doubt)
    return text(f"coaching.ask.{level}")


def pressure_words(
    level: Level, doubt: Doubt | None, pressure_kpa: float | None, trend: Trend | None = None
) -> str:
    """Return a level with its pressure and where that is going, as far as it is known."""
    if level is Level.UNKNOWN:
        return level_words(level, doubt)
    if level is Level.NO_CONTACT or pressure_kpa is None:
        return level_name(level)
    going = () if trend in {None, Trend.STEADY} else (trend_name(trend),)
    return ", ".join((level_name(level), about_kpa(pressure_kpa), *going))


def doubt_words(doubt: Doubt) -> str:
    """Return "cannot judge" with the reason."""
    return text("coaching.cannot_judge", reason=text(f"coaching.doubt.{doubt}"))


def outcome_words(outcome: str) -> str:
    """Return how a step or a session ended, in words."""
    return text(f"coaching.outcome.{outcome}")


def alert_words(event: AlertRaised | AlertCleared) -> str:
    """Return a warning, or its end, as one line."""
    match event:
        case AlertRaised():
            return text(
                f"coaching.alert.{event.kind}",
                ask=text(f"coaching.ask.{event.level}"),
                pressure=about_kpa(event.pressure_kpa),
                limit=kpa(event.limit_kpa),
                level=level_name(event.level),
                place=zone_name(event.zone, event.side),
            )
        case AlertCleared():
            return text(
                f"coaching.cleared.{event.reason}",
                level=level_name(event.level),
                seconds=f"{event.duration_s:.1f}",
                peak=peak_words(event.peak_kpa, is_least=event.peak_is_least),
            )
        case _:
            assert_never(event)


def hint_words(hint: Hint) -> str:
    """Return a hint as one line."""
    limit = "" if hint.limit is None else f"{hint.limit:g}"
    return text(
        f"coaching.hint.{hint.kind}",
        place=zone_name(hint.zone, hint.side),
        pressure=about_kpa(hint.pressure_kpa),
        seen=_seen(hint.direction),
        wanted="" if hint.wanted is None else direction_name(hint.wanted),
        asked="" if hint.asked is None else technique_name(hint.asked),
        speed=pace_words(hint.speed_cm_s, hint.per_minute),
        seconds=f"{hint.seconds or 0.0:.0f}",
        minutes=f"{(hint.seconds or 0.0) / 60:.0f}",
        limit=limit,
    )


def pace_words(speed_cm_s: float | None, per_minute: float | None) -> str:
    """Return a speed or a rate with its unit; empty where neither is known."""
    if per_minute is not None:
        return text("coaching.pace.rate", value=f"{per_minute:.0f}")
    if speed_cm_s is None:
        return ""
    digits = ".0f" if speed_cm_s >= _WHOLE_FROM else ".2g"
    return text("coaching.pace.speed", value=format(speed_cm_s, digits))


def score_words(score: Score | None, unscored: Unscored | None) -> str:
    """Return a score in figures, or why there is none; empty where nothing is known of either."""
    if score is not None:
        return text(
            "coaching.score",
            percent=score.percent,
            points=score.points,
            possible=score.possible,
        )
    if unscored is None:
        return ""
    reason = text(
        f"coaching.unscored.{unscored.reason}",
        known=_percent(unscored.known_share),
        needed=_percent(unscored.needed_share),
    )
    return text("coaching.no_score", reason=reason)


def cost_lines(score: Score | None, began_s: float | None, most: int | None = None) -> list[str]:
    """Return what points were lost for, the most expensive first, each with its seconds.

    Args:
        score: the score; None has no lines.
        began_s: when the session began, on the tool clock.
        most: how many lines at most; None for all.
    """
    found = [] if score is None else costs(score)
    return [_cost(cost, began_s or 0.0) for cost in found[:most]]


def minutes(seconds: float) -> str:
    """Return seconds as minutes and seconds, ``4:07``; before 0 as 0."""
    whole, rest = divmod(max(0, round(seconds)), 60)
    return f"{whole}:{rest:02}"


def cost_words(cost: Cost) -> str:
    """Return what points were lost for, without their number and the seconds."""
    loss = cost.gravest
    return text(
        f"coaching.loss.{loss.kind}",
        place=zone_name(loss.zone, loss.side),
        level="" if loss.level is None else level_name(loss.level),
        pressure=about_kpa(loss.pressure_kpa),
        peak=peak_words(loss.pressure_kpa, is_least=loss.is_least, most="up_to"),
        limit="" if loss.limit_kpa is None else kpa(loss.limit_kpa),
        seconds=f"{sum(one.seconds for one in cost.losses):.1f}",
        times=len(cost.losses),
        seen=_seen(loss.direction),
        wanted="" if loss.wanted is None else direction_name(loss.wanted),
        speed=pace_words(loss.speed_cm_s, loss.per_minute),
        count=loss.count,
        goal=loss.goal,
    )


def _cost(cost: Cost, began_s: float) -> str:
    times = [minutes(one.from_s - began_s) for one in cost.losses]
    more = len(times) - _TIMES_NAMED
    when = ", ".join(times[:_TIMES_NAMED])
    at = text("coaching.when_more", when=when, more=more) if more > 0 else when
    return text("coaching.cost", points=cost.points, what=cost_words(cost), when=at)


def _seen(direction: StrokeDirection | None) -> str:
    return "" if direction is None else text(f"coaching.seen.{direction}")


def _percent(share: float | None) -> str:
    return "" if share is None else f"{100 * share:.0f}"


def advice_words(advice: Advice) -> str:
    """Return one piece of advice as a sentence."""
    known = {
        "place": _capital(zone_name(advice.zone, advice.side)) if advice.zone else "",
        "pressure": about_kpa(advice.pressure_kpa),
        "peak": peak_words(advice.pressure_kpa, is_least=advice.is_least, most="up_to"),
        "limit": "" if advice.limit_kpa is None else kpa(advice.limit_kpa),
        "pace": pace_words(advice.limit_cm_s, advice.limit_per_minute),
        "upper": "" if advice.upper_kpa is None else kpa(advice.upper_kpa),
        "count": advice.count,
        "goal": advice.goal,
        "seconds": "" if advice.seconds is None else f"{advice.seconds:.0f}",
        "asked": "" if advice.asked is None else technique_name(advice.asked),
        "wanted": "" if advice.wanted is None else direction_name(advice.wanted),
        "reason": "" if advice.doubt is None else text(f"coaching.doubt.{advice.doubt}"),
    }
    return text(f"coaching.advice.{advice.kind}", **known)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def cue_words(cue: Cue) -> str:
    """Return what a cue says on a screen, as one line."""
    match cue:
        case StepStarted():
            return _step_words(cue)
        case Hint():
            return hint_words(cue)
        case AlertRaised():
            return alert_words(cue)
        case Prompt():
            return prompt_words(cue)
        case _:
            return ""


def cue_say(cue: Cue) -> str:
    """Return what a voice says for a cue: short, and without figures that nobody can follow."""
    match cue:
        case StepStarted():
            return _step_say(cue)
        case Hint():
            wanted = "" if cue.wanted is None else direction_name(cue.wanted)
            asked = "" if cue.asked is None else technique_name(cue.asked)
            return text(f"coaching.say.{cue.kind}", wanted=wanted, asked=asked)
        case AlertRaised():
            return text(f"coaching.say.{cue.level}")
        case Prompt():
            return _prompt_say(cue)
        case _:
            return ""


def prompt_words(prompt: Prompt) -> str:
    """Return a prompt as one line."""
    following = _next(prompt)
    then = text("coaching.prompt.then", next=following) if following else ""
    hand = "" if prompt.hand is None else text(f"coaching.hand.{prompt.hand}")
    return text(
        f"coaching.prompt.{prompt.kind}",
        note=prompt.note,
        left=_left(prompt),
        seconds=f"{prompt.seconds or 0.0:.0f}",
        then=then or text("coaching.prompt.end"),
        next=_place(prompt),
        hand=text("coaching.prompt.hand", hand=hand) if hand else "",
    ).rstrip()


def _prompt_say(prompt: Prompt) -> str:
    following, key = _next(prompt), str(prompt.kind)
    if prompt.kind is PromptKind.LAST and following:
        key = "last_then"
    elif prompt.kind is PromptKind.HANDS and prompt.hand is not None:
        key = f"hands_{prompt.hand}"
    left, where = _left(prompt), following
    if prompt.kind is PromptKind.REST:
        where = _place(prompt)
    return text(f"coaching.say.{key}", left=left, next=where)


def _left(prompt: Prompt) -> str:
    if prompt.count is not None:
        return str(prompt.count)
    return text("coaching.prompt.seconds", seconds=f"{prompt.seconds or 0.0:.0f}")


def _place(prompt: Prompt) -> str:
    """Return the place of the step that a prompt is about."""
    return zone_name(prompt.zone, prompt.side)


def _next(prompt: Prompt) -> str:
    """Return what comes after the step that a prompt is about; empty after the last."""
    if prompt.next_zone is None or prompt.next_technique is None:
        return ""
    place = zone_name(prompt.next_zone, prompt.next_side or Side.BOTH)
    return text(
        "coaching.prompt.next", place=place, technique=technique_name(prompt.next_technique)
    )


def times(count: int) -> str:
    """Return how often something is done, such as ``10 times``."""
    return text("coaching.step.once") if count == 1 else text("coaching.step.times", count=count)


def _step_words(step: StepStarted) -> str:
    parts = [technique_name(step.technique), direction_name(step.direction)]
    how = [" ".join(part for part in parts if part)]
    if step.repetitions is not None:
        how.append(times(step.repetitions))
    else:
        how.append(text("coaching.step.seconds", seconds=f"{step.time_limit_s:g}"))
    if step.alternate_hands:
        how.append(text("coaching.step.hands"))
    key = "other_side" if step.changes_side else "begins"
    place = _capital(zone_name(step.zone, step.side))
    where = place if key == "begins" else zone_name(step.zone, step.side)
    return text(f"coaching.step.{key}", place=where, how=", ".join(how), hint=step.hint)


def _step_say(step: StepStarted) -> str:
    words = step.spoken or step.hint
    if step.repetitions is not None:
        words = text("coaching.say.count", words=words, times=_capital(times(step.repetitions)))
    if step.alternate_hands:
        words = text("coaching.say.hands_in_turn", words=words)
    if step.spoken:
        return text("coaching.say.own_other_side", words=words) if step.changes_side else words
    place = zone_name(step.zone, step.side)
    if step.changes_side:
        return text("coaching.say.other_side", place=place, words=words)
    return text("coaching.say.begins", place=_capital(place), words=words)
