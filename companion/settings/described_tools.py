"""Tools that do not speak the profile: their files, shipped and the user's own, as plain data."""

import logging
import math
from collections.abc import Callable, Iterator
from functools import partial
from typing import Final

from companion.errors import FileRefused
from companion.paths import config_folder
from companion.settings.checked import checked
from companion.settings.described_file import (
    FieldTable,
    OtherToolFile,
    ValueTable,
    WriteTable,
)
from companion.settings.files import Source, read_toml
from companion.settings.named_files import NamedFile, named_files, wanted_file
from companion.texts import text
from protocols.massage_tool import FORCE, ROTATIONAL_SPEED
from protocols.massage_tool.feature import Features, ToolFeature, ToolKind
from protocols.other_tools import (
    bluefruit,
    fields,
    industrial_measurement,
    tindeq,
    uart,
    uart_lines,
    witmotion,
)
from protocols.other_tools.description import CodecName, Endpoint, OtherTool, Write
from protocols.other_tools.quantities import UNITS, Giving, Quantity
from protocols.other_tools.readings import Codec

log = logging.getLogger(__name__)

FOLDER: Final = "other-tools"
_KINDS: Final = {"other": ToolKind.OTHER, "gua_sha": ToolKind.GUA_SHA, "roller": ToolKind.ROLLER}
_ACCEL: Final = {Quantity.ACCEL_X, Quantity.ACCEL_Y, Quantity.ACCEL_Z}
_GYRO: Final = {Quantity.GYRO_X, Quantity.GYRO_Y, Quantity.GYRO_Z}
_USUAL: Final = {
    CodecName.LINES: (Endpoint(uart.SERVICE, uart.TX),),
    CodecName.BLUEFRUIT: (Endpoint(uart.SERVICE, uart.TX),),
    CodecName.TINDEQ: (Endpoint(tindeq.SERVICE, tindeq.DATA),),
    CodecName.WITMOTION: (Endpoint(witmotion.SERVICE, witmotion.DATA),),
}
"""What a codec's tools usually notify."""


def load_other_tool(name_or_path: str) -> OtherTool:
    """Return the tool of this name, or the one that a file describes.

    Raises:
        FileRefused: there is none of this name, or its file cannot be used.
    """
    none_such = text("other_tools.none_such")
    return _read(wanted_file(name_or_path, FOLDER, config_folder() / FOLDER, none_such))


def load_other_tools() -> list[OtherTool]:
    """Return every tool that has a name, by name; a user's file replaces a shipped one.

    Raises:
        FileRefused: one of the files cannot be used.
    """
    return [_read(file) for file in _found().values()]


def usable_other_tools() -> list[OtherTool]:
    """Return every tool that has a name and a file that can be used; others are only logged."""
    tools = []
    for file in _found().values():
        try:
            tools.append(_read(file))
        except FileRefused as refused:
            log.info("%s", refused)
    return tools


def other_tool_names() -> list[str]:
    """Return the names of all described tools, without reading their files."""
    return list(_found())


def read_other_tool(source: Source, shown_name: str, name: str) -> OtherTool:
    """Return the tool that a file describes.

    Args:
        source: the file.
        shown_name: how the file is named to the user.
        name: what the tool is called by.

    Raises:
        FileRefused: the file cannot be used; all its faults are in it.
    """
    content = checked(OtherToolFile, read_toml(source, shown_name))
    return OtherTool(
        name=name,
        title=content.title,
        source=content.source,
        proof=content.proof,
        codec=content.codec,
        new_codec=_codec(content),
        listens=_listens(content),
        start=_writes(content.link.start),
        stop=_writes(content.link.stop),
        tare=_writes(content.link.tare),
        rate_hz=content.rate_hz,
        has_clock=content.codec is CodecName.TINDEQ or Quantity.TIME in content.quantities(),
        pairs=content.link.pair,
        feature=_feature(content),
        services=content.recognise.services,
        names=content.recognise.names,
    )


def _found() -> dict[str, NamedFile]:
    return named_files(FOLDER, config_folder() / FOLDER)


def _read(file: NamedFile) -> OtherTool:
    return read_other_tool(file.source, file.shown, file.name)


def _writes(tables: tuple[WriteTable, ...]) -> tuple[Write, ...]:
    return tuple(
        Write(
            to=Endpoint(table.service, table.characteristic),
            value=bytes.fromhex(table.hex),
            with_response=table.response,
        )
        for table in tables
    )


def _listens(content: OtherToolFile) -> tuple[Endpoint, ...]:
    if content.link.listen:
        return tuple(Endpoint(each.service, each.characteristic) for each in content.link.listen)
    match content.codec:
        case CodecName.FIELDS:
            return tuple(Endpoint(each.service, each.characteristic) for each in content.values)
        case CodecName.INDUSTRIAL_MEASUREMENT:
            return tuple(
                Endpoint(industrial_measurement.SERVICE, each) for each in _measured(content)
            )
        case usual:
            return _USUAL[usual]


def _measured(content: OtherToolFile) -> Iterator[str]:
    """Yield what the Industrial Measurement service of this tool notifies, force last."""
    table = content.industrial_measurement
    if table is not None and table.wheel_circumference_mm is not None:
        yield ROTATIONAL_SPEED
    if table is not None and table.acceleration:
        yield industrial_measurement.PRECISE_ACCELERATION_3D
    yield FORCE


def _codec(content: OtherToolFile) -> Callable[[], Codec]:
    match content.codec:
        case CodecName.TINDEQ:
            return tindeq.Decoder
        case CodecName.WITMOTION:
            return witmotion.Decoder
        case CodecName.BLUEFRUIT:
            return partial(bluefruit.Decoder, _bluefruit(content))
        case CodecName.INDUSTRIAL_MEASUREMENT:
            return partial(industrial_measurement.Decoder, _industrial(content))
        case CodecName.LINES:
            return partial(uart_lines.Decoder, _lines(content))
        case CodecName.FIELDS:
            return partial(fields.Decoder, tuple(map(_layout, content.values)))


def _bluefruit(content: OtherToolFile) -> bluefruit.Settings:
    table = content.bluefruit
    if table is None:
        raise ValueError("the file was not checked")
    gyro = None if table.gyro_unit is None else UNITS[table.gyro_unit][1]
    return bluefruit.Settings(accel_unit_mps2=UNITS[table.accel_unit][1], gyro_unit_radps=gyro)


def _industrial(content: OtherToolFile) -> industrial_measurement.Settings:
    table = content.industrial_measurement
    way_mm = None if table is None else table.wheel_circumference_mm
    return industrial_measurement.Settings(
        rate_hz=content.rate_hz,
        wheel_circumference_m=None if way_mm is None else way_mm / 1e3,
        has_acceleration=table is not None and table.acceleration,
    )


def _lines(content: OtherToolFile) -> uart_lines.Settings:
    table = content.lines
    if table is None:
        raise ValueError("the file was not checked")
    is_csv = table.format is uart_lines.LineFormat.CSV
    columns = [
        uart_lines.Column(
            (column.at if is_csv else column.key) or 0,
            Giving(column.gives, column.scale * UNITS[column.unit][1], column.wrap_bits or 0),
        )
        for column in table.columns
    ]
    return uart_lines.Settings(
        format=table.format, columns=tuple(columns), separator=table.separator
    )


def _layout(table: ValueTable) -> fields.Layout:
    return fields.Layout(
        characteristic=table.characteristic,
        fields=tuple(map(_field, table.fields)),
        header=table.header,
        sample_bytes=table.sample_bytes,
    )


def _field(table: FieldTable) -> fields.Field:
    wraps = table.gives is Quantity.TIME and table.type.startswith("u")
    bits = int(table.type[1:]) if wraps else 0
    return fields.Field(
        at=table.at,
        kind=table.type,
        big_endian=table.endian == "big",
        giving=Giving(table.gives, table.scale * UNITS[table.unit][1], bits),
        not_known=table.not_known,
        plus=table.plus,
    )


def _feature(content: OtherToolFile) -> ToolFeature:
    facts = content.facts
    parts = _parts(content)
    resolution_n = None if facts.force_resolution_mn is None else facts.force_resolution_mn / 1e3
    return ToolFeature(
        tool_kind=_KINDS[facts.kind],
        features=parts,
        force_channels=_channels(content),
        force_resolution_n=resolution_n,
        force_full_scale_n=facts.force_full_scale_n,
        acceleration_resolution_mps2=None,
        angular_velocity_resolution_radps=None,
        contact_area_m2=_scaled(facts.contact_area_mm2, 1e-6),
        supported_mass_kg=_scaled(facts.supported_mass_g, 1e-3),
        press_axis=_unit(facts.press_axis),
        tip_axis=_unit(facts.tip_axis),
        maximum_rate_hz=content.rate_hz,
    )


def _parts(content: OtherToolFile) -> Features:
    gives = set(content.quantities())
    industrial, packets = content.industrial_measurement, content.bluefruit
    has_accel = content.codec in {CodecName.WITMOTION, CodecName.BLUEFRUIT} or gives >= _ACCEL
    has_accel = has_accel or (industrial is not None and industrial.acceleration)
    has_gyro = content.codec is CodecName.WITMOTION or gives >= _GYRO
    has_gyro = has_gyro or (packets is not None and packets.gyro_unit is not None)
    has_wheel = Quantity.TRAVEL in gives
    has_wheel = has_wheel or (
        industrial is not None and industrial.wheel_circumference_mm is not None
    )
    parts = Features.ACCELEROMETER if has_accel else Features(0)
    parts |= Features.GYROSCOPE if has_gyro else Features(0)
    return parts | (Features.WHEEL if has_wheel else Features(0))


def _channels(content: OtherToolFile) -> int:
    described = content.quantities().count(Quantity.FORCE)
    return described or int(content.gives_force)


def _scaled(value: float | None, factor: float) -> float | None:
    return None if value is None else value * factor


def _unit(axis: tuple[float, ...] | None) -> tuple[float, float, float] | None:
    if axis is None:
        return None
    x, y, z = axis
    length = math.hypot(x, y, z)
    return (x / length, y / length, z / length)
