"""Where the broker is: every mistake is one sentence, and no secret is shown."""

from pathlib import Path

import pytest

from companion.mqtt.address import PASSWORD_VARIABLE, Broker, Papers, broker_of
from companion.mqtt.errors import BrokerRefused


@pytest.mark.parametrize(
    ("url", "host", "port", "tls"),
    [
        ("mqtt://localhost", "localhost", 1883, False),
        ("mqtts://house.example", "house.example", 8883, True),
        ("mqtt://192.0.2.1:18830/", "192.0.2.1", 18830, False),
        ("mqtt://[::1]:1884", "::1", 1884, False),
    ],
)
def test_an_address_is_read(url: str, host: str, port: int, *, tls: bool) -> None:
    broker = broker_of(url, Papers(), {})
    assert (broker.host, broker.port, broker.tls) == (host, port, tls)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "localhost",
        "http://localhost",
        "mqtt://",
        "mqtt://host:0",
        "mqtt://host:99999",
        "mqtt://host/topic",
        "mqtt://host?x=1",
        "mqtt://[::1",
    ],
)
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(BrokerRefused, match="mqtts://HOST"):
        broker_of(url, Papers(), {})


@pytest.mark.parametrize("url", ["mqtt://anna:geheim@host", "mqtt://anna@host", "mqtt://@host"])
def test_a_secret_in_an_address_is_refused_and_not_repeated(url: str) -> None:
    with pytest.raises(BrokerRefused) as caught:
        broker_of(url, Papers(), {})
    assert PASSWORD_VARIABLE in str(caught.value)
    assert "geheim" not in str(caught.value)


def test_a_password_comes_from_a_file_or_the_environment_and_is_not_shown(tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text("geheim\n", encoding="utf-8")
    papers = Papers(user="anna", password_file=str(file))
    environment = {PASSWORD_VARIABLE: "other"}
    broker = broker_of("mqtt://host", papers, environment)
    assert broker.password == "geheim"  # noqa: S105 - a test's
    assert "geheim" not in f"{broker!r} {broker}"
    assert broker_of("mqtt://host", Papers(user="anna"), environment).password == "other"  # noqa: S105 - a test's
    assert broker_of("mqtt://host", Papers(), {}).password is None


@pytest.mark.parametrize("content", [b"", b"\n", b"two\nlines", b"\xff\xfe"])
def test_a_password_file_that_is_not_one_line_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "password"
    file.write_bytes(content)
    with pytest.raises(BrokerRefused, match="one line"):
        broker_of("mqtt://host", Papers(user="anna", password_file=str(file)), {})


@pytest.mark.parametrize(
    ("url", "papers", "words"),
    [
        ("mqtt://host", Papers(ca_file="ca.pem"), "mqtts:// only"),
        ("mqtts://host", Papers(ca_file="/nowhere/ca.pem"), "/nowhere/ca.pem"),
        ("mqtts://host", Papers(key_file="key.pem"), "cert_file"),
        ("mqtt://host", Papers(password_file="/nowhere"), "/nowhere"),  # noqa: S106 - no password
    ],
)
def test_papers_that_do_not_fit_are_refused(url: str, papers: Papers, words: str) -> None:
    with pytest.raises(BrokerRefused, match=words):
        broker_of(url, papers, {})


def test_a_password_without_a_user_is_refused() -> None:
    with pytest.raises(BrokerRefused, match="no user"):
        broker_of("mqtt://host", Papers(), {PASSWORD_VARIABLE: "geheim"})


@pytest.mark.parametrize(
    ("broker", "is_open"),
    [
        (Broker(host="localhost", port=1883), False),
        (Broker(host="127.0.0.5", port=1883), False),
        (Broker(host="::1", port=1883), False),
        (Broker(host="house.example", port=1883), True),
        (Broker(host="192.0.2.1", port=1883), True),
        (Broker(host="house.example", port=8883, tls=True), False),
    ],
)
def test_only_another_computer_without_tls_is_in_the_clear(
    broker: Broker, *, is_open: bool
) -> None:
    assert broker.is_in_the_clear is is_open
