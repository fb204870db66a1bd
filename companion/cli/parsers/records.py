"""Arguments of the commands about what is kept: sessions, data and recordings."""

from argparse import ArgumentParser, BooleanOptionalAction
from pathlib import Path
from typing import TYPE_CHECKING

from companion.cli.arguments import above_zero, address, day, past_weeks, seconds
from companion.cli.parsers.common import add_actions, add_command, add_looks, add_output
from companion.texts import text

if TYPE_CHECKING:
    from companion.cli.parsers.common import Commands


def add_sessions(commands: "Commands") -> None:
    """Add ``companion sessions``."""
    actions = add_actions(commands, "sessions")
    listing = add_command(actions, "list", "sessions", group="sessions")
    _add_wanted(listing)
    listing.add_argument("--json", action="store_true", help=text("cli.help.json"))
    for action, module in (
        *(("show", "sessions_show"), ("delete", "sessions")),
        *(("note", "sessions"), ("redo", "sessions_redo")),
    ):
        parser = add_command(actions, action, module, group="sessions")
        parser.add_argument("session", metavar="N", help=text("cli.help.session"))
        if action in {"show", "redo"}:
            parser.add_argument("--json", action="store_true", help=text("cli.help.json"))
        if action == "show":
            parser.add_argument("--strokes", action="store_true", help=text("cli.help.strokes"))
        if action == "note":
            parser.add_argument(
                "words", nargs="+", metavar="WORDS", help=text("cli.help.note_words")
            )
    _add_history(actions)
    _add_export(actions)
    bring = add_command(actions, "import", "sessions_import", group="sessions")
    bring.add_argument("file", metavar="FILE", help=text("cli.help.recording"))
    bring.add_argument("--tool", metavar="FILE", help=text("cli.help.import_tool"))
    bring.add_argument("--person", metavar="NAME", help=text("cli.help.import_person"))
    _add_report(actions)


def _add_wanted(parser: ArgumentParser) -> None:
    """Add which sessions are meant."""
    for name in ("person", "routine", "tool"):
        help_text = text(f"cli.help.sessions_of_{name}")
        parser.add_argument(f"--{name}", metavar="NAME", help=help_text)
    for name in ("since", "until"):
        help_text = text(f"cli.help.sessions_{name}")
        parser.add_argument(f"--{name}", type=day, metavar="DAY", help=help_text)


def _add_history(actions: "Commands") -> None:
    history = add_command(actions, "history", "sessions_history", group="sessions")
    history.add_argument("--person", metavar="NAME", help=text("cli.help.sessions_of_person"))
    history.add_argument(
        "--weeks", type=past_weeks, metavar="N", help=text("cli.help.history_weeks")
    )
    history.add_argument("--json", action="store_true", help=text("cli.help.json"))


def _add_export(actions: "Commands") -> None:
    export = add_command(actions, "export", "sessions_export", group="sessions")
    export.add_argument("session", metavar="N", nargs="*", help=text("cli.help.session"))
    export.add_argument("--all", action="store_true", help=text("cli.help.export_all"))
    formats = ("csv", "json", "parquet")
    export.add_argument("--format", choices=formats, default="csv", help=text("cli.help.format"))
    export.add_argument(
        "--out", type=Path, default=Path(), metavar="DIR", help=text("cli.help.export_out")
    )
    _add_wanted(export)


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
    export = add_command(actions, "export", "data_export", group="data")
    export.add_argument("--person", default="me", metavar="NAME", help=text("cli.help.person_name"))
    help_text = text("cli.help.data_export_out")
    export.add_argument("--out", type=Path, required=True, metavar="PLACE", help=help_text)
    add_command(actions, "compact", "data_compact", group="data")


def add_record(commands: "Commands") -> None:
    """Add ``companion record``."""
    parser = add_command(commands, "record", "record", summary="cli.help.record_raw")
    parser.add_argument("--air", type=address, metavar="HOST:PORT", help=text("cli.help.air"))
    parser.add_argument("--tool", metavar="TOOL", help=text("cli.help.tool"))
    parser.add_argument("--pair", action="store_true", help=text("cli.help.pair_now"))
    parser.add_argument("--person", metavar="NAME", help=text("cli.help.import_person"))
    parser.add_argument(
        "--seconds", type=seconds, metavar="S", help=text("cli.help.record_seconds")
    )
    parser.add_argument("--out", type=Path, metavar="FILE", help=text("cli.help.record_out"))
    parser.add_argument("--json", action="store_true", help=text("cli.help.json_events"))
    parser.add_argument("--rate", dest="rate_hz", metavar="HZ", help=text("cli.help.rate"))
    parser.add_argument("--log-level", metavar="LEVEL", help=text("cli.help.log_level"))
    parser.add_argument(
        "--keep-sessions", action=BooleanOptionalAction, help=text("cli.help.keep_sessions")
    )


def add_replay(commands: "Commands") -> None:
    """Add ``companion replay``."""
    parser = add_command(commands, "replay", "replay")
    parser.add_argument("what", metavar="WHAT", help=text("cli.help.replay_what"))
    speeds = ("0.25", "0.5", "1", "2", "4", "8", "max")
    parser.add_argument("--speed", choices=speeds, help=text("cli.help.replay_speed"))
    parser.add_argument("--bell", action="store_true", help=text("cli.help.replay_bell"))
    add_output(parser)
    add_looks(parser)
    _add_judging(parser)
    parser.add_argument("--tool", metavar="FILE", help=text("cli.help.tool_file"))


def _add_judging(parser: ArgumentParser) -> None:
    """Add the limits of a recording, and the area that makes pressures of its forces."""
    for name, unit in (("contact-area-cm2", "A"), ("caution-n", "F"), ("stop-n", "F")):
        help_text = text(f"cli.help.{name.replace('-', '_')}")
        parser.add_argument(f"--{name}", type=above_zero, metavar=unit, help=help_text)


def add_analyze(commands: "Commands") -> None:
    """Add ``companion analyze``."""
    parser = add_command(commands, "analyze", "analyze")
    parser.add_argument("file", metavar="FILE", help=text("cli.help.recording"))
    parser.add_argument("--json", action="store_true", help=text("cli.help.json"))
    kinds = ("stroke", "cycle", "contact")
    parser.add_argument("--rep", choices=kinds, help=text("cli.help.rep"))
    names = ("sweep", "tap", "circle", "knead", "pinch", "press_hold", "stretch")
    parser.add_argument("--technique", choices=names, help=text("cli.help.technique"))
    _add_judging(parser)
    parser.add_argument("--tool", metavar="FILE", help=text("cli.help.tool_file"))
    parser.add_argument("--as-sent-by", metavar="TOOL", help=text("cli.help.as_sent_by"))
    parser.add_argument("--attitude-out", metavar="FILE", help=text("cli.help.attitude_out"))
