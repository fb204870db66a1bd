"""Arguments of the commands that guide a session or lead to one."""

from argparse import BooleanOptionalAction
from pathlib import Path
from typing import TYPE_CHECKING

from companion.cli.arguments import address, grams, names, port, rate, speed
from companion.cli.parsers.common import (
    add_adapter,
    add_broker,
    add_command,
    add_looks,
    add_oiled,
    add_output,
    add_scenario,
    add_settings_flags,
)
from companion.texts import text

if TYPE_CHECKING:
    from companion.cli.parsers.common import Commands


def add_demo(commands: "Commands") -> None:
    """Add ``companion demo``."""
    parser = add_command(commands, "demo", "demo")
    add_scenario(parser, default="heavy-hand")
    parser.add_argument("--speed", type=speed, metavar="X", help=text("cli.help.speed"))
    parser.add_argument(
        "--tools", dest="count", type=int, default=1, metavar="N", help=text("several.help.tools")
    )
    add_output(parser)
    parser.add_argument("--capture", metavar="FILE", help=text("cli.help.capture"))
    add_oiled(parser)
    add_settings_flags(parser)


def add_run(commands: "Commands") -> None:
    """Add ``companion run``."""
    parser = add_command(commands, "run", "run")
    parser.add_argument("--air", type=address, metavar="HOST:PORT", help=text("cli.help.air"))
    add_output(parser)
    parser.add_argument("--tool", metavar="TOOL", action="append", help=text("several.help.tool"))
    parser.add_argument("--pair", action="store_true", help=text("cli.help.pair_now"))
    parser.add_argument(
        "--person", metavar="NAME", action="append", help=text("several.help.person")
    )
    products = ("oil", "cream", "vitamin_c", "peptide", "retinoid")
    parser.add_argument("--product", choices=products, help=text("cli.help.product"))
    add_oiled(parser)
    parser.add_argument("--resume", action=BooleanOptionalAction, help=text("cli.help.resume"))
    parser.add_argument("--capture", type=Path, metavar="FILE", help=text("cli.help.run_capture"))
    add_broker(parser)
    add_adapter(parser)
    add_settings_flags(parser)


def add_dashboard(commands: "Commands") -> None:
    """Add ``companion dashboard``."""
    parser = add_command(commands, "dashboard", "dashboard")
    parser.add_argument("--air", type=address, metavar="HOST:PORT", help=text("cli.help.air"))
    add_looks(parser)


def add_simulate(commands: "Commands") -> None:
    """Add ``companion simulate``."""
    parser = add_command(commands, "simulate", "simulate")
    add_scenario(parser, default="careful")
    tool = parser.add_mutually_exclusive_group()
    tool.add_argument("--tool", metavar="NAME", help=text("cli.help.simulated_tool"))
    tool.add_argument(
        "--tools", type=names, metavar="A,B,...", help=text("cli.help.simulated_tools")
    )
    tool.add_argument("--no-tool", action="store_true", help=text("cli.help.no_tool"))
    parser.add_argument("--routine", metavar="ROUTINE", help=text("cli.help.routine"))
    parser.add_argument("--strict", action="store_true", help=text("cli.help.strict"))
    parser.add_argument("--weigh", type=grams, metavar="A,B,...", help=text("cli.help.weigh"))
    parser.add_argument("--weigh-gauge", metavar="NAME", help=text("cli.help.weigh_gauge"))
    parser.add_argument("--still", action="store_true", help=text("cli.help.still"))
    parser.add_argument("--plain", action="store_true", help=text("cli.help.plain_simulation"))
    parser.add_argument("--record", type=Path, metavar="DIR", help=text("cli.help.record"))
    parser.add_argument("--rate", type=rate, metavar="HZ", help=text("cli.help.record_rate"))
    place = parser.add_mutually_exclusive_group()
    place.add_argument("--join", type=address, metavar="HOST:PORT", help=text("cli.help.join"))
    place.add_argument("--hci", metavar="MONIKER", help=text("cli.help.hci"))
    place.add_argument("--port", type=port, default=0, metavar="N", help=text("cli.help.port"))
