"""The tool's GATT database: which services there are, and what stands in them."""

import struct
from collections.abc import Callable
from typing import Final

from bumble import gatt
from bumble.att import AttributeValue
from bumble.device import Connection
from bumble.gatt import Characteristic, Service

from protocols.massage_tool import (
    ALERT_LEVEL,
    BATTERY_LEVEL,
    BATTERY_SERVICE,
    CONTROL_POINT,
    DEVICE_INFORMATION_SERVICE,
    FIRMWARE_REVISION,
    FORCE,
    IMMEDIATE_ALERT_SERVICE,
    INDUSTRIAL_MEASUREMENT_SERVICE,
    MANUFACTURER_NAME,
    MASSAGE_TOOL_SERVICE,
    MODEL_NUMBER,
    ROTATIONAL_SPEED,
    SERIAL_NUMBER,
    TELEMETRY,
    TOOL_EVENT,
    TOOL_FEATURE,
    Features,
)
from simulators.firmware import Tool
from simulators.peripheral.characteristics import (
    INDICATE,
    NOTIFY,
    READ,
    WRITE,
    WRITE_WITHOUT_RESPONSE,
    Characteristics,
    Write,
)

IMMEDIATE_ALERT: Final = "immediate_alert"
INDUSTRIAL_MEASUREMENT: Final = "industrial_measurement"
OPTIONAL_SERVICES: Final = (IMMEDIATE_ALERT, INDUSTRIAL_MEASUREMENT)
PREFERRED: Final = (12, 24, 0, 400)
"""Shortest and longest interval 15 and 30 ms in 1.25 ms, latency 0, supervision timeout 4 s in
10 ms (tool-profile.md, Link)."""


class Database:
    """All attributes, registered with a server.

    Attributes:
        telemetry: notified.
        control_point: written, indicated.
        tool_event: indicated.
        battery_level: read, notified.
        force: notified, of the industrial measurement service; None where it is not there.
        rotational_speed: the same.

    Args:
        characteristics: makes them.
        tool: what the maker wrote into it.
        on_request: takes a write to the control point that may pass.
        on_alert: takes a write to the alert level that may pass.
        battery_percent: gives the charge.

    Raises:
        ValueError: the tool asks for a service that there is not.
    """

    def __init__(
        self,
        characteristics: Characteristics,
        tool: Tool,
        *,
        on_request: Write,
        on_alert: Write,
        battery_percent: Callable[[], int],
    ) -> None:
        unknown = set(tool.services) - set(OPTIONAL_SERVICES)
        if unknown:
            raise ValueError(f"services are {', '.join(OPTIONAL_SERVICES)}, not {min(unknown)}")
        self._make = characteristics
        self.telemetry = characteristics.told(TELEMETRY, NOTIFY)
        self.control_point = characteristics.written(CONTROL_POINT, WRITE | INDICATE, on_request)
        self.tool_event = characteristics.told(TOOL_EVENT, INDICATE)
        self.battery_level = characteristics.told(
            BATTERY_LEVEL,
            READ | NOTIFY,
            AttributeValue(read=lambda _connection: bytes([battery_percent()])),
            is_open=True,
        )
        has = tool.feature
        measures = INDUSTRIAL_MEASUREMENT in tool.services
        turns = measures and Features.GYROSCOPE in has.features
        self.force = (
            characteristics.told(FORCE, NOTIFY) if measures and has.force_channels else None
        )
        self.rotational_speed = characteristics.told(ROTATIONAL_SPEED, NOTIFY) if turns else None
        characteristics.add([*self._mandatory(tool), *self._optional(tool, on_alert)])

    def is_subscribed(self, connection: Connection, characteristic: Characteristic[bytes]) -> bool:
        """Whether this central has switched a characteristic's notifications or indications on."""
        return self._make.is_subscribed(connection, characteristic)

    def _mandatory(self, tool: Tool) -> list[Service]:
        make = self._make
        return [
            self._generic_access(tool.name),
            Service(
                MASSAGE_TOOL_SERVICE,
                [
                    make.encrypted(TOOL_FEATURE, bytes(tool.feature)),
                    self.telemetry,
                    self.control_point,
                    self.tool_event,
                ],
            ),
            Service(BATTERY_SERVICE, [self.battery_level]),
            Service(
                DEVICE_INFORMATION_SERVICE,
                [
                    make.open(MANUFACTURER_NAME, tool.manufacturer.encode()),
                    make.open(MODEL_NUMBER, tool.model.encode()),
                    make.encrypted(SERIAL_NUMBER, tool.serial.encode()),
                    make.open(FIRMWARE_REVISION, tool.firmware.encode()),
                ],
            ),
        ]

    def _optional(self, tool: Tool, on_alert: Write) -> list[Service]:
        services = []
        if IMMEDIATE_ALERT in tool.services:
            level = self._make.written(ALERT_LEVEL, WRITE_WITHOUT_RESPONSE, on_alert)
            services.append(Service(IMMEDIATE_ALERT_SERVICE, [level]))
        if INDUSTRIAL_MEASUREMENT in tool.services:
            measured = [each for each in (self.force, self.rotational_speed) if each is not None]
            services.append(Service(INDUSTRIAL_MEASUREMENT_SERVICE, measured))
        return services

    def _generic_access(self, name: str) -> Service:
        values = (
            (gatt.GATT_DEVICE_NAME_CHARACTERISTIC, name.encode()),
            (gatt.GATT_APPEARANCE_CHARACTERISTIC, bytes(2)),
            (
                gatt.GATT_PERIPHERAL_PREFERRED_CONNECTION_PARAMETERS_CHARACTERISTIC,
                struct.pack("<HHHH", *PREFERRED),
            ),
        )
        return Service(
            gatt.GATT_GENERIC_ACCESS_SERVICE,
            [Characteristic(uuid, READ, Characteristic.READABLE, value) for uuid, value in values],
        )
