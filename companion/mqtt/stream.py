"""The live stream: pressure and motion a few times a second, for who asked for it."""

from collections.abc import Iterable, Sequence
from typing import Final

from companion.coaching.view import View
from companion.strict_json import json_text
from protocols.telemetry import Sample, Telemetry, Vector

LIVE_EVERY_S: Final = 0.2
"""Five a second: enough to draw a curve, and a tenth of what a small broker carries."""

_DIGITS: Final = 3


class Stream:
    """Averages what the tool sends between two messages."""

    def __init__(self) -> None:
        self._samples: list[Sample] = []
        self._device_s = 0.0

    def take(self, telemetry: Telemetry) -> None:
        """Take samples; those sent again are old."""
        if telemetry.resent:
            return
        last = len(telemetry.samples) - 1
        self._device_s = (telemetry.device_us + last * telemetry.interval_us) / 1e6
        self._samples += telemetry.samples

    def said(self, view: View) -> str | None:
        """Return what came since this was last asked, as JSON; None where nothing did.

        ``device_s`` is the newest sample on the tool's clock; force, specific force and angular
        velocity are means in the sensor's frame, travel is a sum; null is "not known".

        Args:
            view: the session as it stands.
        """
        samples, self._samples = self._samples, []
        if not samples:
            return None
        pressure_kpa = view.pressure_kpa
        return json_text(
            {
                "device_s": round(self._device_s, _DIGITS),
                "samples": len(samples),
                "level": view.level,
                "pressure_kpa": None if pressure_kpa is None else round(pressure_kpa, 1),
                "force_n": _means([sample.force_n for sample in samples]),
                "accel_mps2": _means(_known(sample.accel_mps2 for sample in samples)),
                "gyro_radps": _means(_known(sample.gyro_radps for sample in samples)),
                "travel_m": _sum([sample.travel_m for sample in samples]),
            }
        )


def _known(vectors: Iterable[Vector | None]) -> list[Vector]:
    return [vector for vector in vectors if vector is not None]


def _means(rows: Sequence[Sequence[float | None]]) -> list[float | None] | None:
    """Return the mean of each column; None for one with a hole, and for no columns at all."""
    columns = list(zip(*rows, strict=False))
    return [_mean(column) for column in columns] or None


def _mean(values: Sequence[float | None]) -> float | None:
    total = _sum(values)
    return None if total is None else round(total / len(values), _DIGITS)


def _sum(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return round(sum(known), 2 * _DIGITS) if len(known) == len(values) else None
