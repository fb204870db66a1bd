"""What the platform under bleak tells of bonds and links; bleak itself has no words for it."""

from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Security:
    """How a link is protected; None for what the platform does not tell.

    Attributes:
        encrypted: whether the link is encrypted now.
        bonded: whether this computer keeps a bond with the peer.
        authenticated: whether the key was made with a passkey or a comparison.
    """

    encrypted: bool | None = None
    bonded: bool | None = None
    authenticated: bool | None = None

    @property
    def is_lacking(self) -> bool:
        """Whether the platform says that the link is not encrypted, or that there is no bond."""
        return self.encrypted is False or self.bonded is False


class Platform(Protocol):
    """What a platform tells beside bleak; None where it does not."""

    async def is_bonded(self, address: str) -> bool | None:
        """Whether this computer keeps a bond with the device of this identity."""

    async def security(self, address: str) -> Security | None:
        """How the link to a connected device is protected."""

    def expecting(self, address: str) -> AbstractContextManager[None]:
        """While the context lasts the device may ask to be paired; no other may."""

    async def trust(self, address: str) -> None:
        """A person has chosen this device: let the platform accept it from now on."""

    async def connections(self) -> int | None:
        """How many devices the adapter is connected to."""

    async def adapters(self) -> tuple[str, ...] | None:
        """The names of this computer's adapters."""


class Untold(Platform):
    """A platform that tells nothing (Windows, macOS): pairing is asked for and cannot be seen."""

    async def is_bonded(self, address: str) -> bool | None:  # noqa: ARG002 -- nothing is known
        """Not told."""
        return None

    async def security(self, address: str) -> Security | None:  # noqa: ARG002 -- as above
        """Not told."""
        return None

    def expecting(self, address: str) -> AbstractContextManager[None]:  # noqa: ARG002 -- as above
        """Nobody is asked."""
        return nullcontext()

    async def trust(self, address: str) -> None:
        """Nothing to be done."""

    async def connections(self) -> int | None:
        """Not told."""
        return None

    async def adapters(self) -> tuple[str, ...] | None:
        """Not told."""
        return None
