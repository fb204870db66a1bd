"""The zero of a force that the tool does not know: learnt here while nothing is touched; pure."""

from collections import deque
from collections.abc import Sequence
from typing import Final

from protocols.telemetry import Sample, Telemetry

WINDOW_S: Final = 0.5
"""The tool has to be still for so long, as the profile asks of its own tare."""

STILL_STEPS: Final = 20.0
"""How far the readings may spread, in steps of the force's resolution."""

STILL_SHARE: Final = 0.01
"""The same as a share of full scale: less than a hand that rests, more than noise (ours)."""


LOADED_SHARE: Final = 0.02
"""Share of full scale by which a zero that is known can have moved: four times the standard
uncertainty that sensing assumes of it. What is further off hangs on the tool, or presses on it."""


class Zero:
    """Takes the zero away from every force; without one the force stays as sent.

    Args:
        channels: force channels of the tool.
        rate_hz: samples per second.
        resolution_n: smallest step of the force.
        full_scale_n: largest force; None where it is not known.
    """

    def __init__(
        self, channels: int, rate_hz: float, resolution_n: float, full_scale_n: float | None
    ) -> None:
        self._zero_n = (0.0,) * channels
        self._is_known = False
        self._loaded_n = max(STILL_STEPS * resolution_n, LOADED_SHARE * (full_scale_n or 0.0))
        self._needed = max(3, round(WINDOW_S * rate_hz))
        self._newest: deque[tuple[float | None, ...]] = deque(maxlen=self._needed)
        self._still_n = max(STILL_STEPS * resolution_n, STILL_SHARE * (full_scale_n or 0.0))

    @property
    def is_full(self) -> bool:
        """Whether half a second of readings came since `forget`."""
        return len(self._newest) == self._needed

    def forget(self) -> None:
        """Begin anew to collect what the next zero is learnt from."""
        self._newest.clear()

    @property
    def is_known(self) -> bool:
        """Whether a zero has been learnt."""
        return self._is_known

    @property
    def is_loaded(self) -> bool:
        """Whether the newest half second lies further from the known zero than that can drift."""
        columns = zip(*self._newest, strict=True)
        pairs = zip(columns, self._zero_n, strict=False)
        means = [
            sum(value or 0.0 for value in column) / len(column) - zero for column, zero in pairs
        ]
        return self._is_known and any(abs(mean) > self._loaded_n for mean in means)

    def learn(self) -> bool:
        """Learn the zero from the newest half second; False where the tool was not still."""
        columns = [list(column) for column in zip(*self._newest, strict=True)]
        zeros = []
        for column in columns:
            known = [value for value in column if value is not None]
            is_whole = self.is_full and len(known) == len(column)
            if not is_whole or max(known) - min(known) > self._still_n:
                return False
            zeros.append(sum(known) / len(known))
        self._zero_n = tuple(zeros)
        self._is_known = bool(zeros)
        return self._is_known

    def apply(self, telemetry: Telemetry) -> Telemetry:
        """Return telemetry with the zero taken away."""
        self._newest.extend(sample.force_n for sample in telemetry.samples)
        return Telemetry(
            telemetry.device_us,
            telemetry.interval_us,
            telemetry.first_sample,
            telemetry.resent,
            telemetry.saturated,
            telemetry.touching,
            tuple(map(self._freed, telemetry.samples)),
        )

    def _freed(self, sample: Sample) -> Sample:
        return sample._replace(force_n=_difference(sample.force_n, self._zero_n))


def _difference(
    force_n: Sequence[float | None], zero_n: Sequence[float]
) -> tuple[float | None, ...]:
    pairs = zip(force_n, zero_n, strict=False)
    return tuple([None if value is None else value - zero for value, zero in pairs])
