"""Reading the dashboard's screen as text, and running it on a scripted session."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from textual.app import App
from textual.pilot import Pilot

from companion.coaching.events import Command, Event
from companion.coaching.routine import Zone
from companion.tui.app import Beside, CompanionApp
from companion.tui.library import Library
from companion.tui.screens.live import LiveScreen
from companion.tui.screens.session import SessionScreen
from companion.tui.setup import Setup
from companion.tui.workshop import Workshop
from tests.tui.fake_live import FakeEvents, FakeLive
from tests.tui.fake_workshop import FakeWorkshop


def rows_of(app: App[None]) -> list[str]:
    """Return the rows of the screen as plain text."""
    strips = app.screen._compositor.render_strips()
    return ["".join(segment.text for segment in strip) for strip in strips]


def text_of(app: App[None]) -> str:
    """Return the whole screen as plain text."""
    return "\n".join(rows_of(app))


@dataclass
class Stage:
    """A running dashboard with everything a test may touch."""

    live: FakeLive
    events: FakeEvents
    app: CompanionApp
    pilot: Pilot[None]
    commands: list[Command]
    clock: list[float]
    rings: list[float] = field(default_factory=list)

    @property
    def screen(self) -> LiveScreen:
        screen = self.app.screen
        assert isinstance(screen, LiveScreen)
        return screen

    @property
    def text(self) -> str:
        return text_of(self.app)

    @property
    def rows(self) -> list[str]:
        return rows_of(self.app)

    async def settle(self, *, seconds: float = 0.0) -> str:
        """Let the clock go on, let everything be drawn, and return the screen."""
        self.clock[0] += seconds
        shown = None
        while shown is not self.app.screen:
            await self.pilot.pause()
            shown = self.app.screen
            if isinstance(shown, SessionScreen):
                shown.tick()
            await self.pilot.pause()
        return self.text

    async def press(self, *keys: str) -> str:
        """Press keys and return the screen once they are obeyed."""
        await self.pilot.press(*keys)
        return await self.settle()

    async def send(self, *events: Event) -> str:
        """Publish events and return the screen once they are taken in."""
        self.events.put(*events)
        return await self.settle()


@asynccontextmanager
async def staged(
    live: FakeLive | None = None,
    *,
    size: tuple[int, int] = (120, 40),
    theme: str = "dark",
    note: str = "",
    ascii_only: bool = False,
    library: Library | None = None,
    workshop: Workshop | None = None,
    off: frozenset[Zone] = frozenset(),
    setup: Setup | None = None,
) -> AsyncIterator[Stage]:
    """Run the dashboard without a terminal, on a clock that stands still."""
    if library is not None and workshop is None:
        workshop = FakeWorkshop()
    live, events, commands, clock = live or FakeLive(), FakeEvents(), list[Command](), [1000.0]
    app = CompanionApp(
        live,
        events,
        commands.append,
        theme=theme,
        note=note,
        ascii_only=ascii_only,
        clock=lambda: clock[0],
        beside=Beside(library=library, off=off, still=True, workshop=workshop, setup=setup),
    )
    async with app.run_test(size=size) as pilot:
        stage = Stage(live, events, app, pilot, commands, clock)
        setattr(app, "bell", lambda: stage.rings.append(clock[0]))  # noqa: B010 - a method replaced
        await stage.settle()
        yield stage
