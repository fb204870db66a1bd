"""Pairing with a tool that refuses, stalls or leaves at every single step."""

import asyncio
from collections.abc import Coroutine

import pytest
from bleak.exc import BleakDeviceNotFoundError, BleakError, BleakGATTProtocolError

from companion.ble.adapter import Adapter
from companion.ble.agent import passkey
from companion.ble.errors import LinkError, LinkFault
from companion.ble.pairing import (
    Introduction,
    Zero,
    forget_bond,
    forget_bond_at,
    pairing,
    unbonded,
)
from companion.ble.scanner import Found, find
from protocols.massage_tool import (
    BATTERY_LEVEL,
    CONTROL_POINT,
    MANUFACTURER_NAME,
    TOOL_FEATURE,
    Features,
    Op,
    Result,
)
from simulators.virtual_time import run_virtual
from tests.ble.scripted_tool import (
    ADDRESS,
    NAME,
    Misbehaviour,
    ScriptedTool,
    a_feature,
    cancel_the_waiter,
    failing,
    hang,
)

VITAL = (
    "scan",
    "connect",
    "pair",
    f"read:{TOOL_FEATURE}",
    f"notify:{CONTROL_POINT}",
    "write:identify",
    "write:tare",
)
REST = (f"read:{MANUFACTURER_NAME}", f"read:{BATTERY_LEVEL}", "disconnect")


def play(main: Coroutine[object, object, None]) -> None:
    run_virtual(asyncio.wait_for(main, 900.0))


async def meet(tool: ScriptedTool, adapter: Adapter | None = None) -> Introduction:
    """Pair with a tool as a person does, and keep it."""
    adapter = adapter or tool.adapter()
    found = await unbonded(adapter, await find(adapter, ADDRESS, 5.0))
    async with pairing(adapter, found) as meeting:
        assert await meeting.identify()
        assert await meeting.tare() is Zero.SET
        meeting.keep()
        return meeting.introduction


async def refused(tool: ScriptedTool) -> LinkError:
    """Fail to pair, in bounded time and with no task and no turn left behind."""
    before, adapter = asyncio.all_tasks(), tool.adapter()
    with pytest.raises(LinkError) as caught:
        async with asyncio.timeout(120.0):
            await meet(tool, adapter)
    await asyncio.sleep(0)
    assert not {task for task in asyncio.all_tasks() - before if not task.cancelling()}
    assert not adapter.turn.locked()
    return caught.value


def test_a_tool_is_paired_and_introduces_itself() -> None:
    async def main() -> None:
        tool = ScriptedTool()
        met = await meet(tool)
        assert (met.address, met.advertised, met.feature) == (ADDRESS, NAME, a_feature())
        assert met.identity.manufacturer == "Nobody [31mat all"
        assert met.battery_percent == 81
        assert tool.platform.bonded
        assert tool.platform.trusted == [ADDRESS]
        assert set(tool.platform.expected) == {ADDRESS}
        assert tool.client.was_disconnected
        assert "unpair" not in tool.steps

    play(main())


@pytest.mark.parametrize("step", VITAL)
@pytest.mark.parametrize(
    "misbehaviour",
    [
        pytest.param(hang, id="stalls"),
        pytest.param(failing(BleakError("it went wrong")), id="refuses"),
        pytest.param(failing(BleakGATTProtocolError(0x05)), id="refuses by ATT"),
        pytest.param(failing(OSError("the bus is gone")), id="system error"),
        pytest.param(cancel_the_waiter, id="cancels the waiter"),
    ],
)
def test_a_fault_at_any_step_ends_in_one_sentence_and_no_half_bond(
    step: str, misbehaviour: Misbehaviour
) -> None:
    async def main() -> None:
        tool = ScriptedTool(misbehaves={step: misbehaviour})
        error = await refused(tool)
        assert str(error).endswith(".")
        assert len(str(error)) > 20
        assert not tool.platform.bonded
        assert all(client.was_disconnected for client in tool.clients)

    play(main())


@pytest.mark.parametrize("step", VITAL[1:])
def test_a_tool_that_leaves_at_any_step_is_said_to_have(step: str) -> None:
    async def main() -> None:
        tool = ScriptedTool()

        async def leave() -> None:
            tool.client.drop()
            raise BleakError("disconnected")

        tool.misbehaves[step] = leave
        error = await refused(tool)
        assert error.fault is LinkFault.DROPPED
        assert not tool.platform.bonded

    play(main())


@pytest.mark.parametrize("step", REST)
@pytest.mark.parametrize("misbehaviour", [hang, failing(BleakError("no"))])
def test_what_is_not_vital_may_fail(step: str, misbehaviour: Misbehaviour) -> None:
    async def main() -> None:
        met = await meet(ScriptedTool(misbehaves={step: misbehaviour}))
        assert (met.battery_percent is None) == (step == REST[1])
        assert (not met.identity.manufacturer) == (step == REST[0])

    play(main())


@pytest.mark.parametrize("op", [Op.IDENTIFY, Op.TARE])
def test_an_answer_that_never_comes_is_waited_for_six_seconds(op: Op) -> None:
    async def main() -> None:
        assert (await refused(ScriptedTool(silent={op}))).fault is LinkFault.SILENT

    play(main())


@pytest.mark.parametrize(("encrypted", "bonds"), [(False, True), (True, False)])
def test_a_pairing_that_gives_no_bond_or_no_encryption_is_refused(
    *, encrypted: bool, bonds: bool
) -> None:
    async def main() -> None:
        tool = ScriptedTool()
        tool.platform.encrypted = encrypted

        async def undo() -> None:
            tool.platform.bonded = bonds

        tool.misbehaves[f"read:{TOOL_FEATURE}"] = undo
        error = await refused(tool)
        assert error.fault.is_of_bond
        assert not tool.platform.bonded

    play(main())


@pytest.mark.parametrize(
    ("authenticated", "is_paired"), [(True, True), (None, True), (False, False)]
)
def test_a_tool_that_shows_passkeys_is_not_paired_without_one(
    *, authenticated: bool | None, is_paired: bool
) -> None:
    async def main() -> None:
        tool = ScriptedTool(feature=bytes(a_feature(features=Features.DISPLAY)))
        tool.platform.authenticated = authenticated
        if is_paired:
            await meet(tool)
        else:
            assert (await refused(tool)).fault is LinkFault.PAIRING_REFUSED
        assert tool.platform.bonded is is_paired

    play(main())


def test_an_old_bond_is_removed_before_the_tool_is_connected() -> None:
    async def main() -> None:
        tool = ScriptedTool()
        tool.platform.bonded = True
        await meet(tool)
        assert tool.steps.index("unpair") < tool.steps.index("connect")
        assert tool.steps.count("scan") == 2
        assert tool.platform.bonded

    play(main())


def test_a_tool_with_an_old_bond_that_is_not_heard_again_is_not_found() -> None:
    async def main() -> None:
        tool = ScriptedTool()
        tool.platform.bonded = True

        async def hide() -> None:
            tool.is_advertising = False

        tool.misbehaves["unpair"] = hide
        assert (await refused(tool)).fault is LinkFault.NOT_FOUND

    play(main())


def test_a_private_address_is_found_again_by_its_name() -> None:
    async def main() -> None:
        tool = ScriptedTool(others={"C4:00:00:00:00:77": -50})
        tool.platform.bonded = True
        tool.is_advertising = False
        before = Found(
            address=ADDRESS,
            name=NAME,
            rssi_dbm=-50,
            seen_at=0.0,
            device=ADDRESS,  # type: ignore[arg-type]  # as bleak takes it
        )
        found = await unbonded(tool.adapter(), before)
        assert found.address == "C4:00:00:00:00:77"

    play(main())


@pytest.mark.parametrize(
    ("result", "zero"),
    [(Result.OP_CODE_NOT_SUPPORTED, Zero.NEEDLESS), (Result.OPERATION_FAILED, Zero.UNSTILL)],
)
def test_a_tool_without_force_or_without_rest_is_paired_all_the_same(
    result: Result, zero: Zero
) -> None:
    async def main() -> None:
        tool = ScriptedTool(
            results={Op.TARE: [result] * 9, Op.IDENTIFY: [Result.OP_CODE_NOT_SUPPORTED]}
        )
        adapter = tool.adapter()
        async with pairing(adapter, await find(adapter, None, 5.0)) as meeting:
            assert not await meeting.identify()
            assert await meeting.tare() is zero
            meeting.keep()
        assert tool.platform.bonded

    play(main())


@pytest.mark.parametrize("step", [f"read:{TOOL_FEATURE}", "write:identify"])
def test_who_is_ended_while_pairing_leaves_no_bond(step: str) -> None:
    async def main() -> None:
        tool = ScriptedTool(misbehaves={step: hang})
        task = asyncio.create_task(meet(tool))
        await asyncio.sleep(3.0)
        assert tool.platform.bonded
        task.cancel()
        await asyncio.wait([task])
        assert task.cancelled()
        assert not tool.platform.bonded
        assert tool.client.was_disconnected

    play(main())


@pytest.mark.parametrize(
    "error", [NotImplementedError(), BleakDeviceNotFoundError("x"), BleakError("x"), OSError("x")]
)
def test_a_bond_that_cannot_be_removed_is_said_to_stay(error: Exception) -> None:
    async def main() -> None:
        tool = ScriptedTool(misbehaves={"unpair": failing(error)})
        adapter = tool.adapter()
        assert not await forget_bond(adapter, await find(adapter, None, 5.0))
        assert not await forget_bond_at(adapter, ADDRESS)
        tool.misbehaves.clear()
        assert await forget_bond_at(adapter, ADDRESS)

    play(main())


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("123456", 123456),
        ("000042", 42),
        (" 123 456 ", 123456),
        ("12345", None),
        ("1234567", None),
        ("12345a", None),
        ("١٢٣٤٥٦", None),
        ("-12345", None),
        ("", None),
    ],
)
def test_a_passkey_is_six_digits(typed: str, number: int | None) -> None:
    assert passkey(typed) == number
