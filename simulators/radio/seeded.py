"""Keys that repeat themselves: for tests and recordings in virtual time, never for a radio.

bumble takes addresses, identity keys, passkeys, nonces and private keys from the system's
secure source, so no two captures are alike. Within `repeatable_keys` they come from a
seed. Whoever knows the seed knows every key: this refuses to work outside a loop of virtual
time, where nothing real is at the other end.
"""

import asyncio
import contextlib
import random
from collections.abc import Iterator
from types import ModuleType
from typing import Any

from bumble import crypto, device, hci, pairing

from simulators.virtual_time import VirtualTimeLoop

_MODULES: tuple[ModuleType, ...] = (crypto, device, hci, pairing)
_KEY: Any = vars(crypto)["EccKey"]
"""One of two classes, as bumble finds the library for it."""

_P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""The order of the curve that LE Secure Connections uses (FIPS 186-4, D.1.2.3)."""


class _Seeded:
    """The three functions of the standard library's `secrets` that bumble uses."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance

    def token_bytes(self, size: int) -> bytes:
        return self._chance.randbytes(size)

    def randbelow(self, limit: int) -> int:
        return self._chance.randrange(limit)

    def randbits(self, bits: int) -> int:
        return self._chance.getrandbits(bits)


@contextlib.contextmanager
def repeatable_keys(seed: int) -> Iterator[None]:
    """Let bumble take every key and address from a seed while the context lasts.

    Args:
        seed: the same seed gives the same keys in the same order.

    Raises:
        RuntimeError: time is real here, so a radio might be too.
    """
    loop = asyncio.get_running_loop()
    if not (isinstance(loop, VirtualTimeLoop) and loop.is_unpaced):
        raise RuntimeError("keys are repeatable in virtual time only: elsewhere they are secrets")
    chance = random.Random(seed)  # noqa: S311  # that it can be repeated is the purpose

    def generate() -> object:
        number = chance.randrange(1, _P256_ORDER)
        return _KEY.from_private_key_bytes(number.to_bytes(32, "big"))

    with contextlib.ExitStack() as stack:
        for module in _MODULES:
            stack.enter_context(_replaced(module, "secrets", _Seeded(chance)))
        stack.enter_context(_replaced(_KEY, "generate", staticmethod(generate)))
        yield


@contextlib.contextmanager
def _replaced(owner: object, name: str, value: object) -> Iterator[None]:
    before = vars(owner)[name]
    setattr(owner, name, value)
    try:
        yield
    finally:
        setattr(owner, name, before)
