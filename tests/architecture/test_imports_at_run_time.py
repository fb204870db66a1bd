"""What really gets loaded: the static import graph cannot see imports made while running."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
THIRD_PARTY = {
    "aiohttp",
    "aiomqtt",
    "amqtt",
    "bleak",
    "bumble",
    "dbus_fast",
    "matplotlib",
    "numpy",
    "platformdirs",
    "pydantic",
    "rich",
    "sounddevice",
    "textual",
    "vqf",
}

FOR_THE_LANGUAGE = {"platformdirs"}
"""It knows where the settings lie, which name the language of help and refusals."""


def loaded_by(statement: str) -> set[str]:
    """Return the top-level modules that a fresh interpreter holds after a statement."""
    program = (
        "import sys, json, io, contextlib\n"
        "with contextlib.redirect_stdout(io.StringIO()):\n"
        f"    {statement}\n"
        "print(json.dumps(sorted({name.partition('.')[0] for name in sys.modules})))"
    )
    done = subprocess.run(  # noqa: S603 -- our own interpreter and our own words
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    names: list[str] = json.loads(done.stdout)
    return set(names)


def test_the_codec_loads_only_the_standard_library() -> None:
    ours = loaded_by("import protocols, protocols.massage_tool, protocols.registry")
    foreign = ours - loaded_by("pass") - set(sys.stdlib_module_names)
    assert foreign == {"protocols"}


@pytest.mark.parametrize(
    "room", ["companion.sensing.types", "companion.coaching.events", "companion.coaching.view"]
)
def test_the_pure_rooms_load_no_edge(room: str) -> None:
    edges = {"asyncio", "bleak", "bumble", "logging", "pydantic", "socket", "sqlite3", "textual"}
    assert not (loaded_by(f"import {room}") - loaded_by("pass")) & edges


@pytest.mark.parametrize("argument", ["--version", "--help"])
def test_the_quick_answers_load_no_library(argument: str) -> None:
    statement = (
        f"from companion.__main__ import main; sys.argv = ['companion', '{argument}']; main()"
    )
    heavy = THIRD_PARTY - FOR_THE_LANGUAGE | {"asyncio", "logging"}
    assert not loaded_by(statement) & heavy


def test_decoding_loads_no_library() -> None:
    statement = "from companion.__main__ import main; main(['decode', 'event', '03 00000000 01'])"
    loaded = loaded_by(statement)
    assert "protocols" in loaded
    assert not loaded & THIRD_PARTY - FOR_THE_LANGUAGE


def test_looking_for_tools_loads_no_engine() -> None:
    """A slow computer takes longer for that than for the rest."""
    loaded = loaded_by("import companion.cli.scan")
    assert "bleak" in loaded
    assert not loaded & {"numpy", "textual", "vqf"}


def test_the_simulators_do_not_load_the_companion() -> None:
    assert "companion" not in loaded_by("import simulators, simulators.plan")
