"""The settings file while the dashboard runs: what a hand made of it meanwhile."""

from dataclasses import dataclass
from pathlib import Path

from companion.errors import FileRefused
from companion.settings.faults import Fault, faults_of
from companion.settings.user import UserSettings, check_settings, settings_file, settings_in_file


@dataclass(frozen=True, slots=True)
class Found:
    """How the file was found after it had changed.

    Attributes:
        faults: what is to be mended in it; empty where nothing is.
        was_faulty: there was something to mend before.
    """

    faults: tuple[Fault, ...]
    was_faulty: bool


class WatchedSettings:
    """Looks at the file's time and size, and reads it where they have changed.

    Attributes:
        good: the last content that could be used.
        faults: what is to be mended in the file now.

    Raises:
        FileRefused: the file cannot be used from the beginning, and nothing is there to fall back
            on.
    """

    def __init__(self) -> None:
        self.good = settings_in_file()
        self.faults: tuple[Fault, ...] = ()
        self._seen = _stamp(settings_file())
        self.read()

    def look(self) -> Found | None:
        """Return how the file is found where it has changed since the last look; else None."""
        stamp = _stamp(settings_file())
        if stamp == self._seen:
            return None
        self._seen = stamp
        return self.read()

    def take(self) -> None:
        """Take in what was written by us, which is nothing to be told of."""
        self._seen = _stamp(settings_file())
        self.read()

    def read(self) -> Found:
        """Read the file now."""
        before = self.faults
        try:
            file = settings_file()
            self.good, self.faults = check_settings(file) if file.exists() else UserSettings(), ()
        except FileRefused as refused:
            self.faults = faults_of(refused)
        return Found(self.faults, bool(before))


def _stamp(file: Path) -> tuple[int, int] | None:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size
