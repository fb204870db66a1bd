"""What a contact was like: the named features from which techniques are told."""

from copy import copy
from math import sqrt
from typing import NamedTuple, Self, TypeAlias

import numpy as np
import numpy.typing as npt

from companion.sensing.attitude import Moment
from companion.sensing.copied import Copied
from protocols.telemetry import STANDARD_GRAVITY_MPS2

EDGE_SHARE = 0.2
"""Share of a contact, at either end, in which the force rises and falls (engineering choice)."""
CALM_S = 0.3
"""Seconds over which acceleration is averaged before it is looked at (engineering choice)."""
LONGEST_SAMPLES = 4_096
"""Samples of a contact that are looked at, from its beginning on."""
_FEWEST = 3

Floats: TypeAlias = npt.NDArray[np.float64]


class Rolled(NamedTuple):
    """Travel by the wheel in metres: from beginning to end, and there and back."""

    net_m: float
    path_m: float


class Features(NamedTuple):
    """A contact in a few figures; None where the tool cannot know one.

    Attributes:
        length_s: how long it lasted.
        swell: how the force varies in its middle: standard deviation over mean.
        rolled: its travel.
        turn_rad: the largest turn of the tool away from how it began.
        orbit_mps2: the lesser of the two main components of the slow acceleration: a way to and
            fro has one, a circle two.
    """

    length_s: float
    swell: float | None = None
    rolled: Rolled | None = None
    turn_rad: float | None = None
    orbit_mps2: float | None = None


class ContactSamples(Copied):
    """The samples of the present contact, as many as are looked at."""

    def __init__(self) -> None:
        self.clear()

    def __deepcopy__(self, _memo: dict[int, object]) -> Self:
        """Return one that goes on by itself; the samples never change."""
        twin = copy(self)
        twin._part()  # noqa: SLF001 -- one of its kind
        return twin

    def clear(self) -> None:
        """A new contact begins."""
        self._forces: list[float] = []
        self._travels: list[float] = []
        self._moments: list[Moment] = []
        self._left = LONGEST_SAMPLES

    def _part(self) -> None:
        """Have no list in common with the one of which this is a copy."""
        self._forces, self._travels = self._forces[:], self._travels[:]
        self._moments = self._moments[:]

    def add(self, force_n: float | None, travel_m: float | None, moment: Moment) -> None:
        """Take one sample in contact."""
        if not self._left:
            return
        self._left -= 1
        if force_n is not None:
            self._forces.append(force_n)
        if travel_m is not None:
            self._travels.append(travel_m)
        self._moments.append(moment)

    def features(self, length_s: float, interval_s: float) -> Features:
        """Return the features of the contact that lasted ``length_s``."""
        told = Features(length_s, swell=_swell(np.array(self._forces)))
        if self._travels:
            steps = np.array(self._travels)
            rolled = Rolled(abs(float(steps.sum())), float(np.abs(steps).sum()))
            told = told._replace(rolled=rolled)
        known = [levelled.at(index) for levelled, index in self._moments]
        known = [each for each in known if None not in each]
        if len(known) >= _FEWEST:
            attitudes, accels = map(np.array, zip(*known, strict=True))
            told = told._replace(
                turn_rad=_largest_turn(attitudes),
                orbit_mps2=_orbit(attitudes, accels, interval_s),
            )
        return told


def _swell(forces: Floats) -> float | None:
    edge = int(EDGE_SHARE * len(forces))
    middle = forces[edge : len(forces) - edge]
    if len(middle) < _FEWEST or middle.mean() <= 0:
        return None
    return float(middle.std() / middle.mean())


def _largest_turn(attitudes: Floats) -> float:
    """Return the largest angle between the first attitude and any other."""
    alike = np.abs(attitudes @ attitudes[0])
    return float(2 * np.arccos(np.clip(alike.min(), 0.0, 1.0)))


def _orbit(attitudes: Floats, accels: Floats, interval_s: float) -> float | None:
    """Return the second component of the acceleration, averaged, in the frame that points up."""
    width = max(1, round(CALM_S / interval_s))
    if len(accels) < _FEWEST * width:
        return None
    w, v = attitudes[:, :1], attitudes[:, 1:]
    twice = 2 * np.cross(v, accels)
    free = accels + w * twice + np.cross(v, twice) - (0.0, 0.0, STANDARD_GRAVITY_MPS2)
    integral = np.cumsum(free, axis=0)
    calm = (integral[width:] - integral[:-width]) / width
    components = np.linalg.svd(calm - calm.mean(axis=0), compute_uv=False)
    return float(components[1]) / sqrt(len(calm))
