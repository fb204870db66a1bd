"""Write the tables of ``docs/other-tools.md``: ``python -m docs.make_other_tools``."""

import re
from collections.abc import Iterator
from pathlib import Path

from companion.settings.checked import Table
from companion.settings.described_file import (
    BluefruitTable,
    ColumnTable,
    FactsTable,
    FieldTable,
    IndustrialTable,
    LinesTable,
    LinkTable,
    OtherToolFile,
    RecogniseTable,
    ValueTable,
    WriteTable,
)
from companion.settings.described_tools import load_other_tools
from companion.settings.schema import key_words
from protocols.massage_tool import Features
from protocols.other_tools.description import OtherTool, Proof
from protocols.other_tools.quantities import UNITS

PAGE = Path(__file__).with_name("other-tools.md")
PROOF = {
    Proof.EXAMPLE: "an example of ours; simulated only",
    Proof.DOCUMENTED: "documents and public clients; no bytes of a real device",
    Proof.CAPTURED: "bytes of a real device that others published",
    Proof.REAL_DEVICE: "a real device",
}
TABLES: dict[str, type[Table]] = {
    "": OtherToolFile,
    "recognise": RecogniseTable,
    "link": LinkTable,
    "link.start, link.stop, link.tare": WriteTable,
    "facts": FactsTable,
    "values": ValueTable,
    "values.fields": FieldTable,
    "lines": LinesTable,
    "lines.columns": ColumnTable,
    "bluefruit": BluefruitTable,
    "industrial_measurement": IndustrialTable,
}


def page(written: str) -> str:
    """Return the page as it should stand, from what stands there: only the tables change."""
    parts = {"support": _support(), "keys": _keys(), "units": _units()}
    for name, lines in parts.items():
        marks = rf"(<!-- {name}: begin[^>]*-->\n).*?(<!-- {name}: end -->)"
        table = "\n".join(lines)
        written = re.sub(marks, rf"\g<1>{table}\n\g<2>", written, flags=re.DOTALL)
    return written


def _support() -> Iterator[str]:
    yield "| name | what | measures | rate | judges pressure | proven by |"
    yield "|---|---|---|---|---|---|"
    for tool in load_other_tools():
        cells = (
            f"`{tool.name}`",
            tool.title,
            ", ".join(_measured(tool)),
            f"{tool.rate_hz} Hz",
            _judging(tool),
            PROOF[tool.proof],
        )
        yield f"| {' | '.join(cells)} |"


def _measured(tool: OtherTool) -> Iterator[str]:
    feature = tool.feature
    if feature.force_channels:
        yield "force"
    if feature.features & Features.ACCELEROMETER:
        yield "acceleration"
    if feature.features & Features.GYROSCOPE:
        yield "turning"
    if feature.features & Features.WHEEL:
        yield "way"
    if tool.has_clock:
        yield "its own time"


def _judging(tool: OtherTool) -> str:
    feature = tool.feature
    if not feature.force_channels:
        return "no: no force"
    if feature.contact_area_m2 is None:
        return "no: no contact area declared"
    return "yes" if feature.supported_mass_kg is not None else "no: no mass declared"


def _keys() -> Iterator[str]:
    yield "| table | key | says |\n|---|---|---|"
    for table, model in TABLES.items():
        words = key_words(model)
        for key in model.model_fields:
            yield f"| {f'`{table}`' if table else ''} | `{key}` | {words[key]} |"


def _units() -> Iterator[str]:
    yield "| gives | units |\n|---|---|"
    kinds = dict.fromkeys(kind for kind, _ in UNITS.values())
    names = {"accel": "accel_x, accel_y, accel_z", "gyro": "gyro_x, gyro_y, gyro_z"}
    for kind in kinds:
        units = ", ".join(f"`{unit}`" for unit, (measured, _) in UNITS.items() if measured == kind)
        yield f"| {names.get(kind, kind)} | {units} |"


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
