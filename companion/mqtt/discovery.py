"""What Home Assistant is told of a tool and of the hub: pure payloads for MQTT discovery.

Written after Home Assistant's pages "MQTT" (section discovery), "MQTT sensor", "binary sensor",
"event", "button", "number" and "select". ``default_entity_id`` is for releases from 2025.10 on,
``object_id`` for those before 2026.4; each ignores the other's key.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from companion.coaching.routine import Zone
from companion.coaching.trend import Trend
from companion.coaching.view import Phase
from companion.mqtt.topics import Topics
from companion.mqtt.transport import Outgoing
from companion.sensing.types import Level
from companion.texts import text

Payload = dict[str, Any]
Components = dict[str, Payload]

_PLATFORM: Final = "platform"
_UNKNOWN: Final = "unknown"

LIVE_EXPIRES_S: Final = 5
"""A live value of five seconds ago is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """A device of Home Assistant.

    Attributes:
        id: a topic level and identifier of ours.
        name: what people call it.
        maker: who made it, empty where not known.
        model: what it is.
        firmware: its software's version.
        via: the id of the device it is reached by; empty for none.
    """

    id: str
    name: str
    maker: str = ""
    model: str = ""
    firmware: str = ""
    via: str = ""


def tool_components(
    topics: Topics, tool: str, routines: Sequence[str] = (), *, live: bool = False
) -> Components:
    """Return every entity of a tool by its key, each with its platform.

    Args:
        topics: the tree.
        tool: the tool's id.
        routines: what may be chosen for the next session; none leaves the choice out.
        live: whether there is a live stream.
    """
    return {
        **_readings(topics, tool),
        **_course(topics, tool),
        **_warnings(topics, tool),
        **_commands(topics, tool),
        **({"next_routine": _next_routine(topics, tool, routines)} if routines else {}),
        **({"live_pressure": _live_pressure(topics, tool)} if live else {}),
    }


def hub_components(topics: Topics) -> Components:
    """Return every entity of the hub."""
    connected = {
        _PLATFORM: "binary_sensor",
        "name": text("mqtt.entity.hub"),
        "state_topic": topics.status,
        "payload_on": "online",
        "payload_off": "offline",
        "device_class": "connectivity",
        "entity_category": "diagnostic",
    }
    return {"connected": connected}


def device_payload(
    device: Described,
    components: Components,
    topics: Topics,
    software: str,
    gone: Iterable[str] = (),
) -> Payload:
    """Return one payload for a whole device (Home Assistant 2024.11 and later).

    Args:
        device: which.
        components: its entities.
        topics: the tree.
        software: our version.
        gone: entities of an earlier version, as ``platform/key``: naming only their platform
            removes them.
    """
    removed = {
        key: {_PLATFORM: platform}
        for platform, _, key in (one.partition("/") for one in gone)
        if key not in components
    }
    named = {key: _named(topics, device, key, one) for key, one in components.items()}
    return {
        "device": _device(device, software),
        "origin": _origin(software),
        "components": named | removed,
        "qos": 1,
    }


def component_payloads(
    device: Described, components: Components, topics: Topics, software: str
) -> dict[str, Payload]:
    """Return one payload for each entity, by topic (any Home Assistant)."""
    return {
        topics.component(one[_PLATFORM], device.id, key): {
            **{
                name: value
                for name, value in _named(topics, device, key, one).items()
                if name != _PLATFORM
            },
            "device": _device(device, software),
            "origin": _origin(software),
            "qos": 1,
        }
        for key, one in components.items()
    }


def retained(topic: str, payload: Mapping[str, Any] | None) -> Outgoing:
    """Return a discovery message; without a payload it removes what was there."""
    body = "" if payload is None else json.dumps(payload, ensure_ascii=False, allow_nan=False)
    return Outgoing(topic=topic, payload=body, retain=True)


def _device(device: Described, software: str) -> Payload:
    known = {
        "manufacturer": device.maker,
        "model": device.model,
        "sw_version": device.firmware or ("" if device.via else software),
        "via_device": device.via,
    }
    return {
        "identifiers": [device.id],
        "name": device.name,
        **{key: value for key, value in known.items() if value},
    }


def _origin(software: str) -> Payload:
    return {"name": "massage-companion", "sw_version": software}


def _availability(topics: Topics, tool: str, component: Payload) -> Payload:
    """Return when an entity is there; what is known of the last session stays known."""
    if component.get("state_topic") in {topics.status, topics.of(tool, "session/last")}:
        return {}
    places = (topics.status, topics.of(tool, "status"))
    return {"availability": [{"topic": place} for place in places], "availability_mode": "all"}


def _named(topics: Topics, device: Described, key: str, component: Payload) -> Payload:
    slug = f"{device.id}_{key}".replace("-", "_")
    return (
        component
        | _availability(topics, device.id, component)
        | {
            "unique_id": f"{device.id}_{key}",
            "object_id": slug,
            "default_entity_id": f"{component[_PLATFORM]}.{slug}",
        }
    )


def _sensor(topics: Topics, tool: str, key: str, **more: object) -> Payload:
    """Return a sensor of the state; a ``field`` names what of it, the key where there is none."""
    value = more.pop("field", key)
    return {
        _PLATFORM: "sensor",
        "name": text(f"mqtt.entity.{key}"),
        "state_topic": topics.of(tool, "state"),
        "value_template": f"{{{{ value_json.{value} }}}}",
        **more,
    }


def _measured(topics: Topics, tool: str, key: str, value: str, unit: str) -> Payload:
    return _sensor(
        topics, tool, key, field=value, unit_of_measurement=unit, state_class="measurement"
    )


def _readings(topics: Topics, tool: str) -> Components:
    kpa = {"unit_of_measurement": "kPa", "device_class": "pressure"}
    shown = {"suggested_display_precision": 1}
    diagnostic = {"entity_category": "diagnostic"}
    limits = {
        key: _sensor(topics, tool, key, field=f"{key}_kpa", **kpa, **shown, **diagnostic)
        for key in ("caution", "stop")
    }
    return {
        "pressure": _measured(topics, tool, "pressure", "pressure_kpa", "kPa")
        | shown
        | {"device_class": "pressure"},
        "force": _measured(topics, tool, "force", "force_n", "N")
        | {"suggested_display_precision": 2},
        "level": _sensor(topics, tool, "level", device_class="enum", options=[*map(str, Level)]),
        "trend": _trend(topics, tool),
        "battery": _measured(topics, tool, "battery", "battery_percent", "%")
        | {"device_class": "battery"}
        | diagnostic,
        "signal": _measured(topics, tool, "signal", "rssi_dbm", "dBm")
        | {"device_class": "signal_strength"}
        | diagnostic,
        **limits,
    }


def _trend(topics: Topics, tool: str) -> Payload:
    sensor = _sensor(
        topics, tool, "trend", device_class="enum", options=[*map(str, Trend), _UNKNOWN]
    )
    return sensor | {"value_template": f"{{{{ value_json.trend or '{_UNKNOWN}' }}}}"}


def _course(topics: Topics, tool: str) -> Components:
    last = topics.of(tool, "session/last")
    ended = _sensor(topics, tool, "last_session", field="ended_at", device_class="timestamp")
    dose = _sensor(topics, tool, "dose", field="dose_s", device_class="duration")
    zones = ["none", *map(str, Zone)]
    return {
        "phase": _sensor(topics, tool, "phase", device_class="enum", options=[*map(str, Phase)]),
        "zone": _sensor(topics, tool, "zone", device_class="enum", options=zones),
        "step": _sensor(topics, tool, "step"),
        "repetitions": _sensor(topics, tool, "repetitions", state_class="measurement"),
        "score": _sensor(topics, tool, "score", field="score_percent", unit_of_measurement="%")
        | {"state_topic": last},
        "dose": dose | {"state_topic": last, "unit_of_measurement": "s"},
        "last_session": ended | {"state_topic": last, "json_attributes_topic": last},
    }


def _warnings(topics: Topics, tool: str) -> Components:
    return {
        "over_pressure": {
            _PLATFORM: "binary_sensor",
            "name": text("mqtt.entity.over_pressure"),
            "state_topic": topics.of(tool, "state"),
            "value_template": "{{ 'ON' if value_json.over_pressure else 'OFF' }}",
            "device_class": "problem",
        },
        "alert": {
            _PLATFORM: "event",
            "name": text("mqtt.entity.alert"),
            "state_topic": topics.of(tool, "alert"),
            "event_types": ["over_pressure", "too_light"],
        },
    }


def _commands(topics: Topics, tool: str) -> Components:
    session = topics.of(tool, "session/set")
    buttons = {
        "start": _button("start", session, "start"),
        "pause": _button("pause", session, "pause"),
        "stop_session": _button("stop_session", session, "stop"),
        "buzz": _button("buzz", topics.of(tool, "haptic/set"), "double"),
    }
    identify = _button("identify", topics.of(tool, "identify/set"), "identify")
    identify |= {"device_class": "identify", "entity_category": "diagnostic"}
    return {**buttons, "identify": identify, "limit": _limit(topics, tool)}


def _button(key: str, topic: str, value: str) -> Payload:
    return {
        _PLATFORM: "button",
        "name": text(f"mqtt.entity.{key}"),
        "command_topic": topic,
        "payload_press": json.dumps({"value": value}),
    }


def _next_routine(topics: Topics, tool: str, routines: Sequence[str]) -> Payload:
    return {
        _PLATFORM: "select",
        "name": text("mqtt.entity.next_routine"),
        "command_topic": topics.of(tool, "routine/set"),
        "command_template": '{"value": "{{ value }}"}',
        "state_topic": topics.of(tool, "state"),
        "value_template": "{{ value_json.next_routine }}",
        "options": list(routines),
        "entity_category": "config",
    }


def _live_pressure(topics: Topics, tool: str) -> Payload:
    """Return the stream's pressure: five states a second are for who turns the entity on."""
    sensor = _measured(topics, tool, "live_pressure", "pressure_kpa", "kPa")
    return sensor | {
        "state_topic": topics.of(tool, "live"),
        "device_class": "pressure",
        "suggested_display_precision": 1,
        "expire_after": LIVE_EXPIRES_S,
        "enabled_by_default": False,
    }


def _limit(topics: Topics, tool: str) -> Payload:
    return {
        _PLATFORM: "number",
        "name": text("mqtt.entity.limit"),
        "command_topic": topics.of(tool, "limit/set"),
        "command_template": '{"value": {{ value }} }',
        "state_topic": topics.of(tool, "state"),
        "value_template": "{{ value_json.limit_percent }}",
        "min": 30,
        "max": 100,
        "step": 5,
        "unit_of_measurement": "%",
        "entity_category": "config",
    }
