"""What every screen application of ours is: our themes and signs, help, an orderly way to fail."""

import signal
from collections.abc import Sequence
from types import FrameType
from typing import ClassVar, Final

from rich.console import RenderableType
from textual.app import App
from textual.binding import Binding, BindingType
from textual.driver import Driver
from textual.filter import LineFilter
from textual.timer import Timer
from textual.worker import WorkerFailed

from companion.errors import CompanionError
from companion.texts import text
from companion.tui.ascii_only import AsciiOnly
from companion.tui.glyphs import glyphs_for
from companion.tui.lasting_css import LastingStylesheet
from companion.tui.lost_terminal import hang_up, is_hung_up, outlasting, own_terminal
from companion.tui.themes import CONTRAST, DARK, LIGHT, THEMES
from companion.tui.widgets.help_panel import HelpPanel
from companion.tui.widgets.side_panel import SidePanel


class TerminalFailed(CompanionError):
    """The terminal could not be read any more."""


TRANSITION_S: Final = 0.01
"""How long nothing is drawn while one screen takes the place of another (engineering choice:
textual takes 50 ms, which is all that a key or a warning has until it is seen)."""

_TERMINAL_LOOKED_AT_S: Final = 1.0
"""How often it is asked if the terminal is still there."""


class BaseApp(App[None]):
    """Themes, signs, help and failing.

    Args:
        theme: ``dark``, ``light`` or ``contrast``.
        ascii_only: draw with ASCII signs only; None asks the terminal's encoding.
    """

    ALLOW_SELECT = False
    ENABLE_COMMAND_PALETTE = False  # it would lie over a warning, and offer what is not ours
    HORIZONTAL_BREAKPOINTS = [(0, "-slim"), (50, "-narrow"), (72, "-medium"), (100, "-wide")]  # noqa: RUF012 - typed by textual
    VERTICAL_BREAKPOINTS = [(0, "-tiny"), (14, "-low"), (19, "-short"), (30, "-tall")]  # noqa: RUF012 - typed by textual
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "d",
            "toggle_theme",
            text("live.keys.theme"),
            show=False,
            tooltip=text("live.keys.theme_tip"),
        ),
        Binding(
            "c",
            "toggle_contrast",
            text("live.keys.contrast"),
            show=False,
            tooltip=text("live.keys.contrast_tip"),
        ),
        Binding(
            "question_mark",
            "toggle_help",
            text("live.keys.help"),
            key_display="?",
            tooltip=text("live.keys.help_tip"),
        ),
        Binding(
            "ctrl+c,ctrl+q", "quit", text("live.keys.quit"), show=False, system=True, priority=True
        ),
    ]

    def __init__(self, *, theme: str, ascii_only: bool | None) -> None:
        super().__init__()
        self.stylesheet = LastingStylesheet(variables=self.get_css_variables())
        for known in THEMES.values():
            self.register_theme(known)
        self.theme = THEMES.get(theme, DARK).name
        self._glyphs = glyphs_for(ascii_only=ascii_only)
        self._ascii = AsciiOnly()

    def on_mount(self) -> None:
        """Keep an eye on the terminal."""
        terminal = own_terminal()
        if terminal is not None:
            look: Timer = self.set_interval(
                _TERMINAL_LOOKED_AT_S, lambda: self._look_at(terminal, look)
            )

    def _look_at(self, terminal: int, look: Timer) -> None:
        """Hang up if the terminal is gone; once, for the second time strikes who is ending."""
        if is_hung_up(terminal):
            look.stop()
            hang_up()

    def get_driver_class(self) -> type[Driver]:
        """Return the platform's driver, which does not wait for a terminal that is gone."""
        return outlasting(super().get_driver_class())

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Return the level colours for themes that are not ours."""
        return DARK.variables

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Return textual's filters, and one that keeps to ASCII where that is asked for."""
        filters = super().get_line_filters()
        return filters if self._glyphs.unicode else [*filters, self._ascii]

    def delay_update(self, delay: float = TRANSITION_S) -> None:
        """Draw nothing for a moment, and for no longer than that."""
        super().delay_update(min(delay, TRANSITION_S))

    def get_key_display(self, binding: Binding) -> str:
        """Return how a key is shown: where its sign is none of ASCII's, by its name."""
        shown = super().get_key_display(binding)
        if self._glyphs.unicode or binding.key_display or shown.isascii():
            return shown
        modifiers, key = binding.parse_key()
        return "+".join([*modifiers, key])

    @property
    def crash(self) -> Exception | None:
        """What ended the screen by accident, for whoever runs it to raise; None for nothing."""
        error = self._exception
        inner = error.error if isinstance(error, WorkerFailed) else error
        return inner if inner is None or isinstance(inner, Exception) else error

    def panic(self, *_renderables: RenderableType) -> None:
        """Leave the screen; what textual would draw there is for ``crash`` and the log.

        Textual itself calls this where an error draws itself, and where the terminal cannot be
        read any more.
        """
        self._exception = self._exception or TerminalFailed("live.status.terminal_failed")
        self._close_messages_no_wait()

    def _fatal_error(self) -> None:
        self.panic()

    def heed_continue_after_a_stop_only(self) -> None:
        """Take SIGCONT as the end of a stop, where there was one.

        A terminal that hangs up sends it too. Textual would then begin to draw anew, with a second
        thread that writes, and could wait for the first one for ever.
        """
        number, driver = getattr(signal, "SIGCONT", None), self._driver
        if number is None or not hasattr(driver, "_must_signal_resume"):
            return
        resume = signal.getsignal(number)

        def go_on(number: int, frame: FrameType | None) -> None:
            if getattr(driver, "_must_signal_resume", False) and callable(resume):
                resume(number, frame)

        signal.signal(number, go_on)

    def action_toggle_theme(self) -> None:
        """Change between the dark and the light theme."""
        self.theme = LIGHT.name if self.current_theme.dark else DARK.name

    def action_toggle_contrast(self) -> None:
        """Change between high contrast and the dark theme."""
        self.theme = DARK.name if self.theme == CONTRAST.name else CONTRAST.name

    def action_toggle_help(self) -> None:
        """Show or hide the list of keys, made from the bindings."""
        is_shown = bool(self.screen.query(HelpPanel))
        self.screen.query(SidePanel).remove()
        if not is_shown:
            self.screen.mount(HelpPanel())
