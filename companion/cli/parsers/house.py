"""Arguments of the commands about the broker, the settings, sounds and the browser."""

from argparse import REMAINDER
from typing import TYPE_CHECKING

from companion.cli.arguments import port
from companion.cli.parsers.common import (
    add_actions,
    add_broker,
    add_command,
    add_settings_flags,
    add_sound_flags,
)
from companion.texts import text

if TYPE_CHECKING:
    from companion.cli.parsers.common import Commands


def add_mqtt(commands: "Commands") -> None:
    """Add ``companion mqtt``."""
    actions = add_actions(commands, "mqtt")
    for action in ("status", "test", "forget"):
        parser = add_command(actions, action, "mqtt", group="mqtt")
        if action == "forget":
            parser.add_argument("device", metavar="TOOL", help=text("cli.help.mqtt_device"))
        if action == "status":
            parser.add_argument("--json", action="store_true", help=text("cli.help.json"))
        add_broker(parser)
    broker = add_command(actions, "broker", "mqtt_broker", group="mqtt")
    help_text = text("cli.help.mqtt_port")
    broker.add_argument("--port", type=port, default=1883, metavar="N", help=help_text)
    help_text = text("cli.help.mqtt_embedded")
    broker.add_argument("--embedded", action="store_true", help=help_text)


def add_settings(commands: "Commands") -> None:
    """Add ``companion settings``."""
    actions = add_actions(commands, "settings")
    add_command(actions, "path", "settings", group="settings")
    add_command(actions, "schema", "settings", group="settings")
    show = add_command(actions, "show", "settings", group="settings")
    show.add_argument("--json", action="store_true", help=text("cli.help.json"))
    show.add_argument("--tool", metavar="TOOL", help=text("cli.help.tool"))
    add_settings_flags(show)
    check = add_command(actions, "check", "settings", group="settings")
    check.add_argument("file", metavar="FILE", nargs="?", help=text("cli.help.settings_file"))


def add_cues(commands: "Commands") -> None:
    """Add ``companion cues``."""
    actions = add_actions(commands, "cues")
    test = add_command(actions, "test", "cues", group="cues")
    add_sound_flags(test)


def add_serve(commands: "Commands") -> None:
    """Add ``companion serve``."""
    parser = add_command(commands, "serve", "serve")
    parser.add_argument(
        "--host", default="127.0.0.1", metavar="ADDRESS", help=text("cli.help.serve_host")
    )
    parser.add_argument(
        "--port", type=port, default=8000, metavar="N", help=text("cli.help.serve_port")
    )
    for name in ("token-file", "cert-file", "key-file", "trusted-proxy", "public-url"):
        parser.add_argument(
            f"--{name}",
            default="",
            metavar=name.rpartition("-")[2].upper(),
            help=text(f"cli.help.serve_{name.replace('-', '_')}"),
        )
    parser.add_argument("what", nargs=REMAINDER, metavar="run|demo ...", help=text("cli.help.what"))
