"""Reading a TOML file: every complaint names the file, the place and the reason."""

import tomllib
from pathlib import Path

import pytest

from companion.errors import FileRefused
from companion.settings.files import LARGEST_BYTES, read_toml, shown_key
from companion.settings.toml_lines import line_numbers

DOCUMENT = """# a comment with a [bracket]
title = "a \\"[quoted]\\" title # no comment"
long = \"\"\"
[not_a_header]
key = 1
\"\"\"
list = [
  "a]", # ]
  'b',
]

[table.inner]
key = { low = 1, high = [2] }
a.b = 2

[[steps]]
id = "one"
[steps.band]
high_kpa = 1

[[ steps ]]
"id" = "two"
'single' = 1
[[steps.parts]]
name = "x"
"""

EXPECTED = {
    ("title",): 2,
    ("long",): 3,
    ("list",): 7,
    ("list", 0): 8,
    ("list", 1): 9,
    ("table", "inner"): 12,
    ("table", "inner", "key"): 13,
    ("table", "inner", "a"): 14,
    ("table", "inner", "a", "b"): 14,
    ("steps",): 16,
    ("steps", 0): 16,
    ("steps", 0, "id"): 17,
    ("steps", 0, "band"): 18,
    ("steps", 0, "band", "high_kpa"): 19,
    ("steps", 1): 21,
    ("steps", 1, "id"): 22,
    ("steps", 1, "single"): 23,
    ("steps", 1, "parts"): 24,
    ("steps", 1, "parts", 0): 24,
    ("steps", 1, "parts", 0, "name"): 25,
}


ARRAYS = """x = 0
steps = [  # the first comes below, not here
  { id = "a, b]", list = [1, 2] }, { id = "b" },

  # a comment, with commas
  { id = 'c' },
  1, 2,
  3
  , '''
[,
''', [
    4, 5
  ], 6
]
one = [1, 2]
none = [
]
"""


def test_every_item_of_an_array_of_several_lines_has_its_line() -> None:
    items = [3, 3, 6, 7, 7, 8, 9, 11, 13]
    expected = {("steps", index): line for index, line in enumerate(items)}
    heads = {("x",): 1, ("steps",): 2, ("one",): 15, ("none",): 16}
    assert line_numbers(ARRAYS) == expected | heads
    assert len(tomllib.loads(ARRAYS)["steps"]) == len(items)


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_every_key_and_header_has_its_line(ending: str) -> None:
    assert line_numbers(DOCUMENT.replace("\n", ending)) == EXPECTED


def test_a_key_inside_an_inline_value_has_the_line_of_its_statement(tmp_path: Path) -> None:
    file = tmp_path / "a.toml"
    file.write_text(DOCUMENT, encoding="utf-8")
    read = read_toml(file, "a.toml")
    assert read.line(("table", "inner", "key", "low")) == 13
    assert read.line(("nowhere",)) is None
    assert read.data["steps"][1]["id"] == "two"


def test_keys_are_shown_as_a_person_counts() -> None:
    assert shown_key(("steps", 2, "zone")) == "steps[3].zone"


@pytest.mark.parametrize(
    ("content", "where", "reason"),
    [
        (
            b"a = 1\nb = = 2\n",
            "line 2",
            (
                "this is not TOML: what follows the equals sign is no value; "
                "words need quotation marks."
            ),
        ),
        (b"a = 1\na = 2\n", "line 2", "this is not TOML: this stands here for the second time."),
        (
            b'a = 1\nb = "open',
            "line 2",
            "this is not TOML: a quotation mark is missing before the end of the line.",
        ),
        (b"a = 1\nb = \xff\xfe\n", "line 2", "it is not text in UTF-8."),
        (b"\x00\x01", "line 1", "this is not TOML: Invalid statement."),
        (b"a = " + b"[" * 5000, "", "it is nested too deeply."),
        (
            b"#" * (LARGEST_BYTES + 1),
            "",
            "it is larger than 256 KiB; a file of this kind has a few.",
        ),
    ],
)
def test_what_is_not_toml_is_refused(
    tmp_path: Path, content: bytes, where: str, reason: str
) -> None:
    file = tmp_path / "broken.toml"
    file.write_bytes(content)
    with pytest.raises(FileRefused) as refused:
        read_toml(file, "broken.toml")
    assert (refused.value.file, refused.value.where) == ("broken.toml", where)
    assert refused.value.reason == reason
    assert str(refused.value).startswith("broken.toml: ")


def test_a_number_too_long_for_python_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "long.toml"
    file.write_text(f"a = {'9' * 5000}", encoding="utf-8")
    with pytest.raises(FileRefused, match="this is not TOML"):
        read_toml(file, "long.toml")


def test_missing_and_unreadable_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match=r"^x: there is no such file\.$"):
        read_toml(tmp_path / "none.toml", "x")
    with pytest.raises(FileRefused, match=r"^x: this is a folder, not a file\.$"):
        read_toml(tmp_path, "x")
    with pytest.raises(FileRefused, match="it cannot be read: File name too long"):
        read_toml(tmp_path / ("n" * 300), "x")
    with pytest.raises(FileRefused, match="there is no such file"):
        read_toml(tmp_path / "a\0b", "x")


def test_a_byte_order_mark_is_accepted(tmp_path: Path) -> None:
    file = tmp_path / "bom.toml"
    file.write_bytes(b"\xef\xbb\xbfa = 1\n")
    assert read_toml(file, "bom.toml").data == {"a": 1}
