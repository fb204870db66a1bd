"""The tool's state as one flat object, and when it is worth saying."""

from collections.abc import Mapping
from typing import Final

from companion.coaching.events import Summary
from companion.coaching.view import Phase, View
from companion.live import LinkView
from companion.sensing.types import Level
from companion.strict_json import json_text

EVERY_S: Final = 1.0
"""A state that changed is said at most this often ..."""

LEVEL_EVERY_S: Final = 0.5
"""... a level that changed this often, and at once where a warning begins, ends or is in doubt."""

_GRAVE: Final = frozenset({Level.CAUTION, Level.STOP, Level.UNKNOWN})

DEAD_BANDS: Final[Mapping[str, float]] = {
    "pressure_kpa": 0.2,
    "force_n": 0.05,
    "rssi_dbm": 6.0,
    "battery_percent": 1.0,
}
"""What has to change before it is news, grade D: a tenth of the lowest care limits, the spread of
BLE signal strength at rest, and the battery service's own step."""

IN_SESSION: Final = frozenset({Phase.RUNNING, Phase.ASKING, Phase.RESTING, Phase.PAUSED})
"""Somebody is there, with the tool in hand."""

State = Mapping[str, object]


def state_of(
    view: View, link: LinkView, area_m2: float | None, summary: Summary | None
) -> dict[str, object]:
    """Return what Home Assistant shows of a tool; None where not known.

    Args:
        view: the session as it stands.
        link: the link as it stands.
        area_m2: the tool's working surface.
        summary: what the session came to, once it is over.
    """
    step = view.steps[view.index] if view.steps else None
    is_on = view.phase in IN_SESSION
    band = None if step is None or not is_on else step.band
    score = None if summary is None else summary.score
    force_n = None
    if area_m2 is not None and view.pressure_kpa is not None:
        force_n = round(view.pressure_kpa * 1e3 * area_m2, 2)
    return {
        "phase": view.phase,
        "level": view.level,
        "trend": view.trend,
        "pressure_kpa": None if view.pressure_kpa is None else round(view.pressure_kpa, 1),
        "force_n": force_n,
        "over_pressure": any(alert.kind == "over_pressure" for alert in view.alerts),
        "routine": view.title,
        "step": view.index + 1 if is_on else None,
        "steps": len(view.steps),
        "zone": step.zone if is_on and step is not None else "none",
        "repetitions": view.repetitions if is_on else None,
        "goal": step.repetitions if is_on and step is not None else None,
        "elapsed_s": round(view.session_elapsed_s),
        "caution_kpa": None if band is None else round(band.caution_kpa, 1),
        "stop_kpa": None if band is None else round(band.stop_kpa, 1),
        "score_percent": None if score is None else score.percent,
        "battery_percent": link.battery_percent,
        "rssi_dbm": link.rssi_dbm,
    }


class Pace:
    """Decides when a state is said: pure, on a clock it is given."""

    def __init__(self) -> None:
        self._said: State | None = None
        self._at = 0.0

    def take(self, state: State, now: float, *, is_last: bool = False) -> str | None:
        """Return a state as JSON where it is to be said now, else None.

        Args:
            state: as it is.
            now: seconds, on any clock that does not jump.
            is_last: none comes after it, so that it does not wait; one that was said stays.
        """
        if self._said is not None:
            wait_s = 0.0 if is_last else self._wait_s(self._said, state)
            if now - self._at < wait_s or (is_last and state == self._said):
                return None
        self._said, self._at = state, now
        return json_text(state)

    def _wait_s(self, said: State, state: State) -> float:
        before, level = said["level"], state["level"]
        if said["over_pressure"] != state["over_pressure"]:
            return 0.0
        if before != level:
            return 0.0 if {before, level} & _GRAVE else LEVEL_EVERY_S
        return EVERY_S if _differs(said, state) else float("inf")


def _differs(said: State, state: State) -> bool:
    return any(_is_news(said[key], value, DEAD_BANDS.get(key)) for key, value in state.items())


def _is_news(before: object, value: object, dead_band: float | None) -> bool:
    if dead_band is None or not (
        isinstance(before, int | float) and isinstance(value, int | float)
    ):
        return before != value
    return abs(value - before) >= dead_band
