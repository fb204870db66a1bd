"""Force to pressure, and whether a tool can judge a band at all."""

from math import hypot, sqrt

from companion.sensing.channels import ChannelPressure
from companion.sensing.copied import Copied
from companion.sensing.force import ContactForce
from companion.sensing.tool import GainTrust, Tool
from companion.sensing.types import Band, Doubt

COVERAGE = 2.0
"""Coverage factor of the expanded uncertainty (GUM: about 95 %)."""
AREA_SHARE = 0.05
"""Standard uncertainty of a stated contact area, of itself: the patch of skin is not measured
(assumption, grade D: edges are made to a few per cent; that skin bulges further is not in it)."""
_KILO = 1_000.0


class PressureScale(Copied):
    """Turns newtons on this tool's contact patch into kilopascals, and says how surely.

    Where the channels are judged one by one, each has its own uncertainty: that of the channel in
    use while the tool touches, else that of the one that is read most finely.

    Args:
        tool: whose.
        force: its contact force.
        channels: how its channels are judged one by one; None where their sum is.

    Attributes:
        kpa_per_n: kilopascals per newton that is judged; None where the area is not known.
        has_edges: whether its channels are judged one by one.
        touching: whether the tool touches; kept by whoever judges.
    """

    def __init__(
        self, tool: Tool, force: ContactForce, channels: ChannelPressure | None = None
    ) -> None:
        self._tool = tool
        self._force = force
        self._channels = channels
        area = tool.contact_area_m2 if channels is None else channels.area_m2
        self.kpa_per_n = None if area is None else 1.0 / (area * _KILO)
        self.has_edges = channels is not None
        self.touching = False

    @property
    def in_use(self) -> int | None:
        """The channel in use; None while nothing touches, or where the sum is judged."""
        return self._channels.in_use if self._channels is not None and self.touching else None

    def uncertainty_kpa(self, pressure_kpa: float = 0.0) -> float | None:
        """Return the expanded uncertainty (k = 2) in kPa; None where the area is not known.

        Root of the sum of squares of the force's part, which grows with the age of the tare, of
        what the calibration left over, and of the gain's and the area's, which grow with the
        pressure.
        """
        kpa_per_n = self.kpa_per_n
        if kpa_per_n is None:
            return None
        area = hypot(AREA_SHARE, self._tool.area_share)
        return COVERAGE * min(
            hypot(each_n * kpa_per_n, trust.share * pressure_kpa, area * pressure_kpa)
            for each_n, trust in self._standards()
        )

    @property
    def noise_n(self) -> float:
        """Standard deviation of the judged force while taring, newtons."""
        if self._channels is None:
            return self._force.noise_n
        one_n = self._force.noise_n / sqrt(self._tool.force_channels)
        return one_n * max(self._channels.factors)

    def _standards(self) -> list[tuple[float, GainTrust]]:
        """Return the standard uncertainty of the judged force, with what its gain is worth.

        Of the channel in use; in the air of each, of which one is used; of the sum where that
        is judged.
        """
        if self._channels is None:
            trust = self._trust_of_sum()
            return [(hypot(self._force.standard_uncertainty_n(), trust.residual_n), trust)]
        in_use = self.in_use
        each = range(self._tool.force_channels) if in_use is None else (in_use,)
        return [self._of_channel(self._channels, channel) for channel in each]

    def _of_channel(self, channels: ChannelPressure, channel: int) -> tuple[float, GainTrust]:
        one_n = self._force.standard_uncertainty_n(
            of_channels=1, mass_share=channels.mass_shares[channel]
        )
        trust = self._tool.gains[channel] if self._tool.gains else GainTrust()
        return hypot(one_n, trust.residual_n) * channels.factors[channel], trust

    def _trust_of_sum(self) -> GainTrust:
        """The least sure channel may bear all of it."""
        gains = self._tool.gains or (GainTrust(),)
        share = max(trust.share for trust in gains)
        return GainTrust(share, hypot(*(trust.residual_n for trust in gains)))

    def doubt(self, band: Band | None) -> Doubt | None:
        """Return why this tool cannot judge a band now; None where it can.

        Too uncertain means that the expanded uncertainty at a limit is not smaller than the step
        up to it, from the target's upper end to caution or from caution to stop: "fine" could
        then be "too much". A recorded contact force brings no uncertainty with it and is judged
        as it stands.
        """
        tool = self._tool
        if not tool.has_force:
            return Doubt.NO_FORCE_SENSOR
        if self.kpa_per_n is None:
            return Doubt.AREA_UNKNOWN
        if tool.supported_mass_kg is None:
            return Doubt.MASS_UNKNOWN
        if not self._force.tared:
            return Doubt.NOT_TARED
        if band is None or tool.force_is_contact:
            return None
        return None if self._tells_apart(band) else Doubt.TOO_UNCERTAIN

    def _tells_apart(self, band: Band) -> bool:
        steps = ((band.high_kpa, band.caution_kpa), (band.caution_kpa, band.stop_kpa))
        return all((self.uncertainty_kpa(to) or 0.0) < to - below for below, to in steps)
