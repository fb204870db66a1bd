"""``companion analyze``: the live engine over a recording."""

import json
import sys
from argparse import Namespace
from dataclasses import replace

from companion.cli.analyze_report import report_lines
from companion.cli.endings import ExitCode, UsageRefused
from companion.recordings import (
    Options,
    ToolData,
    analyse,
    read_recording,
    read_tool,
    write_up,
)
from companion.sensing.types import RepetitionKind, Technique
from companion.texts import text

_M2_PER_CM2 = 1e-4


def execute(arguments: Namespace) -> ExitCode:
    """Print the report, or with ``--json`` the document.

    Raises:
        UsageRefused: the stop limit lies below the caution limit.
        FileRefused: the recording or the tool file breaks its contract.
        OSError: the file of attitudes cannot be written.
    """
    options = _options(arguments)
    recording = read_recording(arguments.file)
    for warning in recording.warnings:
        print(text("cli.failed.line", sentence=f"{arguments.file}: {warning}"), file=sys.stderr)
    analysis = analyse(recording, options, with_ups=arguments.attitude_out is not None)
    if arguments.attitude_out is not None:
        write_up(arguments.attitude_out, recording.t_s, analysis.ups)
    if arguments.json:
        print(json.dumps(analysis.document, allow_nan=False))
    else:
        area_m2 = None if options.tool is None else options.tool.contact_area_m2
        print("\n".join(report_lines(arguments.file, analysis, area_m2)))
    return ExitCode.OK


def _options(arguments: Namespace) -> Options:
    caution_n, stop_n = arguments.caution_n, arguments.stop_n
    if caution_n is not None and stop_n is not None and stop_n < caution_n:
        raise UsageRefused("cli.refused.limits")
    tool = None if arguments.tool is None else read_tool(arguments.tool)
    if arguments.contact_area_cm2 is not None:
        area_m2 = arguments.contact_area_cm2 * _M2_PER_CM2
        tool = replace(tool or ToolData(), contact_area_m2=area_m2)
    technique = None if arguments.technique is None else Technique(arguments.technique)
    return Options(
        repetition=RepetitionKind(arguments.rep),
        technique=technique,
        caution_n=caution_n,
        stop_n=stop_n,
        tool=tool,
    )
