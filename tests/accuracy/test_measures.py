"""The metrics on cases worked out by hand."""

import json
from dataclasses import replace
from math import cos, radians, sin
from pathlib import Path

import pytest

from tests.accuracy.drift import shows_at
from tests.accuracy.labelled import Labelled, labelled
from tests.accuracy.measures import (
    Fields,
    alerts,
    f1,
    faults,
    hidden,
    impulse_ns,
    macro_f1,
    matched,
    overlap,
    root_mean_square,
    tilt_errors_deg,
    times_in_common,
)
from tests.accuracy.table import lines, table


def span(start_s: float, end_s: float | None, **more: object) -> Fields:
    return {"start_s": start_s, "end_s": end_s, **more}


def caution(raised_s: float) -> Fields:
    return {"level": "caution", "raised_s": raised_s}


def test_overlap_is_over_the_union() -> None:
    assert overlap(span(0, 2), span(1, 3)) == pytest.approx(1 / 3)
    assert overlap(span(0, 1), span(2, 3)) == 0
    assert overlap(span(1, 2), span(1, 2)) == 1


def test_spans_are_paired_one_to_one_the_closest_first() -> None:
    true = [span(0, 1), span(2, 3), span(8, None)]
    found = [span(0.0, 1.8), span(0.05, 1.0), span(2.5, 4), span(8.2, 10)]
    part = matched(true, found, last_s=10)
    assert [(a["start_s"], b["start_s"]) for a, b in part.pairs] == [(0, 0.05), (8, 8.2)]
    assert (part.true, part.found) == (3, 4)
    assert part.boundary_errors_s() == pytest.approx([0.05, 0, 0.2, 0])


def test_time_in_common_and_its_f1() -> None:
    both, missed, false = times_in_common([span(0, 4), span(6, 8)], [span(1, 5), span(7, 8)])
    assert (both, missed, false) == (4, 2, 1)
    assert f1(both, missed, false) == pytest.approx(8 / 11)
    assert f1(0, 0, 0) == 1


def test_an_alert_belongs_to_the_event_it_lies_in_or_within_100_ms_of() -> None:
    events = [span(1, 2), span(3, 4), span(5, 6)]
    told = [caution(0.95), caution(1.5), caution(4.1), caution(4.5), caution(7)]
    told.append({"level": "stop", "raised_s": 5.5})
    part = alerts(events, told)
    assert (part.events, part.caught, part.doubled, part.spurious) == (3, 2, 1, 2)
    assert part.latencies_s == pytest.approx([-0.05, 1.1])


def test_a_fault_is_found_by_its_kind_within_2_s() -> None:
    def told(kind: str, start_s: float, detected_s: float, end_s: float | None = None) -> Fields:
        return span(start_s, end_s, kind=kind, detected_s=detected_s)

    true = [span(1, 4, kind="a"), span(5, None, kind="b"), span(10, 12, kind="a")]
    findings = [
        told("a", 1, 2.5, 4),
        told("c", 1, 2, 4),
        told("b", 6, 7.5),
        told("a", 20, 21, 22),
    ]
    part = faults(true, findings, last_s=30)
    assert (part.true, part.found, part.false) == (3, 1, 2)
    assert part.latencies_s == [1.5]


def test_tilt_is_the_angle_between_the_two_directions() -> None:
    leaning = (sin(radians(3)), 0.0, cos(radians(3)))
    errors = tilt_errors_deg([((0, 0, 1), leaning), ((0, 0, 2), (0, 0, 1)), ((0, 0, 1), None)])
    assert errors == pytest.approx([3, 0], abs=1e-6)
    assert root_mean_square([3, 4]) == pytest.approx(12.5**0.5)


def test_macro_f1_weighs_each_true_label_alike() -> None:
    pairs = [("tap", "tap"), ("tap", "sweep"), ("tap", "tap"), ("sweep", "sweep"), ("knead", None)]
    assert macro_f1(pairs) == pytest.approx((0.8 + 2 / 3 + 0) / 3)


def values(rows: list[tuple[str, ...]]) -> dict[str, str]:
    return {row[0]: row[1] for row in rows}


def recorded(name: str, truth: Fields, document: Fields) -> Labelled:
    empty: Fields = {"duration_s": 60.0, "strokes": [], "alerts": [], "faults": [], "active": []}
    return Labelled(name, truth, empty | document, 60.0, [])


def test_the_table_has_a_column_per_prefix_and_one_for_all() -> None:
    def counted(live: int, final: int) -> Fields:
        return {"reps": {"live": [0.0] * live, "final": [0.0] * final}}

    rows = table(
        [
            recorded("a-1", {"reps": 20}, counted(20, 20)),
            recorded("a-2", {"reps": 20}, counted(19, 20)),
            recorded("b-1", {"reps": 10}, counted(12, 10)),
            recorded(
                "b-2", {"over": {"events": [span(1, 2)]}}, {"alerts": [caution(1.06), caution(9)]}
            ),
        ]
    )
    cells = {row[0]: row[1:] for row in rows}
    assert cells["metric"] == ("a", "b", "all")
    assert cells["repetitions live: exact"][2] == "0.333 (1 of 3)"
    assert cells["repetitions live: within one"][2] == "0.667 (2 of 3)"
    assert cells["repetitions live: mean absolute error"][2] == "1.000"
    assert cells["repetitions live: mean absolute error per 20"] == ("0.500", "4.000", "1.667")
    assert cells["repetitions final: exact"] == (
        "1.000 (2 of 2)",
        "1.000 (1 of 1)",
        "1.000 (3 of 3)",
    )
    assert cells["over-pressure: spurious"] == (
        "-",
        "1 (10.00 in 10 minutes)",
        "1 (10.00 in 10 minutes)",
    )
    assert cells["over-pressure: latency, median and worst"][1] == "60 ms, 60 ms"


def test_an_event_that_the_force_as_recorded_is_not_is_scored_and_told_apart() -> None:
    truth = {"over": {"events": [span(1, 2), span(5, 6)]}}
    both = recorded("a-1", truth, {"alerts": [caution(1.06), caution(5.7)]})
    cells = {row[0]: row[1] for row in table([replace(both, hidden=[span(5, 6)])])}
    assert cells["over-pressure: recall"] == "1.000 (2 of 2)"
    assert cells["over-pressure: latency, median and worst"] == "380 ms, 700 ms"
    assert cells["over-pressure: recall, as recorded"] == "1.000 (1 of 1)"
    assert cells["over-pressure: latency, median and worst, as recorded"] == "60 ms, 60 ms"


def test_what_cannot_be_counted_is_not_scored_and_what_may_be_unseen_is() -> None:
    def counted(name: str, final: int, *, unseen: int = 0, can_count: bool = True) -> Labelled:
        document = {"reps": {"live": [0.0] * final, "final": [0.0] * final}}
        one = recorded(name, {"reps": 10}, document)
        return replace(one, unseen=unseen, can_count=can_count)

    rows = values(
        table(
            [
                counted("a-1", 9, unseen=2),
                counted("a-2", 7, unseen=2),
                counted("a-3", 11, unseen=2),
                counted("a-4", 0, can_count=False),
            ]
        )
    )
    assert rows["repetitions: can be counted"] == "0.750 (3 of 4)"
    assert rows["repetitions: true number within what is told"] == "0.333 (1 of 3)"
    assert rows["repetitions final: within one"] == "0.667 (2 of 3)"
    none = values(table([counted("a-4", 0, can_count=False)]))
    assert none["repetitions: can be counted"] == "0.000 (0 of 1)"
    assert "repetitions final: exact" not in none


def test_dose_is_time_in_contact_and_force_times_it() -> None:
    true = [span(1, 3, mean_n=0.5), span(4, 6, mean_n=0.5)]
    found = [span(1, 3, mean_n=0.5), span(4, 5, mean_n=0.4), span(59, None, mean_n=0.1)]
    rows = values(table([recorded("a", {"contacts": true}, {"contacts": found})]))
    assert rows["dose: time in contact off by"] == "+0.0 %"
    assert rows["dose: impulse off by"] == "-25.0 %"
    bare = values(table([recorded("a", {"contacts": [span(1, 3)]}, {"contacts": found})]))
    assert "dose: impulse off by" not in bare


def test_the_worst_recording_and_the_force_as_recorded_are_told_beside_the_dose() -> None:
    true = {"contacts": [span(1, 3, mean_n=0.5)]}
    high, low = ({"contacts": [span(1, 3, mean_n=n)]} for n in (0.55, 0.4))
    group = [recorded("a-1", true, high), recorded("a-2", true, low)]
    rows = values(table([replace(one, recorded_ns=1.05) for one in group]))
    assert rows["dose: impulse off by"] == "-5.0 %"
    assert rows["dose: impulse off by, worst recording"] == "-20.0 %"
    assert rows["dose: impulse of the force as recorded off by"] == "+5.0 %"
    assert "dose: impulse of the force as recorded off by" not in values(table(group))


def test_the_impulse_as_recorded_is_that_of_the_true_contacts() -> None:
    times, forces = [0.0, 1.0, 2.0, 3.0, 4.0], [0.0, 1.0, 3.0, float("nan"), 1.0]
    assert impulse_ns(times, forces, [span(0.5, 2.0)]) == pytest.approx(0.5 * 0.5 + 2.0)
    assert impulse_ns(times, forces, [span(2.0, 4.0)]) == 0.0


def test_an_event_is_hidden_where_the_force_as_recorded_makes_none() -> None:
    times = [index / 100 for index in range(500)]

    def pressed(force_n: float, seconds: float) -> list[float]:
        return [force_n if 2.0 <= t_s < 2.0 + seconds else 0.0 for t_s in times]

    event = [span(2.0, 2.6)]
    assert hidden(times, pressed(0.86, 0.6), 0.8, event) == []
    assert hidden(times, pressed(0.79, 0.6), 0.8, event) == event
    assert hidden(times, pressed(0.86, 0.1), 0.8, event) == event
    assert hidden(times, pressed(0.86, 0.6), 0.8, [*event, span(4.0, 4.5)]) == [span(4.0, 4.5)]


@pytest.mark.parametrize(("apart_s", "missing"), [(0.2, 0), (0.4, 1)])
def test_two_short_presses_close_together_are_an_event_as_recorded(
    apart_s: float, missing: int
) -> None:
    times = [index / 100 for index in range(500)]
    twice = [2.0, 2.0 + apart_s]
    force = [1.0 if any(at <= t_s < at + 0.1 for at in twice) else 0.0 for t_s in times]
    assert len(hidden(times, force, 0.6, [span(2.0, 2.1 + apart_s)])) == missing


def test_what_is_named_and_what_of_it_is_right_are_told_apart() -> None:
    def named(label: str) -> Labelled:
        return recorded("a", {"technique": "tap"}, {"technique": {"label": label}})

    rows = values(table([named("tap"), named("unsure"), named("unsure"), named("knead")]))
    assert rows["technique: unsure"] == "0.500 (2 of 4)"
    assert rows["technique: right, of those named"] == "0.500 (1 of 2)"


def test_directions_that_are_unknown_are_not_answered() -> None:
    ways = ["up", "down", "up", "horizontal", "unknown"]
    found = ["up", "up", "unknown", "horizontal", "unknown"]
    true = [span(i, i + 0.9, direction=way) for i, way in enumerate(ways)]
    told = [span(i, i + 0.9, direction=way) for i, way in enumerate(found)]
    rows = values(table([recorded("a", {"strokes": true}, {"strokes": told})]))
    assert rows["direction: answered"] == "0.750 (3 of 4)"
    assert rows["direction: right, of those answered"] == "0.667 (2 of 3)"
    assert rows["direction: up taken for down or the reverse"] == "1"
    assert rows["direction: confused"] == "down as up 1, up as unknown 1"


def test_a_folder_is_analysed_and_its_table_is_markdown(tmp_path: Path) -> None:
    force = [0.4 if 100 <= i % 300 < 200 else 0.0 for i in range(1200)]
    cells = [f"{i / 100},{n + 0.001 * (i % 2) if n else 0}" for i, n in enumerate(force)]
    (tmp_path / "made-1.csv").write_text("\n".join(["t_s,force_n", *cells]) + "\n")
    truth = {
        "rep": "contact",
        "reps": 4,
        "contacts": [span(1 + 3 * i, 2 + 3 * i) for i in range(4)],
        "over": {"caution_n": 0.5, "events": []},
        "faults": [],
    }
    (tmp_path / "made-1.truth.json").write_text(json.dumps(truth))
    (tmp_path / "alone.truth.json").write_text("{}")
    (one,) = labelled(tmp_path)
    assert one.group == "made"
    rows = table([one])
    assert values(rows)["repetitions live: exact"] == "1.000 (1 of 1)"
    assert values(rows)["contacts: recall"] == "1.000 (4 of 4)"
    assert values(rows)["contacts: median boundary error"] == "0 ms"
    assert values(rows)["faults: found where there is none"] == "0"
    assert all(line.startswith("| ") and line.endswith(" |") for line in lines(rows))


def test_a_fault_that_shows_late_is_found_in_time_from_there_on() -> None:
    drift = {"kind": "tare_drift", "start_s": 5.0, "end_s": None, "observable_s": 20.0}
    early, in_time, late = (
        {"kind": "tare_drift", "start_s": at, "detected_s": at + 0.5, "end_s": None}
        for at in (10.0, 21.0, 25.0)
    )
    for finding, latencies in ((early, [0.0]), (in_time, [1.5]), (late, [])):
        part = faults([drift], [finding], last_s=30)
        assert (part.true, part.found, part.false, part.latencies_s) == (
            1, len(latencies), 0, latencies,
        )  # fmt: skip
    hidden = {**drift, "observable_s": None}
    assert (
        faults([hidden], [late], last_s=30).true,
        faults([hidden], [late], last_s=30).false,
    ) == (
        0,
        0,
    )
    assert faults([], [late], last_s=30).false == 1


def test_a_creeping_zero_shows_after_a_second_in_the_air() -> None:
    off_n = [(index / 10, index * 0.002) for index in range(100)]
    assert shows_at(off_n, []) == pytest.approx(6.0)
    assert shows_at(off_n, [(5.5, 7.05)]) == pytest.approx(8.1)
    assert shows_at(off_n, [(5.5, 9.0)]) is None
    assert shows_at([(t_s, -off) for t_s, off in off_n], []) == pytest.approx(6.0)
