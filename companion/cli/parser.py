"""Every argument of every command; the commands' own modules are imported when one is chosen."""

from argparse import ArgumentParser

from companion import __version__
from companion.cli.parsers import guided, house, knowledge, records, tools
from companion.texts import text


def build_parser() -> ArgumentParser:
    """Return the parser of ``companion``; what it parses names the command's ``module``."""
    parser = ArgumentParser(
        prog="companion",
        description=text("cli.help.companion"),
        epilog=text("cli.help.more"),
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    commands = parser.add_subparsers(metavar=text("cli.help.command"), required=True)
    guided.add_demo(commands)
    guided.add_run(commands)
    guided.add_dashboard(commands)
    tools.add_pair(commands)
    tools.add_tools(commands)
    tools.add_calibrate(commands)
    tools.add_doctor(commands)
    tools.add_scan(commands)
    guided.add_simulate(commands)
    knowledge.add_routines(commands)
    knowledge.add_evidence(commands)
    knowledge.add_person(commands)
    knowledge.add_programme(commands)
    records.add_record(commands)
    records.add_sessions(commands)
    records.add_replay(commands)
    records.add_data(commands)
    house.add_cues(commands)
    house.add_serve(commands)
    house.add_mqtt(commands)
    house.add_settings(commands)
    tools.add_decode(commands)
    tools.add_conform(commands)
    records.add_analyze(commands)
    return parser
