"""The settings file changed from the screen, and by hand while the dashboard runs."""

from pathlib import Path

import pytest

from companion.errors import FileRefused
from companion.settings.faults import FaultsFound
from companion.settings.user import (
    UserSettings,
    check_settings,
    falling_back,
    load_settings,
    said_setting,
    settings_file,
)
from companion.settings.user_file import change_setting
from companion.settings.watched import WatchedSettings

pytestmark = pytest.mark.usefixtures("home")


def write(content: str) -> Path:
    file = settings_file()
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(content, encoding="utf-8")
    return file


def test_the_first_value_begins_the_file_and_the_next_goes_beside_it() -> None:
    change_setting(("volume",), 30)
    assert change_setting(("mqtt", "user"), "anna").mqtt.user == "anna"
    held = check_settings(settings_file())
    assert (held.volume, held.mqtt.user) == (30, "anna")
    assert settings_file().read_text(encoding="utf-8").startswith("# Settings")


@pytest.mark.parametrize(
    ("content", "path", "value", "reason"),
    [
        ("volum = 3\n", ("volume",), 30, "Did you mean"),
        ("volume = \n", ("volume",), 30, "line 1"),
        ("volume = 40\n", ("volume",), 101, "at most 100"),
        ("", ("stop_percent",), 39, "at least 40"),
        ("", ("theme",), "dusk", "Accepted: auto, dark, light, contrast"),
    ],
)
def test_what_would_not_be_right_is_refused_and_the_file_stays(
    content: str, path: tuple[str, ...], value: int | str, reason: str
) -> None:
    file = write(content)
    with pytest.raises(FileRefused, match=reason):
        change_setting(path, value)
    assert file.read_text(encoding="utf-8") == content
    assert list(file.parent.iterdir()) == [file]


def test_a_link_and_who_may_read_stay_what_they_are(tmp_path: Path) -> None:
    elsewhere = tmp_path / "dotfiles.toml"
    elsewhere.write_text("mute = true\n", encoding="utf-8")
    elsewhere.chmod(0o640)
    settings_file().parent.mkdir(parents=True)
    settings_file().symlink_to(elsewhere)
    change_setting(("mute",), value=False)
    assert settings_file().is_symlink()
    assert elsewhere.read_text(encoding="utf-8") == "mute = false\n"
    assert elsewhere.stat().st_mode & 0o777 == 0o640


def test_words_become_values_and_bad_ones_are_refused_as_the_environment_s_are() -> None:
    assert said_setting(("volume",), "30") == 30
    assert said_setting(("mqtt", "live"), "yes") is True
    assert said_setting(("mqtt", "user"), "anna") == "anna"
    with pytest.raises(FileRefused, match="whole number"):
        said_setting(("volume",), "loud")
    with pytest.raises(FileRefused, match="one line"):
        said_setting(("mqtt", "user"), "anna\x1b[2J")


def test_a_file_broken_by_hand_is_told_with_its_line_and_the_last_good_one_holds() -> None:
    file = write("volume = 40\n")
    watched = WatchedSettings()
    assert watched.look() is None
    write("mute = true\nvolume = 400\n")
    found = watched.look()
    assert found is not None
    assert found.faults[0].line == 2
    assert "volume (line 2)" in str(FaultsFound(found.faults))
    assert watched.good.volume == 40
    assert watched.look() is None
    with falling_back(watched.good):
        assert load_settings(environment={}).settings.volume == 40
        assert WatchedSettings().faults == found.faults
    with pytest.raises(FileRefused):
        load_settings(environment={})
    file.write_text("volume = 50\n", encoding="utf-8")
    mended = watched.look()
    assert mended is not None
    assert (mended.faults, mended.was_faulty, watched.good.volume) == ((), True, 50)
    file.unlink()
    assert watched.look() is not None
    assert watched.good == UserSettings()


def test_what_we_write_ourselves_is_no_news() -> None:
    watched = WatchedSettings()
    change_setting(("volume",), 30)
    watched.take()
    assert watched.look() is None
    assert watched.good.volume == 30
