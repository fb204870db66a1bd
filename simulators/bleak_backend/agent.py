"""Who answers when a peer asks a person something: LE Secure Connections with an agent."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bumble.device import Connection
from bumble.pairing import PairingConfig, PairingDelegate

Passkey = Callable[[str], Awaitable[int | None]]
"""Asks a person for the six digits that a peer shows; given the peer's address. None refuses."""

Comparison = Callable[[str, int], Awaitable[bool]]
"""Asks a person whether the peer shows the same number; given the peer's address and ours."""

Display = Callable[[str, int], Awaitable[None]]
"""Shows a person the six digits to enter at the peer; given its address and the number."""

Capability = PairingDelegate.IoCapability


@dataclass(frozen=True, slots=True, kw_only=True)
class Agent:
    """What a person can do at this computer while pairing, as BlueZ's agents say it.

    What is there decides how a pairing goes (Core Vol 3 H 2.3.5.1); with nothing at all it is
    Just Works.

    Attributes:
        enter: a keyboard, for the six digits that a peer shows.
        compare: two buttons, for the question whether both sides show one number. With a
            keyboard and no such buttons, a comparison is answered with no.
        show: a display, for six digits that are to be entered at the peer.
    """

    enter: Passkey | None = None
    compare: Comparison | None = None
    show: Display | None = None

    @property
    def capability(self) -> Capability:
        """The IO capability that the Security Manager tells the peer."""
        if self.enter is not None:
            has_display = self.compare is not None or self.show is not None
            return (
                Capability.DISPLAY_OUTPUT_AND_KEYBOARD_INPUT
                if has_display
                else Capability.KEYBOARD_INPUT_ONLY
            )
        if self.compare is not None:
            return Capability.DISPLAY_OUTPUT_AND_YES_NO_INPUT
        if self.show is not None:
            return Capability.DISPLAY_OUTPUT_ONLY
        return Capability.NO_OUTPUT_NO_INPUT


class _Asking(PairingDelegate):
    """Passes bumble's questions about one peer on to the agent."""

    def __init__(self, agent: Agent, address: str) -> None:
        super().__init__(agent.capability)
        self._agent = agent
        self._address = address

    async def get_number(self) -> int | None:
        return None if self._agent.enter is None else await self._agent.enter(self._address)

    async def compare_numbers(self, number: int, digits: int) -> bool:
        del digits  # six, always (Core Vol 3 H 2.2.9)
        compare = self._agent.compare
        return compare is not None and await compare(self._address, number)

    async def display_number(self, number: int, digits: int) -> None:
        del digits
        if self._agent.show is not None:
            await self._agent.show(self._address, number)


def pairing_config(connection: Connection, agent: Agent) -> PairingConfig:
    """What to offer a peer: protection against a man in the middle if there is someone to ask."""
    return PairingConfig(
        sc=True,
        mitm=agent.capability is not Capability.NO_OUTPUT_NO_INPUT,
        bonding=True,
        delegate=_Asking(agent, connection.peer_address.to_string(False)),
    )
