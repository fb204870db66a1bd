"""The sessions of a dashboard with several tools: whose is shown, and whom a key is for."""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from functools import partial

from companion.coaching.events import Command, Event
from companion.coaching.routine import Zone
from companion.coaching.view import Phase
from companion.live import Live
from companion.sensing.types import Level
from companion.tui.alerts import Shown
from companion.tui.watch import Watch

GRAVE = frozenset({Level.CAUTION, Level.STOP})
"""Warnings that do not wait until somebody comes back from another screen or tool."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolSession:
    """The session of one tool, as an application is given it.

    Attributes:
        live: what may be looked at between events.
        events: the subscription to its events.
        command: where the person's commands go.
        name: what the tool is called here, as no other one.
        person: for whom it is; the same word for the same person.
        off: zones that are to be left alone for this person today.
    """

    live: Live
    events: AsyncIterator[Event]
    command: Callable[[Command], None]
    name: str = ""
    person: str = ""
    off: frozenset[Zone] = frozenset()


class Several:
    """Sessions side by side, of which one is the shown one; it obeys the keys.

    Args:
        sessions: at least one, in the order of their keys.
        clock: seconds, for what lingers and rings.
        note: what else belongs on the first line.
        rings: whether warnings ring the terminal's bell.

    Attributes:
        watches: one for each session, in the same order.
        place: which of them is shown, from 0 on.
    """

    def __init__(
        self,
        sessions: Sequence[ToolSession],
        clock: Callable[[], float],
        *,
        note: str = "",
        rings: bool = True,
    ) -> None:
        self._sessions = tuple(sessions)
        self.watches = tuple(
            Watch(
                one.live,
                partial(self.obey, place),
                clock,
                note=note,
                off=one.off,
                rings=rings,
                name=one.name,
                number=place + 1,
            )
            for place, one in enumerate(self._sessions)
        )
        self.place = 0

    def __len__(self) -> int:
        return len(self.watches)

    @property
    def shown(self) -> Watch:
        """The session that is shown."""
        return self.watches[self.place]

    @property
    def are_done(self) -> bool:
        """Whether every session is over, or has ended without having begun."""
        return all(watch.is_over or watch.has_ended for watch in self.watches)

    @property
    def has_result(self) -> bool:
        """Whether there is a summary to be read."""
        return any(watch.is_over for watch in self.watches)

    def elsewhere(self) -> tuple[Watch, Shown] | None:
        """Return the gravest warning of a tool that is not shown; None for none."""
        found = [
            (watch, warning)
            for watch in self.watches
            if watch is not self.shown and (warning := grave_warning(watch)) is not None
        ]
        return max(found, key=lambda one: _gravity(one[1]), default=None)

    def rings(self) -> bool:
        """Say whether the bell rings now, for any of the tools."""
        rung = [watch.rings(watch.foremost) for watch in self.watches]  # each is asked, always
        return any(rung)

    def obey(self, place: int, command: Command) -> None:
        """Do what the person asks while this session is shown.

        Sound is one for all tools, and so is the end of the dashboard. Who is not well ends every
        session of theirs; those of others pause, so that there is time to look after them.
        """
        match command:
            case Command.QUIT:
                self.end_all(command)
            case Command.MUTE:
                self._mute(muted=not self._sessions[place].live.muted)
            case Command.UNWELL:
                self._unwell(self._sessions[place].person)
            case _:
                self._sessions[place].command(command)

    def end_all(self, command: Command) -> None:
        """Give every session that is not over this command, which ends it."""
        for watch, one in zip(self.watches, self._sessions, strict=True):
            if not watch.is_over:
                one.command(command)

    def _mute(self, *, muted: bool) -> None:
        for one in self._sessions:
            if one.live.muted is not muted:
                one.command(Command.MUTE)

    def _unwell(self, person: str) -> None:
        for watch, one in zip(self.watches, self._sessions, strict=True):
            if watch.is_over:
                continue
            if one.person == person:
                one.command(Command.UNWELL)
            elif one.live.view().phase is Phase.RUNNING:
                one.command(Command.PAUSE)


def grave_warning(watch: Watch) -> Shown | None:
    """Return a session's caution or stop, standing or just over; None for none."""
    shown = watch.foremost
    return shown if shown is not None and shown.raised.level in GRAVE else None


def _gravity(shown: Shown) -> tuple[bool, bool, float]:
    return shown.cleared is None, shown.raised.level is Level.STOP, -shown.raised.onset_s
