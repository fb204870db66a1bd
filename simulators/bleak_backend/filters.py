"""The scan filters of bleak's BlueZ arguments, kept as BlueZ keeps them."""

from collections.abc import Mapping, Sequence
from typing import Any

from bleak.backends.scanner import AdvertisementData
from bleak.uuids import normalize_uuid_str
from bumble.device import Advertisement


class ScanFilter:
    """Says which advertisements a scanner reports.

    A program that is tested with filters must not pass because the radio ignores them.

    Args:
        bluez: bleak's `bluez` argument: `filters` (`RSSI`, `Pathloss`, `UUIDs`, `Pattern`; the
            others do not change what an LE scan hears) count for active scans, `or_patterns`
            for passive ones.
        is_active: the kind of scan.
    """

    def __init__(self, bluez: Mapping[str, Any], *, is_active: bool) -> None:
        self._filters: Mapping[str, Any] = (bluez.get("filters") or {}) if is_active else {}
        self._patterns: Sequence[tuple[int, int, bytes]] = (
            () if is_active else tuple(bluez.get("or_patterns") or ())
        )
        self._uuids = {normalize_uuid_str(uuid) for uuid in self._filters.get("UUIDs") or ()}

    def lets_pass(
        self, advertisement: Advertisement, data: AdvertisementData, address: str, name: str | None
    ) -> bool:
        """Whether an advertisement is reported.

        Args:
            advertisement: as it was heard.
            data: the same in bleak's words.
            address: the peer's, as bleak shows it.
            name: the name it last said.
        """
        return (
            self._is_near(data)
            and (not self._uuids or not self._uuids.isdisjoint(data.service_uuids))
            and self._is_called(address, name)
            and self._has_pattern(advertisement)
        )

    def _is_near(self, data: AdvertisementData) -> bool:
        rssi, loss = self._filters.get("RSSI"), self._filters.get("Pathloss")
        if rssi is not None and data.rssi < rssi:
            return False
        return loss is None or data.tx_power is None or data.tx_power - data.rssi <= loss

    def _is_called(self, address: str, name: str | None) -> bool:
        pattern = self._filters.get("Pattern") or ""
        return address.startswith(pattern) or (name or "").startswith(pattern)

    def _has_pattern(self, advertisement: Advertisement) -> bool:
        if not self._patterns:
            return True
        parts = [(int(kind), bytes(value)) for kind, value in advertisement.data.ad_structures]
        return any(
            kind == int(wanted) and value[start : start + len(content)] == bytes(content)
            for start, wanted, content in self._patterns
            for kind, value in parts
        )
