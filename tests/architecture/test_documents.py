"""What the documents claim is generated or compared."""

import ast
import importlib.util
import re
from pathlib import Path
from types import ModuleType

from companion.cli.parser import build_parser

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
ARROW = re.compile(r"^ *(\w+)(?:\[.*?\])? -+> (\w+)", flags=re.MULTILINE)
EVERYWHERE = {"errors", "log", "paths", "strict_json", "texts", "companion"}
"""Small modules that any room outside the pure ones may use: no arrows for them."""


def script(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, DOCS / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def room_of(module: str) -> str:
    """Return the room a dotted module name belongs to, as the diagram calls it."""
    package, _, rest = module.partition(".")
    name = rest.partition(".")[0]
    if package != "companion" or not name:
        return package
    if name == "__main__":
        return "cli"
    return name


def imported(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
        elif isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
    return {name for name in names if name.partition(".")[0] in PACKAGES}


PACKAGES = ("companion", "protocols", "simulators")


def real_arrows() -> set[tuple[str, str]]:
    arrows = set()
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            dotted = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            source = room_of(dotted.removesuffix(".__init__"))
            arrows |= {(source, room_of(name)) for name in imported(path)}
    return {
        (source, target)
        for source, target in arrows
        if source != target and not {source, target} & EVERYWHERE
    }


def test_the_diagram_shows_the_imports_that_are_there() -> None:
    page = (DOCS / "architecture.md").read_text(encoding="utf-8")
    (diagram,) = re.findall(r"```mermaid\n(.*?)```", page, flags=re.DOTALL)
    assert set(ARROW.findall(diagram)) == real_arrows()


def test_the_page_of_events_is_the_one_the_types_make() -> None:
    page: str = script("make_events").page()
    assert (DOCS / "events.md").read_text(encoding="utf-8") == page


def test_every_command_is_documented() -> None:
    (commands,) = (
        action.choices
        for action in build_parser()._actions
        if action.dest == "==SUPPRESS==" and isinstance(action.choices, dict)
    )
    page = (DOCS / "commands.md").read_text(encoding="utf-8")
    assert all(f"| `companion {name}" in page for name in commands)


def test_the_readme_opens_with_the_two_commands() -> None:
    page = (ROOT / "README.md").read_text(encoding="utf-8")
    first = re.findall(r"^make \w+", page, flags=re.MULTILINE)
    assert first[:2] == ["make demo", "make test"]


def test_links_between_the_pages_lead_somewhere() -> None:
    for page in (*ROOT.glob("*.md"), *DOCS.glob("*.md")):
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_the_evidence_page_is_as_generated() -> None:
    written = (DOCS / "evidence.md").read_text(encoding="utf-8")
    assert written == script("make_evidence").page().rstrip() + "\n"
