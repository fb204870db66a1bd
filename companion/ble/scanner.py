"""Finding tools by the service they advertise."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import TypeAlias

from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData, AdvertisementDataCallback
from bleak.exc import BleakError

from companion.ble.adapter import Adapter
from companion.ble.bounded import bounded
from companion.ble.errors import (
    AdapterMissing,
    LinkError,
    LinkFault,
    OthersHeard,
    OutOfReach,
    Stage,
    classify,
)
from companion.ble.words import printable
from protocols.massage_tool import MASSAGE_TOOL_SERVICE
from protocols.other_tools.description import OtherTool
from protocols.registry import protocol_of, recognised

SCANNER_STEP_S = 10.0
"""Longest time that starting or stopping a scan may take (BlueZ: 5 s to say "no adapter")."""

NAME_WAIT_S = 0.3
"""How long to listen on after the first find: the name comes in the scan response."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A tool as its newest advertisement showed it.

    Attributes:
        address: the platform's identifier (an address, on macOS a UUID).
        name: its name, printable; empty if it told none.
        rssi_dbm: signal strength of that advertisement.
        seen_at: loop time in seconds of that advertisement.
        device: what bleak connects to.
    """

    address: str
    name: str
    rssi_dbm: int
    seen_at: float
    device: BLEDevice

    @property
    def label(self) -> str:
        """The name, or the address where there is none."""
        return self.name or self.address


Fits: TypeAlias = Callable[[Found], bool]
"""Whether a tool is one of those that are looked for."""


class Sightings:
    """The tools seen so far, each with its newest advertisement.

    Args:
        kind: take only what is such a tool; None takes whatever is reported.
    """

    def __init__(self, kind: OtherTool | None = None) -> None:
        self._kind = kind
        self._by_address: dict[str, Found] = {}
        self._news = asyncio.Event()

    def add(self, device: BLEDevice, data: AdvertisementData) -> None:
        """Take in one advertisement; a name once heard is kept."""
        known = self._by_address.get(device.address)
        name = printable(data.local_name or device.name or "") or (known.name if known else "")
        if self._kind is not None and recognised([self._kind], data.service_uuids, name) is None:
            return
        self._by_address[device.address] = Found(
            address=device.address,
            name=name,
            rssi_dbm=data.rssi,
            seen_at=asyncio.get_running_loop().time(),
            device=device,
        )
        self._news.set()

    def all(self) -> list[Found]:
        """Every tool seen, the strongest signal first."""
        return sorted(self._by_address.values(), key=lambda found: -found.rssi_dbm)

    def best(self, fits: Fits) -> Found | None:
        """The strongest signal among the tools that fit."""
        return next(filter(fits, self.all()), None)

    async def wait_for(self, fits: Fits) -> Found:
        """Wait until a tool that fits was seen."""
        while (found := self.best(fits)) is None:
            self._news.clear()
            await self._news.wait()
        return found

    async def news(self) -> None:
        """Wait for the next advertisement."""
        self._news.clear()
        await self._news.wait()


def called(wanted: str | None) -> Fits:
    """Return what fits the tools with this address or name; None fits all."""
    word = None if wanted is None else wanted.lower()
    return lambda found: word is None or word in {found.address.lower(), found.name.lower()}


async def scan(adapter: Adapter, seconds: float) -> list[Found]:
    """Listen for a while.

    Args:
        adapter: the radio.
        seconds: how long.

    Returns:
        The tools heard, the strongest signal first.

    Raises:
        LinkError: the radio cannot be used.
    """
    sightings = Sightings()
    async with listening(adapter, sightings.add, MASSAGE_TOOL_SERVICE):
        await asyncio.sleep(seconds)
    return sightings.all()


async def survey(
    adapter: Adapter, seconds: float, tools: Sequence[OtherTool]
) -> list[tuple[Found, OtherTool | None]]:
    """Listen for a while for tools that speak the profile, and for those that are described.

    Args:
        adapter: the radio.
        seconds: how long.
        tools: those that are described.

    Returns:
        The tools heard, the strongest signal first, each with its description; None for one that
        speaks the profile.

    Raises:
        LinkError: the radio cannot be used.
    """
    sightings = Sightings()
    kinds: dict[str, OtherTool | None] = {}

    def take(device: BLEDevice, data: AdvertisementData) -> None:
        name = printable(data.local_name or device.name or "")
        kind = recognised(tools, data.service_uuids, name)
        if kind is not None or protocol_of(data.service_uuids) is not None:
            kinds[device.address] = kind
        if device.address in kinds:
            sightings.add(device, data)

    async with listening(adapter, take, None):
        await asyncio.sleep(seconds)
    return [(found, kinds[found.address]) for found in sightings.all()]


async def find(
    adapter: Adapter,
    wanted: str | None,
    timeout_s: float,
    *,
    settle: bool = True,
    kind: OtherTool | None = None,
) -> Found:
    """Listen until one tool is heard.

    Args:
        adapter: the radio.
        wanted: its address or name; None takes the one with the strongest signal.
        timeout_s: how long to listen.
        settle: listen on a little for the name, and for tools with a stronger signal.
        kind: what tool it is, where it does not speak the profile.

    Raises:
        LinkError: nothing heard in time (``NOT_FOUND``), or the radio cannot be used.
    """
    found, heard = await find_among(
        adapter, called(wanted), timeout_s, settle=settle, is_one=wanted is not None, kind=kind
    )
    if found is not None:
        return found
    if wanted is not None and heard:
        raise OthersHeard(wanted, [each.label for each in heard])
    raise OutOfReach(LinkFault.NOT_FOUND, tool=wanted or "")


async def find_among(
    adapter: Adapter,
    fits: Fits,
    timeout_s: float,
    *,
    settle: bool = True,
    is_one: bool = False,
    kind: OtherTool | None = None,
) -> tuple[Found | None, list[Found]]:
    """Listen until a tool that fits is heard.

    Args:
        adapter: the radio.
        fits: which.
        timeout_s: how long to listen.
        settle: listen on a little for the name, and for tools with a stronger signal.
        is_one: whether only one tool can fit: then there is no stronger one to wait for.
        kind: what tool it is, where it does not speak the profile.

    Returns:
        The tool, None where none was heard in time; and every tool heard.

    Raises:
        LinkError: the radio cannot be used.
    """
    sightings = Sightings(kind)
    service = MASSAGE_TOOL_SERVICE if kind is None else None
    async with listening(adapter, sightings.add, service):
        try:
            async with asyncio.timeout(timeout_s):
                found = await sightings.wait_for(fits)
        except TimeoutError:
            return None, sightings.all()
        if settle and (not found.name or not is_one):
            await asyncio.sleep(NAME_WAIT_S)
        return sightings.best(fits) or found, sightings.all()


@asynccontextmanager
async def listening(
    adapter: Adapter, on_advertisement: AdvertisementDataCallback, service: str | None
) -> AsyncIterator[None]:
    """Listen for as long as the context lasts.

    Args:
        adapter: the radio.
        on_advertisement: called with device and advertisement data.
        service: UUID of the service, in full; None reports every device's.

    Raises:
        LinkError: the radio cannot be used.
    """
    try:
        scanner = adapter.scanner(on_advertisement, service)
        await bounded(scanner.start(), SCANNER_STEP_S)
    except (BleakError, OSError, EOFError) as error:
        raise await _refusal(adapter, error) from error
    try:
        yield
    finally:
        with suppress(BleakError, OSError, EOFError):
            await bounded(scanner.stop(), SCANNER_STEP_S)


async def _refusal(adapter: Adapter, error: Exception) -> LinkError:
    """Return why the radio cannot be used; of an adapter that was chosen, whether it is there."""
    refusal = classify(error, Stage.SCAN)
    if adapter.hci and refusal.fault is LinkFault.NO_ADAPTER:
        names: tuple[str, ...] | None = None
        with suppress(OSError):
            names = await adapter.platform.adapters()
        if names and adapter.hci not in names:
            return AdapterMissing(adapter.hci, names)
    return refusal
