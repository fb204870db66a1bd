"""Which columns of a header are known, and what they are put together to."""

import re
from dataclasses import dataclass
from typing import Final

TIME: Final = "t_s"
ACCELERATION: Final = ("ax_mps2", "ay_mps2", "az_mps2")
ANGULAR_VELOCITY: Final = ("gx_radps", "gy_radps", "gz_radps")
TRAVEL: Final = "travel_m"
FORCE: Final = "force_n"
TOUCHING: Final = "touching"
SATURATED: Final = "saturated"
VERDICTS: Final = (TOUCHING, SATURATED)
"""Columns of 0 and 1."""
_CHANNEL = re.compile(r"force_(\d{1,4})_n", re.ASCII)


@dataclass(frozen=True, slots=True)
class Layout:
    """The known columns of one file.

    Attributes:
        names: the known columns in the order in which they are read, ``t_s`` first.
        places: where each stands in a row.
        channels: the force columns, in order of their number.
        ignored: columns that are left out.
        width: cells of a whole row.
    """

    names: tuple[str, ...]
    places: tuple[int, ...]
    channels: tuple[str, ...]
    ignored: tuple[str, ...]
    width: int

    @property
    def has_signal(self) -> bool:
        """Whether something is measured besides the time."""
        return any(name not in (TIME, SATURATED) for name in self.names)


def find_layout(header: list[str]) -> Layout:
    """Return what the columns of a header are.

    A vector of which a component is missing is no vector, and is left out. Where force stands
    both as a sum and per channel, the channels count.

    Args:
        header: the names, without spaces around them, no name twice.
    """
    numbered = {int(m[1]): name for name in header if (m := _CHANNEL.fullmatch(name))}
    channels = tuple(numbered[number] for number in sorted(numbered))
    if not channels and FORCE in header:
        channels = (FORCE,)
    known = [TIME, *channels]
    for group in (ACCELERATION, ANGULAR_VELOCITY, (TRAVEL,), (TOUCHING,), (SATURATED,)):
        if all(name in header for name in group):
            known += group
    names = tuple(name for name in known if name in header)
    return Layout(
        names=names,
        places=tuple(header.index(name) for name in names),
        channels=channels,
        ignored=tuple(name for name in header if name not in names),
        width=len(header),
    )
