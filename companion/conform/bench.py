"""The tool under test: brought where a rule needs it, asked, listened to, and left as found."""

import asyncio
from collections.abc import Iterable
from typing import Final, SupportsBytes, TypeVar

from companion.ble.adapter import Adapter
from companion.ble.errors import LinkError, LinkFault
from companion.ble.probe import Heard, Probe, listen
from companion.conform.control_point import ControlPoint, result_of
from companion.conform.debts import Debts
from companion.conform.frames import Arrived, Frame, Recording, readable
from companion.conform.person import Action, Person, Question
from companion.conform.verdict import Broken, NotRun
from protocols.errors import DecodeError
from protocols.massage_tool import (
    TELEMETRY,
    TOOL_EVENT,
    TOOL_FEATURE,
    Answer,
    AnswerValues,
    Calibration,
    Op,
    ReadCalibration,
    Request,
    Result,
    Start,
    Started,
    Stop,
    ToolEvent,
    ToolFeature,
    decode_event,
)
from protocols.massage_tool.requests import LOWEST_RATE_HZ

V = TypeVar("V", bound=AnswerValues)

_FEW: Final = 3
_LONGER_S: Final = 4.0
"""A tool may have gone over to one advertisement a second."""
_SETTLE_S: Final = 0.5
_NOTICED_S: Final = 0.1
USUAL_RATE_HZ: Final = 100
"""What is asked for where a rule does not care."""
FIRST_LISTEN_S: Final = 1.0
"""How long the advertisements are listened to that several rules judge."""
LISTEN_S: Final = 1.5
"""How long the recording that many rules judge lasts."""


class Bench:
    """One tool, and all that a check may do with it.

    Attributes:
        link: the present connection.
        point: its control point.
        heard: how the tool was first heard.
        frames: Telemetry values since a run was asked for.
        events: Tool Events, oldest first.
        second: another radio of this computer, where there is one.
        is_zero: whether the tool was tared as it is calibrated now.

    Args:
        adapter: the radio.
        heard: the tool.
        label: its name or address.
        person: who is at the tool; None where nobody is.
        second: another radio.
    """

    def __init__(
        self,
        adapter: Adapter,
        heard: Heard,
        label: str,
        *,
        person: Person | None = None,
        second: Adapter | None = None,
    ) -> None:
        self.heard = heard
        self.label = label
        self.second = second
        self.is_zero = False
        self.link = Probe(adapter, heard.device, label)
        self.point = ControlPoint()
        self.frames: list[Arrived] = []
        self.events: asyncio.Queue[Arrived] = asyncio.Queue()
        self._adapter = adapter
        self._person = person
        self._is_paired = self._is_listening = False
        self._is_settled = True
        self._first_heard: list[Heard] = []
        self._feature: ToolFeature | None = None
        self._recording: Recording | None = None
        self._debts = Debts()

    @property
    def pairs_by_itself(self) -> bool:
        """Whether the platform may pair unasked when the tool refuses an access."""
        return self._adapter.client_backend is None

    @property
    def feature(self) -> ToolFeature:
        """The Tool Feature; only after `ready`."""
        if self._feature is None:
            raise LinkError(LinkFault.FEATURE_UNREADABLE, tool=self.label, detail="-")
        return self._feature

    @property
    def usual_rate_hz(self) -> int:
        """What is asked for where a rule does not care; only after `ready`."""
        return max(LOWEST_RATE_HZ, min(USUAL_RATE_HZ, self.feature.maximum_rate_hz))

    async def listen(self, seconds: float) -> list[Heard]:
        """Return this tool's advertisements of the next seconds.

        A tool with a private address shows another one once we are bonded, or no longer are:
        then its name tells it.
        """
        heard = await listen(self._adapter, seconds)
        own = [one for one in heard if one.address == self.heard.address]
        if not own and self.heard.name:
            own = [one for one in heard if one.name == self.heard.name]
        if own:
            self.heard = own[-1]._replace(name=own[-1].name or self.heard.name)
            self.link.follow(self.heard.device)
            self._is_settled = True
        return own

    async def first_heard(self) -> list[Heard]:
        """Return this tool's advertisements before it was ever connected, as far as heard."""
        if not self._first_heard:
            self._first_heard = await self.listen(FIRST_LISTEN_S)
        if len(self._first_heard) < _FEW:
            self._first_heard += await self.listen(_LONGER_S)
        return self._first_heard

    async def in_air(self) -> None:
        """Be disconnected."""
        await self.link.disconnect()

    async def open(self) -> None:
        """Be connected without pairing."""
        if self._is_paired or not self.link.is_connected:
            await self._connect(pair=False)

    async def paired(self) -> None:
        """Be connected and paired."""
        if not (self._is_paired and self.link.is_connected):
            await self._connect(pair=True)

    async def ready(self) -> None:
        """Be paired, know the Tool Feature, and hear everything that the tool sends."""
        was_ready = self._is_paired and self.link.is_connected and self._is_listening
        await self.paired()
        if was_ready:
            return
        if self._feature is None:
            self._feature = await self._read_feature()
        await self.point.open(self.link)
        await self.hear_events()
        await self.hear_telemetry()
        self._is_listening = True

    async def again(self) -> None:
        """Lose the link on purpose, and come back once the tool must have noticed."""
        await self.in_air()
        await asyncio.sleep(_NOTICED_S)
        await self.ready()

    async def hear_events(self) -> None:
        """Switch Tool Event on."""
        self.events = asyncio.Queue()
        await self.link.subscribe(TOOL_EVENT, self._take_event)

    async def hear_telemetry(self) -> None:
        """Switch Telemetry on."""
        await self.link.subscribe(TELEMETRY, self._take_frame)

    async def ask(self, request: SupportsBytes | bytes) -> Answer:
        """Make a request; see `ControlPoint.ask`."""
        value = bytes(request)
        await self._know(value)
        answer = await self.point.ask(self.link, value)
        if answer.result == Result.SUCCESS:
            self._debts.note(value[0], self.feature.features)
        return answer

    async def do(self, request: Request) -> Answer:
        """Make a request that must succeed.

        Raises:
            Broken: it did not.
        """
        answer = await self.ask(request)
        result_of(answer, request, Result.SUCCESS)
        return answer

    async def get(self, request: Request, kind: type[V]) -> V:
        """Make a request that must succeed and give something.

        Raises:
            Broken: it did not.
        """
        answer = await self.do(request)
        if not isinstance(answer.values, kind):
            raise Broken("conform.seen.no_values", request=request.op.name.lower())
        return answer.values

    async def start(self, rate_hz: int = USUAL_RATE_HZ, samples: int = 0) -> Started:
        """Begin or resume a run, and forget frames from before."""
        fitting = max(LOWEST_RATE_HZ, min(rate_hz, self.feature.maximum_rate_hz))
        self.frames = []
        return await self.get(Start(fitting, samples), Started)

    async def recording(self) -> Recording:
        """Return a short run; every rule judges the same."""
        if self._recording is None:
            await self.do(Stop())
            began_at = asyncio.get_running_loop().time()
            started = await self.start()
            await asyncio.sleep(LISTEN_S)
            self._recording = Recording(started, began_at, tuple(self.frames))
        return self._recording

    async def stream(self, seconds: float) -> list[Frame]:
        """Return the frames of the next seconds."""
        self.frames = []
        await asyncio.sleep(seconds)
        return self.decoded(self.frames)

    def decoded(self, values: Iterable[Arrived]) -> list[Frame]:
        """Read frames; one that breaks its layout is another rule's business.

        Raises:
            Broken: there is none that can be read.
        """
        frames = self.readable(values)
        if not frames:
            raise Broken("conform.seen.no_frames")
        return frames

    def readable(self, values: Iterable[Arrived]) -> list[Frame]:
        """Read those frames that can be read."""
        return readable(values, self.feature)

    async def events_within(self, seconds: float) -> list[ToolEvent]:
        """Return the events of the next seconds and those that wait.

        Raises:
            Broken: one breaks its layout.
        """
        await asyncio.sleep(seconds)
        came = [self.events.get_nowait() for _ in range(self.events.qsize())]
        return [self._event(one.value) for one in came]

    async def event(self, kind: type[ToolEvent], seconds: float) -> ToolEvent | None:
        """Wait for an event of a kind; None where none came."""
        try:
            async with asyncio.timeout(seconds):
                while not isinstance(event := self._event((await self.events.get()).value), kind):
                    pass
        except TimeoutError:
            return None
        return event

    async def calibration(self, channel: int) -> Calibration:
        """Return a channel's calibration as it is now."""
        return await self.get(ReadCalibration(channel), Calibration)

    async def found_calibration(self, channel: int) -> Calibration:
        """Return a channel's calibration as it was found, before anything was changed."""
        if channel not in self._debts.found:
            self._debts.found[channel] = await self.calibration(channel)
        return self._debts.found[channel]

    async def please(self, action: Action) -> None:
        """Ask the person for something.

        Raises:
            NotRun: there is nobody.
        """
        self.is_zero = self.is_zero and action is not Action.RESTART
        await self._somebody().please(action)

    async def sees(self, question: Question) -> bool:
        """Ask the person what can be seen.

        Raises:
            NotRun: there is nobody.
        """
        return await self._somebody().sees(question)

    async def tidy(self) -> None:
        """Leave no run, limit, buzzing or foreign calibration behind a rule.

        Raises:
            LinkError: the tool does not let us.
            Broken: it does not do so.
        """
        debts = self._debts
        if not debts:
            return
        await self.ready()
        for request, is_vital in debts.requests():
            answer = await self.ask(request)
            if is_vital:
                result_of(answer, request, Result.SUCCESS)
        debts.settle()

    @property
    def owed(self) -> dict[int, Calibration]:
        """Calibrations as found that the tool has not got back yet."""
        return self._debts.found if self._debts.is_shifted else {}

    async def forget(self) -> None:
        """Forget our half of the bond; the tool keeps its own."""
        await self.link.forget()
        self._is_paired = self._is_settled = False

    async def _connect(self, *, pair: bool) -> None:
        await self.link.disconnect()
        self._is_listening = False
        self._is_paired = False
        if not self._is_settled:
            await self.listen(_SETTLE_S)
        await self.link.connect(pair=pair)
        self._is_paired = pair
        # An address that is private may be another one after this, until a bond tells it.
        self._is_settled = self._is_settled and pair and self._feature is not None

    async def _read_feature(self) -> ToolFeature:
        try:
            return ToolFeature.from_bytes(await self.link.read(TOOL_FEATURE))
        except DecodeError as error:
            fault = LinkFault.FEATURE_UNREADABLE
            raise LinkError(fault, tool=self.label, detail=str(error)) from error

    async def _know(self, value: bytes) -> None:
        """Learn a channel's calibration before it may be changed."""
        is_setting = len(value) > 1 and value[0] == Op.SET_CALIBRATION
        if is_setting and value[1] < self.feature.force_channels:
            await self.found_calibration(value[1])
            self._debts.is_shifted = True

    def _event(self, value: bytes) -> ToolEvent:
        try:
            return decode_event(value)
        except DecodeError as error:
            raise Broken("conform.seen.event", offset=error.offset, reason=error.reason) from error

    def _somebody(self) -> Person:
        if self._person is None:
            raise NotRun("conform.why.attended")
        return self._person

    def _take_frame(self, value: bytes) -> None:
        self.frames.append(Arrived(asyncio.get_running_loop().time(), value))

    def _take_event(self, value: bytes) -> None:
        self.events.put_nowait(Arrived(asyncio.get_running_loop().time(), value))
