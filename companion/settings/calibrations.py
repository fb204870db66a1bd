"""What was found of tools' forces and areas: one private file, beside that of the known tools."""

import hashlib
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import Field

from companion.paths import data_folder
from companion.sensing.calibrated import Calibration, KnownArea, KnownGain
from companion.settings.checked import Table, checked
from companion.settings.files import TomlFile
from companion.settings.private_files import Day, delete_private, read_private, write_private
from companion.settings.tools import Radio
from protocols.errors import EncodeError
from protocols.massage_tool import ToolFeature
from protocols.massage_tool.requests import MOST_CHANNELS

FORMAT: Final = 1
LARGEST_AREA_M2: Final = 0.02
"""The palm of a hand: no tool for a face touches with more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptGain:
    """The calibration of one force channel.

    Attributes:
        channel: which, from 0.
        factor: what the host multiplies what the tool sends by; 1 where the tool has the gain.
        reported_ppm: the gain that the tool reported then, parts per million; None for a tool that
            does not tell.
        uncertainty: relative standard uncertainty.
        residual_n: what the line left over, newtons; None for a line through two loads.
        loads: how many there were, the one in the air with them.
        heaviest_n: the largest of them.
        day: when, ``2026-11-21``.
        temperature_c: of the room, as the person said; None where they did not.
        reference: what it was held against: ``scale``, or the gauge's name.
    """

    channel: int
    factor: float
    reported_ppm: int | None = None
    uncertainty: float
    residual_n: float | None = None
    loads: int
    heaviest_n: float
    day: str
    temperature_c: float | None = None
    reference: str = "scale"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptArea:
    """A contact area that a person measured.

    Attributes:
        channel: of which force channel; None for the whole working surface.
        area_m2: how large.
        share: relative standard uncertainty.
        day: when.
    """

    channel: int | None = None
    area_m2: float
    share: float
    day: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptCalibration:
    """What was found of one tool.

    Attributes:
        radio: the radio it belongs to.
        address: its identity, in capitals.
        feature: what it described itself as, `described_as`.
        gains: of its channels, at most one each.
        areas: of its working surface, at most one each.
    """

    radio: Radio
    address: str
    feature: str
    gains: tuple[KeptGain, ...] = ()
    areas: tuple[KeptArea, ...] = ()

    @property
    def identity(self) -> tuple[Radio, str]:
        """What tells the tool from every other."""
        return (self.radio, self.address)

    @property
    def oldest_day(self) -> str | None:
        """The day of the oldest gain; None without any."""
        return min((gain.day for gain in self.gains), default=None)

    def with_gain(self, gain: KeptGain) -> "KeptCalibration":
        """Return it with a gain in place of that channel's."""
        others = tuple(each for each in self.gains if each.channel != gain.channel)
        gains = sorted((*others, gain), key=lambda each: each.channel)
        return replace(self, gains=tuple(gains))

    def with_area(self, area: KeptArea) -> "KeptCalibration":
        """Return it with an area in place of the one of the same part."""
        others = tuple(each for each in self.areas if each.channel != area.channel)
        return replace(self, areas=(*others, area))

    def known(self, today: date) -> Calibration:
        """Return it as sensing takes it."""
        gains: list[KnownGain | None] = [None] * _many(gain.channel for gain in self.gains)
        for gain in self.gains:
            gains[gain.channel] = KnownGain(
                factor=gain.factor,
                reported_ppm=gain.reported_ppm,
                uncertainty=gain.uncertainty,
                residual_n=gain.residual_n,
                age_days=(today - date.fromisoformat(gain.day)).days,
            )
        parts = [area for area in self.areas if area.channel is not None]
        areas: list[KnownArea | None] = [None] * _many(area.channel or 0 for area in parts)
        for area in parts:
            areas[area.channel or 0] = KnownArea(area.area_m2, area.share)
        whole = next((area for area in self.areas if area.channel is None), None)
        return Calibration(
            gains=tuple(gains),
            area=None if whole is None else KnownArea(whole.area_m2, whole.share),
            channel_areas=tuple(areas),
        )


def described_as(feature: ToolFeature) -> str:
    """Return what changes when a tool describes itself otherwise: 16 hexadecimal digits.

    Of a tool of the profile it is that of its Tool Feature's bytes, as the known tools keep it.
    """
    try:
        told = bytes(feature)
    except EncodeError:
        told = repr(feature).encode()
    return hashlib.sha256(told).hexdigest()[:16]


_Channel = Annotated[int, Field(ge=0, lt=MOST_CHANNELS)]
_Share = Annotated[float, Field(ge=0.0, le=1.0)]
_Area = Annotated[float, Field(gt=0.0, le=LARGEST_AREA_M2)]


class _Gain(Table):
    channel: _Channel
    factor: Annotated[float, Field(ge=0.01, le=100.0)]
    reported_ppm: Annotated[int, Field(ge=1, le=0xFFFFFFFF)] | None = None
    uncertainty: _Share
    residual_n: Annotated[float, Field(ge=0.0, le=1000.0)] | None = None
    loads: Annotated[int, Field(ge=2, le=1000)]
    heaviest_n: Annotated[float, Field(gt=0.0, le=1000.0)]
    day: Day
    temperature_c: Annotated[float, Field(ge=-50.0, le=80.0)] | None = None
    reference: Annotated[str, Field(min_length=1, max_length=80)] = "scale"


class _Part(Table):
    channel: _Channel | None = None
    area_m2: _Area
    share: _Share
    day: Day


class _Entry(Table):
    radio: Annotated[Radio, Field(strict=False)]
    address: Annotated[str, Field(pattern=r"^[0-9A-F:-]{17,36}$")]
    feature: Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]
    gains: list[_Gain]
    areas: list[_Part]


class _File(Table):
    format: Literal[1]
    calibrations: list[_Entry]


def calibrations_file() -> Path:
    """Return where calibrations lie: one file, which only its owner can read."""
    return data_folder() / "calibrations.json"


def load_calibrations() -> list[KeptCalibration]:
    """Return what is kept of every tool; nothing where there is no file.

    Raises:
        FileRefused: it cannot be read, is damaged, or is from a newer version; it stays as it is.
    """
    file = calibrations_file()
    if not file.exists():
        return []
    content = checked(_File, read_private(file, FORMAT))
    return [
        KeptCalibration(
            radio=entry.radio,
            address=entry.address,
            feature=entry.feature,
            gains=tuple(KeptGain(**dict(gain)) for gain in entry.gains),
            areas=tuple(KeptArea(**dict(area)) for area in entry.areas),
        )
        for entry in content.calibrations
    ]


def calibration_of(radio: Radio, address: str) -> KeptCalibration | None:
    """Return what is kept of one tool; None for nothing.

    Raises:
        FileRefused: the file cannot be used.
    """
    wanted = (radio, address.upper())
    return next((kept for kept in load_calibrations() if kept.identity == wanted), None)


def keep_calibration(calibration: KeptCalibration) -> None:
    """Keep what was found of a tool, in place of what was known.

    Raises:
        FileRefused: the file as it is cannot be used, or it cannot be written.
    """
    _save([*_others(calibration.radio, calibration.address), calibration])


def forget_calibration(radio: Radio, address: str) -> bool:
    """Forget what was found of a tool; the file goes with the last of them.

    Returns:
        Whether there was anything.

    Raises:
        FileRefused: the file cannot be used or written.
    """
    known, others = load_calibrations(), _others(radio, address)
    if len(others) == len(known):
        return False
    if others:
        _save(others)
    else:
        delete_private(calibrations_file())
    return True


def _others(radio: Radio, address: str) -> list[KeptCalibration]:
    wanted = (radio, address.upper())
    return [kept for kept in load_calibrations() if kept.identity != wanted]


def _save(calibrations: list[KeptCalibration]) -> None:
    file = calibrations_file()
    document: dict[str, object] = {
        "format": FORMAT,
        "calibrations": [_fields(kept) for kept in calibrations],
    }
    checked(_File, TomlFile(str(file), document, {}))
    write_private(file, document)


def _fields(kept: KeptCalibration) -> dict[str, object]:
    parts = {"gains": list(map(asdict, kept.gains)), "areas": list(map(asdict, kept.areas))}
    return {**asdict(kept), **parts, "radio": kept.radio.value}


def _many(channels: Iterable[int]) -> int:
    return max(channels, default=-1) + 1
