"""The screen's own ways of saying numbers, times and short places."""

from companion.coaching.routine import Step
from companion.sensing.types import Doubt
from companion.texts import text


def short_place(step: Step) -> str:
    """Return a step's zone and side as short as can be read, e.g. ``under-eye R``."""
    return text(f"live.strip.{step.side}", zone=text(f"live.strip.{step.zone}"))


def reason_words(doubt: Doubt) -> str:
    """Return why pressure cannot be judged, without the words that it cannot."""
    return text(f"coaching.doubt.{doubt}")


def clock(seconds: float) -> str:
    """Return seconds as ``mm:ss``, never negative."""
    minutes, rest = divmod(max(0, int(seconds)), 60)
    return f"{minutes:02d}:{rest:02d}"


def age(seconds: float) -> str:
    """Return an age in seconds, or in minutes from two minutes on."""
    if seconds < 120:  # noqa: PLR2004 - two minutes
        return text("live.clock.seconds", seconds=int(seconds))
    return text("live.clock.minutes", minutes=int(seconds // 60))


def live_kpa(pressure_kpa: float) -> str:
    """Return the present pressure in kPa with one decimal and never a minus.

    A reading that moves must not change its number of digits; limits and peaks, which stand
    still, are said by ``companion.wording.kpa``.
    """
    return f"{max(0.0, pressure_kpa):.1f}"
