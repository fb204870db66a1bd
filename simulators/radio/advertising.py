"""Advertisements on the virtual air: what is sent, and what a scanner is told of it.

bumble sends the advertising data a second time in place of the scan response; here the
real scan response travels with the advertisement and only an active scanner gets it.
"""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bumble import hci, ll
from bumble.controller import AdvertisingSet, LegacyAdvertiser

if TYPE_CHECKING:
    from simulators.radio.controller import RadioController

EventType = hci.HCI_LE_Extended_Advertising_Report_Event.EventType
LegacyType = hci.HCI_LE_Set_Advertising_Parameters_Command.AdvertisingType
_REPORTED = EventType.CONNECTABLE_ADVERTISING | EventType.SCANNABLE_ADVERTISING
_ADV_IND = _REPORTED | EventType.LEGACY_ADVERTISING_PDU_USED
_LEGACY_TYPES = {
    LegacyType.ADV_IND: _ADV_IND,
    LegacyType.ADV_SCAN_IND: _ADV_IND & ~EventType.CONNECTABLE_ADVERTISING,
    LegacyType.ADV_NONCONN_IND: EventType.LEGACY_ADVERTISING_PDU_USED,
}
LEGACY_PDUS = {
    EventType(kind) | EventType.LEGACY_ADVERTISING_PDU_USED: pdu
    for kind, pdu in hci.HCI_LE_Extended_Advertising_Report_Event.LEGACY_PDU_TYPE_MAP.items()
}
"""What a scanner of Bluetooth 4 calls the PDUs that it can hear."""

LONGEST_ADVERTISING_OCTETS = 0x0672
"""What a host is told that an advertising set holds (Core Vol 4 E 7.8.57)."""

_SHORTEST_INTERVAL_S = 0.02
_INTERVAL_UNIT_S = 0.000625
_NO_SID = 0xFF
_NO_TX_POWER = 0x7F


@dataclass
class Advertisement(ll.AdvExtInd):
    """An advertising PDU together with the answer its sender has for a scan request.

    Attributes:
        kind: the bits of the LE Extended Advertising Report (Core Vol 4 E 7.7.65.13).
        scan_response: the scan response data, None when the PDU is not scannable.
    """

    kind: EventType = _ADV_IND
    scan_response: bytes | None = None

    @property
    def is_connectable(self) -> bool:
        """Whether a central may answer with a connection."""
        return EventType.CONNECTABLE_ADVERTISING in self.kind

    def heard(self, *, active: bool) -> Iterator[tuple[EventType, bytes]]:
        """What one scanner receives: the advertisement, then the response it asked for."""
        yield self.kind, self.data
        if active and self.scan_response is not None:
            yield self.kind | EventType.SCAN_RESPONSE, self.scan_response


def report(
    advertisement: Advertisement, kind: EventType, data: bytes, rssi_dbm: int
) -> hci.HCI_Event:
    """The event for a host that scans with the extended commands."""
    address = advertisement.advertiser_address
    return hci.HCI_LE_Extended_Advertising_Report_Event(
        [
            hci.HCI_LE_Extended_Advertising_Report_Event.Report(
                event_type=kind,
                address_type=address.address_type,
                address=address,
                primary_phy=hci.Phy.LE_1M,
                secondary_phy=0,
                advertising_sid=_NO_SID,
                tx_power=_NO_TX_POWER,
                rssi=rssi_dbm,
                periodic_advertising_interval=0,
                direct_address_type=0,
                direct_address=hci.Address.ANY,
                data=data,
            )
        ]
    )


def legacy_report(
    advertisement: Advertisement, kind: EventType, data: bytes, rssi_dbm: int
) -> hci.HCI_Event:
    """The event for a host that scans with the commands of Bluetooth 4."""
    address = advertisement.advertiser_address
    return hci.HCI_LE_Advertising_Report_Event(
        [
            hci.HCI_LE_Advertising_Report_Event.Report(
                event_type=LEGACY_PDUS[kind],
                address_type=address.address_type,
                address=address,
                data=data,
                rssi=rssi_dbm,
            )
        ]
    )


class RadioAdvertisingSet(AdvertisingSet):
    """An advertising set that carries its scan response."""

    controller: "RadioController"

    @property
    def address(self) -> hci.Address | None:
        """The address that it advertises with, None before it can."""
        parameters = self.parameters
        if parameters is None:
            return None
        if parameters.own_address_type == hci.OwnAddressType.RANDOM:
            return self.random_address
        return self.controller.own_address(parameters.own_address_type, parameters.peer_address)

    def start(self) -> None:
        """Advertise now and then at the interval; a set that is on starts afresh."""
        self.stop()
        self.enabled = True
        self.timer_handle = asyncio.get_running_loop().call_soon(self._on_due)

    def _on_due(self) -> None:
        self.send_extended_advertising_data()
        units = self.parameters.primary_advertising_interval_min if self.parameters else 0
        self.timer_handle = asyncio.get_running_loop().call_later(
            max(units * _INTERVAL_UNIT_S, _SHORTEST_INTERVAL_S), self._on_due
        )

    def send_extended_advertising_data(self) -> None:
        """Put one advertisement on the air."""
        address = self.address
        if self.parameters is None or address is None:
            return
        kind = EventType(self.parameters.advertising_event_properties & 0b10111)
        is_scannable = EventType.SCANNABLE_ADVERTISING in kind
        self.controller.send_advertising_pdu(
            Advertisement(
                advertiser_address=address,
                data=bytes(self.data),
                sid=self.parameters.advertising_sid,
                kind=kind,
                scan_response=bytes(self.scan_response_data) if is_scannable else None,
            )
        )


class RadioLegacyAdvertiser(LegacyAdvertiser):
    """The advertiser of the Bluetooth 4 commands, with the interval in its true unit."""

    controller: "RadioController"

    @property
    def address(self) -> hci.Address:
        """The address that it advertises with."""
        return self.controller.own_address(self.own_address_type, self.peer_address)

    def _on_timer_fired(self) -> None:
        self.send_advertising_data()
        self.timer_handle = asyncio.get_running_loop().call_later(
            max(self.advertising_interval_min * _INTERVAL_UNIT_S, _SHORTEST_INTERVAL_S),
            self._on_timer_fired,
        )

    def send_advertising_data(self) -> None:
        """Put one advertisement on the air; directed ones are not simulated."""
        kind = _LEGACY_TYPES.get(LegacyType(self.advertising_type))
        if not self.enabled or kind is None:
            return
        is_scannable = EventType.SCANNABLE_ADVERTISING in kind
        self.controller.send_advertising_pdu(
            Advertisement(
                advertiser_address=self.address,
                data=self.advertising_data,
                kind=kind,
                scan_response=self.scan_response_data if is_scannable else None,
            )
        )
