"""The examples of docs/simulators.md, run as they stand there."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from simulators import command_line

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "simulators.md").read_text(encoding="utf-8")
FILES = dict(re.findall(r"<!-- file: (\S+) -->\n```python\n(.*?)```", PAGE, re.DOTALL))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_the_pages_own_tests_pass(folder: Path) -> None:
    assert set(FILES) == {"program.py", "test_program.py", "test_scale.py"}
    plain = ["-q", "-W", "error", "-p", "no:cacheprovider", "-p", "no:asyncio"]
    done = subprocess.run(  # noqa: S603  # our own interpreter
        [sys.executable, "-m", "pytest", *plain, "--rootdir", str(folder), str(folder)],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "2 passed" in done.stdout, done.stdout + done.stderr


def test_the_program_of_the_page_names_no_backend_and_its_test_has_ten_lines() -> None:
    assert "backend" not in FILES["program.py"]
    assert "simulators" not in FILES["program.py"]
    assert len([line for line in FILES["test_program.py"].splitlines() if line.strip()]) <= 10


def test_every_command_of_the_page_is_one(capsys: pytest.CaptureFixture[str]) -> None:
    words = set(re.findall(r"^python -m simulators (\w+)", PAGE, re.MULTILINE))
    assert words == {"list", "serve", "join", "record", "run"}
    for word in words:
        with pytest.raises(SystemExit) as ended:
            command_line.main([word, "--help"])
        assert ended.value.code == 0
        assert f"python -m simulators {word}" in capsys.readouterr().out
