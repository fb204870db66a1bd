"""The lines of a JSON document's keys: golden ones, and every key of any document has one."""

import json

from hypothesis import given
from hypothesis import strategies as st

from companion.settings.json_lines import JsonLines
from companion.settings.toml_lines import KeyPath

DOCUMENT = r"""{
 "a": 1,
 "b\"]": [
  {"c": "x: [\\", "d": null},
  [],
  2.5
 ], "e": {

 }
}"""
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text('ab"\\[]{},: \n', max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=12,
)


def paths(value: object, above: KeyPath = ()) -> set[KeyPath]:
    items: list[tuple[str | int, object]] = []
    if isinstance(value, dict):
        items = list(value.items())
    elif isinstance(value, list):
        items = list(enumerate(value))
    found = {(*above, key) for key, _ in items}
    return found.union(*(paths(inner, (*above, key)) for key, inner in items))


def test_each_key_and_item_stands_where_it_stands() -> None:
    assert dict(JsonLines(DOCUMENT)) == {
        ("a",): 2,
        ('b"]',): 3,
        ('b"]', 0): 4,
        ('b"]', 0, "c"): 4,
        ('b"]', 0, "d"): 4,
        ('b"]', 1): 5,
        ('b"]', 2): 6,
        ("e",): 7,
    }


@given(value=VALUES, indent=st.sampled_from([None, 0, 1]))
def test_every_key_of_any_document_has_a_line(value: object, indent: int | None) -> None:
    document = json.dumps(value, indent=indent)
    lines = JsonLines(document)
    assert set(lines) == paths(value)
    assert all(1 <= line <= document.count("\n") + 1 for line in lines.values())
