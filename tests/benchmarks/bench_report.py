"""How long a page takes: of a session of ten minutes, and of ten thousand sessions."""

import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from companion.store.database import open_store
from tests.report.guided import guided
from tests.store.many import keep_many

ROOT = Path(__file__).parents[2]
_STORE = Path("massage-companion") / "sessions.sqlite"


def bench(*, seconds: float = 600.0, sessions: int = 10_000) -> dict[str, float]:
    """Return seconds from the start of a process to its end, start-up included.

    Args:
        seconds: length of the session.
        sessions: how many a period has.
    """
    with TemporaryDirectory() as one, TemporaryDirectory() as many:
        with closing(open_store(Path(one) / _STORE)) as store:
            guided(store, "heavy-hand", seconds, times=3)
        with closing(open_store(Path(many) / _STORE)) as store:
            keep_many(store, sessions)
        _page_s(one, "1")  # the fonts are looked for once on a computer, not once a page
        return {
            "session_page_s": _page_s(one, "1"),
            "session_page_kilobytes": _page_bytes(one) / 1e3,
            "period_page_s": _page_s(many),
            "period_page_kilobytes": _page_bytes(many) / 1e3,
        }


def _page_s(data: str, *which: str) -> float:
    began = perf_counter()
    subprocess.run(  # noqa: S603 -- our own interpreter
        [sys.executable, "-m", "companion", "sessions", "report", *which, "--out", _page(data)],
        cwd=ROOT,
        env=os.environ | {"XDG_DATA_HOME": data},
        stdout=subprocess.DEVNULL,
        check=True,
    )
    return perf_counter() - began


def _page(data: str) -> str:
    return str(Path(data) / "page.html")


def _page_bytes(data: str) -> int:
    return Path(_page(data)).stat().st_size
