"""Targets of a project: how sure a verdict is, bases as submitted, what filled years say."""

from __future__ import annotations

import math

import hypothesis.strategies as st
import numpy as np
import pandas as pd
import pytest
from hypothesis import given

from carbonacct.analysis.chances import find_chance
from carbonacct.analysis.goal_verdicts import compare_goals, judge_goals
from carbonacct.analysis.goals import Goal, is_relative, list_columns, read_goal, read_goals
from carbonacct.cli.main import main
from carbonacct.errors import PanelError
from carbonacct.projects.freezing import freeze
from carbonacct.projects.project_targets import add_chances
from carbonacct.published import load_published
from carbonacct.report.outputs import make_renderers
from tests.projects.folders import build_at, make_project, open_at, states_of, write_table

LEVEL = Goal("g", "A", "co2", "level", "at_most", 2020, value=100.0)
CUT = Goal("g", "A", "co2", "cut", "at_least", 2020, value=0.18, base_year=2015)
TARGET = """
[[target]]
id = "cut"
quantity = "co2"
statistic = "cut"
bound = "at_least"
value = 1
unit = "%"
base = {base}
due = 2020
"""


def read_targets(folder):
    """Return the table of targets that a build wrote."""
    return pd.read_csv(folder / "output" / "targets.csv")


def make_judged(folder, *, base="{ year = 2018 }", more="", years=(2018, 2019, 2020)):
    """Write a project with one target and return its folder."""
    make_project(folder, years=years)
    file = folder / "carbonacct.toml"
    text = file.read_text(encoding="utf-8").replace(
        "[outputs]", f'{more}[outputs]\ntargets = "output/targets.csv"'
    )
    file.write_text(text + TARGET.format(base=base), encoding="utf-8")
    return folder


def test_errors_that_years_share_cancel():
    """A cut of 20 % against 18 % is surer where base and due year have one error than where each has its own."""
    draw = np.random.default_rng(1)
    shared, apart = draw.normal(1, 0.05, 20000), draw.normal(1, 0.05, 20000)
    verdict = {"to": 2020, "path": 0.18, "status": "met"}
    together = find_chance(CUT, {2015: 100 * shared, 2020: 80 * shared}, verdict)
    alone = find_chance(CUT, {2015: 100 * shared, 2020: 80 * apart}, verdict)
    assert together == 1.0
    # ratio 0.8 N(1, .05)/N(1, .05): sd of the log 0.0707, ln(0.82/0.8) = 0.0247, Phi(0.349) = 0.637
    assert alone == pytest.approx(0.637, abs=0.02)


def test_the_chance_of_a_level_is_that_of_the_normal():
    """97 +- 5 against a cap of 100: Phi(0.6) = 0.726; missed at 103: Phi(-0.6) = 0.274."""
    noise = np.random.default_rng(2).normal(0, 5, 50000)
    met = find_chance(LEVEL, {2020: 97 + noise}, {"to": 2020, "path": 100.0, "status": "met"})
    missed = find_chance(
        LEVEL, {2020: 103 + noise}, {"to": 2020, "path": 100.0, "status": "missed"}
    )
    assert (met, missed) == (pytest.approx(0.726, abs=0.01), pytest.approx(0.274, abs=0.01))


def test_the_chance_of_a_peak_is_that_of_its_year():
    """Of draws in which the maximum lies in 2016 or 2017, a peak by 2016 has the share of the first."""
    goal = Goal("g", "A", "co2", "peak_year", "at_most", 2030, value=2016)
    drawn = {2015: np.full(4, 90.0), 2016: np.array([100.0, 100, 100, 90]), 2017: np.full(4, 95.0)}
    assert find_chance(goal, drawn, {"to": 2022, "path": math.nan, "status": "met"}) == 0.75


def test_a_verdict_before_the_due_year_is_of_the_path():
    """Behind or on the path is held against the path, not against the target."""
    goal = Goal("g", "A", "co2", "cut", "at_least", 2020, value=0.18, base_year=2015)
    drawn = {2015: np.full(2, 100.0), 2018: np.array([88.0, 90.0])}
    assert find_chance(goal, drawn, {"to": 2018, "path": 0.112, "status": "on_path"}) == 0.5
    assert math.isnan(find_chance(goal, drawn, {"to": 2018, "path": 0.112, "status": "open"}))


def test_the_chance_of_a_cap_without_a_base_year_is_that_of_its_number():
    """Below a cap before its year is on the path, and no path but the number itself says how sure."""
    panel = pd.DataFrame({"area": "A", "year": [2020], "co2": [97.0]})
    goal = Goal("g", "A", "co2", "level", "at_most", 2025, value=100.0)
    row = judge_goals(panel, [goal]).iloc[0]
    assert (row["status"], math.isnan(row["path"])) == ("on_path", True)
    assert find_chance(goal, {2020: np.array([97.0, 99.0, 96.0, 101.0])}, row) == 0.75


def test_a_base_as_submitted_keeps_the_error_of_its_year():
    """Draws around a base of another value keep the relative errors of the year, whose mean need not be 0."""
    goal = Goal(
        "g", "A", "co2", "cut", "at_least", 2020, value=0.18, base_year=2015, base_value=110
    )
    panel = pd.DataFrame({"area": "A", "year": [2015, 2020], "co2": [100.0, 90.0]})
    # Errors of one factor row: cuts are 1 - 90 / 110 = 18.2 % in every draw, though errors are uneven.
    drawn = {("A", 2015): np.array([-10.0, 0, 50]), ("A", 2020): np.array([-9.0, 0, 45])}
    judged = judge_goals(panel, [goal])
    assert add_chances(judged, panel, [goal], drawn)["chance"].tolist() == [1.0]
    # Errors of the base year alone: cuts of 1 - 90 / 99 = 9 %, 18 and 45 %.
    alone = {("A", 2015): np.array([-10.0, 0, 50]), ("A", 2020): np.zeros(3)}
    assert add_chances(judged, panel, [goal], alone)["chance"].tolist() == [pytest.approx(2 / 3)]


@pytest.mark.parametrize(
    ("change", "chance"),
    [
        ({"quantity": "co2/gdp", "value": 10.0}, 0.5),  # 90 and 110 t over 10 of GDP
        ({"quantity": "co2", "value": 100.0}, 0.5),
        ({"quantity": "co2", "value": 115.0, "boundary": "with_land"}, 0.5),  # 10 t of land beside
        (
            {"quantity": "co2", "value": 100.0, "scope": (1, 2)},
            math.nan,
        ),  # draws are of fuels alone
        ({"quantity": "ch4", "value": 100.0}, math.nan),
        ({"quantity": "co2/people", "value": 100.0}, math.nan),
        ({"quantity": "co2/none", "value": 100.0}, math.nan),  # over nothing
    ],
)
def test_a_chance_is_of_direct_co2_and_what_it_is_divided_by(change, chance):
    """Errors of -10 and 10 t on 100; what else a quantity is made of counts as exact."""
    goal = Goal(
        **{"id": "g", "area": "A", "statistic": "level", "bound": "at_most", "due": 2020} | change
    )
    panel = pd.DataFrame(
        {
            "area": "A",
            "year": [2020],
            "co2": 100.0,
            "gdp": 10.0,
            "none": 0.0,
            "ch4": 1.0,
            "co2_land": 10.0,
            "co2_scope2": 1.0,
        }
    )
    verdict = pd.DataFrame({"to": [2020], "path": [math.nan], "status": ["met"]})
    drawn = {("A", 2020): np.array([-10.0, 10.0])}
    (found,) = add_chances(verdict, panel, [goal], drawn)["chance"]
    assert found == pytest.approx(chance, nan_ok=True)


def test_a_base_year_without_a_part_of_its_quantity_names_the_part():
    """Direct emissions are there; scope 2 is what lacks."""
    panel = pd.DataFrame({"area": "A", "year": [2015, 2020], "co2": 1.0, "co2_scope2": [None, 2.0]})
    goal = Goal("g", "A", "co2", "cut", "at_least", 2020, value=0.1, base_year=2015, scope=(1, 2))
    assert judge_goals(panel, [goal])["reason"].tolist() == ["no co2_scope2 in the base year 2015"]
    late = Goal("g", "A", "co2", "cut", "at_least", 2020, value=0.1, base_year=2010)
    assert judge_goals(panel, [late])["reason"].tolist() == ["no co2 in the base year 2010"]


@given(st.floats(1, 1e6), st.floats(-0.5, 0.5))
def test_exact_numbers_are_sure(base, cut):
    """Where nothing is uncertain the chance is 1 of what is met and 0 of what is missed."""
    panel = pd.DataFrame({"area": "A", "year": [2015, 2020], "co2": [base, base * (1 - cut)]})
    row = judge_goals(panel, [CUT]).iloc[0]
    drawn = {2015: np.full(3, base), 2020: np.full(3, base * (1 - cut))}
    assert find_chance(CUT, drawn, row) == (1.0 if row["status"] == "met" else 0.0)


def test_a_project_says_how_sure_its_verdicts_are(tmp_path):
    """The column stands where uncertainty is declared; verdicts are the same without it."""
    folder = make_judged(tmp_path / "甲", more="uncertainty = { draws = 1000 }\n")
    build_at(folder)
    sure = read_targets(folder)
    assert 0 <= sure["chance"].iloc[0] <= 1
    file = folder / "carbonacct.toml"
    file.write_text(
        file.read_text(encoding="utf-8").replace("uncertainty = { draws = 1000 }\n", ""),
        encoding="utf-8",
    )
    assert states_of(build_at(folder))["targets"] == "made"
    plain = read_targets(folder)
    pd.testing.assert_frame_equal(plain, sure.drop(columns="chance"))


def test_a_base_as_submitted_stays(tmp_path):
    """A base of a submission is its number, whatever the tables say now; a submission holds it again."""
    folder = make_judged(tmp_path / "甲")
    build_at(folder)
    freeze(open_at(folder), "2020", make_renderers())
    before = read_targets(folder)["reached"].iloc[0]
    write_table(folder, 2018, coal=200.0)
    build_at(folder)
    assert read_targets(folder)["reached"].iloc[0] > 0.3
    file = folder / "carbonacct.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(
        text.replace("{ year = 2018 }", '{ year = 2018, as = "submission:2020" }'), encoding="utf-8"
    )
    build_at(folder)
    assert read_targets(folder)["reached"].iloc[0] == pytest.approx(before, rel=1e-12)
    freeze(open_at(folder), "2020-r1", make_renderers())
    file.write_text(
        text.replace("{ year = 2018 }", '{ year = 2018, as = "submission:2021" }'), encoding="utf-8"
    )
    (output,) = [one for one in build_at(folder).outputs if one.name == "targets"]
    assert output.state == "failed"
    assert "there is no submission 2021" in output.message


def test_filled_years_are_provisional(tmp_path):
    """A verdict takes prints; what it would be on a filled year stands beside it."""
    more = 'splice = [{ years = "2020", technique = "surrogate", surrogate = "gdp", because = "late" }]\n'
    folder = make_judged(tmp_path / "甲", more=more)
    (folder / "tables" / "北京2020.csv").unlink()
    build_at(folder)
    row = read_targets(folder).iloc[0]
    assert (row["to"], row["status"]) == (2019, "behind")
    assert (row["provisional_to"], row["provisional_status"]) == (2020, "missed")


def test_scopes_and_land_are_added_where_the_target_says_so():
    """Scope 2 and land stand in columns of their own; one that lacks is no number."""
    panel = pd.DataFrame(
        {"area": "A", "year": [2020], "co2": [100.0], "co2_scope2": [20.0], "co2_land": [-5.0]}
    )
    held = {"quantity": "co2", "statistic": "level", "bound": "at_most", "value": 118, "due": 2020}
    cases = [
        ({}, 100),
        ({"scope": [1, 2]}, 120),
        ({"scope": "1 2", "boundary": "with_land"}, 115),
        ({"scope": 2}, 20),
    ]
    for more, reached in cases:
        assert judge_goals(panel, [read_goal({**held, **more})])["reached"].iloc[0] == reached
    lacking = judge_goals(panel.drop(columns="co2_scope2"), [read_goal({**held, "scope": [1, 2]})])
    assert lacking["reason"].iloc[0] == "no column co2_scope2 in the data"
    with pytest.raises(PanelError, match="scope is 3; write 1, 2"):
        read_goal({**held, "scope": 3})


def test_about_is_a_tolerance():
    """A share of about 20 % with half a point to spare is met at 19.6 and at 25, and missed at 19.4."""
    held = {
        "quantity": "share",
        "statistic": "level",
        "bound": "at_least",
        "value": 20,
        "due": 2025,
    }
    goal = read_goal({**held, "tolerance": 0.5})
    for share, status in ((19.6, "met"), (25.0, "met"), (19.4, "missed")):
        panel = pd.DataFrame({"area": "A", "year": [2025], "share": [share]})
        assert judge_goals(panel, [goal])["status"].iloc[0] == status


def test_the_assessment_sheet_shows_the_evidence(tmp_path):
    """Each number of a row stands with its year and file; what a row lacks is said."""
    folder = make_judged(tmp_path / "甲")
    file = folder / "carbonacct.toml"
    text = file.read_text(encoding="utf-8").replace(
        "[outputs]", '[outputs]\nassessment = "output/assessment.csv"', 1
    )
    more = (
        TARGET.format(base="{ year = 2018 }")
        .replace('"co2"', '"energy/gdp"')
        .replace('"cut"', '"e"', 1)
    )
    more = more.replace('statistic = "e"', 'statistic = "cut"') + 'prices = "constant 2018"\n'
    file.write_text(text + more, encoding="utf-8")
    build_at(folder)
    table = pd.read_csv(folder / "output" / "assessment.csv", keep_default_na=False)
    row, other = table.iloc[0], table.iloc[1]
    assert row["asked"] == "co2 cut >= 1 %"
    assert float(row["reached"]) == pytest.approx(1 - float(row["value"]) / float(row["base"]))
    assert row["evidence"].split("; ")[0] == f"co2 2018: {float(row['base'])!r} t [北京2018.csv]"
    assert row["evidence"].endswith("[北京2020.csv]")
    assert other["lacking"] == "no column energy in the data"
    assert other["evidence"].startswith("gdp 2018: 30000.0 亿元 [drivers.csv]")


def test_the_documents_of_2021_are_judged_and_compared():
    """All targets of the two documents are data; a city is held against those that are no amounts."""
    table = load_published("carbon-peak-2021", "targets")
    goals = read_goals(
        [{str(key): value for key, value in row.items()} for row in table.to_dict("records")]
    )
    assert len(goals) == len(table) == 41
    columns = {
        name for goal in goals for name in [*list_columns(goal), *goal.quantity.split("/")[1:]]
    }
    years = [2005, 2020, 2025, 2030, 2060]
    values = {name: [100.0, 80.0, 60.0, 40.0, 20.0] for name in columns - {"gdp"}}
    panel = pd.DataFrame(
        {"area": "全国", "year": years, **values, "gdp": [100.0, 200, 260, 330, 800]}
    )
    judged = judge_goals(panel, goals)
    assert not judged["status"].eq("").any()
    found = judged.set_index("id")
    # 2005-2030: 40/330 against 1 is a cut of 87.9 %; 2020-2025: 1 - (60/260)/(80/200) = 42.3 %
    assert found.loc["co2-intensity-2030", ["reached", "status"]].tolist() == [
        pytest.approx(1 - 40 / 330),
        "met",
    ]
    assert found.loc["co2-intensity-2025", "reached"] == pytest.approx(1 - (60 / 260) / 0.4)
    assert found.loc["refining-2025", "status"] == "missed"
    city = compare_goals(panel.assign(area="青岛"), goals).set_index("id")
    assert city.loc["co2-intensity-2025", "status"] == "met"
    assert (
        city.loc["forest-stock-2025", "reason"]
        == "an amount of 全国 is no target of 青岛; divide it"
    )
    amounts = {goal.id for goal in goals if not is_relative(goal)}
    assert set(city.index[city["reason"].str.startswith("an amount")]) == amounts
    assert {"hydro-2025", "refining-2025", "recycling-2030"} < amounts


def test_a_command_compares_a_city_with_the_nation(tmp_path, capsys):
    """The document's name is enough; without --compare a city has none of the nation's targets."""
    path = tmp_path / "city.csv"
    path.write_text("area,year,co2,gdp\n青岛,2020,100,100\n青岛,2023,100,120\n", encoding="utf-8")
    assert main(["target", str(path), "--targets", "carbon-peak-2021", "--compare"]) == 0
    rows = [
        line
        for line in capsys.readouterr().out.splitlines()
        if line.startswith("co2-intensity-2025")
    ]
    assert len(rows) == 1
    assert rows[0].split(",")[1] == "青岛"
    assert ",on_path," in rows[0]


def test_a_base_is_current_or_submitted(tmp_path):
    """Another word for the base is refused with what to write."""
    folder = make_judged(tmp_path / "甲", base='{ year = 2018, as = "then" }')
    (output,) = [one for one in build_at(folder).outputs if one.name == "targets"]
    assert "base.as is 'then'; write current or submission:NAME" in output.message


def test_an_area_of_a_project_stands_beside_published_targets(tmp_path):
    """All 38 targets of 2021 are judged by the drivers; a national amount is not judged for the city."""
    folder = make_project(tmp_path / "甲", years=(2020, 2022, 2025))
    (folder / "drivers.csv").write_text(
        "area,year,gdp (亿元),forest_cover (%),forest_stock (亿立方米)\n"
        "北京,2020,100,24.0,0.2\n北京,2022,110,24.2,0.2\n北京,2025,130,24.5,0.2\n",
        encoding="utf-8",
    )
    file = folder / "carbonacct.toml"
    text = file.read_text(encoding="utf-8").replace(
        "[outputs]\n",
        'compare_targets = "carbon-peak-2021"\n[outputs]\ncompared_targets = "output/compared.csv"\n',
    )
    file.write_text(text, encoding="utf-8")
    build_at(folder)
    found = pd.read_csv(folder / "output" / "compared.csv").set_index("id")
    assert len(found) == len(load_published("carbon-peak-2021", "targets")) == 41
    assert found.loc["forest-cover-2025", ["reached", "status"]].tolist() == [24.5, "met"]
    assert (
        found.loc["forest-stock-2025", "reason"]
        == "an amount of 全国 is no target of 北京; divide it"
    )
    co2 = pd.read_csv(folder / "output" / "panel.csv").set_index("year")["co2 (t)"]
    cut = 1 - co2[2025] / 130 / (co2[2020] / 100)
    assert found.loc["co2-intensity-2025", "reached"] == pytest.approx(cut)
    assert found.loc["co2-intensity-2025", "status"] == ("met" if cut >= 0.18 else "missed")
    file.write_text(text.replace("carbon-peak-2021", "pilots-2013"), encoding="utf-8")
    (output,) = [one for one in build_at(folder).outputs if one.name == "compared_targets"]
    assert (output.state, "does not say quantity" in output.message) == ("failed", True)
