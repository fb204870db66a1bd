"""What a link must be before anything is believed of it."""

from typing import Final, TypeVar

from companion.ble.bounded import bounded
from companion.ble.errors import LinkError, LinkFault, Stage, classify
from companion.ble.platform import Platform, Security

T = TypeVar("T")

ASK_S: Final = 5.0
"""Longest wait for the platform to tell."""


async def require_bond(platform: Platform, address: str, tool: str) -> None:
    """Make sure that this computer has a bond with a tool, as far as the platform tells.

    Raises:
        LinkError: it has none (``BOND_GONE``), or the platform does not answer.
    """
    try:
        is_bonded = await bounded(platform.is_bonded(address), ASK_S)
    except (OSError, EOFError) as error:
        raise classify(error, Stage.USE, tool) from error
    if is_bonded is False:
        raise LinkError(LinkFault.BOND_GONE, tool=tool)


async def require_security(platform: Platform, address: str, tool: str) -> Security | None:
    """Make sure that a link is encrypted by a bond, as far as the platform tells.

    Returns:
        What it told.

    Raises:
        LinkError: the link is not encrypted (``NOT_ENCRYPTED``), there is no bond
            (``BOND_GONE``), or the platform does not answer.
    """
    try:
        security = await bounded(platform.security(address), ASK_S)
    except (OSError, EOFError) as error:
        raise classify(error, Stage.USE, tool) from error
    if security is not None and security.is_lacking:
        is_bonded = security.bonded is not False
        fault = LinkFault.NOT_ENCRYPTED if is_bonded else LinkFault.BOND_GONE
        raise LinkError(fault, tool=tool)
    return security
