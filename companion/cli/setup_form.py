"""The form of the Set-up screen: one person's answers, and the settings, as entries."""

from collections.abc import Iterator

from companion.cli.person import DEFAULT_PERSON
from companion.cli.setup_person import CHANGED, KEEP, Questionnaire
from companion.cli.setup_settings import (
    TRY_BROKER,
    TRY_SOUND,
    complaint,
    is_setting,
    path_of,
    sections_of,
)
from companion.settings.user import Settled, said_setting
from companion.settings.user_file import change_setting
from companion.tui.setup import Section


class Form:
    """What can be filled in, and what comes of it; files are read and written at once.

    Args:
        person: whose answers; None for the usual person's.
    """

    def __init__(self, person: str | None = None) -> None:
        self._questions = Questionnaire(person or DEFAULT_PERSON)

    def sections(self, held: Settled, *, is_free: bool) -> list[Section]:
        """Return everything as it stands.

        Args:
            held: the settings that hold, and where they come from.
            is_free: no session runs: what would disturb one may be tried.

        Raises:
            FileRefused: the file of answers cannot be used.
        """
        self._questions.read()
        return [*self._questions.sections(), *sections_of(held, is_free=is_free)]

    def is_setting(self, key: str) -> bool:
        """Say whether an entry is a setting."""
        return is_setting(key)

    def is_of_person(self, key: str) -> bool:
        """Say whether an entry does something with the answers."""
        return key in {KEEP, CHANGED}

    def is_broker_trial(self, key: str) -> bool:
        """Say whether an entry tries the broker."""
        return key == TRY_BROKER

    def is_sound_trial(self, key: str) -> bool:
        """Say whether an entry lets the sounds be heard."""
        return key == TRY_SOUND

    def complaint(self, key: str, value: str) -> str:
        """Return why an entry cannot have a value; empty where it can."""
        return complaint(key, value) if is_setting(key) else ""

    def answer(self, key: str, value: str) -> None:
        """Take one answer, for now."""
        self._questions.answer(key, value)

    def put(self, key: str, value: str) -> None:
        """Write a setting.

        Args:
            key: the entry's, a setting's.
            value: what `complaint` has nothing against.

        Raises:
            FileRefused: the file cannot be used or written.
        """
        path = path_of(key)
        change_setting(path, said_setting(path, value))

    def do(self, key: str) -> Iterator[str]:
        """Do what an entry of the answers names, and yield what is to be said.

        Raises:
            UsageRefused: a question is open, or the person would rather not.
            FileRefused: the file of answers cannot be used or written.
        """
        if key == KEEP:
            yield from self._questions.keep()
        else:
            yield self._questions.note_change()
