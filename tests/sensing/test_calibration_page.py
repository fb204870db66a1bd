"""docs/calibration.md names thresholds with the values that the code uses."""

import re
from importlib import import_module
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "calibration.md"
ROW = re.compile(r"^\| `([A-Z_]+)` \| (\S+) \| .+ \|$", re.MULTILINE)
MODULES = [
    import_module(name)
    for name in (
        "companion.sensing.calibration",
        "companion.sensing.channel_fit",
        "companion.sensing.held",
        "companion.sensing.calibrated",
        "companion.cli.calibration_words",
    )
]


def test_every_value_on_the_page_is_the_one_in_use() -> None:
    rows = ROW.findall(PAGE.read_text(encoding="utf-8"))
    assert {name for name, _ in rows} == {
        name
        for module in MODULES
        for name, value in vars(module).items()
        if name in vars(module)["__annotations__"]
        and name[0] != "_"
        and isinstance(value, int | float)
    }
    for name, value in rows:
        (used,) = {getattr(module, name) for module in MODULES if hasattr(module, name)}
        assert float(f"{used:.10g}") == float(value), name
