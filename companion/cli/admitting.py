"""Which tools a session may use: known ones, or one that is made known first."""

import logging
from typing import TYPE_CHECKING, Final

from companion.ble.adapter import Adapter
from companion.ble.admission import Admission, Admitted
from companion.ble.errors import LinkError, LinkFault
from companion.ble.scanner import Found, find, find_among
from companion.cli.acquaintance import Manner, acquainted, seen_now
from companion.cli.keyboard import Keyboard
from companion.coaching.events import Event, Notice
from companion.errors import CompanionError
from companion.paths import state_folder
from companion.settings.tools import KnownTool, Radio, feature_digest, keep_tool, load_tools
from companion.texts import text
from protocols.massage_tool import ToolFeature

if TYPE_CHECKING:
    from collections.abc import Callable

log = logging.getLogger(__name__)

SEARCH_S: Final = 10.0


class Doorkeeper:
    """Decides for one session which tools it may use.

    Args:
        adapter: the radio.
        radio: which one that is.
        wanted: name or address that the person gave; empty for any known tool.
        pairs: whether a tool that is not known is paired without a question.
        keyboard: where a person can be asked; None for nobody.

    Attributes:
        tell: takes what is to be said of a tool during the session.
        notices: what is to be said before it.
    """

    def __init__(
        self,
        adapter: Adapter,
        radio: Radio,
        wanted: str,
        *,
        pairs: bool,
        keyboard: Keyboard | None,
    ) -> None:
        self.notices: list[Event] = []
        self.tell: Callable[[Event], None] = self.notices.append
        self._adapter = adapter
        self._radio = radio
        self._wanted = wanted
        self._pairs = pairs
        self._keyboard = keyboard
        self._seen: set[str] = set()
        self._has_renewed = False

    async def admission(self) -> Admission:
        """Return whom the session may use; where nobody is known, somebody is made known.

        Raises:
            LinkError: no tool is heard, or the one that is is not known and was not paired.
            FileRefused: the file of known tools cannot be used or written.
        """
        tools = self._meant()
        if not tools:
            found = await find(self._adapter, self._wanted or None, SEARCH_S)
            if not await self._may_pair(found):
                raise LinkError(LinkFault.STRANGER, tool=found.label)
            tools = [await self._introduce(found)]
        return Admission.of(
            (Admitted(tool.address, tool.name, tool.advertised) for tool in tools),
            seen=self._note,
            locks=state_folder() / "locks",
        )

    async def has_renewed(self, error: LinkError) -> bool:
        """Offer to pair again with a tool whose bond is lost; once, and only to a person.

        Returns:
            Whether it was paired again.

        Raises:
            LinkError: it was not heard, or could not be paired.
        """
        if not error.fault.is_of_bond or self._has_renewed or self._keyboard is None:
            return False
        self._has_renewed = True
        question = text("cli.pair.again", trouble=str(error))
        if not await self._keyboard.agrees(question):
            return False
        await self._introduce(await self._heard_again(error))
        return True

    def _meant(self) -> list[KnownTool]:
        """The known tools that the person may mean: by their own name for it, or by the tool's."""
        known, word = load_tools(self._radio), self._wanted.casefold()
        if not word:
            return known
        meant = [tool for tool in known if tool.answers_to(word)]
        return meant or [tool for tool in known if tool.advertised.casefold() == word]

    async def _may_pair(self, found: Found) -> bool:
        if self._pairs or self._keyboard is None:
            return self._pairs
        return await self._keyboard.agrees(text("cli.pair.unknown", tool=found.label))

    async def _introduce(self, found: Found) -> KnownTool:
        manner = Manner(tares=False, tells=self._keyboard is not None)
        tool = await acquainted(self._adapter, found, self._radio, manner)
        self.notices.append(_notice("cli.pair.known", name=tool.name))
        return tool

    async def _heard_again(self, error: LinkError) -> Found:
        """Hear the tool whose bond is lost; without it a private address is no longer known."""
        tools = self._meant()
        addresses = {tool.address for tool in tools}
        found, heard = await find_among(
            self._adapter, lambda one: one.address in addresses, SEARCH_S, is_one=len(tools) == 1
        )
        names = {tool.advertised for tool in tools if tool.advertised}
        found = found or next((one for one in heard if one.name in names), None)
        if found is None:
            raise error
        return found

    def _note(self, address: str, feature: ToolFeature) -> None:
        """A known tool is connected: keep when, and say it where it describes itself otherwise."""
        if address in self._seen:
            return
        self._seen.add(address)
        try:
            tool = next(tool for tool in load_tools(self._radio) if tool.address == address.upper())
            if tool.feature != feature_digest(feature):
                self.tell(_notice("link.tool.changed", tool=tool.name))
            keep_tool(seen_now(tool, feature))
        except (CompanionError, StopIteration) as error:
            log.info("what is known of a tool was not kept: %s", error)


def _notice(key: str, **values: object) -> Notice:
    return Notice(device_s=0.0, key=key, values=dict(values))
