"""Packets of a peer that bumble cannot read: dropped, with a line in the log."""

import logging
from collections.abc import Callable
from typing import Final

from bumble import att, smp
from bumble.device import Device

_LOGGER = logging.getLogger(__name__)
_CHANNELS: Final = {att.ATT_CID: "ATT", smp.SMP_CID: "SMP"}


def bear_with_nonsense(device: Device) -> None:
    """Keep what a peer sends on the fixed channels from raising inside the Bluetooth stack.

    bumble 0.0.236 parses those packets in the host's callback; one that is too short, or an
    answer that comes twice, would end in the event loop's exception handler.
    """
    manager = device.l2cap_channel_manager
    for channel, name in _CHANNELS.items():
        receive = manager.fixed_channels[channel]
        if receive is not None:
            manager.register_fixed_channel(channel, _guarded(receive, name))


def _guarded(receive: Callable[[int, bytes], object], name: str) -> Callable[[int, bytes], None]:
    def receive_guarded(handle: int, pdu: bytes) -> None:
        try:
            receive(handle, pdu)
        except Exception as error:  # noqa: BLE001  # a parser may raise anything
            _LOGGER.warning("dropped an %s packet of the peer (%s): %s", name, pdu.hex(), error)

    return receive_guarded
