"""What is kept of a tool's force and area, put to use in a session."""

from collections.abc import Callable, Sequence
from typing import TypeAlias

from companion.sensing.calibrated import Calibration, CalibrationUsed, calibrated, scaled
from companion.sensing.tool import Tool
from protocols.massage_tool import ToolFeature
from protocols.telemetry import Telemetry

Recall: TypeAlias = Callable[[str, ToolFeature], Calibration | None]
"""Tells what is kept of the tool of an address and Tool Feature; None for nothing."""


class Correction:
    """Makes newtons of what one tool sends, where it cannot do so itself.

    A tool that keeps its gain sends newtons: it is left alone, and only how surely they are known
    is passed on. No sample is ever multiplied twice: telemetry goes through here once, between the
    decoder and everything that judges or keeps it.

    Args:
        recall: tells what is kept of a tool; None keeps nothing.
    """

    def __init__(self, recall: Recall | None) -> None:
        self._recall = recall
        self._known: Calibration | None = None
        self._reported_ppm: tuple[int | None, ...] = ()
        self._factors: tuple[float, ...] = ()

    @property
    def used(self) -> CalibrationUsed | None:
        """What is kept of the tool and used; None where nothing is."""
        known = self._known
        return None if known is None else CalibrationUsed(known, self._reported_ppm)

    @property
    def area_m2(self) -> float | None:
        """The whole working surface as it was measured; None where it was not."""
        known = self._known
        return None if known is None or known.area is None else known.area.area_m2

    def know(
        self, address: str, feature: ToolFeature, reported_ppm: Sequence[int | None]
    ) -> list[tuple[str, dict[str, int]]]:
        """The tool said what it is.

        Args:
            address: its identity.
            feature: what it is.
            reported_ppm: the gains it reports, by channel; empty where it does not tell.

        Returns:
            What is to be said of it: keys of the catalogue, and what their sentences name.
        """
        self._reported_ppm = tuple(reported_ppm)
        known = None if self._recall is None else self._recall(address, feature)
        if known is None or known.is_void:
            return [("calibration.changed", {})] if known is not None else []
        self._known = known
        lapsed = known.lapsed(self._reported_ppm)
        return [("calibration.lapsed", {"channel": channel + 1}) for channel in lapsed]

    def tool(self, tool: Tool) -> Tool:
        """Return the tool as it is known."""
        if self._known is None:
            return tool
        known = calibrated(tool, self._known, self._reported_ppm)
        self._factors = known.gain_factors
        return known

    def telemetry(self, telemetry: Telemetry) -> Telemetry:
        """Return what the tool sent in newtons."""
        return scaled(telemetry, self._factors)

    def as_sent(self, limits_n: tuple[float, float] | None) -> tuple[float, float] | None:
        """Return limits as the tool itself would feel them, whose own limit has no gain of ours.

        Of several channels the one that sends the least of its force decides: the tool then warns
        early rather than late.
        """
        if limits_n is None or not self._factors:
            return limits_n
        largest = max(self._factors)
        return limits_n[0] / largest, limits_n[1] / largest
