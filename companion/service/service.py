"""The service: one task group that runs a session and its subscribers to their common end."""

import asyncio
from contextlib import suppress

from companion.ble.adapter import Adapter
from companion.coaching.care import CareTable
from companion.coaching.course import Course
from companion.coaching.events import Command, Event, SessionFinished, SessionOutcome, Summary
from companion.coaching.ledger import Ledger
from companion.coaching.routine import Routine
from companion.hub import DRAIN_S, Edge, Hub
from companion.live import Live
from companion.sensing.calibrated import CalibrationUsed
from companion.service.guidance import Guidance
from companion.service.options import Keeps, ServiceOptions


class Service:
    """Guides one session: construct, subscribe to `hub`, then `run` once.

    Args:
        adapter: the radio.
        routine: what to guide.
        care: the pressure limits by zone and technique.
        options: how.
        hub: where its events go; None for a hub of its own.

    Attributes:
        hub: where to subscribe.
        radio: what the user reads of the radio it uses.
        begun: set once it runs: whoever shows it has subscribed by then.
    """

    def __init__(
        self,
        adapter: Adapter,
        routine: Routine,
        care: CareTable,
        options: ServiceOptions | None = None,
        *,
        hub: Hub | None = None,
    ) -> None:
        self.hub = hub or Hub()
        self.radio = adapter.name
        self.begun = asyncio.Event()
        self._routine = routine
        self._options = options or ServiceOptions()
        self._finished = asyncio.Event()
        self._released = asyncio.Event()
        self._guidance = Guidance(adapter, routine, care, self._options, publish=self._publish)

    async def until_searching(self) -> None:
        """Wait until it looks for its tool: the radio is open."""
        await self._guidance.searching.wait()

    @property
    def live(self) -> Live:
        """What a screen reads at its own frame rate."""
        return self._guidance

    @property
    def calibration(self) -> CalibrationUsed | None:
        """What is kept of the tool and used; None where nothing is, or no tool is known yet."""
        return self._guidance.calibration

    @property
    def rejected(self) -> int:
        """Notifications that broke the protocol."""
        stream = self._guidance.runner.stream
        return 0 if stream is None else stream.rejected

    @property
    def summary(self) -> Summary | None:
        """What was done; None before the end.

        Of a session that never began there is one only where the person said that they are not
        well: that holds for the day.
        """
        return self._guidance.runner.summary

    async def run(self, *edges: Edge) -> Summary:
        """Guide the session to its end.

        Args:
            edges: subscribers' own tasks; they run in the same task group, may end at any
                time, and are given a moment to read their queues at the end.

        Returns:
            What was done; its outcome is "interrupted" if `request_stop` came first, and
            "stopped" if the person stopped or quit, "unwell" if they said that they are not well.

        Raises:
            LinkError: the tool could not be used, or not any longer. With ``stay_open`` a session
                that had begun is shown until QUIT all the same.
        """
        guidance = self._guidance
        self.begun.set()
        async with asyncio.TaskGroup() as group:
            outside = [group.create_task(edge()) for edge in edges]
            inside = [group.create_task(work) for work in guidance.works()]
            watch = group.create_task(self._watch_failure())
            await self._finished.wait()
            summary = self._conclude()
            await guidance.tool_link.farewell()
            await _end([watch, *inside])
            await self._released.wait()
            self.hub.close()
            await _drain(outside)
        if guidance.failure is not None:
            raise guidance.failure
        return summary

    def keep(self, keeps: Keeps) -> None:
        """Have what the tool sends kept; to be called before `run`."""
        self._guidance.keeps.append(keeps)

    def lower(self, share: float) -> None:
        """Lower the pressure limits from the next step on.

        Args:
            share: of the routine's own limits, above 0 and at most 1.
        """
        session = self._guidance.runner.session
        if session is not None:
            session.lower(share)

    async def buzz(self) -> bool:
        """Let the tool buzz twice, unless a warning needs its motor; return whether it did."""
        return await self._guidance.buzzer.greet()

    def command(self, command: Command) -> None:
        """Do what the person asks; to be called on the service's loop."""
        guidance = self._guidance
        match command:
            case Command.QUIT:
                guidance.runner.command(command)
                self.request_stop()
            case Command.MUTE:
                guidance.is_muted = not guidance.is_muted
            case Command.TARE:
                guidance.tarer.ask()
            case Command.STOP if not guidance.runner.has_begun:
                self.request_stop()
            case Command.UNWELL if not guidance.runner.has_begun:
                guidance.runner.end_unbegun(self._nothing_done(SessionOutcome.UNWELL))
            case _:
                guidance.runner.command(command)

    def request_stop(self) -> None:
        """End cleanly (Ctrl-C, SIGTERM): summary, tool stopped, link closed."""
        self._finished.set()
        self._released.set()

    async def _watch_failure(self) -> None:
        await self._guidance.failed.wait()
        self._finished.set()
        if not self._guidance.stays_after_failure:
            self._released.set()

    def _publish(self, event: Event) -> None:
        self.hub.publish(event)
        if isinstance(event, SessionFinished):
            self._finished.set()
            if not self._options.stay_open:
                self._released.set()

    def _conclude(self) -> Summary:
        """End a session that still runs; one that never began has nothing to tell."""
        runner = self._guidance.runner
        runner.interrupt()
        return runner.summary or self._nothing_done(SessionOutcome.INTERRUPTED)

    def _nothing_done(self, outcome: SessionOutcome) -> Summary:
        course = Course(self._routine.steps, lambda _: True, self._options.scale_percent)
        results = course.results(0.0, is_excused=True)
        return Ledger().summary(self._routine, course, results, (), outcome)


async def _end(tasks: list[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)


async def _drain(tasks: list[asyncio.Task[object]]) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(DRAIN_S):
            await asyncio.gather(*tasks, return_exceptions=True)
    for task in tasks:
        task.cancel()
