"""The standard streams: there, and in an encoding that whoever reads them can show."""

import codecs
import os
import sys
from collections.abc import Mapping
from io import TextIOWrapper
from typing import Final

_LIKENESS: Final = "companion-likeness"
_DECIDING: Final = ("LC_ALL", "LC_CTYPE", "LANG")
"""The first of them that says anything says how characters are written (POSIX, 8.2)."""


def open_streams() -> None:
    """Give a process that was started without standard streams some that lead nowhere.

    What an output stream cannot encode (a file name, an accent) is escaped; on a terminal a
    likeness in ASCII takes its place. Where the locale says that the terminal has nothing but
    ASCII, nothing else is written there: Python itself would write UTF-8 (PEP 540).
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115, PTH123 -- a stream of the process stays open
        elif mode == "w" and isinstance(stream, TextIOWrapper):
            _fit(stream)


def says_ascii(environ: Mapping[str, str]) -> bool:
    """Say whether somebody asked for the locale that has nothing but ASCII."""
    if environ.get("PYTHONIOENCODING") or environ.get("PYTHONUTF8") == "1":
        return False
    said = next((environ[name] for name in _DECIDING if environ.get(name)), "")
    return said in {"C", "POSIX"}


def _fit(stream: TextIOWrapper) -> None:
    if not stream.isatty():
        stream.reconfigure(errors="backslashreplace")
        return
    codecs.register_error(_LIKENESS, _alike)
    if says_ascii(os.environ):
        stream.reconfigure(encoding="ascii", errors=_LIKENESS)
    else:
        is_whole = codecs.lookup(stream.encoding).name == "utf-8"
        stream.reconfigure(errors="backslashreplace" if is_whole else _LIKENESS)


def _alike(error: UnicodeError) -> tuple[str, int]:
    from companion.wording import plain_ascii  # noqa: PLC0415 -- hardly ever needed

    if not isinstance(error, UnicodeEncodeError):
        raise error
    return plain_ascii(error.object[error.start : error.end]), error.end
