"""A storm of events: everything that matters arrives, in order, and the screen stays."""

import pytest

from companion.coaching.events import Event, LevelChanged
from companion.sensing.types import Level
from tests.tui.fake_live import cleared, raised
from tests.tui.screen_text import staged

pytestmark = pytest.mark.unmeasured  # see end_to_end/conftest.py


async def test_the_last_warning_of_a_storm_is_the_one_that_stands() -> None:
    storm: list[Event] = []
    for number in range(300):
        caution = raised(alert=number, device_s=100.0 + number, pressure_kpa=3.0)
        storm += [caution, cleared(caution, device_s=100.5 + number)]
        storm += [_level(number)] * 20
    async with staged() as stage:
        shown = await stage.send(*storm, raised(Level.STOP, alert=999, pressure_kpa=4.4))
        assert "stop 4.0" in shown
        assert "caution 2.7" not in shown
        assert len(stage.rings) < 5
        await stage.settle(seconds=3.0)
        assert stage.app._exception is None
        await stage.press("g")
        assert stage.app.current_mode == "glance"


def _level(number: int) -> LevelChanged:
    return LevelChanged(device_s=100.0 + number, level=Level.LIGHT, doubt=None, pressure_kpa=1.0)
