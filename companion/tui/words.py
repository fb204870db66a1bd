"""The screen's own ways of saying numbers, times and places; the words stand in the catalogue."""

from companion.coaching.routine import Side, Step, Zone
from companion.sensing.types import Doubt, Level, Technique
from companion.texts import text


def zone_word(zone: Zone) -> str:
    """Return a zone's name."""
    return text(f"live.zone.{zone.value}")


def level_word(level: Level) -> str:
    """Return a pressure level's name."""
    return text(f"live.level.{level.value}")


def doubt_word(doubt: Doubt | None) -> str:
    """Return why the level cannot be judged; empty where there is no doubt."""
    return text(f"live.doubt.{doubt.value}") if doubt else ""


def technique_word(technique: Technique) -> str:
    """Return a technique's name."""
    return text(f"live.technique.{technique.value}")


def advice_word(level: Level, doubt: Doubt | None) -> str:
    """Return what to do at a level, in a few words; empty where there is nothing to do."""
    return text(f"live.advice.{level.value}", doubt=doubt_word(doubt))


def place(zone: Zone, side: Side) -> str:
    """Return zone and side, e.g. ``under-eye, right``; a zone of both sides is named alone."""
    name = zone_word(zone)
    return name if side is Side.BOTH else f"{name}, {text(f'live.side.{side.value}')}"


def short_place(step: Step) -> str:
    """Return a step's zone and side as short as can be read, e.g. ``under-eye R``."""
    return f"{zone_word(step.zone)} {text(f'live.side.short_{step.side.value}')}".rstrip()


def clock(seconds: float) -> str:
    """Return seconds as ``m:ss`` with two digits of minutes, never negative."""
    minutes, rest = divmod(max(0, int(seconds)), 60)
    return f"{minutes:02d}:{rest:02d}"


def age(seconds: float) -> str:
    """Return an age in seconds, or in minutes from two minutes on."""
    if seconds < 120:  # noqa: PLR2004 - two minutes
        return text("live.clock.seconds", seconds=int(seconds))
    return text("live.clock.minutes", minutes=int(seconds // 60))


def kpa(pressure_kpa: float) -> str:
    """Return a pressure in kPa with one decimal; a tare's rounding never shows as minus zero."""
    return f"{max(0.0, pressure_kpa):.1f}"
