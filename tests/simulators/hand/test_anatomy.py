import numpy as np
import pytest

from simulators.anatomy import UnknownPlaceError, sides_of, skin_path, zone_names

LENGTHS_CM = {
    "forehead": (5.5, 6.5),
    "temples": (3, 5),
    "under_eye": (2.5, 3.5),
    "cheek": (9, 10),
    "jawline": (9, 11),
    "neck_front": (10.5, 11.5),
    "neck_back": (9, 11),
    "decollete": (9, 11),
}


@pytest.mark.parametrize("zone", zone_names())
@pytest.mark.parametrize("side", ["left", "right"])
@pytest.mark.parametrize("direction", ["up", "outward", "down_drain", "any"])
def test_paths_are_lines_on_a_skin(zone: str, side: str, direction: str) -> None:
    path = skin_path(zone, side, direction)
    assert np.linalg.norm(path.tangents, axis=1) == pytest.approx(1)
    assert np.linalg.norm(path.normals, axis=1) == pytest.approx(1)
    assert np.abs(np.sum(path.tangents * path.normals, axis=1)).max() < 1e-9
    spacing = np.linalg.norm(np.diff(path.points, axis=0), axis=1)
    assert spacing == pytest.approx(path.length_m / len(spacing), rel=1e-3)


@pytest.mark.parametrize("zone", zone_names())
def test_zones_have_an_adults_size(zone: str) -> None:
    shortest, longest = LENGTHS_CM[zone]
    assert shortest < 100 * skin_path(zone, "right", "any").length_m < longest


@pytest.mark.parametrize("zone", zone_names())
@pytest.mark.parametrize("side", ["left", "right"])
def test_directions_mean_what_they_say(zone: str, side: str) -> None:
    up, outward, down = (
        skin_path(zone, side, direction) for direction in ("up", "outward", "down_drain")
    )
    away = -1 if side == "left" else 1
    assert (up.points[-1] - up.points[0])[2] / up.length_m > 0.6
    assert (down.points[-1] - down.points[0])[2] / down.length_m < -0.6
    assert abs((outward.points[-1] - outward.points[0])[2]) / outward.length_m < 0.6
    assert away * (outward.points[-1] - outward.points[0])[0] > 0


@pytest.mark.parametrize("zone", zone_names())
def test_left_mirrors_right_and_the_skin_faces_away_from_the_head(zone: str) -> None:
    right, left = (skin_path(zone, side, "any") for side in ("right", "left"))
    assert left.points == pytest.approx(right.points * [-1, 1, 1])
    assert left.normals == pytest.approx(right.normals * [-1, 1, 1])
    assert (right.points[:, :2] * right.normals[:, :2]).sum(axis=1).min() > 0


def test_a_zone_without_a_middle_is_worked_on_both_sides_in_turn() -> None:
    assert sides_of("cheek", "both") == ("right", "left")
    assert sides_of("forehead", "both") == ("both",)
    assert sides_of("cheek", "left") == ("left",)
    with pytest.raises(UnknownPlaceError, match="no middle"):
        skin_path("cheek", "both", "any")


UPWARD = {"forehead", "neck_front", "neck_back"}


@pytest.mark.parametrize("zone", zone_names())
def test_a_stroke_across_a_zone_follows_the_bend_of_its_skin(zone: str) -> None:
    own = skin_path(zone, "right", "any")
    other = skin_path(zone, "right", "outward" if zone in UPWARD else "up")
    assert other.length_m == pytest.approx(0.05, rel=1e-3)
    chord = other.points[-1] - other.points[0]
    sag = (other.points[len(other.points) // 2] - other.points[0] - chord / 2) @ other.normals[512]
    assert 0.001 < sag < 0.009
    assert np.degrees(np.arccos(other.normals[0] @ other.normals[-1])) > 10
    assert other.points[512] == pytest.approx(own.points[512], abs=1e-6)


@pytest.mark.parametrize("zone", zone_names())
def test_down_and_inward_are_up_and_outward_the_other_way(zone: str) -> None:
    for way, back in (("up", "down"), ("up", "down_drain"), ("outward", "inward")):
        there, other = skin_path(zone, "left", way), skin_path(zone, "left", back)
        assert other.points == pytest.approx(there.points[::-1])
        assert other.tangents == pytest.approx(-there.tangents[::-1])
        assert other.reversed().points == pytest.approx(there.points)
