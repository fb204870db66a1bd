"""The signs the screens draw with: one set in Unicode, one in plain ASCII."""

import os
import sys
from dataclasses import dataclass

from companion.coaching.routine import Direction, Side
from companion.coaching.trend import Trend
from companion.coaching.view import StepState
from companion.palette import SIGNS
from companion.sensing.types import Level


@dataclass(frozen=True, slots=True)
class Glyphs:
    """Every sign used on the screens; each is one cell wide unless it is a rule or an arrow.

    Attributes:
        unicode: whether braille and box drawing may be used.
        level: the sign of each pressure level.
        trend: the sign of each trend of the pressure.
        state: the sign of each step state.
        arrow: the arrows of a direction on a side, as seen in a mirror.
        place: what a place of the face is filled with; a pressure level goes before ``now``.
    """

    unicode: bool
    level: dict[Level, str]
    trend: dict[Trend, str]
    state: dict[StepState, str]
    arrow: dict[tuple[Direction, Side], str]
    place: dict[str, str]
    dot_done: str
    dot_open: str
    between: str
    thin: str
    heavy: str
    dash: str
    heavy_dash: str
    live: str
    waiting: str
    lost: str
    fill: str
    more_left: str
    more_right: str
    more_above: str
    more_below: str
    bullet: str

    def way(self, direction: Direction, side: Side, *, mirrored: bool) -> str:
        """Return the arrow of a direction, as in a mirror or as another person sees it."""
        return self.arrow[direction, side if mirrored else _OTHER[side]]


_OTHER = {Side.LEFT: Side.RIGHT, Side.RIGHT: Side.LEFT, Side.BOTH: Side.BOTH}


def _arrows(
    up: str, down: str, left: str, right: str, any_way: str
) -> dict[tuple[Direction, Side], str]:
    return {
        **{(Direction.UP, side): up for side in Side},
        **{(Direction.DOWN_DRAIN, side): down for side in Side},
        **{(Direction.ANY, side): any_way for side in Side},
        (Direction.OUTWARD, Side.LEFT): left,
        (Direction.OUTWARD, Side.RIGHT): right,
        (Direction.OUTWARD, Side.BOTH): f"{left} {right}",
    }


UNICODE = Glyphs(
    unicode=True,
    level=SIGNS,
    trend={Trend.RISING: "↗", Trend.STEADY: "→", Trend.FALLING: "↘"},
    state={
        StepState.DONE: "✓",
        StepState.SHORT: "~",
        StepState.SKIPPED: "»",
        StepState.NOW: "▶",
        StepState.NEXT: "○",
    },
    arrow=_arrows("↑", "↓", "←", "→", "↔"),
    place={"now": "▒", "next": "·", "done": "░", "off": "✗"},
    dot_done="●",
    dot_open="○",
    between=" · ",
    thin="─",
    heavy="━",
    dash="┄",
    heavy_dash="┅",
    live="●",
    waiting="◌",
    lost="✗",
    fill="█",
    more_left="◂",
    more_right="▸",
    more_above="▴",
    more_below="▾",
    bullet="•",
)

ASCII = Glyphs(
    unicode=False,
    level={
        Level.NO_CONTACT: ".",
        Level.LIGHT: "<",
        Level.ON_TARGET: "o",
        Level.FIRM: "*",
        Level.CAUTION: "^",
        Level.STOP: "#",
        Level.UNKNOWN: "?",
    },
    trend={Trend.RISING: "/", Trend.STEADY: "=", Trend.FALLING: "\\"},
    state={
        StepState.DONE: "+",
        StepState.SHORT: "~",
        StepState.SKIPPED: "x",
        StepState.NOW: ">",
        StepState.NEXT: ".",
    },
    arrow=_arrows("^", "v", "<-", "->", "<->"),
    place={"now": "%", "next": ".", "done": ":", "off": "x"},
    dot_done="#",
    dot_open=".",
    between=" | ",
    thin="-",
    heavy="=",
    dash="-",
    heavy_dash="=",
    live="*",
    waiting="~",
    lost="x",
    fill="#",
    more_left="<",
    more_right=">",
    more_above="^",
    more_below="v",
    bullet="*",
)


_WITHOUT_BRAILLE = frozenset({"linux", "ansi", "vt52", "vt100", "vt102", "vt220", "vt320"})
"""Terminals whose fonts have no such signs, whatever the encoding: the Linux console has 512 glyphs
at most (console_codes(4)), the others are older than Unicode."""


def glyphs_for(*, ascii_only: bool | None) -> Glyphs:
    """Return the set of signs to draw with.

    Args:
        ascii_only: True or False to insist; None to ask whether the terminal (textual writes to
            standard error) has the signs, by its encoding and by its name.
    """
    if ascii_only is None:
        ascii_only = not _terminal_has("⣿●┄▶")
    return ASCII if ascii_only else UNICODE


def _terminal_has(signs: str) -> bool:
    stream = sys.__stderr__
    if stream is not None and stream.isatty() and os.environ.get("TERM") in _WITHOUT_BRAILLE:
        return False
    encoding = getattr(stream, "encoding", None) or "ascii"
    try:
        signs.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True
