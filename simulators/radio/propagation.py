"""How loud controllers hear each other: distance to signal strength to lost packets.

Log-distance path loss with shadowing: the mean loss grows with the logarithm of the
distance, and each place has a deviation of its own (T. S. Rappaport, Wireless
Communications, 2nd ed., 4.9.1).
"""

import math
import random
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simulators.radio.controller import RadioController

LOSS_AT_ONE_METRE_DB = 40.2
"""Free-space loss over 1 m at 2440 MHz, 20 log10(4 pi d f / c) (ITU-R P.525)."""

LOSS_PER_DECADE_DB = 28.0
"""Loss per tenfold distance at 2.4 GHz in a home (ITU-R P.1238, residential, N = 28)."""

SHADOWING_DB = 3.0
"""Standard deviation of the loss from place to place (our choice: one room, no walls;
ITU-R P.1238 gives 8 dB for a whole home)."""

SENT_DBM = 0
"""Transmit power of every controller (a usual figure for LE; Core Vol 6 A 3 allows 20)."""

SENSITIVITY_DBM = -95
"""Nothing weaker is received (usual for LE 1M; Core Vol 6 A 4.1 asks for -70 at least)."""

WEAK_SPAN_DB = 6.0
"""Above the sensitivity, over this span, the share of lost packets falls from 1 to 0 (our
choice: receivers go from good to deaf within a few decibels)."""

SHORTEST_M = 0.1
"""Controllers nearer than this count as this far apart: the model is one of the far field."""

LOUDEST_DBM, QUIETEST_DBM = 20, -127
"""What HCI can tell (Core Vol 4 E 7.5.4)."""


def path_loss_db(distance_m: float) -> float:
    """Return the mean path loss in dB: L(1 m) + N log10(d / 1 m), ITU-R P.1238."""
    return LOSS_AT_ONE_METRE_DB + LOSS_PER_DECADE_DB * math.log10(max(distance_m, SHORTEST_M))


def lost_share(rssi_dbm: float) -> float:
    """Return the share of packets, 0 to 1, that a signal of this strength loses."""
    return min(1.0, max(0.0, 1.0 - (rssi_dbm - SENSITIVITY_DBM) / WEAK_SPAN_DB))


def clamped_dbm(strength_dbm: float) -> int:
    """Return a strength as HCI tells it."""
    return max(QUIETEST_DBM, min(LOUDEST_DBM, round(strength_dbm)))


@dataclass
class Places:
    """Who stands where, on one line, and how loud they hear each other.

    Controllers that were never moved stand at 0 m. Two of them hear each other as loud as
    the sender's `rssi_dbm` says; as soon as one of a pair was moved, distance decides.

    Attributes:
        chance: the generator that shadowing is drawn from.
    """

    chance: random.Random
    _distances_m: dict["RadioController", float] = field(default_factory=dict)
    _shadows_db: dict[tuple[int, int], float] = field(default_factory=dict)

    def move(self, controller: "RadioController", distance_m: float) -> None:
        """Put a controller somewhere; its shadowing to everyone is drawn anew when needed.

        Raises:
            ValueError: the distance is no number from 0 up.
        """
        if not (math.isfinite(distance_m) and distance_m >= 0):
            raise ValueError(f"a distance is a number of metres from 0 up, not {distance_m}")
        self._distances_m[controller] = distance_m
        self._forget_shadows(controller)

    def forget(self, controller: "RadioController") -> None:
        """Drop a controller that has left the air."""
        self._distances_m.pop(controller, None)
        self._forget_shadows(controller)

    def strength_dbm(self, sender: "RadioController", receiver: "RadioController") -> float:
        """Return how loud the receiver hears the sender."""
        if sender not in self._distances_m and receiver not in self._distances_m:
            return sender.rssi_dbm
        apart_m = abs(self._distances_m.get(sender, 0.0) - self._distances_m.get(receiver, 0.0))
        return SENT_DBM - path_loss_db(apart_m) - self._shadow_db(sender, receiver)

    def _shadow_db(self, one: "RadioController", other: "RadioController") -> float:
        pair = min(one.number, other.number), max(one.number, other.number)
        if pair not in self._shadows_db:
            self._shadows_db[pair] = self.chance.gauss(0.0, SHADOWING_DB)
        return self._shadows_db[pair]

    def _forget_shadows(self, controller: "RadioController") -> None:
        for pair in [pair for pair in self._shadows_db if controller.number in pair]:
            del self._shadows_db[pair]
