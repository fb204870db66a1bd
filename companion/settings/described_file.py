"""What a file about another tool may say: every key with its bounds, and which keys fit."""

import math
import re
from typing import Annotated, Final, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from companion.settings.checked import Table, unacceptable
from companion.settings.one_line import Line
from protocols.other_tools.description import CodecName, Proof
from protocols.other_tools.fields import size_of
from protocols.other_tools.quantities import Quantity, units_of
from protocols.other_tools.uart_lines import LineFormat

MOST_RATE_HZ: Final = 2000
MOST_CHANNELS: Final = 8
"""Force sensors of one tool, as in the tool profile."""
LONGEST_VALUE: Final = 512
"""No attribute is longer (Bluetooth Core Vol 3 F 3.2.9)."""

_SHORT_UUID: Final = 4
_BASE: Final = "0000{}-0000-1000-8000-00805f9b34fb"
_UUID: Final = r"[0-9a-fA-F]{4}|[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
_HEX: Final = r"(?:[0-9a-fA-F]{2} ?)+"
_UNIT_TOLERANCE: Final = 0.02


def _uuid(value: str) -> str:
    if not re.fullmatch(_UUID, value):
        raise unacceptable("uuid")
    return (_BASE.format(value) if len(value) == _SHORT_UUID else value).lower()


def _hex(value: str) -> str:
    if not re.fullmatch(_HEX, value):
        raise unacceptable("hex")
    return value


def _unit_vector(value: tuple[float, ...]) -> tuple[float, ...]:
    if abs(math.hypot(*value) - 1) > _UNIT_TOLERANCE:
        raise unacceptable("unit_vector", length=f"{math.hypot(*value):.3g}")
    return value


Uuid = Annotated[str, Field(json_schema_extra={"pattern": f"^(?:{_UUID})$"}), AfterValidator(_uuid)]
Hex = Annotated[
    str,
    Field(min_length=2, max_length=200, json_schema_extra={"pattern": f"^{_HEX}$"}),
    AfterValidator(_hex),
]
Axis = Annotated[
    tuple[float, ...],
    Field(min_length=3, max_length=3, strict=False),
    AfterValidator(_unit_vector),
]
Name = Annotated[str, Field(min_length=1, max_length=29)]
Source = Annotated[str, Field(min_length=1, max_length=300)]
Unit = Literal[
    "N", "mN", "kgf", "gf", "lbf", "m/s2", "g", "mg", "rad/s", "deg/s", "mdeg/s",
    "m", "mm", "um", "s", "ms", "us",
]  # fmt: skip
Type = Literal["u8", "i8", "u16", "i16", "u24", "i24", "u32", "i32", "u64", "i64", "f32", "f64"]


class RecogniseTable(Table):
    """What an advertisement must say; either is enough, and a name says more than a service."""

    services: tuple[Uuid, ...] = Field(default=(), strict=False)
    """UUIDs of advertised services; leave out those that other makers' tools advertise too."""
    names: tuple[Name, ...] = Field(default=(), strict=False)
    """Advertised names; * stands for anything."""

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.services and not self.names:
            raise unacceptable("recognise_nothing", key="names")
        return self


class EndpointTable(Table):
    """A characteristic in its service."""

    service: Uuid
    """UUID of the service: four digits where the Bluetooth SIG assigned it, else in full."""
    characteristic: Uuid
    """UUID of the characteristic, likewise."""


class WriteTable(EndpointTable):
    """Bytes to write to a characteristic."""

    hex: Hex
    """The bytes in hexadecimal."""
    response: bool = True
    """Whether the tool confirms the write."""


Writes = Annotated[tuple[WriteTable, ...], Field(max_length=8, strict=False)]


class LinkTable(Table):
    """How to talk to the tool."""

    pair: bool = False
    """Whether to pair with it while connecting."""
    listen: tuple[EndpointTable, ...] = Field(default=(), max_length=8, strict=False)
    """What to subscribe to, where it is not what the codec's tools usually have."""
    start: Writes = ()
    """What to write to let it send."""
    stop: Writes = ()
    """What to write to end that."""
    tare: Writes = ()
    """What to write to zero it; what is left is taken away here in any case."""


class FactsTable(Table):
    """What the tool is like; what is left out is not known, and is not guessed."""

    kind: Literal["other", "gua_sha", "roller"] = "other"
    """What kind of tool it is."""
    force_resolution_mn: Annotated[float, Field(gt=0, le=1e6)] | None = None
    """The smallest step of its force in millinewtons; a tool with force needs it."""
    force_full_scale_n: Annotated[float, Field(gt=0, le=1e6)] | None = None
    """The largest force in newtons; the drift of the zero is taken in proportion to it."""
    contact_area_mm2: Annotated[float, Field(gt=0, le=65535)] | None = None
    """The whole working surface; without it no pressure is known."""
    supported_mass_g: Annotated[float, Field(gt=0, le=6553)] | None = None
    """What hangs on the force sensor; without it no pressure is judged."""
    press_axis: Axis | None = None
    """Unit vector from the handle into the skin, in the frame of the motion sensor."""
    tip_axis: Axis | None = None
    """Unit vector along the tool from handle to tip, in the frame of the motion sensor."""


class GivingTable(Table):
    """What a number means."""

    gives: Annotated[Quantity, Field(strict=False)]
    """Which quantity; force may come several times, once for each channel."""
    unit: Unit
    """The unit that the number is in once it is scaled."""
    scale: Annotated[float, Field(ge=-1e12, le=1e12)] = 1.0
    """How many units one count is."""

    @model_validator(mode="after")
    def _unit_fits(self) -> Self:
        known = units_of(self.gives)
        if self.unit not in known:
            raise unacceptable(
                "unit_off", key="unit", gives=self.gives.value, known=", ".join(known)
            )
        if self.scale == 0:
            raise unacceptable("scale_zero", key="scale")
        return self


class FieldTable(GivingTable):
    """One number in a characteristic's value."""

    at: Annotated[int, Field(ge=0, le=LONGEST_VALUE - 1)]
    """Its offset in bytes, within the sample where samples repeat."""
    type: Type
    """Unsigned, signed or floating, with its bits."""
    endian: Literal["little", "big"] = "little"
    """Which byte comes first: the least or the most significant."""
    plus: Annotated[float, Field(ge=-1e12, le=1e12)] = 0.0
    """Added to the count before it is scaled."""
    not_known: float | None = None
    """The count that stands for a value that is not known."""


class ValueTable(EndpointTable):
    """The value of one characteristic."""

    header: Annotated[int, Field(ge=0, le=LONGEST_VALUE - 1)] = 0
    """Bytes before the first sample."""
    sample_bytes: Annotated[int, Field(ge=0, le=LONGEST_VALUE)] = 0
    """Bytes from one sample to the next; 0: a value is one sample."""
    fields: Annotated[tuple[FieldTable, ...], Field(min_length=1, max_length=32, strict=False)]
    """Its numbers."""

    @model_validator(mode="after")
    def _fields_lie_within(self) -> Self:
        room = self.sample_bytes or LONGEST_VALUE - self.header
        for number, field in enumerate(self.fields):
            if field.at + size_of(field.type) > room:
                keys = ("fields", number)
                raise unacceptable("field_outside", keys=keys, key="at", room=room)
        return self


class ColumnTable(GivingTable):
    """One column of a line."""

    at: Annotated[int, Field(ge=0, le=255)] | None = None
    """Its number from 0, in a line of CSV."""
    key: Annotated[str, Field(min_length=1, max_length=40)] | None = None
    """Its key, in a line of JSON."""
    wrap_bits: Annotated[int, Field(ge=8, le=64)] | None = None
    """For a time that wraps: the bits of its counts."""


class LinesTable(Table):
    """How lines of text are read."""

    format: Annotated[LineFormat, Field(strict=False)]
    """Values with a separator, or one JSON object per line."""
    separator: Annotated[str, Field(min_length=1, max_length=4)] = ","
    """What stands between two columns of CSV."""
    columns: Annotated[tuple[ColumnTable, ...], Field(min_length=1, max_length=32, strict=False)]
    """The columns that are used."""

    @model_validator(mode="after")
    def _columns_are_found(self) -> Self:
        wanted = "at" if self.format is LineFormat.CSV else "key"
        for number, column in enumerate(self.columns):
            if getattr(column, wanted) is None:
                raise unacceptable("column_needs", keys=("columns", number), wanted=wanted)
        return self


class BluefruitTable(Table):
    """Which units the packets are in, which they do not tell."""

    accel_unit: Literal["m/s2", "g", "mg"]
    """The unit of packets !A."""
    gyro_unit: Literal["rad/s", "deg/s", "mdeg/s"] | None = None
    """The unit of packets !G; left out: the tool sends none."""


class IndustrialTable(Table):
    """What the Industrial Measurement Device service does not tell."""

    wheel_circumference_mm: Annotated[float, Field(gt=0, le=1000)] | None = None
    """The way of one turn, where what turns is a wheel on the skin."""
    acceleration: bool = False
    """Whether it has Precise Acceleration 3D."""


_OWN_TABLE: Final = {
    CodecName.FIELDS: "values",
    CodecName.LINES: "lines",
    CodecName.BLUEFRUIT: "bluefruit",
    CodecName.INDUSTRIAL_MEASUREMENT: "industrial_measurement",
}


class OtherToolFile(Table):
    """A tool that does not speak the Massage Tool Profile."""

    title: Line
    """What the tool is called on a screen."""
    source: Source
    """Where what stands here comes from."""
    proof: Annotated[Proof, Field(strict=False)]
    """How far it was proven: by documents, by published bytes, or on a real device."""
    codec: Annotated[CodecName, Field(strict=False)]
    """How its bytes are read; fields and lines are described here, the others are built in."""
    rate_hz: Annotated[int, Field(ge=1, le=MOST_RATE_HZ)]
    """Samples per second."""
    recognise: RecogniseTable
    """What its advertisements say."""
    link: LinkTable = Field(default_factory=LinkTable)
    """How to talk to it."""
    facts: FactsTable = Field(default_factory=FactsTable)
    """What it is like."""
    values: tuple[ValueTable, ...] = Field(default=(), max_length=8, strict=False)
    """For the codec fields: the characteristics, the one that sets the pace first."""
    lines: LinesTable | None = None
    """For the codec lines: how a line is read."""
    bluefruit: BluefruitTable | None = None
    """For the codec bluefruit: its units."""
    industrial_measurement: IndustrialTable | None = None
    """For the codec industrial_measurement: what else is known."""

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        needed = _OWN_TABLE.get(self.codec)
        is_optional = self.codec is CodecName.INDUSTRIAL_MEASUREMENT
        if needed is not None and not is_optional and not getattr(self, needed):
            raise unacceptable("codec_needs", key="codec", codec=self.codec.value, table=needed)
        for codec, table in _OWN_TABLE.items():
            if codec is not self.codec and getattr(self, table):
                raise unacceptable("codec_other", key=table, codec=codec.value)
        self._once_each()
        if self.gives_force and self.facts.force_resolution_mn is None:
            raise unacceptable("force_needs_resolution", keys=("facts",), key="force_resolution_mn")
        return self

    def _once_each(self) -> None:
        table = "values" if self.codec is CodecName.FIELDS else "lines"
        if self.quantities().count(Quantity.FORCE) > MOST_CHANNELS:
            raise unacceptable("channels", key=table, most=MOST_CHANNELS)
        places = [value.characteristic for value in self.values]
        for number, place in enumerate(places):
            if place in places[:number]:
                keys = ("values", number)
                raise unacceptable("characteristic_twice", keys=keys, key="characteristic")
        seen: set[Quantity] = set()
        for quantity in self.quantities():
            if quantity in seen and quantity is not Quantity.FORCE:
                raise unacceptable("given_twice", key=table, gives=quantity.value)
            seen.add(quantity)

    def quantities(self) -> tuple[Quantity, ...]:
        """Return what the described numbers give, in order; nothing for a built-in codec."""
        if self.codec is CodecName.LINES and self.lines is not None:
            return tuple(column.gives for column in self.lines.columns)
        return tuple(field.gives for value in self.values for field in value.fields)

    @property
    def gives_force(self) -> bool:
        """Whether the tool measures force."""
        built_in = {CodecName.TINDEQ, CodecName.INDUSTRIAL_MEASUREMENT}
        return self.codec in built_in or Quantity.FORCE in self.quantities()
