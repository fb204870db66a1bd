"""Bluetooth for programs that give bleak no `backend`: the virtual radio as the platform's own.

bleak has no hook for this. It asks three functions of its own what the platform's backends are,
and those are replaced here for a time, by the names under which the package `bleak` holds them
(read in bleak 3.1.0). A bleak without them is refused.
"""

import contextlib
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, Protocol

import bleak
from bleak.backends.adapter import BaseBleakAdapter
from bleak.backends.client import BaseBleakClient
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import BaseBleakScanner
from bleak.exc import BleakBluetoothNotAvailableError, BleakBluetoothNotAvailableReason, BleakError

from simulators.bleak_backend.adapter import Adapter
from simulators.bleak_backend.neighbours import Heard

BACKEND_ID: Final = "virtual radio"
"""What `backend_id` of clients and scanners says while the virtual radio is installed."""


@contextlib.contextmanager
def installed(*adapters: Adapter) -> Iterator[None]:
    """Let every bleak program of this process use virtual adapters, where it names no backend.

    The first adapter is the default one. `bluez={"adapter": name}` chooses another, and a
    `BLEDevice` goes to the adapter that heard it. Clients and scanners keep the adapter they
    were made with.

    Args:
        adapters: at least one, switched on.

    Raises:
        ValueError: no adapter is given.
        BleakError: this bleak is not one that we know how to do this with.
    """
    if not adapters:
        raise ValueError("at least one adapter is needed")
    with replaced(_Choice(adapters)):
        yield


class Backends(Protocol):
    """What makes the backends of clients, scanners and adapters, called as bleak calls a class."""

    def client(
        self,
        address_or_ble_device: BLEDevice | str,
        **arguments: Any,  # noqa: ANN401  # as bleak has it
    ) -> BaseBleakClient:
        """Make a client's backend."""

    def scanner(self, *arguments: Any, **named: Any) -> BaseBleakScanner:  # noqa: ANN401  # as bleak has it
        """Make a scanner's backend."""

    async def get(self, **arguments: Any) -> BaseBleakAdapter:  # noqa: ANN401  # as bleak has it
        """Make the backend of bleak's adapter."""


@contextlib.contextmanager
def replaced(backends: Backends) -> Iterator[None]:
    """Let bleak take its platform's backends from elsewhere.

    Raises:
        BleakError: this bleak is not one that we know how to do this with.
    """
    with contextlib.ExitStack() as stack:
        for part, backend in (
            ("client", backends.client),
            ("scanner", backends.scanner),
            ("adapter", backends),
        ):
            stack.enter_context(_replaced(f"get_platform_{part}_backend_type", backend))
        yield


@contextlib.contextmanager
def _replaced(name: str, backend: object) -> Iterator[None]:
    if not callable(getattr(bleak, name, None)):
        raise BleakError(
            f"this bleak has no {name}: the virtual radio can be installed in bleak 3.1, "
            "else give the adapter's classes as backend="
        )
    before = getattr(bleak, name)
    setattr(bleak, name, lambda: (backend, BACKEND_ID))
    try:
        yield
    finally:
        setattr(bleak, name, before)


class _Choice:
    """Stands where bleak expects a backend's class, and finds the adapter that is meant."""

    def __init__(self, adapters: Sequence[Adapter]) -> None:
        self._adapters = adapters

    def client(
        self,
        address_or_ble_device: BLEDevice | str,
        **arguments: Any,  # noqa: ANN401  # bleak's own
    ) -> BaseBleakClient:
        """Make a client's backend."""
        heard = getattr(address_or_ble_device, "details", None)
        if isinstance(heard, Heard) and heard.adapter in self._adapters:
            adapter = heard.adapter
        else:
            adapter = self._named(arguments)
        make: Callable[..., BaseBleakClient] = adapter.client_backend
        return make(address_or_ble_device, **arguments)

    def scanner(self, *arguments: Any, **named: Any) -> BaseBleakScanner:  # noqa: ANN401  # as bleak has it
        """Make a scanner's backend."""
        make: Callable[..., BaseBleakScanner] = self._named(named).scanner_backend
        return make(*arguments, **named)

    async def get(self, **arguments: Any) -> BaseBleakAdapter:  # noqa: ANN401  # as bleak has it
        """Make the backend of bleak's adapter."""
        return await self._named(arguments).adapter_backend.get(**arguments)

    def _named(self, arguments: dict[str, Any]) -> Adapter:
        name = (arguments.get("bluez") or {}).get("adapter")
        if name is None:
            return self._adapters[0]
        for adapter in self._adapters:
            if adapter.name == name:
                return adapter
        raise BleakBluetoothNotAvailableError(
            f"there is no adapter {name}", BleakBluetoothNotAvailableReason.NO_BLUETOOTH
        )
