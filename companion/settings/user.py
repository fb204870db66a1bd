"""The user's settings: a file, the environment and flags, in rising precedence."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, Field

from companion.errors import FileRefused
from companion.paths import config_folder
from companion.settings.checked import Table, checked, unacceptable
from companion.settings.files import TomlFile, read_toml
from companion.settings.scale import Percent
from companion.texts import ENGLISH, languages, text

PREFIX: Final = "MASSAGE_COMPANION_"
"""Environment variables are this and the key in capitals."""

SECRETS: Final = frozenset({f"{PREFIX}MQTT_PASSWORD"})
"""Variables that are read where they are needed, and never shown."""

_BROKER: Final = "mqtt_"


class Origin(StrEnum):
    """Where a setting's value comes from, weakest first."""

    DEFAULT = "default"
    FILE = "file"
    ENVIRONMENT = "environment"
    FLAG = "flag"


class MqttSettings(Table):
    """The broker, and what is said there; no password stands in it."""

    url: str = ""
    """Its address, mqtt://HOST or mqtts://HOST:PORT; empty for none."""
    user: str = ""
    """Who we are there."""
    password_file: str = ""
    """A file with the password, one line."""
    ca_file: str = ""
    """Whom to trust; empty for the system's authorities."""
    cert_file: str = ""
    """Our own certificate."""
    key_file: str = ""
    """Its key, where the certificate's file does not hold it."""
    hub: str = ""
    """This computer's level of the tree; empty for its name."""
    base: str = "massage-companion"
    """The first level of the tree."""
    discovery: Literal["device", "component", "off"] = "device"
    """How Home Assistant is told: component for releases before 2024.11."""
    discovery_prefix: str = "homeassistant"
    """Where Home Assistant looks for it."""
    live: bool = False
    """Whether pressure and motion are said five times a second."""


def _is_spoken(language: str) -> str:
    if language not in languages():
        raise unacceptable("no_language", known=", ".join(languages()))
    return language


Language = Annotated[
    str, Field(json_schema_extra={"enum": list(languages())}), AfterValidator(_is_spoken)
]

LOWEST_SHARE: Final = 40
"""Percent to which limits can be lowered by hand: as far as care for a person goes (care.toml)."""

Share = Annotated[int, Field(ge=LOWEST_SHARE, le=100)]


class UserSettings(Table):
    """Every setting with its default; ``config/companion.toml`` says the same with comments."""

    routine: Annotated[str, Field(min_length=1)] = "five-minutes"
    """A shipped routine's name, or a file."""
    tool: str = ""
    """Name or address of a known tool; empty for whichever of them is heard."""
    adapter: Annotated[str, Field(pattern=r"^(hci\d{1,3})?$")] = ""
    """Which of several Bluetooth adapters, on Linux: hci0 and so on; empty for the first."""
    rate_hz: Annotated[int, Field(ge=16, le=1000)] = 100
    """Samples per second to ask for; the profile's slowest stream is 16 Hz."""
    scale_percent: Percent = 100
    """How much of a routine is done, for who did not choose another amount in a session."""
    target_percent: Share = 100
    """The upper end of every target, in percent of what the routine has; only downwards."""
    caution_percent: Share = 100
    """The limit of every caution, likewise; brings the target down with it."""
    stop_percent: Share = 100
    """The limit of every stop, likewise; brings target and caution down with it."""
    warn_haptic: bool = True
    """Whether a warning makes the tool buzz."""
    mute: bool = False
    """Whether to start without sound."""
    sound: Literal["auto", "tones", "bell", "off"] = "auto"
    """What a cue sounds like: tones, or the terminal's bell; auto takes tones where they can be."""
    voice: bool = False
    """Whether cues are spoken by this computer's speech."""
    volume: Annotated[int, Field(ge=0, le=100)] = 60
    """How loud tones and voice are, in percent."""
    language: Language = ENGLISH
    """The language of screen, lines and voice."""
    theme: Literal["auto", "dark", "light", "contrast"] = "auto"
    """Colours of the dashboard; contrast: as far apart as can be."""
    ascii: bool = False
    """Whether the dashboard keeps to plain ASCII."""
    reduced_motion: bool = False
    """Whether nothing slides or fades on the dashboard."""
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    """How much goes to the log."""
    keep_sessions: bool = True
    """Whether sessions and their telemetry are kept on this computer."""
    keep_telemetry_days: Annotated[int, Field(ge=0, le=36_500)] = 365
    """How many days the raw telemetry of a session is kept, 0 for ever; all else stays."""
    mqtt: MqttSettings = MqttSettings()
    """The broker."""


@dataclass(frozen=True, slots=True)
class Settled:
    """The settings that hold, and where each comes from.

    Attributes:
        settings: the values.
        origins: key -> where its value comes from.
        file: where the settings file belongs, whether there is one or not.
    """

    settings: UserSettings
    origins: Mapping[str, Origin]
    file: Path


def settings_file() -> Path:
    """Return where the settings file belongs."""
    return config_folder() / "companion.toml"


class _Spare:
    """What holds where the file has become faulty while the process runs."""

    settings: UserSettings | None = None


@contextmanager
def falling_back(settings: UserSettings) -> Iterator[None]:
    """Let the last good content of the file hold, for as long as the file cannot be used.

    Args:
        settings: what the file said last, and no other place.
    """
    before = _Spare.settings
    _Spare.settings = settings
    try:
        yield
    finally:
        _Spare.settings = before


def settings_in_file() -> UserSettings:
    """Return what the settings file says, and no other place; the defaults where there is none.

    Raises:
        FileRefused: it cannot be used, and nothing is there to fall back on.
    """
    file = settings_file()
    try:
        return check_settings(file) if file.exists() else UserSettings()
    except FileRefused:
        if _Spare.settings is None:
            raise
        return _Spare.settings


def check_settings(file: Path) -> UserSettings:
    """Read one settings file alone.

    Raises:
        FileRefused: it is missing, no TOML, or a key or value in it is not known.
    """
    return checked(UserSettings, read_toml(file, str(file)))


def load_settings(
    flags: Mapping[str, Any] | None = None,
    environment: Mapping[str, str] | None = None,
    *,
    in_file: UserSettings | None = None,
) -> Settled:
    """Return the settings that hold.

    Args:
        flags: key -> value as given on the command line; None where a flag was not given.
        environment: None takes the process's own.
        in_file: what the file says, where it was read before; None reads it.

    Raises:
        FileRefused: a value in the file, the environment or the flags cannot be used.
    """
    file = settings_file()
    spoken = {key: value for key, value in (flags or {}).items() if value is not None}
    layers = {
        Origin.FILE: settings_in_file() if in_file is None else in_file,
        Origin.ENVIRONMENT: _from_environment(os.environ if environment is None else environment),
        Origin.FLAG: _in_words(text("cli.settings.flags"), spoken),
    }
    values: dict[str, Any] = {}
    origins = dict.fromkeys(UserSettings.model_fields, Origin.DEFAULT)
    for origin, layer in layers.items():
        given = {key: getattr(layer, key) for key in layer.model_fields_set}
        if "mqtt" in given and "mqtt" in values:
            said = given["mqtt"].model_dump(exclude_unset=True)
            given["mqtt"] = values["mqtt"].model_copy(update=said)
        values.update(given)
        origins.update(dict.fromkeys(given, origin))
    return Settled(UserSettings(**values), origins, file)


def said_setting(path: tuple[str, ...], words: str) -> bool | int | str:
    """Return the value of one setting that was said in words.

    Args:
        path: its key, with the table it is in.
        words: as they were typed.

    Raises:
        FileRefused: it cannot have it; the reason is the one a file or a variable would get.
    """
    spoken: Any = words
    for name in reversed(path):
        spoken = {name: spoken}
    value: Any = _in_words(text("cli.settings.flags"), spoken)
    for name in path:
        value = getattr(value, name)
    if not isinstance(value, bool | int | str):
        raise TypeError(path)
    if isinstance(value, str) and not value.isprintable():
        raise FileRefused(text("cli.settings.flags"), ".".join(path), text("files.one_line"))
    return value


def variable_of(path: tuple[str, ...]) -> str:
    """Return the environment variable that says a setting."""
    return PREFIX + "_".join(path).upper()


def _from_environment(environment: Mapping[str, str]) -> UserSettings:
    spoken: dict[str, Any] = {
        name.removeprefix(PREFIX).lower(): value
        for name, value in environment.items()
        if name.startswith(PREFIX) and name not in SECRETS
    }
    broker = {key: spoken.pop(key) for key in list(spoken) if key.startswith(_BROKER)}
    if broker:
        spoken["mqtt"] = {key.removeprefix(_BROKER): value for key, value in broker.items()}
    return _in_words(text("cli.settings.environment", prefix=PREFIX), spoken)


def _in_words(place: str, spoken: dict[str, Any]) -> UserSettings:
    return checked(UserSettings, TomlFile(place, spoken, {}), strict=False)
