"""Rules for every test: no silent skip where skips are strict, no error left in an event loop."""

import asyncio
import gc
import os
import shutil
import sys
from collections import defaultdict
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from compile_engine import compiled, is_stale

settings.register_profile(
    "any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("any machine")

LEFT_OUT = pytest.StashKey[int]()

STRICT_SKIPS = os.environ.get("STRICT_SKIPS") == "1"

collect_ignore = [] if compiled() else ["compiled"]

ALLOWED_SKIPS: dict[str, str] = {}
"""Start of a test's node id -> why it may be skipped even where skips are strict."""


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Run one worker more than there are processors.

    Tests of whole processes wait for a simulated tool's own time; meanwhile another one computes.
    """
    return (os.cpu_count() or 1) + 1


def pytest_configure() -> None:
    """Test no compiled engine that is older than its source."""
    if is_stale():
        told = "the compiled engine is older than its source: 'make fast' or 'make slow'"
        raise pytest.UsageError(told)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Look for garbage seldom, and never among what was collected, which stays to the end.

    Thousands of tests are some million objects: to look through them took a fifth of the time.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.set_threshold(50_000, 10, 10)
        gc.enable()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let somebody who is at work leave some cases out."""
    told = "of each kind of case run some, and leave out what costs much"
    parser.addoption("--quick", action="store_true", help=told)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skip what needs a program this machine does not have; be quick where that is asked for."""
    for item in items:
        for mark in item.iter_markers("service"):
            for program in mark.args:
                if shutil.which(program) is None:
                    item.add_marker(pytest.mark.skip(reason=f"needs {program}"))
    if config.getoption("quick"):
        left_out = set(_left_out(items))
        config.hook.pytest_deselected(items=[item for item in items if item in left_out])
        items[:] = [item for item in items if item not in left_out]
        if hasattr(config, "workeroutput"):
            config.workeroutput["left_out"] = len(left_out)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:  # noqa: ANN401 -- of pytest-xdist
    """Take from a worker what it left out: each has collected all, and pytest does not say it."""
    node.config.stash[LEFT_OUT] = getattr(node, "workeroutput", {}).get("left_out", 0)


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Say what was left out, where pytest-xdist has run the tests."""
    if left_out := config.stash.get(LEFT_OUT, 0):
        terminalreporter.write_line(f"{left_out} cases left out by --quick")


def _left_out(items: list[pytest.Item]) -> Iterator[pytest.Item]:
    """Yield what is costly, and of what is thinned what another case stands for."""
    families: defaultdict[str, list[pytest.Item]] = defaultdict(list)
    for item in items:
        if item.get_closest_marker("costly"):
            yield item
        elif item.get_closest_marker("thinned"):
            families[item.nodeid.partition("[")[0]].append(item)
    for family in families.values():
        yield from _thinned(family)


def _thinned(family: list[pytest.Item]) -> Iterator[pytest.Item]:
    """Yield all but each n-th case, and but those that alone have a value of what is combined.

    Each n-th of a product may always meet the same values of one of its factors.
    """
    mark = family[0].get_closest_marker("thinned")
    assert mark is not None
    every = mark.args[0]
    seen = set().union(*(_values(item) for item in family[::every]))
    for place, item in enumerate(family):
        if place % every == 0:
            continue
        if values := _values(item) - seen:
            seen |= values
        else:
            yield item


def _values(item: pytest.Item) -> set[tuple[str, ...]]:
    """Return what each ``parametrize`` gives this case, where there are several: names, values."""
    marks = [mark.args[0] for mark in item.iter_markers("parametrize")]
    if len(marks) < 2 or not isinstance(item, pytest.Function):
        return set()
    params = item.callspec.params
    factors = [mark.split(",") if isinstance(mark, str) else mark for mark in marks]
    return {(*names, *(repr(params[name.strip()]) for name in names)) for names in factors}


def _refuse_skip(report: pytest.TestReport | pytest.CollectReport) -> None:
    excused = any(report.nodeid.startswith(start) for start in ALLOWED_SKIPS)
    if STRICT_SKIPS and report.skipped and not hasattr(report, "wasxfail") and not excused:
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"skips are strict: {reason}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None, object, object]:
    """Let what a test wants beforehand be made without coverage where the test says so."""
    with _measuring(item):
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Let a test run without coverage where it says so."""
    with _measuring(item):
        return (yield)


@contextmanager
def _measuring(item: pytest.Item) -> Iterator[None]:
    """Measure, or not, what a test says.

    pytest-cov's own mark stops one of the two measurements that a worker of pytest-xdist has.
    """
    tracer = sys.gettrace()
    if not _runs_unmeasured(item) or not _is_coverage(tracer):
        yield
        return
    sys.settrace(None)
    try:
        yield
    finally:
        sys.settrace(tracer)


def _runs_unmeasured(item: pytest.Item) -> bool:
    marks = {mark.name for mark in item.iter_markers()}
    return "unmeasured" in marks and "measured" not in marks


def _is_coverage(tracer: object) -> bool:
    return type(tracer).__module__.startswith("coverage")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn a skipped test into a failure where skips are strict."""
    report = yield
    _refuse_skip(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Turn a skipped module into a failure where skips are strict."""
    report = yield
    _refuse_skip(report)
    return report


@pytest.fixture(scope="session", autouse=True)
def _no_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep the machine's own settings and log out of the tests, and the tests out of them."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "LOCALAPPDATA", "APPDATA"):
            patch.setenv(name, str(home))
        for name in [name for name in os.environ if name.startswith("MASSAGE_COMPANION_")]:
            patch.delenv(name)
        yield


@pytest.fixture(scope="session", autouse=True)
def _bytecode(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Let the processes that tests start share their bytecode where this machine keeps none.

    Each would compile the companion anew otherwise.
    """
    base = tmp_path_factory.getbasetemp()
    folder = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    with pytest.MonkeyPatch.context() as patch:
        if sys.dont_write_bytecode:
            patch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
            patch.setenv("PYTHONPYCACHEPREFIX", str(folder / "bytecode"))
        yield


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of this test's own: where its settings and its log lie."""
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "LOCALAPPDATA", "APPDATA"):
        monkeypatch.setenv(name, str(tmp_path))
    return tmp_path


@pytest.fixture(autouse=True)
def loop_errors(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[dict[str, Any]]]:
    """Fail a test that leaves an error to an event loop's exception handler.

    A test that means to cause one takes this fixture and empties the list.
    """
    errors: list[dict[str, Any]] = []
    report = asyncio.BaseEventLoop.call_exception_handler

    def record(loop: asyncio.BaseEventLoop, context: dict[str, Any]) -> None:
        errors.append(context)
        report(loop, context)

    monkeypatch.setattr(asyncio.BaseEventLoop, "call_exception_handler", record)
    yield errors
    if errors:
        pytest.fail(f"left to the event loop's exception handler: {errors}")
