"""What the tool says to everyone (tool-profile.md, Advertising)."""

from typing import Final

from bumble.core import UUID, AdvertisingData, InvalidArgumentError

from protocols.massage_tool import MASSAGE_TOOL_SERVICE

INTERVAL_MS: Final = 100.0
"""The profile allows no more in the first 30 s; a tool on external power may go on so."""
LONGEST_NAME_BYTES: Final = 29
_LE_ONLY_GENERAL_DISCOVERABLE: Final = 0x06


def advertisement() -> bytes:
    """Return Flags and the complete list of 128-bit UUIDs, 3 + 18 bytes."""
    return bytes(
        AdvertisingData(
            [
                (AdvertisingData.FLAGS, bytes([_LE_ONLY_GENERAL_DISCOVERABLE])),
                (
                    AdvertisingData.COMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS,
                    UUID(MASSAGE_TOOL_SERVICE).to_bytes(),
                ),
            ]
        )
    )


def scan_response(name: str) -> bytes:
    """Return the complete local name.

    Raises:
        InvalidArgumentError: the name has more than 29 bytes of UTF-8.
    """
    encoded = name.encode()
    if len(encoded) > LONGEST_NAME_BYTES:
        raise InvalidArgumentError(
            f"the name has {len(encoded)} bytes, a scan response holds {LONGEST_NAME_BYTES}"
        )
    return bytes(AdvertisingData([(AdvertisingData.COMPLETE_LOCAL_NAME, encoded)]))
