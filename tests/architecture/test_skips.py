"""Where skips are strict, a skipped test is a failed one."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

CONFTEST = Path(__file__).parents[1] / "conftest.py"
TEST = """
import asyncio
import pytest

@pytest.mark.service("a-program-that-nobody-has")
def test_needs_a_program():
    pass

@pytest.mark.skip(reason="no time")
def test_is_lazy():
    pass

def test_works():
    pass

def test_leaves_an_error_behind():
    loop = asyncio.new_event_loop()
    loop.call_soon(lambda: 1 / 0)
    loop.call_soon(loop.stop)
    loop.run_forever()
    loop.close()
"""


def outcome(folder: Path, *, strict: str) -> str:
    (folder / "conftest.py").write_text(CONFTEST.read_text(encoding="utf-8"), encoding="utf-8")
    (folder / "test_some.py").write_text(TEST, encoding="utf-8")
    (folder / "pytest.ini").write_text("[pytest]\nmarkers = service(name): a program\n")
    done = subprocess.run(  # noqa: S603 -- our own interpreter
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(folder)],
        cwd=folder,
        env=os.environ | {"STRICT_SKIPS": strict, "PYTHONPATH": str(CONFTEST.parents[1])},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.splitlines()[-1]


@pytest.mark.parametrize(
    ("strict", "counts"),
    [("0", ["2 passed", "2 skipped", "1 error"]), ("1", ["2 passed", "3 errors"])],
)
def test_strict_skips(tmp_path: Path, strict: str, counts: list[str]) -> None:
    last = outcome(tmp_path, strict=strict)
    assert not [count for count in counts if count not in last], last
