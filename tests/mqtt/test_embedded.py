"""The embedded broker and our own client: what a first try needs, and who is not let in."""

import asyncio

import pytest

from companion.mqtt.address import Broker
from companion.mqtt.client import AiomqttTransport
from companion.mqtt.embedded import embedded_broker
from companion.mqtt.transport import Outgoing
from tests.mqtt.mosquitto import free_port

WILL = Outgoing(topic="massage/bath/status", payload="offline", retain=True)
ONLINE = Outgoing(topic="massage/bath/status", payload="online", retain=True)

CONNECT_5 = bytes.fromhex("10 2a 00 04 4d515454 05 06 000f 05 11 0000000a")
"""The beginning of a CONNECT with a will, level 5: MQTT 5 section 3.1."""

NO_SUCH_VERSION = bytes.fromhex("20 02 00 01")
"""MQTT 3.1.1 section 3.1.2.2: CONNACK with return code 1, then the connection is closed."""


async def test_our_client_falls_back_to_3_1_1_and_a_lost_one_leaves_its_will() -> None:
    port = free_port()
    address = Broker(host="127.0.0.1", port=port)
    async with embedded_broker(port), asyncio.timeout(100):
        async with AiomqttTransport(address, "one").connect(WILL) as one:
            assert one.version == "3.1.1"
            await one.publish(ONLINE)
        watcher = AiomqttTransport(address, "watcher")
        async with watcher.connect(Outgoing(topic="massage/nobody", payload="")) as connection:
            await connection.subscribe([WILL.topic])
            messages = connection.messages()
            kept = await anext(messages)
            assert (kept.payload, kept.retained) == (b"online", True)
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            words = b"\x00\x04MQTT\x04\x26\x00\x0f" + _text(b"two")
            words += _text(WILL.topic.encode()) + _text(b"offline")
            writer.write(bytes([0x10, len(words)]) + words)
            await writer.drain()
            writer.transport.abort()
            async for message in messages:
                if message.payload == b"offline":
                    break


@pytest.mark.parametrize(
    ("sent", "answer"),
    [
        (CONNECT_5, NO_SUCH_VERSION),
        (bytes.fromhex("10 10 00 06 4d5149736470 03 02 000f 0000"), NO_SUCH_VERSION),
        (b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", b""),
        (b"\x10\xff\xff\xff\xff\xff\xff\xff", b""),
        (b"\x10\x0a\x00\x04HTTP\x04\x02", b""),
    ],
    ids=["5", "3.1", "a browser", "a length that is none", "another name"],
)
async def test_what_it_does_not_speak_is_told_so_or_shown_out(sent: bytes, answer: bytes) -> None:
    port = free_port()
    async with embedded_broker(port), asyncio.timeout(100):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(sent)
        assert await reader.read() == answer
        writer.close()


def _text(words: bytes) -> bytes:
    return len(words).to_bytes(2, "big") + words
