"""Completeness and key categories over all sectors."""

from __future__ import annotations

import pytest

import carbonacct as ca
from carbonacct.categories import categories
from carbonacct.cli import main
from carbonacct.sectors.coverage import find_coverage
from carbonacct.uncertainty import find_key_categories
from carbonacct.uncertainty.record_categories import tabulate_entries
from tests.sectors.sources.building import compiled

BALANCE, ACTIVITIES = "docs/tables/chongqing_2007.csv", "docs/tables/chongqing_2007_activities.csv"


@pytest.fixture(scope="module")
def whole():
    """Return an inventory of five sectors without unverified factors."""
    return ca.compile_sectors(BALANCE, ACTIVITIES, method="provincial-2011")


@pytest.fixture(scope="module")
def covered(whole):
    """Return its completeness by category and gas."""
    cube = ca.compile_inventory(BALANCE, method="provincial-2011")
    return find_coverage(whole, [cube]).set_index(["category", "gas"])


def test_each_category_that_may_emit_a_gas_has_a_row(whole, covered):
    """No category is there twice, none is left out, and each has a number or a key."""
    gases = set(whole.entries["gas"])
    expected = {
        (code, gas) for code, one in categories().items() for gas in one.gases if gas in gases
    }
    assert set(covered.index) == expected
    assert covered.index.is_unique
    assert (covered["value"].notna() | (covered["key"] != "")).all()
    assert (covered["complete"] == (covered["value"].notna() & (covered["key"] == ""))).all()


def test_what_is_there_what_lacks_and_what_is_one_number(covered):
    """A number, an unverified factor, no activity, and a part of the category above."""
    assert covered.loc[("2.A.1", "CO2"), "complete"]
    assert covered.loc[("2.C.1", "CO2"), ["key", "reason_en"]].to_list() == [
        "NE",
        "a factor or a number lacks; see the findings",
    ]
    assert covered.loc[("3.B", "CO2"), ["key", "reason_en"]].to_list() == [
        "NE",
        "no activity is given, or the method has no equation",
    ]
    assert covered.loc[("4.A.1", "CH4"), ["key", "included_in"]].to_list() == ["IE", "4.A"]
    assert covered.loc[("4.A", "CH4"), "complete"]


def test_a_year_without_a_balance_says_so(whole):
    """Fuels of a year of activities alone lack a balance; leaks of mines, which are activities, lack an activity."""
    alone = find_coverage(whole.select(sector=["processes"]), []).set_index(["category", "gas"])[
        "reason_en"
    ]
    assert alone["1.A.2", "CO2"] == "no energy balance of the year is given"
    assert alone["1.B.1", "CO2"] == "no activity is given, or the method has no equation"


def test_a_selection_of_one_gas_has_rows_of_that_gas_alone(whole):
    """What the energy inventory has of other gases is no part of it."""
    cube = ca.compile_inventory(BALANCE, method="provincial-2011", gases=["all"])
    assert set(find_coverage(whole.select(gas="CO2"), [cube])["gas"]) == {"CO2"}


def test_a_category_is_the_sum_of_those_below_it(whole, covered):
    """The sectors' rows are what the record adds up of what has a number."""
    sums = whole.by("category", level=1, known_only=True).set_index(["category", "gas"])["value"]
    for (code, gas), value in sums.items():
        assert covered.loc[(code, gas), "value"] == pytest.approx(value)


def test_the_completeness_of_a_selection_is_of_it_alone(whole, covered):
    """The record knows its energy; one gas, or one sector, of it asks for no other."""
    assert find_coverage(whole).set_index(["category", "gas"]).equals(covered)
    carbon = find_coverage(whole.select(gas="CO2")).set_index(["category", "gas"])
    assert carbon["value"].equals(covered["value"][covered.index.get_level_values("gas") == "CO2"])
    processes = find_coverage(whole.select(sector="processes")).set_index(["category", "gas"])
    assert processes.loc[("1.A.1", "CO2"), "key"] == "NE"


def test_a_key_of_the_compiler_stays(tmp_path):
    """Clinker that does not occur is NO in its category, and no reason for NE above it alone."""
    table = find_coverage(
        compiled(tmp_path, ("水泥熟料产量", "", "NO", ""), ("电石产量", "", 1, "t"))
    )
    keys = table.set_index(["category", "gas"])["key"]
    assert keys["2.A.1", "CO2"] == "NO"
    assert keys["2.B.5", "CO2"] == ""


def test_fluorinated_gases_have_their_categories(tmp_path):
    """HFC-134a stands where HFCs may be emitted, and nowhere else."""
    table = find_coverage(compiled(tmp_path, ("氢氟烃产量", "HFC-134a", 10, "t")))
    held = table[table["gas"] == "HFC134a"].set_index("category")["value"]
    assert held["2.B.9.b"] == pytest.approx(0.05)
    assert "4.A" not in held.index


def test_key_categories_of_all_sectors(whole):
    """Levels are parts of all absolute amounts; removals count by their size, in their own category."""
    table = tabulate_entries(whole, gwp="AR5GWP100", area="重庆", latest=2007)
    assert table["latest"].sum() == pytest.approx(
        whole.total(gwp="AR5GWP100", known_only=True)["value"].item()
    )
    assert {"1.A.2 solid", "2.A.1", "3.A.2", "4.A"} <= set(table["category"])
    found = find_key_categories(table)
    assert found["level"].sum() == pytest.approx(1)
    assert found.set_index("category").loc["2.A.1", "criteria"] == "L1"


def test_land_is_a_category_by_its_size(tmp_path):
    """A removal larger than an emission ranks above it."""
    rows = [("电石产量", "", 100, "t"), ("stand_change", "竹林", 100, "公顷")]
    table = tabulate_entries(compiled(tmp_path, *rows), gwp="AR5GWP100", area="重庆", latest=2020)
    found = find_key_categories(table)
    assert found["category"].to_list() == ["3.B.1.a", "2.B.5"]
    assert found["latest"].iloc[0] < 0


def test_the_commands(capsys):
    """Completeness and key-categories take activity tables beside balances."""
    files = [BALANCE, ACTIVITIES, "--method", "provincial-2011", "--lang", "en"]
    assert main(["completeness", *files]) == 0
    out = capsys.readouterr().out
    assert "重庆,2007,2.A.1,水泥生产,Cement Production,CO2,11298000.0,t,,True," in out
    assert main(["key-categories", *files, "--gwp", "AR5GWP100"]) == 0
    assert "2.A.1            CO2           11.2980 Mt" in capsys.readouterr().out
    assert main(["key-categories", *files]) == 2
    assert "name the metric, --gwp AR5GWP100" in capsys.readouterr().err
