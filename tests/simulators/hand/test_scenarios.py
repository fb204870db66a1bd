"""Scenario files: laid over each other, changed step by step, refused where they are wrong."""

import json
from pathlib import Path

import pytest

from simulators.performance import Performance
from simulators.plan import Plan
from simulators.scenario import Change, Scenario, ScenarioError, load_scenario, parse_scenario
from simulators.tool_data import ToolData
from tests.simulators.hand.conftest import moved, one_step, scenario_with


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / f"{name}.toml"
    path.write_text(f'title = "{name.title()}"\n{text}', "utf-8")
    return path


def refusal(text: str, file: str = "mine.toml") -> ScenarioError:
    with pytest.raises(ScenarioError) as refused:
        parse_scenario(text, file)
    assert "\n" not in str(refused.value)
    return refused.value


def test_names_joined_by_plus_are_laid_over_each_other() -> None:
    both = load_scenario("rushing+left-hand")
    assert both.person.hand == "left"
    assert both.habits == load_scenario("rushing").habits
    assert both.name == "rushing+left-hand"
    assert both.title == "Rushing + Left hand"
    assert "hurry" in both.description
    assert "left hand" in both.description


def test_later_ones_win_key_by_key() -> None:
    late = load_scenario("rushing+too-light").habits
    assert late.firmness == load_scenario("too-light").habits.firmness
    assert late.speed_cm_s == load_scenario("rushing").habits.speed_cm_s
    assert load_scenario("rushing+careful").habits == load_scenario("careful").habits


def test_lists_are_added(tmp_path: Path) -> None:
    press = '[[press]]\nzone = "cheek"\nrepetitions = [1]\npeak_kpa = 9\nduration_s = 1\n'
    one, other = (written(tmp_path, name, press) for name in ("one", "other"))
    assert len(load_scenario(f"{one}+{other}+heavy-hand").presses) == 5


def test_a_file_is_laid_over_what_it_is_based_on(tmp_path: Path) -> None:
    written(tmp_path, "base", 'based_on = ["left-hand"]\n[hand]\nreach = [0.5, 0.6]\n')
    top = written(tmp_path, "top", 'based_on = ["base.toml"]\n[hand]\naim = [0.1, 0.2]\n')
    scenario = load_scenario(str(top))
    assert scenario.title == "Top"
    assert scenario.person.hand == "left"
    assert (scenario.habits.reach, scenario.habits.aim) == ((0.5, 0.6), (0.1, 0.2))


def test_what_comes_up_twice_counts_once(tmp_path: Path) -> None:
    one, other = (
        written(tmp_path, name, 'based_on = ["heavy-hand"]\n') for name in ("one", "other")
    )
    assert len(load_scenario(f"{one}+{other}").presses) == 3
    assert load_scenario("careful+careful").name == "careful"


def test_a_file_whose_name_has_a_plus_is_one_file(tmp_path: Path) -> None:
    assert load_scenario(str(written(tmp_path, "a+b", ""))).name == "a+b"


def test_files_based_on_each_other_are_refused(tmp_path: Path) -> None:
    one = written(tmp_path, "one", 'based_on = ["two.toml"]\n')
    written(tmp_path, "two", 'based_on = ["one.toml"]\n')
    with pytest.raises(ScenarioError, match=r"based_on: goes round in a circle: .*one.*two.*one"):
        load_scenario(str(one))


@pytest.mark.parametrize("name", ["careful+", "+careful", "careful++lying"])
def test_a_missing_name_beside_a_plus_is_refused(name: str) -> None:
    with pytest.raises(ScenarioError, match=r"a name is missing beside \+"):
        load_scenario(name)


@pytest.mark.parametrize(
    "name", ["x" * 5000, "careful+" + "y" * 300, "a" * 5000 + ".toml", "/", "."]
)
def test_a_name_that_no_file_can_have_is_refused(name: str) -> None:
    with pytest.raises(ScenarioError, match=r"no such file|cannot be read"):
        load_scenario(name)


def test_an_unknown_base_is_refused_by_its_name() -> None:
    refused = refusal('title = "x"\nbased_on = ["carefull"]')
    assert refused.file == "carefull"
    assert "did you mean careful" in refused.reason


@pytest.mark.parametrize(
    ("text", "key", "reason"),
    [
        ('[person]\nhand = "both"', "person.hand", "'right' or 'left'"),
        ("[person]\nrecline_deg = 200", "person.recline_deg", "within -90 to 180"),
        ("[person]\nrecline_deg = nan", "person.recline_deg", "finite"),
        ("[skin]\nfriction = -1", "skin.friction", "within 0 to 1.5"),
        ("[hand]\nrevolutions = [1, 2.5]", "hand.revolutions", "whole numbers"),
        ("[hand]\npauses = 1.5", "hand.pauses", "within 0 to 1"),
        ('[hand]\nway_back = "wall"', "hand.way_back", "'air', 'light' or 'full'"),
        ("[hand]\nfirmness = [0, 1]", "hand.firmness", "within 0.1 to 10"),
        ('[[change]]\nzone = "chek"\nreverse = true', "change[0]", "did you mean cheek"),
        ('[[change]]\nzone = "cheek"', "change[0]", "say what changes"),
        ('[[change]]\nstep = "a"\nzone = "cheek"\nreverse = true', "change[0]", "name either"),
        ('[[change]]\nstep = "a"\nside = "left"\nreverse = true', "change[0]", "side goes with"),
        ('[[change]]\ndirection = "sideways"', "change[0]", "there are: up, outward, down"),
        ('[[change]]\ndirection = "up"\nreverse = true', "change[0]", "either direction or"),
        ('[[change]]\ntechnique = "slap"', "change[0].technique", "'sweep', 'tap', 'circle'"),
        ("[[change]]\nhand = { aimm = [0, 1] }", "change[0].hand.aimm", "did you mean aim"),
        ("[[change]]\nhand = { tap_rate_hz = [4, 5] }", "change[0].hand", "no time to lift"),
        ('[[fault]]\npart = "ear"\nkind = "frozen"\nat_s = 1', "fault[0].part", "'force', 'imu'"),
        ('[[fault]]\npart = "wheel"\nkind = "saturated"\nat_s = 1', "fault[0]", "no end"),
        ('[[fault]]\npart = "imu"\nkind = "frozen"', "fault[0].at_s", "must be there"),
        ('[[fault]]\npart = "imu"\nkind = "frozen"\nat_s = -1', "fault[0].at_s", "within 0"),
    ],
)
def test_a_bad_key_is_refused_with_file_key_and_reason(text: str, key: str, reason: str) -> None:
    refused = refusal(f'title = "x"\n{text}')
    assert (refused.file, refused.key) == ("mine.toml", key)
    assert reason in refused.reason


def test_keys_that_only_together_make_no_sense_are_refused(tmp_path: Path) -> None:
    slow = written(tmp_path, "slow", "[hand]\ntap_contact_s = [0.5, 0.6]\n")
    quick = written(
        tmp_path, "quick", "[hand]\ntap_contact_s = [0.05, 0.1]\ntap_rate_hz = [4, 4.5]\n"
    )
    assert load_scenario(f"{slow}+{quick}").habits.tap_rate_hz == (4, 4.5)
    with pytest.raises(ScenarioError, match=r"hand: .* no time to lift"):
        load_scenario(f"{quick}+{slow}")


def changed(keys: str) -> Scenario:
    return scenario_with(keys)


def test_a_change_concerns_its_step_zone_side_or_every_step(plan: Plan, roller: ToolData) -> None:
    def reversed_in(place: str) -> set[str]:
        truth = Performance(plan, roller, changed(f"[[change]]\nreverse = true\n{place}"), 1).truth
        usual = Performance(plan, roller, changed(""), 1).truth
        return {
            step.id
            for step, as_usual in zip(truth.steps, usual.steps, strict=True)
            if [s.direction for s in step.strokes] != [s.direction for s in as_usual.strokes]
        }

    assert reversed_in("") == {"forehead-both", "neck_front-both"}
    assert reversed_in('zone = "forehead"') == {"forehead-both"}
    assert reversed_in('zone = "neck_front"\nside = "left"') == set()
    assert reversed_in('step = "neck_front-both"') == {"neck_front-both"}


def test_a_reversed_cheek_goes_in_to_the_nose(roller: ToolData) -> None:
    outward, inward = (
        moved(one_step("sweep"), roller, changed(keys)).contacts[0].touch.line.points
        for keys in ("", "[[change]]\nreverse = true")
    )
    assert outward[-1][0] > outward[0][0]
    assert inward[-1][0] < inward[0][0]


def test_a_change_can_be_for_some_repetitions_only(roller: ToolData) -> None:
    keys = '[[change]]\nrepetitions = [2, 4]\ntechnique = "tap"'
    done = moved(one_step("sweep"), roller, changed(keys))
    assert [contact.touch.technique for contact in done.contacts] == ["sweep", "tap"] * 2


def test_later_changes_win_and_others_stay(roller: ToolData) -> None:
    keys = (
        '[[change]]\ntechnique = "tap"\nhand = { firmness = [2, 2] }\n'
        '[[change]]\nzone = "cheek"\nhand = { firmness = [3, 3], aim = [0, 0] }'
    )
    done = moved(one_step("sweep"), roller, changed(keys))
    assert {contact.touch.technique for contact in done.contacts} == {"tap"}
    assert [contact.aim_kpa for contact in done.contacts] == pytest.approx([6.0] * 4)


def test_the_truth_tells_what_was_really_performed(plan: Plan, roller: ToolData) -> None:
    truth = Performance(plan, roller, load_scenario("wrong-technique"), 1).truth
    forehead = truth.steps[0]
    assert forehead.technique == "sweep"
    assert {contact.technique for contact in forehead.contacts} == {"circle"}
    assert truth.to_dict()["techniques"][0]["technique"] == "circle"


def test_changes_that_fit_no_step_are_named(roller: ToolData) -> None:
    keys = '[[change]]\nzone = "neck_back"\nreverse = true\n[[change]]\nreverse = true'
    truth = Performance(one_step("sweep"), roller, changed(keys), 1).truth
    (unused,) = truth.unused
    assert isinstance(unused, Change)
    assert unused.zone == "neck_back"
    assert json.loads(json.dumps(truth.to_dict()))["unused"][0]["zone"] == "neck_back"


@pytest.mark.parametrize(
    ("name", "of_the_band"), [("careful", (0.3, 0.75)), ("too-light", (-1.0, 0.0))]
)
def test_a_shipped_scenario_presses_as_its_title_says(
    name: str, of_the_band: tuple[float, float], plan: Plan, roller: ToolData
) -> None:
    truth = Performance(plan, roller, load_scenario(name), 1).truth
    for planned, step in zip(plan.steps, truth.steps, strict=True):
        for contact in step.contacts:
            kpa = contact.peak_n / truth.contact_area_m2 / 1000
            share = (kpa - planned.low_kpa) / (planned.high_kpa - planned.low_kpa)
            assert of_the_band[0] < share < of_the_band[1] + 0.1
            assert kpa > 0.3 * planned.low_kpa


def test_a_rushing_person_is_done_in_a_fraction_of_the_time(plan: Plan, roller: ToolData) -> None:
    def lasts(name: str) -> float:
        truth = Performance(plan, roller, load_scenario(name), 1).truth
        return sum(stroke.end_s - stroke.start_s for stroke in truth.strokes)

    assert lasts("rushing") < lasts("careful") / 3
