"""The Progressor protocol: force in kilograms with the tool's own clock, as tag, length, value.

Sources: the maker's public description of the service, and independent public clients and clones
that agree with it. No bytes of a real device were found in public: the vectors are documented,
not captured.
"""

import struct
from collections.abc import Sequence
from enum import IntEnum
from typing import Final, NamedTuple

from protocols.errors import DecodeError, EncodeError
from protocols.other_tools.readings import Reading
from protocols.telemetry import STANDARD_GRAVITY_MPS2, Sample
from protocols.wrapping import Unwrapper

SERVICE: Final = "7e4e1701-1ea6-40c9-9dcc-13d34ffead57"
DATA: Final = "7e4e1702-1ea6-40c9-9dcc-13d34ffead57"
CONTROL_POINT: Final = "7e4e1703-1ea6-40c9-9dcc-13d34ffead57"

_WEIGHT: Final = struct.Struct("<fI")
_MILLIVOLTS: Final = struct.Struct("<I")
_LONGEST: Final = 255


class Command(IntEnum):
    """What is written to the control point, one byte each."""

    TARE = 100
    START = 101
    STOP = 102
    VERSION = 107
    SLEEP = 110
    BATTERY = 111


class Tag(IntEnum):
    """The first byte of a block."""

    REPLY = 0
    WEIGHT = 1
    PEAK_RATE = 2
    PEAK_RATE_SERIES = 3
    LOW_POWER = 4


class Weight(NamedTuple):
    """One sample: kilograms, and the tool's clock in microseconds, u32."""

    mass_kg: float
    time_us: int


class Block(NamedTuple):
    """One tag with its value."""

    tag: int
    value: bytes


def read_blocks(data: bytes) -> list[Block]:
    """Split a notification into its blocks.

    Raises:
        DecodeError: a block ends after the notification does.
    """
    blocks, place = [], 0
    while place < len(data):
        if place + 2 > len(data):
            raise DecodeError(place, "a block ends after its tag, without a length")
        end = place + 2 + data[place + 1]
        if end > len(data):
            raise DecodeError(
                place + 1, f"a block is to have {data[place + 1]} bytes, {len(data) - place - 2} do"
            )
        blocks.append(Block(data[place], data[place + 2 : end]))
        place = end
    return blocks


def read_weights(block: Block) -> list[Weight]:
    """Read the samples of a block with tag 1.

    Raises:
        DecodeError: its length is not a multiple of 8.
    """
    if len(block.value) % _WEIGHT.size:
        raise DecodeError(
            1, f"{len(block.value)} bytes hold no whole samples of {_WEIGHT.size} bytes"
        )
    return [Weight(*fields) for fields in _WEIGHT.iter_unpack(block.value)]


def read_battery_mv(block: Block) -> int:
    """Read the answer to `Command.BATTERY`: millivolts.

    Raises:
        DecodeError: it is shorter than 4 bytes.
    """
    if len(block.value) < _MILLIVOLTS.size:
        raise DecodeError(2, f"a battery voltage has 4 bytes, this one {len(block.value)}")
    return int(_MILLIVOLTS.unpack_from(block.value)[0])


def write_block(tag: Tag, value: bytes = b"") -> bytes:
    """Return a block.

    Raises:
        EncodeError: the value has more than 255 bytes.
    """
    if len(value) > _LONGEST:
        raise EncodeError(1, f"a block holds {_LONGEST} bytes, not {len(value)}")
    return bytes([tag, len(value)]) + value


def write_weights(weights: Sequence[Weight]) -> bytes:
    """Return a block with samples.

    Raises:
        EncodeError: there are more than 31, or one does not fit.
    """
    try:
        value = b"".join([_WEIGHT.pack(*weight) for weight in weights])
    except (struct.error, OverflowError) as error:
        raise EncodeError(2, f"a sample does not fit its layout: {error}") from error
    return write_block(Tag.WEIGHT, value)


class Decoder:
    """Notifications of a Progressor or a clone to force readings on its continued clock.

    Attributes:
        rejected: samples left out because their force is no number.
        is_low: the tool warned of low power.
        reply: the newest answer to a command, as sent; None before any.
    """

    def __init__(self) -> None:
        self.rejected = 0
        self.is_low = False
        self.reply: bytes | None = None
        self._clock = Unwrapper()

    def receive_data(self, _characteristic: str, value: bytes) -> list[Reading]:
        """Read one notification; see `Codec`.

        Raises:
            DecodeError: it breaks the layout.
        """
        blocks = read_blocks(value)
        weights = [
            each for block in blocks if block.tag == Tag.WEIGHT for each in read_weights(block)
        ]
        for block in blocks:
            if block.tag == Tag.REPLY:
                self.reply = block.value
            self.is_low = self.is_low or block.tag == Tag.LOW_POWER
        unwrap = self._clock.unwrap
        readings = []
        for mass_kg, time_us in weights:
            force_n = mass_kg * STANDARD_GRAVITY_MPS2
            if force_n - force_n != 0.0:  # neither infinite nor not a number
                self.rejected += 1
                continue
            readings.append(Reading(unwrap(time_us), Sample((force_n,), None, None, None)))
        return readings
