"""One connected tool: its values read, its streams subscribed to, its control point asked."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final, TypeVar

from bleak import BleakClient
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.exc import BleakError

from companion.ble.bounded import bounded
from companion.ble.errors import LinkError, LinkFault, Stage, classify
from companion.ble.words import printable
from protocols.errors import DecodeError
from protocols.massage_tool import (
    BATTERY_LEVEL,
    BATTERY_SERVICE,
    CONTROL_POINT,
    DEVICE_INFORMATION_SERVICE,
    FIRMWARE_REVISION,
    MANUFACTURER_NAME,
    MASSAGE_TOOL_SERVICE,
    MODEL_NUMBER,
    SERIAL_NUMBER,
    TELEMETRY,
    TOOL_EVENT,
    TOOL_FEATURE,
    Answer,
    AnswerValues,
    Calibration,
    Channel,
    Op,
    ReadCalibration,
    ReadChannel,
    Request,
    Result,
    ToolFeature,
    decode_answer,
)
from protocols.telemetry import Telemetry

log = logging.getLogger(__name__)

T = TypeVar("T")

GATT_S: Final = 5.0
"""Longest wait for one GATT operation; bleak's own reads have none and can hang on BlueZ."""

ANSWER_S: Final = 6.0
"""Longest wait for the control point's answer: the profile allows 5 s, one more for the way."""


PER_MILLION: Final = 1_000_000
"""A gain over the air counts in millionths of the nominal one."""

_READ: Final = frozenset({"read"})
_NOTIFIED: Final = frozenset({"notify", "indicate"})
_WRITTEN: Final = frozenset({"write"})
"""Properties of a characteristic in bleak's words (Core Vol 3 G 3.3.1.1)."""

BUSY_PAUSE_S: Final = 0.05
"""A confirmation travels with the next connection event or the one after it."""


class Refused(LinkError):
    """The tool answered a request with a result other than success.

    Attributes:
        op: the request's op code.
        result: the tool's result.
    """

    def __init__(self, op: Op, result: Result | int, tool: str) -> None:
        name = result.name.lower() if isinstance(result, Result) else str(result)
        super().__init__(LinkFault.REFUSED, tool=tool, detail=f"{op.name.lower()}: {name}")
        self.op = op
        self.result = result


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Device Information; empty where the tool does not tell or will not."""

    manufacturer: str = ""
    model: str = ""
    serial: str = ""
    firmware: str = ""


class ToolClient:
    """Everything the profile offers over one connection; every call ends in bounded time.

    Args:
        client: a connected bleak client.
        name: the tool's name or address, for messages.

    Attributes:
        name: the same.
        stray_answers: indications that answered nothing we asked (double, foreign, broken).
    """

    def __init__(self, client: BleakClient, name: str) -> None:
        self.name = name
        self.stray_answers = 0
        self._client = client
        self._turn = asyncio.Lock()
        self._asked: tuple[Op, asyncio.Future[Answer], Callable[[Answer], None] | None] | None
        self._asked = None
        self._is_gone = False

    @property
    def address(self) -> str:
        """The tool's identity as the platform has it now; pairing may tell a private one's."""
        return str(self._client.address)

    async def read_feature(self, longest_s: float = GATT_S) -> ToolFeature:
        """Read the Tool Feature.

        Args:
            longest_s: longest wait; longer where the platform may ask a person meanwhile.

        Raises:
            LinkError: it cannot be read, or does not follow the profile.
        """
        value = await self._read(MASSAGE_TOOL_SERVICE, TOOL_FEATURE, longest_s)
        try:
            return ToolFeature.from_bytes(value)
        except DecodeError as error:
            fault = LinkFault.FEATURE_UNREADABLE
            raise LinkError(fault, tool=self.name, detail=str(error)) from error

    async def read_channels(self, feature: ToolFeature) -> tuple[Channel, ...]:
        """Ask for each force channel's own area and mass; the control point must be open.

        Returns:
            One for each channel; nothing for a tool of one channel, whose Feature says it all.

        Raises:
            LinkError: no answer in time, ATT error, or the link dropped.
        """
        if feature.force_channels <= 1:
            return ()
        return tuple([await self._read_channel(place) for place in range(feature.force_channels)])

    async def read_gains(self, feature: ToolFeature) -> tuple[int | None, ...]:
        """Ask for each force channel's gain; the control point must be open.

        Returns:
            Parts per million of its nominal gain, None for a channel that does not tell.

        Raises:
            LinkError: no answer in time, ATT error, or the link dropped.
        """
        return tuple([await self._read_gain(place) for place in range(feature.force_channels)])

    async def _read_gain(self, place: int) -> int | None:
        try:
            values = await self.request(ReadCalibration(place))
        except Refused:
            return None
        return round(values.gain * PER_MILLION) if isinstance(values, Calibration) else None

    async def _read_channel(self, place: int) -> Channel:
        try:
            values = await self.request(ReadChannel(place))
        except Refused:
            return Channel(None, None)
        return values if isinstance(values, Channel) else Channel(None, None)

    async def read_identity(self) -> Identity:
        """Read Device Information, as far as the tool gives it.

        Raises:
            LinkError: the link dropped meanwhile.
        """
        return Identity(
            manufacturer=await self._read_words(MANUFACTURER_NAME),
            model=await self._read_words(MODEL_NUMBER),
            serial=await self._read_words(SERIAL_NUMBER),
            firmware=await self._read_words(FIRMWARE_REVISION),
        )

    async def read_battery(self) -> int | None:
        """Read the battery level in percent; None where the tool does not tell.

        Raises:
            LinkError: the link dropped meanwhile.
        """
        return battery_percent(await self._read_if_there(BATTERY_SERVICE, BATTERY_LEVEL))

    async def watch_battery(self, on_value: Callable[[bytes], None]) -> None:
        """Subscribe to the battery level; a tool that does not notify it is left in peace.

        Raises:
            LinkError: the link dropped meanwhile.
        """
        try:
            await self._notify(BATTERY_SERVICE, BATTERY_LEVEL, on_value)
        except LinkError as error:
            self._bear(error)

    async def open_control_point(self) -> None:
        """Subscribe to the control point's answers.

        Raises:
            LinkError: the tool has none, refuses, or the link dropped.
        """
        await self._notify(MASSAGE_TOOL_SERVICE, CONTROL_POINT, self._take_answer)

    async def watch_events(self, on_value: Callable[[bytes], None]) -> None:
        """Subscribe to Tool Event.

        Raises:
            LinkError: the tool has none, refuses, or the link dropped.
        """
        await self._notify(MASSAGE_TOOL_SERVICE, TOOL_EVENT, on_value)

    async def watch_telemetry(self, on_value: Callable[[bytes | Telemetry], None]) -> None:
        """Subscribe to Telemetry.

        Raises:
            LinkError: the tool has none, refuses, or the link dropped.
        """
        await self._notify(MASSAGE_TOOL_SERVICE, TELEMETRY, on_value)

    async def request(
        self, request: Request, on_answer: Callable[[Answer], None] | None = None
    ) -> AnswerValues | None:
        """Ask the control point; requests wait for each other.

        Args:
            request: what to ask.
            on_answer: called in the moment a successful answer arrives, before anything
                that the tool sends after it.

        Returns:
            What the answer gives, None for requests that only succeed.

        Raises:
            Refused: the tool's result was not success.
            LinkError: no answer in time, ATT error, or the link dropped.
        """
        async with self._turn:
            answer = await self._ask(request, on_answer)
        if answer.result != Result.SUCCESS:
            raise Refused(request.op, answer.result, self.name)
        return answer.values

    def drop(self) -> None:
        """The link is gone: whoever waits for an answer learns it now."""
        self._is_gone = True
        if self._asked is not None and not self._asked[1].done():
            self._asked[1].set_exception(LinkError(LinkFault.DROPPED, tool=self.name))

    async def _ask(self, request: Request, on_answer: Callable[[Answer], None] | None) -> Answer:
        future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._asked = (request.op, future, on_answer)
        try:
            await self._write_in_turn(bytes(request))
            async with asyncio.timeout(ANSWER_S):
                answer = await future
        except TimeoutError:
            fault = LinkFault.SILENT
            raise LinkError(fault, tool=self.name, detail=request.op.name.lower()) from None
        finally:
            self._asked = None
            if future.done() and not future.cancelled():
                future.exception()
        return answer

    async def _write_in_turn(self, value: bytes) -> None:
        """Write to the control point, again while the tool waits for an old confirmation.

        A stack hands us an answer before its confirmation has reached the tool, so that a
        request right after it can be refused with 0xFE though nothing is under way.
        """
        point = self._characteristic(MASSAGE_TOOL_SERVICE, CONTROL_POINT, _WRITTEN)
        loop = asyncio.get_running_loop()
        until = loop.time() + GATT_S
        while True:
            write = self._client.write_gatt_char(point, value, response=True)
            try:
                await self._bounded(write)
            except LinkError as error:
                if error.fault is not LinkFault.BUSY or loop.time() > until:
                    raise
                await asyncio.sleep(BUSY_PAUSE_S)
            else:
                return

    def _take_answer(self, value: bytes) -> None:
        try:
            answer = decode_answer(value)
        except DecodeError:
            self.stray_answers += 1
            return
        if self._asked is None or self._asked[0] != answer.op or self._asked[1].done():
            self.stray_answers += 1
            return
        _, future, on_answer = self._asked
        if on_answer is not None and answer.result == Result.SUCCESS:
            on_answer(answer)
        future.set_result(answer)

    async def _read_words(self, characteristic: str) -> str:
        value = await self._read_if_there(DEVICE_INFORMATION_SERVICE, characteristic)
        return printable(value.decode("utf-8", errors="replace"))

    async def _read_if_there(self, service: str, characteristic: str) -> bytes:
        try:
            return await self._read(service, characteristic)
        except LinkError as error:
            self._bear(error)
            return b""

    def _bear(self, error: LinkError) -> None:
        """Go on without a value that is not vital, unless the link itself is gone."""
        if self._is_gone or error.fault is LinkFault.DROPPED:
            raise error
        log.info("%s: going on without it: %s", self.name, error.detail)

    async def _read(self, service: str, characteristic: str, longest_s: float = GATT_S) -> bytes:
        found = self._characteristic(service, characteristic, _READ)
        return bytes(await self._bounded(self._client.read_gatt_char(found), longest_s))

    async def _notify(
        self, service: str, characteristic: str, on_value: Callable[[bytes], None]
    ) -> None:
        found = self._characteristic(service, characteristic, _NOTIFIED)

        def take(_sender: BleakGATTCharacteristic, data: bytearray) -> None:
            on_value(bytes(data))

        await self._bounded(self._client.start_notify(found, take))

    def _characteristic(
        self, service: str, characteristic: str, needed: frozenset[str]
    ) -> BleakGATTCharacteristic:
        """The first such characteristic in the first such service; tables may repeat UUIDs.

        Args:
            service: its UUID.
            characteristic: its UUID.
            needed: what it must offer, one property of these: a stack asked for what a table does
                not offer answers by its own mood, and blames the computer.
        """
        if self._is_gone or not self._client.is_connected:
            raise LinkError(LinkFault.DROPPED, tool=self.name)
        try:
            services = [found for found in self._client.services if found.uuid == service]
        except BleakError as error:
            raise classify(error, Stage.USE, self.name) from error
        for candidate in services:
            found = candidate.get_characteristic(characteristic)
            if found is not None:
                self._require(found, needed)
                return found
        raise LinkError(LinkFault.NOT_A_TOOL, tool=self.name, detail=f"no {characteristic}")

    def _require(self, found: BleakGATTCharacteristic, needed: frozenset[str]) -> None:
        if needed.isdisjoint(found.properties):
            detail = f"{found.uuid} without {' or '.join(sorted(needed))}"
            raise LinkError(LinkFault.NOT_A_TOOL, tool=self.name, detail=detail)

    async def _bounded(self, operation: Awaitable[T], longest_s: float = GATT_S) -> T:
        """Wait for a GATT operation.

        Raises:
            LinkError: whatever went wrong, classified; a dropped link wins.
        """
        try:
            return await bounded(operation, longest_s)
        except (BleakError, OSError, EOFError, AssertionError) as error:
            if self._is_gone or not self._client.is_connected:
                raise LinkError(LinkFault.DROPPED, tool=self.name, detail=str(error)) from error
            raise classify(error, Stage.USE, self.name) from error


def battery_percent(value: bytes) -> int | None:
    """Read a Battery Level value: one byte, 0 to 100 (Battery Service 1.0, 3.1)."""
    return value[0] if value and value[0] <= 100 else None  # noqa: PLR2004 # percent
