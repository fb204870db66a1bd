"""Pairing as the standard says, with centrals that do not, and with thieves."""

import asyncio
from dataclasses import replace

import pytest
from bumble import hci
from bumble.core import ProtocolError
from bumble.pairing import PairingDelegate
from hypothesis import given, settings
from hypothesis import strategies as st

from protocols.massage_tool import (
    BATTERY_LEVEL,
    CONTROL_POINT,
    TELEMETRY,
    TOOL_FEATURE,
    Features,
    ToolFeature,
)
from simulators.peripheral.key_exchange import TIMEOUT_S
from tests.simulators.firmware.scripted import ALL_PARTS, ROLLER
from tests.simulators.peripheral.raw import (
    ALICE,
    ATT,
    BOB,
    SMP,
    RawCentral,
    RawRoom,
    play,
    raw_room,
)

pytestmark = pytest.mark.unmeasured  # see end_to_end/conftest.py

WITH_DISPLAY = replace(ROLLER, features=ALL_PARTS | Features.DISPLAY)
REQUEST = "01 03 00 09 10 03 03"
"""No input or output, no out-of-band data, bonding with Secure Connections, 16 bytes."""
FAILED = 0x05


_X = "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
_Y = "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5"
"""The base point of P-256 (FIPS 186-4 D.1.2.3): the public key whose secret is 1."""


def _public_key() -> bytes:
    return b"\x0c" + bytes.fromhex(_X)[::-1] + bytes.fromhex(_Y)[::-1]


async def _begun(central: RawCentral) -> None:
    said = await central.ask(SMP, bytes.fromhex(REQUEST))
    assert [pdu[0] for pdu in said] == [2]


async def _read(central: RawCentral, room: RawRoom, uuid: str) -> bytes:
    (said,) = await central.ask(ATT, b"\x0a" + room.handle(uuid).to_bytes(2, "little"))
    return said


async def _configuration(central: RawCentral, room: RawRoom, uuid: str) -> bytes:
    (said,) = await central.ask(ATT, b"\x0a" + (room.handle(uuid) + 1).to_bytes(2, "little"))
    return said


async def _subscribe(central: RawCentral, room: RawRoom, uuid: str, bits: int) -> None:
    handle = (room.handle(uuid) + 1).to_bytes(2, "little")
    assert await central.ask(ATT, b"\x12" + handle + bytes([bits, 0])) == [b"\x13"]


@pytest.mark.parametrize(
    ("request_", "reason"),
    [
        ("01 03 00 01 10 03 03", 0x03),  # legacy pairing
        ("01 03 00 09 0f 03 03", 0x06),  # a key of 15 bytes
        ("01 03 00 09 06 03 03", 0x0A),  # of 6, and of 17
        ("01 03 00 09 11 03 03", 0x0A),
        ("01 05 00 09 10 03 03", 0x0A),  # no such input or output
        ("01 03 02 09 10 03 03", 0x0A),
        ("01 03 01 09 10 03 03", 0x02),  # out-of-band data, that the tool has not
        ("01 03 00 09 10 03", 0x0A),  # too short
        ("03" + " 00" * 16, 0x08),  # no pairing has begun
        ("0c" + " 00" * 64, 0x08),
        ("0b 01", 0x07),  # a security request, from a central
        ("0f", 0x07),
        ("", 0x07),
    ],
)
def test_what_does_not_begin_a_pairing(request_: str, reason: int) -> None:
    async def main() -> None:
        async with raw_room() as room:
            alice = await room.joined()
            said = await alice.ask(SMP, bytes.fromhex(request_))
            assert said == [bytes([FAILED, reason])]
            await _begun(alice)

    play(main)


def test_no_passkey_is_got_around_by_claiming_out_of_band_data() -> None:
    async def main() -> None:
        async with raw_room(WITH_DISPLAY) as room:
            alice = await room.joined()
            said = await alice.ask(SMP, bytes.fromhex("01 02 01 0d 10 03 03"))
            assert said == [b"\x05\x02"]

    play(main)


@pytest.mark.parametrize("code", [1, 3, 4, 6, 7, 8, 9, 10, 13, 14])
def test_a_command_out_of_its_place_ends_the_pairing(code: int) -> None:
    sizes = {1: 7, 3: 17, 4: 17, 6: 17, 7: 11, 8: 17, 9: 8, 10: 17, 13: 17, 14: 2}

    async def main() -> None:
        async with raw_room() as room:
            alice = await room.joined()
            await _begun(alice)
            command = bytes([code]) + bytes(sizes[code] - 1)
            said = await alice.ask(SMP, command)
            assert said == [b"\x05\x08"]
            await _begun(alice)

    play(main)


def test_a_key_that_is_no_point_of_the_curve_and_the_own_key_are_refused() -> None:
    async def main() -> None:
        async with raw_room() as room:
            alice = await room.joined()
            own = room.tool._device.smp_manager.ecc_key
            for key in (bytes(64), b"\xff" * 64, b"\x01" * 64, own.x[::-1] + own.y[::-1]):
                await _begun(alice)
                assert await alice.ask(SMP, b"\x0c" + key) == [b"\x05\x0a"]

    play(main)


def test_a_pairing_that_is_left_is_over_after_30_s_for_the_whole_link() -> None:
    async def main() -> None:
        async with raw_room(WITH_DISPLAY) as room:
            alice = await room.joined()
            said = await alice.ask(SMP, bytes.fromhex("01 02 00 0d 10 03 03"))
            assert [pdu[0] for pdu in said] == [2]
            said = await alice.ask(SMP, _public_key())
            assert [pdu[0] for pdu in said] == [0x0C]
            shown = await asyncio.wait_for(room.tool.shown_passkey(), 1)
            assert 0 < shown < 1_000_000
            await asyncio.sleep(TIMEOUT_S + 1)
            assert await alice.ask(SMP, bytes.fromhex(REQUEST)) == []
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(room.tool.shown_passkey(), 1)
            assert await _read(alice, room, BATTERY_LEVEL) == b"\x0b\x50"
            await alice.part()
            await alice.join()
            await _begun(alice)

    play(main)


def test_an_unfinished_pairing_gives_no_key() -> None:
    async def main() -> None:
        async with raw_room() as room:
            alice = await room.joined()
            await _begun(alice)
            said = await alice.ask(SMP, _public_key())
            assert [pdu[0] for pdu in said] == [0x0C, 0x03]
            assert [pdu[0] for pdu in await alice.ask(SMP, b"\x04" + bytes(16))] == [4]
            await alice.host.send_async_command(
                hci.HCI_LE_Enable_Encryption_Command(
                    connection_handle=alice.link.handle,
                    random_number=bytes(8),
                    encrypted_diversifier=0,
                    long_term_key=bytes(16),
                )
            )
            await asyncio.sleep(1)
            link = room.tool._serving.link
            if link is not None:
                assert not link.connection.is_encrypted
                assert await alice.ask(SMP, b"\x0d" + bytes(16)) == [b"\x05\x0b"]

    play(main)


def test_encrypting_with_the_bond_in_the_middle_of_a_pairing_makes_no_new_one() -> None:
    async def main() -> None:
        async with raw_room() as room:
            alice = await room.paired()
            bonds = await room.tool._security.keystore.get_all()
            await alice.part()
            await alice.join()
            await _begun(alice)
            alice.is_raw = False
            await alice.link.encrypt()
            assert await _read(alice, room, TOOL_FEATURE) != b""
            assert [pdu[0] for cid, pdu in alice.heard if cid == SMP] == []
            assert await alice.ask(SMP, b"\x08" + bytes(16)) == [b"\x05\x08"]
            assert await room.tool._security.keystore.get_all() == bonds

    play(main)


def test_a_pairing_without_bonding_lasts_as_long_as_the_link() -> None:
    async def main() -> None:
        async with raw_room() as room:
            alice = await room.central()
            alice.use(bonding=False)
            await alice.join()
            await alice.link.pair()
            await _subscribe(alice, room, TELEMETRY, 1)
            assert len(await _read(alice, room, TOOL_FEATURE)) == 23
            assert await room.tool._security.keystore.get_all() == []
            await alice.part()
            await alice.join()
            assert (await _read(alice, room, TOOL_FEATURE))[-1] == 0x05
            alice.is_raw = False
            await alice.link.pair()
            assert await _configuration(alice, room, TELEMETRY) == b"\x0b\x00\x00"

    play(main)


class Typing(PairingDelegate):
    """A person who types what the tool shows, or something else."""

    def __init__(self, room: RawRoom, *, rightly: bool = True) -> None:
        super().__init__(io_capability=PairingDelegate.KEYBOARD_INPUT_ONLY)
        self._room = room
        self._rightly = rightly

    async def get_number(self) -> int | None:
        shown = await self._room.tool.shown_passkey()
        return shown if self._rightly else (shown + 1) % 1_000_000


def test_a_wrong_passkey_makes_no_bond_and_the_next_try_may_be_right() -> None:
    async def main() -> None:
        async with raw_room(WITH_DISPLAY) as room:
            alice = await room.central()
            alice.use(Typing(room, rightly=False))
            await alice.join()
            with pytest.raises(ProtocolError):
                await alice.link.pair()
            assert await room.tool._security.keystore.get_all() == []
            assert (await _read(alice, room, TOOL_FEATURE))[-1] == 0x05
            alice.is_raw = False
            alice.use(Typing(room))
            await alice.link.pair()
            assert len(await _read(alice, room, TOOL_FEATURE)) == 23

    play(main)


def test_a_weaker_key_does_not_replace_one_with_a_passkey() -> None:
    async def main() -> None:
        async with raw_room(WITH_DISPLAY) as room:
            alice = await room.central()
            alice.use(Typing(room))
            await alice.join()
            await alice.link.pair()
            ((name, keys),) = await room.tool._security.keystore.get_all()
            await alice.part()
            thief = await room.central(BOB)
            thief.static_address = thief.random_address = hci.Address(name)
            await thief.host.send_sync_command(
                hci.HCI_LE_Set_Random_Address_Command(random_address=hci.Address(name))
            )
            await thief.join()
            await thief.link.pair()
            assert await room.tool._security.keystore.get_all() == [(name, keys)]
            assert (await _read(thief, room, TOOL_FEATURE))[-1] == 0x05

    play(main)


def test_a_new_bond_inherits_nothing_from_an_old_one_with_its_address() -> None:
    async def main() -> None:
        async with raw_room() as room:
            alice = await room.paired()
            await _subscribe(alice, room, TELEMETRY, 1)
            await _subscribe(alice, room, CONTROL_POINT, 2)
            point = room.handle(CONTROL_POINT).to_bytes(2, "little")
            alice.is_raw = False
            await alice.ask(ATT, b"\x02\xf7\x00")
            started = await alice.ask(ATT, b"\x12" + point + b"\x01\x64\x00\x05")
            assert started[1][5] == 1
            await asyncio.sleep(2)
            await alice.part()
            thief = await room.central(BOB)
            thief.static_address = thief.random_address = hci.Address("C0:00:00:00:00:01")
            await thief.host.send_sync_command(
                hci.HCI_LE_Set_Random_Address_Command(random_address=thief.random_address)
            )
            await thief.join()
            await thief.link.pair()
            for uuid in (TELEMETRY, CONTROL_POINT):
                assert await _configuration(thief, room, uuid) == b"\x0b\x00\x00"
            await thief.ask(ATT, b"\x02\xf7\x00")
            await _subscribe(thief, room, TELEMETRY, 1)
            await _subscribe(thief, room, CONTROL_POINT, 2)
            said = await thief.ask(ATT, b"\x12" + point + b"\x07" + bytes(4) + b"\x64\x00")
            assert [pdu[3:] for pdu in said if pdu[0] == 0x1D] == [b"\x80\x07\x01" + bytes(6)]
            said = await thief.ask(ATT, b"\x12" + point + b"\x01\x64\x00\x05")
            assert [pdu[-4:] for pdu in said if pdu[0] == 0x1D] == [bytes(4)]

    play(main)


def test_another_bond_cannot_resume_a_run_or_have_its_samples_and_its_owner_can() -> None:
    async def main() -> None:
        async with raw_room() as room:
            point = room.handle(CONTROL_POINT).to_bytes(2, "little")

            async def asked(central: RawCentral, body: str) -> bytes:
                said = await central.ask(ATT, b"\x12" + point + bytes.fromhex(body))
                return next(pdu[3:] for pdu in said if pdu[0] == 0x1D)

            alice, bob = await room.paired(), await room.central(BOB)
            await alice.ask(ATT, b"\x02\xf7\x00")
            for central in (alice, bob):
                if central is bob:
                    await alice.part()
                    await bob.join()
                    await bob.link.pair()
                    await bob.ask(ATT, b"\x02\xf7\x00")
                await _subscribe(central, room, TELEMETRY, 1)
                await _subscribe(central, room, CONTROL_POINT, 2)
                if central is alice:
                    await asked(alice, "01 64 00 05")
                    await asyncio.sleep(2)
            assert await asked(bob, "07 00 00 00 00 64 00") == b"\x80\x07\x01" + bytes(6)
            await bob.part()
            await alice.join()
            await alice.link.encrypt()
            await alice.ask(ATT, b"\x02\xf7\x00")
            resumed = await asked(alice, "01 64 00 05")
            assert int.from_bytes(resumed[-4:], "little") > 150
            again = await asked(alice, "07 00 00 00 00 64 00")
            assert again == bytes.fromhex("80 07 01 00 00 00 00 64 00")

    play(main)


_CODES = st.integers(1, 14)
_COMMANDS = st.one_of(
    st.just(bytes.fromhex(REQUEST)),
    st.just(bytes.fromhex("01 02 00 0d 10 03 03")),
    st.just(_public_key()),
    st.builds(lambda code, fill: bytes([code]) + bytes([fill]) * 16, _CODES, st.integers(0, 255)),
    st.builds(lambda code, body: bytes([code]) + body, _CODES, st.binary(max_size=66)),
    st.sampled_from([1.0, 31.0]),
)


@settings(max_examples=60)
@given(st.lists(_COMMANDS, max_size=12), st.sampled_from([ROLLER, WITH_DISPLAY]))
def test_after_any_commands_an_honest_central_can_pair(
    commands: list[bytes | float], feature: ToolFeature
) -> None:
    async def main() -> None:
        async with raw_room(feature) as room:
            alice = await room.joined()
            for command in commands:
                if isinstance(command, bytes):
                    alice.say(SMP, command)
                else:
                    await asyncio.sleep(command)
            await asyncio.sleep(1)
            assert all(pdu[0] in range(1, 15) for cid, pdu in alice.heard if cid == SMP)
            assert await _read(alice, room, BATTERY_LEVEL) == b"\x0b\x50"
            await alice.part()
            bob = await room.central(BOB)
            bob.use(Typing(room) if feature is WITH_DISPLAY else None)
            await bob.join()
            await bob.link.pair()
            assert len(await _read(bob, room, TOOL_FEATURE)) == 23
            assert [name for name, _ in await room.tool._security.keystore.get_all()] == [BOB]

    play(main)


def test_new_bonds_are_made_for_30_s_after_switch_on_or_a_button_press() -> None:
    async def main() -> None:
        async with raw_room(bonding_s=30.0) as room:
            alice = await room.joined()
            await asyncio.sleep(31)
            assert await alice.ask(SMP, bytes.fromhex(REQUEST)) == [b"\x05\x05"]
            room.tool.press_button()
            await asyncio.sleep(29)
            await _begun(alice)
            await alice.part()
            await alice.join()
            await asyncio.sleep(1)
            assert await alice.ask(SMP, bytes.fromhex(REQUEST)) == [b"\x05\x05"]
            await room.tool.power_off()
            await room.tool.switch_on()
            await alice.join()
            await alice.link.pair()
            assert [name for name, _ in await room.tool._security.keystore.get_all()] == [ALICE]

    play(main)


def test_a_central_that_gives_up_may_begin_again() -> None:
    async def main() -> None:
        async with raw_room() as room:
            alice = await room.joined()
            for reason in (0x04, 0x08, 0xEE):
                await _begun(alice)
                assert await alice.ask(SMP, bytes([FAILED, reason])) == []
            assert await alice.ask(SMP, bytes([FAILED, 8])) == []
            await _begun(alice)

    play(main)
