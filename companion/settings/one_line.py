"""Text of a file that is to be one line, as titles and sources are."""

from typing import Annotated

from pydantic import AfterValidator, Field

from companion.settings.checked import unacceptable


def one_line(words: str) -> str:
    """Return words that are one line of seen signs.

    Raises:
        PydanticCustomError: they are not.
    """
    if not words.isprintable():
        raise unacceptable("one_line")
    return words


Line = Annotated[str, Field(min_length=1, max_length=120), AfterValidator(one_line)]
"""A title, a source, a hint."""
