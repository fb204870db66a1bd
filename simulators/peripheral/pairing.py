"""The tool's side of a pairing that a person sees: the window, and the display."""

import asyncio
import secrets
from collections.abc import Callable
from typing import Final

from bumble.device import Connection
from bumble.pairing import PairingConfig, PairingDelegate

_MOST_PASSKEY: Final = 999_999


class Pairing(PairingDelegate):
    """The tool's side of a pairing: Just Works, or a passkey on its display.

    Args:
        has_display: whether the tool can show a passkey.
        identity: which kind of address it gives as its identity.
        is_open: whether new bonds are accepted now.
    """

    def __init__(
        self,
        *,
        has_display: bool,
        identity: PairingConfig.AddressType,
        is_open: Callable[[], bool],
    ) -> None:
        super().__init__(
            io_capability=(
                PairingDelegate.DISPLAY_OUTPUT_ONLY
                if has_display
                else PairingDelegate.NO_OUTPUT_NO_INPUT
            )
        )
        self._passkey: int | None = None
        self._shown = asyncio.Event()
        self._has_display = has_display
        self._identity = identity
        self._is_open = is_open

    def config(self, _connection: Connection) -> PairingConfig:
        """Return what bumble needs for a pairing: Secure Connections, bonding."""
        return PairingConfig(
            sc=True,
            mitm=self._has_display,
            bonding=True,
            delegate=self,
            identity_address_type=self._identity,
        )

    async def accept(self) -> bool:
        """Accept new bonds only while the window is open."""
        return self._is_open()

    async def generate_passkey(self) -> int:
        """Choose the passkey to show; bumble takes 0 for none."""
        return 1 + secrets.randbelow(_MOST_PASSKEY)

    async def display_number(self, number: int, digits: int) -> None:  # noqa: ARG002  # bumble's
        """Show the passkey."""
        self._passkey = number
        self._shown.set()

    @property
    def shown(self) -> str:
        """What the display shows: six digits, or nothing."""
        return "" if self._passkey is None else f"{self._passkey:06d}"

    async def shown_passkey(self) -> int:
        """Wait until the display shows a passkey, and read it."""
        await self._shown.wait()
        return self._passkey or 0

    def clear_display(self) -> None:
        """Show nothing any more."""
        self._passkey = None
        self._shown.clear()
