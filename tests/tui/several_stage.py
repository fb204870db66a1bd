"""A dashboard of several tools on scripted sessions, with everything a test may touch."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from textual.pilot import Pilot

from companion.coaching.events import Command, Event
from companion.tui.app import Beside, CompanionApp
from companion.tui.library import Library
from companion.tui.screens.session import SessionScreen
from companion.tui.several import ToolSession
from tests.tui.fake_live import FakeEvents, FakeLive, pressed, tapping
from tests.tui.screen_text import text_of

NAMES = ("Aurora roller A", "Aurora roller B", "Jade stone", "Long handle", "Rose quartz")


@dataclass
class Desk:
    """One tool: its session, and the commands that came for it."""

    live: FakeLive
    events: FakeEvents = field(default_factory=FakeEvents)
    commands: list[Command] = field(default_factory=list)

    def obey(self, command: Command) -> None:
        """Note a command."""
        self.commands.append(command)
        if command is Command.MUTE:
            self.live.muted = not self.live.muted


@dataclass
class SeveralStage:
    """A running dashboard of several tools."""

    desks: list[Desk]
    app: CompanionApp
    pilot: Pilot[None]
    clock: list[float]
    rings: list[float] = field(default_factory=list)

    @property
    def rows(self) -> list[str]:
        return text_of(self.app).splitlines()

    @property
    def commands(self) -> list[list[Command]]:
        return [desk.commands for desk in self.desks]

    async def settle(self, *, seconds: float = 0.3) -> str:
        """Let the clock go on, let everything be drawn, and return the screen."""
        self.clock[0] += seconds
        for _ in range(2):
            await self.pilot.pause()
            if isinstance(self.app.screen, SessionScreen):
                self.app.screen.tick()
        await self.pilot.pause()
        return text_of(self.app)

    async def press(self, *keys: str) -> str:
        """Press keys and return the screen once they are obeyed."""
        await self.pilot.press(*keys)
        return await self.settle()

    async def send(self, place: int, *events: Event) -> str:
        """Publish events of one session and return the screen once they are taken in."""
        self.desks[place].events.put(*events)
        return await self.settle()


@asynccontextmanager
async def staged_several(
    tools: int = 2,
    *,
    size: tuple[int, int] = (120, 40),
    persons: tuple[str, ...] = ("ada", "ben", "cy", "dan", "eve"),
    library: Library | None = None,
    ascii_only: bool = False,
) -> AsyncIterator[SeveralStage]:
    """Run the dashboard of several tools without a terminal, on a clock that stands still."""
    lives = [pressed(FakeLive(index=5 - place), tapping(2.0)) for place in range(tools)]
    desks, clock = [Desk(live) for live in lives], [1000.0]
    first, *more = (
        ToolSession(
            live=desk.live,
            events=desk.events,
            command=desk.obey,
            name=NAMES[place],
            person=persons[place],
        )
        for place, desk in enumerate(desks)
    )
    app = CompanionApp(
        first.live,
        first.events,
        first.command,
        theme="dark",
        note="virtual radio",
        ascii_only=ascii_only,
        clock=lambda: clock[0],
        beside=Beside(
            library=library, still=True, name=first.name, person=first.person, more=tuple(more)
        ),
    )
    async with app.run_test(size=size) as pilot:
        stage = SeveralStage(desks, app, pilot, clock)
        setattr(app, "bell", lambda: stage.rings.append(clock[0]))  # noqa: B010 - a method replaced
        await stage.settle()
        yield stage
