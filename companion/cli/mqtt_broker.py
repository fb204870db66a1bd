"""``companion mqtt broker``: a broker for a first try, on this computer only, not for a house.

It is the system's own mosquitto where that is installed, else the broker of our extra. Either
listens on loopback, lets in whoever sits at this computer, and keeps nothing.
"""

import asyncio
from argparse import Namespace
from importlib.util import find_spec
from typing import Final

from companion.cli.endings import ExitCode
from companion.cli.guiding import stopped_by_signals
from companion.cli.mqtt_installed import Broker, BrokerFailed, installed, is_taken, running
from companion.log import open_log
from companion.texts import text

_EXTRA: Final = "amqtt"


def execute(arguments: Namespace) -> ExitCode:
    """Run a broker until Ctrl-C or SIGTERM.

    Raises:
        BrokerFailed: there is none, the port is taken, or it ended by itself.
    """
    open_log(verbose=arguments.verbose)
    program = None if arguments.embedded else installed()
    if program is None and find_spec(_EXTRA) is None:
        raise BrokerFailed(f"mqtt.broker.{'no_extra' if arguments.embedded else 'missing'}")
    if is_taken(arguments.port):
        raise BrokerFailed("mqtt.broker.taken", port=arguments.port)
    if program is None:
        return asyncio.run(_serve_embedded(arguments.port))
    return asyncio.run(_serve_installed(program, arguments.port))


async def _serve_installed(program: str, port: int) -> ExitCode:
    over = asyncio.Event()
    with stopped_by_signals(over.set) as received:
        async with running(program, port) as broker:
            print(text("mqtt.broker.runs", port=port), flush=True)
            await _until(broker, over)
    return received[0]


async def _serve_embedded(port: int) -> ExitCode:
    from companion.mqtt.embedded import embedded_broker  # noqa: PLC0415 -- needs the extra

    over = asyncio.Event()
    with stopped_by_signals(over.set) as received:
        async with embedded_broker(port):
            print(text("mqtt.broker.runs", port=port), text("mqtt.broker.embedded"), flush=True)
            await over.wait()
    return received[0]


async def _until(broker: Broker, over: asyncio.Event) -> None:
    """Wait until we are ended.

    Raises:
        BrokerFailed: the broker ended first.
    """
    waits = [asyncio.create_task(over.wait()), asyncio.create_task(broker.listen())]
    await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    for wait in waits:
        wait.cancel()
    await asyncio.gather(*waits, return_exceptions=True)
    if not over.is_set():
        raise BrokerFailed("mqtt.broker.ended", reason=broker.said)
