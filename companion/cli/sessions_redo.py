"""``companion sessions redo``: a session judged again, old and new verdict side by side."""

from argparse import Namespace
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

from companion import __version__
from companion.cli.again import analysed, course, judged
from companion.cli.analyze_report import report_lines
from companion.cli.endings import ExitCode, UsageRefused
from companion.cli.printing import json_text, table
from companion.cli.sessions import known_session, opened_sessions
from companion.recordings.redo import StepVerdict
from companion.store.columns import DamagedError
from companion.store.course import Course, Stage
from companion.store.sessions import LIVE, Kept, Sessions
from companion.store.taken import taken
from companion.texts import text

_MILLION = 1_000_000
_UNSAID = "-"


def execute(arguments: Namespace) -> ExitCode:
    """Print both verdicts.

    Raises:
        FileRefused: the store cannot be used.
        UsageRefused: there is no such session, or none of its telemetry.
    """
    with opened_sessions() as sessions:
        kept = known_session(sessions, arguments.session)
        if not kept.raw_bytes:
            raise UsageRefused("store.nothing_to_redo", number=kept.number)
        try:
            if kept.source != LIVE:
                _analyse(sessions, kept, as_json=arguments.json)
            else:
                _compare(sessions, kept, as_json=arguments.json)
        except DamagedError:
            raise UsageRefused("store.unreadable", number=kept.number) from None
    return ExitCode.OK


def _analyse(sessions: Sessions, kept: Kept, *, as_json: bool) -> None:
    """Say what a recording gives today: nothing else was ever said of it."""
    analysis = analysed(taken(sessions, kept))
    if as_json:
        print(json_text({"session": kept.number, "analysis": analysis.document}))
    else:
        print("\n".join(report_lines(kept.routine, analysis, None)))


def _compare(sessions: Sessions, kept: Kept, *, as_json: bool) -> None:
    row = sessions.tool(kept)
    if row is None or not row.feature:
        raise UsageRefused("store.tool_not_kept", number=kept.number)
    run = course(sessions, kept)
    old = list(_said(run, sessions, kept))
    new = judged(sessions, kept, run)
    software = sessions.software(kept)
    if as_json:
        steps = [
            {"step": before.step, "old": _fields(before), "new": _fields(after)}
            for before, after in zip(old, new, strict=False)
        ]
        versions = {"old_software": software, "new_software": __version__}
        print(json_text({"session": kept.number, **versions, "steps": steps}))
        return
    print(text("store.redo.versions", old=software, new=__version__))
    heads = ("step", "repetitions", "cautions", "stops", "mean", "peak")
    rows = [_row(before, after) for before, after in zip(old, new, strict=False)]
    print(table([tuple(text(f"store.redo.{head}") for head in heads), *rows]))
    same = all(_alike(before, after) for before, after in zip(old, new, strict=False))
    print(text("store.redo.same" if same else "store.redo.other"))


def _said(run: Course, sessions: Sessions, kept: Kept) -> Iterator[StepVerdict]:
    """Yield what was said of each step when it was done."""
    summary = sessions.summary(kept) or {"steps": ()}
    results = {step["step"]: step for step in summary["steps"]}
    raised = [
        event
        for event in sessions.events(kept)
        if event["event"] == "over_pressure_missed"
        or (event["event"] == "alert_raised" and event["kind"] == "over_pressure")
    ]
    newest = {stage.step: stage for stage in run.stages}
    for stage in run.stages:
        is_last = newest[stage.step] is stage
        result = results.get(stage.step, {}) if is_last else {}
        levels = [event["level"] for event in raised if _is_of(stage, event)]
        yield StepVerdict(
            step=stage.step,
            repetitions=None if stage.by_hand else stage.result.get("repetitions"),
            cautions=levels.count("caution"),
            stops=levels.count("stop"),
            mean_kpa=result.get("mean_kpa"),
            peak_kpa=result.get("peak_kpa"),
        )


def _is_of(stage: Stage, event: Mapping[str, Any]) -> bool:
    at_us = round(event["device_s"] * _MILLION)
    return stage.from_us < at_us and (stage.to_us is None or at_us <= stage.to_us)


def _fields(verdict: StepVerdict) -> dict[str, Any]:
    return {key: value for key, value in asdict(verdict).items() if key != "step"}


def _row(before: StepVerdict, after: StepVerdict) -> tuple[str, ...]:
    return before.step, *(f"{old} / {new}" for old, new in _pairs(before, after))


def _pairs(before: StepVerdict, after: StepVerdict) -> Iterator[tuple[str, str]]:
    for name in ("repetitions", "cautions", "stops", "mean_kpa", "peak_kpa"):
        yield _shown(getattr(before, name)), _shown(getattr(after, name))


def _shown(value: float | None) -> str:
    if value is None:
        return _UNSAID
    return f"{value:.1f}" if isinstance(value, float) else str(value)


def _alike(before: StepVerdict, after: StepVerdict) -> bool:
    """Return whether all that was said then is said today; of a broken-off step little was."""
    return all(old in (new, _UNSAID) for old, new in _pairs(before, after))
