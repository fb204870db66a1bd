"""Print every figure: ``make bench``.

Each ``bench_*.py`` beside this file has ``bench()``, which returns figures by name, the unit at
the end of the name. What is printed is the median of five runs, each in a fresh process and alone
on the machine, and how far the runs lay apart. Names that end in ``_ratio`` are ratios: those can
be compared between machines, the others cannot.
"""

import json
import os
import platform
import statistics
import subprocess
import sys
from pathlib import Path

RUNS = 5
FOLDER = Path(__file__).parent
CALL = (
    "import importlib.util, json, sys\n"
    "spec = importlib.util.spec_from_file_location('bench', sys.argv[1])\n"
    "module = importlib.util.module_from_spec(spec)\n"
    "spec.loader.exec_module(module)\n"
    "print(json.dumps(module.bench()))\n"
)


def machine() -> str:
    """Name the machine: processor, cores, load, system and Python."""
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return f"{processor()}, {os.cpu_count()} cores{load}; {platform.platform()}; {python}"


def processor() -> str:
    """Return the processor's name, as far as the system tells it."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def measured(file: Path) -> dict[str, float]:
    """Return the figures of one run in a fresh process.

    Raises:
        CalledProcessError: the benchmark failed.
    """
    done = subprocess.run(  # noqa: S603 -- our own interpreter and our own file
        [sys.executable, "-c", CALL, str(file)],
        cwd=FOLDER.parents[1],
        env=os.environ | {"PYTHONPATH": str(FOLDER.parents[1])},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    figures: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return figures


def main() -> int:
    """Run every benchmark, or those named, and print the figures."""
    wanted = sys.argv[1:]
    files = [file for file in sorted(FOLDER.glob("bench_*.py")) if _is_wanted(file, wanted)]
    print(machine())
    print(f"median of {RUNS} runs (lowest to highest)")
    for file in files:
        runs = [measured(file) for _ in range(RUNS)]
        print(f"\n{file.stem.removeprefix('bench_')}")
        for name in runs[0]:
            values = [run[name] for run in runs]
            spread = f"({min(values):.5g} to {max(values):.5g})"
            print(f"  {name:<44} {statistics.median(values):>12.5g}  {spread}", flush=True)
    return 0


def _is_wanted(file: Path, wanted: list[str]) -> bool:
    return not wanted or file.stem.removeprefix("bench_") in wanted


if __name__ == "__main__":
    sys.exit(main())
