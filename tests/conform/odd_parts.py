"""What breaks the profile around the firmware: in the table, on the air, in a module's parts."""

import inspect
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import replace
from typing import Any
from unittest.mock import patch

from bumble import gatt
from bumble.att import Attribute, AttributeValue
from bumble.core import UUID

from protocols.massage_tool import SERIAL_NUMBER, TOOL_FEATURE, Features
from simulators.firmware import Reading, Tool
from simulators.firmware.sensors import Channel, Measured, Sensors
from simulators.firmware.stream import Stream
from simulators.peripheral import Peripheral
from simulators.peripheral.database import Database
from simulators.peripheral.tool_server import ToolServer
from tests.conform.mutant import Alter
from tests.conform.world import scripted
from tests.simulators.firmware.scripted import ROLLER

Anything = Any
"""What the simulators hand on to themselves."""
ADVERTISING = "simulators.peripheral.advertising"


@contextmanager
def tares_anyway(*what: str) -> Iterator[None]:
    with ExitStack() as stack:
        for name in what:
            path = f"simulators.firmware.taring.Taring.{name}"
            stack.enter_context(patch(path, lambda *_arguments: False))
        yield


def without_gain(channel: Channel, raw: int) -> float:
    return raw - channel.offset_counts


def wrapped(value: float) -> int:
    return (round(value) + 32768) % 65536 - 32768


def attribute(peripheral: Peripheral, uuid: str) -> Attribute[bytes]:
    """The value of a characteristic."""
    found = [one for one in peripheral._serving.server.attributes if one.type == UUID(uuid)]
    return found[0]


def serving(uuid: str, value: bytes) -> Alter:
    """Let everybody read a fixed value."""

    def alter(peripheral: Peripheral) -> None:
        attribute(peripheral, uuid).value = value

    return alter


def feature(change: Callable[[bytearray], None]) -> Alter:
    """Tell another Tool Feature than the firmware's, still only to whom it may be told."""

    def alter(peripheral: Peripheral) -> None:
        told = bytearray(bytes(peripheral.firmware.tool.feature))
        change(told)
        found = attribute(peripheral, TOOL_FEATURE)
        right = found.value
        assert isinstance(right, AttributeValue)

        async def read(connection: Anything) -> bytes:
            allowed = right.read(connection)
            assert inspect.isawaitable(allowed)
            await allowed
            return bytes(told)

        found.value = AttributeValue(read=read)

    return alter


def closing(uuid: str) -> Alter:
    """Ask for encryption where there must be none."""

    def alter(peripheral: Peripheral) -> None:
        closed = attribute(peripheral, SERIAL_NUMBER)
        attribute(peripheral, uuid).value = closed.value

    return alter


def properties(uuid: str, change: Callable[[int], int]) -> Alter:
    """Declare other properties."""

    def alter(peripheral: Peripheral) -> None:
        handle = attribute(peripheral, uuid).handle - 1
        declaration = peripheral._serving.server.get_attribute(handle)
        assert declaration is not None
        value = declaration.value
        assert isinstance(value, bytes)
        declaration.value = bytes([change(value[0])]) + value[1:]

    return alter


def without_configuration(uuid: str) -> Alter:
    """Have something else where a client configuration should be."""

    def alter(peripheral: Peripheral) -> None:
        server = peripheral._serving.server
        configuration = server.get_attribute(attribute(peripheral, uuid).handle + 1)
        assert configuration is not None
        configuration.type = gatt.GATT_CHARACTERISTIC_USER_DESCRIPTION_DESCRIPTOR

    return alter


def renamed(uuid: str) -> Alter:
    """Have some other characteristic in its place."""

    def alter(peripheral: Peripheral) -> None:
        found = attribute(peripheral, uuid)
        declaration = peripheral._serving.server.get_attribute(found.handle - 1)
        assert declaration is not None
        value = declaration.value
        assert isinstance(value, bytes)
        other = gatt.GATT_SOFTWARE_REVISION_STRING_CHARACTERISTIC
        declaration.value = value[:3] + other.to_bytes()
        found.type = other

    return alter


def open_configuration(uuid: str) -> Alter:
    """Let everybody switch a characteristic on."""

    def alter(peripheral: Peripheral) -> None:
        server = peripheral._serving.server
        characteristic = attribute(peripheral, uuid)
        configuration = server.get_attribute(characteristic.handle + 1)
        assert configuration is not None
        assert isinstance(characteristic, gatt.Characteristic)
        serving = peripheral._serving
        assert isinstance(serving, ToolServer)
        make = serving._database._make
        configuration.value = make._configuration(characteristic, 3, is_open=True).value

    return alter


def small_mtu(peripheral: Peripheral) -> None:
    """Take small packets only."""
    peripheral._serving.server.max_mtu = 100


def shouting(peripheral: Peripheral, *, is_open: bool = False) -> None:
    """Advertise although a central is connected, and perhaps serve another one."""
    beacon = peripheral._beacon
    beacon._is_wanted = lambda: True
    on_connection = peripheral._on_connection

    def connected(connection: Anything) -> None:
        if not (is_open and peripheral.is_connected):
            on_connection(connection)
        beacon.interrupted()
        beacon.open(600.0)

    device = peripheral._device
    device.remove_listener(device.EVENT_CONNECTION, on_connection)
    peripheral._on_connection = connected  # type: ignore[method-assign]  # so that it is taken off again
    device.on(device.EVENT_CONNECTION, connected)


def welcoming(peripheral: Peripheral) -> None:
    """Serve every central that comes."""
    shouting(peripheral, is_open=True)


def patched(path: str, value: object) -> Callable[[], AbstractContextManager[Anything]]:
    """Another value in a module of the simulator."""
    return lambda: patch(path, value)


def unencrypted_code() -> AbstractContextManager[Anything]:
    """Answer the one error where the other belongs."""
    return patch("simulators.peripheral.security.INSUFFICIENT_AUTHENTICATION", 0x0F)


def lacking(parts: Features, **more: Anything) -> Tool:
    """A tool without some parts."""
    return scripted(replace(ROLLER, features=ROLLER.features & ~parts, **more))


def without_force() -> Tool:
    """A tool that feels motion only."""
    less = Features.ON_TOOL_LIMIT
    return lacking(less, force_channels=0, force_resolution_n=None, force_full_scale_n=None)


def clear_wheel(told: bytearray) -> None:
    told[2] &= ~Features.WHEEL
    told[14:16] = bytes(2)


def put(place: int, *values: int) -> Callable[[bytearray], None]:
    def change(told: bytearray) -> None:
        told[place : place + len(values)] = bytes(values)

    return change


def cut(told: bytearray) -> None:
    del told[-1:]


def two_at_a_time() -> AbstractContextManager[Anything]:
    """A link that takes a request while it owes an answer."""
    return patch("simulators.peripheral.link.Link.is_answering", property(lambda _link: False))


def always_indicating() -> AbstractContextManager[Anything]:
    """A control point that does not ask whether its indications are on."""
    right = Database.is_subscribed

    def is_subscribed(database: Database, connection: Anything, characteristic: Anything) -> bool:
        return characteristic is database.control_point or right(
            database, connection, characteristic
        )

    return patch.object(Database, "is_subscribed", is_subscribed)


def any_rate() -> AbstractContextManager[Anything]:
    """A stream that takes any other rate for its own once the link was lost."""
    right = Stream._granted_rate

    def granted(stream: Stream, asked_hz: int) -> int:
        run = stream.run
        if run is not None and run.lost_us is not None:
            run.rate_hz = right(stream, asked_hz)
        return right(stream, asked_hz)

    return patch.object(Stream, "_granted_rate", granted)


def calibrated_saturation() -> AbstractContextManager[Anything]:
    """Sensors that judge saturation on what the calibration makes of it."""
    right = Sensors.measure

    def measure(sensors: Sensors, reading: Reading) -> Measured:
        measured = right(sensors, reading)
        top = sensors._full_scale
        past = any(abs(force) >= top for force in measured.raw.force)
        return measured._replace(saturated=past)

    return patch.object(Sensors, "measure", measure)


def without_service() -> AbstractContextManager[Anything]:
    """Flags only in the advertisement."""
    return patch(f"{ADVERTISING}.advertisement", lambda _service: b"\2\1\6")


def one_more(mtu: int, sample_bytes: int) -> int:
    """A sample more than fits."""
    return (mtu - 15) // sample_bytes + 1


def wrong_sign(channel: Channel, raw: int) -> float:
    """The offset counted the wrong way."""
    return (raw + channel.offset_counts) * channel.gain_ppm / 1_000_000
