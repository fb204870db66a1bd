"""The virtual radio as an adapter of the companion: its bonds kept, its links looked at."""

from collections.abc import AsyncIterator
from contextlib import (
    AbstractContextManager,
    AsyncExitStack,
    ExitStack,
    asynccontextmanager,
    nullcontext,
)
from pathlib import Path

from companion.ble.adapter import Adapter
from companion.ble.agent import Answers
from companion.ble.ownership import owned
from companion.ble.platform import Platform, Security
from companion.cli.arguments import Address
from companion.cli.simulation import refusals
from companion.paths import state_folder
from companion.texts import text
from simulators.bleak_backend import Adapter as VirtualAdapter
from simulators.bleak_backend import Agent
from simulators.bleak_backend.bonds import adapter_address, key_store
from simulators.capture import capture as captured
from simulators.radio import open_air


class VirtualPlatform(Platform):
    """What the virtual adapter tells.

    Args:
        adapter: it.
    """

    def __init__(self, adapter: VirtualAdapter) -> None:
        self._adapter = adapter

    async def is_bonded(self, address: str) -> bool | None:
        """Whether the adapter keeps a bond."""
        return await self._adapter.is_bonded(address.upper())

    async def security(self, address: str) -> Security | None:
        """How the link is protected; nothing where there is none."""
        link = self._adapter.links.to_peer(address)
        if link is None:
            return None
        return Security(
            encrypted=bool(link.connection.is_encrypted),
            bonded=await self._adapter.is_bonded(address.upper()),
            authenticated=await self._is_authenticated(address.upper()),
        )

    async def _is_authenticated(self, address: str) -> bool:
        """As the key has it: bumble calls every link with a key authenticated."""
        for name in _key_names(address):
            keys = await self._adapter.bonds.get(name)
            if keys is not None:
                return keys.ltk is not None and bool(keys.ltk.authenticated)
        return False

    def expecting(self, address: str) -> AbstractContextManager[None]:  # noqa: ARG002 -- it asks of its own pairings only
        """Nothing to be done: this adapter pairs with nobody unasked."""
        return nullcontext()

    async def trust(self, address: str) -> None:
        """Nothing to be done."""

    async def connections(self) -> int | None:
        """How many devices are connected."""
        return len(list(self._adapter.links))

    async def adapters(self) -> tuple[str, ...] | None:
        """There is one, and none can be chosen."""
        return None


def keys_file() -> Path:
    """Return where this computer's bonds of the virtual radio lie; only its owner can read it."""
    return state_folder() / "virtual" / "bonds.json"


def kept_keys() -> Path:
    """Return the file of bonds, its folder made where it is missing."""
    file = keys_file()
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    return file


def locks_folder() -> Path:
    """Return where the locks lie that keep one owner for each tool."""
    return state_folder() / "locks"


def as_adapter(virtual: VirtualAdapter, name: str, *, asks: bool = False) -> Adapter:
    """Return a virtual adapter as the companion's.

    Args:
        virtual: it.
        name: what the user reads.
        asks: whether a person may be asked while a tool is paired.
    """
    return Adapter(
        name=name,
        client_backend=virtual.client_backend,
        scanner_backend=virtual.scanner_backend,
        platform=VirtualPlatform(virtual),
        returns=False,
        asks=asks,
    )


def agent_of(answers: Answers) -> Agent:
    """Return who answers the virtual adapter's questions."""

    async def enter(_address: str) -> int | None:
        # bumble takes 0 for no passkey and stumbles over it; no simulated tool shows it.
        return await answers.enter() or None

    async def compare(_address: str, number: int) -> bool:
        return await answers.compare(number)

    async def show(_address: str, number: int) -> None:
        await answers.show(number)

    return Agent(enter=enter, compare=compare, show=show)


@asynccontextmanager
async def joined_air(
    air: Address, *, keeps: bool, answers: Answers | None, capture: Path | None = None
) -> AsyncIterator[Adapter]:
    """Join the air of another process.

    Args:
        air: where it listens.
        keeps: whether to be who this computer was there before, with its bonds; else somebody
            new, who is forgotten at the end.
        answers: who is asked while a tool is paired; None for nobody.
        capture: a file for all traffic; None for none.

    Raises:
        AirFailed: there is no air at that address.
        LinkError: another companion of this computer has the bonds (``OWNED``).
    """
    name = text("cli.radio.air", address=air)
    agent = None if answers is None else agent_of(answers)
    keys = kept_keys() if keeps else None
    with ExitStack() as stack:
        if keys is not None:
            stack.enter_context(owned(locks_folder(), str(keys), text("cli.radio.the_virtual")))
        stack.enter_context(refusals())
        async with AsyncExitStack() as radio:
            host = await radio.enter_async_context(open_air(str(air)))
            if capture is not None:
                radio.enter_context(captured(host, capture))
            virtual = await radio.enter_async_context(VirtualAdapter(host, keys=keys, agent=agent))
            yield as_adapter(virtual, name, asks=answers is not None)


async def forget_virtual_bond(address: str) -> bool:
    """Remove this computer's bond with a tool of the virtual radio; no air is needed for it.

    Returns:
        Whether there was one.
    """
    file = keys_file()
    if not file.exists():
        return False
    bonds = key_store(adapter_address(file), file)
    names = [name for name in _key_names(address) if await bonds.get(name) is not None]
    for name in names:
        await bonds.delete(name)
    return bool(names)


def _key_names(address: str) -> tuple[str, str]:
    """What bumble may call a peer's bond; public addresses have a mark of their own."""
    return (address, f"{address}/P")
