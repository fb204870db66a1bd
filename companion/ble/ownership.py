"""One owner for each tool on this computer: a lock that lasts no longer than its process."""

import hashlib
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from companion.ble.errors import LinkError, LinkFault

if sys.platform == "win32":
    import msvcrt

    def _lock(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextmanager
def owned(folder: Path, address: str, tool: str) -> Iterator[None]:
    """Own a tool for as long as the context lasts.

    Where no lock can be kept (no such file system, no right to write) nobody is kept out.

    Args:
        folder: where the locks lie.
        address: the tool's identity.
        tool: its name, for the sentence.

    Raises:
        LinkError: another session of this computer owns it (``OWNED``).
    """
    handle = _opened(folder, address)
    if handle is None:
        yield
        return
    try:
        try:
            _lock(handle)
        except OSError:
            raise LinkError(LinkFault.OWNED, tool=tool) from None
        yield
    finally:
        os.close(handle)


def _opened(folder: Path, address: str) -> int | None:
    """Open the lock's file; its name hides the address, which may be a private one."""
    name = hashlib.sha256(address.upper().encode()).hexdigest()[:16]
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return os.open(folder / f"{name}.lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError:
        return None
