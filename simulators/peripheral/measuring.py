"""The Industrial Measurement Device service: force and turning, ten times a second."""

import asyncio
from collections.abc import Callable
from typing import Final

from bumble.gatt import Characteristic

from simulators.firmware import Measurement
from simulators.peripheral.database import Database
from simulators.peripheral.link import Link

PERIOD_S: Final = 0.1
"""The profile allows at most 10 Hz."""
NOT_KNOWN: Final = 0x7FFFFFFF
_MOST: Final = NOT_KNOWN - 1
_MILLI: Final = 1000
_DPS_PER_RPM: Final = 6
"""Degrees per second of one turn per minute."""


def force_value(force_n: float | None) -> bytes:
    """Return a force of the GATT Specification Supplement: i32, 0.001 N."""
    return _value(None if force_n is None else force_n * _MILLI)


def speed_value(turning_dps: float | None) -> bytes:
    """Return a rotational speed of the GATT Specification Supplement: i32, rpm."""
    return _value(None if turning_dps is None else turning_dps / _DPS_PER_RPM)


def _value(quantity: float | None) -> bytes:
    number = NOT_KNOWN if quantity is None else max(-_MOST, min(_MOST, round(quantity)))
    return number.to_bytes(4, "little", signed=True)


class Measuring:
    """Notifies what is subscribed, while it is.

    Args:
        database: the characteristics.
        measure: reads the sensors.
        link: gives the present link, if any.
    """

    def __init__(
        self,
        database: Database,
        measure: Callable[[], Measurement],
        link: Callable[[], Link | None],
    ) -> None:
        self._database = database
        self._measure = measure
        self._link = link
        self._timer: asyncio.TimerHandle | None = None

    def subscribed(self) -> None:
        """Somebody may have switched something on."""
        if self._timer is None and self._wanted():
            self._timer = asyncio.get_running_loop().call_later(PERIOD_S, self._tell)

    def stop(self) -> None:
        """Tell nothing more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _wanted(self) -> list[Characteristic[bytes]]:
        link, database = self._link(), self._database
        if link is None:
            return []
        there = [each for each in (database.force, database.rotational_speed) if each is not None]
        return [each for each in there if database.is_subscribed(link.connection, each)]

    def _tell(self) -> None:
        self._timer = None
        link, wanted = self._link(), self._wanted()
        if link is None or not wanted:
            return
        measured = self._measure()
        for characteristic in wanted:
            is_force = characteristic is self._database.force
            value = force_value(measured.force_n) if is_force else speed_value(measured.turning_dps)
            link.notify_if_free(characteristic, value)
        self.subscribed()
