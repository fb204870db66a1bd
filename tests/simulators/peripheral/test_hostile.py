"""Whatever a central sends: the tool answers as the standard says and goes on."""

import asyncio
from random import Random

import pytest
from bumble import att, smp

from protocols.massage_tool import BATTERY_LEVEL, TOOL_FEATURE, ReadClock, Result
from tests.simulators.peripheral.world import World

_OPS = tuple(op for op in att.Opcode if op is not att.Opcode.ATT_EXCHANGE_MTU_REQUEST)


async def test_any_bytes_on_att_leave_the_tool_working(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with world.tool() as tool:
        central = await world.central()
        await central.connect()
        await central.pair()
        await central.listen()
        chance = Random(2026)  # noqa: S311  # a repeatable flood, no secret
        link = tool._serving.link
        assert link is not None
        sent: list[bytes] = []
        owed = 0
        with monkeypatch.context() as flood:
            flood.setattr(tool._serving.server, "send_gatt_pdu", lambda _to, pdu: sent.append(pdu))
            for _ in range(1500):
                pdu = _strange_pdu(chance)
                owed += not pdu[0] & 0x41 and pdu[0] != att.Opcode.ATT_HANDLE_VALUE_CONFIRMATION
                tool._device.l2cap_channel_manager.on_pdu(link.connection, att.ATT_CID, pdu)
                await asyncio.sleep(0)
            await asyncio.sleep(0.1)
        spoken = {att.Opcode.ATT_HANDLE_VALUE_INDICATION, att.Opcode.ATT_HANDLE_VALUE_NOTIFICATION}
        assert len([pdu for pdu in sent if pdu[0] not in spoken]) == owed
        assert await central.read(BATTERY_LEVEL) == b"\x50"
        assert len(await central.read(TOOL_FEATURE)) == 32


def _strange_pdu(chance: Random) -> bytes:
    op = chance.choice([*_OPS, chance.randrange(256)])
    handle = chance.randrange(1, 40).to_bytes(2, "little")
    tail = chance.randbytes(chance.randrange(0, 24))
    return bytes([op]) + chance.choice([b"", handle, handle + handle]) + tail


async def test_any_bytes_on_smp_leave_the_tool_working(world: World) -> None:
    async with world.tool() as tool:
        central = await world.central()
        await central.connect()
        chance = Random(2026)  # noqa: S311  # a repeatable flood, no secret
        link = tool._serving.link
        assert link is not None
        for _ in range(500):
            pdu = chance.randbytes(chance.randrange(0, 70))
            if chance.random() < 0.7:
                pdu = bytes([chance.randrange(0, 16)]) + pdu[1:]
            tool._device.l2cap_channel_manager.on_pdu(link.connection, smp.SMP_CID, pdu)
        await asyncio.sleep(0.1)
        assert await central.read(BATTERY_LEVEL) == b"\x50"
        await tool.lose_link()
        await central.lost()
        await central.connect()
        await central.pair()
        await central.listen()
        assert (await central.ask(ReadClock())).result is Result.SUCCESS
