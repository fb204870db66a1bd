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

from companion.web import server
from companion.web.access import Access
from companion.web.server import DashboardServer
from tests.web.chromium import opened
from tests.web.test_server import ECHO

ROOT = Path(__file__).parents[2]
FINGER_PX = 44
"""WCAG 2.5.5, target size (enhanced)."""
BUTTONS = """[...document.querySelectorAll('.keys button')].map((button) => ({
    key: button.dataset.key,
    cut: button.scrollWidth > button.clientWidth || button.scrollHeight > button.clientHeight,
    ...button.getBoundingClientRect().toJSON(),
}))"""

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
        async with asyncio.timeout(100):
            line = (await process.stdout.readline()).decode()
        yield line.split()[4]
        process.send_signal(signal.SIGINT)
        async with asyncio.timeout(100):
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
        await asyncio.wait_for(page.closed.wait(), 100)
        assert await page.run("document.body.classList.contains('-closed')")


async def test_on_a_phone_ten_buttons_say_what_they_do_below_the_dashboard(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MASSAGE_COMPANION_LANGUAGE", "de")
    async with (
        serving(home, "demo", "--oiled") as address,
        opened(tmp_path / "profile", 390, 844) as page,
    ):
        await page.ask("Emulation.setTouchEmulationEnabled", enabled=True)
        size = {"width": 390, "height": 844, "deviceScaleFactor": 1, "mobile": True}
        await page.ask("Emulation.setDeviceMetricsOverride", **size)
        await page.ask("Page.navigate", url=address)
        await page.drawn_until("JETZT")
        boxes = await page.run(BUTTONS)
        assert [box["key"] for box in boxes] == list("lgfmx nyas")
        assert all(min(box["width"], box["height"]) >= FINGER_PX for box in boxes)
        assert not [box for box in boxes if box["cut"] or box["bottom"] > 844]
        foot = await page.run("document.querySelector('.xterm').getBoundingClientRect().bottom")
        assert 500 < foot <= min(box["top"] for box in boxes)
        assert await page.run("document.activeElement.inputMode") == "none"
        await page.run("document.querySelector('[data-key=x]').click()")
        await page.drawn_until("nicht wohl")


async def test_what_is_old_is_said_to_be_old_and_a_lost_computer_is_asked_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def deaf(*_: object) -> None:
        pass

    has = "document.body.classList.contains('-{}')".format
    access = Access(host="127.0.0.1", port=0, is_local=True)
    made = DashboardServer(access, (sys.executable, "-c", ECHO, str(tmp_path / "ended")))
    async with opened(tmp_path / "profile", 600, 400) as page:
        async with made.open() as address:
            await page.ask("Page.navigate", url=address)
            await page.drawn_until("WebDriver")
            assert await page.run("awake instanceof WakeLockSentinel && !awake.released")
            await page.run("heard -= 4000")
            await page.comes_to("performance.now() - heard < 2000", value=True)
            assert not await page.run(has("late"))
            with monkeypatch.context() as quiet:
                quiet.setattr(server, "_heed", deaf)
                await page.run("heard -= 4000")
                await page.comes_to(has("late"), value=True)
            await page.comes_to(has("late"), value=False)
            for socket in made._sockets:
                assert socket._req is not None
                assert socket._req.transport is not None
                socket._req.transport.abort()
            await page.comes_to(has("cut"), value=True)
            assert await page.run("awake.released")
        await page.run("document.getElementById('again').click()")
        await page.comes_to(has("unreached"), value=True)
        assert "-closed" in await page.run("document.body.className")


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
