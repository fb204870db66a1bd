"""The tool's GATT server and the one central that it serves."""

from collections.abc import Callable
from itertools import count
from typing import TYPE_CHECKING, Final

from bumble.att import ATT_Error
from bumble.device import Connection
from bumble.gatt import Characteristic

from protocols.massage_tool import (
    CCCD_IMPROPERLY_CONFIGURED,
    PROCEDURE_IN_PROGRESS,
    Op,
    Result,
)
from simulators.firmware import Calibrated, Firmware, Measurement, Outgoing
from simulators.peripheral.around import Around
from simulators.peripheral.bonds import Configurations
from simulators.peripheral.characteristics import Characteristics
from simulators.peripheral.database import Database
from simulators.peripheral.device import ToolDevice
from simulators.peripheral.link import Link
from simulators.peripheral.look import answer_words, look_at, reason_words
from simulators.peripheral.measuring import Measuring
from simulators.peripheral.preferences import ask_later
from simulators.peripheral.security import Guard
from simulators.peripheral.server import StrictServer

if TYPE_CHECKING:
    import asyncio

MTU: Final = 247
_ALERT_LEVELS: Final = (b"\0", b"\1", b"\2")


class ToolServer:
    """Answers the central, and tells it what the firmware has to say.

    Attributes:
        server: the GATT server.
        link: the present central's, if any.

    Args:
        firmware: the tool's logic.
        device: whose server this is.
        guard: checks each access.
        around: the tool around it.
        keep: keeps a calibration that was changed.

    Raises:
        ValueError: the tool has a service of a kind that there is not.
    """

    def __init__(
        self,
        firmware: Firmware,
        device: ToolDevice,
        guard: Guard,
        around: Around,
        *,
        keep: Callable[[tuple[Calibrated, ...]], None],
    ) -> None:
        self._notice = around.notice
        self.link: Link | None = None
        self._firmware = firmware
        self._key_exchange = guard.key_exchange
        self._tasks = around.tasks
        self._now_us = around.now_us
        self._tick = around.tick
        self._keep = keep
        self.server = device.gatt_server = StrictServer(device, around.tasks, self._on_confirmed)
        self.server.max_mtu = MTU
        self._database = Database(
            Characteristics(self.server, guard, self._on_subscribed),
            firmware.tool,
            on_request=self._on_request,
            on_alert=self._on_alert,
            battery_percent=lambda: firmware.battery_percent,
        )
        self._measuring = Measuring(self._database, self._measure, lambda: self.link)
        self._configurations = Configurations(self.server)
        self._indicating: asyncio.Task[None] | None = None
        self._asking: asyncio.TimerHandle | None = None
        self._told_battery = firmware.battery_percent
        self._strangers = count()
        self._stranger = ""

    def serve(self, connection: Connection, *, on_end: Callable[[int], None]) -> None:
        """Serve a central from now on.

        Args:
            connection: the central.
            on_end: told once when the link has ended, with the reason.
        """
        link = Link(connection, self.server, self._database, self._firmware.next_resent)
        self.link = link
        self._stranger = f"stranger {next(self._strangers)}"
        self._indicating = self._tasks.spawn(link.run())
        self._asking = ask_later(connection)
        connection.on(connection.EVENT_DISCONNECTION, on_end)
        connection.on(connection.EVENT_CONNECTION_ENCRYPTION_CHANGE, self._on_encryption)
        connection.on(connection.EVENT_PAIRING, lambda _keys: self._on_paired(connection))
        self._firmware.connected(self._now_us())
        self._notice(f"connected by {look_at(connection).central}")
        connection.on(connection.EVENT_DISCONNECTION, self._tell_end)

    def leave(self) -> None:
        """The link has ended."""
        link, self.link = self.link, None
        if link is None:
            return
        if self._key_exchange.is_bonded(link.connection):
            self._configurations.keep(link.connection)
        link.close()
        self._measuring.stop()
        if self._asking is not None:
            self._asking.cancel()
        if self._indicating is not None:
            self._indicating.cancel()
        self._firmware.disconnected(self._now_us())

    def deliver(self, outgoing: Outgoing) -> None:
        """Tell the central, if there is one, what the firmware has to say."""
        link, percent = self.link, self._firmware.battery_percent
        if link is None:
            return
        for answer in outgoing.answers:
            self._notice(answer_words(answer))
            link.answer(answer)
        for event in outgoing.events:
            link.tell(event)
        for frame in outgoing.frames:
            link.send(frame)
        if percent != self._told_battery:
            link.notify(self._database.battery_level, bytes([percent]))
        self._told_battery = percent

    def forget_bonds(self) -> None:
        """Forget what bonded centrals had switched on."""
        self._configurations.clear()

    def _measure(self) -> Measurement:
        return self._firmware.measurement(self._now_us())

    def _central(self, connection: Connection) -> str:
        """Name a central so that nobody else has its name: a bond, or else this very link."""
        is_bonded = self._key_exchange.is_bonded(connection)
        return str(connection.peer_address) if is_bonded else self._stranger

    def _tell_end(self, reason: int) -> None:
        self._notice(f"disconnected: {reason_words(reason)}")

    def _on_encryption(self) -> None:
        link = self.link
        if link is not None and link.connection.is_encrypted:
            self._notice("link encrypted")
        if link is None or self._key_exchange.paired_on(link.connection) is not None:
            return
        if self._key_exchange.is_bonded(link.connection) and self._configurations.give_back(
            link.connection
        ):
            self._on_subscribed(link.connection, self._database.tool_event)
            self._measuring.subscribed()

    def _on_paired(self, connection: Connection) -> None:
        """A new bond inherits nothing from an older one with the same address."""
        if self._key_exchange.is_bonded(connection):
            central = str(connection.peer_address)
            self._notice(f"bonded with {look_at(connection).central}")
            self._configurations.forget(central)
            self._firmware.forget_central(central)

    def _on_subscribed(self, connection: Connection, characteristic: Characteristic[bytes]) -> None:
        link = self.link
        if link is None:
            return
        self._measuring.subscribed()
        if characteristic is not self._database.tool_event:
            return
        if self._database.is_subscribed(connection, characteristic):
            self._tick()
            for event in self._firmware.standing_events(self._now_us()):
                link.tell(event)

    def _on_confirmed(self) -> None:
        if self.link is not None:
            self.link.confirmed()

    async def _on_alert(self, _connection: Connection, value: bytes) -> None:
        """Buzz; reserved values are left alone, and so is what a lost link brings late."""
        if value in _ALERT_LEVELS and self.link is not None:
            self._firmware.alert(self._now_us(), value[0])

    async def _on_request(self, connection: Connection, value: bytes) -> None:
        link = self.link
        if link is None:
            return
        if not self._database.is_subscribed(connection, self._database.control_point):
            raise ATT_Error(CCCD_IMPROPERLY_CONFIGURED)
        if link.is_answering:
            raise ATT_Error(PROCEDURE_IN_PROGRESS)
        link.take_request()
        self._tick()
        calibration = self._firmware.calibration
        answer = self._firmware.request(
            value,
            self._now_us(),
            mtu=connection.att_mtu,
            telemetry_on=self._database.is_subscribed(connection, self._database.telemetry),
            central=self._central(connection),
        )
        if self._firmware.calibration != calibration:
            self._keep(self._firmware.calibration)
        if answer is not None:
            if _ends_frames(answer):
                link.discard_frames()
            self._notice(answer_words(answer))
            link.answer(answer)
        self._tick()


def _ends_frames(answer: bytes) -> bool:
    """Whether a run has begun or ended, so that frames still waiting belong to none."""
    _code, op, result = answer[:3]
    return op in {Op.START, Op.STOP} and result == Result.SUCCESS
