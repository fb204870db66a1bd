import pytest

from companion.sensing.tool import Axis, Tool, travel_axis
from companion.sensing.types import RepetitionKind, Task, Technique
from protocols.massage_tool import Features, ToolFeature, ToolKind

DOWN: Axis = (0.0, 0.0, -1.0)
FORWARD: Axis = (1.0, 0.0, 0.0)


def feature(**more: object) -> ToolFeature:
    values: dict[str, object] = {
        "tool_kind": ToolKind.ROLLER,
        "features": Features.ACCELEROMETER | Features.GYROSCOPE | Features.WHEEL,
        "force_channels": 2,
        "force_resolution_n": 1e-4,
        "force_full_scale_n": 3.0,
        "contact_area_m2": 1e-4,
        "supported_mass_kg": 0.04,
        "press_axis": DOWN,
        "tip_axis": FORWARD,
        "maximum_rate_hz": 200,
    }
    return ToolFeature(**(values | more))  # type: ignore[arg-type]  # fields by name


def test_a_feature_is_taken_over() -> None:
    tool = Tool.from_feature(feature())
    assert tool.has_force
    assert (tool.force_channels, tool.force_resolution_n, tool.full_scale_n) == (2, 1e-4, 3.0)
    assert (tool.contact_area_m2, tool.supported_mass_kg) == (1e-4, 0.04)
    assert (tool.has_accelerometer, tool.has_gyroscope, tool.has_wheel) == (True, True, True)
    assert not tool.has_touch_verdict
    assert not tool.limit_freed_of_gravity
    assert tool.travel_axis == FORWARD


def test_parts_that_are_not_there() -> None:
    bits = Features.OWN_TOUCH_VERDICT | Features.ON_TOOL_LIMIT_FREED_OF_GRAVITY
    tool = Tool.from_feature(
        feature(
            features=bits, force_resolution_n=None, contact_area_m2=None, supported_mass_kg=None
        )
    )
    assert not tool.has_force
    assert tool.force_channels == 0
    assert (tool.contact_area_m2, tool.supported_mass_kg) == (None, None)
    assert (tool.has_accelerometer, tool.has_gyroscope, tool.has_wheel) == (False, False, False)
    assert tool.has_touch_verdict
    assert tool.limit_freed_of_gravity


def test_full_scale_is_what_the_counts_can_carry_where_it_is_not_known_or_larger() -> None:
    assert Tool(force_channels=1, force_resolution_n=1e-3).full_scale_n == pytest.approx(32.767)
    wide = Tool(force_channels=1, force_resolution_n=1e-4, force_full_scale_n=50.0)
    assert wide.full_scale_n == pytest.approx(3.2767)
    assert Tool().full_scale_n == 0.0


@pytest.mark.parametrize(
    ("wheel_axis", "press", "tip", "expected"),
    [
        (0, DOWN, FORWARD, FORWARD),
        (0, None, FORWARD, FORWARD),
        (1, DOWN, FORWARD, (0.0, -1.0, 0.0)),
        (1, None, FORWARD, None),
        (0, DOWN, None, None),
        (7, DOWN, FORWARD, None),
    ],
)
def test_the_wheel_counts_along_the_tip_or_across_it(
    wheel_axis: int, press: Axis | None, tip: Axis | None, expected: Axis | None
) -> None:
    assert travel_axis(wheel_axis, press, tip) == expected


WHEEL_ALONE = Tool(has_wheel=True)
FORCE_ALONE = Tool(force_channels=1, force_resolution_n=1e-3)
MOTION_ALONE = Tool(has_accelerometer=True, has_gyroscope=True)
STROKE, CYCLE, CONTACT = RepetitionKind
HELD = (
    Technique.CIRCLE,
    Technique.KNEAD,
    Technique.PINCH,
    Technique.PRESS_HOLD,
    Technique.STRETCH,
)


@pytest.mark.parametrize(
    ("tool", "kind", "technique", "can"),
    [
        (FORCE_ALONE, STROKE, Technique.SWEEP, True),
        (FORCE_ALONE, CYCLE, Technique.SWEEP, False),
        (FORCE_ALONE, CONTACT, Technique.KNEAD, True),
        (WHEEL_ALONE, STROKE, Technique.SWEEP, True),
        (WHEEL_ALONE, CYCLE, Technique.SWEEP, True),
        (WHEEL_ALONE, CONTACT, Technique.TAP, False),
        (MOTION_ALONE, STROKE, Technique.SWEEP, True),
        (MOTION_ALONE, CYCLE, Technique.SWEEP, True),
        (MOTION_ALONE, CONTACT, Technique.TAP, True),
        *((MOTION_ALONE, CONTACT, technique, False) for technique in HELD),
        (Tool(has_accelerometer=True), STROKE, Technique.SWEEP, False),
        (Tool(has_touch_verdict=True), CONTACT, Technique.CIRCLE, True),
        (Tool(), CONTACT, Technique.TAP, False),
    ],
)
def test_what_a_tool_can_count(
    tool: Tool,
    kind: RepetitionKind,
    technique: Technique,
    can: bool,  # noqa: FBT001 - a column of the table
) -> None:
    assert tool.can_count(Task(kind, technique, None)) is can
