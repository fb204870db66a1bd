"""Who may do what: pairing, bonds, and the error each refused access deserves."""

from dataclasses import replace
from pathlib import Path

import pytest
from bumble.att import ErrorCode
from bumble.core import UUID, ProtocolError
from bumble.keys import PairingKeys
from bumble.pairing import PairingConfig, PairingDelegate
from bumble.smp import ErrorCode as SmpError

from protocols.massage_tool import (
    BATTERY_LEVEL,
    CONTROL_POINT,
    FIRMWARE_REVISION,
    INSUFFICIENT_AUTHENTICATION,
    INSUFFICIENT_ENCRYPTION,
    MANUFACTURER_NAME,
    MODEL_NUMBER,
    SERIAL_NUMBER,
    TELEMETRY,
    TOOL_EVENT,
    TOOL_FEATURE,
    Features,
)
from simulators.data_files import DataFileError
from simulators.peripheral import Peripheral
from simulators.peripheral.bonds import bonds
from tests.simulators.firmware.scripted import ALL_PARTS, ROLLER
from tests.simulators.peripheral.world import Central, World, refused, soon

GARBLED = '{"F0:12:34:56:78:9A": {"C0:00:00:00:00:01": {"ltk": {"value": "zz"}}}}'
GOLDEN_FEATURE = "01 02 bf 00 01 00 64 00 d0 07 f4 00 62 02 32 00 78 00 f4 01 00 00 81 7f 00 00"


async def _assert_all_refused(central: Central, code: int) -> None:
    for uuid in (TOOL_FEATURE, SERIAL_NUMBER):
        async with refused(code):
            await central.read(uuid)
    async with refused(code):
        await central.write(CONTROL_POINT, b"\x02")
    for uuid in (TELEMETRY, CONTROL_POINT, TOOL_EVENT):
        configuration = central.characteristic(uuid).get_descriptor(UUID(0x2902))
        assert configuration is not None
        async with refused(code):
            await configuration.read_value()
        async with refused(code):
            await configuration.write_value(b"\x02\x00", with_response=True)


async def test_before_pairing_only_the_open_values_can_be_read(world: World) -> None:
    async with world.tool():
        central = await world.central()
        await central.connect()
        await _assert_all_refused(central, INSUFFICIENT_AUTHENTICATION)
        assert await central.read(BATTERY_LEVEL) == b"\x50"
        assert await central.read(MANUFACTURER_NAME) == b"Simulated"
        assert await central.read(MODEL_NUMBER) == b"R1"
        assert await central.read(FIRMWARE_REVISION) == b"1.0.0"


async def test_after_pairing_all_can_be_read(world: World) -> None:
    async with world.tool():
        central = await world.central()
        await central.connect()
        await central.pair()
        feature = await central.read(TOOL_FEATURE)
        assert feature.hex(" ").startswith(GOLDEN_FEATURE)
        assert len(feature) == 32
        assert await central.read(SERIAL_NUMBER) == b"0001"


async def test_a_bonded_central_without_encryption_is_told_so(world: World) -> None:
    async with world.tool() as tool:
        central = await world.central()
        await central.connect()
        await central.pair()
        await tool.lose_link()
        await central.lost()
        await central.connect()
        await _assert_all_refused(central, INSUFFICIENT_ENCRYPTION)
        await central.connection.encrypt()
        assert len(await central.read(TOOL_FEATURE)) == 32


async def test_bonds_are_kept_in_the_file(world: World, tmp_path: Path) -> None:
    keys = tmp_path / "keys.json"
    central = await world.central()
    async with world.tool(keys=keys):
        await central.connect()
        await central.pair()
    await central.lost()
    async with world.tool(keys=keys):
        await central.connect()
        await central.connection.encrypt()
        assert len(await central.read(TOOL_FEATURE)) == 32


async def test_the_ninth_bond_takes_the_place_of_the_oldest(tmp_path: Path) -> None:
    path = tmp_path / "tool" / "keys.json"
    for store in (bonds("F0:12:34:56:78:9A", path), bonds("F0:12:34:56:78:9A", None)):
        for name in "abcdefgah":
            await store.update(name, PairingKeys())
        await store.update("i", PairingKeys())
        assert [name for name, _keys in await store.get_all()] == list("cdefgahi")
    assert path.stat().st_mode & 0o777 == 0o600


def test_what_is_no_key_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    for content in ("{", "[]", '{"a": 1}', '{"F0:12:34:56:78:9A": {"b": {}}}', GARBLED):
        path.write_text(content)
        with pytest.raises(DataFileError, match=r"keys\.json"):
            bonds("F0:12:34:56:78:9A", path)


async def test_a_central_whose_bond_the_tool_forgot_cannot_encrypt(world: World) -> None:
    async with world.tool() as tool:
        central = await world.central()
        await central.connect()
        await central.pair()
        await tool.lose_link()
        await central.lost()
        await tool.hold_button()
        await central.connect()
        with pytest.raises(ProtocolError):
            await central.connection.encrypt()
        await _assert_all_refused(central, INSUFFICIENT_AUTHENTICATION)


async def test_legacy_pairing_is_refused(world: World) -> None:
    async with world.tool():
        central = await world.central()
        central.device.pairing_config_factory = lambda _connection: PairingConfig(
            sc=False, mitm=False
        )
        await central.connect()
        with pytest.raises(ProtocolError) as error:
            await soon(central.pair())
        assert error.value.error_code == SmpError.AUTHENTICATION_REQUIREMENTS


async def test_short_keys_are_refused(world: World) -> None:
    async with world.tool():
        central = await world.central(delegate=PairingDelegate(maximum_encryption_key_size=15))
        await central.connect()
        with pytest.raises(ProtocolError) as error:
            await soon(central.pair())
        assert error.value.error_code == SmpError.ENCRYPTION_KEY_SIZE


async def test_new_bonds_are_accepted_only_while_the_window_is_open(world: World) -> None:
    async with world.tool(bonding_s=0) as tool:
        central = await world.central()
        await central.connect()
        with pytest.raises(ProtocolError) as error:
            await soon(central.pair())
        assert error.value.error_code == SmpError.PAIRING_NOT_SUPPORTED
        tool._bonding_s = 30
        tool.press_button()
        await soon(central.pair())


class Keyboard(PairingDelegate):
    """A central whose user types what the tool shows."""

    def __init__(self, tool: Peripheral) -> None:
        super().__init__(io_capability=PairingDelegate.KEYBOARD_INPUT_ONLY)
        self._tool = tool

    async def get_number(self) -> int | None:
        return await self._tool.shown_passkey()


WITH_DISPLAY = replace(ROLLER, features=ALL_PARTS | Features.DISPLAY)


async def test_just_works_is_not_enough_for_a_tool_with_a_display(world: World) -> None:
    async with world.tool(WITH_DISPLAY):
        central = await world.central()
        await central.connect()
        await central.pair()
        assert central.connection.is_encrypted
        await _assert_all_refused(central, INSUFFICIENT_AUTHENTICATION)


async def test_the_passkey_of_the_display_is(world: World) -> None:
    async with world.tool(WITH_DISPLAY) as tool:
        central = await world.central(delegate=Keyboard(tool))
        await central.connect()
        await soon(central.pair())
        assert len(await central.read(TOOL_FEATURE)) == 32


async def test_what_is_not_writable_cannot_be_written(world: World) -> None:
    async with world.tool():
        central = await world.central()
        await central.connect()
        await central.pair()
        feature = central.characteristic(TOOL_FEATURE)
        for handle in range(1, 40):
            if handle in _writable(central):
                continue
            async with refused(ErrorCode.WRITE_NOT_PERMITTED, ErrorCode.INVALID_HANDLE):
                await central.peer.gatt_client.write_value(handle, b"\xff", with_response=True)
            await central.peer.gatt_client.write_value(handle, b"\xff", with_response=False)
        assert (await feature.read_value()).hex(" ").startswith(GOLDEN_FEATURE)
        async with refused(ErrorCode.READ_NOT_PERMITTED):
            await central.read(TELEMETRY)


def _writable(central: Central) -> set[int]:
    handles = {central.characteristic(CONTROL_POINT).handle}
    for uuid in (TELEMETRY, CONTROL_POINT, TOOL_EVENT, BATTERY_LEVEL):
        descriptor = central.characteristic(uuid).get_descriptor(UUID(0x2902))
        assert descriptor is not None
        handles.add(descriptor.handle)
    return handles
