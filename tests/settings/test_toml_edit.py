"""A value changed in a document that a person wrote: golden documents, all else as it was."""

import tomllib

import pytest

from companion.settings.toml_edit import Value, with_value
from companion.settings.toml_lines import KeyPath

HAND = """# mine
mute = true   # quiet, please

# the house
[mqtt]  # not the neighbour's
# where
url = "mqtt://a" # x [y {z
"""


@pytest.mark.parametrize(
    ("before", "path", "after"),
    [
        (HAND, ("mute",), HAND.replace("mute = true ", "mute = 7 ")),
        (HAND, ("mqtt", "url"), HAND.replace('"mqtt://a"', "7")),
        (HAND, ("volume",), HAND.replace("please\n", "please\nvolume = 7\n")),
        (HAND, ("mqtt", "user"), HAND + "user = 7\n"),
        ("", ("mute",), "\nmute = 7\n"),
        ("# a\n# b", ("mqtt", "url"), "# a\n# b\n\n[mqtt]\nurl = 7\n"),
        ("# a\n\n# b\n[mqtt]\n", ("mute",), "# a\n\nmute = 7\n# b\n[mqtt]\n"),
        ('mqtt = { url = "a" } # all\n', ("mqtt", "url"), "mqtt = { url = 7 } # all\n"),
        ('mqtt = { url = "a" }\n', ("mqtt", "u"), 'mqtt = { url = "a", u = 7 }\n'),
        ("mqtt.url = 1\nb = 2\n", ("mqtt", "u"), "mqtt.url = 1\nmqtt.u = 7\nb = 2\n"),
        ('a = """\nb = 1\n"""\nb= 2', ("b",), 'a = """\nb = 1\n"""\nb= 7\n'),
        ("a = 1\r\n[t]\r\n", ("a",), "a = 7\r\n[t]\r\n"),
    ],
)
def test_one_value_changes_and_all_else_stays(before: str, path: KeyPath, after: str) -> None:
    assert with_value(before, path, 7) == after


@pytest.mark.parametrize("value", [True, 0, "", 'a "quoted" \\ back', "grün, 漢", "\x7f\t"])
def test_a_value_comes_back_as_it_was_given(value: Value) -> None:
    found = tomllib.loads(with_value(HAND, ("mqtt", "user"), value))["mqtt"]["user"]
    assert found == value
    assert type(found) is type(value)


def test_what_cannot_be_done_alone_is_refused() -> None:
    with pytest.raises(ValueError, match="mqtt"):
        with_value("mqtt = 3\n", ("mqtt", "url"), "a")
