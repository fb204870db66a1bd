"""What is written on a terminal: signs it has, by its locale, its encoding and its name."""

import os
import sys
from argparse import Namespace
from collections.abc import Iterator
from contextlib import closing, contextmanager
from io import FileIO, TextIOWrapper

import pytest

from companion.cli import guiding
from companion.cli.guiding import Shown, shown_as
from companion.cli.streams import open_streams, says_ascii
from companion.tui.glyphs import ASCII, UNICODE, Glyphs, glyphs_for

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
WORDS = "Zoë: décolleté, Öl, 蝋 ●"


@contextmanager
def terminal(monkeypatch: pytest.MonkeyPatch, **environ: str) -> Iterator[int]:
    """Make standard output and error a terminal; give what is at its other end."""
    for name in ("LC_ALL", "LC_CTYPE", "LANG", "PYTHONIOENCODING", "PYTHONUTF8", "TERM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    other, end = os.openpty()
    with os.fdopen(end, "w", encoding="utf-8") as stream, monkeypatch.context() as replaced:
        for name in ("stdout", "stderr", "__stderr__"):
            replaced.setattr(sys, name, stream)
        with closing(FileIO(other)):
            yield other


def written(other: int) -> bytes:
    sys.stdout.write(WORDS + "\n")
    sys.stdout.flush()
    return os.read(other, 4096).strip()


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("LC_ALL", "C", b"Zoe: decollete, Ol, ?? ?"),
        ("LC_CTYPE", "POSIX", b"Zoe: decollete, Ol, ?? ?"),
        ("LANG", "C.UTF-8", WORDS.encode()),
        ("TERM", "xterm", WORDS.encode()),
    ],
)
def test_a_locale_without_other_signs_gets_ascii(
    name: str, value: str, expected: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    with terminal(monkeypatch, **{name: value}) as other:
        open_streams()
        said = written(other)
        glyphs = glyphs_for(ascii_only=None)
    assert said == expected
    assert glyphs is (ASCII if expected.isascii() else UNICODE)


def test_an_older_encoding_keeps_what_it_has(monkeypatch: pytest.MonkeyPatch) -> None:
    with terminal(monkeypatch) as other:
        assert isinstance(sys.stdout, TextIOWrapper)
        sys.stdout.reconfigure(encoding="latin-1")
        open_streams()
        said = written(other)
    assert said == "Zoë: décolleté, Öl, ?? ?".encode("latin-1")


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({"LC_ALL": "C", "LANG": "de_DE.UTF-8"}, True),
        ({"LC_ALL": "", "LC_CTYPE": "de_DE.UTF-8", "LANG": "C"}, False),
        ({"LC_ALL": "C", "PYTHONUTF8": "1"}, False),
        ({"LC_ALL": "C", "PYTHONIOENCODING": "utf-8"}, False),
        ({}, False),
    ],
)
def test_the_first_variable_that_says_anything_decides(
    environ: dict[str, str], *, expected: bool
) -> None:
    assert says_ascii(environ) is expected


@pytest.mark.parametrize(
    ("name", "glyphs"), [("linux", ASCII), ("vt100", ASCII), ("xterm", UNICODE)]
)
def test_a_terminal_whose_font_has_no_braille_gets_ascii(
    name: str, glyphs: Glyphs, monkeypatch: pytest.MonkeyPatch
) -> None:
    with terminal(monkeypatch, TERM=name):
        assert glyphs_for(ascii_only=None) is glyphs


@pytest.mark.parametrize(("name", "shown"), [("dumb", Shown.PLAIN), ("xterm", Shown.SCREEN)])
def test_a_terminal_that_cannot_move_its_cursor_gets_lines(
    name: str, shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guiding, "is_terminal", lambda: True)
    monkeypatch.setenv("TERM", name)
    assert shown_as(Namespace(json=False, plain=False)) is shown
