"""Every screen looks as it did; a change that is meant is written by tests.tui.snapshots."""

import difflib

import pytest

from tests.tui.snapshots import COLOURS, FOLDER, SCENES, SIZES, Scene, snapshot

pytestmark = pytest.mark.unmeasured  # see end_to_end/conftest.py


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
async def test_a_screen_looks_as_it_did(scene: Scene) -> None:
    kept = (FOLDER / f"{scene.name}.txt").read_text(encoding="utf-8")
    shown = await snapshot(scene)
    changed = difflib.unified_diff(kept.splitlines(), shown.splitlines(), "kept", "shown", n=1)
    assert shown == kept, "\n".join(changed)


def test_every_snapshot_is_of_a_scene_and_has_every_size_in_every_colour() -> None:
    assert {file.stem for file in FOLDER.glob("*.txt")} == {scene.name for scene in SCENES}
    for scene in SCENES:
        kept = (FOLDER / f"{scene.name}.txt").read_text(encoding="utf-8")
        for width, height in SIZES:
            for colour in COLOURS:
                assert f"\n{width}x{height} {colour}\n" in kept
