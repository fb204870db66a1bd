"""The catalogue's room and the screens agree: nothing missing, nothing left over."""

import re
import tomllib
from importlib.resources import files

from companion.tui.words import age, clock, live_kpa


def _keys() -> set[str]:
    source = files("companion.texts").joinpath("en", "live.toml").read_text(encoding="utf-8")
    rooms = tomllib.loads(source)
    return {f"live.{table}.{name}" for table, entries in rooms.items() for name in entries}


def _used() -> list[str]:
    """Return every key the screens ask for, as a pattern where a part of it is computed."""
    folder = files("companion.tui")
    modules = [
        module.read_text(encoding="utf-8")
        for place in (folder, folder / "widgets", folder / "screens")
        for module in place.iterdir()
        if module.name.endswith(".py")
    ]
    quoted = re.findall(r"""["'](live\.[^"'\n]*?(?:\{[^}]*\}[^"'\n]*?)*)["']""", "\n".join(modules))
    return [re.sub(r"\\\{.*?\\\}", ".*", re.escape(key)) for key in quoted if key != "live.tcss"]


def test_every_sentence_is_used() -> None:
    used = _used()
    assert len(used) > 40
    assert [key for key in sorted(_keys()) if not any(re.fullmatch(u, key) for u in used)] == []


def test_every_key_asked_for_has_a_sentence() -> None:
    keys = _keys()
    assert [u for u in _used() if not any(re.fullmatch(u, key) for key in keys)] == []


def test_a_clock_has_two_digits_of_minutes_and_is_never_negative() -> None:
    assert clock(161.9) == "02:41"
    assert clock(-3) == "00:00"
    assert clock(6000) == "100:00"


def test_an_age_is_in_seconds_then_in_minutes() -> None:
    assert age(34.9) == "34 s"
    assert age(119.9) == "119 s"
    assert age(185) == "3 min"


def test_a_live_pressure_is_never_minus_zero() -> None:
    assert live_kpa(-0.04) == "0.0"
    assert live_kpa(1.15) in ("1.1", "1.2")
    assert live_kpa(12.34) == "12.3"
