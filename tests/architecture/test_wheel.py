"""The wheel: what a person installs is what stands in the tree, and nothing else."""

import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from companion import __version__

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(  # noqa: S603 -- our own interpreter
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (file,) = folder.glob("*.whl")
    return zipfile.ZipFile(file)


def test_it_holds_three_packages_and_nothing_else(wheel: zipfile.ZipFile) -> None:
    tops = {name.partition("/")[0] for name in wheel.namelist()}
    info = f"massage_companion-{__version__}.dist-info"
    assert tops == {"companion", "protocols", "simulators", info}


def test_the_data_files_are_inside(wheel: zipfile.ZipFile) -> None:
    shipped = {
        name.removeprefix("companion/defaults/")
        for name in wheel.namelist()
        if name.startswith("companion/defaults/")
    }
    config = ROOT / "config"
    assert shipped == {
        path.relative_to(config).as_posix() for path in config.rglob("*") if path.is_file()
    }


def test_words_and_type_markers_are_inside(wheel: zipfile.ZipFile) -> None:
    names = set(wheel.namelist())
    assert {f"{package}/py.typed" for package in ("companion", "protocols", "simulators")} <= names
    assert "companion/texts/en/cli.toml" in names


def test_no_test_is_inside(wheel: zipfile.ZipFile) -> None:
    marks = ("tests/", "test_", "conftest")
    assert not [name for name in wheel.namelist() if any(mark in name for mark in marks)]


def test_the_console_script_starts_from_the_wheel_alone(
    wheel: zipfile.ZipFile, tmp_path: Path
) -> None:
    wheel.extractall(tmp_path)
    done = subprocess.run(
        [sys.executable, "-P", "-m", "companion", "--version"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == f"companion {__version__}\n"


def test_the_wheel_reads_its_own_defaults(wheel: zipfile.ZipFile, tmp_path: Path) -> None:
    wheel.extractall(tmp_path)
    program = "from companion.paths import default_file; print(default_file('companion.toml'))"
    done = subprocess.run(  # noqa: S603 -- our own interpreter
        [sys.executable, "-P", "-c", program],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert Path(done.stdout.strip()) == tmp_path / "companion" / "defaults" / "companion.toml"


def test_the_entry_point_is_the_main_function() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["scripts"] == {"companion": "companion.__main__:main"}
