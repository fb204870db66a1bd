"""The vibration motor: who wants it to buzz, who wins, and a record of what it did."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from protocols.massage_tool import Pattern

ALERT_US: Final = 10_000_000
"""The longest buzz of an Immediate Alert (tool-profile.md, Services)."""
_ALERT_STRENGTHS: Final = {0: 0, 1: 50, 2: 100}
"""Percent for no, a mild and a high alert; a choice of this firmware."""


class Reason(StrEnum):
    """Why the motor buzzes, strongest first."""

    LIMIT = "limit"
    ALERT = "alert"
    HAPTIC = "haptic"
    IDENTIFY = "identify"


@dataclass(slots=True)
class Buzz:
    """One stretch of buzzing.

    Attributes:
        pattern: how it buzzes.
        why: who asked for it.
        strength_percent: 1 to 100.
        start_us: the tool's continuous microseconds.
        end_us: None while it lasts.
    """

    pattern: Pattern
    why: Reason
    strength_percent: int
    start_us: int
    end_us: int | None = None


@dataclass(frozen=True, slots=True)
class _Wish:
    pattern: Pattern
    strength_percent: int
    until_us: int | None


class Motor:
    """Buzzes for the strongest reason that wants it to; weaker ones wait, their time runs.

    Attributes:
        buzzes: everything it did, in order.
    """

    def __init__(self) -> None:
        self.buzzes: list[Buzz] = []
        self._wishes: dict[Reason, _Wish] = {}

    def ask(
        self,
        why: Reason,
        device_us: int,
        *,
        pattern: Pattern,
        strength_percent: int = 100,
        until_us: int | None = None,
    ) -> None:
        """Buzz for a reason in place of what that reason wanted before; off or 0 % ends it."""
        self.advance(device_us)
        if pattern is Pattern.OFF or not strength_percent:
            self._wishes.pop(why, None)
        else:
            self._wishes[why] = _Wish(pattern, strength_percent, until_us)
            if self._sounding() is why:
                self._end(device_us)
        self._follow(device_us)

    def drop(self, why: Reason, device_us: int) -> None:
        """A reason no longer wants it."""
        self.ask(why, device_us, pattern=Pattern.OFF)

    def advance(self, device_us: int) -> None:
        """Let wishes run out whose time has come."""
        while True:
            over = [
                (wish.until_us, why)
                for why, wish in self._wishes.items()
                if wish.until_us is not None and wish.until_us <= device_us
            ]
            if not over:
                return
            until_us, why = min(over)
            del self._wishes[why]
            self._follow(until_us)

    def _sounding(self) -> Reason | None:
        last = self.buzzes[-1] if self.buzzes else None
        return last.why if last is not None and last.end_us is None else None

    def _end(self, device_us: int) -> None:
        if self._sounding() is not None:
            self.buzzes[-1].end_us = device_us

    def _follow(self, device_us: int) -> None:
        winner = next((why for why in Reason if why in self._wishes), None)
        if winner is self._sounding():
            return
        self._end(device_us)
        if winner is not None:
            wish = self._wishes[winner]
            self.buzzes.append(Buzz(wish.pattern, winner, wish.strength_percent, device_us))


def alert(motor: Motor, device_us: int, level: int) -> None:
    """Buzz for an Immediate Alert, or end that.

    Raises:
        ValueError: a level that there is not.
    """
    if level not in _ALERT_STRENGTHS:
        raise ValueError(f"an alert level is 0, 1 or 2, not {level}")
    motor.ask(
        Reason.ALERT,
        device_us,
        pattern=Pattern.CONTINUOUS,
        strength_percent=_ALERT_STRENGTHS[level],
        until_us=device_us + ALERT_US,
    )
