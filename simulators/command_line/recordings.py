"""``python -m simulators record``: a labelled recording, made without a radio."""

from argparse import Namespace

from simulators.command_line.airs import plan_of
from simulators.command_line.endings import ExitCode, Refused
from simulators.recording import Losses, RecordingError, write_recording
from simulators.scenario import load_scenario
from simulators.tool_data import load_tool


def execute(arguments: Namespace) -> ExitCode:
    """Write a recording, and beside it what was true, and print the files' names.

    Raises:
        DataFileError: the tool or the scenario cannot be used.
        Refused: such a recording cannot be made.
        OSError: a file cannot be written.
    """
    tool, scenario = load_tool(arguments.tool), load_scenario(arguments.scenario)
    try:
        written = write_recording(
            arguments.folder,
            arguments.name,
            plan=plan_of(arguments),
            tool=tool,
            scenario=scenario,
            seed=arguments.seed,
            rate_hz=arguments.rate_hz,
            losses=Losses(arguments.lost_share, arguments.lost_burst_s),
        )
    except (RecordingError, ValueError) as error:
        raise Refused(str(error)) from error
    for path in written:
        print(path)
    return ExitCode.DONE
