"""A look at a Linux computer's Bluetooth: the kernel's files, the bus, BlueZ."""

import asyncio
from pathlib import Path

import pytest
from dbus_fast import Message

from companion.ble.bluez import BusRefused
from companion.ble.bluez_look import look
from companion.ble.host_look import AdapterLook, HostLook, Reach
from simulators.virtual_time import run_virtual
from tests.ble.fake_bus import HCI, FakeBus, plain

ON = plain(Address="00:11:22:33:44:55", Powered=True, Modalias="usb:v1D6Bp0246d0542")


class Daemon(FakeBus):
    """A bus that says whether BlueZ is there."""

    has_owner = True

    async def call(self, msg: Message) -> Message:
        reply = await super().call(msg)
        is_asked = msg.member == "NameHasOwner" and "NameHasOwner" not in self.errors
        return Message.new_method_return(msg, "b", [self.has_owner]) if is_asked else reply


def looked(system: Path, bus: FakeBus | Exception) -> HostLook:
    async def open_bus() -> FakeBus:
        if isinstance(bus, Exception):
            raise bus
        return bus

    return run_virtual(asyncio.wait_for(look(system, open_bus), 60.0))


def file(path: Path, content: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, "ascii")


def test_everything_there(tmp_path: Path) -> None:
    (tmp_path / "class" / "bluetooth" / "hci0").mkdir(parents=True)
    (tmp_path / "class" / "bluetooth" / "hci0:64").mkdir()
    bus = Daemon(adapters={HCI: ON})
    assert looked(tmp_path, bus) == HostLook(
        bus=Reach.THERE,
        service=Reach.THERE,
        kernel=("hci0",),
        blocked=(),
        adapters=(
            AdapterLook(name="hci0", address="00:11:22:33:44:55", is_powered=True, version="5.66"),
        ),
    )
    assert not bus.is_open


@pytest.mark.parametrize(
    ("error", "reach"),
    [
        (FileNotFoundError("none"), Reach.MISSING),
        (PermissionError("no"), Reach.DENIED),
        (BusRefused("AuthError", "no"), Reach.DENIED),
        (BusRefused("InvalidAddressError", "none"), Reach.MISSING),
    ],
)
def test_no_bus(tmp_path: Path, error: Exception, reach: Reach) -> None:
    host = looked(tmp_path / "no such folder", error)
    assert host == HostLook(bus=reach, service=Reach.MISSING, kernel=(), blocked=())


def test_no_service_is_not_started_by_asking(tmp_path: Path) -> None:
    bus = Daemon()
    bus.has_owner = False
    assert looked(tmp_path, bus).service is Reach.MISSING
    assert [member for member, _ in bus.called] == ["NameHasOwner"]


@pytest.mark.parametrize(
    ("error", "reach"),
    [
        ("org.freedesktop.DBus.Error.AccessDenied", Reach.DENIED),
        ("org.freedesktop.DBus.Error.NoReply", Reach.MISSING),
    ],
)
def test_a_service_that_does_not_let_us_in(tmp_path: Path, error: str, reach: Reach) -> None:
    host = looked(tmp_path, Daemon(errors={"GetManagedObjects": error}))
    assert (host.bus, host.service) == (Reach.THERE, reach)


def test_a_service_that_hangs_is_given_up(tmp_path: Path) -> None:
    assert looked(tmp_path, Daemon(silent={"GetManagedObjects"})).service is Reach.MISSING


def test_switches_that_block_bluetooth(tmp_path: Path) -> None:
    switches = tmp_path / "class" / "rfkill"
    for name, kind, soft, hard in (("rfkill0", "wlan", 1, 1), ("rfkill1", "bluetooth", 1, 0)):
        file(switches / name / "type", f"{kind}\n")
        file(switches / name / "soft", f"{soft}\n")
        file(switches / name / "hard", f"{hard}\n")
    assert looked(tmp_path, FileNotFoundError()).blocked == ("soft",)


@pytest.mark.parametrize("modalias", ["", "usb:v1D6Bp0246d05zz", "bluetooth:v1"])
def test_a_version_that_is_not_told_is_none(tmp_path: Path, modalias: str) -> None:
    bus = Daemon(adapters={HCI: plain(Powered=False, Modalias=modalias)})
    (adapter,) = looked(tmp_path, bus).adapters
    assert (adapter.version, adapter.is_powered, adapter.address) == ("", False, "")
