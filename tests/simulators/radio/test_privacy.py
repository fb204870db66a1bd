"""Public, static and private addresses; several centrals and several tools on one air."""

import asyncio

import pytest
from bumble import hci
from bumble.device import (
    Advertisement,
    AdvertisingParameters,
    AdvertisingType,
    Connection,
    Device,
    DeviceConfiguration,
)
from bumble.hci import AddressType, OwnAddressType
from bumble.keys import MemoryKeyStore
from bumble.pairing import PairingConfig

from simulators.radio import Air, RadioController, connect_host
from tests.simulators.radio.hosts import PREFERENCES, scan
from tests.simulators.radio.world import ADDRESS, Run, tool_on

PUBLIC = "00:11:22:33:44:5{}"
IRK = bytes(range(100, 116))


async def device_on(
    air: Air, name: str, address: str, *, public: str | None = None, resolves: bool = False
) -> tuple[Device, RadioController]:
    controller = air.add_controller(name, address=public)
    device = Device(
        config=DeviceConfiguration(
            name=name,
            address=hci.Address(address),
            irk=IRK,
            address_resolution_offload=resolves,
        ),
        host=connect_host(controller),
    )
    device.keystore = MemoryKeyStore()
    device.pairing_config_factory = lambda _c: PairingConfig(sc=True, mitm=False, bonding=True)
    await device.power_on()
    return device, controller


@pytest.mark.parametrize("resolves", [False, True])
def test_a_bonded_tool_behind_a_private_address_is_found_by_its_identity(
    run: Run, *, resolves: bool
) -> None:
    async def main() -> None:
        air = Air()
        central, controller = await device_on(
            air, "central", "C0:00:00:00:00:99", resolves=resolves
        )
        host = connect_host(air.add_controller("tool"))
        async with tool_on(host, new_address_every_s=60) as tool:
            await tool.advertise()
            (seen, *_) = await scan(central, active=True)
            assert seen.address.is_resolvable
            connection = await central.connect_le(seen.address, PREFERENCES)
            await connection.pair()
            await connection.disconnect()
            await asyncio.sleep(1.0)
            again = (await scan(central, active=True))[0].address
            if resolves:
                assert controller.le_address_resolution
                assert again == hci.Address(ADDRESS)
                assert again.address_type == AddressType.RANDOM_IDENTITY
            else:
                assert again.is_resolvable
            bonded = await central.connect_le(hci.Address(ADDRESS), PREFERENCES, timeout=5.0)
            assert bonded.peer_address == hci.Address(ADDRESS)
            assert bonded.peer_resolvable_address is not None
            await bonded.encrypt()
            await bonded.disconnect()

    run(main())


def test_own_private_addresses_are_made_by_the_controller(run: Run) -> None:
    async def main() -> None:
        air = Air()
        tool, _ = await device_on(air, "tool", ADDRESS)
        central, controller = await device_on(air, "central", "C0:00:00:00:00:99")
        await central.send_sync_command(
            hci.HCI_LE_Add_Device_To_Resolving_List_Command(
                peer_identity_address_type=AddressType.RANDOM_DEVICE,
                peer_identity_address=hci.Address(ADDRESS),
                peer_irk=bytes(16),
                local_irk=IRK,
            )
        )
        await central.send_sync_command(
            hci.HCI_LE_Set_Address_Resolution_Enable_Command(address_resolution_enable=1)
        )
        await tool.start_advertising(own_address_type=OwnAddressType.RANDOM)
        connection = await central.connect_le(
            ADDRESS, PREFERENCES, own_address_type=OwnAddressType.RESOLVABLE_OR_RANDOM
        )
        await asyncio.sleep(0.1)
        (theirs,) = tool.connections.values()
        assert theirs.peer_address.is_resolvable
        assert connection.self_resolvable_address == theirs.peer_address
        assert theirs.peer_address != controller.random_address
        await connection.disconnect()

    run(main())


def test_three_centrals_and_three_tools_of_each_kind_of_address_talk_at_once(run: Run) -> None:
    async def main() -> None:
        air = Air()
        tools: list[Device] = []
        for number in range(3):
            tool, _ = await device_on(
                air, f"tool {number}", f"C0:00:00:00:00:0{number}", public=PUBLIC.format(number)
            )
            own = OwnAddressType.PUBLIC if number == 1 else OwnAddressType.RANDOM
            await tool.create_advertising_set(
                advertising_parameters=AdvertisingParameters(own_address_type=own),
                random_address=hci.Address(f"C1:00:00:00:00:0{number}") if number == 2 else None,
            )
            tools.append(tool)
        names = (
            hci.Address("C0:00:00:00:00:00"),
            hci.Address(PUBLIC.format(1), AddressType.PUBLIC_DEVICE),
            hci.Address("C1:00:00:00:00:02"),
        )
        connections: list[Connection] = []
        for number, address in enumerate(names):
            central, _ = await device_on(
                air, f"central {number}", f"C2:00:00:00:00:0{number}", public=PUBLIC.format(7)
            )
            own = OwnAddressType.PUBLIC if number == 0 else OwnAddressType.RANDOM
            connections.append(
                await central.connect_le(address, PREFERENCES, own_address_type=own, timeout=5.0)
            )
        mtus = await asyncio.gather(
            *(c.gatt_client.request_mtu(100 + n) for n, c in enumerate(connections))
        )
        assert mtus == [100, 101, 102]
        for number, tool in enumerate(tools):
            (theirs,) = tool.connections.values()
            assert theirs.att_mtu == 100 + number
        for connection in connections:
            await connection.disconnect()

    run(main())


def test_one_tool_can_hold_two_centrals_and_one_central_two_tools(run: Run) -> None:
    async def main() -> None:
        air = Air()
        centrals = [
            (await device_on(air, f"central {n}", f"C2:00:00:00:00:0{n}"))[0] for n in range(2)
        ]
        tools = [(await device_on(air, f"tool {n}", f"C0:00:00:00:00:0{n}"))[0] for n in range(2)]
        connections: list[Connection] = []
        for central in centrals:
            for number, tool in enumerate(tools):
                await tool.start_advertising(
                    advertising_type=AdvertisingType.UNDIRECTED_CONNECTABLE_SCANNABLE
                )
                address = f"C0:00:00:00:00:0{number}"
                connections.append(await central.connect_le(address, PREFERENCES, timeout=5.0))
                await asyncio.sleep(0.1)
        mtus = await asyncio.gather(
            *(c.gatt_client.request_mtu(50 + n) for n, c in enumerate(connections))
        )
        assert mtus == [50, 51, 52, 53]
        assert [len(tool.connections) for tool in tools] == [2, 2]
        await connections[0].disconnect()
        assert await connections[3].gatt_client.read_value(1) is not None
        for connection in connections[1:]:
            await connection.disconnect()

    run(main())


def test_a_host_that_filters_hears_and_meets_only_whom_it_accepts(run: Run) -> None:
    async def main() -> None:
        air = Air()
        central, _ = await device_on(air, "central", "C2:00:00:00:00:00")
        for number in range(2):
            tool, _ = await device_on(air, f"tool {number}", f"C0:00:00:00:00:0{number}")
            await tool.start_advertising()
        accept = hci.HCI_LE_Add_Device_To_Filter_Accept_List_Command(
            address_type=AddressType.RANDOM_DEVICE, address=hci.Address("C0:00:00:00:00:01")
        )
        await central.send_sync_command(accept)
        heard: list[Advertisement] = []
        central.on(central.EVENT_ADVERTISEMENT, heard.append)
        await central.send_sync_command(
            hci.HCI_LE_Set_Extended_Scan_Parameters_Command(
                own_address_type=OwnAddressType.RANDOM,
                scanning_filter_policy=1,
                scanning_phys=1,
                scan_types=[0],
                scan_intervals=[96],
                scan_windows=[96],
            )
        )
        await central.send_sync_command(
            hci.HCI_LE_Set_Extended_Scan_Enable_Command(
                enable=1, filter_duplicates=0, duration=0, period=0
            )
        )
        await asyncio.sleep(3.0)
        assert {str(ad.address) for ad in heard} == {"C0:00:00:00:00:01"}

    run(main())


def test_lists_are_as_long_as_was_told_and_forget_on_demand(run: Run) -> None:
    async def main() -> None:
        air = Air()
        central, _ = await device_on(air, "central", "C2:00:00:00:00:00")
        peers = [hci.Address(f"C0:00:00:00:00:{n:02X}") for n in range(256)]
        known = [
            hci.HCI_LE_Add_Device_To_Resolving_List_Command(
                peer_identity_address_type=AddressType.RANDOM_DEVICE,
                peer_identity_address=peer,
                peer_irk=IRK,
                local_irk=IRK,
            )
            for peer in peers
        ]
        for command in known[:-1]:
            await central.send_sync_command(command)
        with pytest.raises(hci.HCI_Error) as full:
            await central.send_sync_command(known[-1])
        assert full.value.error_code == hci.HCI_ErrorCode.MEMORY_CAPACITY_EXCEEDED_ERROR
        await central.send_sync_command(hci.HCI_LE_Clear_Resolving_List_Command())
        await central.send_sync_command(known[-1])

    run(main())
