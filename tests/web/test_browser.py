"""The dashboard in a real browser: drawn, moved by a key, and nothing fetched from elsewhere."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from tests.web.chromium import opened

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.service("chromium")


@asynccontextmanager
async def serving(home: Path, *arguments: str) -> AsyncIterator[str]:
    """Run ``companion serve``, and give its address; Ctrl-C ends it within its time."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "companion", "serve", "--port", "0", *arguments),
        cwd=ROOT,
        env=os.environ | {"HOME": str(home), "MASSAGE_COMPANION_SOUND": "off"},
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    try:
        async with asyncio.timeout(40):
            line = (await process.stdout.readline()).decode()
        yield line.split()[4]
        process.send_signal(signal.SIGINT)
        async with asyncio.timeout(40):
            assert await process.wait() == 130
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def test_chromium_shows_the_dashboard_and_obeys_its_keys(home: Path, tmp_path: Path) -> None:
    async with (
        serving(home, "demo", "--scenario", "careful", "--oiled") as address,
        opened(tmp_path / "profile", 1000, 640) as page,
    ):
        await page.ask("Page.navigate", url=f"{address}?font=14")
        await page.drawn_until("STOP")
        assert await page.run("document.title") == "Massage companion"
        assert await page.run("document.body.classList.contains('-first-byte')")
        with Image.open(BytesIO(await page.picture())) as seen:
            colours = seen.convert("RGB").getcolors(2**24)
        assert colours is not None
        assert len(colours) > 100
        await page.press("m")
        await page.drawn_until("sound off")
        assert not [each for each in page.asked if address.split("/")[2] not in each]
        assert len(page.asked) >= 7
        assert not page.errors
        await page.drawn_until("NOW")
        await page.run("document.querySelector('[data-key=\" \"]').click()")
        await page.drawn_until("PAUSED")
        await page.press("q")
        await asyncio.wait_for(page.closed.wait(), 40)
        assert await page.run("document.body.classList.contains('-closed')")


async def test_on_a_touch_screen_the_buttons_lie_below_the_dashboard(
    home: Path, tmp_path: Path
) -> None:
    async with (
        serving(home, "demo") as address,
        opened(tmp_path / "profile", 600, 560) as page,
    ):
        await page.ask("Emulation.setTouchEmulationEnabled", enabled=True)
        size = {"width": 600, "height": 560, "deviceScaleFactor": 1, "mobile": True}
        await page.ask("Emulation.setDeviceMetricsOverride", **size)
        await page.ask("Page.navigate", url=address)
        await page.comes_to("document.querySelectorAll('.xterm-screen').length", 1)
        box = "document.querySelector('{}').getBoundingClientRect().{}"
        foot = await page.run(box.format(".xterm", "bottom"))
        head = await page.run(box.format(".keys button", "top"))
        assert 300 < foot <= head < 560


async def test_chromium_is_asked_for_the_token_first(home: Path, tmp_path: Path) -> None:
    token = tmp_path / "token"
    token.touch(mode=0o600)
    token.write_text("a-word-of-nineteen!\n")
    async with (
        serving(home, "--token-file", str(token), "demo") as address,
        opened(tmp_path / "profile", 600, 400) as page,
    ):
        await page.ask("Page.navigate", url=address)
        await page.comes_to("document.querySelector('label')?.textContent", "Token")
        await page.run("document.querySelector('#token').value = 'a-word-of-nineteen!'")
        await page.run("document.querySelector('form').requestSubmit()")
        await page.drawn_until("\x1b[?1049h")
        assert not await page.run("document.cookie")
        assert all(address.split("/")[2] in each for each in page.asked)
