"""Write ``config/schema`` from the models of the files: run ``python -m docs.make_schemas``."""

from pathlib import Path

from companion.settings.schema import MODELS, schema_text

FOLDER = Path(__file__).parent.parent / "config" / "schema"


def pages() -> dict[str, str]:
    """Return the content of each schema file as it should stand, by its name."""
    return {f"{kind}.schema.json": schema_text(kind) for kind in MODELS}


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, content in pages().items():
        (FOLDER / name).write_text(content, encoding="utf-8")
