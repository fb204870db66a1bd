"""That a core which is shared is told by a loop, and not by what is measured."""

from itertools import repeat

import pytest

from tests.benchmarks import quiet_core

STRETCH = 40


def watch(monkeypatch: pytest.MonkeyPatch, loops_us: list[float]) -> quiet_core.Watched:
    """Measure the number of each stretch, with a loop that takes so long between them."""
    looks = iter(loops_us)
    monkeypatch.setattr(quiet_core, "_loop_us", lambda: next(looks))
    stretches = len(loops_us) - 1
    return quiet_core.watched(one for number in range(stretches) for one in repeat(number, STRETCH))


def test_only_stretches_between_two_fast_loops_were_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = watch(monkeypatch, [50.0, 45.0, 68.0, 70.0, 46.0, 53.0])
    assert set(seen.alone) == {0, 4}
    assert len(seen.every) == 5 * STRETCH
    assert seen.alone_percent == 40
    assert seen.loop_us == 45.0


def test_where_no_stretch_was_alone_all_of_it_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = watch(monkeypatch, [70.0, 45.0, 70.0])
    assert seen.alone == seen.every
    assert seen.alone_percent == 0
