"""Several tools at a time: whose session is whose, one loudspeaker, lines that name their tool."""

import asyncio
import json
from collections.abc import AsyncIterator

import pytest

from companion.__main__ import main
from companion.ble.admission import Admission, Admitted
from companion.ble.errors import LinkError, LinkFault
from companion.cli import several_guiding
from companion.cli.endings import UsageRefused
from companion.cli.on_screen import failed_words
from companion.cli.several import one_tool, persons_of
from companion.cli.sounding_together import Together
from companion.coaching.events import AlertAcknowledged, AlertRaised, Command, Event, LinkLost
from companion.sensing.types import Level
from tests.tui.fake_live import acknowledged, raised

QUICK = ("--routine", "quick", "--scale", "50")


def test_one_tool_that_fails_needs_no_name() -> None:
    error = LinkError(LinkFault.NO_ADAPTER)
    assert failed_words("", error) == str(error)
    assert failed_words("Aurora roller", error) == f"Aurora roller: {error}"


@pytest.mark.parametrize(
    ("tools", "persons", "whose"),
    [
        (["a", "b"], [], [None, None]),
        (["a", "b"], ["ada"], ["ada", "ada"]),
        (["a", "b"], ["ada", "ben"], ["ada", "ben"]),
    ],
)
def test_one_person_has_all_tools_or_each_has_their_own(
    tools: list[str], persons: list[str], whose: list[str | None]
) -> None:
    assert persons_of(tools, persons) == whose


@pytest.mark.parametrize(
    ("tools", "persons", "words"),
    [
        (["a", "A"], [], "another session has this tool"),
        (["a", "b", "c"], ["ada", "ben"], "3 tools and 2 persons"),
        ([], ["ada", "ben"], "0 tools and 2 persons"),
        (list("abcdefghi"), [], "at most 8"),
    ],
)
def test_what_does_not_go_together_is_refused_in_one_sentence(
    tools: list[str], persons: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = [f"--tool={tool}" for tool in tools] + [f"--person={one}" for one in persons]
    assert main(["run", "--json", *arguments]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert words in captured.err
    assert captured.err.count("\n") == 1


def test_no_two_sessions_get_the_same_tool() -> None:
    roller, stone = Admitted("AA", "my roller", "Aurora"), Admitted("BB", "my stone", "Aurora")
    both = Admission.of([roller, stone])
    assert list(one_tool(both, {"AA"}, "Aurora").tools) == ["BB"]
    with pytest.raises(UsageRefused, match="means several known tools"):
        one_tool(both, set(), "Aurora")
    with pytest.raises(UsageRefused, match="another session has this tool"):
        one_tool(Admission.of([roller]), {"AA"}, "my roller")


async def _stream(*events: Event) -> AsyncIterator[Event]:
    for event in events:
        yield event
        await asyncio.sleep(0)


async def test_one_loudspeaker_tells_the_tools_apart_and_a_lost_one_settles_only_its_own_stop() -> (
    None
):
    stop = raised(Level.STOP)
    lost = LinkLost(device_s=101.0, tool="roller", reason="gone")
    together = Together(["roller", "stone"], [_stream(stop, lost), _stream(stop)])
    heard = [(event, together.sound(event)) async for event in together]
    stops = [
        (event.alert, sound.words.partition(":")[0])
        for event, sound in heard
        if isinstance(event, AlertRaised) and sound is not None
    ]
    assert sorted(stops) == [(2, "roller"), (3, "stone")]
    settled = [event.alert for event, _ in heard if isinstance(event, AlertAcknowledged)]
    assert settled == [2]
    assert acknowledged(stop).alert == 1


class Typing:
    """Somebody who types lines and goes."""

    lines = ("2p", "1 n", "n", "3n", "x", "1q", "2m", "m", "s", "nonsense")

    def __init__(self) -> None:
        self._left = list(self.lines)

    async def line(self) -> str | None:
        return self._left.pop(0) if self._left else None


async def test_a_line_begins_with_the_tools_number_and_what_ends_is_for_all(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(several_guiding, "Keyboard", Typing)
    first, second = list[Command](), list[Command]()
    await several_guiding.obey_lines([first.append, second.append])
    assert first == [Command.SKIP, Command.UNWELL, Command.MUTE, Command.STOP]
    assert second == [Command.PAUSE, Command.UNWELL, Command.MUTE, Command.STOP]
    assert capsys.readouterr().err.count("Say which tool first, 1 to 2") == 4


@pytest.mark.unmeasured
def test_two_simulated_tools_have_a_session_each_and_every_line_says_whose(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["demo", "--tools", "2", "--json", "--speed", "max", *QUICK]) == 0
    captured = capsys.readouterr()
    lines = [json.loads(line) for line in captured.out.splitlines()]
    assert captured.err == ""
    assert {(line["tool_number"], line["tool_name"]) for line in lines} == {
        (1, "Aurora roller A"),
        (2, "Aurora roller B"),
    }
    for number in (1, 2):
        own = [line for line in lines if line["tool_number"] == number]
        assert own[-1]["event"] == "session_finished"
        assert own[-1]["summary"]["outcome"] == "finished"
        assert own[-2]["event"] == "simulation_truth"
        (up,) = [line for line in own if line["event"] == "link_up"]
        assert up["tool"] == own[0]["tool_name"]


@pytest.mark.parametrize("count", ["0", "9"])
def test_a_demo_of_too_many_tools_is_refused(
    count: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["demo", "--tools", count]) == 2
    assert "from 1 to 8" in capsys.readouterr().err
