"""``python -m simulators list``: what is shipped."""

import json
from argparse import Namespace

from simulators.command_line.endings import ExitCode
from simulators.data_files import config_root
from simulators.scenario import load_scenario
from simulators.tool_data import load_tool


def execute(arguments: Namespace) -> ExitCode:
    """Print the tools with their names, and the scenarios with what they are.

    Raises:
        DataFileError: a shipped file cannot be used.
    """
    tools = {name: load_tool(name).name for name in _names("tools")}
    scenarios = {name: load_scenario(name).description for name in _names("scenarios")}
    if arguments.json:
        print(json.dumps({"tools": tools, "scenarios": scenarios}))
        return ExitCode.DONE
    for heading, entries in (("tools", tools), ("scenarios", scenarios)):
        print(f"{heading}:")
        for name, words in entries.items():
            print(f"  {name:20} {words}")
    return ExitCode.DONE


def _names(folder: str) -> list[str]:
    return sorted(path.stem for path in (config_root() / folder).rglob("*.toml"))
