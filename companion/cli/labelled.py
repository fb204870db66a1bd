"""``companion simulate --record``: labelled recordings, written without a radio."""

from argparse import Namespace
from pathlib import Path

from companion.cli.endings import ExitCode, UsageRefused
from companion.cli.simulation import refusals, tool_names
from companion.errors import no_access
from simulators.plan import Plan
from simulators.recording import RecordingError, write_recording
from simulators.scenario import load_scenario
from simulators.tool_data import load_tool

_RATE_HZ = 100


def record(arguments: Namespace, plan: Plan) -> ExitCode:
    """Write one labelled recording for each tool, and print the files.

    Raises:
        UsageRefused: a tool does not stream at such a rate.
        FileRefused: the scenario or a tool cannot be used, or a file cannot be written.
    """
    with refusals():
        scenario = load_scenario(arguments.scenario)
        for name in tool_names(arguments):
            tool = load_tool(name)
            label = f"{Path(name).stem}-{scenario.name.replace('+', '-')}-{arguments.seed}"
            try:
                written = write_recording(
                    arguments.record,
                    label,
                    plan=plan,
                    tool=tool,
                    scenario=scenario,
                    seed=arguments.seed,
                    rate_hz=arguments.rate or _RATE_HZ,
                )
            except RecordingError as error:
                raise UsageRefused("cli.simulate.cannot_record", reason=str(error)) from error
            except OSError as error:
                raise no_access(str(error.filename or arguments.record), error) from error
            for file in written:
                print(file)
    return ExitCode.OK
