"""bumble's host, made to survive commands that are given up and a radio that goes away."""

import asyncio

from bumble import hci
from bumble.host import Host
from bumble.transport.common import AsyncPipeSink

from simulators.radio.controller import RadioController
from simulators.radio.errors import AirError

CommandAnswer = (
    hci.HCI_Command_Complete_Event[hci.HCI_ReturnParameters] | hci.HCI_Command_Status_Event
)
Command = hci.HCI_SyncCommand[hci.HCI_ReturnParameters] | hci.HCI_AsyncCommand
_GONE = "the virtual radio has been closed"
_MUTE = "the Bluetooth controller does not answer"
_ANSWER_S = 5.0
"""Seconds to wait for an answer that a working controller gives at once (our choice)."""


class RadioHost(Host):
    """A host whose commands may be cancelled and whose controller may vanish.

    bumble 0.0.236 gives the late answer to a cancelled command to the next command, and
    waits for ever for answers from a transport that is closed.
    """

    is_lost: bool = False

    def send_hci_packet(self, packet: hci.HCI_Packet) -> None:
        """Send a packet to the controller; for one that is gone it is dropped."""
        if not self.is_lost:
            super().send_hci_packet(packet)

    async def _send_command(
        self, command: Command, response_timeout: float | None = None
    ) -> CommandAnswer:
        """Send a command and wait for its answer.

        Raises:
            AirError: the controller is or goes away, or does not answer.
        """
        if self.is_lost:
            raise AirError(_GONE)
        try:
            async with asyncio.timeout(response_timeout or _ANSWER_S):
                return await super()._send_command(command)
        except TimeoutError:
            raise AirError(_MUTE) from None
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if self.is_lost and (task is None or not task.cancelling()):
                raise AirError(_GONE) from None
            raise

    def on_command_processed(self, event: CommandAnswer) -> None:
        """Take the answer to the pending command; others belong to a command given up."""
        command, response = self.pending_command, self.pending_response
        if command is None or response is None or response.done():
            return
        if command.op_code == event.command_opcode:
            response.set_result(event)

    def on_transport_lost(self) -> None:
        """Break off the pending command and every connection."""
        self.is_lost = True
        if self.pending_response is not None:
            self.pending_response.cancel()
        self.emit("flush")


def connect_host(controller: RadioController) -> RadioHost:
    """Give a controller a host in this process."""
    return RadioHost(controller, AsyncPipeSink(controller))
