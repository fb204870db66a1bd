"""What single arguments may look like."""

import math
import re
from argparse import ArgumentTypeError
from datetime import date
from typing import NamedTuple

from companion.texts import text

_ADDRESS = re.compile(r"(?:\[(?P<six>[0-9A-Fa-f:.]+)\]|(?P<host>[^\s:\[\]]+)):(?P<port>\d{1,5})")
_LAST_PORT = 65535
_SLOWEST = 0.001
_FASTEST = 1e6
_LEAST = 1e-6
_MOST = 1e6


class Address(NamedTuple):
    """Where an air listens."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def address(value: str) -> Address:
    """Read ``HOST:PORT`` or ``[IPv6]:PORT``.

    Raises:
        ArgumentTypeError: it is neither, or the port is not within 1 to 65535.
    """
    match = _ADDRESS.fullmatch(value)
    if match is None or not 1 <= int(match["port"]) <= _LAST_PORT:
        raise ArgumentTypeError(text("cli.refused.address", value=value))
    return Address(match["six"] or match["host"], int(match["port"]))


def port(value: str) -> int:
    """Read a TCP port, 0 for any free one.

    Raises:
        ArgumentTypeError: it is not a whole number within 0 to 65535.
    """
    return _whole(value, 0, _LAST_PORT, "cli.refused.port")


def seed(value: str) -> int:
    """Read a seed.

    Raises:
        ArgumentTypeError: it is not a whole number within 0 to 2**32 - 1.
    """
    return _whole(value, 0, 2**32 - 1, "cli.refused.seed")


def past_weeks(value: str) -> int:
    """Read how many weeks to look back.

    Raises:
        ArgumentTypeError: it is not a whole number within 1 to 520, which is ten years.
    """
    return _whole(value, 1, 520, "cli.refused.past_weeks")


def day(value: str) -> str:
    """Read a day, ``2026-11-21``.

    Raises:
        ArgumentTypeError: it is none.
    """
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError:
        raise ArgumentTypeError(text("cli.refused.day", value=value)) from None


def seconds(value: str) -> float:
    """Read a duration in seconds.

    Raises:
        ArgumentTypeError: it is no number, shorter than 10 ms or longer than an hour.
    """
    return _within(value, 0.01, 3600.0, "cli.refused.seconds")


def above_zero(value: str) -> float:
    """Read a force or an area.

    Raises:
        ArgumentTypeError: it is no number above 0, or larger than any tool's.
    """
    return _within(value, _LEAST, _MOST, "cli.refused.above_zero")


def speed(value: str) -> float:
    """Read a speed: times real time, infinite for ``max``.

    Raises:
        ArgumentTypeError: it is neither ``max`` nor a number within 0.001 to 1 000 000.
    """
    if value == "max":
        return math.inf
    return _within(value, _SLOWEST, _FASTEST, "cli.refused.speed")


def _within(value: str, low: float, high: float, refusal: str) -> float:
    try:
        number = float(value)
    except ValueError:
        number = math.nan
    if not low <= number <= high:
        raise ArgumentTypeError(text(refusal, value=value))
    return number


def _whole(value: str, low: int, high: int, refusal: str) -> int:
    if not (value.isascii() and value.isdigit() and low <= int(value) <= high):
        raise ArgumentTypeError(text(refusal, value=value))
    return int(value)


def names(value: str) -> tuple[str, ...]:
    """Read names with commas between them.

    Raises:
        ArgumentTypeError: one of them is empty, or stands there twice.
    """
    found = tuple(name.strip() for name in value.split(","))
    if not all(found) or len(set(found)) < len(found):
        raise ArgumentTypeError(text("cli.refused.names", value=value))
    return found


def rate(value: str) -> int:
    """Read a sample rate in hertz.

    Raises:
        ArgumentTypeError: it is not a whole number within 16 to 1000.
    """
    return _whole(value, 16, 1000, "cli.refused.rate")


def weeks(value: str) -> int:
    """Read the length of a programme.

    Raises:
        ArgumentTypeError: it is not a whole number within 8 to 20.
    """
    return _whole(value, 8, 20, "cli.refused.weeks")


def days_a_week(value: str) -> int:
    """Read on how many days of a week something is planned.

    Raises:
        ArgumentTypeError: it is not a whole number within 1 to 7.
    """
    return _whole(value, 1, 7, "cli.refused.days")


def channel(value: str) -> int:
    """Read the number of a force channel, counted from 1.

    Raises:
        ArgumentTypeError: it is not a whole number within 1 to 8.
    """
    return _whole(value, 1, 8, "cli.refused.channel")


def times(value: str) -> int:
    """Read how often something is done.

    Raises:
        ArgumentTypeError: it is not a whole number within 1 to 20.
    """
    return _whole(value, 1, 20, "cli.refused.times")


def degrees(value: str) -> float:
    """Read the temperature of a room, degrees Celsius.

    Raises:
        ArgumentTypeError: it is no number within -20 to 50.
    """
    return _within(value, -20.0, 50.0, "cli.refused.degrees")


def grams(value: str) -> tuple[float, ...]:
    """Read loads in grams with commas between them.

    Raises:
        ArgumentTypeError: one of them is no number within 1 to 20 000.
    """
    return tuple(_within(part, 1.0, 20_000.0, "cli.refused.grams") for part in value.split(","))
