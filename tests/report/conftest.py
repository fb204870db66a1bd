"""A store with sessions that a simulated hand did."""

import sqlite3
from collections.abc import Iterator

import pytest

from companion.store.database import open_store
from companion.store.sessions import Kept
from tests.report.guided import guided


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    connection = open_store(tmp_path_factory.mktemp("store") / "sessions.sqlite")
    yield connection
    connection.close()


@pytest.fixture(scope="module")
def kept(store: sqlite3.Connection) -> Kept:
    """A minute with a heavy hand: it presses through caution about eight seconds in."""
    return guided(store, "heavy-hand", 60.0)
