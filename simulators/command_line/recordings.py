"""``python -m simulators record``: a labelled recording, made without a radio."""

from argparse import Namespace

from simulators.command_line.airs import plan_of
from simulators.command_line.endings import ExitCode, Refused
from simulators.recording import Losses, write_recording
from simulators.scenario import load_scenario
from simulators.tool_data import load_tool


def execute(arguments: Namespace) -> ExitCode:
    """Write a recording, and beside it what was true, and print the files' names.

    Raises:
        DataFileError: the tool or the scenario cannot be used.
        RecordingError: such a recording cannot be made.
        Refused: frames cannot be lost so.
        OSError: a file cannot be written.
    """
    written = write_recording(
        arguments.folder,
        arguments.name,
        tool=load_tool(arguments.tool),
        scenario=load_scenario(arguments.scenario),
        plan=plan_of(arguments),
        seed=arguments.seed,
        rate_hz=arguments.rate_hz,
        losses=_losses(arguments),
    )
    for path in written:
        print(path)
    return ExitCode.DONE


def _losses(arguments: Namespace) -> Losses:
    try:
        return Losses(arguments.lost_share, arguments.lost_burst_s)
    except ValueError as error:
        raise Refused(str(error)) from error
