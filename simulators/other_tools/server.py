"""The GATT server of a tool that does not speak the profile, and the one central it serves."""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Final

from bumble import att, gatt
from bumble.att import AttributeValue
from bumble.device import Connection
from bumble.gatt import Characteristic, Service

from protocols.massage_tool import (
    BATTERY_LEVEL,
    BATTERY_SERVICE,
    DEVICE_INFORMATION_SERVICE,
    MANUFACTURER_NAME,
    MODEL_NUMBER,
    Decoder,
    Start,
    Stop,
)
from protocols.telemetry import Telemetry
from simulators.firmware import Firmware, Outgoing
from simulators.other_tools.dress import Act, Asked, Dress, Value
from simulators.peripheral.around import Around
from simulators.peripheral.characteristics import (
    NOTIFY,
    READ,
    WRITE,
    WRITE_WITHOUT_RESPONSE,
    Characteristics,
)
from simulators.peripheral.device import ToolDevice
from simulators.peripheral.look import look_at, reason_words
from simulators.peripheral.security import Guard
from simulators.peripheral.server import StrictServer

MTU: Final = 247
_INNER_MTU: Final = 247
"""What the firmware cuts its own frames for; they never leave the tool."""
MOST_IN_FLIGHT: Final = 8
MOST_WAITING: Final = 64
"""Notifications that wait; then the oldest is dropped."""
BEGINS_AFTER_S: Final = 3.0
"""The hand takes the tool so long after it first sends: such a tool is not told when to begin."""


class OtherLink:
    """What is on its way to one central.

    Attributes:
        connection: the central.
        dropped: notifications given up because the link did not take them.

    Args:
        connection: the central.
        send: sends a notification.
    """

    def __init__(self, connection: Connection, send: Callable[[Value], None]) -> None:
        self.connection = connection
        self.dropped = 0
        self._send = send
        self._waiting: deque[Value] = deque()
        self._queue = connection.device.host.get_data_packet_queue(connection.handle)
        if self._queue is not None:
            self._queue.on("flow", self.pump)

    def notify(self, values: list[Value]) -> None:
        """Send values as soon as the air takes them."""
        self._waiting.extend(values)
        self.pump()
        while len(self._waiting) > MOST_WAITING:
            self._waiting.popleft()
            self.dropped += 1

    def pump(self) -> None:
        """Hand over what the air takes."""
        while self._waiting and self._queue is not None and self._queue.pending < MOST_IN_FLIGHT:
            self._send(self._waiting.popleft())

    async def idle(self) -> None:
        """Return at once: nothing has to be confirmed."""

    def close(self) -> None:
        """The link is gone."""
        if self._queue is not None:
            self._queue.remove_listener("flow", self.pump)
            self._queue = None
        self._waiting.clear()


class OtherServer:
    """Answers the central, and sends it what the sensors read, in the tool's own bytes.

    The firmware of the profile's tools runs inside; nothing of it is seen.

    Attributes:
        server: the GATT server.
        link: the present central's, if any.

    Args:
        dress: what the tool looks like.
        firmware: reads the sensors.
        device: whose server this is.
        guard: checks what only bonded centrals may; here nothing.
        around: the tool around it.
    """

    def __init__(
        self,
        dress: Dress,
        firmware: Firmware,
        device: ToolDevice,
        guard: Guard,
        around: Around,
    ) -> None:
        self.link: OtherLink | None = None
        self._dress = dress
        self._firmware = firmware
        self._now_us = around.now_us
        self._tick = around.tick
        self._notice = around.notice
        self._rate_hz = dress.rate_hz
        self._decoder: Decoder | None = None
        self._newest_n: tuple[float | None, ...] = ()
        self._zero_n = 0.0
        self._beginning: asyncio.TimerHandle | None = None
        self.server = device.gatt_server = StrictServer(device, around.tasks, lambda: None)
        self.server.max_mtu = MTU
        self._make = Characteristics(self.server, guard, self._on_subscribed)
        self._notified = {
            each.uuid: self._make.told(each.uuid, NOTIFY, is_open=True)
            for each in dress.served
            if each.notifies
        }
        self._make.add(self._services())

    def serve(self, connection: Connection, *, on_end: Callable[[int], None]) -> None:
        """Serve a central from now on.

        Args:
            connection: the central.
            on_end: told once when the link has ended, with the reason.
        """
        self.link = OtherLink(connection, self._send)
        connection.on(connection.EVENT_DISCONNECTION, on_end)
        connection.on(connection.EVENT_DISCONNECTION, self._tell_end)
        self._firmware.connected(self._now_us())
        self._notice(f"connected by {look_at(connection).central}")

    def leave(self) -> None:
        """The link has ended."""
        link, self.link = self.link, None
        if link is None:
            return
        link.close()
        self._stop()
        self._rate_hz = self._dress.rate_hz
        self._firmware.disconnected(self._now_us())

    def deliver(self, outgoing: Outgoing) -> None:
        """Tell the central, if there is one, what the sensors read."""
        link, decoder = self.link, self._decoder
        if link is None or decoder is None:
            return
        for frame in outgoing.frames:
            link.notify(self._dress.values(self._zeroed(decoder.receive_data(frame))))

    def forget_bonds(self) -> None:
        """There are none."""

    def _services(self) -> list[Service]:
        tool, make = self._firmware.tool, self._make
        served = [
            self._notified.get(each.uuid) or self._written(each.uuid) for each in self._dress.served
        ]
        level = make.told(
            BATTERY_LEVEL,
            READ | NOTIFY,
            AttributeValue(read=lambda _connection: bytes([self._firmware.battery_percent])),
            is_open=True,
        )
        readable = Characteristic.READABLE
        name: Characteristic[bytes] = Characteristic(
            gatt.GATT_DEVICE_NAME_CHARACTERISTIC, READ, readable, tool.name.encode()
        )
        return [
            Service(gatt.GATT_GENERIC_ACCESS_SERVICE, [name]),
            Service(self._dress.service, served),
            Service(BATTERY_SERVICE, [level]),
            Service(
                DEVICE_INFORMATION_SERVICE,
                [
                    make.open(MANUFACTURER_NAME, tool.manufacturer.encode()),
                    make.open(MODEL_NUMBER, tool.model.encode()),
                ],
            ),
        ]

    def _written(self, uuid: str) -> Characteristic[bytes]:
        async def write(_connection: Connection, value: bytes) -> None:
            self._take(self._dress.written(uuid, value))

        kinds = WRITE | WRITE_WITHOUT_RESPONSE
        return Characteristic(uuid, kinds, Characteristic.WRITEABLE, AttributeValue(write=write))

    def _take(self, asked: Asked) -> None:
        if asked.rate_hz is not None:
            self._rate_hz = asked.rate_hz
            if self._decoder is not None:
                self._start()
        match asked.act:
            case Act.START:
                self._start()
            case Act.STOP:
                self._stop()
            case Act.TARE:
                self._zero_n = sum(value or 0.0 for value in self._newest_n) + self._zero_n
            case None:
                pass
        if self.link is not None:
            self.link.notify(list(asked.answers))

    def _on_subscribed(self, connection: Connection, characteristic: Characteristic[bytes]) -> None:
        is_own = characteristic in self._notified.values()
        if not is_own or not self._dress.sends_unasked:
            return
        if self._make.is_subscribed(connection, characteristic):
            self._start()
        else:
            self._stop()

    def _start(self) -> None:
        self._tick()
        request = bytes(Start(self._rate_hz, 0))
        self._firmware.request(request, self._now_us(), mtu=_INNER_MTU, telemetry_on=True)
        self._decoder = Decoder(self._firmware.tool.feature)
        self._notice(f"sends at {self._rate_hz} Hz")
        if self._beginning is None:
            loop = asyncio.get_running_loop()
            self._beginning = loop.call_later(BEGINS_AFTER_S, self._begin)
        self._tick()

    def _stop(self) -> None:
        if self._decoder is None:
            return
        self._decoder = None
        if self._beginning is not None:
            self._beginning.cancel()
            self._beginning = None
        request = bytes(Stop())
        self._firmware.request(request, self._now_us(), mtu=_INNER_MTU, telemetry_on=True)
        self._notice("stopped")

    def _begin(self) -> None:
        self._firmware.begin(self._now_us())

    def _zeroed(self, telemetry: Telemetry) -> Telemetry:
        """Return telemetry with the tool's own zero taken from its first channel."""
        samples = []
        for sample in telemetry.samples:
            first, *others = sample.force_n or (None,)
            if first is not None:
                sample = sample._replace(force_n=(first - self._zero_n, *others))  # noqa: PLW2901 -- the same sample
            samples.append(sample)
        self._newest_n = samples[-1].force_n
        return Telemetry(
            telemetry.device_us,
            telemetry.interval_us,
            telemetry.first_sample,
            telemetry.resent,
            telemetry.saturated,
            telemetry.touching,
            tuple(samples),
        )

    def _send(self, value: Value) -> None:
        link, characteristic = self.link, self._notified[value[0]]
        if link is None or not self._make.is_subscribed(link.connection, characteristic):
            return
        pdu = att.ATT_Handle_Value_Notification(
            attribute_handle=characteristic.handle, attribute_value=value[1]
        )
        self.server.send_gatt_pdu(link.connection, bytes(pdu))

    def _tell_end(self, reason: int) -> None:
        self._notice(f"disconnected: {reason_words(reason)}")
