"""Tools that each break the profile in one way, and the rules that must notice."""

from dataclasses import replace
from typing import Any

from bumble.gatt import Characteristic

from protocols.massage_tool import (
    ALERT_LEVEL,
    BATTERY_LEVEL,
    CONTROL_POINT,
    FIRMWARE_REVISION,
    MODEL_NUMBER,
    SERIAL_NUMBER,
    TELEMETRY,
    TOOL_EVENT,
    TOOL_FEATURE,
    Features,
    Op,
    Pattern,
    Result,
)
from tests.conform import odd_firmware as odd
from tests.conform import odd_parts as parts
from tests.conform.mutant import ATTENDED, SLOW, Mutant

Anything = Any
"""What a mutant is made with."""
NOTIFY = int(Characteristic.Properties.NOTIFY)
COMMAND = int(Characteristic.Properties.WRITE_WITHOUT_RESPONSE)
CLOSED = (
    "closed-answers",
    "closed-configurations",
    "closed-control-point",
    "closed-events",
    "closed-feature",
    "closed-industrial",
    "closed-serial",
    "closed-telemetry",
)


def mutant(name: str, *rules: str, **what: Anything) -> Mutant:
    return Mutant(name=name, rules=frozenset(rules), **what)


ON_THE_AIR = (
    mutant(
        "no name",
        "adv-name",
        patched=parts.patched(f"{parts.ADVERTISING}.scan_response", lambda _name: b""),
    ),
    mutant(
        "advertises every two seconds",
        "adv-interval",
        "adv-after-link",
        patched=parts.patched(f"{parts.ADVERTISING}.FAST_MS", 2000.0),
    ),
    mutant("advertises while connected", "adv-connected", alter=parts.shouting),
    mutant(
        "advertises for ten seconds only after a link",
        "adv-slow",
        choice=SLOW,
        only=frozenset({"adv-slow", "adv-after-link"}),
        patched=parts.patched("simulators.peripheral.peripheral.LONG_S", 10.0),
    ),
    mutant("takes bonds for ever", "bonding-window", choice=SLOW, bonding_s=None),
    mutant("small packets", "mtu", alter=parts.small_mtu),
)
IN_THE_TABLE = (
    mutant(
        "control point takes commands",
        "control-point-properties",
        alter=parts.properties(CONTROL_POINT, lambda bits: bits | COMMAND),
    ),
    mutant(
        "telemetry is said to be indicated",
        "telemetry-properties",
        alter=parts.properties(TELEMETRY, lambda bits: bits | 0x20),
    ),
    mutant(
        "events are said to be notified",
        "event-properties",
        alter=parts.properties(TOOL_EVENT, lambda bits: bits | NOTIFY),
    ),
    mutant(
        "feature is said to be written",
        "feature-properties",
        alter=parts.properties(TOOL_FEATURE, lambda bits: bits | 0x08),
    ),
    mutant(
        "battery is not notified",
        "service-battery",
        alter=parts.properties(BATTERY_LEVEL, lambda bits: bits & ~NOTIFY),
    ),
    mutant(
        "no firmware revision",
        "service-device-information",
        "open-identity",
        alter=parts.renamed(FIRMWARE_REVISION),
    ),
    mutant(
        "prefers long intervals",
        "preferred-parameters",
        patched=parts.patched("simulators.peripheral.database.PREFERRED", (80, 160, 4, 600)),
    ),
)
SECURITY = (
    mutant(
        "open feature",
        "closed-feature",
        "bonded-unencrypted",
        alter=lambda tool: parts.serving(TOOL_FEATURE, bytes(tool.firmware.tool.feature))(tool),
    ),
    mutant("open serial", "closed-serial", alter=parts.serving(SERIAL_NUMBER, b"0001")),
    mutant("wrong security error", *CLOSED, patched=parts.unencrypted_code),
    mutant(
        "open telemetry",
        "closed-telemetry",
        "closed-configurations",
        alter=parts.open_configuration(TELEMETRY),
    ),
    mutant(
        "open events",
        "closed-events",
        "closed-configurations",
        alter=parts.open_configuration(TOOL_EVENT),
    ),
    mutant("closed battery", "open-battery", alter=parts.closing(BATTERY_LEVEL)),
    mutant("closed model", "open-identity", alter=parts.closing(MODEL_NUMBER)),
)
FEATURE = (
    mutant("unknown version", "feature-version", alter=parts.feature(parts.put(0, 2))),
    mutant(
        "unknown feature bits",
        "feature-reserved",
        alter=parts.feature(lambda told: told.__setitem__(3, told[3] | 0x80)),
    ),
    mutant("a wheel without resolution", "feature-parts", alter=parts.feature(parts.put(14, 0, 0))),
    mutant("a short feature", "feature-layout", "feature-parts", alter=parts.feature(parts.cut)),
    mutant("a wheel that was not told", "frame-groups", alter=parts.feature(parts.clear_wheel)),
    mutant("a wrong g", "gravity", alter=parts.feature(parts.put(10, 100, 0))),
)
ANSWERS = (
    mutant("a refusal too long", "answer-form", make=odd.answering(odd.long_refusal)),
    mutant("unknown op gets 3", "unknown-op", make=odd.unknown_gets(Result.INVALID_PARAMETER)),
    mutant(
        "identify is not answered", "op-identify", "answer-time", make=odd.answering(odd.silent)
    ),
    mutant("long haptic", "length-haptic", make=odd.taking(Op.HAPTIC, lambda v: v[:5])),
    mutant("long stop", "length-stop", make=odd.taking(Op.STOP, lambda v: v[:1])),
    mutant("long tare", "length-tare", make=odd.taking(Op.TARE, lambda v: v[:1])),
    mutant("long read clock", "length-read-clock", make=odd.taking(Op.READ_CLOCK, lambda v: v[:1])),
    mutant("short start", "length-start", make=odd.taking(Op.START, lambda v: v.ljust(4, b"\0"))),
    mutant(
        "short limit",
        "length-set-limit",
        make=odd.taking(Op.SET_LIMIT, lambda v: v.ljust(7, b"\0")),
    ),
    mutant(
        "long calibration",
        "length-set-calibration",
        make=odd.taking(Op.SET_CALIBRATION, lambda v: v[:8]),
    ),
    mutant("any rate", "range-start", make=odd.taking(Op.START, odd.in_range)),
    mutant(
        "stop below caution",
        "range-set-limit",
        "limit-refusal",
        make=odd.taking(Op.SET_LIMIT, odd.ordered),
    ),
    mutant("too strong", "range-haptic", make=odd.taking(Op.HAPTIC, odd.weak)),
    mutant("resend of nothing", "range-resend", make=odd.taking(Op.RESEND, odd.some)),
    mutant(
        "any channel",
        "range-read-calibration",
        make=odd.taking(Op.READ_CALIBRATION, odd.first_channel),
    ),
    mutant("any area", "range-read-channel", make=odd.taking(Op.READ_CHANNEL, odd.first_channel)),
    mutant(
        "no motor and 3",
        "no-motor",
        tool=parts.lacking(Features.HAPTIC_MOTOR),
        make=odd.with_result(Op.HAPTIC, Result.INVALID_PARAMETER),
    ),
    mutant(
        "no buffer and success",
        "no-resend",
        tool=parts.lacking(Features.RESEND_BUFFER, resend_depth=0),
        make=odd.with_result(Op.RESEND, Result.SUCCESS),
    ),
    mutant(
        "no limit and success",
        "no-limit",
        tool=parts.lacking(Features.ON_TOOL_LIMIT),
        make=odd.with_result(Op.SET_LIMIT, Result.SUCCESS),
    ),
    mutant("two at a time", "one-at-a-time", patched=parts.two_at_a_time),
    mutant("answers nobody wants", "indications-off", patched=parts.always_indicating),
    mutant("starts unheard", "start-unheard", make=odd.Unheard),
    mutant(
        "clock in milliseconds",
        "op-read-clock",
        "clocks-agree",
        "limit-delay",
        "limit-clears",
        "event-time",
        make=odd.spoilt(Op.READ_CLOCK, odd.slow_clock),
    ),
)
FRAMES = (
    mutant("a frame too long", "frame-length", make=odd.sending(odd.and_garbage)),
    mutant(
        "a number jumps",
        "frame-numbers",
        "frame-timestamps",
        "resend-live-first",
        make=odd.framed(lambda read: replace(read, first_sample=read.first_sample + 3), at=24),
    ),
    mutant(
        "a timestamp jumps",
        "frame-timestamps",
        make=odd.framed(lambda read: replace(read, timestamp_us=read.timestamp_us + 30_000), at=24),
    ),
    mutant(
        "a wrong interval",
        "frame-interval",
        "resend-same",
        make=odd.framed(lambda read: replace(read, interval_us=read.interval_us * 96 // 100)),
    ),
    mutant(
        "live frames say resent",
        "frame-reserved",
        "resend-same",
        "resend-part",
        "resend-live-first",
        make=odd.framed(lambda read: replace(read, resent=True), at=20),
    ),
    mutant("a frame is lost", "frame-numbers", "resend-live-first", make=odd.sending(odd.losing)),
    mutant(
        "touches the air", "untouched", make=odd.framed(lambda read: replace(read, touching=True))
    ),
    mutant(
        "promises other samples",
        "start-announces",
        make=odd.spoilt(Op.START, lambda answer: answer[:6] + bytes([answer[6] ^ 1]) + answer[7:]),
    ),
    mutant("promises more", "frame-count", "start-fewer", make=odd.spoilt(Op.START, odd.fewer)),
    mutant("collects too long", "start-fresh", make=odd.taking(Op.START, odd.collecting)),
    mutant("a slow clock", "frame-rate", make=odd.Slow),
    mutant(
        "starts at seven", "start-from-zero", "start-anew", "resume-other-rate", make=odd.FromSeven
    ),
)
RUNS = (
    mutant(
        "stop does not stop",
        "stop-ends",
        "start-anew",
        "start-from-zero",
        make=odd.answering(odd.deaf_to_stop),
    ),
    mutant("a run dies with the link", "resume", make=odd.StartsAnew),
    mutant("does not number without a link", "resume", make=odd.Sleeps),
    mutant(
        "a run never dies",
        "run-expires",
        choice=SLOW,
        patched=parts.patched("simulators.firmware.stream.OUTLIVES_LINK_US", 10**9),
    ),
    mutant(
        "a run dies too soon",
        "run-outlives-link",
        choice=SLOW,
        patched=parts.patched("simulators.firmware.stream.OUTLIVES_LINK_US", 30 * 10**6),
    ),
    mutant("any rate goes on", "resume-other-rate", patched=parts.any_rate),
    mutant("a run survives a restart", "restart-new-run", choice=ATTENDED, make=odd.KeepsRun),
)
RESENDING = (
    mutant(
        "resent without the flag",
        "resend-same",
        "resend-part",
        "resend-gap",
        "resend-live-first",
        make=odd.resending(lambda f: bytes([f[0] & ~16]) + f[1:]),
    ),
    mutant("resent otherwise", "resend-same", make=odd.resending(odd.other_content)),
    mutant("resends the future", "resend-nothing", make=odd.answering(odd.invents)),
    mutant("is never busy", "resend-busy", make=odd.answering(odd.never_busy)),
    mutant("resends before living", "resend-live-first", make=odd.ResentFirst),
    mutant(
        "keeps less than told",
        "resend-depth",
        choice=SLOW,
        tool=parts.lacking(Features(0), resend_depth=1000),
        alter=parts.feature(parts.put(28, *(2000).to_bytes(4, "little"))),
    ),
)
FORCE = (
    mutant("tares without effect", "tare-zero", "tare-survives-link", make=odd.TaresWithoutEffect),
    mutant(
        "pulls when pressed",
        "force-sign",
        only=frozenset({"force-sign", "tare-loaded"}),
        choice=ATTENDED,
        make=odd.framed(odd.pulled),
    ),
    mutant("tells no offsets", "tare-answer", make=odd.TellsNoOffsets),
    mutant("tares at once", "tare-duration", make=odd.TaresAtOnce),
    mutant("tare dies with the link", "tare-survives-link", make=odd.ForgetsTare),
    mutant(
        "tares while moving",
        "tare-moving",
        choice=ATTENDED,
        patched=lambda: parts.tares_anyway("_is_moving"),
    ),
    mutant(
        "tares while loaded",
        "tare-loaded",
        choice=ATTENDED,
        patched=lambda: parts.tares_anyway("_is_loaded"),
    ),
    mutant("tare survives a restart", "restart-forgets-tare", choice=ATTENDED, make=odd.KeepsTare),
    mutant(
        "calibration dies with the link",
        "calibration-kept",
        "tare-survives-link",
        "limit-standing",
        make=odd.ForgetsCalibration,
    ),
    mutant(
        "calibration dies with the power",
        "restart-keeps-calibration",
        choice=ATTENDED,
        make=odd.LosesCalibration,
    ),
    mutant("half a calibration", "calibration-refusal", make=odd.answering(odd.half_calibration)),
    mutant(
        "gain without effect",
        "calibration-gain",
        "force-clips",
        patched=parts.patched("simulators.firmware.sensors.Channel.calibrated", parts.without_gain),
    ),
    mutant(
        "wraps",
        "force-clips",
        patched=parts.patched("simulators.firmware.sensors._clipped", parts.wrapped),
    ),
    mutant("calibrated saturation", "saturation-raw", patched=parts.calibrated_saturation),
)
LIMIT = (
    mutant("half a limit", "limit-refusal", make=odd.answering(odd.half_limit)),
    mutant(
        "limit dies with the link", "limit-survives-link", "limit-standing", make=odd.ForgetsLimit
    ),
    mutant(
        "limit survives a restart", "restart-forgets-limit", choice=ATTENDED, make=odd.KeepsLimit
    ),
    mutant("limit at once", "limit-delay", "limit-short", make=odd.delaying(lambda _ms: 0)),
    mutant("limit late", "limit-delay", make=odd.delaying(lambda ms: ms + 500)),
    mutant(
        "limit clears at once",
        "limit-clears",
        patched=parts.patched("simulators.firmware.limit.OFF_DELAY_US", 0),
    ),
    mutant(
        "limit clears above 95 %",
        "limit-stays",
        patched=parts.patched("simulators.firmware.limit.CLEARED_BELOW", 1.0),
    ),
    mutant(
        "limit is never off",
        "limit-off",
        "limit-stop",
        "limit-short",
        "limit-level-off",
        "limit-standing",
        make=odd.answering(odd.never_off),
    ),
    mutant(
        "stop is not told",
        "limit-stop",
        make=odd.events(lambda e: () if e[0] == 2 and e[5] == 2 else (e,)),
    ),
)
EVENTS = (
    mutant(
        "tells no state", "standing-events", "limit-standing", make=odd.telling(lambda _told: ())
    ),
    mutant(
        "tells an old button",
        "events-not-stored",
        make=odd.telling(lambda told: (b"\3" + told[0][1:5] + b"\1", *told)),
    ),
    mutant(
        "state of another time",
        "event-time",
        make=odd.telling(lambda told: tuple(e[:4] + bytes([e[4] ^ 8]) + e[5:] for e in told)),
    ),
    mutant(
        "says nothing of its button",
        "event-button",
        choice=ATTENDED,
        make=odd.events(lambda e: () if e[0] == 3 else (e,)),
    ),
)
MOTOR = (
    mutant(
        "buzzes on without a link",
        "haptic-stops-with-link",
        "alert-stops-with-link",
        choice=ATTENDED,
        make=odd.BuzzesOn,
    ),
    mutant(
        "buzzes for ever",
        "haptic-ends",
        choice=ATTENDED,
        patched=parts.patched("simulators.firmware.control_point.LONGEST_BUZZ_US", 10**9),
    ),
    mutant(
        "does not buzz",
        "haptic-buzzes",
        choice=ATTENDED,
        make=odd.taking(
            Op.HAPTIC,
            lambda v: v[:1] + bytes([Pattern.OFF if len(v) == 5 and v[1] < 4 else 9]) + v[2:],
        ),
    ),
    mutant(
        "alarms for ever",
        "alert-ends",
        choice=ATTENDED,
        patched=parts.patched("simulators.firmware.motor.ALERT_US", 10**9),
    ),
    mutant(
        "measures too often",
        "industrial-values",
        patched=parts.patched("simulators.peripheral.measuring.PERIOD_S", 0.05),
    ),
)
OTHERS = (
    mutant("does not say what it is", "adv-service", patched=parts.without_service),
    mutant(
        "welcomes everybody",
        "adv-connected",
        "one-central",
        alter=parts.welcoming,
    ),
    mutant(
        "no events",
        "service-massage-tool",
        "event-properties",
        "closed-events",
        alter=parts.renamed(TOOL_EVENT),
    ),
    mutant(
        "events cannot be switched on",
        "configurations",
        only=frozenset({"configurations", "event-properties"}),
        alter=parts.without_configuration(TOOL_EVENT),
    ),
    mutant("does not pair", "pairing", bonding_s=0.0),
    mutant(
        "freed of an unknown mass",
        "feature-freed",
        alter=parts.feature(
            lambda told: told.__setitem__(slice(3, 4), b"\1") or parts.put(18, 0, 0)(told)
        ),
    ),
    mutant(
        "no double buzz",
        "op-haptic",
        make=odd.taking(Op.HAPTIC, lambda v: v[:1] + b"\4" + v[2:] if v[1:2] == b"\2" else v),
    ),
    mutant(
        "stop fails",
        "op-stop",
        only=frozenset({"op-stop", "op-identify"}),
        make=odd.failing(Op.STOP),
    ),
    mutant(
        "no calibration to read",
        "op-read-calibration",
        only=frozenset({"op-read-calibration", "op-read-channel"}),
        make=odd.failing(Op.READ_CALIBRATION),
    ),
    mutant("no area to read", "op-read-channel", make=odd.failing(Op.READ_CHANNEL)),
    mutant("long resend", "length-resend", make=odd.taking(Op.RESEND, lambda v: v[:7])),
    mutant("long identify", "length-identify", make=odd.taking(Op.IDENTIFY, lambda v: v[:1])),
    mutant(
        "long calibration question",
        "length-read-calibration",
        make=odd.taking(Op.READ_CALIBRATION, lambda v: v[:2]),
    ),
    mutant(
        "long area question",
        "length-read-channel",
        make=odd.taking(Op.READ_CHANNEL, lambda v: v[:2]),
    ),
    mutant(
        "calibrates any channel",
        "range-set-calibration",
        make=odd.taking(Op.SET_CALIBRATION, odd.first_channel),
    ),
    mutant("nothing is unknown", "empty-request", make=odd.answering(odd.empty_is_unknown)),
    mutant(
        "no force and success",
        "no-force",
        tool=parts.without_force(),
        make=odd.with_result(Op.TARE, Result.SUCCESS),
    ),
    mutant(
        "frames of fifteen",
        "frame-fits",
        "start-fresh",
        "start-fewer",
        make=odd.taking(Op.START, odd.fifteen),
        patched=parts.patched("simulators.firmware.stream.fitting", parts.one_more),
    ),
    mutant("turns at rest", "turning", "resend-same", make=odd.framed(odd.turning)),
    mutant(
        "takes no gain",
        "calibration-set",
        "calibration-gain",
        "calibration-kept",
        "force-clips",
        make=odd.taking(Op.SET_CALIBRATION, odd.nominal),
    ),
    mutant(
        "offset the wrong way",
        "calibration-offset",
        only=frozenset({"calibration-offset", "calibration-set"}),
        patched=parts.patched("simulators.firmware.sensors.Channel.calibrated", parts.wrong_sign),
    ),
    mutant(
        "caution is not told",
        "limit-caution",
        only=frozenset({"limit-caution", "limit-stop", "limit-off"}),
        make=odd.events(lambda e: () if e[0] == 2 and e[5] == 1 else (e,)),
    ),
    mutant(
        "contact is not told",
        "event-contact",
        choice=ATTENDED,
        make=odd.events(lambda e: () if e[0] == 1 else (e,)),
    ),
    mutant(
        "does not show itself", "identify-shows", choice=ATTENDED, make=odd.answering(odd.says_so)
    ),
    mutant("warns with a link only", "limit-buzzes-away", choice=ATTENDED, make=odd.LimitNeedsLink),
    mutant(
        "alert cannot be written",
        "alert-properties",
        alter=parts.properties(ALERT_LEVEL, lambda bits: bits & ~COMMAND),
    ),
    mutant("hears no alert", "alert-buzzes", choice=ATTENDED, make=odd.HearsNoAlert),
)
MUTANTS = (
    *ON_THE_AIR,
    *IN_THE_TABLE,
    *SECURITY,
    *FEATURE,
    *ANSWERS,
    *FRAMES,
    *RUNS,
    *RESENDING,
    *FORCE,
    *LIMIT,
    *EVENTS,
    *MOTOR,
    *OTHERS,
)
