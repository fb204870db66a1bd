"""What the arguments of several commands have in common."""

from argparse import ArgumentParser, BooleanOptionalAction
from typing import TYPE_CHECKING

from companion.cli.arguments import seed
from companion.texts import text

if TYPE_CHECKING:
    from argparse import _SubParsersAction

    Commands = _SubParsersAction[ArgumentParser]


def add_command(
    commands: "Commands", name: str, module: str = "", *, group: str = "", summary: str = ""
) -> ArgumentParser:
    """Add a command, or with ``group`` the action ``name`` of a command.

    Its summary's key is made of these names, where none is given.
    """
    summary = text(summary or (f"cli.help.{group}_{name}" if group else f"cli.help.{name}"))
    parser = commands.add_parser(name, help=summary, description=summary, allow_abbrev=False)
    if module:
        parser.add_argument("--verbose", action="store_true", help=text("cli.help.verbose"))
        parser.set_defaults(module=f"companion.cli.{module}", action=name)
    return parser


def add_actions(commands: "Commands", name: str) -> "Commands":
    """Add a command whose actions are added to what is returned."""
    return add_command(commands, name).add_subparsers(
        metavar=text("cli.help.action"), required=True
    )


def add_scenario(parser: ArgumentParser, *, default: str) -> None:
    """Add the scenario and the seed of a simulated hand."""
    help_text = text("cli.help.scenario", default=default)
    parser.add_argument("--scenario", default=default, metavar="NAME", help=help_text)
    parser.add_argument("--seed", type=seed, default=1, metavar="N", help=text("cli.help.seed"))


def add_output(parser: ArgumentParser) -> None:
    """Add the choice of lines, plain or JSON, instead of the dashboard."""
    output = parser.add_mutually_exclusive_group()
    output.add_argument("--plain", action="store_true", help=text("cli.help.plain"))
    output.add_argument("--json", action="store_true", help=text("cli.help.json_events"))


def add_oiled(parser: ArgumentParser) -> None:
    """Add the word that the skin has oil on it."""
    parser.add_argument("--oiled", action="store_true", help=text("cli.help.oiled"))


def add_settings_flags(parser: ArgumentParser) -> None:
    """Add a flag for each setting that a command may overrule; None where it is not given."""
    parser.add_argument("--routine", metavar="ROUTINE", help=text("cli.help.routine"))
    parser.add_argument(
        "--scale", dest="scale_percent", metavar="PERCENT", help=text("cli.help.scale")
    )
    parser.add_argument("--rate", dest="rate_hz", metavar="HZ", help=text("cli.help.rate"))
    parser.add_argument("--log-level", metavar="LEVEL", help=text("cli.help.log_level"))
    add_sound_flags(parser)
    add_looks(parser)
    for name in ("mute", "warn-haptic", "keep-sessions"):
        _add_switch(parser, name)


def add_looks(parser: ArgumentParser) -> None:
    """Add a flag for each setting of how a screen looks."""
    parser.add_argument("--theme", metavar="THEME", help=text("cli.help.theme"))
    for name in ("ascii", "reduced-motion"):
        _add_switch(parser, name)


def _add_switch(parser: ArgumentParser, name: str) -> None:
    help_text = text(f"cli.help.{name.replace('-', '_')}")
    parser.add_argument(f"--{name}", action=BooleanOptionalAction, help=help_text)


def add_adapter(parser: ArgumentParser) -> None:
    """Add which of several adapters is used; None where it is not given."""
    parser.add_argument("--adapter", metavar="HCI", help=text("link.adapter.help"))


def add_sound_flags(parser: ArgumentParser) -> None:
    """Add the flags of what cues are made with."""
    parser.add_argument("--sound", metavar="SOUND", help=text("cli.help.sound"))
    parser.add_argument("--voice", action=BooleanOptionalAction, help=text("cli.help.voice"))
    parser.add_argument("--volume", metavar="PERCENT", help=text("cli.help.volume"))


def add_broker(parser: ArgumentParser) -> None:
    """Add the broker's address."""
    help_text = text("cli.help.mqtt_url")
    parser.add_argument("--mqtt", dest="mqtt_url", metavar="URL", help=help_text)
