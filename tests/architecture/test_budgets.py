"""Sizes and shapes that keep the code readable: a ceiling each, held for every module."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

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


@pytest.fixture(params=MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def module(request: pytest.FixtureRequest) -> Path:
    assert isinstance(request.param, Path)
    return request.param


def test_there_are_modules_to_measure() -> None:
    assert {path.relative_to(ROOT).parts[0] for path in MODULES} == set(PACKAGES)


def test_a_module_is_short(module: Path) -> None:
    assert len(module.read_text(encoding="utf-8").splitlines()) <= LONGEST_MODULE


def test_functions_are_short(module: Path) -> None:
    long = [
        f"{f.name}: {length(f)}" for f in functions(parsed(module)) if length(f) > LONGEST_FUNCTION
    ]
    assert not long


def test_functions_take_few_parameters_by_position(module: Path) -> None:
    many = [f.name for f in functions(parsed(module)) if own_positional(f) > MOST_POSITIONAL]
    assert not many


def test_the_app_class_is_short(module: Path) -> None:
    classes = [node for node in ast.walk(parsed(module)) if isinstance(node, ast.ClassDef)]
    apps = [node for node in classes if any("App" in ast.unparse(base) for base in node.bases)]
    assert not [node.name for node in apps if length(node) > LONGEST_APP]


def test_public_names_say_what_they_are(module: Path) -> None:
    silent = [
        getattr(node, "name", "the module")
        for node in public_definitions(parsed(module))
        if isinstance(node, ast.Module | ast.ClassDef | Definition)
        and not ast.get_docstring(node)
        and not any("override" in ast.unparse(d) for d in getattr(node, "decorator_list", []))
    ]
    assert not silent


def test_names_are_nouns_of_the_trade(module: Path) -> None:
    names = [node.name for node in ast.walk(parsed(module)) if isinstance(node, ast.ClassDef)]
    assert not [name for name in names if name.endswith(BANNED_ENDINGS)]


ESCAPE = re.compile(r"# (?:noqa(?:: [A-Z0-9, ]*[0-9])?|type: ignore(?:\[[^\]]*\])?)(.*)$")


def test_escapes_from_the_checks_say_why(module: Path) -> None:
    lines = module.read_text(encoding="utf-8").splitlines()
    reasons = [(line, found[1]) for line in lines if (found := ESCAPE.search(line))]
    assert not [line for line, reason in reasons if not re.search(r"\w", reason)]
