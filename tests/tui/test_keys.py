"""No key without a test: each that a screen has is pressed by name somewhere in this room."""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

from textual.binding import Binding
from textual.dom import DOMNode

from companion import tui

_TOOLS = {str(number) for number in range(3, 10)}
"""Made with the first two by one line each; test_several.py presses these."""


def test_every_key_is_pressed_in_a_test() -> None:
    written = "\n".join(path.read_text("utf-8") for path in Path(__file__).parent.glob("test_*.py"))
    quoted = set(re.findall(r'"([^"\s]+)"', written.replace(Path(__file__).read_text("utf-8"), "")))
    keys = dict(_keys())
    assert len(keys) > 40
    missing = {key: place for key, place in keys.items() if key not in quoted | _TOOLS}
    assert not missing


def _keys() -> Iterator[tuple[str, str]]:
    for found in pkgutil.walk_packages(tui.__path__, f"{tui.__name__}."):
        module = importlib.import_module(found.name)
        for name, part in vars(module).items():
            if not isinstance(part, type) or part.__module__ != module.__name__:
                continue
            if issubclass(part, DOMNode):
                for binding in vars(part).get("BINDINGS", ()):
                    assert isinstance(binding, Binding)
                    yield from ((key, name) for key in binding.key.split(","))
