"""Every argument of every command; the commands' own modules are imported when one is chosen."""

from argparse import ArgumentParser, BooleanOptionalAction
from pathlib import Path
from typing import TYPE_CHECKING

from companion import __version__
from companion.cli.arguments import (
    above_zero,
    address,
    day,
    days_a_week,
    names,
    port,
    rate,
    seconds,
    seed,
    speed,
    weeks,
)
from companion.texts import text

if TYPE_CHECKING:
    from argparse import _SubParsersAction

    Commands = _SubParsersAction[ArgumentParser]


def build_parser() -> ArgumentParser:
    """Return the parser of ``companion``; what it parses names the command's ``module``."""
    parser = ArgumentParser(
        prog="companion", description=text("cli.help.companion"), epilog=text("cli.help.more")
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    commands = parser.add_subparsers(metavar=text("cli.help.command"), required=True)
    _add_demo(commands)
    _add_run(commands)
    _add_pair(commands)
    _add_tools(commands)
    _add_doctor(commands)
    _add_scan(commands)
    _add_simulate(commands)
    _add_routines(commands)
    _add_evidence(commands)
    _add_person(commands)
    _add_programme(commands)
    _add_sessions(commands)
    _add_data(commands)
    _add_mqtt(commands)
    _add_settings(commands)
    _add_decode(commands)
    _add_conform(commands)
    _add_analyze(commands)
    return parser


def _command(
    commands: "Commands", name: str, module: str = "", *, group: str = ""
) -> ArgumentParser:
    """Add a command, or with ``group`` the action ``name`` of a command."""
    summary = text(f"cli.help.{group}_{name}" if group else f"cli.help.{name}")
    parser = commands.add_parser(name, help=summary, description=summary)
    if module:
        parser.add_argument("--verbose", action="store_true", help=text("cli.help.verbose"))
        parser.set_defaults(module=f"companion.cli.{module}", action=name)
    return parser


def _add_demo(commands: "Commands") -> None:
    parser = _command(commands, "demo", "demo")
    _add_scenario(parser, default="heavy-hand")
    parser.add_argument("--speed", type=speed, metavar="X", help=text("cli.help.speed"))
    _add_output(parser)
    parser.add_argument("--capture", metavar="FILE", help=text("cli.help.capture"))
    _add_oiled(parser)
    _add_settings_flags(parser)


def _add_run(commands: "Commands") -> None:
    parser = _command(commands, "run", "run")
    parser.add_argument("--air", type=address, metavar="HOST:PORT", help=text("cli.help.air"))
    _add_output(parser)
    parser.add_argument("--tool", metavar="TOOL", help=text("cli.help.tool"))
    parser.add_argument("--pair", action="store_true", help=text("cli.help.pair_now"))
    parser.add_argument("--person", metavar="NAME", help=text("cli.help.person_run"))
    products = ("oil", "cream", "vitamin_c", "peptide", "retinoid")
    parser.add_argument("--product", choices=products, help=text("cli.help.product"))
    _add_oiled(parser)
    _add_broker(parser)
    _add_settings_flags(parser)


def _add_pair(commands: "Commands") -> None:
    parser = _command(commands, "pair", "pair")
    parser.add_argument("--air", type=address, metavar="HOST:PORT", help=text("cli.help.air"))
    parser.add_argument("--tool", metavar="TOOL", help=text("cli.help.pair_tool"))
    parser.add_argument("--name", metavar="NAME", help=text("cli.help.tool_name"))
    parser.add_argument("--json", action="store_true", help=text("cli.help.json"))


def _add_tools(commands: "Commands") -> None:
    actions = _actions(commands, "tools")
    listing = _command(actions, "list", "tools", group="tools")
    listing.add_argument("--json", action="store_true", help=text("cli.help.json"))
    for action in ("show", "rename", "forget"):
        parser = _command(actions, action, "tools", group="tools")
        parser.add_argument("tool", metavar="TOOL", help=text("cli.help.known_tool"))
        if action == "show":
            parser.add_argument("--json", action="store_true", help=text("cli.help.json"))
        if action == "rename":
            parser.add_argument("name", metavar="NAME", help=text("cli.help.tool_name"))
    _add_try(_command(actions, "try", "tools_try", group="tools"))


def _add_doctor(commands: "Commands") -> None:
    parser = _command(commands, "doctor", "doctor")
    parser.add_argument("--air", type=address, metavar="HOST:PORT", help=text("cli.help.air"))
    parser.add_argument("--tool", metavar="TOOL", help=text("cli.help.doctor_tool"))
    parser.add_argument("--json", action="store_true", help=text("cli.help.json"))
    parser.add_argument(
        "--seconds", type=seconds, default=5.0, metavar="S", help=text("cli.help.doctor_seconds")
    )


def _add_scan(commands: "Commands") -> None:
    parser = _command(commands, "scan", "scan")
    parser.add_argument("--air", type=address, metavar="HOST:PORT", help=text("cli.help.air"))
    parser.add_argument("--json", action="store_true", help=text("cli.help.json"))
    parser.add_argument(
        "--seconds", type=seconds, default=5.0, metavar="S", help=text("cli.help.seconds")
    )


def _add_simulate(commands: "Commands") -> None:
    parser = _command(commands, "simulate", "simulate")
    _add_scenario(parser, default="careful")
    tool = parser.add_mutually_exclusive_group()
    tool.add_argument("--tool", metavar="NAME", help=text("cli.help.simulated_tool"))
    tool.add_argument(
        "--tools", type=names, metavar="A,B,...", help=text("cli.help.simulated_tools")
    )
    tool.add_argument("--no-tool", action="store_true", help=text("cli.help.no_tool"))
    parser.add_argument("--routine", metavar="ROUTINE", help=text("cli.help.routine"))
    parser.add_argument("--strict", action="store_true", help=text("cli.help.strict"))
    parser.add_argument("--still", action="store_true", help=text("cli.help.still"))
    parser.add_argument("--plain", action="store_true", help=text("cli.help.plain_simulation"))
    parser.add_argument("--record", type=Path, metavar="DIR", help=text("cli.help.record"))
    parser.add_argument("--rate", type=rate, metavar="HZ", help=text("cli.help.record_rate"))
    place = parser.add_mutually_exclusive_group()
    place.add_argument("--join", type=address, metavar="HOST:PORT", help=text("cli.help.join"))
    place.add_argument("--hci", metavar="MONIKER", help=text("cli.help.hci"))
    place.add_argument("--port", type=port, default=0, metavar="N", help=text("cli.help.port"))


def _add_routines(commands: "Commands") -> None:
    actions = _actions(commands, "routines")
    listing = _command(actions, "list", "routines", group="routines")
    listing.add_argument("--json", action="store_true", help=text("cli.help.json"))
    show = _command(actions, "show", "routines", group="routines")
    show.add_argument("routine", metavar="ROUTINE", help=text("cli.help.routine"))
    show.add_argument("--person", metavar="NAME", help=text("cli.help.show_person"))
    show.add_argument("--for", dest="kind", metavar="KIND", help=text("cli.help.show_kind"))
    show.add_argument("--json", action="store_true", help=text("cli.help.json"))
    check = _command(actions, "check", "routines", group="routines")
    check.add_argument("files", metavar="FILE", nargs="+", help=text("cli.help.routine_file"))
    check.add_argument("--json", action="store_true", help=text("cli.help.json"))
    new = _command(actions, "new", "routines", group="routines")
    new.add_argument("name", metavar="NAME", help=text("cli.help.new_name"))
    new.add_argument("--from", dest="like", metavar="ROUTINE", help=text("cli.help.new_from"))
    _command(actions, "path", "routines", group="routines")
    _command(actions, "schema", "routines", group="routines")


def _add_evidence(commands: "Commands") -> None:
    parser = _command(commands, "evidence", "evidence")
    parser.add_argument("claim", nargs="?", metavar="NAME", help=text("cli.help.evidence_name"))
    parser.add_argument("--article", metavar="N", help=text("cli.help.evidence_article"))
    parser.add_argument("--json", action="store_true", help=text("cli.help.json"))


def _add_person(commands: "Commands") -> None:
    actions = _actions(commands, "person")
    for action in ("setup", "changed", "show", "journal", "delete"):
        parser = _command(actions, action, "person", group="person")
        parser.add_argument(
            "--person", default="me", metavar="NAME", help=text("cli.help.person_name")
        )
        if action in {"show", "journal"}:
            parser.add_argument("--json", action="store_true", help=text("cli.help.json"))
    listing = _command(actions, "list", "person", group="person")
    listing.add_argument("--json", action="store_true", help=text("cli.help.json"))


def _add_programme(commands: "Commands") -> None:
    actions = _actions(commands, "programme")
    listing = _command(actions, "list", "programme", group="programme")
    listing.add_argument("--json", action="store_true", help=text("cli.help.json"))
    for action in ("start", "show", "change", "pause", "resume", "stop", "answer"):
        parser = _command(actions, action, "programme", group="programme")
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
    due = _command(actions, "due", "programme", group="programme")
    due.add_argument("--person", metavar="NAME", help=text("cli.help.due_person"))
    due.add_argument("--json", action="store_true", help=text("cli.help.json"))
    check = _command(actions, "check", "programme", group="programme")
    check.add_argument("file", metavar="FILE", help=text("cli.help.programme_file"))
    _command(actions, "schema", "programme", group="programme")


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


def _add_sessions(commands: "Commands") -> None:
    actions = _actions(commands, "sessions")
    listing = _command(actions, "list", "sessions", group="sessions")
    for name in ("person", "routine", "tool"):
        help_text = text(f"cli.help.sessions_of_{name}")
        listing.add_argument(f"--{name}", metavar="NAME", help=help_text)
    for name in ("since", "until"):
        help_text = text(f"cli.help.sessions_{name}")
        listing.add_argument(f"--{name}", type=day, metavar="DAY", help=help_text)
    listing.add_argument("--json", action="store_true", help=text("cli.help.json"))
    for action in ("show", "delete"):
        parser = _command(actions, action, "sessions", group="sessions")
        parser.add_argument("session", metavar="N", help=text("cli.help.session"))
        if action == "show":
            parser.add_argument("--json", action="store_true", help=text("cli.help.json"))


def _add_data(commands: "Commands") -> None:
    actions = _actions(commands, "data")
    where = _command(actions, "where", "data", group="data")
    where.add_argument("--json", action="store_true", help=text("cli.help.json"))
    erase = _command(actions, "erase", "data", group="data")
    erase.add_argument("--person", default="me", metavar="NAME", help=text("cli.help.person_name"))
    erase.add_argument("--yes", action="store_true", help=text("cli.help.data_yes"))


def _add_mqtt(commands: "Commands") -> None:
    actions = _actions(commands, "mqtt")
    for action in ("status", "test", "forget"):
        parser = _command(actions, action, "mqtt", group="mqtt")
        if action == "forget":
            parser.add_argument("device", metavar="TOOL", help=text("cli.help.mqtt_device"))
        if action == "status":
            parser.add_argument("--json", action="store_true", help=text("cli.help.json"))
        _add_broker(parser)


def _add_broker(parser: ArgumentParser) -> None:
    help_text = text("cli.help.mqtt_url")
    parser.add_argument("--mqtt", dest="mqtt_url", metavar="URL", help=help_text)


def _add_settings(commands: "Commands") -> None:
    actions = _actions(commands, "settings")
    _command(actions, "path", "settings", group="settings")
    _command(actions, "schema", "settings", group="settings")
    show = _command(actions, "show", "settings", group="settings")
    show.add_argument("--json", action="store_true", help=text("cli.help.json"))
    show.add_argument("--tool", metavar="TOOL", help=text("cli.help.tool"))
    _add_settings_flags(show)
    check = _command(actions, "check", "settings", group="settings")
    check.add_argument("file", metavar="FILE", nargs="?", help=text("cli.help.settings_file"))


def _add_decode(commands: "Commands") -> None:
    parser = _command(commands, "decode", "decode")
    kinds = ("feature", "telemetry", "event", "request", "answer")
    parser.add_argument("kind", choices=kinds, help=text("cli.help.kind"))
    parser.add_argument("hex", nargs="+", metavar="HEX", help=text("cli.help.hex"))
    parser.add_argument("--feature", metavar="HEX", help=text("cli.help.feature"))
    parser.add_argument("--json", action="store_true", help=text("cli.help.json"))


def _add_conform(commands: "Commands") -> None:
    parser = _command(commands, "conform", "conform")
    parser.add_argument("--air", type=address, metavar="HOST:PORT", help=text("cli.help.air"))
    parser.add_argument("--tool", metavar="TOOL", help=text("cli.help.tool"))
    parser.add_argument("--json", action="store_true", help=text("cli.help.json"))
    for name in ("slow", "attended", "forget", "list"):
        parser.add_argument(f"--{name}", action="store_true", help=text(f"cli.help.{name}"))
    parser.add_argument("--only", action="append", metavar="RULE", help=text("cli.help.only"))


def _add_try(parser: ArgumentParser) -> None:
    parser.add_argument("file", metavar="TOOL", help=text("cli.help.try_file"))
    parser.add_argument("--air", type=address, metavar="HOST:PORT", help=text("cli.help.air"))
    parser.add_argument("--bytes", nargs="+", metavar="HEX", help=text("cli.help.try_bytes"))
    parser.add_argument("--seconds", type=seconds, metavar="S", help=text("cli.help.try_seconds"))
    parser.add_argument(
        "--timeout", type=seconds, default=10.0, metavar="S", help=text("cli.help.try_timeout")
    )
    parser.add_argument("--json", action="store_true", help=text("cli.help.try_json"))


def _add_analyze(commands: "Commands") -> None:
    parser = _command(commands, "analyze", "analyze")
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


def _actions(commands: "Commands", name: str) -> "Commands":
    return _command(commands, name).add_subparsers(metavar=text("cli.help.action"), required=True)


def _add_scenario(parser: ArgumentParser, *, default: str) -> None:
    help_text = text("cli.help.scenario", default=default)
    parser.add_argument("--scenario", default=default, metavar="NAME", help=help_text)
    parser.add_argument("--seed", type=seed, default=1, metavar="N", help=text("cli.help.seed"))


def _add_output(parser: ArgumentParser) -> None:
    output = parser.add_mutually_exclusive_group()
    output.add_argument("--plain", action="store_true", help=text("cli.help.plain"))
    output.add_argument("--json", action="store_true", help=text("cli.help.json_events"))


def _add_oiled(parser: ArgumentParser) -> None:
    parser.add_argument("--oiled", action="store_true", help=text("cli.help.oiled"))


def _add_settings_flags(parser: ArgumentParser) -> None:
    """Add a flag for each setting that a command may overrule; None where it is not given."""
    parser.add_argument("--routine", metavar="ROUTINE", help=text("cli.help.routine"))
    parser.add_argument(
        "--scale", dest="scale_percent", metavar="PERCENT", help=text("cli.help.scale")
    )
    parser.add_argument("--rate", dest="rate_hz", metavar="HZ", help=text("cli.help.rate"))
    parser.add_argument("--theme", metavar="THEME", help=text("cli.help.theme"))
    parser.add_argument("--log-level", metavar="LEVEL", help=text("cli.help.log_level"))
    for name in ("mute", "ascii", "warn-haptic", "keep-sessions"):
        parser.add_argument(
            f"--{name}",
            action=BooleanOptionalAction,
            help=text(f"cli.help.{name.replace('-', '_')}"),
        )
