"""Arguments of the commands about routines, evidence, persons and their programmes."""

from argparse import ArgumentParser
from typing import TYPE_CHECKING

from companion.cli.arguments import days_a_week, names, weeks
from companion.cli.parsers.common import add_actions, add_command
from companion.texts import text

if TYPE_CHECKING:
    from companion.cli.parsers.common import Commands


def add_routines(commands: "Commands") -> None:
    """Add ``companion routines``."""
    actions = add_actions(commands, "routines")
    listing = add_command(actions, "list", "routines", group="routines")
    listing.add_argument("--json", action="store_true", help=text("cli.help.json"))
    show = add_command(actions, "show", "routines", group="routines")
    show.add_argument("routine", metavar="ROUTINE", help=text("cli.help.routine"))
    show.add_argument("--person", metavar="NAME", help=text("cli.help.show_person"))
    show.add_argument("--for", dest="kind", metavar="KIND", help=text("cli.help.show_kind"))
    show.add_argument("--json", action="store_true", help=text("cli.help.json"))
    check = add_command(actions, "check", "routines", group="routines")
    check.add_argument("files", metavar="FILE", nargs="+", help=text("cli.help.routine_file"))
    check.add_argument("--json", action="store_true", help=text("cli.help.json"))
    new = add_command(actions, "new", "routines", group="routines")
    new.add_argument("name", metavar="NAME", help=text("cli.help.new_name"))
    new.add_argument("--from", dest="like", metavar="ROUTINE", help=text("cli.help.new_from"))
    add_command(actions, "path", "routines", group="routines")
    add_command(actions, "schema", "routines", group="routines")


def add_evidence(commands: "Commands") -> None:
    """Add ``companion evidence``."""
    parser = add_command(commands, "evidence", "evidence")
    parser.add_argument("claim", nargs="?", metavar="NAME", help=text("cli.help.evidence_name"))
    parser.add_argument("--article", metavar="N", help=text("cli.help.evidence_article"))
    parser.add_argument("--json", action="store_true", help=text("cli.help.json"))


def add_person(commands: "Commands") -> None:
    """Add ``companion person``."""
    actions = add_actions(commands, "person")
    for action in ("setup", "changed", "show", "journal", "delete"):
        parser = add_command(actions, action, "person", group="person")
        parser.add_argument(
            "--person", default="me", metavar="NAME", help=text("cli.help.person_name")
        )
        if action in {"show", "journal"}:
            parser.add_argument("--json", action="store_true", help=text("cli.help.json"))
    listing = add_command(actions, "list", "person", group="person")
    listing.add_argument("--json", action="store_true", help=text("cli.help.json"))


def add_programme(commands: "Commands") -> None:
    """Add ``companion programme``."""
    actions = add_actions(commands, "programme")
    listing = add_command(actions, "list", "programme", group="programme")
    listing.add_argument("--json", action="store_true", help=text("cli.help.json"))
    for action in ("start", "show", "change", "pause", "resume", "stop", "answer"):
        parser = add_command(actions, action, "programme", group="programme")
        if action == "start":
            parser.add_argument(
                "programme", metavar="PROGRAMME", help=text("cli.help.programme_name")
            )
        if action == "answer":
            help_text = text("cli.help.lines_deeper")
            parser.add_argument("answer", choices=("yes", "no"), help=help_text)
        help_text = text("cli.help.programme_person")
        parser.add_argument("--person", default="me", metavar="NAME", help=help_text)
        if action == "show":
            parser.add_argument("--json", action="store_true", help=text("cli.help.json"))
        if action in {"start", "change"}:
            _add_plan_flags(parser)
    due = add_command(actions, "due", "programme", group="programme")
    due.add_argument("--person", metavar="NAME", help=text("cli.help.due_person"))
    due.add_argument("--json", action="store_true", help=text("cli.help.json"))
    check = add_command(actions, "check", "programme", group="programme")
    check.add_argument("files", metavar="FILE", nargs="+", help=text("cli.help.programme_file"))
    check.add_argument("--json", action="store_true", help=text("cli.help.json"))
    new = add_command(actions, "new", "programme", group="programme")
    new.add_argument("name", metavar="NAME", help=text("cli.help.new_name"))
    new.add_argument(
        "--from", dest="like", metavar="PROGRAMME", help=text("cli.help.programme_from")
    )
    add_command(actions, "path", "programme", group="programme")
    add_command(actions, "schema", "programme", group="programme")


def _add_plan_flags(parser: ArgumentParser) -> None:
    """Add a flag for each part of a plan; None where it is not given."""
    parser.add_argument("--weeks", type=weeks, metavar="N", help=text("cli.help.plan_weeks"))
    parser.add_argument(
        "--days", dest="days_a_week", type=days_a_week, metavar="N", help=text("cli.help.plan_days")
    )
    parser.add_argument(
        "--rest", dest="rest_days", type=names, metavar="A,B", help=text("cli.help.plan_rest")
    )
    for slot in ("morning", "evening"):
        help_text = text(f"cli.help.plan_{slot}")
        parser.add_argument(f"--{slot}", metavar="ROUTINE", help=help_text)
        help_text = text(f"cli.help.plan_{slot}_at")
        parser.add_argument(f"--{slot}-at", metavar="HH:MM", help=help_text)
