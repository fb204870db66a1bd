"""Our transport against a real broker: both versions, TLS, users, and every way it can refuse."""

import asyncio
import gc
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

import aiomqtt
import pytest

from companion.mqtt import client as clients
from companion.mqtt.address import Broker
from companion.mqtt.client import AiomqttTransport, SteadyClient
from companion.mqtt.courier import Courier
from companion.mqtt.errors import BrokerError, BrokerFault
from companion.mqtt.letters import Kind, Letter, NoOutbox
from companion.mqtt.transport import Incoming, Outgoing
from tests.mqtt.mosquitto import Mosquitto, authority, certificate, listening, running
from tests.mqtt.parts import TOOL, TOPICS

pytestmark = [
    pytest.mark.service("mosquitto", "openssl"),
    # paho drops the socket of a handshake that fails, and leaves closing it to the interpreter.
    pytest.mark.filterwarnings("ignore:unclosed.*ssl.SSLSocket:ResourceWarning"),
]

CONFIG = Path(__file__).parents[2] / "config"
WILL = Outgoing(topic=TOPICS.status, payload="offline", retain=True)


@pytest.fixture
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clients, "TIMEOUT_S", 3.0)


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Mosquitto]:
    with running(tmp_path / "broker") as found:
        yield found


def at(broker: Mosquitto, **more: Any) -> Broker:  # noqa: ANN401 - fields
    return Broker(host="127.0.0.1", port=broker.port, **more)


async def until(is_so: Callable[[], object]) -> None:
    async with asyncio.timeout(100):
        while not is_so():  # noqa: ASYNC110 - what it waits for has no event
            await asyncio.sleep(0.02)


async def fault_at(place: Broker) -> BrokerError:
    with pytest.raises(BrokerError) as caught:
        async with AiomqttTransport(place, "test").connect(WILL):
            pytest.fail("it was let in")
    assert str(caught.value).startswith(str(place))
    error = caught.value.with_traceback(None)
    del caught
    gc.collect()
    return error


async def test_mqtt_5_is_spoken_first_with_expiry_and_correlation(broker: Mosquitto) -> None:
    async with listening(broker, "massage/#") as heard:
        async with AiomqttTransport(at(broker), "test").connect(WILL) as connection:
            assert connection.version == "5"
            out = Outgoing(topic="massage/x", payload="ü", expires_s=300, correlation=b"\x00\x01")
            await connection.publish(out)
            await until(lambda: heard)
        (message,) = heard
        assert isinstance(message.payload, bytes)
        assert message.payload.decode() == "ü"
        assert message.properties.MessageExpiryInterval == 300  # type: ignore[union-attr]
        assert message.properties.CorrelationData == b"\x00\x01"  # type: ignore[union-attr]
        await asyncio.sleep(0.2)
        assert len(heard) == 1, "a clean end says no will"


async def test_a_broker_without_mqtt_5_is_spoken_to_in_3_1_1(
    broker: Mosquitto, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[Any] = []

    class Refusing(SteadyClient):
        def __init__(self, *args: Any, **more: Any) -> None:  # noqa: ANN401 - the library's
            tried.append(more["protocol"])
            super().__init__(*args, **more)

        async def __aenter__(self) -> Self:
            if tried[-1] is aiomqtt.ProtocolVersion.V5:
                raise aiomqtt.exceptions.MqttConnectError(132)
            await super().__aenter__()
            return self

    monkeypatch.setattr(clients, "SteadyClient", Refusing)
    transport = AiomqttTransport(at(broker), "test")
    for _ in range(2):
        async with transport.connect(WILL) as connection:
            assert connection.version == "3.1.1"
            await connection.subscribe(["massage/x"])
            await connection.publish(Outgoing(topic="massage/x", payload="1", expires_s=5))
            assert (await anext(aiter(connection.messages()))).payload == b"1"
    assert [int(one) for one in tried] == [5, 4, 4], "the version that works is remembered"


async def test_what_comes_says_who_asks_and_whether_it_is_old(broker: Mosquitto) -> None:
    async with AiomqttTransport(at(broker), "other").connect(WILL) as other:
        topic = TOPICS.of(TOOL, "session/set")
        await other.publish(Outgoing(topic=topic, payload="old", retain=True))
        async with AiomqttTransport(at(broker), "test").connect(WILL) as connection:
            await connection.subscribe([TOPICS.commands])
            messages = aiter(connection.messages())
            assert await anext(messages) == Incoming(topic=topic, payload=b"old", retained=True)
            await other.publish(Outgoing(topic=topic, payload="new", correlation=b"7"))
            new = Incoming(topic=topic, payload=b"new", correlation=b"7")
            assert await anext(messages) == new
            await other.publish(Outgoing(topic=topic, payload="kept", retain=True))
            assert (await anext(messages)).retained, "although it is new"


async def test_a_lost_broker_is_told_once_where_it_is_heard(broker: Mosquitto) -> None:
    async with AiomqttTransport(at(broker), "test").connect(WILL) as connection:
        broker.kill()
        with pytest.raises(BrokerError) as caught:
            await anext(aiter(connection.messages()))
        assert caught.value.fault is BrokerFault.DROPPED
        with pytest.raises(BrokerError):
            await connection.publish(Outgoing(topic="x", payload="1"))


async def test_a_broker_that_goes_while_we_write_troubles_nobody_but_us(broker: Mosquitto) -> None:
    """The socket is closed after the loop was asked to watch it; an error in the loop fails us."""
    async with AiomqttTransport(at(broker), "test").connect(WILL) as connection:
        paho = connection._client._client  # type: ignore[attr-defined]
        writing = asyncio.create_task(connection.publish(Outgoing(topic="x", payload="1")))
        asyncio.get_running_loop().call_soon(paho._sock_close)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert paho.socket() is None
        writing.cancel()
        await asyncio.wait([writing])


async def test_a_closed_port_and_an_unknown_host_are_told_apart(broker: Mosquitto) -> None:
    broker.kill()
    assert (await fault_at(at(broker))).fault is BrokerFault.CLOSED


async def test_an_unknown_host_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object, **__: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", fails)
    error = await fault_at(Broker(host="nobody.invalid", port=1883))
    assert error.fault is BrokerFault.UNKNOWN_HOST
    assert "nobody.invalid" in str(error)
    assert not error.is_lasting


async def test_a_port_that_never_answers_times_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clients, "TIMEOUT_S", 0.3)
    with socket.socket() as place:
        place.bind(("127.0.0.1", 0))
        place.listen()
        error = await fault_at(Broker(host="127.0.0.1", port=place.getsockname()[1]))
    assert error.fault is BrokerFault.TIMED_OUT


async def test_a_connection_that_was_given_up_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A broker that was frozen, and answers when nobody waits any more, finds nobody."""
    monkeypatch.setattr(clients, "TIMEOUT_S", 0.3)
    left = asyncio.Event()

    async def stay_silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        left.set()
        writer.close()

    async with await asyncio.start_server(stay_silent, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        error = await fault_at(Broker(host="127.0.0.1", port=port))
        assert error.fault is BrokerFault.TIMED_OUT
        async with asyncio.timeout(5.0):
            await left.wait()


PASSWORD = "geheim"  # noqa: S105 - a test's


@pytest.fixture
def guarded(tmp_path: Path) -> Iterator[Mosquitto]:
    """A broker with users and the shipped ACL: hub ``bath`` and somebody else."""
    folder = tmp_path / "guarded"
    folder.mkdir()
    users = folder / "users"
    users.write_text("")
    users.chmod(0o600)
    for name in ("bath", "kitchen"):
        _passwd(users, name)
    acl = folder / "acl"
    shipped = (CONFIG / "mosquitto-acl.conf").read_text(encoding="utf-8")
    acl.write_text(shipped.replace("massage-companion", TOPICS.base), encoding="utf-8")
    acl.chmod(0o600)
    lines = ("allow_anonymous false", f"password_file {users}", f"acl_file {acl}")
    with running(folder, *lines) as found:
        yield found


def _passwd(file: Path, name: str) -> None:
    import subprocess  # noqa: PLC0415 - only here

    subprocess.run(  # noqa: S603 - a program of the broker's package
        ["mosquitto_passwd", "-b", str(file), name, PASSWORD],  # noqa: S607 - as above
        check=True,
        capture_output=True,
    )


async def test_users_are_let_in_and_a_wrong_password_is_told(guarded: Mosquitto) -> None:
    right = at(guarded, user="bath", password=PASSWORD)
    async with AiomqttTransport(right, "test").connect(WILL) as connection:
        await connection.publish(Outgoing(topic=TOPICS.status, payload="online"))
    for wrong in (replace(right, password="no"), replace(right, user=None, password=None)):  # noqa: S106 - as above
        error = await fault_at(wrong)
        assert error.fault in {BrokerFault.PASSWORD, BrokerFault.NOT_ALLOWED}
        assert error.is_lasting
        assert "user and password" in str(error)
        assert PASSWORD not in str(error)


async def test_a_hub_stays_in_its_own_tree(guarded: Mosquitto) -> None:
    mine = at(guarded, user="bath", password=PASSWORD)
    theirs = at(guarded, user="kitchen", password=PASSWORD)
    async with (
        AiomqttTransport(mine, "mine").connect(WILL) as connection,
        AiomqttTransport(theirs, "theirs").connect(WILL) as other,
    ):
        await connection.subscribe([TOPICS.commands])
        stolen = Outgoing(topic=TOPICS.of(TOOL, "session/set"), payload="stolen")
        await other.publish(stolen)
        await connection.publish(replace(stolen, payload="own"))
        assert (await anext(aiter(connection.messages()))).payload == b"own"


@contextmanager
def _with_tls(folder: Path, **more: Any) -> Iterator[Mosquitto]:  # noqa: ANN401 - of a certificate
    folder.mkdir(exist_ok=True)
    if not (folder / "ca.pem").exists():
        authority(folder)
    papers = certificate(folder, "server", **more)
    lines = (f"cafile {papers.ca}", f"certfile {papers.cert}", f"keyfile {papers.key}")
    with running(folder, "allow_anonymous true", "require_certificate false", *lines) as found:
        yield found


@pytest.mark.usefixtures("_soon")
async def test_tls_is_spoken_with_an_authority_of_ones_own(tmp_path: Path) -> None:
    with _with_tls(tmp_path / "tls") as broker:
        place = at(broker, tls=True, ca_file=str(broker.folder / "ca.pem"))
        async with AiomqttTransport(place, "test").connect(WILL) as connection:
            await connection.publish(Outgoing(topic="x", payload="1"))
        authority(broker.folder, "other")
        error = await fault_at(replace(place, ca_file=str(broker.folder / "other.pem")))
        assert error.fault is BrokerFault.UNTRUSTED
        (broker.folder / "none.pem").write_text("no certificate")
        error = await fault_at(replace(place, ca_file=str(broker.folder / "none.pem")))
        assert error.fault is BrokerFault.FILES
        assert (await fault_at(at(broker))).fault in {
            BrokerFault.DROPPED,
            BrokerFault.TIMED_OUT,
            BrokerFault.UNREACHABLE,
        }


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        ({"days": -1}, BrokerFault.EXPIRED),
        ({"names": "IP:192.0.2.1"}, BrokerFault.OTHER_NAME),
    ],
)
async def test_a_certificate_that_does_not_hold_is_refused(
    tmp_path: Path, more: dict[str, Any], fault: BrokerFault
) -> None:
    with _with_tls(tmp_path / "tls", **more) as broker:
        error = await fault_at(at(broker, tls=True, ca_file=str(broker.folder / "ca.pem")))
    assert error.fault is fault
    assert error.is_lasting


async def test_tls_to_a_port_without_it_is_told(broker: Mosquitto) -> None:
    error = await fault_at(at(broker, tls=True))
    assert error.fault is BrokerFault.NO_TLS
    assert "()" not in str(error)


@pytest.mark.usefixtures("_soon")
async def test_a_client_certificate_lets_us_in(tmp_path: Path) -> None:
    folder = tmp_path / "tls"
    folder.mkdir()
    authority(folder)
    server, own = certificate(folder, "server"), certificate(folder, "bath")
    lines = (f"cafile {server.ca}", f"certfile {server.cert}", f"keyfile {server.key}")
    with running(folder, *lines, "require_certificate true", "use_identity_as_username true") as it:
        place = at(it, tls=True, ca_file=str(own.ca))
        ours = replace(place, cert_file=str(own.cert), key_file=str(own.key))
        async with AiomqttTransport(ours, "test").connect(WILL) as connection:
            await connection.publish(Outgoing(topic="x", payload="1"))
        assert (await fault_at(place)).fault is not BrokerFault.CLOSED


async def _deaf(_: Incoming) -> Outgoing | None:
    return None


def _letter(number: int) -> Letter:
    return Letter(
        msg_id=str(number),
        kind=Kind.SUMMARY,
        topic=TOPICS.of(TOOL, "session/summary"),
        payload=str(number),
        created=datetime.now(UTC).timestamp(),
    )


async def test_no_summary_is_lost_when_the_broker_is_killed_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("companion.mqtt.backoff.FIRST_S", 0.1)
    monkeypatch.setattr("companion.mqtt.backoff.LONGEST_S", 0.2)
    folder = tmp_path / "broker"
    lines = ("allow_anonymous true", "persistence true", f"persistence_location {folder}/")
    with running(folder, *lines) as broker:
        told: list[BrokerError | None] = []
        transport = AiomqttTransport(at(broker), "test")
        courier = Courier(transport, TOPICS, NoOutbox(), hears=_deaf, tells=told.append, seed=1)
        keeping = asyncio.create_task(courier.run())
        got: set[str] = set()
        for cut in range(3):
            async with listening(broker, TOPICS.of(TOOL, "#")) as heard:
                for number in range(80 * cut, 80 * cut + 80):
                    courier.post(_letter(number))
                await until(lambda heard=heard: len(heard) >= 20)  # type: ignore[misc]
                if cut == 2:
                    await until(lambda: not courier.waiting)
                    await until(lambda heard=heard: "239" in map(_text, heard))  # type: ignore[misc]
                got |= set(map(_text, heard))
                if cut < 2:
                    broker.kill()
            if cut < 2:
                broker.start()
        courier.close()
        await keeping
    missing = {str(number) for number in range(240)} - got
    acknowledged_before_the_kill = {str(n) for n in range(160)}
    assert missing <= acknowledged_before_the_kill, "only what the broker had, and died with"
    assert told[0] is not None


def _text(message: aiomqtt.Message) -> str:
    assert isinstance(message.payload, bytes)
    return message.payload.decode()


async def test_our_own_offline_is_retained_and_a_killed_process_leaves_its_will(
    broker: Mosquitto, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clients, "WILL_DELAY_S", 0)
    transport = AiomqttTransport(at(broker), "test")
    courier = Courier(transport, TOPICS, NoOutbox(), hears=_deaf, tells=lambda _: None)
    async with listening(broker, TOPICS.status) as heard:
        keeping = asyncio.create_task(courier.run())
        await until(lambda: list(map(_text, heard)) == ["online"])
        courier.close()
        await keeping
        await until(lambda: list(map(_text, heard)) == ["online", "offline"])
        async with AiomqttTransport(at(broker), "gone").connect(WILL) as connection:
            await connection.publish(Outgoing(topic=TOPICS.status, payload="online", retain=True))
            connection._client._client._sock.shutdown(socket.SHUT_RDWR)  # type: ignore[attr-defined]
            await until(lambda: len(heard) == 4)
    assert list(map(_text, heard)) == ["online", "offline", "online", "offline"]
