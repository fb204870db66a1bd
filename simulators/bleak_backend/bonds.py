"""Where the adapter keeps its bonds."""

import json
from pathlib import Path
from typing import Any

from bleak.exc import BleakError
from bumble import hci
from bumble.keys import JsonKeyStore, KeyStore, MemoryKeyStore, PairingKeys


class BondFile(JsonKeyStore):
    """bumble's JSON key file, readable by its owner only.

    Args:
        namespace: the adapter's own identity address; a file may hold several adapters.
        path: the file; it is made with the first bond.
    """

    def __init__(self, namespace: str, path: Path) -> None:
        super().__init__(namespace, str(path))

    async def save(self, db: dict[str, dict[str, dict[str, Any]]]) -> None:
        """Write all bonds; the keys in them are secrets, so the mode is 0600."""
        self.directory_name.mkdir(parents=True, exist_ok=True)
        draft = self.filename.with_name(self.filename.name + ".tmp")
        draft.touch(mode=0o600)
        draft.write_text(json.dumps(db, sort_keys=True, indent=4), encoding="utf-8")
        draft.replace(self.filename)

    async def delete(self, name: str) -> None:
        """Forget one bond, if it is there."""
        db, bonds = await self.load()
        if bonds.pop(name, None) is not None:
            await self.save(db)


def adapter_address(path: Path | None) -> hci.Address:
    """The adapter's static random address: the one its bonds were made with, or a new one.

    Raises:
        BleakError: the file is no key file.
    """
    if path is None or not path.exists():
        return hci.Address.generate_static_address()
    try:
        names = _checked_names(path)
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise BleakError(f"the key file {path} cannot be read: {error}") from error
    return names[0] if names else hci.Address.generate_static_address()


def _checked_names(path: Path) -> list[hci.Address]:
    """The addresses of the adapters in a key file, once every bond in it makes sense."""
    content = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(content, dict):
        raise TypeError("it must hold one JSON object")
    for bonds in content.values():
        for peer, keys in bonds.items():
            hci.Address(peer)
            PairingKeys.from_dict(keys)
    return [hci.Address(name) for name in content]


def key_store(address: hci.Address, path: Path | None) -> KeyStore:
    """The bonds of one adapter, in a file or in memory."""
    return MemoryKeyStore() if path is None else BondFile(str(address), path)
