"""``companion data export``: everything that is kept of a person, in one folder or file."""

import os
import shutil
import tempfile
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from companion.cli.endings import ExitCode, UsageRefused
from companion.cli.sessions import opened_sessions
from companion.cli.sessions_export import export
from companion.errors import no_access
from companion.settings.journal import load_journal, session_fields
from companion.settings.persons import load_persons, person_fields
from companion.store.files import Format, private, write_json
from companion.store.sessions import Wanted
from companion.texts import text


def execute(arguments: Namespace) -> ExitCode:
    """Write it, and print where.

    Raises:
        FileRefused: a file of ours cannot be used, or the place not be written.
        UsageRefused: nothing is kept of this person, or the place is there already.
    """
    place: Path = arguments.out
    name = arguments.person
    if place.exists() and (place.is_file() or any(place.iterdir())):
        raise UsageRefused("store.no_place", place=place)
    person, journal = load_persons().get(name), load_journal(name)
    with opened_sessions() as sessions:
        kept = sessions.all(Wanted(person=name))
        if person is None and not journal and not kept:
            raise UsageRefused("store.no_export", name=name)
        try:
            with _folder(place) as folder:
                if person is not None:
                    write_json(folder / "person.json", person_fields(person))
                if journal:
                    rows = [session_fields(session) for session in journal]
                    write_json(folder / "journal.json", {"sessions": rows})
                files = export(sessions, kept, Format.CSV, folder / "sessions", lists=True)
        except OSError as error:
            raise no_access(str(error.filename or place), error) from error
    print(text("store.exported", name=name, place=place))
    return ExitCode.FAILED if None in files else ExitCode.OK


@contextmanager
def _folder(place: Path) -> Iterator[Path]:
    """Open a folder; what is in it at the end becomes a zip where the place is one."""
    if place.suffix != ".zip":
        place.mkdir(parents=True, exist_ok=True, mode=0o700)
        yield place
        return
    folder = Path(tempfile.mkdtemp(prefix="companion-"))
    try:
        yield folder
        with ZipFile(private(place), "w", ZIP_DEFLATED) as archive:
            for root, _, names in os.walk(folder):
                for name in sorted(names):
                    file = Path(root, name)
                    archive.write(file, file.relative_to(folder))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
