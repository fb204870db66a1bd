"""The screen's own ways of saying numbers, times and short places."""

from companion.coaching.routine import Step
from companion.coaching.view import View
from companion.live import LinkState, LinkView
from companion.sensing.types import Doubt
from companion.texts import text

_LOW_BATTERY_PERCENT = 15
_LOSS_IN_WHOLE_FROM = 10


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


def unit(view: View) -> str:
    """Return what pressures are shown in: newtons where the contact area is not known."""
    return text("live.trace.newtons" if view.in_newtons else "live.trace.unit")


def live_kpa(pressure_kpa: float) -> str:
    """Return the present pressure in kPa with one decimal and never a minus.

    A reading that moves must not change its number of digits; limits and peaks, which stand
    still, are said by ``companion.wording.kpa``.
    """
    return f"{max(0.0, pressure_kpa):.1f}"


def figures_of(link: LinkView) -> list[str]:
    """Return the link's figures as words, those that are known, the most telling first.

    Rate, loss and lateness are left out while nothing streams: they would be old ones.
    """
    figures = []
    streams = link.state is LinkState.LIVE
    if streams and link.rate_hz is not None:
        figures.append(text("live.link.rate", rate=link.rate_hz))
    if streams and link.loss_percent is not None:
        small = 0 < link.loss_percent < _LOSS_IN_WHOLE_FROM
        figures.append(text(f"live.link.loss{'_small' if small else ''}", loss=link.loss_percent))
    if link.battery_percent is not None:
        low = link.battery_percent <= _LOW_BATTERY_PERCENT
        key = f"live.link.battery{'_low' if low else ''}"
        figures.append(text(key, percent=link.battery_percent))
    if streams and link.latency_ms is not None:
        figures.append(text("live.link.latency", latency=link.latency_ms))
    if link.rssi_dbm is not None and link.rssi_age_s is not None:
        figures.append(text("live.link.signal", rssi=link.rssi_dbm, age=age(link.rssi_age_s)))
    return figures
