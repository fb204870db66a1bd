"""What the dashboard costs: 25 fps, 100 Hz data, 120x40, in a pseudo-terminal of its own.

``python -m tests.benchmarks.bench_dashboard`` prints the figures. A frame's own work is all
processor time of the process, every thread, from one tick to the next: reading the session,
painting, and writing to the terminal. The scripted session that feeds it is in the figure too.
"""

import asyncio
import itertools
import json
import statistics
import sys
import tempfile
import time
from pathlib import Path

from companion.coaching.events import Command
from companion.tui.app import CompanionApp
from companion.tui.screens.live import LiveScreen
from tests.benchmarks.pseudo_terminal import PseudoTerminal
from tests.tui.fake_live import FakeEvents, FakeLive, pressed, tapping

_SECONDS = 8.0
_WARM_UP_FRAMES = 25


def bench(*, seconds: float = _SECONDS, columns: int = 120, rows: int = 40) -> dict[str, float]:
    """Run the dashboard in a pseudo-terminal and return what a frame cost.

    Args:
        seconds: how long to run.
        columns: width of the terminal.
        rows: height of the terminal.
    """
    with tempfile.TemporaryDirectory() as folder:
        result = Path(folder) / "figures.json"
        arguments = ("-m", __spec__.name, str(result), str(seconds))
        with PseudoTerminal(*arguments, columns=columns, rows=rows) as screen:
            screen.ended(seconds + 30)
        figures: dict[str, float] = json.loads(result.read_text(encoding="utf-8"))
    written = len(screen.written)
    return figures | {"kilobytes_per_second": round(written / 1000 / seconds, 1)}


class _MeasuredApp(CompanionApp):
    """The dashboard with a stop-watch at the beginning of every frame."""

    def __init__(self, live: FakeLive, events: FakeEvents) -> None:
        super().__init__(live, events, _ignore, theme="dark", note="benchmark")
        self.marks: list[tuple[float, float]] = []

    def watch_frames(self) -> None:
        """Note processor and wall time whenever the screen looks at the session."""
        tick = LiveScreen.tick

        def measured(screen: LiveScreen) -> None:
            self.marks.append((time.process_time(), time.perf_counter()))
            tick(screen)

        setattr(LiveScreen, "tick", measured)  # noqa: B010 - a method replaced


def _ignore(_command: Command) -> None:
    """Take no notice of keys."""


async def _feed(live: FakeLive, app: _MeasuredApp, seconds: float) -> None:
    loop = asyncio.get_running_loop()
    begun = loop.time()
    for count, value in enumerate(tapping(seconds, seed=3, peak_kpa=1.6)):
        await asyncio.sleep(max(0.0, begun + count / 100 - loop.time()))
        live.sample(value)
    app.exit()


async def _measure(seconds: float) -> dict[str, float]:
    live = pressed(FakeLive(), tapping(8.0))
    app = _MeasuredApp(live, FakeEvents())
    app.watch_frames()
    feeding = asyncio.create_task(_feed(live, app, seconds))
    await app.run_async()
    await feeding
    marks = app.marks[_WARM_UP_FRAMES:]
    costs_ms = [1000 * (after[0] - before[0]) for before, after in itertools.pairwise(marks)]
    wall_s = marks[-1][1] - marks[0][1]
    return {
        "frames_per_second": round((len(marks) - 1) / wall_s, 1),
        "median_ms": round(statistics.median(costs_ms), 2),
        "p99_ms": round(statistics.quantiles(costs_ms, n=100)[98], 2),
        "cpu_percent": round(100 * (marks[-1][0] - marks[0][0]) / wall_s, 1),
    }


if __name__ == "__main__":
    if len(sys.argv) == 3:
        Path(sys.argv[1]).write_text(
            json.dumps(asyncio.run(_measure(float(sys.argv[2])))), encoding="utf-8"
        )
    else:
        print(json.dumps(bench(), indent=2))  # noqa: T201 - its purpose
