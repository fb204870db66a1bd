"""The card for the contact area in a browser: its millimetres are millimetres."""

import base64
import re
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from companion.__main__ import main
from tests.web.chromium import Page, opened

Grey = NDArray[np.uint8]

pytestmark = pytest.mark.service("chromium")

PER_MM = 10
CSS_PER_MM = 96 / 25.4
"""CSS Values 3, 5.2: an inch is 96 pixels."""

WIDE_MM, HIGH_MM = 210, 297
DARK, FAINT = 80, 240
"""A line of 0.25 mm has a black pixel at least; one of 0.06 mm is less than a pixel: grey."""

LEFT_MM, RULER_MM, GRID_MM = 20, 52, (160, 110)


async def shown(page: Page) -> Grey:
    """Return the page in grey, ten pixels for a millimetre."""
    await page.ask(
        "Emulation.setDeviceMetricsOverride",
        width=round(WIDE_MM * CSS_PER_MM),
        height=round(HIGH_MM * CSS_PER_MM),
        deviceScaleFactor=PER_MM / CSS_PER_MM,
        mobile=False,
    )
    with Image.open(BytesIO(await page.picture())) as seen:
        return np.asarray(seen.convert("L"))


async def test_the_ruler_the_outlines_and_the_squares_have_the_sizes_they_claim(
    tmp_path: Path,
) -> None:
    file = tmp_path / "card.svg"
    assert main(["calibrate", "--card", str(file)]) == 0
    async with opened(tmp_path / "profile", 800, 1200) as page:
        await page.ask("Page.navigate", url=file.as_uri())
        await page.comes_to("document.readyState", "complete")
        grey = await shown(page)
        printed = base64.b64decode(
            (await page.ask("Page.printToPDF", preferCSSPageSize=True))["data"]
        )
    dark = grey < DARK
    ruler = np.flatnonzero(dark[RULER_MM * PER_MM])
    assert ruler.min() == LEFT_MM * PER_MM
    assert np.ptp(ruler) == pytest.approx(100 * PER_MM, abs=1.5)
    ticks = runs(dark[RULER_MM * PER_MM - 15, : 122 * PER_MM])
    assert np.diff(ticks) == pytest.approx(10 * PER_MM, abs=1.5)
    assert len(ticks) == 11
    # The first outline, a square centimetre: its left and right edge, its top and bottom.
    middle = dark[67 * PER_MM, 15 * PER_MM : 35 * PER_MM]
    assert np.diff(runs(middle)) == pytest.approx([10 * PER_MM], abs=1.5)
    upright = dark[60 * PER_MM : 73 * PER_MM, 25 * PER_MM]
    assert np.diff(runs(upright)) == pytest.approx([10 * PER_MM], abs=1.5)
    wide, high = GRID_MM
    top = HIGH_MM - 20 - high
    across = slice(LEFT_MM * PER_MM - 3, (LEFT_MM + wide) * PER_MM + 3)
    down = slice(top * PER_MM - 3, (HIGH_MM - 20) * PER_MM + 3)
    for line, long in ((grey[top * PER_MM + 5, across], wide), (grey[down, 205], high)):
        every = runs(line < FAINT)
        assert len(every) == long + 1
        assert np.diff(every) == pytest.approx(PER_MM, abs=1.5)
        assert np.diff(runs(line < DARK)) == pytest.approx(10 * PER_MM, abs=1.5)
    one_page_of_a4(printed)


def runs(line: NDArray[np.bool_]) -> list[float]:
    """Return the middles of the dark stretches of a line of pixels."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], line.astype(int), [0]))))
    return [float(middle) for middle in (edges[::2] + edges[1::2] - 1) / 2]


def one_page_of_a4(printed: bytes) -> None:
    """A browser prints it on one sheet, without margins of its own that would shrink it."""
    boxes = re.findall(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", printed)
    sizes_mm = [[float(side) * 25.4 / 72 for side in box] for box in boxes]
    assert sizes_mm == [pytest.approx([WIDE_MM, HIGH_MM], abs=0.2)]
