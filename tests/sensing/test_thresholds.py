"""docs/sensing.md names every threshold with the value that the code uses."""

import ast
import re
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).parents[2]
ELSEWHERE = ("calibrated", "calibration", "channel_fit", "held")
"""Modules whose values stand in docs/calibration.md (test_calibration_page.py)."""
ROW = re.compile(r"^\| `(\w+)\.(\w+)` \| (\S+) \| .+ \| .+ \|$", re.MULTILINE)


def documented() -> dict[str, float]:
    text = (ROOT / "docs" / "sensing.md").read_text(encoding="utf-8")
    return {f"{module}.{name}": float(value) for module, name, value in ROW.findall(text)}


def used() -> dict[str, float]:
    found: dict[str, float] = {}
    for path in sorted((ROOT / "companion" / "sensing").rglob("*.py")):
        if path.stem in ELSEWHERE:
            continue
        module = import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            match node:
                case (
                    ast.Assign(targets=[ast.Name(id=name)])
                    | ast.AnnAssign(target=ast.Name(id=name))
                ) if re.match(r"[A-Z]", name):
                    value = getattr(module, name)
                    if isinstance(value, int | float):
                        found[f"{path.stem}.{name}"] = float(f"{value:.10g}")
    return found


def test_every_threshold_is_documented_with_its_value() -> None:
    assert documented() == used()
