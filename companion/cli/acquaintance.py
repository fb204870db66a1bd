"""Making a tool known: paired, looked at, named and kept."""

import sys
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from companion.ble.adapter import Adapter
from companion.ble.pairing import Introduction, Meeting, Zero, pairing, unbonded
from companion.ble.scanner import Found
from companion.cli.arguments import Address
from companion.cli.endings import ExitCode, UsageRefused
from companion.errors import CompanionError
from companion.settings.tools import (
    LONGEST_NAME,
    KnownTool,
    Radio,
    free_name,
    is_name,
    keep_tool,
    load_tools,
)
from companion.texts import text
from companion.tui.workshop import Talk
from protocols.massage_tool import ToolFeature


class NotMeant(CompanionError):
    """The person says that this is not the tool that was meant."""

    exit_code = ExitCode.FAILED


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How a tool is made known.

    Attributes:
        talk: who is asked whether it is the one, and what to call it; None for nobody.
        name: what to call it; None for what it was called, or calls itself.
        tares: whether to set its zero, too.
        tells: whether to tell how it goes.
    """

    talk: Talk | None = None
    name: str | None = None
    tares: bool = True
    tells: bool = True

    def say(self, sentence: str) -> None:
        """Tell how it goes, where that is to be told."""
        if self.tells:
            (say if self.talk is None else self.talk.say)(sentence)


def radio_of(air: Address | None) -> Radio:
    """Return which radio a command uses."""
    return Radio.BLUETOOTH if air is None else Radio.VIRTUAL


def check_name(name: str, own: str | None = None) -> None:
    """Make sure that a tool may be called so.

    Args:
        name: the name.
        own: address of the tool that is to have it, whose own name it may be.

    Raises:
        UsageRefused: it cannot be a name, or another tool has it.
        FileRefused: the file of known tools cannot be used.
    """
    refusal = _refusal(name, own)
    if refusal is not None:
        raise refusal


async def acquainted(adapter: Adapter, found: Found, radio: Radio, manner: Manner) -> KnownTool:
    """Pair with a tool and keep it.

    Args:
        adapter: the radio.
        found: the tool, heard a moment ago.
        radio: which radio that is.
        manner: how.

    Raises:
        LinkError: it could not be paired.
        NotMeant: the person says that it is another one.
        FileRefused: the file of known tools cannot be used or written.
    """
    load_tools()
    manner.say(text("cli.pair.pairing", tool=found.label))
    async with pairing(adapter, await unbonded(adapter, found)) as meeting:
        introduction = meeting.introduction
        manner.say(introduced(introduction))
        if manner.talk is not None:
            await _ask_whether_meant(meeting, found.label, manner.talk)
        if manner.tares:
            await _tare(meeting, manner)
        name = await _name_for(introduction, radio, manner)
        tool = replace(_known(introduction, radio, name), rssi_dbm=found.rssi_dbm)
        keep_tool(tool)
        meeting.keep()
    return tool


def introduced(introduction: Introduction) -> str:
    """Return in a sentence what a tool said of itself."""
    identity = introduction.identity
    tool = _known(introduction, Radio.BLUETOOTH, "-")
    maker = " ".join(word for word in (identity.manufacturer, identity.model) if word)
    battery = introduction.battery_percent
    return text(
        "cli.pair.introduced",
        kind=text(f"cli.tools.kind.{tool.kind}"),
        maker=maker or text("cli.tools.untold"),
        firmware=identity.firmware or text("cli.tools.untold"),
        battery=text("cli.tools.untold") if battery is None else f"{battery} %",
    )


def say(sentence: str) -> None:
    """Tell the person how it goes: on standard error, where no program reads an answer."""
    print(sentence, file=sys.stderr, flush=True)


async def _ask_whether_meant(meeting: Meeting, label: str, talk: Talk) -> None:
    buzzes = await meeting.identify()
    key = "cli.pair.meant" if buzzes else "cli.pair.meant_silent"
    if not await talk.agrees(text(key, tool=label)):
        raise NotMeant("cli.pair.not_meant", tool=label)


async def _tare(meeting: Meeting, manner: Manner) -> None:
    if manner.talk is None:
        manner.say(text("cli.pair.hold_still"))
    else:
        await manner.talk.ask(text("cli.pair.hold_still_then"))
    zero = await meeting.tare()
    if zero is not Zero.NEEDLESS:
        manner.say(text(f"cli.pair.zero.{zero}"))


async def _name_for(introduction: Introduction, radio: Radio, manner: Manner) -> str:
    address = introduction.address
    others = [tool for tool in load_tools() if tool.identity != (radio, address)]
    before = [tool.name for tool in load_tools() if tool.identity == (radio, address)]
    proposed = manner.name or next(
        iter(before), free_name(introduction.advertised or address, others)
    )
    if manner.talk is None or manner.name is not None:
        return proposed
    return await ask_name(manner.talk, proposed, address)


async def ask_name(talk: Talk, proposed: str, own: str) -> str:
    """Ask what to call a tool until it can be called so.

    Args:
        talk: who is asked.
        proposed: what an empty answer says.
        own: address of the tool that is to have the name.

    Raises:
        FileRefused: the file of known tools cannot be used.
    """
    while True:
        question = text("cli.pair.name", proposed=proposed)
        name = await talk.ask(question, has_default=True) or proposed
        refusal = _refusal(name, own)
        if refusal is None:
            return name
        talk.say(str(refusal))


def _refusal(name: str, own: str | None) -> UsageRefused | None:
    if not is_name(name):
        return UsageRefused("cli.tools.no_name", longest=LONGEST_NAME)
    if any(tool.answers_to(name) and tool.address != own for tool in load_tools()):
        return UsageRefused("cli.tools.taken", name=name)
    return None


def _known(introduction: Introduction, radio: Radio, name: str) -> KnownTool:
    now = datetime.now(UTC).replace(microsecond=0)
    identity, security = introduction.identity, introduction.security
    tool = KnownTool(
        name=name,
        radio=radio,
        address=introduction.address,
        advertised=introduction.advertised,
        feature="",
        bonded=None if security is None else security.bonded,
        manufacturer=identity.manufacturer,
        model=identity.model,
        serial=identity.serial,
        firmware=identity.firmware,
        paired_at=now,
        seen_at=now,
        battery_percent=introduction.battery_percent,
    )
    return tool.with_feature(introduction.feature)


def seen_now(tool: KnownTool, feature: ToolFeature) -> KnownTool:
    """Return a known tool as it describes itself now."""
    now = datetime.now(UTC).replace(microsecond=0)
    return replace(tool.with_feature(feature), seen_at=now)
