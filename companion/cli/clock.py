"""The only wall clock of the commands that count days."""

from datetime import UTC, datetime, timedelta

from companion.coaching.programme import Moment

DAY_BEGINS_H = 4
"""A day lasts until four in the morning: what is done after midnight belongs to the evening, and
a session stopped before midnight is not resumed after it. Ours, grade D."""


def local_time() -> datetime:
    """Return the time it is here."""
    return datetime.now(UTC).astimezone()


def here() -> Moment:
    """Return the day it is here, and the hour of it."""
    time = local_time()
    day = (time - timedelta(hours=DAY_BEGINS_H)).date().toordinal()
    hour = time.hour + time.minute / 60
    return Moment(day, hour + 24 if hour < DAY_BEGINS_H else hour)
