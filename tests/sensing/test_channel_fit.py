"""The gains of several channels, from presses that their neighbours feel too."""

from dataclasses import replace

import pytest

from companion.sensing.calibration import Fit, Refusal, Unfit
from companion.sensing.channel_fit import Press, fit_channel, fit_channels

FULL_N = 8.0
TRUE = (1.25, 0.9, 1.0)
SHARES = ((0.9, 0.1, 0.0), (0.1, 0.8, 0.1), (0.0, 0.2, 0.8))


def press(shown_n: float, channel: int, hanging_n: float = 0.0) -> Press:
    """What a tool of known gains sends of a load of known shares; its weight hangs evenly."""
    loads = [shown_n * share + hanging_n / 3 for share in SHARES[channel]]
    sent = tuple(load / gain for load, gain in zip(loads, TRUE, strict=True))
    return Press(shown_n + hanging_n, sent, (0.0,) * 3, 100, 0.01, shown_n)


def presses(channel: int, hanging_n: float = 0.0) -> list[Press]:
    return [press(shown, channel, hanging_n if shown else 0.0) for shown in (0.0, 1.0, 2.0, 4.0)]


def gains(found: dict[int, Fit | Refusal]) -> list[float]:
    return [fit.gain for fit in found.values() if isinstance(fit, Fit)]


def test_every_channel_is_found_though_its_neighbours_felt_its_loads() -> None:
    found = fit_channels({channel: presses(channel) for channel in range(3)}, FULL_N)
    assert gains(found) == pytest.approx(TRUE, rel=1e-4)


def test_the_tools_own_weight_is_a_part_of_the_load() -> None:
    found = fit_channels({channel: presses(channel, 0.3) for channel in range(3)}, FULL_N)
    assert gains(found) == pytest.approx(TRUE, rel=2e-3)


def test_one_channel_alone_takes_the_others_as_they_send() -> None:
    found = fit_channel(presses(2), 2, FULL_N)
    assert isinstance(found, Fit)
    # A fifth of each load was felt by a channel that sends 1 / 0.9 of it.
    assert found.gain == pytest.approx((1.0 - 0.2 / 0.9) / 0.8)


def test_a_press_beside_the_channel_is_refused() -> None:
    aside = replace(press(2.0, 0), sent_n=(1.0, 0.9, 0.0))
    found = fit_channel([press(0.0, 0), aside, press(4.0, 0)], 0, FULL_N)
    assert isinstance(found, Refusal)
    assert (found.reason, found.load) == (Unfit.ELSEWHERE, 1)


def test_a_zero_that_moved_between_the_loads_is_refused() -> None:
    moved = replace(press(0.0, 0), sent_n=(0.2, 0.0, 0.0))
    found = fit_channel([*presses(0), moved], 0, FULL_N)
    assert isinstance(found, Refusal)
    assert found.reason is Unfit.ZERO_MOVED
