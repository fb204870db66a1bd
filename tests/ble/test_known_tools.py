"""The link where only known tools are admitted: strangers, look-alikes, bonds, owners, turns."""

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path

import pytest
from bleak.exc import (
    BleakBluetoothNotAvailableError,
    BleakBluetoothNotAvailableReason,
    BleakError,
)

from companion.ble.admission import Admission, Admitted
from companion.ble.errors import LinkError, LinkFault
from companion.ble.link import Link, LinkOptions
from companion.ble.scanner import Found
from companion.live import LinkState
from protocols.massage_tool import Haptic, Identify, ToolFeature
from simulators.virtual_time import run_virtual
from tests.ble.recorder import Recorder
from tests.ble.scripted_tool import ADDRESS, NAME, ScriptedTool, a_feature, failing, hang

OTHER = "C4:00:00:00:00:02"
MINE = Admitted(ADDRESS, "Bathroom", NAME)


def known() -> Recorder:
    """A listener that hears the tool called as its person calls it."""
    return Recorder(name="Bathroom")


def play(main: Coroutine[object, object, None]) -> None:
    run_virtual(asyncio.wait_for(main, 900.0))


def linked(
    tool: ScriptedTool,
    listener: Recorder | None = None,
    *,
    seen: Callable[[str, ToolFeature], None] | None = None,
    locks: Path | None = None,
    max_search_s: float | None = None,
) -> Link:
    admission = Admission.of([MINE], seen=seen or (lambda _address, _feature: None), locks=locks)
    options = LinkOptions(
        seed=1, scan_timeout_s=5.0, max_search_s=max_search_s, admission=admission
    )
    return Link(tool.adapter(), listener or known(), options)


def bonded(**fields: object) -> ScriptedTool:
    tool = ScriptedTool(**fields)  # type: ignore[arg-type]  # test keywords
    tool.platform.bonded = True
    return tool


async def end(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.wait([task])


async def failed(link: Link) -> LinkError:
    before = asyncio.all_tasks()
    with pytest.raises(LinkError) as caught:
        await link.run()
    await asyncio.sleep(0)
    assert not {task for task in asyncio.all_tasks() - before if not task.cancelling()}
    return caught.value


def test_a_known_tool_is_used_by_its_bond_and_told_by_the_name_it_was_given() -> None:
    async def main() -> None:
        seen: list[tuple[str, ToolFeature]] = []
        tool, listener = bonded(), known()
        link = linked(tool, listener, seen=lambda *what: seen.append(what))
        task = asyncio.create_task(link.run())
        await listener.up.wait()
        assert "pair" not in tool.steps
        assert seen == [(ADDRESS, a_feature())]
        await end(task)

    play(main())


def test_a_stranger_is_never_connected_and_the_known_one_is_waited_for() -> None:
    async def main() -> None:
        tool, listener = bonded(others={OTHER: -20}), known()
        tool.is_advertising = False
        task = asyncio.create_task(linked(tool, listener).run())
        await asyncio.sleep(60.0)
        assert not tool.clients
        assert {error.fault for error in listener.troubles} == {LinkFault.LOOKALIKE}
        tool.is_advertising = True
        await listener.up.wait()
        assert [client.address for client in tool.clients] == [ADDRESS]
        await end(task)

    play(main())


def test_patience_with_strangers_ends() -> None:
    async def main() -> None:
        tool = bonded(others={OTHER: -20})
        tool.is_advertising = False
        error = await failed(linked(tool, max_search_s=30.0))
        assert error.fault is LinkFault.LOOKALIKE
        assert NAME in str(error)

    play(main())


def test_a_stranger_by_another_name_is_called_one() -> None:
    admission = Admission.of([Admitted(ADDRESS, "Bathroom", "Something else")])
    heard = Found(address=OTHER, name=NAME, rssi_dbm=-20, seen_at=0.0, device=None)  # type: ignore[arg-type]  # not connected here
    refusal = admission.refusal([heard])
    assert refusal is not None
    assert refusal.fault is LinkFault.STRANGER
    assert admission.refusal([]) is None


def test_without_a_bond_here_the_tool_is_not_even_connected() -> None:
    async def main() -> None:
        tool = ScriptedTool()
        error = await failed(linked(tool))
        assert error.fault is LinkFault.BOND_GONE
        assert not tool.clients

    play(main())


@pytest.mark.parametrize(
    ("encrypted", "keeps", "fault"),
    [(False, True, LinkFault.NOT_ENCRYPTED), (True, False, LinkFault.BOND_GONE)],
)
def test_a_link_that_is_not_encrypted_by_a_bond_is_left_before_anything_is_read(
    *, encrypted: bool, keeps: bool, fault: LinkFault
) -> None:
    async def main() -> None:
        tool = bonded()
        tool.platform.encrypted = encrypted

        async def lose() -> None:
            tool.platform.bonded = keeps

        tool.misbehaves["connect"] = lose
        error = await failed(linked(tool))
        assert error.fault is fault
        assert not [step for step in tool.steps if step.startswith("read:")]
        assert tool.client.was_disconnected

    play(main())


def test_a_platform_that_tells_nothing_is_taken_at_its_silence() -> None:
    async def main() -> None:
        tool, listener = ScriptedTool(), known()
        tool.platform.tells = False
        task = asyncio.create_task(linked(tool, listener).run())
        await listener.up.wait()
        await end(task)

    play(main())


def test_a_bond_that_the_tool_lost_is_said_once_and_not_tried_again() -> None:
    async def main() -> None:
        tool = bonded(misbehaves={"connect": failing(BleakError("it has lost its bond with us"))})
        error = await failed(linked(tool))
        assert error.fault is LinkFault.BOND_LOST
        assert tool.steps.count("connect") == 1
        assert "pair" not in tool.steps

    play(main())


def test_a_bonded_tool_that_is_heard_and_mute_is_given_up_after_two_attempts() -> None:
    async def main() -> None:
        tool = bonded(misbehaves={"connect": hang})
        began_at = asyncio.get_running_loop().time()
        error = await failed(linked(tool))
        assert error.fault is LinkFault.NO_ANSWER
        assert "forgotten this computer" in str(error)
        assert tool.steps.count("connect") == 2
        assert asyncio.get_running_loop().time() - began_at < 60.0

    play(main())


def test_an_adapter_that_goes_away_is_waited_for_and_the_run_resumes() -> None:
    gone = BleakBluetoothNotAvailableError("gone", BleakBluetoothNotAvailableReason.NO_BLUETOOTH)
    off = BleakBluetoothNotAvailableError("off", BleakBluetoothNotAvailableReason.POWERED_OFF)

    async def main() -> None:
        tool, listener = bonded(), known()
        task = asyncio.create_task(linked(tool, listener).run())
        await listener.up.wait()
        tool.misbehaves["scan"] = failing(gone)
        tool.client.drop()
        await asyncio.sleep(60.0)
        tool.misbehaves["scan"] = failing(off)
        await asyncio.sleep(60.0)
        assert not task.done()
        assert 10 < tool.steps.count("scan") < 60
        del tool.misbehaves["scan"]
        await listener.up.wait()
        assert listener.runs[1].first_sample > 10_000
        faults = {error.fault for error in listener.troubles}
        assert faults == {LinkFault.NO_ADAPTER, LinkFault.BLUETOOTH_OFF}
        await end(task)

    play(main())


def test_a_radio_that_is_not_there_at_first_is_said_at_once() -> None:
    off = BleakBluetoothNotAvailableError("off", BleakBluetoothNotAvailableReason.POWERED_OFF)

    async def main() -> None:
        error = await failed(linked(bonded(misbehaves={"scan": failing(off)})))
        assert error.fault is LinkFault.BLUETOOTH_OFF

    play(main())


def test_a_tool_has_one_owner_on_this_computer(tmp_path: Path) -> None:
    async def main() -> None:
        tool, listener = bonded(), known()
        first = asyncio.create_task(linked(tool, listener, locks=tmp_path / "locks").run())
        await listener.up.wait()
        rival = bonded()
        error = await failed(linked(rival, locks=tmp_path / "locks"))
        assert error.fault is LinkFault.OWNED
        assert not rival.clients
        await end(first)
        again = known()
        second = asyncio.create_task(linked(rival, again, locks=tmp_path / "locks").run())
        await again.up.wait()
        await end(second)
        assert rival.client.was_disconnected

    play(main())


def test_where_no_lock_can_be_kept_nobody_is_kept_out(tmp_path: Path) -> None:
    (tmp_path / "locks").write_text("a file where the folder should be")

    async def main() -> None:
        tool, listener = bonded(), known()
        task = asyncio.create_task(linked(tool, listener, locks=tmp_path / "locks").run())
        await listener.up.wait()
        await end(task)

    play(main())


def test_an_adapter_makes_one_connection_at_a_time_and_the_others_wait_their_turn() -> None:
    async def main() -> None:
        tool = bonded()
        adapter, trying, most = tool.adapter(), 0, 0

        async def slow() -> None:
            nonlocal trying, most
            trying += 1
            most = max(most, trying)
            await asyncio.sleep(8.0)
            trying -= 1
            tool.is_advertising = True

        tool.misbehaves["connect"] = slow
        listeners = [known() for _ in range(3)]
        options = LinkOptions(seed=1, admission=Admission.of([MINE]))
        tasks = [asyncio.create_task(Link(adapter, one, options).run()) for one in listeners]

        async def keep_advertising() -> None:
            while True:
                tool.is_advertising = True
                await asyncio.sleep(0.05)

        advertising = asyncio.create_task(keep_advertising())
        for listener in listeners:
            await listener.up.wait()
        assert most == 1
        # Who waited longer than a tool may be silent listens again before connecting.
        assert tool.steps.count("scan") > len(listeners)
        advertising.cancel()
        for task in tasks:
            await end(task)
        assert not adapter.turn.locked()

    play(main())


@pytest.mark.parametrize("step", ["scan", "connect"])
def test_who_is_ended_while_connecting_gives_the_turn_back(step: str) -> None:
    async def main() -> None:
        tool = bonded(misbehaves={step: hang})
        adapter = tool.adapter()
        options = LinkOptions(seed=1, admission=Admission.of([MINE]))
        task = asyncio.create_task(Link(adapter, known(), options).run())
        await asyncio.sleep(3.0)
        await end(task)
        assert not adapter.turn.locked()

    play(main())


def test_every_reconnect_is_a_new_client_and_the_old_one_was_disconnected() -> None:
    """The same client again would have each notification twice on BlueZ (docs/bluetooth.md)."""

    async def main() -> None:
        tool, listener = bonded(), known()
        task = asyncio.create_task(linked(tool, listener).run())
        for _ in range(3):
            await listener.up.wait()
            tool.client.drop()
            await listener.lost.wait()
        await listener.up.wait()
        assert len(tool.clients) == 4
        assert all(client.was_disconnected for client in tool.clients[:-1])
        await end(task)
        assert tool.client.was_disconnected
        assert listener.states[-1] is LinkState.CLOSED

    play(main())


def test_an_end_on_purpose_silences_the_motor_and_leaves_the_link() -> None:
    async def main() -> None:
        tool, listener = bonded(), known()
        link = linked(tool, listener)
        task = asyncio.create_task(link.run())
        await listener.up.wait()
        assert await link.request(Identify()) is None
        await link.farewell()
        await end(task)
        assert any(isinstance(request, Haptic) for request in tool.asked)
        assert not listener.losts

    play(main())
