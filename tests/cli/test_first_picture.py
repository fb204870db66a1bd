"""What a person waits for before the first picture, and what is loaded behind it."""

import json
from pathlib import Path

from tests.cli.terminal import terminal

PROGRAM = """
import json, os, sys

class Watched:
    def __init__(self, file):
        self._file = file

    def __getattr__(self, name):
        return getattr(self._file, name)

    def write(self, words):
        if "FOREHEAD" in words:
            with open(sys.argv[1], "w") as loaded:
                json.dump(sorted(sys.modules), loaded)
            os._exit(0)
        return self._file.write(words)

sys.__stderr__ = Watched(sys.__stderr__)

from companion.__main__ import main

main(["demo"])
"""
"""A demonstration that ends as it writes the first step to the terminal."""

LATER = {
    "aiomqtt",
    "bleak",
    "bumble",
    "companion.cli.records",
    "companion.cli.setup_form",
    "companion.sensing.engine",
    "companion.service",
    "companion.store",
    "cryptography",
    "matplotlib",
    "numpy",
    "simulators.radio",
    "simulators.simulated_tool",
    "sqlite3",
    "vqf",
}


def test_the_first_picture_waits_for_no_engine_no_radio_and_no_store(tmp_path: Path) -> None:
    file = tmp_path / "loaded.json"
    homes = {"XDG_STATE_HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)}
    with terminal("-c", PROGRAM, str(file), environment=homes) as screen:
        status, _ = screen.ended()
    assert status == 0, screen.written[-2000:]
    loaded = set(json.loads(file.read_text(encoding="utf-8")))
    assert {"companion.tui.screens.live", "textual"} <= loaded
    assert not loaded & LATER
