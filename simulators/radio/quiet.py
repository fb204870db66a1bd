"""Keep bumble from formatting every packet it carries.

bumble 0.0.236 writes `logger.debug(f"...{packet}")` on every hop: the text is made even
when nobody reads it, and costs more than half of the processor time of a stream of
notifications. While quiet, packets give only their class name as text and colours are left
out. Whoever sets the logger "bumble" to DEBUG gets the full text all the same.
"""

import logging
import sys
from collections.abc import Callable, Iterator
from types import ModuleType

from bumble import att, hci, l2cap, smp
from bumble.colors import color as bumble_color

_LOGGER = logging.getLogger("bumble")
_TEXT = "__str__"
_PACKETS: tuple[type, ...] = (
    att.ATT_PDU,
    hci.HCI_Packet,
    l2cap.L2CAP_Control_Frame,
    l2cap.L2CAP_PDU,
    smp.SMP_Command,
)

Text = Callable[[object], str]
_originals: dict[type, Text] = {}
_coloured: list[ModuleType] = []


def quiet_bumble() -> None:
    """Stop the formatting of packets for debug lines that nobody reads. May be repeated."""
    if not _originals:
        for packet in _packet_classes():
            _originals[packet] = vars(packet)[_TEXT]
            setattr(packet, _TEXT, _brief(_originals[packet]))
    for module in _modules_with_colour():
        _coloured.append(module)
        vars(module)["color"] = _plain


def loud_bumble() -> None:
    """Give bumble its own formatting back (for tests)."""
    for packet, original in _originals.items():
        setattr(packet, _TEXT, original)
    _originals.clear()
    for module in _coloured:
        vars(module)["color"] = bumble_color
    _coloured.clear()


def _brief(original: Text) -> Text:
    def text(packet: object) -> str:
        if _LOGGER.isEnabledFor(logging.DEBUG):
            return original(packet)
        return type(packet).__name__

    return text


def _plain(text: str, *_style: object, **_more: object) -> str:
    return text


def _packet_classes() -> Iterator[type]:
    for base in _PACKETS:
        yield from (packet for packet in _with_subclasses(base) if _TEXT in vars(packet))


def _with_subclasses(base: type) -> Iterator[type]:
    yield base
    subclasses: list[type] = base.__subclasses__()
    for packet in subclasses:
        yield from _with_subclasses(packet)


def _modules_with_colour() -> Iterator[ModuleType]:
    for name, module in tuple(sys.modules.items()):
        is_ours = name.startswith("bumble.") and name != "bumble.colors"
        if is_ours and vars(module).get("color") is bumble_color:
            yield module
