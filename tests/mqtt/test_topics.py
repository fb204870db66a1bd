"""One tree for each hub, and names that reveal no address."""

import re

import pytest

from companion.mqtt.topics import Topics, hub_name, id_of
from tests.mqtt.parts import TOPICS


def test_the_tree_is_the_documented_one() -> None:
    assert TOPICS.status == "massage/bath/status"
    assert TOPICS.info == "massage/bath/info"
    assert TOPICS.of("tool-1", "session/last") == "massage/bath/tool-1/session/last"
    assert TOPICS.commands == "massage/bath/+/+/set"
    assert TOPICS.birth == "homeassistant/status"
    assert TOPICS.discovery("tool-1") == "homeassistant/device/tool-1/config"
    assert TOPICS.component("sensor", "tool-1", "level") == (
        "homeassistant/sensor/tool-1/level/config"
    )


def test_an_id_is_stable_and_reveals_no_address() -> None:
    address, secret = "AA:BB:CC:11:22:33", b"secret"
    found = id_of(address, secret)
    assert re.fullmatch(r"tool-[0-9a-f]{10}", found)
    assert found == id_of(address.lower(), secret)
    assert found != id_of(address, b"another")
    assert found != id_of("AA:BB:CC:11:22:34", secret)
    assert not [part for part in address.lower().split(":") if part * 2 in found]


@pytest.mark.parametrize(
    "names",
    [
        {"base": "homeassistant"},
        {"base": "a/b"},
        {"hub": ""},
        {"hub": "Bath"},
        {"hub": "+"},
        {"prefix": "#"},
        {"prefix": "x" * 65},
    ],
)
def test_a_tree_that_cannot_stand_is_refused(names: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="no tree"):
        Topics(**names)


@pytest.mark.parametrize(
    ("topic", "place"),
    [
        ("massage/bath/tool-1/limit/set", ("tool-1", "limit")),
        ("massage/bath/tool-1/set", None),
        ("massage/other/tool-1/limit/set", None),
        ("massage/bath/a/b/c/set", None),
        ("massage/bath/tool-1/limit/get", None),
        ("homeassistant/status", None),
    ],
)
def test_a_command_names_its_tool_and_its_thing(topic: str, place: tuple[str, str] | None) -> None:
    assert TOPICS.command(topic) == place


@pytest.mark.parametrize(
    ("topic", "may"),
    [
        ("massage/bath/tool-1/response", True),
        ("massage/app/response/7", True),
        ("massage/bath/tool-1/state", False),
        ("massage/bath/response/set", False),
        ("homeassistant/device/tool-1/config", False),
        ("massage/+/response", False),
        ("massage/response/" + "x" * 300, False),
        ("massage/response/\n", False),
        ("$SYS/response", False),
    ],
)
def test_answers_go_only_where_answers_belong(topic: str, *, may: bool) -> None:
    assert TOPICS.is_for_answers(topic) is may


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("bathroom-pi.local", "bathroom-pi"),
        ("Annas MacBook", "annas-macbook"),
        ("été", "t"),
        ("...", "hub"),
        ("x" * 100, "x" * 64),
    ],
)
def test_a_computers_name_becomes_a_level(host: str, name: str) -> None:
    assert hub_name(host) == name
    Topics(hub=hub_name(host))
