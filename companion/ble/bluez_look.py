"""A look at a Linux computer's Bluetooth from the kernel up: what there is, and what blocks it."""

from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any, Final

from companion.ble.bluez import BLUEZ, BusRefused, Objects, call, objects, opened_bus
from companion.ble.host_look import AdapterLook, HostLook, Reach

SYSTEM: Final = Path("/sys")
_BUS: Final = "org.freedesktop.DBus"
_DENIED: Final = "AccessDenied"
_VERSION: Final = "d05"
"""An adapter's Modalias ends so, and in BlueZ's minor version in two hexadecimal digits: BlueZ
names itself as a USB device of the Linux Foundation (usb:v1D6Bp0246d054B is 5.75)."""


async def look(
    system: Path = SYSTEM, open_bus: Callable[[], Awaitable[Any]] = opened_bus
) -> HostLook:
    """Look at this computer; nothing is changed, and what cannot be read is not there.

    Args:
        system: where the kernel shows its devices.
        open_bus: connects to the system's message bus.
    """
    kernel = tuple(sorted(entry.name for entry in _entries(system / "class" / "bluetooth")))
    adapters = tuple(name for name in kernel if ":" not in name)
    blocked = tuple(_blocked(system))
    try:
        bus = await open_bus()
    except OSError as error:
        reach = _reach(error)
        return HostLook(bus=reach, service=Reach.MISSING, kernel=adapters, blocked=blocked)
    try:
        service, told = await _ask(bus)
    finally:
        bus.disconnect()
    return HostLook(
        bus=Reach.THERE, service=service, kernel=adapters, blocked=blocked, adapters=told
    )


async def _ask(bus: Any) -> tuple[Reach, tuple[AdapterLook, ...]]:  # noqa: ANN401 -- dbus-fast's or a test's
    """Ask BlueZ, without having the bus start it."""
    try:
        (is_there,) = await call(
            bus, "/org/freedesktop/DBus", _BUS, "NameHasOwner", "s", BLUEZ, destination=_BUS
        )
        if not is_there:
            return Reach.MISSING, ()
        return Reach.THERE, _adapters(await objects(bus))
    except (OSError, ValueError) as error:
        return _reach(error), ()


def _adapters(tree: Objects) -> tuple[AdapterLook, ...]:
    return tuple(
        AdapterLook(
            name=path.rpartition("/")[2],
            address=str(properties.get("Address", "")),
            is_powered=bool(properties.get("Powered")),
            version=_version(properties),
        )
        for path, properties in sorted(tree.adapters.items())
    )


def _version(properties: Mapping[str, Any]) -> str:
    _, mark, digits = str(properties.get("Modalias", "")).rpartition(_VERSION)
    try:
        return f"5.{int(digits, 16)}" if mark else ""
    except ValueError:
        return ""


def _reach(error: Exception) -> Reach:
    is_denied = isinstance(error, PermissionError) or (
        isinstance(error, BusRefused) and (_DENIED in error.name or "AuthError" in error.name)
    )
    return Reach.DENIED if is_denied else Reach.MISSING


def _entries(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError:
        return []


def _blocked(system: Path) -> list[str]:
    """The kernel's rfkill switches: type, soft and hard are files of each (sysfs-class-rfkill)."""
    switches = [
        switch
        for switch in _entries(system / "class" / "rfkill")
        if _line(switch / "type") == "bluetooth"
    ]
    return [
        kind for kind in ("soft", "hard") if any(_line(switch / kind) == "1" for switch in switches)
    ]


def _line(file: Path) -> str:
    try:
        return file.read_text("ascii").strip()
    except (OSError, UnicodeDecodeError):
        return ""
