"""Several guided sessions in lines that name their tool."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import replace

from companion.ble.errors import LinkError
from companion.cli.endings import ExitCode
from companion.cli.guiding import QUEUE, Shown, print_session, printable, stopped_by_signals
from companion.cli.keyboard import Keyboard
from companion.cli.on_screen import Guided, heard_of, run_together, status_of, stop_all
from companion.cli.session_keys import KEYS
from companion.cli.sounding import ring_terminal
from companion.cli.terminal import has_keyboard
from companion.coaching.events import Command
from companion.output import JsonLines, Lines, PlainLines
from companion.settings.user import UserSettings
from companion.texts import text

_ONLY_FOR_ALL = frozenset({Command.QUIT, Command.MUTE})
"""Keys that are of no single tool: there is one loudspeaker."""

_FOR_ALL = _ONLY_FOR_ALL | {Command.STOP, Command.UNWELL}
"""Keys that need no tool's number: to end is never wrong."""


async def guide_several_in_lines(
    guided: Sequence[Guided], settings: UserSettings, shown: Shown, *, is_heard: bool = True
) -> ExitCode:
    """Guide sessions and print their events, each line with its tool.

    Args:
        guided: the sessions.
        settings: sounds.
        shown: plain or JSON.
        is_heard: somebody is there to hear them.
    """
    width = max(len(one.name) for one in guided)

    def printing(number: int, one: Guided) -> Guided:
        lines = _lines(shown, number, one.name, width)
        for event in one.first:
            print(printable(lines.line(event)), flush=True)
        events = one.service.hub.subscribe("lines", QUEUE)
        return replace(one, edges=(lambda: print_session(events, lines, one.closing), *one.edges))

    def tell(one: Guided, error: LinkError) -> None:
        said = text("several.failed", name=one.name, reason=error)
        print(text("cli.failed.line", sentence=said), file=sys.stderr, flush=True)

    others = []
    if is_heard and shown is not Shown.JSON:
        others.append(heard_of(guided, settings, ring_terminal))
    commands = [one.service.command for one in guided]
    obeys = (lambda: obey_lines(commands)) if has_keyboard() else None
    printed = [printing(number, one) for number, one in enumerate(guided, start=1)]
    with stopped_by_signals(lambda: stop_all(guided)) as received:
        failed = await run_together(printed, tell, *others, obeys=obeys)
    return status_of(received, failed)


async def obey_lines(commands: Sequence[Callable[[Command], None]]) -> None:
    """Take lines from the terminal until cancelled: a tool's number and a key.

    Without a number only what ends a session or its sound is obeyed, by all of them.

    Args:
        commands: where the commands of each tool go.
    """
    keyboard = Keyboard()
    while (line := await keyboard.line()) is not None:
        number = line[:1] if line[:1].isdigit() else ""
        meant = KEYS.get(line.removeprefix(number).strip().lower())
        if meant is None:
            continue
        if number and 1 <= int(number) <= len(commands) and meant not in _ONLY_FOR_ALL:
            commands[int(number) - 1](meant)
        elif not number and meant in _FOR_ALL:
            for command in commands:
                command(meant)
        else:
            print(text("several.which", most=len(commands)), file=sys.stderr, flush=True)


def _lines(shown: Shown, number: int, name: str, width: int) -> Lines:
    if shown is Shown.JSON:
        return JsonLines({"tool_number": number, "tool_name": name})
    return PlainLines(f"{number} {name:<{width}}")
