"""An hour with the dashboard open, in a few minutes: whether memory or tasks grow.

Nobody waits for the clock: the scripted session lives through an hour of samples, warnings, lost
links and changes of screen as fast as they are drawn, five frames to a second of it.
"""

import asyncio
import gc
import os
from itertools import cycle
from pathlib import Path

from companion.coaching.events import Command
from companion.live import LinkState
from companion.sensing.types import Level
from companion.tui.app import Beside, CompanionApp
from companion.tui.several import ToolSession
from tests.tui.fake_library import FakeLibrary
from tests.tui.fake_live import FakeEvents, FakeLive, acknowledged, cleared, raised, tapping

_WARM_UP_S = 300
_FRAMES_PER_S = 5
_MODES = ("live", "glance", "face", "beside", "history", "routines")


def bench(*, minutes: float = 60.0) -> dict[str, float]:
    """Return by how much memory and tasks have grown since the first five minutes.

    Args:
        minutes: of the session, the first five included.
    """
    return asyncio.run(_hour(int(minutes * 60)))


async def _hour(seconds: int) -> dict[str, float]:
    lives, streams = [FakeLive(), FakeLive(index=2)], [FakeEvents(), FakeEvents()]
    second = ToolSession(
        live=lives[1], events=streams[1], command=_ignore, name="second", person="b"
    )
    beside = Beside(library=FakeLibrary(10_000), rings=False, name="first", more=(second,))
    app = CompanionApp(lives[0], streams[0], _ignore, theme="dark", beside=beside)
    figures: dict[str, float] = {}
    async with app.run_test(size=(120, 40)) as pilot:
        modes, before = cycle(_MODES), (0.0, 0)
        highest_mb = 0.0
        for second_s in range(seconds):
            _live_through(lives, streams, second_s)
            for _ in range(_FRAMES_PER_S):
                for live in lives:
                    _sample(live)
                if app.present_mode.guides:
                    app.screen.tick()  # type: ignore[attr-defined]  # every such screen has frames
                await asyncio.sleep(0)
            if second_s % 20 == 0:
                app.show_mode(next(modes))
                await pilot.pause()
            if second_s == min(_WARM_UP_S, seconds // 2):
                before = _resident_mb(), len(asyncio.all_tasks())
            if second_s % 60 == 0:
                highest_mb = max(highest_mb, _resident_mb())
        after = _resident_mb(), len(asyncio.all_tasks())
        figures = {
            "memory_growth_mb": after[0] - before[0],
            "highest_above_start_mb": max(highest_mb, after[0]) - before[0],
            "tasks_growth": after[1] - before[1],
            "tasks": after[1],
        }
        app.exit()
    return figures


def _sample(live: FakeLive) -> None:
    place = int(live.device_s * 100) % len(_PRESSURES)
    for value in _PRESSURES[place : place + 100 // _FRAMES_PER_S]:
        live.sample(value)


_PRESSURES = tapping(30.0)


def _live_through(lives: list[FakeLive], streams: list[FakeEvents], second: int) -> None:
    """Warn, lose the link and find it again, and go on to the next step."""
    tool = second // 30 % 2
    live, events = lives[tool], streams[tool]
    level = Level.STOP if second % 60 < 30 else Level.CAUTION
    alert = raised(level, alert=second // 30, device_s=live.device_s)
    match second % 30:
        case 5:
            events.put(alert)
        case 7:
            events.put(acknowledged(alert), cleared(alert, device_s=live.device_s))
        case 12:
            live.set_link(LinkState.LOST)
        case 15:
            live.set_link(LinkState.LIVE)
        case 20:
            live.index, live.step_elapsed_s = (live.index + 1) % len(live.steps), 0.0
        case _:
            pass


def _ignore(_command: Command) -> None:
    """Take no notice of keys."""


def _resident_mb() -> float:
    gc.collect()
    statm = Path("/proc/self/statm").read_text(encoding="ascii")
    return int(statm.split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
