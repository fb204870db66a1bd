"""The pinned requirements: hashed, for every platform, and from nowhere in particular."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILES = ("runtime.txt", "extras.txt", "dev.txt")
EXTRAS = {"aiohttp", "amqtt", "sounddevice", "textual-serve"}
PIN = re.compile(r"^([a-z0-9-]+)==(\S+)(?: ; (.+?))? \\$")


def entries(file: str) -> list[str]:
    """Return each requirement with its hashes, as one string."""
    content = (ROOT / "requirements" / file).read_text(encoding="utf-8")
    return re.findall(r"^\S.*(?:\n    --hash.*)*", content, flags=re.MULTILINE)


def names(file: str) -> set[str]:
    return {entry.partition("==")[0] for entry in entries(file)}


@pytest.mark.parametrize("file", FILES)
def test_every_requirement_is_pinned_and_hashed(file: str) -> None:
    assert len(entries(file)) > 20
    for entry in entries(file):
        first, *hashes = entry.splitlines()
        assert PIN.match(first), first
        assert hashes
        assert all(re.fullmatch(r"    --hash=sha256:[0-9a-f]{64}(?: \\)?", line) for line in hashes)


@pytest.mark.parametrize("file", FILES)
def test_no_address_and_no_path_stands_in_them(file: str) -> None:
    content = (ROOT / "requirements" / file).read_text(encoding="utf-8")
    assert not re.search(r"://|^-|index|/|\.(?:com|org|net|io)\b", content, flags=re.MULTILINE)


def test_what_the_project_asks_for_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    runtime = project["project"]["dependencies"] + project["dependency-groups"]["build"]
    assert {re.split(r"[<>=]", item)[0] for item in runtime} <= names("runtime.txt")
    dev = project["dependency-groups"]["dev"]
    assert {re.split(r"[<>=]", item)[0] for item in dev} <= names("dev.txt")


def versions(file: str) -> set[str]:
    return {entry.split()[0] for entry in entries(file)}


def test_the_files_agree() -> None:
    assert versions("runtime.txt") <= versions("extras.txt") <= versions("dev.txt")


def test_the_extras_are_no_part_of_the_base() -> None:
    assert names("extras.txt") - names("runtime.txt") >= EXTRAS
