"""Rules on what survives a power cycle: a person switches the tool off and on."""

from typing import Final

from companion.conform.bench import Bench
from companion.conform.person import Action
from companion.conform.rule import Rule
from companion.conform.rules.limit import limit_events, raised
from companion.conform.shifting import full_scale, mean_force, set_calibration, shift, tare
from companion.conform.verdict import expect
from protocols.massage_tool import Features, SetCalibration

_SHARE: Final = 0.02
_QUIET_S: Final = 1.2
_STEP: Final = 50


async def _restart(bench: Bench) -> None:
    """Have the tool switched off and on; that it lets us in again shows that the bond is kept."""
    await bench.please(Action.RESTART)
    await bench.in_air()
    await bench.ready()


async def _run(bench: Bench) -> None:
    await bench.start()
    await bench.stream(0.3)
    await _restart(bench)
    started = await bench.start()
    expect(started.first_sample == 0, "conform.seen.not_zero", number=started.first_sample)


async def _calibration(bench: Bench) -> None:
    found = await bench.found_calibration(0)
    wanted = SetCalibration(0, found.gain, found.offset_counts + _STEP)
    await set_calibration(bench, wanted)
    await _restart(bench)
    has = await bench.calibration(0)
    expect(
        has.offset_counts == wanted.offset_counts,
        "conform.seen.calibration",
        gain=has.gain,
        offset=has.offset_counts,
        wanted_gain=wanted.gain,
        wanted_offset=wanted.offset_counts,
    )


async def _tare(bench: Bench) -> None:
    """Tare a shift away; after a restart it must be there again."""
    step = round(_SHARE * full_scale(bench))
    await shift(bench, step)
    await tare(bench)
    await bench.start()
    before = await mean_force(bench)
    await _restart(bench)
    await bench.start()
    changed = abs(await mean_force(bench) - before)
    expect(changed >= step / 2, "conform.seen.tare_remembered")


async def _limit(bench: Bench) -> None:
    """A force over a limit from before the restart raises nothing."""
    await raised(bench)
    await _restart(bench)
    told = limit_events(await bench.events_within(_QUIET_S))
    expect(not any(event.level for event in told), "conform.seen.limit_remembered")


RESTART = (
    Rule(id="restart-new-run", check=_run, is_attended=True),
    Rule(id="restart-keeps-calibration", check=_calibration, force=True, is_attended=True),
    Rule(id="restart-forgets-tare", check=_tare, force=True, is_attended=True),
    Rule(
        id="restart-forgets-limit",
        check=_limit,
        parts=Features.ON_TOOL_LIMIT,
        force=True,
        is_attended=True,
    ),
)
