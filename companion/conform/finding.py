"""Finding the one tool that is to be judged."""

from typing import ClassVar, Final

from companion.ble.adapter import Adapter
from companion.ble.errors import LinkFault, OutOfReach
from companion.ble.probe import Heard, listen
from companion.ble.words import printable
from companion.errors import CompanionError
from protocols.massage_tool import MASSAGE_TOOL_SERVICE

_LISTEN_S: Final = 1.5
_TIMES: Final = 7


class SeveralTools(CompanionError):
    """More than one tool was heard, and none was named."""

    exit_code: ClassVar[int] = 2


async def find_tool(adapter: Adapter, wanted: str | None) -> Heard:
    """Listen until the tool is heard, with its name as far as it tells one.

    Args:
        adapter: the radio.
        wanted: its address or name; None takes the only one there is.

    Raises:
        LinkError: nothing heard in time (``NOT_FOUND``), or the radio cannot be used.
        SeveralTools: None was wanted, and there are several.
    """
    for _ in range(_TIMES):
        fitting = _newest(await listen(adapter, _LISTEN_S), wanted)
        if len(fitting) > 1:
            tools = ", ".join(sorted(label(heard) for heard in fitting))
            raise SeveralTools("conform.several", tools=tools)
        if fitting:
            return fitting[0]
    raise OutOfReach(LinkFault.NOT_FOUND, tool=wanted or "")


def label(heard: Heard) -> str:
    """Return the tool's name, or its address where it tells none."""
    return printable(heard.name or "") or heard.address


def _newest(heard: list[Heard], wanted: str | None) -> list[Heard]:
    """Return the newest advertisement of each fitting tool, one with a name if there is one."""
    newest: dict[str, Heard] = {}
    for one in heard:
        if one.address not in newest or one.name or not newest[one.address].name:
            newest[one.address] = one
    return [one for one in newest.values() if _fits(one, wanted)]


def _fits(heard: Heard, wanted: str | None) -> bool:
    """A tool that is named need not advertise the service: that is a rule to be judged."""
    if wanted is None:
        return MASSAGE_TOOL_SERVICE in heard.services
    return wanted.lower() in {heard.address.lower(), (heard.name or "").lower()}
