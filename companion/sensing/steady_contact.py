"""Contact over samples in which it neither begins nor ends, taken in one go."""

from collections.abc import Sequence

from companion.sensing.contact import (
    OFF_MEAN_SHARE,
    ON_SHARE,
    ON_SIGMAS,
    ON_WEIGHTS,
    UNJUDGED_MOST_N,
    UNJUDGED_ON_N,
    UNJUDGED_SHARE,
    UNKNOWN_MASS_ON_N,
    ContactTracker,
)
from companion.sensing.pressure import PressureScale
from companion.sensing.tool import Tool
from companion.sensing.types import Band


class SteadyContact(ContactTracker):
    """A contact tracker that takes several samples at once where nothing turns in them."""

    def skim(self, times_us: range, forces_n: Sequence[float], first: int, end: int) -> int:
        """Take samples of the contact force up to the first one that may turn something.

        Those before it leave behind what ``by_force`` would: in the air that nothing touches, or
        only faintly, on the skin that the contact goes on, with sum, count and peak of its force.

        Args:
            times_us: when, of a whole frame.
            forces_n: the contact force.
            first: the first sample to take.
            end: the first one after them.

        Returns:
            The first one that is left, for ``by_force``; ``end`` where none is.
        """
        if not self.touching:
            end = self._skim_air(times_us, forces_n, first, end)
            if end > first:
                self._since_us = None
        elif self._is_rising:
            return first
        else:
            end = self._skim_skin(times_us, forces_n, first, end)
            if end > first:
                self._since_us = None
                self.last_us = self.left_us = times_us[end - 1]
        return end

    def _skim_air(self, times_us: range, forces_n: Sequence[float], first: int, end: int) -> int:
        """Take samples up to the first with as much force as a contact."""
        on_n, faint_n = self._on_n, self._faint_n
        add, faint_us = self._newest_n.append, self._faint_us
        for index in range(first, end):
            t_us, force_n = times_us[index], forces_n[index]
            if force_n >= on_n:
                end = index
                break
            add((t_us, force_n))
            if force_n < faint_n:
                faint_us = None
            else:
                faint_us = t_us if faint_us is None else faint_us
                self._edges_n.append((t_us, force_n))
        self._faint_us = faint_us
        return end

    def _skim_skin(self, times_us: range, forces_n: Sequence[float], first: int, end: int) -> int:
        off_n, rest_n, begin_n = self._off_n, self._rest_n, self._begin_n
        sum_n, count, peak_n = self._sum_n, self._count, self.peak_n
        add = self._newest_n.append
        for index in range(first, end):
            force_n = forces_n[index]
            above_n = force_n - rest_n
            if force_n < off_n or (
                above_n * OFF_MEAN_SHARE < begin_n
                and above_n * count < OFF_MEAN_SHARE * (sum_n - rest_n * count)
            ):
                end = index
                break
            add((times_us[index], force_n))
            sum_n += force_n
            count += 1
            if peak_n is None or force_n > peak_n:
                peak_n = force_n
        self._sum_n, self._count, self.peak_n = sum_n, count, peak_n
        return end


def begins_at_n(tool: Tool, scale: PressureScale, band: Band | None) -> tuple[float, float | None]:
    """Return the force in newtons from which a tool is in contact, and that of a loaded stroke.

    Args:
        tool: whose.
        scale: from newtons to kilopascals.
        band: that of the step; None where nothing is judged. No stroke is loaded then.
    """
    share_n, loaded_n = min(UNJUDGED_SHARE * tool.full_scale_n, UNJUDGED_MOST_N), None
    on_n = max(UNJUDGED_ON_N, share_n)
    is_bare = tool.force_is_contact and not tool.has_targets
    if band is not None and scale.kpa_per_n is not None and not is_bare:
        on_n = ON_SHARE * band.high_kpa / scale.kpa_per_n
        loaded_n = band.low_kpa / scale.kpa_per_n
    if tool.supported_mass_kg is None:
        on_n = max(on_n, UNKNOWN_MASS_ON_N)
    return max(on_n, ON_WEIGHTS * tool.unfreed_n, ON_SIGMAS * scale.noise_n), loaded_n
