"""The broker's table of the settings: file, environment and flag, and no secret in any of them."""

from pathlib import Path

import pytest

from companion.__main__ import main
from companion.cli.house import broker_in, topics_in
from companion.cli.parser import build_parser
from companion.cli.settings import settled
from companion.errors import FileRefused
from companion.mqtt.address import PASSWORD_VARIABLE
from companion.mqtt.errors import BrokerRefused
from companion.settings.user import MqttSettings, load_settings, settings_file

pytestmark = pytest.mark.usefixtures("home")


def write(content: str) -> Path:
    file = settings_file()
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(content, encoding="utf-8")
    return file


def test_each_place_adds_to_the_table_and_the_strongest_wins_key_by_key() -> None:
    write('[mqtt]\nurl = "mqtt://file"\nuser = "anna"\nhub = "bath"\n')
    environment = {
        "MASSAGE_COMPANION_MQTT_URL": "mqtt://env",
        "MASSAGE_COMPANION_MQTT_HUB": "attic",
    }
    held = load_settings({"mqtt": {"url": "mqtt://flag"}}, environment).settings.mqtt
    assert (held.url, held.user, held.hub) == ("mqtt://flag", "anna", "attic")
    assert held.base == "massage-companion"


def test_the_live_stream_is_off_until_it_is_asked_for_in_a_file_or_in_words() -> None:
    assert not load_settings({}, {}).settings.mqtt.live
    assert load_settings({}, {"MASSAGE_COMPANION_MQTT_LIVE": "true"}).settings.mqtt.live
    write("[mqtt]\nlive = true\n")
    assert load_settings({}, {}).settings.mqtt.live
    assert not load_settings({}, {"MASSAGE_COMPANION_MQTT_LIVE": "no"}).settings.mqtt.live
    with pytest.raises(FileRefused, match="true or false"):
        load_settings({}, {"MASSAGE_COMPANION_MQTT_LIVE": "perhaps"})


@pytest.mark.parametrize("command", [["run"], ["mqtt", "test"]])
def test_the_flag_reaches_the_table(command: list[str]) -> None:
    write('[mqtt]\nurl = "mqtt://file"\nuser = "anna"\n')
    arguments = build_parser().parse_args([*command, "--mqtt", "mqtt://flag"])
    held = settled(arguments).settings.mqtt
    assert (held.url, held.user) == ("mqtt://flag", "anna")


def test_a_password_is_no_setting_and_is_never_shown(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(PASSWORD_VARIABLE, "geheim")
    assert main(["settings", "show"]) == 0
    assert "geheim" not in capsys.readouterr().out
    write('[mqtt]\npassword = "geheim"\n')
    with pytest.raises(FileRefused) as caught:
        load_settings(environment={})
    assert caught.value.where == "mqtt.password (line 2)"
    assert "password_file" in caught.value.reason


@pytest.mark.parametrize(
    ("content", "where"),
    [
        ("[mqtt]\nurl = 5\n", "mqtt.url (line 2)"),
        ('[mqtt]\ndiscovery = "all"\n', "mqtt.discovery (line 2)"),
        ('mqtt = "mqtt://x"\n', "mqtt (line 1)"),
    ],
)
def test_a_broken_table_is_refused_with_key_and_line(content: str, where: str) -> None:
    write(content)
    with pytest.raises(FileRefused) as caught:
        load_settings(environment={})
    assert caught.value.where == where


def test_the_settings_become_a_broker_and_a_tree(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PASSWORD_VARIABLE, "geheim")
    settings = MqttSettings(url="mqtts://house.example", user="anna", hub="bath", base="b")
    broker = broker_in(settings)
    assert (str(broker), broker.tls, broker.user) == ("house.example:8883", True, "anna")
    assert broker.password == "geheim"  # noqa: S105 - a test's
    assert topics_in(settings).root == "b/bath"


@pytest.mark.parametrize("tree", [{"hub": "Bad Hub"}, {"base": "homeassistant"}, {"base": "a/b"}])
def test_a_tree_that_cannot_stand_is_one_sentence(tree: dict[str, str]) -> None:
    with pytest.raises(BrokerRefused, match="small letters"):
        topics_in(MqttSettings.model_validate({"hub": "bath", **tree}))


def test_without_a_name_the_computers_own_is_taken() -> None:
    assert topics_in(MqttSettings()).hub
