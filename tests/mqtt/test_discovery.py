"""Discovery: golden payloads, and every one of them against Home Assistant's documented schema."""

import json
from pathlib import Path
from typing import Any

import pytest

from companion.mqtt.discovery import (
    Described,
    component_payloads,
    device_payload,
    hub_components,
    retained,
    tool_components,
)
from companion.mqtt.state import state_of
from tests.mqtt.parts import TOOL, TOPICS, FakeLive, view

ROUTINES = ("quick", "slow")
EVERY = tool_components(TOPICS, TOOL, ROUTINES, live=True) | hub_components(TOPICS)
GOLDEN = Path(__file__).parent / "golden"
ROLLER = Described(
    id=TOOL,
    name="Roller",
    maker="Maker",
    model="R1",
    firmware="1.2",
    via="massage-bath",
)
HUB = Described(id="massage-bath", name="bathroom")

# After Home Assistant's documentation of the MQTT platforms: what each may and must have.
ANY = {
    "platform",
    "name",
    "unique_id",
    "object_id",
    "default_entity_id",
    "entity_category",
    "device_class",
    "availability",
    "availability_mode",
}
READS = {"state_topic", "value_template"}
MAY: dict[str, set[str]] = {
    "sensor": READS
    | {
        "unit_of_measurement",
        "state_class",
        "options",
        "suggested_display_precision",
        "json_attributes_topic",
        "expire_after",
        "enabled_by_default",
    },
    "binary_sensor": READS | {"payload_on", "payload_off"},
    "event": {"state_topic", "event_types"},
    "button": {"command_topic", "payload_press"},
    "number": READS
    | {"command_topic", "command_template", "min", "max", "step", "unit_of_measurement"},
    "select": READS | {"command_topic", "command_template", "options"},
}
MUST = {
    "sensor": {"state_topic"},
    "binary_sensor": {"state_topic"},
    "event": {"state_topic", "event_types"},
    "button": {"command_topic"},
    "number": {"command_topic"},
    "select": {"command_topic", "options"},
}
UNITS: dict[str | None, set[str | None]] = {
    "pressure": {"kPa"},
    "battery": {"%"},
    "signal_strength": {"dBm"},
    "duration": {"s"},
    "enum": {None},
    "timestamp": {None},
    None: {None, "N", "%"},
}
CLASSES: dict[str, set[str | None]] = {
    "sensor": set(UNITS),
    "binary_sensor": {"problem", "connectivity"},
    "event": {None},
    "button": {None, "identify"},
    "number": {None},
    "select": {None},
}
SHARED = {"device", "origin", "components", "qos"}
DEVICE = {"identifiers", "name", "manufacturer", "model", "sw_version", "via_device"}


def golden(name: str) -> Any:  # noqa: ANN401 - JSON
    return json.loads((GOLDEN / f"{name}.json").read_text(encoding="utf-8"))


def test_a_tool_is_described_as_a_device() -> None:
    components = tool_components(TOPICS, TOOL, ROUTINES, live=True)
    payload = device_payload(ROLLER, components, TOPICS, "0.1.0")
    assert payload == golden("device")


def test_the_hub_is_described_as_a_device_of_its_own() -> None:
    assert device_payload(HUB, hub_components(TOPICS), TOPICS, "0.1.0") == golden("hub")


def test_a_tool_is_described_entity_by_entity_for_older_releases() -> None:
    components = tool_components(TOPICS, TOOL, ROUTINES, live=True)
    payloads = component_payloads(ROLLER, components, TOPICS, "0.1.0")
    assert payloads == golden("components")


@pytest.mark.parametrize("key", sorted(EVERY))
def test_every_entity_keeps_to_the_documented_schema(key: str) -> None:
    payload = device_payload(ROLLER, EVERY, TOPICS, "0.1.0")
    entity = payload["components"][key]
    platform, kind = entity["platform"], entity.get("device_class")
    assert set(entity) <= ANY | MAY[platform]
    assert set(entity) >= MUST[platform] | {"unique_id", "object_id", "default_entity_id", "name"}
    assert kind in CLASSES[platform]
    if platform == "sensor":
        assert entity.get("unit_of_measurement") in UNITS[kind]
        assert ("options" in entity) == (kind == "enum")
        assert not ("state_class" in entity and kind in {"enum", "timestamp"})
    assert entity.get("entity_category") in {None, "diagnostic"} | (
        {"config"} if "command_topic" in entity else set()
    )
    assert entity["default_entity_id"] == f"{platform}.{entity['object_id']}"
    assert entity["object_id"].isidentifier()
    assert entity["name"]


def test_a_device_keeps_to_the_documented_schema() -> None:
    payload = device_payload(ROLLER, tool_components(TOPICS, TOOL), TOPICS, "0.1.0")
    assert set(payload) == SHARED
    assert set(payload["device"]) == DEVICE
    assert payload["origin"] == {"name": "massage-companion", "sw_version": "0.1.0"}
    ids = [one["unique_id"] for one in payload["components"].values()]
    assert len(set(ids)) == len(ids)


def test_what_is_known_of_the_last_session_stays_known_when_the_tool_is_gone() -> None:
    payload = device_payload(ROLLER, tool_components(TOPICS, TOOL), TOPICS, "0.1.0")
    lasting = {"score", "dose", "last_session"}
    for key, entity in payload["components"].items():
        assert ("availability" in entity) is (key not in lasting)
        if key not in lasting:
            assert entity["availability_mode"] == "all"
            places = [one["topic"] for one in entity["availability"]]
            assert places == ["massage/bath/status", f"massage/bath/{TOOL}/status"]


def test_both_ways_name_the_same_entities_so_that_one_can_follow_the_other() -> None:
    components = tool_components(TOPICS, TOOL)
    device = device_payload(ROLLER, components, TOPICS, "0.1.0")
    single = component_payloads(ROLLER, components, TOPICS, "0.1.0")
    assert {one["unique_id"] for one in device["components"].values()} == {
        one["unique_id"] for one in single.values()
    }
    assert all(one["device"] == device["device"] for one in single.values())


def test_an_entity_that_is_gone_is_named_by_its_platform_only() -> None:
    components = tool_components(TOPICS, TOOL)
    gone = ["select/routine", "sensor/level"]
    payload = device_payload(ROLLER, components, TOPICS, "0.1.0", gone)
    assert payload["components"]["routine"] == {"platform": "select"}
    assert payload["components"]["level"]["state_topic"]


def test_every_value_that_is_shown_is_one_that_is_said() -> None:
    by_commands = {"limit_percent", "next_routine"}
    said = set(state_of(view(), FakeLive().link(), 2e-4, None)) | by_commands
    state = TOPICS.of(TOOL, "state")
    for entity in EVERY.values():
        if entity.get("state_topic") == state:
            field = entity["value_template"].partition("value_json.")[2].split()[0]
            assert field in said


def test_what_is_retained_is_strict_json_and_nothing_removes() -> None:
    assert retained("t", None).payload == ""
    outgoing = retained("t", {"name": "Rölli"})
    assert (outgoing.payload, outgoing.retain, outgoing.qos) == ('{"name": "Rölli"}', True, 1)
