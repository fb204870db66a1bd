"""Sizes and shapes that keep the code readable: a ceiling each, held for every module."""

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.unmeasured  # it reads code and runs none

ROOT = Path(__file__).parents[2]
PACKAGES = ("companion", "protocols", "simulators")
MODULES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))

LONGEST_MODULE = 400
LONGEST_FUNCTION = 50
LONGEST_APP = 250
MOST_POSITIONAL = 5
BANNED_ENDINGS = ("Manager", "Handler", "Helper", "Utils")

Definition = ast.FunctionDef | ast.AsyncFunctionDef


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def functions(tree: ast.AST) -> Iterator[Definition]:
    return (node for node in ast.walk(tree) if isinstance(node, Definition))


def classes(tree: ast.AST) -> Iterator[ast.ClassDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.ClassDef))


def length(node: Definition | ast.ClassDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def own_positional(function: Definition) -> int:
    """Count the parameters that may be given by position, without self and cls."""
    names = [argument.arg for argument in function.args.posonlyargs + function.args.args]
    return len([name for name in names if name not in {"self", "cls"}])


def public_definitions(tree: ast.Module) -> Iterator[ast.AST]:
    """Yield the module, its public classes and functions, and the public methods of those."""
    yield tree
    for node in tree.body:
        if isinstance(node, Definition | ast.ClassDef) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from (
                    method
                    for method in node.body
                    if isinstance(method, Definition) and not method.name.startswith("_")
                )


@pytest.fixture(scope="module")
def trees() -> dict[str, ast.Module]:
    """Every module, read once."""
    return {str(path.relative_to(ROOT)): parsed(path) for path in MODULES}


def named(found: Iterable[tuple[str, object]]) -> list[str]:
    """Say where something was found."""
    return [f"{module}: {what}" for module, what in found]


def test_there_are_modules_to_measure() -> None:
    assert {path.relative_to(ROOT).parts[0] for path in MODULES} == set(PACKAGES)


def test_modules_are_short() -> None:
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in MODULES}
    assert not {path: lines for path, lines in lengths.items() if lines > LONGEST_MODULE}


def test_functions_are_short(trees: dict[str, ast.Module]) -> None:
    assert not named(
        (module, f"{function.name} has {length(function)} lines")
        for module, tree in trees.items()
        for function in functions(tree)
        if length(function) > LONGEST_FUNCTION
    )


def test_functions_take_few_parameters_by_position(trees: dict[str, ast.Module]) -> None:
    assert not named(
        (module, function.name)
        for module, tree in trees.items()
        for function in functions(tree)
        if own_positional(function) > MOST_POSITIONAL
    )


def test_the_app_classes_are_short(trees: dict[str, ast.Module]) -> None:
    apps = [
        (module, node)
        for module, tree in trees.items()
        for node in classes(tree)
        if any("App" in ast.unparse(base) for base in node.bases)
    ]
    assert apps
    assert not named((module, node.name) for module, node in apps if length(node) > LONGEST_APP)


def test_public_names_say_what_they_are(trees: dict[str, ast.Module]) -> None:
    assert not named(
        (module, getattr(node, "name", "the module"))
        for module, tree in trees.items()
        for node in public_definitions(tree)
        if isinstance(node, ast.Module | ast.ClassDef | Definition)
        and not ast.get_docstring(node)
        and not any("override" in ast.unparse(d) for d in getattr(node, "decorator_list", []))
    )


def test_names_are_nouns_of_the_trade(trees: dict[str, ast.Module]) -> None:
    assert not named(
        (module, node.name)
        for module, tree in trees.items()
        for node in classes(tree)
        if node.name.endswith(BANNED_ENDINGS)
    )


ESCAPE = re.compile(r"# (?:noqa(?:: [A-Z0-9, ]*[0-9])?|type: ignore(?:\[[^\]]*\])?)(.*)$")


def test_escapes_from_the_checks_say_why() -> None:
    escapes = [
        (str(path.relative_to(ROOT)), line, found[1])
        for path in MODULES
        for line in path.read_text(encoding="utf-8").splitlines()
        if (found := ESCAPE.search(line))
    ]
    assert escapes
    assert not named((path, line) for path, line, reason in escapes if not re.search(r"\w", reason))
