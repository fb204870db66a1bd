"""Every screen of the dashboard as text: ``python -m tests.tui.snapshots`` writes them anew.

A snapshot holds the cells of a screen at each size, and for each of the ways to colour it the
styles of those cells: a letter for each style in the order of its first cell, and in each row how
many cells have which.
"""

import asyncio
import os
import string
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from rich.segment import Segment
from rich.style import Style
from textual.app import App
from textual.pilot import Pilot

from companion.coaching.trend import Trend
from companion.sensing.types import Level
from companion.tui.dashboard import DashboardApp
from companion.tui.library import Opening
from companion.tui.replay import Looks, ReplayApp
from tests.recordings.script import played
from tests.tui.fake_library import FakeLibrary
from tests.tui.fake_live import FakeLive, finished, pressed, raised, tapping
from tests.tui.fake_setup import FakeSetup
from tests.tui.fake_workshop import FakeWorkshop
from tests.tui.screen_text import staged
from tests.tui.several_stage import staged_several

FOLDER = Path(__file__).with_name("screens")
SIZES = ((60, 20), (80, 24), (120, 40))
THEMES = ("dark", "light", "contrast")
COLOURS = (*THEMES, "no colour")
_LETTERS = string.ascii_letters + string.digits


@dataclass(frozen=True, slots=True)
class Scene:
    """A screen at a moment: the keys that lead there, and what happens on it."""

    name: str
    keys: tuple[str, ...] = ()
    level: Level | None = None
    is_over: bool = False
    with_session: bool = True
    with_tools: bool = False
    welcomes: bool = False
    replays: bool = False
    tools: int = 1


SCENES = (
    Scene("live"),
    Scene("live-caution", level=Level.CAUTION),
    Scene("live-stop", level=Level.STOP),
    Scene("summary", is_over=True),
    Scene("glance", keys=("g",)),
    Scene("glance-stop", keys=("g",), level=Level.STOP),
    Scene("face", keys=("f",)),
    Scene("help", keys=("question_mark",)),
    Scene("several-stop", level=Level.STOP, tools=2),
    Scene("several-beside", keys=("e",), level=Level.CAUTION, tools=2),
    Scene("routines", with_session=False),
    Scene("routine", keys=("enter",), with_session=False),
    Scene("history", keys=("h",), with_session=False),
    Scene("history-session", keys=("h", "enter"), with_session=False),
    Scene("history-trends", keys=("h", "t"), with_session=False),
    Scene("welcome", with_session=False, with_tools=True, welcomes=True),
    Scene("tools", keys=("k",), with_session=False, with_tools=True),
    Scene("tools-heard", keys=("k", "p"), with_session=False, with_tools=True),
    Scene("tools-talk", keys=("k", "a"), with_session=False, with_tools=True),
    Scene("tools-session", keys=("k",), with_tools=True),
    Scene("replay", keys=("space", "end", "N", "N", "N"), with_session=False, replays=True),
    Scene("setup", keys=("u",), with_session=False),
    Scene("setup-typed", keys=("u", "tab", "down", "down", "enter", "0"), with_session=False),
)


async def snapshot(scene: Scene) -> str:
    """Return a scene at every size and in every colour."""
    cells: dict[tuple[int, int], str] = {}
    styles: list[str] = []
    for colour in ("dark", "no colour"):
        async with _running(scene, is_plain=colour != "dark") as (app, pilot):
            themes = THEMES if colour == "dark" else (colour,)
            for size in SIZES:
                await pilot.resize_terminal(*size)
                await _settle(pilot)
                for theme in themes:
                    if theme in THEMES:
                        app.theme = f"companion-{theme}"
                        await _settle(pilot)
                    rows = _drawn(app)
                    cells.setdefault(size, "\n".join(_text(row) for row in rows))
                    styles.append(f"{size[0]}x{size[1]} {theme}\n{_styles(rows)}")
    shown = [f"{width}x{height}\n{text}" for (width, height), text in cells.items()]
    return "\n\n".join([*shown, *sorted(styles)]) + "\n"


@asynccontextmanager
async def _running(scene: Scene, *, is_plain: bool) -> AsyncIterator[tuple[App[None], Pilot[None]]]:
    with _environment(is_plain=is_plain):
        if scene.tools > 1:
            async with _several(scene) as found:
                yield found
            return
        if scene.with_session:
            async with _session(scene) as found:
                yield found
            return
        app: App[None] = _replay() if scene.replays else _dashboard(scene)
        async with app.run_test(size=(80, 24)) as pilot:
            await _settle(pilot)
            for key in scene.keys:
                await pilot.press(key)
                await _settle(pilot)
            yield app, pilot


def _dashboard(scene: Scene) -> DashboardApp:
    return DashboardApp(
        FakeLibrary(damaged=frozenset({38})),
        theme="dark",
        still=True,
        opening=Opening(welcomes=scene.welcomes),
        workshop=FakeWorkshop() if scene.with_tools else None,
        setup=FakeSetup(),
    )


def _replay() -> ReplayApp:
    looks = Looks(theme="dark", note="replay: session 7", ascii_only=False, still=True)
    return ReplayApp(played(), looks, clock=lambda: 1000.0)


@asynccontextmanager
async def _session(scene: Scene) -> AsyncIterator[tuple[App[None], Pilot[None]]]:
    live = pressed(FakeLive(), tapping(8.0)[:740])
    peak = {Level.CAUTION: 3.2, Level.STOP: 4.4}.get(scene.level or Level.UNKNOWN, 1.1)
    live = pressed(live, [peak * share / 12 for share in range(13)])
    live.trend = Trend.RISING
    workshop = FakeWorkshop() if scene.with_tools else None
    async with staged(live, size=(80, 24), note="virtual radio", workshop=workshop) as stage:
        await stage.press(*scene.keys)
        if scene.level is not None:
            since = live.device_s - 0.4
            await stage.send(raised(scene.level, device_s=since, pressure_kpa=peak))
        if scene.is_over:
            await stage.send(finished())
        yield stage.app, stage.pilot


@asynccontextmanager
async def _several(scene: Scene) -> AsyncIterator[tuple[App[None], Pilot[None]]]:
    """Yield tools of which the last one warns, while the first is shown."""
    async with staged_several(scene.tools, size=(80, 24)) as stage:
        await stage.press(*scene.keys)
        if scene.level is not None:
            live = pressed(stage.desks[-1].live, [3.2])
            live.trend = Trend.RISING
            since = live.device_s - 0.4
            await stage.send(-1, raised(scene.level, device_s=since, pressure_kpa=3.2))
        yield stage.app, stage.pilot


@contextmanager
def _environment(*, is_plain: bool) -> Iterator[None]:
    """Ask for colours or for none, and put the environment back."""
    before = os.environ.pop("NO_COLOR", None)
    if is_plain:
        os.environ["NO_COLOR"] = "1"
    try:
        yield
    finally:
        os.environ.pop("NO_COLOR", None)
        if before is not None:
            os.environ["NO_COLOR"] = before


async def _settle(pilot: Pilot[None]) -> None:
    for _ in range(3):
        await pilot.pause()


def _drawn(app: App[None]) -> list[list[Segment]]:
    """Return the screen after the filters, as a terminal gets it."""
    rows = [list(strip) for strip in app.screen._compositor.render_strips()]
    background = app.screen.background_colors[1]
    for line_filter in app.get_line_filters():
        rows = [line_filter.apply(row, background) for row in rows]
    return rows


def _text(row: list[Segment]) -> str:
    return "".join(segment.text for segment in row).rstrip()


def _styles(rows: list[list[Segment]]) -> str:
    letters: dict[str, str] = {}
    drawn = ["".join(_runs(row, letters)) for row in rows]
    counted = ((line, len(list(same))) for line, same in groupby(drawn))
    legend = [f"  {letter} {said}" for said, letter in letters.items()]
    return "\n".join([*legend, *(f"{line} x{count}" for line, count in counted)])


def _runs(row: list[Segment], letters: dict[str, str]) -> Iterator[str]:
    styled = ((_said(segment.style), len(segment.text)) for segment in row if segment.text)
    for said, same in groupby(styled, lambda run: run[0]):
        letter = letters.setdefault(said, _LETTERS[len(letters)])
        yield f"{sum(length for _, length in same)}{letter}"


def _said(style: Style | None) -> str:
    known = style or Style()
    colours = (known.color, known.bgcolor)
    ink, ground = ("-" if one is None else one.name for one in colours)
    marks = [
        mark for mark in ("bold", "italic", "underline", "reverse", "dim") if getattr(known, mark)
    ]
    return " ".join([f"{ink} on {ground}", *marks])


def main() -> None:
    """Write every snapshot."""
    FOLDER.mkdir(exist_ok=True)
    for scene in SCENES:
        (FOLDER / f"{scene.name}.txt").write_text(asyncio.run(snapshot(scene)), encoding="utf-8")


if __name__ == "__main__":
    main()
