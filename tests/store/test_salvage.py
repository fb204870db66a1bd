"""A damaged store: noticed, set aside, read as far as it can be, and a new one in its place."""

import random
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from companion.errors import FileRefused
from companion.store.columns import DamagedError
from companion.store.database import open_store, store_file
from companion.store.salvage import mended
from companion.store.sessions import Sessions
from tests.store.recording import FRAMES, recorded
from tests.store.sessions import WHOLE

pytestmark = pytest.mark.unmeasured  # see end_to_end/conftest.py

NOW = datetime(2026, 11, 21, 20, 30, tzinfo=UTC)


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    with closing(open_store(store_file())) as store:
        for number in range(6):
            recorded(store, person=f"person-{number}")
    return store_file()


def overwrite(file: Path, spans: list[tuple[int, int]], draw: random.Random) -> None:
    content = bytearray(file.read_bytes())
    for begin, size in spans:
        content[begin : begin + size] = draw.randbytes(size)
    file.write_bytes(content[: file.stat().st_size])


def whole_sessions(file: Path) -> int:
    """How many sessions are read back as they were; none may be read as anything else."""
    count = 0
    with closing(open_store(file)) as store:
        sessions = Sessions(store)
        for kept in sessions.all():
            try:
                frames = list(sessions.telemetry(kept))
                said = [event["event"] for event in sessions.events(kept)]
            except DamagedError:
                continue
            assert frames in ([], FRAMES)
            count += frames == FRAMES and said == [each.event for each in WHOLE]
    return count


def test_a_sound_store_is_left_alone(file: Path, tmp_path: Path) -> None:
    assert mended(file, NOW) is None
    assert mended(tmp_path / "none.sqlite", NOW) is None
    assert whole_sessions(file) == 6
    assert list(file.parent.glob("*damaged*")) == []


def test_of_a_damaged_page_the_other_sessions_are_saved(file: Path) -> None:
    draw = random.Random(1)  # noqa: S311 - no secret
    best = 0
    content = file.read_bytes()
    for page in range(1, len(content) // 4096):
        file.write_bytes(content)
        overwrite(file, [(page * 4096, 4096)], draw)
        before = file.read_bytes()
        found = mended(file, NOW)
        if found is None:  # a page that nothing uses
            assert whole_sessions(file) == 6
            continue
        assert found.aside.read_bytes() == before
        assert mended(file, NOW) is None
        best = max(best, saved := whole_sessions(file))
        assert saved <= found.sessions
        found.aside.unlink()
    assert best >= 5


@pytest.mark.thinned(4)
@pytest.mark.parametrize("seed", range(12))
def test_random_bytes_anywhere_never_stop_it(file: Path, seed: int) -> None:
    draw = random.Random(seed)  # noqa: S311 - no secret
    size = file.stat().st_size
    spans = [(draw.randrange(size), draw.choice([1, 16, 512, 9000])) for _ in range(8)]
    overwrite(file, spans, draw)
    try:
        mended(file, NOW)
    except FileRefused as refused:
        assert "version" in str(refused) or "another program" in str(refused)  # noqa: PT017 - either
        return
    with closing(open_store(file)) as store:
        assert store.execute("PRAGMA quick_check").fetchone() == ("ok",)
        recorded(store, person="somebody new")
    assert whole_sessions(file) >= 1


@pytest.mark.parametrize(
    "harm",
    [
        lambda content: content[: len(content) // 2],
        lambda content: b"\0" * 4096 + content[4096:],
        lambda content: content[:68] + b"oops" + content[72:],
        lambda _: b"no database at all" * 500,
    ],
)
def test_other_harm_is_mended_too(file: Path, harm: Callable[[bytes], bytes]) -> None:
    file.write_bytes(harm(file.read_bytes()))
    assert mended(file, NOW) is not None
    with closing(open_store(file)) as store:
        recorded(store)
    assert whole_sessions(file) >= 1


def test_an_older_store_that_is_damaged_is_saved_too(file: Path) -> None:
    with closing(open_store(file)) as store:
        store.execute("DROP TABLE imported")
        store.execute("ALTER TABLE tool DROP COLUMN channels")
        store.execute("PRAGMA user_version = 2")
    content = bytearray(file.read_bytes())
    content[68:72] = b"oops"
    file.write_bytes(content)
    found = mended(file, NOW)
    assert found is not None
    assert whole_sessions(file) == found.sessions == 6
    with closing(open_store(file)) as store:
        assert [kept.tool for kept in Sessions(store).all()] == ["Roller"] * 6
