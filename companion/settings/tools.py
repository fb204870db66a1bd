"""The tools that this computer was paired with: who they are, in one file of the user's own."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final, Literal, Self

from pydantic import AfterValidator, Field

from companion.paths import data_folder
from companion.settings.checked import Table, checked, unacceptable
from companion.settings.described_file import MOST_CHANNELS
from companion.settings.files import TomlFile
from companion.settings.private_files import delete_private, read_private, write_private
from protocols.massage_tool import Features, ToolFeature, ToolKind

FORMAT: Final = 1
LONGEST_NAME: Final = 40
"""Characters of a name a person gives; the profile's own names have at most 29 bytes."""


class Radio(StrEnum):
    """Which radio a tool belongs to: the same address on the other is another tool."""

    BLUETOOTH = "bluetooth"
    VIRTUAL = "virtual"


class Kind(StrEnum):
    """What kind of tool it is (Tool Feature, offset 1)."""

    OTHER = "other"
    GUA_SHA = "gua_sha"
    ROLLER = "roller"


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownTool:
    """One tool that was paired.

    Attributes:
        name: what the person calls it.
        radio: the radio it belongs to.
        address: its identity as the platform gives it, an address in capitals or a UUID.
        advertised: what it called itself when it was paired; may be empty.
        kind: what kind of tool it is.
        feature: digest of its Tool Feature.
        contact_area_m2: its working surface, as it says; None where it does not, or that was
            never noted.
        channel_areas_m2: that of each of its force channels, as it says; empty where it tells
            none of them.
        has_display: whether it shows a passkey to pair with.
        has_limit: whether it can warn by itself; None where that was never noted.
        bonded: whether the platform said that there is a bond; None where it does not tell.
        manufacturer: as it told; may be empty.
        model: as it told; may be empty.
        serial: as it told; may be empty.
        firmware: as it told; may be empty.
        paired_at: when it was paired, aware.
        seen_at: when it was last connected, aware.
        battery_percent: its battery level, as it told last; None where it never did.
        rssi_dbm: its signal, when it was last heard before a connection; None where not noted.
    """

    name: str
    radio: Radio
    address: str
    advertised: str = ""
    kind: Kind = Kind.OTHER
    feature: str
    contact_area_m2: float | None = None
    channel_areas_m2: tuple[float | None, ...] = ()
    has_display: bool = False
    has_limit: bool | None = None
    bonded: bool | None = None
    manufacturer: str = ""
    model: str = ""
    serial: str = ""
    firmware: str = ""
    paired_at: datetime
    seen_at: datetime
    battery_percent: int | None = None
    rssi_dbm: int | None = None

    @property
    def identity(self) -> tuple[Radio, str]:
        """What tells it from every other tool."""
        return (self.radio, self.address)

    def answers_to(self, word: str) -> bool:
        """Whether a person who says this name or address means it."""
        return word.casefold() in {self.name.casefold(), self.address.casefold()}

    def with_feature(self, feature: ToolFeature) -> Self:
        """Return it as it describes itself; what its channels told goes where that has changed."""
        digest = feature_digest(feature)
        return replace(
            self,
            kind=kind_of(feature),
            feature=digest,
            contact_area_m2=feature.contact_area_m2,
            channel_areas_m2=self.channel_areas_m2 if digest == self.feature else (),
            has_display=Features.DISPLAY in feature.features,
            has_limit=Features.ON_TOOL_LIMIT in feature.features,
        )


def feature_digest(feature: ToolFeature) -> str:
    """Return what changes when a tool describes itself otherwise: 16 hexadecimal digits."""
    return hashlib.sha256(bytes(feature)).hexdigest()[:16]


def kind_of(feature: ToolFeature) -> Kind:
    """Return a tool's kind; one that this version does not know is another."""
    if not isinstance(feature.tool_kind, ToolKind):
        return Kind.OTHER
    return Kind[feature.tool_kind.name]


def is_name(words: str) -> bool:
    """Whether a tool can be called so: 1 to 40 printable characters, no space at either end."""
    return 0 < len(words) <= LONGEST_NAME and words.isprintable() and words == words.strip()


def _name(value: str) -> str:
    if not is_name(value):
        raise unacceptable("tool_name", longest=LONGEST_NAME)
    return value


def _printable(value: str) -> str:
    if value and not is_name(value):
        raise unacceptable("tool_name", longest=LONGEST_NAME)
    return value


def _moment(value: str) -> str:
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise unacceptable("no_moment") from None
    if moment.tzinfo is None:
        raise unacceptable("no_moment")
    return value


_Name = Annotated[str, AfterValidator(_name)]
_Words = Annotated[str, AfterValidator(_printable)]
_Moment = Annotated[str, AfterValidator(_moment)]
_Area = Annotated[float, Field(gt=0.0, lt=1.0)]


class _Tool(Table):
    name: _Name
    radio: Annotated[Radio, Field(strict=False)]
    address: Annotated[str, Field(pattern=r"^[0-9A-F:-]{17,36}$")]
    advertised: _Words = ""
    kind: Annotated[Kind, Field(strict=False)] = Kind.OTHER
    feature: Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]
    contact_area_m2: _Area | None = None
    channel_areas_m2: Annotated[list[_Area | None], Field(max_length=MOST_CHANNELS)] = []  # noqa: RUF012 -- pydantic copies it
    has_display: bool = False
    has_limit: bool | None = None
    bonded: bool | None = None
    manufacturer: _Words = ""
    model: _Words = ""
    serial: _Words = ""
    firmware: _Words = ""
    paired_at: _Moment
    seen_at: _Moment
    battery_percent: Annotated[int, Field(ge=0, le=100)] | None = None
    rssi_dbm: int | None = None

    def tool(self) -> KnownTool:
        moments = {key: datetime.fromisoformat(getattr(self, key)) for key in _MOMENTS}
        areas = tuple(self.channel_areas_m2)
        return KnownTool(**{**dict(self), **moments, "channel_areas_m2": areas})


_MOMENTS: Final = ("paired_at", "seen_at")


class _File(Table):
    format: Literal[1]
    tools: list[_Tool]


def tools_file() -> Path:
    """Return where the known tools lie: one file, which only its owner can read."""
    return data_folder() / "tools.json"


def load_tools(radio: Radio | None = None) -> list[KnownTool]:
    """Return the known tools, by name; none where there is no file.

    Args:
        radio: only those of this radio; None for all.

    Raises:
        FileRefused: it cannot be read, is damaged, or is from a newer version; it stays as it is.
    """
    file = tools_file()
    if not file.exists():
        return []
    content = checked(_File, read_private(file, FORMAT))
    tools = [entry.tool() for entry in content.tools if radio in {None, entry.radio}]
    return sorted(tools, key=lambda tool: tool.name.casefold())


def keep_tool(tool: KnownTool) -> None:
    """Keep a tool, in place of what was known of it.

    Raises:
        FileRefused: the file as it is cannot be used, or it cannot be written.
    """
    _save([*_others(tool), tool])


def forget_tool(tool: KnownTool) -> None:
    """Forget a tool; the file goes with the last of them.

    Raises:
        FileRefused: the file cannot be used or written.
    """
    others = list(_others(tool))
    if others:
        _save(others)
        return
    file = tools_file()
    delete_private(file)


def free_name(wanted: str, tools: Iterable[KnownTool]) -> str:
    """Return a name like the wanted one that none of these tools answers to."""
    known = list(tools)
    name, number = wanted, 1
    while any(tool.answers_to(name) for tool in known):
        number += 1
        ending = f" {number}"
        name = f"{wanted[: LONGEST_NAME - len(ending)].rstrip()}{ending}"
    return name


def tool_fields(tool: KnownTool) -> dict[str, object]:
    """Return a tool as the file has it."""
    plain = {field.name: getattr(tool, field.name) for field in fields(tool)}
    moments = {key: plain[key].isoformat(timespec="seconds") for key in _MOMENTS}
    areas = list(tool.channel_areas_m2)
    words = {"radio": tool.radio.value, "kind": tool.kind.value}
    return plain | moments | words | {"channel_areas_m2": areas}


def _others(tool: KnownTool) -> Iterator[KnownTool]:
    return (other for other in load_tools() if other.identity != tool.identity)


def _save(tools: Iterable[KnownTool]) -> None:
    file = tools_file()
    document = {"format": FORMAT, "tools": [tool_fields(tool) for tool in tools]}
    checked(_File, TomlFile(str(file), document, {}))
    write_private(file, document)
