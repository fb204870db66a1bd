"""Draws the README's pictures and its film: ``make pictures``.

A simulated session runs over the virtual radio in virtual time; at the chosen moments the
dashboard is shown exactly what it would have read, and its screen is painted. The same seed gives
the same pictures. With names only those are drawn: ``python -m docs.make_pictures warning``.
"""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from companion.ble.adapter import Adapter
from companion.cli.bookshelf import Bookshelf
from companion.cli.plans import plan_of
from companion.cli.simulation_desk import Desk
from companion.coaching.events import (
    AlertRaised,
    Event,
    LinkUp,
    SessionFinished,
    SessionStarted,
    StepStarted,
)
from companion.coaching.view import View
from companion.live import LinkView, Live
from companion.sensing.trace import Trace
from companion.sensing.types import Level, Point
from companion.service import Service, ServiceOptions
from companion.settings.care import load_care
from companion.settings.routines import load_routine
from companion.tui.app import Beside, CompanionApp
from companion.tui.dashboard import DashboardApp
from companion.tui.screens.live import LiveScreen
from companion.tui.simulated import Action, Happening, ToolLook
from companion.tui.simulation import SimulationApp
from docs.cell_painter import paint, paint_film, painted
from simulators.bleak_backend import Adapter as VirtualAdapter
from simulators.radio import Air, connect_host
from simulators.scenario import load_scenario
from simulators.simulated_tool import SimulatedTool
from simulators.tool_data import load_tool
from simulators.virtual_time import run_virtual

FOLDER = Path(__file__).with_name("pictures")
SEED = 1
_DESK_S = 10.6
"""When the simulation's screen is taken: during the first press that is too hard."""
_REMEMBERED_S = 10.0
"""Nothing stays on the screen longer than this after its event."""
_TAKEN_IN_S = 0.02
"""Real time that a screen needs to take one event in."""


@dataclass(frozen=True, slots=True)
class Scene:
    """A moment worth a picture: so long after the first event that fits.

    Attributes:
        name: the picture's file name, without its ending.
        fits: which event it is about.
        after_s: seconds of the session after that event.
        size: columns and rows of the terminal.
        theme: dark, light or contrast.
        keys: what is pressed first, to change to another screen.
    """

    name: str
    fits: Callable[[Event], bool]
    after_s: float
    size: tuple[int, int] = (120, 36)
    theme: str = "dark"
    keys: tuple[str, ...] = ()


SCENES = (
    Scene("live", lambda e: isinstance(e, AlertRaised) and e.step != "forehead", 0.4),
    Scene("stop", lambda e: isinstance(e, AlertRaised) and e.level is Level.STOP, 0.5),
    Scene(
        "calm-light",
        lambda e: isinstance(e, StepStarted) and e.step == "cheek-right",
        25.0,
        size=(80, 24),
        theme="light",
    ),
    Scene("before", lambda e: isinstance(e, LinkUp), 0.1, size=(80, 24)),
    Scene("summary", lambda e: isinstance(e, SessionFinished), 0.0),
    Scene(
        "glance",
        lambda e: isinstance(e, StepStarted) and e.step == "cheek-left",
        14.2,
        size=(80, 24),
        keys=("g",),
    ),
    Scene(
        "face",
        lambda e: isinstance(e, StepStarted) and e.step == "jaw-right",
        12.0,
        keys=("f",),
    ),
)


FILM = "warning"
"""The film's file name, without its ending: the hand presses too hard, is warned, and eases off."""
FILM_SIZE = (100, 30)
FILM_FROM_S, FILM_FOR_S = 5.5, 8.0
"""Seconds after the session's beginning, and how long."""
FILM_PER_S = 10  # a GIF tells time in hundredths of a second


@dataclass
class Frozen:
    """What the dashboard reads, held still at one moment."""

    shown_view: View
    shown_link: LinkView
    trace: Trace
    events: list[tuple[float, Event]]
    now: float
    muted: bool = False

    def view(self) -> View:
        """Return the session as it stood."""
        return self.shown_view

    def link(self) -> LinkView:
        """Return the link as it stood."""
        return self.shown_link


@dataclass(frozen=True, slots=True)
class StillDesk:
    """What the simulation's screen shows, held still."""

    air: str
    shown: list[ToolLook]
    said: tuple[Happening, ...]

    def tools(self) -> list[ToolLook]:
        """Return the tools as they stood."""
        return self.shown

    def happenings(self) -> tuple[Happening, ...]:
        """Return what had happened."""
        return self.said

    def act(self, _place: int, _action: Action) -> None:
        """Do nothing: it is a picture."""


@dataclass(frozen=True, slots=True)
class Exposure:
    """One picture of the film: what the dashboard would have read, and what was new since."""

    view: View
    link: LinkView
    points: list[Point]
    events: list[tuple[float, Event]]
    now: float


@dataclass
class Camera:
    """Freezes the session at each scene's moment, and films the beginning of it."""

    taken: dict[str, Frozen] = field(default_factory=dict)
    film: list[Exposure] = field(default_factory=list)
    seen: list[tuple[float, Event]] = field(default_factory=list)
    desk: "StillDesk | None" = None
    _cursor: int = 0

    async def watch(self, live: Live, events: AsyncIterator[Event]) -> None:
        """Read the events until the session ends."""
        due: list[tuple[float, Scene]] = []
        loop = asyncio.get_running_loop()
        waiting = list(SCENES)
        async for event in events:
            self.seen.append((loop.time(), event))
            if isinstance(event, SessionStarted):
                for number in range(round(FILM_FOR_S * FILM_PER_S)):
                    loop.call_later(FILM_FROM_S + number / FILM_PER_S, self.expose, live)
            for scene in [scene for scene in waiting if scene.fits(event)]:
                waiting.remove(scene)
                due.append((loop.time() + scene.after_s, scene))
                loop.call_later(scene.after_s, self.take, scene, live)

    def expose(self, live: Live) -> None:
        """Keep what a screen would read now, for the film."""
        told = sum(len(one.events) for one in self.film)
        points, self._cursor = live.trace.since(self._cursor)
        now = asyncio.get_running_loop().time()
        self.film.append(Exposure(live.view(), live.link(), points, self.seen[told:], now))

    def look(self, desk: Desk) -> None:
        """Keep what the simulation's screen would show now."""
        self.desk = StillDesk(desk.air, desk.tools(), desk.happenings())

    def take(self, scene: Scene, live: Live) -> None:
        """Keep what a screen would read now."""
        trace = Trace()
        for point in live.trace.since(0)[0]:
            trace.add(*point)
        now = asyncio.get_running_loop().time()
        self.taken[scene.name] = Frozen(live.view(), live.link(), trace, list(self.seen), now)


async def session(camera: Camera) -> None:
    """Run the heavy-hand demo to its end under the camera."""
    routine = load_routine("five-minutes")
    tool_data = load_tool("small-roller")
    simulated = SimulatedTool(plan_of(routine), tool_data, load_scenario("heavy-hand"), SEED)
    air = Air()
    computer = connect_host(air.add_controller("computer"))
    stone = SimulatedTool(plan_of(routine), load_tool("gua-sha"), load_scenario("heavy-hand"), SEED)
    desk = Desk("air open at 127.0.0.1:4711", radio=air)
    async with (
        VirtualAdapter(computer) as virtual,
        simulated.on_air(air, notice=lambda w: desk.say(tool_data.name, w)) as roller,
        stone.on_air(air, notice=lambda w: desk.say(stone.data.name, w)) as waiting,
    ):
        desk.seat(simulated, roller)
        desk.seat(stone, waiting)
        asyncio.get_running_loop().call_later(_DESK_S, camera.look, desk)
        adapter = Adapter(
            name="virtual radio",
            client_backend=virtual.client_backend,
            scanner_backend=virtual.scanner_backend,
        )
        options = ServiceOptions(tool=tool_data.address, seed=SEED, oiled=True)
        service = Service(adapter, routine, load_care(), options)
        events = service.hub.subscribe("camera", 4096)
        await service.run(lambda: camera.watch(service.live, events))


async def show(scene: Scene, frozen: Frozen) -> None:
    """Show the dashboard a frozen moment and paint its screen.

    Its clock goes through the times at which the events came, so that only what would still
    stand at that moment does.
    """
    clock, is_told = [0.0], asyncio.Event()

    async def replay() -> AsyncIterator[Event]:
        for came_at, event in frozen.events:
            clock[0] = came_at
            yield event
            if came_at > frozen.now - _REMEMBERED_S:
                await asyncio.sleep(_TAKEN_IN_S)
        clock[0] = frozen.now
        is_told.set()
        await asyncio.Event().wait()

    app = CompanionApp(
        frozen,
        replay(),
        lambda _: None,
        theme=scene.theme,
        note="virtual radio",
        clock=lambda: clock[0],
    )
    async with app.run_test(size=scene.size) as pilot:
        await is_told.wait()
        await pilot.press(*scene.keys)
        await pilot.pause(0.6)
        paint(app, FOLDER / f"{scene.name}.png")


async def show_film(exposures: Sequence[Exposure], path: Path) -> None:
    """Show the dashboard one exposure after the other, and write them as a film.

    Nothing slides: what is half way in depends on the machine.
    """
    first = exposures[0]
    live = Frozen(first.view, first.link, Trace(), [], first.now)
    said: asyncio.Queue[Event] = asyncio.Queue()

    async def arriving() -> AsyncIterator[Event]:
        while True:
            yield await said.get()

    app = CompanionApp(
        live,
        arriving(),
        lambda _: None,
        theme="dark",
        note="virtual radio",
        clock=lambda: live.now,
        beside=Beside(still=True, rings=False),
    )
    pictures = []
    async with app.run_test(size=FILM_SIZE) as pilot:
        for one in exposures:
            for live.now, event in one.events:
                said.put_nowait(event)
                await pilot.pause()
            live.shown_view, live.shown_link, live.now = one.view, one.link, one.now
            for point in one.points:
                live.trace.add(*point)
            await pilot.pause()
            if isinstance(app.screen, LiveScreen):
                app.screen.tick()
            await pilot.pause()
            pictures.append(painted(app))
    paint_film(pictures, path, FILM_PER_S)


async def show_desk(desk: StillDesk) -> None:
    """Show the simulation's screen and paint it."""
    app = SimulationApp(desk, theme="dark")
    async with app.run_test(size=(110, 28)) as pilot:
        await pilot.pause(0.6)
        paint(app, FOLDER / "simulate.png")


async def show_routines() -> None:
    """Show the routines that are shipped, and paint the screen."""
    async with Bookshelf() as shelf:
        app = DashboardApp(shelf, theme="dark")
        async with app.run_test(size=(120, 36)) as pilot:
            await pilot.pause(0.6)
            await pilot.press("down", "down")
            await pilot.pause(0.6)
            paint(app, FOLDER / "routines.png")


def main() -> None:
    """Draw every picture, or those that are named."""
    named = sys.argv[1:]
    camera = Camera()
    run_virtual(session(camera))
    FOLDER.mkdir(exist_ok=True)
    if not named or FILM in named:
        asyncio.run(show_film(camera.film, FOLDER / f"{FILM}.gif"))
    if camera.desk is not None and (not named or "simulate" in named):
        asyncio.run(show_desk(camera.desk))
    if not named or "routines" in named:
        asyncio.run(show_routines())
    for scene in SCENES:
        if not named or scene.name in named:
            asyncio.run(show(scene, camera.taken[scene.name]))


if __name__ == "__main__":
    main()
