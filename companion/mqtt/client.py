"""The transport over aiomqtt: a new client for every connection, MQTT 5 before 3.1.1.

A client that is entered again would send what an earlier connection left behind, beside our own
outbox; so none ever is.
"""

import logging
import socket
import ssl
import threading
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from typing import Any, Final

import aiomqtt
from aiomqtt import ProtocolVersion
from paho.mqtt.client import Client as Paho
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode
from paho.mqtt.subscribeoptions import SubscribeOptions

from companion.mqtt.address import Broker
from companion.mqtt.errors import BrokerError, BrokerFault
from companion.mqtt.transport import Connection, Incoming, Outgoing

KEEPALIVE_S: Final = 15
TIMEOUT_S: Final = 5.0
WILL_DELAY_S: Final = 5
"""A broker waits this long with our will: a short loss of the net is nobody's business."""

MOST_INCOMING: Final = 64
LARGEST_INCOMING: Final = 64 * 1024
"""Bytes of a packet that an MQTT 5 broker may send us."""

_NAMES: Final = {ProtocolVersion.V5: "5", ProtocolVersion.V311: "3.1.1"}
_CODES: Final = {
    1: BrokerFault.VERSION,
    4: BrokerFault.PASSWORD,
    5: BrokerFault.NOT_ALLOWED,
    132: BrokerFault.VERSION,
    134: BrokerFault.PASSWORD,
    135: BrokerFault.NOT_ALLOWED,
}
"""CONNACK: MQTT 3.1.1 section 3.2.2.3, MQTT 5 section 3.2.2.2."""

_FIRST_ERROR: Final = 128
_CERTIFICATES: Final = {
    10: BrokerFault.EXPIRED,
    62: BrokerFault.OTHER_NAME,
    64: BrokerFault.OTHER_NAME,
}
"""CERT_HAS_EXPIRED, HOSTNAME_MISMATCH and IP_ADDRESS_MISMATCH of OpenSSL's x509_vfy.h."""

_AS_SENT: Final = SubscribeOptions(qos=1, retainAsPublished=True)
"""Tells a command that was sent to be retained while we are connected, too."""

_AT_ONCE: Final = ((socket.IPPROTO_TCP, socket.TCP_NODELAY, 1),)
"""Else a warning behind another message waits for the broker's delayed acknowledgement, 40 ms."""

_quiet = logging.getLogger("companion.mqtt.client.aiomqtt")
_quiet.setLevel(logging.CRITICAL)


class SteadyClient(aiomqtt.Client):
    """aiomqtt's client, which watches a socket only while it is open, and at once.

    It asks the event loop to watch a socket for writing in its next round, from whatever thread.
    Where the broker goes away in between, the socket is closed: the loop then fails over a number
    that means nothing, or, worse, watches a new connection that was given the same number. And a
    warning waits for a round that nobody needs. Read in aiomqtt 2.5.1, and pinned below 3; tests
    against a real broker hold what is overridden.
    """

    def __init__(self, *arguments: Any, **more: Any) -> None:  # noqa: ANN401 -- aiomqtt's
        super().__init__(*arguments, **more)
        self._thread = threading.get_ident()

    def _on_socket_register_write(self, client: Paho, userdata: Any, sock: Any) -> None:  # noqa: ANN401, ARG002 -- paho's
        if threading.get_ident() == self._thread:
            self._watch(client, sock)
        else:
            self._loop.call_soon_threadsafe(self._watch, client, sock)

    def _watch(self, client: Paho, sock: socket.socket) -> None:
        if sock.fileno() >= 0:
            self._loop.add_writer(sock.fileno(), self._write, client)

    def _write(self, client: Paho) -> None:
        """Write what waits; whatever goes wrong ends the connection, as it does when reading."""
        try:
            client.loop_write()
        except Exception as error:  # noqa: BLE001 -- it is raised to whoever waits on the connection
            if not self._disconnected.done():
                self._disconnected.set_exception(error)

    def abandon(self) -> None:
        """Close what a connection that failed leaves open, and take the error that it keeps.

        A broker that was only frozen would else go on with it, beside the one that came after; and
        asyncio would report the error as forgotten.
        """
        if self._client.socket() is not None:
            self._client._sock_close()  # noqa: SLF001 -- paho has no other way without a farewell
        if self._disconnected.done() and not self._disconnected.cancelled():
            self._disconnected.exception()


class AiomqttTransport:
    """Connections to a broker.

    Args:
        broker: which.
        identifier: our name at the broker, one for each process that runs at a time.
    """

    def __init__(self, broker: Broker, identifier: str) -> None:
        self._broker = broker
        self._identifier = identifier
        self._version = ProtocolVersion.V5

    @asynccontextmanager
    async def connect(self, will: Outgoing) -> AsyncIterator[Connection]:
        """Connect; a broker that does not know MQTT 5 is asked once more in 3.1.1."""
        async with AsyncExitStack() as stack:
            try:
                client = await self._enter(stack, will)
            except BrokerError as error:
                if error.fault is not BrokerFault.VERSION or self._version is ProtocolVersion.V311:
                    raise
                self._version = ProtocolVersion.V311
                client = await self._enter(stack, will)
            yield AiomqttConnection(client, self._version, str(self._broker))

    async def _enter(self, stack: AsyncExitStack, will: Outgoing) -> SteadyClient:
        broker = self._broker
        is_5 = self._version is ProtocolVersion.V5
        client = SteadyClient(
            broker.host,
            broker.port,
            username=broker.user,
            password=broker.password,
            identifier=self._identifier,
            protocol=self._version,
            clean_session=None if is_5 else True,
            will=_will(will, is_5=is_5),
            timeout=TIMEOUT_S,
            keepalive=KEEPALIVE_S,
            max_queued_incoming_messages=MOST_INCOMING,
            properties=_properties(PacketTypes.CONNECT, MaximumPacketSize=LARGEST_INCOMING)
            if is_5
            else None,
            tls_context=_tls(broker) if broker.tls else None,
            socket_options=_AT_ONCE,
            logger=_quiet,
        )
        reset = BrokerFault.NO_TLS if broker.tls else BrokerFault.UNREACHABLE
        with _told(str(broker), BrokerFault.UNREACHABLE, reset):
            try:
                await client.__aenter__()
            except BaseException:
                client.abandon()
                raise
        stack.push_async_callback(_leave, client)
        return client


class AiomqttConnection:
    """A connection that stands.

    Args:
        client: entered.
        version: what it speaks.
        broker: the broker's name in sentences.
    """

    def __init__(self, client: aiomqtt.Client, version: ProtocolVersion, broker: str) -> None:
        self._client = client
        self._version = version
        self._broker = broker

    @property
    def version(self) -> str:
        """The MQTT version spoken."""
        return _NAMES[self._version]

    async def publish(self, outgoing: Outgoing) -> None:
        """Publish."""
        properties = None
        if self._version is ProtocolVersion.V5:
            wanted = {
                "MessageExpiryInterval": outgoing.expires_s,
                "CorrelationData": outgoing.correlation,
            }
            properties = _properties(PacketTypes.PUBLISH, **wanted)
        with _told(self._broker, BrokerFault.DROPPED):
            await self._client.publish(
                outgoing.topic,
                outgoing.payload,
                qos=outgoing.qos,
                retain=outgoing.retain,
                properties=properties,
            )

    async def subscribe(self, topics: Iterable[str]) -> None:
        """Subscribe, at QoS 1; MQTT 5 says of each message whether it was sent to be retained."""
        for topic in topics:
            with _told(self._broker, BrokerFault.DROPPED):
                if self._version is ProtocolVersion.V5:
                    granted = await self._client.subscribe(topic, options=_AS_SENT)
                else:
                    granted = await self._client.subscribe(topic, qos=1)
            if any(_number(code) >= _FIRST_ERROR for code in granted):
                raise BrokerError(BrokerFault.NOT_ALLOWED, self._broker)

    async def messages(self) -> AsyncIterator[Incoming]:
        """Yield what comes."""
        with _told(self._broker, BrokerFault.DROPPED):
            async for message in self._client.messages:
                yield _incoming(message)


async def _leave(client: SteadyClient) -> None:
    """Disconnect; where that fails the connection is gone all the same."""
    try:
        with suppress(aiomqtt.MqttError, OSError):
            await client.__aexit__(None, None, None)
    finally:
        client.abandon()


def _properties(packet: int, **values: object) -> Properties:
    properties = Properties(packet)  # type: ignore[no-untyped-call] # paho's
    for name, value in values.items():
        if value is not None:
            setattr(properties, name, value)
    return properties


def _will(will: Outgoing, *, is_5: bool) -> aiomqtt.Will:
    properties = None
    if is_5:
        properties = _properties(PacketTypes.WILLMESSAGE, WillDelayInterval=WILL_DELAY_S)
    return aiomqtt.Will(will.topic, will.payload, will.qos, will.retain, properties)


def _tls(broker: Broker) -> ssl.SSLContext:
    """Return what certificates to trust and to show.

    Raises:
        BrokerError: a file holds none.
    """
    try:
        context = ssl.create_default_context(cafile=broker.ca_file)
        if broker.cert_file is not None:
            context.load_cert_chain(broker.cert_file, broker.key_file, password=_no_password)
    except (OSError, ValueError) as error:
        reason = getattr(error, "reason", None) or str(error)
        raise BrokerError(BrokerFault.FILES, str(broker), str(reason)) from None
    return context


def _no_password() -> str:
    """Answer for OpenSSL, which would else ask on the terminal."""
    return ""


def _incoming(message: aiomqtt.Message) -> Incoming:
    properties = message.properties
    return Incoming(
        topic=str(message.topic),
        payload=bytes(message.payload),
        retained=message.retain,
        response_topic=getattr(properties, "ResponseTopic", None),
        correlation=getattr(properties, "CorrelationData", None),
    )


@contextmanager
def _told(
    broker: str, otherwise: BrokerFault, reset: BrokerFault = BrokerFault.DROPPED
) -> Iterator[None]:
    """Turn what aiomqtt raises into our sentences.

    Args:
        broker: its name in them.
        otherwise: what it is where the error does not say.
        reset: what it is where the other side hung up.
    """
    try:
        yield
    except (aiomqtt.MqttError, OSError, UnicodeError) as error:
        fault, detail = _fault(error)
        if isinstance(error.__context__, ConnectionResetError | BrokenPipeError):
            fault, detail = reset, error.__context__.strerror or ""
        raise BrokerError(fault or otherwise, broker, detail) from None


def _fault(error: Exception) -> tuple[BrokerFault | None, str]:
    """Return what an error means, and what there is to say of it; None where it does not say."""
    cause = error.__context__ or error
    match cause:
        case ssl.SSLCertVerificationError():
            fault = _CERTIFICATES.get(cause.verify_code, BrokerFault.UNTRUSTED)
            return fault, cause.verify_message.rstrip(".")
        case ssl.SSLError():
            return BrokerFault.NO_TLS, cause.reason or ""
        case aiomqtt.exceptions.MqttConnectError(rc=code):
            return _CODES.get(_number(code), BrokerFault.REFUSED), str(_number(code))
        case _:
            return _plain_fault(cause), ""


def _plain_fault(cause: BaseException) -> BrokerFault | None:
    """Return what the system's own errors mean."""
    match cause:
        case socket.gaierror() | UnicodeError():
            return BrokerFault.UNKNOWN_HOST
        case ConnectionRefusedError():
            return BrokerFault.CLOSED
        case TimeoutError():
            return BrokerFault.TIMED_OUT
        case _:
            return BrokerFault.TIMED_OUT if "timed out" in str(cause) else None


def _number(code: int | ReasonCode | None) -> int:
    if isinstance(code, ReasonCode):
        return int(code.value)
    return 0 if code is None else code
