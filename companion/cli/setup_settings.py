"""The settings on a screen: what each is, what it may be, and why it may not be changed here."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import Final

from companion.cli.routine_notices import own_limits
from companion.cli.setup_words import one_of, yes_or_no
from companion.coaching.routine import Zone
from companion.errors import CompanionError, FileRefused
from companion.mqtt.address import PASSWORD_VARIABLE, Papers, broker_of
from companion.mqtt.errors import BrokerRefused
from companion.mqtt.topics import Topics
from companion.sensing.types import Band, Technique
from companion.settings.care import load_care
from companion.settings.user import (
    LOWEST_SHARE,
    Origin,
    Settled,
    UserSettings,
    said_setting,
    settings_file,
    variable_of,
)
from companion.texts import languages, text
from companion.tui.setup import NO, YES, Entry, Option, Section
from companion.wording import kpa, zone_name

TRY_SOUND: Final = "try.sound"
TRY_BROKER: Final = "try.mqtt"
_SHOWN_TECHNIQUE: Final = Technique.SWEEP
"""Every zone has limits for it."""

_SHARES: Final = tuple(str(percent) for percent in range(LOWEST_SHARE, 101, 5))
_VOLUMES: Final = tuple(str(percent) for percent in range(0, 101, 10))


@dataclass(frozen=True, slots=True)
class _Item:
    """A setting on the screen.

    Attributes:
        path: its key, with the table it is in.
        values: what may be chosen; empty for yes or no, unless it is typed.
        has_words: the values have words of their own.
        is_typed: another value may be typed.
    """

    path: tuple[str, ...]
    values: tuple[str, ...] = ()
    has_words: bool = field(default=True, kw_only=True)
    is_typed: bool = field(default=False, kw_only=True)

    @property
    def key(self) -> str:
        return ".".join(self.path)


def _number(key: str, values: tuple[str, ...]) -> _Item:
    return _Item((key,), values, has_words=False, is_typed=True)


def _mqtt(key: str) -> _Item:
    return _Item(("mqtt", key), is_typed=True)


_SECTIONS: Final[Mapping[str, tuple[_Item, ...]]] = {
    "sound": (
        _Item(("sound",), ("auto", "tones", "bell", "off")),
        _Item(("voice",)),
        _Item(("warn_haptic",)),
        _Item(("mute",)),
        _number("volume", _VOLUMES),
    ),
    "limits": tuple(_number(f"{name}_percent", _SHARES) for name in ("target", "caution", "stop")),
    "mqtt": (
        *(_mqtt(key) for key in ("url", "user", "password_file", "ca_file", "base")),
        _Item(("mqtt", "discovery"), ("device", "component", "off")),
        _Item(("mqtt", "live")),
    ),
    "looks": (
        _Item(("theme",), ("auto", "dark", "light", "contrast")),
        _Item(("ascii",)),
        _Item(("reduced_motion",)),
        _Item(("language",), languages(), has_words=False),
    ),
}
_ITEMS: Final = {item.key: item for item in chain.from_iterable(_SECTIONS.values())}


def is_setting(key: str) -> bool:
    """Say whether an entry's key is a setting's."""
    return key in _ITEMS


def path_of(key: str) -> tuple[str, ...]:
    """Return a setting's key with the table it is in."""
    return _ITEMS[key].path


def complaint(key: str, words: str) -> str:
    """Return why a setting cannot have a value, in the words its file would get; empty if it can.

    Args:
        key: the entry's.
        words: as they were typed.
    """
    try:
        value = said_setting(path_of(key), words)
        _check_for_broker(key, str(value))
    except FileRefused as refused:
        return text("setup.complaint", key=key, reason=refused.reason)
    except CompanionError as refused:
        return text("setup.complaint", key=key, reason=refused)
    return ""


def _check_for_broker(key: str, value: str) -> None:
    """Raise what a broker's own settings are refused for, each by itself.

    Raises:
        BrokerRefused: it cannot be used, whatever the others are.
    """
    name = key.removeprefix("mqtt.")
    if key == name or not value:
        if name == "base":
            raise BrokerRefused("mqtt.refused.tree")
        return
    match name:
        case "url":
            broker_of(value, Papers(), {})
        case "password_file":
            broker_of("mqtts://host", Papers(user="somebody", password_file=value), {})
        case "ca_file":
            broker_of("mqtts://host", Papers(ca_file=value), {})
        case "base":
            try:
                Topics(base=value)
            except ValueError:
                raise BrokerRefused("mqtt.refused.tree") from None
        case _:
            pass


def sections_of(held: Settled, *, is_free: bool) -> Iterator[Section]:
    """Yield the sections of settings.

    Args:
        held: what holds, and where it comes from.
        is_free: no session runs: what would disturb one may be tried.
    """
    when = text(f"setup.holds.{'free' if is_free else 'session'}")
    for name, items in _SECTIONS.items():
        entries = [_entry(item, held) for item in items]
        notes = [text("setup.holds.looks") if name == "looks" else when]
        match name:
            case "sound" if is_free:
                entries.append(_trial(TRY_SOUND))
            case "limits":
                entries += _table(held.settings)
                notes.append(text("setup.limits.note", lowest=LOWEST_SHARE))
            case "mqtt":
                entries.append(_trial(TRY_BROKER))
                notes.append(_password_words(held.settings))
            case _:
                pass
        notes.append(text("setup.file", file=settings_file()))
        title = text(f"setup.section.{name}")
        yield Section(name=name, title=title, entries=tuple(entries), notes=tuple(notes))


def _trial(key: str) -> Entry:
    name = key.rpartition(".")[2]
    words, about = text(f"setup.try.{name}"), text(f"setup.try.{name}_about")
    return Entry(key=key, words=words, about=about, is_deed=True)


def _entry(item: _Item, held: Settled) -> Entry:
    value: object = held.settings
    for name in item.path:
        value = getattr(value, name)
    spoken = (YES if value else NO) if isinstance(value, bool) else str(value)
    return Entry(
        key=item.key,
        words=text(f"setup.of.{item.path[-1]}"),
        about=text(f"setup.of.{item.path[-1]}_about"),
        value=spoken,
        options=_options(item),
        is_typed=item.is_typed,
        held=_held(item, held),
    )


def _options(item: _Item) -> tuple[Option, ...]:
    if item.values and item.has_words:
        return one_of(item.path[-1], item.values)
    if item.values or item.is_typed:
        return tuple(Option(value, value) for value in item.values)
    return yes_or_no()


def _held(item: _Item, held: Settled) -> str:
    variable = variable_of(item.path)
    if variable in os.environ:
        return text("setup.held.variable", variable=variable)
    is_flag = held.origins.get(item.path[0]) is Origin.FLAG
    return text("setup.held.flag") if is_flag else ""


def _password_words(settings: UserSettings) -> str:
    if settings.mqtt.password_file:
        return text("setup.password.file")
    if os.environ.get(PASSWORD_VARIABLE):
        return text("setup.password.variable", variable=PASSWORD_VARIABLE)
    return text("setup.password.none", variable=PASSWORD_VARIABLE)


def _table(settings: UserSettings) -> Iterator[Entry]:
    """Yield what the shipped table has for each zone, and what becomes of it."""
    care, own = load_care(), own_limits(settings)
    for zone in Zone:
        band = care.rows[zone].limits[_SHOWN_TECHNIQUE].band
        shipped, lowered = _numbers(band), _numbers(own.band(band))
        yield Entry(
            key=f"table.{zone.value}",
            words=zone_name(zone),
            about=text("setup.limits.row", shipped=shipped, own=lowered),
            value=lowered,
            held=text("setup.limits.shipped"),
        )


def _numbers(band: Band) -> str:
    return " / ".join(kpa(value) for value in (band.high_kpa, band.caution_kpa, band.stop_kpa))
