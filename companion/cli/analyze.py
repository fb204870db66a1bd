"""``companion analyze``: the live engine over a recording."""

import json
import sys
from argparse import Namespace
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Final

from companion.cli.analyze_report import report_lines
from companion.cli.endings import ExitCode, UsageRefused
from companion.cli.loading import load, uncollected
from companion.recordings import (
    Options,
    Recording,
    ToolData,
    analyse,
    read_recording,
    read_tool,
    write_up,
)
from companion.sensing.calibrated import Calibration
from companion.sensing.types import RepetitionKind, Technique
from companion.texts import text

_KEPT: Final = "companion.cli.calibration_kept"
"""What checks a person's own files: to load that takes as long as to load the engine."""
_M2_PER_CM2 = 1e-4


def execute(arguments: Namespace) -> ExitCode:
    """Print the report, or with ``--json`` the document.

    Raises:
        UsageRefused: the stop limit lies below the caution limit, or the attitudes would be written
            over a file that is read.
        FileRefused: the recording or the tool file breaks its contract.
        OSError: the file of attitudes cannot be written.
    """
    _spare(arguments.attitude_out, (arguments.file, arguments.tool))
    with uncollected():
        return _analyse(arguments)


def _analyse(arguments: Namespace) -> ExitCode:
    options = _options(arguments)
    recording = read_recording(arguments.file)
    if arguments.as_sent_by is not None:
        known: Calibration = load(_KEPT).calibration_of(arguments.as_sent_by)
        recording, options = as_calibrated(recording, options, known)
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


def as_calibrated(
    recording: Recording, options: Options, known: Calibration
) -> tuple[Recording, Options]:
    """Return a recording of forces as a tool sent them in newtons, and the tool's measured area.

    A gain that the tool keeps is in what it sends: then nothing is multiplied.

    Raises:
        UsageRefused: the recording has another number of force channels than were calibrated.
    """
    factors = [1.0 if gain is None else gain.factor for gain in known.gains]
    if factors and len(factors) != len(recording.force_n):
        count = len(recording.force_n)
        raise UsageRefused("calibration.refused.channels", count=count, known=len(factors))
    if factors:
        columns = zip(recording.force_n, factors, strict=True)
        scaled = tuple([value * factor for value in column] for column, factor in columns)
        recording = replace(recording, force_n=scaled)
    tool = options.tool or ToolData()
    if known.area is not None and tool.contact_area_m2 is None:
        options = replace(options, tool=replace(tool, contact_area_m2=known.area.area_m2))
    return recording, options


def _spare(written: str | None, read: Iterable[str | None]) -> None:
    """Refuse to write over what is read, by whatever name.

    Raises:
        UsageRefused: the two are one file.
    """
    for file in read:
        with suppress(OSError, ValueError):
            if written is not None and file is not None and Path(written).samefile(file):
                raise UsageRefused("cli.refused.written_over", file=file)


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
        repetition=RepetitionKind(arguments.rep or RepetitionKind.STROKE),
        technique=technique,
        caution_n=caution_n,
        stop_n=stop_n,
        tool=tool,
        follows_steps=(arguments.rep, technique, caution_n, stop_n) == (None,) * 4,
    )
