"""Arguments of the commands about tools and the radio."""

from argparse import ArgumentParser
from pathlib import Path
from typing import TYPE_CHECKING

from companion.cli.arguments import above_zero, address, channel, degrees, seconds, times
from companion.cli.parsers.common import add_actions, add_adapter, add_command
from companion.texts import text

if TYPE_CHECKING:
    from companion.cli.parsers.common import Commands


def add_pair(commands: "Commands") -> None:
    """Add ``companion pair``."""
    parser = add_command(commands, "pair", "pair")
    add_adapter(parser)
    parser.add_argument("--air", type=address, metavar="HOST:PORT", help=text("cli.help.air"))
    parser.add_argument("--tool", metavar="TOOL", help=text("cli.help.pair_tool"))
    parser.add_argument("--name", metavar="NAME", help=text("cli.help.tool_name"))
    parser.add_argument("--json", action="store_true", help=text("cli.help.json"))


def add_tools(commands: "Commands") -> None:
    """Add ``companion tools``."""
    actions = add_actions(commands, "tools")
    listing = add_command(actions, "list", "tools", group="tools")
    listing.add_argument("--json", action="store_true", help=text("cli.help.json"))
    for action in ("show", "rename", "forget"):
        parser = add_command(actions, action, "tools", group="tools")
        parser.add_argument("tool", metavar="TOOL", help=text("cli.help.known_tool"))
        if action == "show":
            parser.add_argument("--json", action="store_true", help=text("cli.help.json"))
        if action == "rename":
            parser.add_argument("name", metavar="NAME", help=text("cli.help.tool_name"))
    _add_try(add_command(actions, "try", "tools_try", group="tools"))


def _add_try(parser: ArgumentParser) -> None:
    parser.add_argument("file", metavar="TOOL", help=text("cli.help.try_file"))
    parser.add_argument("--air", type=address, metavar="HOST:PORT", help=text("cli.help.air"))
    parser.add_argument("--bytes", nargs="+", metavar="HEX", help=text("cli.help.try_bytes"))
    parser.add_argument("--seconds", type=seconds, metavar="S", help=text("cli.help.try_seconds"))
    parser.add_argument(
        "--timeout", type=seconds, default=10.0, metavar="S", help=text("cli.help.try_timeout")
    )
    parser.add_argument("--json", action="store_true", help=text("cli.help.try_json"))


def add_doctor(commands: "Commands") -> None:
    """Add ``companion doctor``."""
    parser = add_command(commands, "doctor", "doctor")
    add_adapter(parser)
    parser.add_argument("--air", type=address, metavar="HOST:PORT", help=text("cli.help.air"))
    parser.add_argument("--tool", metavar="TOOL", help=text("cli.help.doctor_tool"))
    parser.add_argument("--json", action="store_true", help=text("cli.help.json"))
    parser.add_argument(
        "--seconds", type=seconds, default=5.0, metavar="S", help=text("cli.help.doctor_seconds")
    )


def add_calibrate(commands: "Commands") -> None:
    """Add ``companion calibrate``."""
    parser = add_command(commands, "calibrate", "calibrate")
    parser.add_argument("--air", type=address, metavar="HOST:PORT", help=text("cli.help.air"))
    parser.add_argument("--tool", metavar="TOOL", help=text("cli.help.tool"))
    parser.add_argument(
        "--channel", type=channel, metavar="N", help=text("cli.help.calibrate_channel")
    )
    parser.add_argument("--loads", metavar="A,B,...", help=text("cli.help.calibrate_loads"))
    parser.add_argument(
        "--unit", choices=("g", "n"), default="g", help=text("cli.help.calibrate_unit")
    )
    parser.add_argument(
        "--digit",
        type=above_zero,
        metavar="D",
        help=text("cli.help.calibrate_digit"),
    )
    parser.add_argument("--gauge", metavar="TOOL", help=text("cli.help.calibrate_gauge"))
    parser.add_argument(
        "--times", type=times, default=4, metavar="N", help=text("cli.help.calibrate_times")
    )
    parser.add_argument(
        "--temperature", type=degrees, metavar="C", help=text("cli.help.calibrate_temperature")
    )
    parser.add_argument("--json", action="store_true", help=text("cli.help.json"))
    instead = parser.add_mutually_exclusive_group()
    instead.add_argument("--area", metavar="MM", help=text("cli.help.calibrate_area"))
    instead.add_argument("--card", type=Path, metavar="FILE", help=text("cli.help.calibrate_card"))
    instead.add_argument("--forget", action="store_true", help=text("cli.help.calibrate_forget"))


def add_scan(commands: "Commands") -> None:
    """Add ``companion scan``."""
    parser = add_command(commands, "scan", "scan")
    add_adapter(parser)
    parser.add_argument("--air", type=address, metavar="HOST:PORT", help=text("cli.help.air"))
    parser.add_argument("--json", action="store_true", help=text("cli.help.json"))
    parser.add_argument(
        "--seconds", type=seconds, default=5.0, metavar="S", help=text("cli.help.seconds")
    )


def add_decode(commands: "Commands") -> None:
    """Add ``companion decode``."""
    parser = add_command(commands, "decode", "decode")
    kinds = ("feature", "telemetry", "event", "request", "answer")
    parser.add_argument("kind", choices=kinds, help=text("cli.help.kind"))
    parser.add_argument("hex", nargs="+", metavar="HEX", help=text("cli.help.hex"))
    parser.add_argument("--feature", metavar="HEX", help=text("cli.help.feature"))
    parser.add_argument("--json", action="store_true", help=text("cli.help.json"))


def add_conform(commands: "Commands") -> None:
    """Add ``companion conform``."""
    parser = add_command(commands, "conform", "conform")
    parser.add_argument("--air", type=address, metavar="HOST:PORT", help=text("cli.help.air"))
    parser.add_argument("--tool", metavar="TOOL", help=text("cli.help.tool"))
    parser.add_argument("--json", action="store_true", help=text("cli.help.json"))
    for name in ("slow", "attended", "forget", "list"):
        parser.add_argument(f"--{name}", action="store_true", help=text(f"cli.help.{name}"))
    parser.add_argument("--only", action="append", metavar="RULE", help=text("cli.help.only"))
