"""Rules of sections "Tool Feature" and "Link": what the tool says it is."""

from typing import Final

from companion.conform.bench import Bench
from companion.conform.rule import Need, Rule
from companion.conform.verdict import Broken, NotRun, expect
from protocols.errors import DecodeError
from protocols.massage_tool import PROFILE_VERSION, TOOL_FEATURE, Features, ToolFeature
from protocols.massage_tool.requests import LOWEST_RATE_HZ

_RESERVED: Final = 0xFE00
_MTU: Final = 247
_SMALLEST_MTU: Final = 23


async def _layout(bench: Bench) -> None:
    await _read(bench)


async def _version(bench: Bench) -> None:
    version = (await bench.link.read(TOOL_FEATURE))[:1]
    expect(version == bytes([PROFILE_VERSION]), "conform.seen.version", version=version.hex())


async def _reserved(bench: Bench) -> None:
    value = await bench.link.read(TOOL_FEATURE)
    bits = int.from_bytes(value[2:4], "little") & _RESERVED
    expect(not bits, "conform.seen.reserved", bits=f"0x{bits:04X}")


async def _parts(bench: Bench) -> None:
    feature = await _read(bench)
    has = feature.features
    pairs = (
        ("accelerometer", Features.ACCELEROMETER, feature.acceleration_resolution_mps2),
        ("gyroscope", Features.GYROSCOPE, feature.angular_velocity_resolution_radps),
        ("wheel", Features.WHEEL, feature.wheel_resolution_m),
        ("resend buffer", Features.RESEND_BUFFER, feature.resend_depth),
    )
    for part, bit, figure in pairs:
        expect(bool(has & bit) is bool(figure), "conform.seen.part", part=part)
    has_force = feature.force_channels > 0
    expect(has_force is bool(feature.force_resolution_n), "conform.seen.part", part="force sensor")
    is_limited = bool(has & Features.ON_TOOL_LIMIT)
    expect(has_force or not is_limited, "conform.seen.part", part="on-tool limit")
    expect(feature.maximum_rate_hz >= LOWEST_RATE_HZ, "conform.seen.part", part="maximum rate")


async def _freed(bench: Bench) -> None:
    feature = await _read(bench)
    known = (
        feature.features & Features.ACCELEROMETER,
        feature.features & Features.ON_TOOL_LIMIT,
        feature.press_axis,
        feature.supported_mass_kg,
    )
    expect(all(known), "conform.seen.freed")


async def _mtu(bench: Bench) -> None:
    mtu = bench.link.mtu
    if bench.pairs_by_itself and mtu <= _SMALLEST_MTU:
        raise NotRun("conform.why.mtu")
    expect(mtu >= _MTU, "conform.seen.mtu", mtu=mtu)


async def _read(bench: Bench) -> ToolFeature:
    try:
        return ToolFeature.from_bytes(await bench.link.read(TOOL_FEATURE))
    except DecodeError as error:
        raise Broken("conform.seen.feature", offset=error.offset, reason=error.reason) from error


FEATURE = (
    Rule(id="mtu", check=_mtu, need=Need.PAIRED),
    Rule(id="feature-layout", check=_layout, need=Need.PAIRED),
    Rule(id="feature-version", check=_version, need=Need.PAIRED),
    Rule(id="feature-reserved", check=_reserved, need=Need.PAIRED),
    Rule(id="feature-parts", check=_parts, need=Need.PAIRED),
    Rule(id="feature-freed", check=_freed, parts=Features.ON_TOOL_LIMIT_FREED_OF_GRAVITY),
)
