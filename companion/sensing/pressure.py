"""Force to pressure, and whether a tool can judge a band at all."""

from math import sqrt

from companion.sensing.channels import ChannelPressure
from companion.sensing.force import ContactForce
from companion.sensing.tool import Tool
from companion.sensing.types import Band, Doubt

COVERAGE = 2.0
"""Coverage factor of the expanded uncertainty (GUM: about 95 %)."""
_KILO = 1_000.0


class PressureScale:
    """Turns newtons on this tool's contact patch into kilopascals.

    The area is the stated one of the whole working surface; its own error is a factor on every
    figure and is not part of the uncertainty here, because no tool states it.

    Args:
        tool: whose.
        force: its contact force.
        channels: how its channels are judged one by one; None where their sum is.
    """

    def __init__(
        self, tool: Tool, force: ContactForce, channels: ChannelPressure | None = None
    ) -> None:
        self._tool = tool
        self._force = force
        self._channels = channels
        area = tool.contact_area_m2 if channels is None else channels.area_m2
        self.kpa_per_n = None if area is None else 1.0 / (area * _KILO)

    def uncertainty_kpa(self) -> float | None:
        """Return the expanded uncertainty (k = 2) in kPa; None where the area is not known."""
        if self.kpa_per_n is None:
            return None
        return COVERAGE * self._standard_n() * self.kpa_per_n

    @property
    def noise_n(self) -> float:
        """Standard deviation of the judged force while taring, newtons."""
        if self._channels is None:
            return self._force.noise_n
        one_n = self._force.noise_n / sqrt(self._tool.force_channels)
        return one_n * self._channels.steepest

    def _standard_n(self) -> float:
        """Return the standard uncertainty of the judged force; channels: of the steepest one."""
        if self._channels is None:
            return self._force.standard_uncertainty_n()
        one_n = self._force.standard_uncertainty_n(
            of_channels=1, mass_share=self._channels.mass_share
        )
        return one_n * self._channels.steepest

    def doubt(self, band: Band | None) -> Doubt | None:
        """Return why this tool cannot judge a band; None where it can.

        Too uncertain means that the expanded uncertainty is not smaller than the step from the
        target's upper end to caution, or from caution to stop: "fine" could then be "too much".
        A recorded contact force brings no uncertainty with it and is judged as it stands.
        """
        tool = self._tool
        if not tool.has_force:
            return Doubt.NO_FORCE_SENSOR
        uncertainty = self.uncertainty_kpa()
        if uncertainty is None:
            return Doubt.AREA_UNKNOWN
        if tool.supported_mass_kg is None:
            return Doubt.MASS_UNKNOWN
        if not self._force.tared:
            return Doubt.NOT_TARED
        if band is None or tool.force_is_contact:
            return None
        gap = min(band.caution_kpa - band.high_kpa, band.stop_kpa - band.caution_kpa)
        return None if uncertainty < gap else Doubt.TOO_UNCERTAIN
