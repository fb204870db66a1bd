"""``companion mqtt broker``: a broker for a first try, started, used and ended as it is typed."""

import signal
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from companion.__main__ import main
from companion.cli.endings import ExitCode
from tests.end_to_end.processes import Start, ended, line
from tests.mqtt import test_process
from tests.mqtt.mosquitto import free_port

begin = test_process.begin

pytestmark = [
    pytest.mark.service("mosquitto"),
    pytest.mark.skipif(sys.platform == "win32", reason="the test sends POSIX signals"),
]


@pytest.fixture
def taken() -> Iterator[int]:
    """A port of this computer at which something listens."""
    with socket.socket() as place:
        place.bind(("127.0.0.1", 0))
        place.listen()
        yield place.getsockname()[1]


@pytest.mark.parametrize("flags", [(), ("--embedded",)], ids=["mosquitto", "embedded"])
def test_it_says_what_it_is_carries_messages_and_leaves_nothing(
    begin: Start, home: Path, capsys: pytest.CaptureFixture[str], flags: tuple[str, ...]
) -> None:
    port = free_port()
    broker = begin("-m", "companion", "mqtt", "broker", "--port", str(port), *flags)
    said = line(broker)
    assert f"mqtt://127.0.0.1:{port}" in said
    assert "first try, not for the house" in said
    assert "forgets everything" in said
    assert ("MQTT 3.1.1 only" in said) == bool(flags)
    assert main(["mqtt", "test", "--mqtt", f"mqtt://127.0.0.1:{port}"]) == 0
    assert "messages came back" in capsys.readouterr().out
    # Nobody else's computer is let in: it listens at no other address of this one.
    with socket.socket() as probe:
        probe.settimeout(1.0)
        assert probe.connect_ex(("127.0.0.2", port)) != 0
    assert ended(broker, signal.SIGINT) == (130, "", "")
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0
    assert not list(home.rglob("*mosquitto*"))


def test_a_port_that_is_taken_and_a_broker_that_is_not_there_are_one_sentence_each(
    taken: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["mqtt", "broker", "--port", str(taken)]) == 1
    err = capsys.readouterr().err
    assert f"something listens at port {taken} of this computer already" in err
    assert err.count("\n") == 1
    monkeypatch.setattr("companion.cli.mqtt_installed._BESIDE", ())
    monkeypatch.setattr("companion.cli.mqtt_broker.find_spec", lambda _: None)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert main(["mqtt", "broker", "--port", str(free_port())]) == 1
    err = capsys.readouterr().err
    assert "Install mosquitto" in err
    assert "the extra `broker`" in err
    assert main(["mqtt", "broker", "--embedded"]) == 1
    assert "needs the extra `broker`, which is not installed" in capsys.readouterr().err


def test_without_mosquitto_it_is_the_embedded_one(
    taken: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("companion.cli.mqtt_installed._BESIDE", ())
    monkeypatch.setenv("PATH", str(tmp_path))
    served: list[int] = []

    async def serve(port: int) -> ExitCode:
        served.append(port)
        return ExitCode.INTERRUPTED

    monkeypatch.setattr("companion.cli.mqtt_broker._serve_embedded", serve)
    port = free_port()
    assert main(["mqtt", "broker", "--port", str(port)]) == ExitCode.INTERRUPTED
    assert served == [port]
    assert main(["mqtt", "broker", "--embedded", "--port", str(taken)]) == 1
    assert f"something listens at port {taken}" in capsys.readouterr().err


def test_a_broker_that_ends_by_itself_is_told_with_its_last_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    program = tmp_path / "mosquitto"
    program.write_text("#!/bin/sh\necho Starting >&2\necho 'no \033[31mmemory' >&2\n", "utf-8")
    program.chmod(0o700)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    assert main(["mqtt", "broker", "--port", str(free_port())]) == 1
    assert capsys.readouterr().err == ("companion: the broker ended by itself: no [31mmemory\n")
