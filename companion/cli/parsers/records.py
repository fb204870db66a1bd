"""Arguments of the commands about what is kept: sessions, data and recordings."""

from argparse import ArgumentParser
from typing import TYPE_CHECKING

from companion.cli.arguments import above_zero, day
from companion.cli.parsers.common import add_actions, add_command
from companion.texts import text

if TYPE_CHECKING:
    from companion.cli.parsers.common import Commands


def add_sessions(commands: "Commands") -> None:
    """Add ``companion sessions``."""
    actions = add_actions(commands, "sessions")
    listing = add_command(actions, "list", "sessions", group="sessions")
    _add_wanted(listing)
    listing.add_argument("--json", action="store_true", help=text("cli.help.json"))
    for action in ("show", "delete"):
        parser = add_command(actions, action, "sessions", group="sessions")
        parser.add_argument("session", metavar="N", help=text("cli.help.session"))
        if action == "show":
            parser.add_argument("--json", action="store_true", help=text("cli.help.json"))
    _add_report(actions)


def _add_wanted(parser: ArgumentParser) -> None:
    """Add which sessions are meant."""
    for name in ("person", "routine", "tool"):
        help_text = text(f"cli.help.sessions_of_{name}")
        parser.add_argument(f"--{name}", metavar="NAME", help=help_text)
    for name in ("since", "until"):
        help_text = text(f"cli.help.sessions_{name}")
        parser.add_argument(f"--{name}", type=day, metavar="DAY", help=help_text)


def _add_report(actions: "Commands") -> None:
    report = add_command(actions, "report", "report", group="sessions")
    report.add_argument("session", nargs="?", metavar="N", help=text("cli.help.report_session"))
    _add_wanted(report)
    report.add_argument("--out", metavar="FILE", help=text("cli.help.report_out"))
    report.add_argument("--open", action="store_true", help=text("cli.help.report_open"))


def add_data(commands: "Commands") -> None:
    """Add ``companion data``."""
    actions = add_actions(commands, "data")
    where = add_command(actions, "where", "data", group="data")
    where.add_argument("--json", action="store_true", help=text("cli.help.json"))
    erase = add_command(actions, "erase", "data", group="data")
    erase.add_argument("--person", default="me", metavar="NAME", help=text("cli.help.person_name"))
    erase.add_argument("--yes", action="store_true", help=text("cli.help.data_yes"))


def add_analyze(commands: "Commands") -> None:
    """Add ``companion analyze``."""
    parser = add_command(commands, "analyze", "analyze")
    parser.add_argument("file", metavar="FILE", help=text("cli.help.recording"))
    parser.add_argument("--json", action="store_true", help=text("cli.help.json"))
    kinds = ("stroke", "cycle", "contact")
    parser.add_argument("--rep", choices=kinds, default="stroke", help=text("cli.help.rep"))
    names = ("sweep", "tap", "circle", "knead", "pinch", "press_hold", "stretch")
    parser.add_argument("--technique", choices=names, help=text("cli.help.technique"))
    for name, unit in (("contact-area-cm2", "A"), ("caution-n", "F"), ("stop-n", "F")):
        help_text = text(f"cli.help.{name.replace('-', '_')}")
        parser.add_argument(f"--{name}", type=above_zero, metavar=unit, help=help_text)
    parser.add_argument("--tool", metavar="FILE", help=text("cli.help.tool_file"))
    parser.add_argument("--attitude-out", metavar="FILE", help=text("cli.help.attitude_out"))
