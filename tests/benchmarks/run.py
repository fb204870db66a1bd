"""Print every figure: ``make bench``.

    python -m tests.benchmarks.run [BENCH ...] [--runs N] [--write PAGE]

Each ``bench_*.py`` beside this file has ``bench()``, which returns the figures that ``figures.py``
describes. What is printed is the median of five runs, each in a fresh process and alone, and how
far they lay apart. A run during which other processes were busy is repeated, a few times; how
busy they were in those that count is printed too.
"""

import argparse
import json
import os
import platform
import re
import resource
import statistics
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from compile_engine import compiled
from tests.benchmarks.figures import FIGURES, Result

ROOT = Path(__file__).parents[2]
RUNS = 5
ONCE = frozenset({"link", "endurance"})
"""Benchmarks run once: in virtual time every run gives the same, and an hour is long."""
MORE_RUNS = 2
"""How many runs that were not quiet are repeated, in all, per benchmark."""
QUIET_PERCENT = 20.0
"""Up to this share of the machine, all cores together, taken by others, a run counts as quiet."""
CALL = (
    "import importlib, json, sys\n"
    "module = importlib.import_module('tests.benchmarks.bench_' + sys.argv[1])\n"
    "print(json.dumps(module.bench()))\n"
)
TABLE = re.compile(r"(<!-- figures: begin[^>]*-->\n).*?(<!-- figures: end -->)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a benchmark: its figures, and the percent of all cores that others took."""

    figures: dict[str, float]
    others_percent: float | None

    @property
    def is_quiet(self) -> bool:
        """Whether nothing else ran, as far as the system tells."""
        return self.others_percent is None or self.others_percent <= QUIET_PERCENT


def machine() -> str:
    """Name the machine: processor, cores, system and Python, and whether the engine is compiled."""
    python = f"{platform.python_implementation()} {platform.python_version()}"
    engine = ", the engine compiled" if compiled() else ""
    return f"{processor()}, {os.cpu_count()} cores, {platform.system()}, {python}{engine}"


def processor() -> str:
    """Return the processor's name, as far as the system tells it."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def measured(bench: str) -> Run:
    """Return one run in a fresh process.

    Raises:
        CalledProcessError: the benchmark failed.
    """
    busy_s, own_s, began_s = _busy_s(), _own_s(), os.times().elapsed
    done = subprocess.run(  # noqa: S603 -- our own interpreter and our own file
        [sys.executable, "-c", CALL, bench],
        cwd=ROOT,
        env=_environment(),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    figures: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    now_s = _busy_s()
    if busy_s is None or now_s is None:
        return Run(figures, None)
    others_s = max(0.0, now_s - busy_s - (_own_s() - own_s))
    cores_s = (os.times().elapsed - began_s) * (os.cpu_count() or 1)
    return Run(figures, 100 * others_s / cores_s)


def _environment() -> dict[str, str]:
    """Return ours, with this checkout first, and with compiled modules kept as they mostly are."""
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    return environment


def quietest(bench: str, wanted: int) -> list[Run]:
    """Run until enough runs were quiet; where that does not come about, take the quietest.

    Raises:
        CalledProcessError: the benchmark failed.
    """
    runs: list[Run] = []
    while sum(run.is_quiet for run in runs) < wanted and len(runs) < wanted + MORE_RUNS:
        runs.append(measured(bench))
    return sorted(runs, key=lambda run: run.others_percent or 0.0)[:wanted]


def _busy_s() -> float | None:
    """Return how long the machine's cores have worked in all; None where nothing tells it."""
    stat = Path("/proc/stat")
    if not stat.exists():
        return None
    user, nice, system, _idle, _wait, *rest = map(int, stat.read_text().split("\n")[0].split()[1:9])
    return (user + nice + system + sum(rest)) / os.sysconf("SC_CLK_TCK")


def _own_s() -> float:
    """Return how long this process and those it has waited for have worked."""
    usages = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def results(bench: str, runs: Sequence[Run]) -> list[Result]:
    """Return the figures of a benchmark in the order of their descriptions."""
    kept = []
    for figure in FIGURES[bench]:
        values = [run.figures[figure.name] for run in runs]
        kept.append(Result(bench, figure, values, statistics.median(values)))
    return kept


def quiet(runs: Sequence[Run]) -> str:
    """Say how quiet the machine was."""
    shares = [run.others_percent for run in runs if run.others_percent is not None]
    if not shares:
        return "this system does not tell what else ran"
    verdict = "quiet" if all(run.is_quiet for run in runs) else "NOT QUIET"
    return (
        f"{verdict}: other processes took at most {max(shares):.0f} % of the machine during a run"
    )


def page_table(found: Iterable[Result], remarks: str) -> str:
    """Return what stands on the page between its two marks."""
    lines, bench = [remarks, ""], ""
    for result in found:
        if result.bench != bench:
            bench = result.bench
            lines += ["", f"### {bench}", "", "| figure | median | runs | target | |"]
            lines += ["|---|---:|---:|---|---|"]
        lines.append(f"| {' | '.join(result.columns)} |".replace("|  |", "| |"))
    return "\n".join(lines).replace("\n\n\n", "\n\n") + "\n\n"


def write_page(page: Path, table: str) -> None:
    """Put the figures between the page's two marks.

    Raises:
        ValueError: the page has no such marks.
    """
    text = page.read_text(encoding="utf-8")
    if not TABLE.search(text):
        raise ValueError(f"{page} has no marks for the figures")
    page.write_text(TABLE.sub(lambda mark: mark[1] + table + mark[2], text), encoding="utf-8")


def main() -> int:
    """Run every benchmark, or those named, and print the figures."""
    parser = argparse.ArgumentParser(description="Print every figure.")
    parser.add_argument("bench", nargs="*", choices=[*FIGURES, []], help="only these")
    parser.add_argument("--runs", type=int, default=RUNS, help="how many runs (5)")
    parser.add_argument("--write", type=Path, metavar="PAGE", help="put the figures on a page")
    arguments = parser.parse_args()
    if arguments.write and arguments.bench:
        parser.error("a page takes all figures: name no benchmark with --write")
    print(machine())
    print(f"median of {arguments.runs} runs (lowest to highest)")
    found: list[Result] = []
    every: list[Run] = []
    for bench in arguments.bench or FIGURES:
        runs = quietest(bench, 1 if bench in ONCE else arguments.runs)
        print(f"\n{bench} ({quiet(runs)})")
        every += runs
        for result in results(bench, runs):
            found.append(result)
            means, median, spread, target, verdict = result.columns
            ending = f"{target}: {verdict}" if target else ""
            print(f"  {means:<66} {median:>8}  {f'({spread})':<22} {ending}".rstrip(), flush=True)
    if arguments.write:
        remarks = f"{machine()}. Median of {arguments.runs} runs, {quiet(every)}."
        write_page(arguments.write, page_table(found, remarks))
    return 0


if __name__ == "__main__":
    sys.exit(main())
