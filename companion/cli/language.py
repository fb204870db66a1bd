"""Which language is spoken: asked for before anything else, as the arguments' help has words."""

import os
import tomllib
from typing import Final

from companion.paths import config_folder
from companion.texts import ENGLISH

VARIABLE: Final = "MASSAGE_COMPANION_LANGUAGE"
"""The setting ``language`` as an environment variable: it wins over the file."""


def chosen_language() -> str:
    """Return the language of the environment or the settings file, English where neither names one.

    A file that cannot be read is the business of the command that needs it.
    """
    said = os.environ.get(VARIABLE)
    return _in_file() if said is None else said


def _in_file() -> str:
    try:
        with (config_folder() / "companion.toml").open("rb") as stream:
            said = tomllib.load(stream).get("language", ENGLISH)
    except (OSError, ValueError, RecursionError):
        return ENGLISH
    return said if isinstance(said, str) else ENGLISH
