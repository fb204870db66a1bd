"""A session of the past on the dashboard's own screens: no tool, no radio, nothing kept."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from time import perf_counter
from typing import ClassVar, TypeAlias

from textual.binding import Binding, BindingType

from companion.coaching.events import Event
from companion.live import Replayed
from companion.texts import text
from companion.tui.app import Beside, CompanionApp
from companion.tui.glyphs import Glyphs
from companion.tui.messages import MomentChanged
from companion.tui.modes import MODES, Mode
from companion.tui.screens.replay import FaceReplay, GlanceReplay, LiveReplay, ReplayScreen
from companion.tui.screens.session import FRAMES_PER_SECOND
from companion.tui.watch import Watch

_Make: TypeAlias = Callable[[Watch, Glyphs, Replayed], ReplayScreen]
_SCREENS: dict[str, _Make] = {"live": LiveReplay, "glance": GlanceReplay, "face": FaceReplay}
_WORK_S = 0.012
"""Real time of each frame in which samples may be taken in while something is shown."""
_SEEKING_WORK_S = 0.03
"""The same while a person waits for them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Looks:
    """How a replay looks, and whether it is heard.

    Attributes:
        theme: ``dark``, ``light`` or ``contrast``.
        note: what is replayed, for the first line.
        ascii_only: draw with ASCII signs only; None asks the terminal's encoding.
        still: nothing slides or fades.
        rings: ring the terminal's bell for warnings.
    """

    theme: str
    note: str = ""
    ascii_only: bool | None = None
    still: bool = False
    rings: bool = False


class ReplayApp(CompanionApp):
    """Shows what is replayed, tells it how much time passes, and lets it take its samples in.

    Args:
        replayed: the session of the past.
        looks: how it looks.
        clock: seconds of real time; None for the running loop's clock.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q", "quit", text("replay.keys.leave"), tooltip=text("replay.keys.leave_tip")),
    ]

    def __init__(
        self, replayed: Replayed, looks: Looks, clock: Callable[[], float] | None = None
    ) -> None:
        self._replayed = replayed
        self._told: asyncio.Queue[Event] = asyncio.Queue()
        self._real = clock or (lambda: asyncio.get_running_loop().time())
        self._shown_s = 0.0
        self._drawn_at: float | None = None
        self._jumps = replayed.jumps
        super().__init__(
            replayed,
            self._arriving(),
            lambda _: None,
            theme=looks.theme,
            note=looks.note,
            ascii_only=looks.ascii_only,
            clock=lambda: self._shown_s,
            beside=Beside(still=looks.still, rings=looks.rings),
        )
        self.modes = tuple(self._mode(mode) for mode in MODES if mode.name in _SCREENS)

    def on_mount(self) -> None:
        """Let time pass."""
        self.set_interval(1 / FRAMES_PER_SECOND, self.let_time_pass)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave out the keys that steer a session."""
        return action != "send" and super().check_action(action, parameters)

    async def action_quit(self) -> None:
        """Leave: nothing has to be ended."""
        self.exit()

    def _mode(self, mode: Mode) -> Mode:
        screen = _SCREENS[mode.name]
        return Mode(
            mode.name,
            mode.key,
            lambda _: screen(self._tools.shown, self._glyphs, self._replayed),
            guides=True,
        )

    async def _arriving(self) -> AsyncIterator[Event]:
        while True:
            yield await self._told.get()

    def let_time_pass(self) -> None:
        """Take samples in, move on by the time that has passed, and tell what was said in it."""
        replayed, now = self._replayed, self._real()
        passed_s = 0.0 if self._drawn_at is None else now - self._drawn_at
        self._drawn_at = now
        until = perf_counter() + (_SEEKING_WORK_S if replayed.progress().is_seeking else _WORK_S)
        while replayed.fill() and perf_counter() < until:
            pass
        before_s = replayed.progress().position_s
        events = replayed.advance(passed_s)
        if replayed.jumps != self._jumps:
            self._look_anew()
            return
        self._shown_s += replayed.progress().position_s - before_s
        for event in events:
            self._told.put_nowait(event)

    def _look_anew(self) -> None:
        self._jumps = self._replayed.jumps
        while not self._told.empty():
            self._told.get_nowait()
        self._tools.shown.look_anew(self._replayed.summary)
        for screen in self.opened.values():
            if isinstance(screen, ReplayScreen) and screen.is_running:
                screen.post_message(MomentChanged())
