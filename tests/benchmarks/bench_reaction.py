"""How soon the dashboard shows what happens: a key, a notification, ten thousand sessions.

Each in a pseudo-terminal of its own: the moment at which the last byte needed has been read at the
other end counts. ``python -m tests.benchmarks.bench_reaction`` prints the figures.
"""

import asyncio
import json
import math
import re
import statistics
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path

from companion.cli.bookshelf import RECORDS, Bookshelf
from companion.cli.loading import load
from companion.coaching.events import AlertRaised, Command, Event, LevelChanged
from companion.coaching.session import Session
from companion.coaching.view import Phase, View
from companion.hub import Hub
from companion.live import LinkState, LinkView
from companion.sensing.engine import Engine
from companion.sensing.tool import Tool
from companion.sensing.trace import Trace
from companion.sensing.types import Level
from companion.settings.care import load_care
from companion.settings.routines import load_routine
from companion.store.database import store_file
from companion.tui.app import Beside, CompanionApp
from companion.tui.screens.session import takes_the_middle
from companion.tui.watch import Watch
from companion.tui.widgets.alert_banner import headline
from companion.wording import level_name
from protocols.massage_tool import Decoder
from simulators.tool_data import load_tool
from tests.benchmarks.bench_store import listed
from tests.benchmarks.notified import Notified, notified
from tests.benchmarks.pseudo_terminal import PseudoTerminal
from tests.store.frames import telemetry
from tests.tui.fake_live import FakeEvents, FakeLive, pressed, tapping

_SIZE = {"columns": 100, "rows": 30}
_READY = re.compile(rb"loss")
_FRAME_S = 0.05
_SAMPLES = 5
_KEYS = (
    (" ", re.compile(rb"PAUSED")),
    ("m", re.compile(rb"sound off")),
    ("?", re.compile(rb"Hold the session")),
)
"""A key and what it makes appear; pressed again it goes away, which is not measured."""


def bench(*, presses: int = 60, seconds: float = 45.0, sessions: int = 10_000) -> dict[str, float]:
    """Return how soon each is seen.

    Args:
        presses: keys that are pressed and measured.
        seconds: of a heavy hand, in real time.
        sessions: how many the history has.
    """
    return _keys(presses) | _told(seconds) | _history(sessions)


def _keys(presses: int) -> dict[str, float]:
    """Press keys at odd moments while 100 samples and 25 frames a second are shown."""
    took_ms = []
    with _child("keys", str(presses * 0.5 + 20)) as screen:
        screen.until(_READY)
        for number in range(presses):
            key, shown = _KEYS[number % len(_KEYS)]
            time.sleep(0.2 + 0.0137 * (number % 7))
            pressed_at = screen.press(key)
            took_ms.append(1e3 * (screen.until(shown, pressed_at) - pressed_at))
            time.sleep(0.1)
            screen.press(key)
        screen.press("q")
    return {
        "key_median_ms": statistics.median(took_ms),
        "key_p95_ms": statistics.quantiles(took_ms, n=20)[18],
    }


def _told(seconds: float) -> dict[str, float]:
    """Follow what a heavy hand's notifications bring about, from their bytes to the terminal's."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "told.json"
        with _child("told", str(file), str(seconds)) as screen:
            screen.ended(seconds + 60)
        said: list[tuple[float, str, bool]] = json.loads(file.read_text(encoding="utf-8"))
        due = [(moment, words) for moment, words, is_covered in said if not is_covered]
        lasting = [one for one, after in pairwise([*due, (math.inf, "")]) if _lasts(one, after)]
        took_ms = []
        for moment, words in lasting:
            pattern = re.compile(re.escape(words.encode()), re.IGNORECASE)  # large letters below it
            shown = screen.at(pattern, moment)
            took_ms.append(math.inf if shown is None else 1e3 * (shown - moment))
    return {
        "told_median_ms": statistics.median(took_ms),
        "told_p95_ms": statistics.quantiles(took_ms, n=20)[18],
        "told": len(took_ms),
        "told_brief": len(due) - len(lasting),
        "told_covered": len(said) - len(due),
    }


_BRIEF_S = 0.1
"""A level that changes again so soon may not be drawn: the newer one is."""


def _lasts(one: tuple[float, str], after: tuple[float, str]) -> bool:
    return after[0] == one[0] or after[0] - one[0] >= _BRIEF_S


def _history(sessions: int) -> dict[str, float]:
    """Open the list of sessions beside a running one, whose own work goes on."""
    with tempfile.TemporaryDirectory() as folder:
        home = dict.fromkeys(("HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"), folder)
        with PseudoTerminal("-m", _NAME, "fill", str(sessions), environment=home) as filling:
            filling.ended(600)
        with _child("history", "30", environment=home) as screen:
            screen.until(_READY)
            time.sleep(0.5)
            began = screen.press("h")
            seen = screen.until(re.compile(rb"Sessions: %d" % sessions), began)
            rows = screen.until(re.compile(rb"%d +2\d\d\d-" % sessions), began)
            screen.press("q")
    return {"history_open_s": max(seen, rows) - began}


def _child(*arguments: str, environment: dict[str, str] | None = None) -> PseudoTerminal:
    return PseudoTerminal("-m", _NAME, *arguments, environment=environment, **_SIZE)


async def _show_scripted(seconds: float, *, has_library: bool) -> None:
    """Show a scripted session that obeys two keys, until it is left."""
    live, events = pressed(FakeLive(), tapping(8.0)), FakeEvents()

    def obey(command: Command) -> None:
        if command is Command.PAUSE:
            live.phase = Phase.RUNNING if live.phase is Phase.PAUSED else Phase.PAUSED
        elif command is Command.MUTE:
            live.muted = not live.muted
        elif command is Command.QUIT:
            app.exit()

    load(RECORDS)  # a real session's dashboard has done so long before
    async with Bookshelf() as shelf:
        library = shelf if has_library else None
        app = CompanionApp(
            live, events, obey, theme="dark", beside=Beside(library=library, rings=False)
        )
        feeding = asyncio.create_task(_feed(live, seconds))
        await app.run_async()
        feeding.cancel()


async def _feed(live: FakeLive, seconds: float) -> None:
    loop = asyncio.get_running_loop()
    begun = loop.time()
    for count, value in enumerate(tapping(seconds, seed=3, peak_kpa=1.6)):
        await asyncio.sleep(max(0.0, begun + count / 100 - loop.time()))
        live.sample(value)


class _Followed:
    """A real session on recorded notifications, as a screen sees it."""

    def __init__(self, given: Notified) -> None:
        self.decoder = Decoder(given.feature)
        self.decoder.begin_run(given.started.timestamp_us, given.started.first_sample)
        self._engine = Engine(Tool.from_feature(given.feature))
        routine = load_routine("five-minutes")
        self.session = Session(routine, self._engine, load_care(), oiled=True)
        for value in given.before_tare:
            self.session.receive(self.decoder.receive_data(value))
        tared_s = len(given.before_tare) * _FRAME_S
        self.session.tared(tared_s)
        self.session.start(tared_s)

    def view(self) -> View:
        return self.session.view()

    def link(self) -> LinkView:
        return LinkView(state=LinkState.LIVE, tool="Aurora roller", rate_hz=100, loss_percent=0)

    @property
    def trace(self) -> Trace:
        return self._engine.trace

    @property
    def muted(self) -> bool:
        return False

    def receive(self, value: bytes) -> list[Event]:
        return self.session.receive(self.decoder.receive_data(value))


async def _show_told(seconds: float) -> list[tuple[float, str, bool]]:
    """Show a heavy hand in real time, from before it presses under the eye; return what is due.

    Returns:
        For each the moment, its words, and whether the panel of a stop lies over their place.
    """
    given = notified(load_routine("five-minutes"), "heavy-hand", seconds=_FROM_S + seconds)
    followed, hub = _Followed(given), Hub()
    early = int(_FROM_S / _FRAME_S)
    for value in given.frames[:early]:
        followed.receive(value)
    events = hub.subscribe("screen", 4096)
    app = CompanionApp(followed, events, lambda _: None, theme="dark", beside=Beside(rings=False))
    due: list[tuple[float, str, bool]] = []
    playing = asyncio.create_task(_play(app, followed, hub, given.frames[early:], due))
    await app.run_async()
    playing.cancel()
    return due


_FROM_S = 170.0


async def _play(
    app: CompanionApp,
    followed: _Followed,
    hub: Hub,
    frames: list[bytes],
    due: list[tuple[float, str, bool]],
) -> None:
    loop = asyncio.get_running_loop()
    await asyncio.sleep(2.0)
    begun = loop.time()
    watch = Watch(followed, lambda _: None, loop.time)
    for count, value in enumerate(frames):
        await asyncio.sleep(max(0.0, begun + count * _FRAME_S - loop.time()))
        came, words = time.perf_counter(), list[str]()
        for event in followed.receive(value):
            hub.publish(event)
            watch.take(event)
            words += _words(event)
        is_stopped = watch.foremost is not None and takes_the_middle(watch.foremost)
        due += [(came, one, is_stopped and one != headline(Level.STOP)) for one in words]
    app.exit()


def _words(event: Event) -> list[str]:
    """Return what is to be read on the terminal of an event: the level's name, the banner's."""
    match event:
        case AlertRaised(level=Level.CAUTION | Level.STOP):
            return [headline(event.level)]
        case LevelChanged(level=level) if level not in {Level.CAUTION, Level.STOP}:
            return [level_name(level).upper()]
        case _:
            return []


def _fill(sessions: int) -> None:
    store_file().parent.mkdir(parents=True, exist_ok=True)
    tool = load_tool("small-roller")
    listed(store_file(), telemetry(tool, 1)[:10], sessions)


_NAME = __spec__.name


def _main(arguments: list[str]) -> None:
    match arguments:
        case ["keys", seconds]:
            asyncio.run(_show_scripted(float(seconds), has_library=False))
        case ["history", seconds]:
            asyncio.run(_show_scripted(float(seconds), has_library=True))
        case ["told", file, seconds]:
            due = asyncio.run(_show_told(float(seconds)))
            Path(file).write_text(json.dumps(due), encoding="utf-8")
        case ["fill", sessions]:
            _fill(int(sessions))
        case _:
            print(json.dumps(bench(), indent=2))  # noqa: T201 - its purpose


if __name__ == "__main__":
    _main(sys.argv[1:])
