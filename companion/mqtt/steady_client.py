"""aiomqtt's client, with one hole closed: it hands the event loop sockets that are gone by then.

It asks the loop to watch a socket for writing, and the loop does so in its next round. Where the
broker went away in between, the socket is closed: the loop then fails over a number that means
nothing, or, worse, watches a new connection that was given the same number.
"""

import socket
from typing import Any

import aiomqtt
from paho.mqtt.client import Client as Paho


class SteadyClient(aiomqtt.Client):
    """Watches a socket only while it is open.

    Read in aiomqtt 2.5.1, and pinned below 3; what is overridden has a test against a real broker.
    """

    def _on_socket_register_write(self, client: Paho, userdata: Any, sock: Any) -> None:  # noqa: ANN401, ARG002 -- paho's
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
