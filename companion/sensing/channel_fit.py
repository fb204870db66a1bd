"""The gains of a tool's force channels, each from presses on the place above it.

A press on one channel is felt by its neighbours too. What the reference says is the sum over all
channels, each by its own gain; so what the others carried is taken from it by their newest gains,
and all are fitted again until they agree (Gauss-Seidel; it converges where each press is mostly on
one channel, which is asked for).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from companion.sensing.calibration import MOST_ZERO_N, Fit, Load, Refusal, Unfit, fit

MOST_ELSEWHERE: Final = 0.25
"""Share of a press that other channels may carry (engineering choice)."""

LEAST_PRESS_N: Final = 0.2
"""A lighter press says nothing of where it was, newtons (engineering choice)."""

_ROUNDS: Final = 8


@dataclass(frozen=True, slots=True)
class Press:
    """A tool held still on a reference, or in the air.

    Attributes:
        applied_n: what rests on the force sensor: what the reference says, and by how much the
            tool's own weight on it has grown since the tare.
        sent_n: what each channel sent, newtons.
        spread_n: standard deviation of each.
        samples: how many readings there were.
        resolution_n: the reference's last digit, newtons.
        shown_n: what the reference said.
    """

    applied_n: float
    sent_n: tuple[float, ...]
    spread_n: tuple[float, ...]
    samples: int
    resolution_n: float
    shown_n: float

    def elsewhere(self, channel: int) -> float:
        """Return which share of the press other channels felt; 0 for none to speak of.

        The tool's own weight is taken to hang on all of them evenly.
        """
        hanging_n = (self.applied_n - self.shown_n) / len(self.sent_n)
        felt_n = [abs(each - hanging_n) for each in self.sent_n]
        total_n = sum(felt_n)
        return 0.0 if total_n < LEAST_PRESS_N else 1.0 - felt_n[channel] / total_n


def fit_channel(presses: Sequence[Press], channel: int, full_scale_n: float) -> Fit | Refusal:
    """Return the calibration of one channel, the others taken as they send.

    Args:
        presses: on this channel, and in the air.
        channel: which.
        full_scale_n: where a channel saturates, newtons by its present calibration.
    """
    return fit_channels({channel: presses}, full_scale_n)[channel]


def fit_channels(
    presses: dict[int, Sequence[Press]], full_scale_n: float
) -> dict[int, Fit | Refusal]:
    """Return the calibration of each channel that was pressed on.

    Args:
        presses: by channel; each with those in the air.
        full_scale_n: where a channel saturates, newtons by its present calibration.
    """
    gains = dict.fromkeys(presses, 1.0)
    fits: dict[int, Fit | Refusal] = {}
    for _ in range(_ROUNDS if len(presses) > 1 else 1):
        for channel, own in presses.items():
            refusal = _elsewhere(own, channel) or _zero_moved(own)
            found = refusal or fit(_loads(own, channel, gains), full_scale_n)
            fits[channel] = found
            if isinstance(found, Fit):
                gains[channel] = found.gain
    return fits


def _elsewhere(presses: Sequence[Press], channel: int) -> Refusal | None:
    for place, press in enumerate(presses):
        share = press.elsewhere(channel)
        if share > MOST_ELSEWHERE:
            return Refusal(Unfit.ELSEWHERE, place, share, MOST_ELSEWHERE)
    return None


def _zero_moved(presses: Sequence[Press]) -> Refusal | None:
    """Compare the readings in the air, each without the tool's own weight."""
    empty_n = [sum(press.sent_n) - press.applied_n for press in presses if press.shown_n == 0.0]
    moved_n = max(empty_n) - min(empty_n) if empty_n else 0.0
    if moved_n > MOST_ZERO_N:
        return Refusal(Unfit.ZERO_MOVED, value=moved_n, limit=MOST_ZERO_N)
    return None


def _loads(presses: Sequence[Press], channel: int, gains: dict[int, float]) -> list[Load]:
    return [_load(press, channel, gains) for press in presses]


def _load(press: Press, channel: int, gains: dict[int, float]) -> Load:
    others_n = sum(
        sent_n * gains.get(other, 1.0)
        for other, sent_n in enumerate(press.sent_n)
        if other != channel
    )
    return Load(
        applied_n=press.applied_n - others_n,
        sent_n=press.sent_n[channel],
        spread_n=press.spread_n[channel],
        samples=press.samples,
        resolution_n=press.resolution_n,
    )
