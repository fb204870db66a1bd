"""What a controller owes its host, seen from a host of bytes."""

import asyncio

import pytest
from bumble import hci
from bumble.hci import LeFeatureMask

from simulators.radio import Air
from simulators.radio.standard import COMMANDS, FEATURES
from tests.simulators.radio.hosts import central_on
from tests.simulators.radio.raw_host import LINUX_LE_EVENTS, RawHost, acl, raw_host
from tests.simulators.radio.world import ADDRESS, Run, advertising_tool

CONNECTION_COMPLETE, ENHANCED_CONNECTION_COMPLETE = 0x01, 0x0A
CHANNEL_SELECTION, DATA_LENGTH_CHANGE = 0x14, 0x07


def create_connection(address: str = ADDRESS) -> hci.HCI_LE_Create_Connection_Command:
    return hci.HCI_LE_Create_Connection_Command(
        le_scan_interval=96,
        le_scan_window=96,
        initiator_filter_policy=0,
        peer_address_type=hci.AddressType.RANDOM_DEVICE,
        peer_address=hci.Address(address),
        own_address_type=hci.OwnAddressType.PUBLIC,
        connection_interval_min=24,
        connection_interval_max=24,
        max_latency=0,
        supervision_timeout=42,
        min_ce_length=0,
        max_ce_length=0,
    )


async def connected_raw(air: Air, events: int | None) -> RawHost:
    host = raw_host(air, address="00:11:22:33:44:55")
    await host.send(hci.HCI_Reset_Command())
    if events is not None:
        await host.mask(events)
    await host.send(
        hci.HCI_LE_Write_Suggested_Default_Data_Length_Command(
            suggested_max_tx_octets=251, suggested_max_tx_time=2120
        )
    )
    await host.send(create_connection())
    await asyncio.sleep(0.5)
    return host


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        # A host of Bluetooth 5 hears of a connection once, in the enhanced form.
        (LINUX_LE_EVENTS, [ENHANCED_CONNECTION_COMPLETE, CHANNEL_SELECTION, DATA_LENGTH_CHANGE]),
        # One that has chosen nothing hears the five events of Bluetooth 4.0.
        (None, [CONNECTION_COMPLETE]),
        (1 << 0, [CONNECTION_COMPLETE]),
        (1 << 9, [ENHANCED_CONNECTION_COMPLETE]),
        (0, []),
    ],
)
def test_a_connection_is_told_in_the_form_that_the_host_listens_to(
    run: Run, events: int | None, expected: list[int]
) -> None:
    async def main() -> None:
        air = Air()
        async with advertising_tool(air):
            host = await connected_raw(air, events)
            assert host.le_events() == expected
            assert len(host.controller.le_connections) == 1

    run(main())


def test_a_controller_claims_what_it_does_and_refuses_the_rest(run: Run) -> None:
    async def main() -> None:
        host = raw_host(Air())
        claimed = await host.send(hci.HCI_LE_Read_Local_Supported_Features_Command())
        assert int.from_bytes(claimed[7:], "little") == FEATURES
        for absent in (
            LeFeatureMask.LE_CODED_PHY,
            LeFeatureMask.LE_PERIODIC_ADVERTISING,
            LeFeatureMask.CONNECTED_ISOCHRONOUS_STREAM_CENTRAL,
        ):
            assert not FEATURES & absent
        for op_code in range(0x10000):
            if op_code in COMMANDS:
                continue
            host.controller.on_packet(b"\x01" + op_code.to_bytes(2, "little") + b"\x00")
        await asyncio.sleep(0)
        refusals = host.heard[1:]
        assert len(refusals) == 0x10000 - len(COMMANDS)
        assert {packet[:5] for packet in refusals} == {b"\x04\x0f\x04\x01\x01"}

    run(main())


@pytest.mark.parametrize("op_code", sorted(COMMANDS))
def test_every_command_claimed_is_answered_at_any_length(run: Run, op_code: int) -> None:
    async def main() -> None:
        host = raw_host(Air(), address="00:11:22:33:44:55")
        head = b"\x01" + op_code.to_bytes(2, "little")
        for size in (0, 1, 2, 7, 20, 64, 255):
            for octet in (0, 1, 255):
                answer = await host.send_bytes(head + bytes([size]) + bytes([octet]) * size)
                assert answer[1] in {0x0E, 0x0F}
                assert op_code.to_bytes(2, "little") in answer[3:7]

    run(main())


def test_a_reset_brings_back_what_the_standard_gives(run: Run) -> None:
    async def main() -> None:
        air = Air()
        async with advertising_tool(air):
            host = await connected_raw(air, LINUX_LE_EVENTS)
            await host.send(hci.HCI_Reset_Command())
            assert host.controller.le_connections == {}
            host.heard.clear()
            await host.send(create_connection())
            await asyncio.sleep(5.0)
            assert host.le_events() == [CONNECTION_COMPLETE]
            read = await host.send(hci.HCI_LE_Read_Suggested_Default_Data_Length_Command())
            assert int.from_bytes(read[7:9], "little") == 27

    run(main())


def test_a_host_that_overfills_its_controller_is_told_and_nothing_grows(run: Run) -> None:
    async def main() -> None:
        air = Air()
        async with advertising_tool(air) as (_, controller):
            host = await connected_raw(air, LINUX_LE_EVENTS)
            ((_, connection),) = host.controller.le_connections.items()
            air.put_away(controller)
            host.heard.clear()
            for _ in range(1000):
                host.controller.on_packet(acl(connection.handle, bytes(251)))
            host.controller.on_packet(acl(connection.handle, bytes(252)))
            host.controller.on_packet(acl(connection.handle, b""))
            await asyncio.sleep(0)
            overflow = bytes([4, 0x1A, 1, 1])
            assert host.heard == [overflow] * (1000 - 64 + 2)
            assert len(connection.waiting) <= 65  # type: ignore[attr-defined]  # ours

    run(main())


def test_procedures_without_end_are_refused(run: Run) -> None:
    async def main() -> None:
        air = Air()
        async with advertising_tool(air) as (_, controller):
            host = await connected_raw(air, LINUX_LE_EVENTS)
            ((_, connection),) = host.controller.le_connections.items()
            air.put_away(controller)
            read = hci.HCI_LE_Read_Remote_Features_Command(connection_handle=connection.handle)
            answers = [(await host.send(read))[3] for _ in range(100)]
            assert answers == [0] * 16 + [hci.HCI_ErrorCode.COMMAND_DISALLOWED_ERROR] * 84

    run(main())


def test_advertising_data_stops_at_the_size_that_was_told(run: Run) -> None:
    async def main() -> None:
        host = raw_host(Air())
        await host.send(
            hci.HCI_LE_Set_Advertising_Set_Random_Address_Command(
                advertising_handle=1, random_address=hci.Address(ADDRESS)
            )
        )
        answers = [
            await host.send(
                hci.HCI_LE_Set_Extended_Advertising_Data_Command(
                    advertising_handle=1,
                    operation=0,
                    fragment_preference=0,
                    advertising_data=bytes(200),
                )
            )
            for _ in range(12)
        ]
        statuses = [answer[-1] for answer in answers]
        assert statuses == [0] * 8 + [hci.HCI_ErrorCode.MEMORY_CAPACITY_EXCEEDED_ERROR] * 4

    run(main())


def test_the_remote_version_is_told(run: Run) -> None:
    async def main() -> None:
        air = Air()
        async with advertising_tool(air):
            host = await connected_raw(air, LINUX_LE_EVENTS)
            ((_, connection),) = host.controller.le_connections.items()
            await host.send(
                hci.HCI_Read_Remote_Version_Information_Command(connection_handle=connection.handle)
            )
            await asyncio.sleep(0.1)
            assert host.heard[-1][:4] == b"\x04\x0c\x08\x00"

    run(main())


def test_random_numbers_come_from_the_air(run: Run) -> None:
    numbers: list[bytes] = []

    async def main(seed: int) -> None:
        host = raw_host(Air(seed=seed))
        numbers.append((await host.send(hci.HCI_LE_Rand_Command()))[7:])

    for seed in (1, 1, 2):
        run(main(seed))
    assert numbers[0] == numbers[1] != numbers[2]


def test_a_central_without_an_address_may_not_connect(run: Run) -> None:
    async def main() -> None:
        host = raw_host(Air())
        await host.send(hci.HCI_Reset_Command())
        answer = await host.send(create_connection())
        assert answer[3] == hci.HCI_ErrorCode.INVALID_COMMAND_PARAMETERS_ERROR

    run(main())


def test_a_second_connection_to_the_same_peer_is_refused(run: Run) -> None:
    async def main() -> None:
        air = Air()
        async with advertising_tool(air):
            host = await connected_raw(air, LINUX_LE_EVENTS)
            answer = await host.send(create_connection())
            assert answer[3] == hci.HCI_ErrorCode.CONNECTION_ALREADY_EXISTS_ERROR

    run(main())


def test_a_link_that_is_encrypted_again_tells_of_a_new_key(run: Run) -> None:
    async def main() -> None:
        air = Air()
        central, _ = await central_on(air)
        async with advertising_tool(air):
            ours = await central.connect_le(ADDRESS)
            await ours.pair()
            refreshed: list[bool] = []
            ours.on(ours.EVENT_CONNECTION_ENCRYPTION_KEY_REFRESH, lambda: refreshed.append(True))
            keys = await central.keystore.get(ADDRESS) if central.keystore else None
            assert keys is not None
            assert keys.ltk is not None
            await central.host.send_async_command(
                hci.HCI_LE_Enable_Encryption_Command(
                    connection_handle=ours.handle,
                    random_number=bytes(8),
                    encrypted_diversifier=0,
                    long_term_key=keys.ltk.value,
                )
            )
            await asyncio.sleep(0.5)
            assert refreshed == [True]
            await ours.disconnect()

    run(main())
