"""The page for makers shows what the command really prints, and names what there is."""

import importlib.util
import re
from pathlib import Path

from companion.conform.rules import RULES

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "build-your-own-tool.md").read_text(encoding="utf-8")


def test_the_sample_is_what_is_printed() -> None:
    spec = importlib.util.spec_from_file_location("sample", DOCS / "make_conform_sample.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    (shown,) = re.findall(r"```text\n(.*?)```", PAGE, flags=re.DOTALL)
    assert shown == module.sample()


def test_each_kind_of_rule_that_the_page_names_exists() -> None:
    ids = [rule.id for rule in RULES]
    steps = PAGE.partition("## The profile, step by step")[2].partition("\n## ")[0]
    kinds = re.findall(r"`([a-z-]*)\.\.\.`|`\.\.\.(-[a-z]+)`", steps)
    assert len(kinds) > 10
    for begins, ends in kinds:
        assert any(name.startswith(begins) if begins else name.endswith(ends) for name in ids)


def test_the_page_says_that_nothing_was_tried() -> None:
    assert "Nothing on this page has been tried on a real board by us." in PAGE
