"""Where everything is said: one tree for each hub, with names that reveal no address."""

import hmac
import re
from dataclasses import dataclass
from typing import Final

NAME: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
"""A level of ours: what every broker, ACL and Home Assistant takes as it is."""

_ID_DIGITS: Final = 10
"""Forty bits: two tools of one house do not meet."""


def id_of(identity: str, secret: bytes) -> str:
    """Return a stable name for a tool.

    Without the secret nobody finds the Bluetooth address again, not even by trying them all.

    Args:
        identity: the tool's address, or what else names it on this system.
        secret: this computer's own.
    """
    digest = hmac.digest(secret, identity.upper().encode(), "sha256").hex()
    return f"tool-{digest[:_ID_DIGITS]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Topics:
    """The tree of one hub; each level is a `NAME`, and ``base`` is not ``prefix``.

    Attributes:
        base: the first level.
        hub: the second: one computer that runs the companion.
        prefix: where Home Assistant looks for discovery.
    """

    base: str = "massage-companion"
    hub: str = "hub"
    prefix: str = "homeassistant"

    def __post_init__(self) -> None:
        if self.base == self.prefix or not all(map(NAME.fullmatch, self._levels())):
            raise ValueError(f"no tree can stand at {self._levels()}")

    def _levels(self) -> tuple[str, str, str]:
        return self.base, self.hub, self.prefix

    @property
    def root(self) -> str:
        """All of this hub's topics lie below it."""
        return f"{self.base}/{self.hub}"

    @property
    def status(self) -> str:
        """Whether the hub is there; also its will."""
        return f"{self.root}/status"

    @property
    def info(self) -> str:
        """What the hub is."""
        return f"{self.root}/info"

    @property
    def commands(self) -> str:
        """The filter under which commands come."""
        return f"{self.root}/+/+/set"

    @property
    def birth(self) -> str:
        """Where Home Assistant says that it is there again."""
        return f"{self.prefix}/status"

    def of(self, tool: str, what: str) -> str:
        """Return a topic of a tool, for example ``state`` or ``session/summary``."""
        return f"{self.root}/{tool}/{what}"

    def discovery(self, node: str) -> str:
        """Return where a whole device is described (Home Assistant 2024.11 and later)."""
        return f"{self.prefix}/device/{node}/config"

    def component(self, platform: str, node: str, key: str) -> str:
        """Return where one entity is described (any Home Assistant)."""
        return f"{self.prefix}/{platform}/{node}/{key}/config"

    def command(self, topic: str) -> tuple[str, str] | None:
        """Return the tool and the thing a command is for; None for a topic that is none."""
        parts = topic.removeprefix(f"{self.root}/").split("/")
        if not topic.startswith(f"{self.root}/") or parts[2:] != ["set"]:
            return None
        return parts[0], parts[1]

    def is_for_answers(self, topic: str) -> bool:
        """Return whether an answer may go to a topic that a requester names.

        Anything else could make us say things in the place of another: states, or commands.
        """
        levels = topic.split("/")
        return (
            levels[0] == self.base
            and "response" in levels[1:]
            and levels[-1] != "set"
            and len(topic) <= _LONGEST_TOPIC
            and topic.isprintable()
            and not {"+", "#"} & set(topic)
        )


_LONGEST_TOPIC: Final = 256


def hub_name(host: str) -> str:
    """Return a computer's name as a level: small letters, digits, dashes."""
    name = re.sub(r"[^a-z0-9_-]+", "-", host.lower().partition(".")[0]).strip("-_")
    return name[:64] or "hub"
