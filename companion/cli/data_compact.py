"""``companion data compact``: the store made as small as it can be."""

from argparse import Namespace
from datetime import UTC, datetime

from companion.cli.data import size_of
from companion.cli.endings import ExitCode
from companion.cli.sessions import opened_sessions
from companion.cli.settings import settled
from companion.store.database import store_file, transaction
from companion.store.retention import Retired, compact, scrub
from companion.texts import text

_KIB = 1024


def execute(arguments: Namespace) -> ExitCode:
    """Give up telemetry that is too old, join what is left, and write the file anew.

    Raises:
        FileRefused: the store or the settings cannot be used, or the store is in use.
    """
    days = settled(arguments).settings.keep_telemetry_days
    before = size_of(store_file()) or 0
    with opened_sessions() as sessions:
        connection = sessions.connection
        if days:
            with transaction(connection):
                Retired.older_than(days, datetime.now(UTC)).write(connection)
        count = compact(connection)
        scrub(connection)
    sizes = {"before": before / _KIB, "after": (size_of(store_file()) or 0) / _KIB}
    if days:
        print(text("store.compacted", sessions=count, days=days, **sizes))
    else:
        print(text("store.compacted_for_ever", sessions=count, **sizes))
    return ExitCode.OK
