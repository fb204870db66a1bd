"""The pressure without delay against the whole signal filtered in its spectrum."""

import numpy as np
import pytest

from companion.sensing.zero_phase import ZeroPhase


@pytest.mark.parametrize("rate_hz", [50, 100, 200])
def test_it_is_what_the_whole_signal_filtered_there_and_back_is(rate_hz: int) -> None:
    t = np.arange(20 * rate_hz) / rate_hz
    value = 1 + 0.3 * np.sin(2 * np.pi * 1.3 * t) + 0.1 * np.sin(2 * np.pi * 7 * t)
    value[t > 10] += 0.5
    both = np.concatenate([value, value[::-1]])
    gain = 1 / (1 + (np.fft.rfftfreq(len(both), 1 / rate_hz) / 5) ** 4)
    whole = np.fft.irfft(np.fft.rfft(both) * gain)[: len(t)]
    undelayed = ZeroPhase()
    errors = []
    for index, sample in enumerate(value):
        undelayed.step(round(t[index] * 1e6), float(sample))
        late_us, late = undelayed.late()
        if t[index] > 1:
            assert 0.0699 < t[index] - late_us / 1e6 < 0.0701 + 1 / rate_hz
            half_a_sample_earlier = late_us / 1e6 + 0.5 / rate_hz
            errors.append(late - float(np.interp(half_a_sample_earlier, t, whole)))
    assert np.abs(errors).max() < 0.03  # the step of .5 cannot be seen coming
    assert np.sqrt(np.mean(np.square(errors))) < 0.006


def test_it_is_exact_where_nothing_moves_and_begins_anew() -> None:
    undelayed = ZeroPhase()
    for index in range(50):
        undelayed.step(index * 10_000, 3.0)
        assert undelayed.late()[1] == pytest.approx(3.0)
    undelayed.restart()
    undelayed.step(5_000_000, 7.0)
    assert undelayed.late() == (5_000_000, 7.0)
