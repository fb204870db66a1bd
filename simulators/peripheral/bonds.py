"""The tool's memory of centrals: their keys, and what they had switched on."""

import json
from pathlib import Path
from typing import Any, Final

from bumble.core import BaseBumbleError
from bumble.device import Connection
from bumble.gatt_server import Server
from bumble.hci import Address
from bumble.keys import JsonKeyStore, KeyStore, MemoryKeyStore, PairingKeys

from simulators.data_files import DataFileError

MOST_BONDS: Final = 8
"""The profile asks for at least 4; the oldest gives way."""


class BondFile(JsonKeyStore):
    """bumble's JSON key file: oldest bond first, readable by its owner only.

    Args:
        address: the tool's identity address; a file may hold several tools.
        path: the file; it is made with the first bond.

    Raises:
        DataFileError: the file is there and holds no bonds.
        OSError: the file cannot be read.
    """

    def __init__(self, address: str, path: Path) -> None:
        super().__init__(address, str(path))
        if path.exists() and not _holds_bonds(path.read_text("utf-8")):
            raise DataFileError(str(path), "", "is no key file; delete it to begin anew")

    async def update(self, name: str, keys: PairingKeys) -> None:
        """Keep a central's keys as the newest bond."""
        db, bonds = await self.load()
        bonds.pop(name, None)
        bonds[name] = keys.to_dict()
        _drop_oldest(bonds)
        await self.save(db)

    async def save(self, db: dict[str, dict[str, dict[str, Any]]]) -> None:
        """Write all bonds; the keys in them are secrets, so the mode is 0600."""
        self.directory_name.mkdir(parents=True, exist_ok=True)
        draft = self.filename.with_name(self.filename.name + ".tmp")
        draft.touch(mode=0o600)
        draft.write_text(json.dumps(db, indent=4), encoding="utf-8")
        draft.replace(self.filename)


class BondMemory(MemoryKeyStore):
    """Bonds that last as long as this object, oldest first."""

    async def update(self, name: str, keys: PairingKeys) -> None:
        """Keep a central's keys as the newest bond."""
        self.all_keys.pop(name, None)
        self.all_keys[name] = keys
        _drop_oldest(self.all_keys)


def bonds(address: str, path: Path | None) -> KeyStore:
    """Return the bonds of one tool, in a file or in memory.

    Raises:
        DataFileError: the file is there and holds no bonds.
        OSError: the file cannot be read.
    """
    return BondMemory() if path is None else BondFile(address, path)


def _holds_bonds(text: str) -> bool:
    try:
        for central, keys in _centrals(json.loads(text)):
            Address(central)
            PairingKeys.from_dict(keys)
    except (ValueError, TypeError, AttributeError, LookupError, BaseBumbleError):
        return False
    return True


def _centrals(content: dict[str, dict[str, dict[str, Any]]]) -> list[tuple[str, dict[str, Any]]]:
    return [each for bonds_of_tool in content.values() for each in bonds_of_tool.items()]


def _drop_oldest(kept: dict[str, Any]) -> None:
    for name in list(kept)[:-MOST_BONDS]:
        del kept[name]


class Configurations:
    """What bonded centrals had switched on (Core Vol 3 G 3.3.3.3); bumble forgets it.

    Args:
        server: where it counts.
    """

    def __init__(self, server: Server) -> None:
        self._server = server
        self._kept: dict[str, dict[int, bytes]] = {}

    def keep(self, connection: Connection) -> None:
        """Remember a bonded central's configuration, before the server drops it."""
        configuration = self._server.subscribers.get(connection)
        if configuration:
            self._kept[str(connection.peer_address)] = dict(configuration)

    def give_back(self, connection: Connection) -> bool:
        """Let a central that has just proven its bond find its configuration again.

        Returns:
            Whether there was one.
        """
        kept = self._kept.pop(str(connection.peer_address), None)
        if kept is None or connection in self._server.subscribers:
            return False
        self._server.subscribers[connection] = kept
        return True

    def forget(self, central: str) -> None:
        """A central's bond is another now, or gone."""
        self._kept.pop(central, None)

    def clear(self) -> None:
        """Forget all."""
        self._kept.clear()
