"""Every kind of wrong value has plain words."""

from typing import Annotated

import pytest
from pydantic import Field

from companion.errors import FileRefused
from companion.settings.checked import Table, checked, did_you_mean
from companion.settings.files import TomlFile


class Inner(Table):
    x: int = 0


class Outer(Table):
    flag: bool = False
    above: Annotated[float, Field(gt=1)] = 2
    below: Annotated[float, Field(lt=1)] = 0
    names: list[str] = []  # noqa: RUF012 - a pydantic default, copied for each table
    even: Annotated[int, Field(multiple_of=2)] = 2
    inner: Inner = Inner()
    short: Annotated[str, Field(max_length=2)] = ""


def file_of(**data: object) -> TomlFile:
    return TomlFile("x.toml", data, {})


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"flag": 1}, "flag: this must be true or false."),
        ({"above": 1}, "above: this must be above 1."),
        ({"below": 1}, "below: this must be below 1."),
        ({"names": "a"}, "names: this must be a list, in square brackets."),
        ({"names": ["a", 2]}, "names[2]: this must be text, in quotes."),
        ({"even": 3}, "even: Input should be a multiple of 2."),
        ({"inner": 3}, "inner: this must be a table of keys and values."),
        ({"inner": {"x": 1.5}}, "inner.x: this must be a whole number, without quotes."),
        ({"short": "abc"}, "short: this must have at most 2 characters."),
        ({"inner": {"y": 1}}, "inner.y: there is no such key. Accepted: x."),
    ],
)
def test_a_wrong_value_has_plain_words(data: dict[str, object], message: str) -> None:
    with pytest.raises(FileRefused) as refused:
        checked(Outer, file_of(**data))
    assert str(refused.value) == f"x.toml: {message}"


def test_a_right_file_passes() -> None:
    outer = checked(Outer, file_of(flag=True, names=["a"]))
    assert (outer.flag, outer.names) == (True, ["a"])


def test_a_fault_of_the_whole_file_names_no_key() -> None:
    assert str(file_of().refused((), "it is empty.")) == "x.toml: it is empty."


def test_the_nearest_word_is_suggested_whatever_its_case() -> None:
    assert did_you_mean("CHEEKS", ["cheek", "neck"]) == (
        'Did you mean "cheek"? Accepted: cheek, neck.'
    )
    assert did_you_mean(7, ["cheek"]) == "Accepted: cheek."
