"""Fugitive emissions of coal, oil and gas: worked numbers, kinds of mines, years of factors."""

from __future__ import annotations

from dataclasses import replace

import pytest

from carbonacct.equations import arrange, choose_factors, evaluate, load_sector
from carbonacct.equations.factor_values import load_factors
from tests.equations.building import entries_of, row, rows_of, rules_of

GUIDELINE = load_sector("provincial-2011/fugitives")
IPCC = load_sector("ipcc-2006/fugitives")


def worked_out(sector, *rows, year=2010, allow_unverified=False):
    """Return a sector worked out for one area and year."""
    data = arrange(sector, rows_of(*rows, area="山西", year=year))
    return evaluate(sector, choose_factors(sector, data, allow_unverified=allow_unverified))


COAL = [
    row("underground_coal", 200, unit="万吨", mine="国有重点煤矿"),
    row("underground_coal", 100, unit="万吨", mine="地方国有煤矿"),
    row("underground_coal", 50, unit="万吨", mine="乡镇煤矿"),
    row("surface_coal", 100, unit="万吨"),
]


def test_coal_by_the_guideline():
    """Mining by kind of mine, what the coal gives off later by gas in the seam, surface apart."""
    found = worked_out(
        GUIDELINE,
        *COAL,
        row("underground_coal_by_gas", 100, unit="万吨", seam_gas="高瓦斯矿"),
        row("underground_coal_by_gas", 250, unit="万吨", seam_gas="低瓦斯矿"),
    )
    set_free = (2e6 * 8.37 + 1e6 * 8.35 + 5e5 * 6.93) * 0.67 / 1000
    assert found.values("underground_mining")[0, 0] == pytest.approx(set_free)
    assert found.values("post_mining")[0, 0] == pytest.approx((1e6 * 3 + 2.5e6 * 0.9) * 0.67e-3)
    assert found.values("surface_mining")[0, 0] == pytest.approx(1e6 * 2 * 0.67e-3)
    assert found.values("surface_post_mining")[0, 0] == pytest.approx(1e6 * 0.5 * 0.67e-3)
    assert "equation-check" not in rules_of(found)


def test_gas_that_is_drained_and_used():
    """What is used is taken off; more than mining sets free is refused, in pure methane."""
    found = worked_out(GUIDELINE, *COAL, row("mine_gas_used", 0.1, unit="亿立方米"))
    set_free = 2e6 * 8.37 + 1e6 * 8.35 + 5e5 * 6.93
    assert found.values("underground_mining")[0, 0] == pytest.approx((set_free - 1e7) * 0.67e-3)
    found = worked_out(GUIDELINE, *COAL, row("mine_gas_used", 1, unit="亿立方米"))
    assert found.notation("underground_mining")[0, 0] == "NE"
    assert "mine_gas_used <= set_free does not hold" in "\n".join(map(str, found.findings))


def test_two_splits_of_one_output():
    """Output by mines and by gas in the seam is the same coal: a difference is found."""
    found = worked_out(
        GUIDELINE, *COAL, row("underground_coal_by_gas", 100, unit="万吨", seam_gas="high")
    )
    assert "equation-check" in rules_of(found)
    assert found.notation("post_mining")[0, 0] == ""


def test_oil_and_gas_by_the_guideline():
    """Facilities by what they are; factors that nobody could check only with leave."""
    rows = [
        row("gas_field_equipment", 10, gas_facility="常规集气系统"),
        row("gas_field_equipment", 100, gas_facility="井口装置"),
        row("oil_field_equipment", 1000, oil_facility="井口装置"),
        row("gas_consumed", 3, unit="亿立方米"),
        row("oil_refined", 1000, unit="万吨"),
    ]
    found = worked_out(GUIDELINE, *rows)
    assert found.values("gas_production").sum() == pytest.approx(10 * 27.9 + 100 * 2.5)
    assert found.values("oil_production").sum() == pytest.approx(230)
    assert found.notation("gas_consumption")[0, 0] == "NE"
    found = worked_out(GUIDELINE, *rows, allow_unverified=True)
    assert found.values("gas_consumption")[0, 0] == pytest.approx(399)
    assert found.values("oil_refining")[0, 0] == pytest.approx(500)
    assert rules_of(found).count("unverified-factor") == 2


@pytest.mark.parametrize(
    ("mine", "mining", "later"),
    [
        ("国有重点煤矿", 18, 2.5),
        ("井工煤矿", 18, 2.5),
        ("井工煤矿(开采深度小于200m)", 10, 0.9),
        ("deep", 25, 4.0),
    ],
)
def test_coal_by_ipcc(mine, mining, later):
    """IPCC 2006 Vol. 2, eq. 4.1.3 and 4.1.4: by depth, the average where it is not known."""
    found = worked_out(IPCC, row("underground_coal", 1e6, mine=mine))
    assert found.values("underground_mining")[0, 0] == pytest.approx(1e6 * mining * 0.67e-3)
    assert found.values("post_mining")[0, 0] == pytest.approx(1e6 * later * 0.67e-3)


AVERAGES = {
    "underground_factor": (18, 10, 25),
    "post_mining_factor": (2.5, 0.9, 4.0),
    "surface_factor": (1.2, 0.3, 2.0),
    "surface_post_mining_factor": (0.1, 0, 0.2),
}


@pytest.mark.parametrize("name", AVERAGES)
def test_averages_of_coal_mines(name):
    """IPCC 2006 Vol. 2, eq. 4.1.3, 4.1.4, 4.1.7, 4.1.8: averages in m3/t, each between low and high."""
    first = load_factors(IPCC, IPCC.parameters[name])[0].rows[name][0]
    assert (first.value, first.lower, first.upper) == AVERAGES[name]


def test_abandoned_mines_by_the_year_of_the_inventory():
    """IPCC 2006 Vol. 2, Table 4.1.6: what a closed mine gives off falls from year to year."""
    rows = [
        row("closed_mines", 100, closed="1976-2000"),
        row("flooded_mines", 20, closed="1976-2000"),
        row("gassy_share", 0.5, closed="1976-2000"),
    ]
    table = load_factors(IPCC, IPCC.parameters["abandoned_factor"])[0].rows["abandoned_factor"]
    by_year = {
        one.first_year: one.value for one in table if dict(one.labels)["closed"] == "1976_2000"
    }
    for year in (2000, 2010):
        found = worked_out(IPCC, *rows, year=year).values("abandoned_mining")[0, 0]
        assert found == pytest.approx(80 * 0.5 * by_year[year] * 1e6 * 0.67e-3)
    assert by_year[2000] > by_year[2010]
    found = worked_out(IPCC, *rows, year=2030)
    assert found.notation("abandoned_mining")[0, 0] == "NE"


def test_oil_and_gas_by_ipcc():
    """IPCC 2006 Vol. 2, Table 4.2.5: the middle of printed ranges, by gas and segment."""
    found = worked_out(
        IPCC,
        row("gas_output", 10, unit="亿立方米"),
        row("gas_distributed", 1, unit="亿立方米"),
        row("oil_output", 1e5, oil_field="海上常规原油"),
        row("oil_output", 1e5, oil_field="稠油"),
        row("gas_processed_by_plant", 1, unit="亿立方米", gas_plant="低硫天然气处理厂"),
    )
    leaks = entries_of(found, "gas_production")
    assert leaks["CH4"] == pytest.approx(1000 * (0.00038 + 0.024) / 2 * 1000)
    assert leaks["CO2"] == pytest.approx(1000 * (0.000014 + 0.00018) / 2 * 1000)
    methane = entries_of(found, "gas_distribution")["CH4"]
    assert methane == pytest.approx(100 * (0.0011 + 0.0025) / 2 * 1000)
    assert found.values("gas_processing_venting").sum() == 0  # sweet gas holds no raw CO2
    offshore = entries_of(found, "oil_production_venting")["offshore,CH4"]
    assert offshore == pytest.approx(100 * (0.00072 + 0.00099) / 2 * 1000)


def test_a_range_without_a_value():
    """The middle counts and is said; a value of one's own serves; without leave there is none."""
    rows = [row("oil_refined_volume", 1e6)]
    found = worked_out(IPCC, *rows)
    assert found.values("oil_refining")[0, 0] == pytest.approx(1000 * (0.0026 + 0.041) / 2)
    (finding,) = [one for one in found.findings if one.rule == "middle-of-range"]
    assert "oil_refining: the document prints 2.6e-06 to 4.1e-05 Gg CH4/(1e3 m3)" in str(finding)
    found = worked_out(IPCC, *rows, row("refining_leaks", 1e-5))
    assert found.values("oil_refining")[0, 0] == pytest.approx(10)
    assert "middle-of-range" not in rules_of(found)
    about = replace(IPCC.parameters["refining_leaks"], middle=False)
    strict = replace(IPCC, parameters=IPCC.parameters | {"refining_leaks": about})
    found = worked_out(strict, *rows)
    assert found.notation("oil_refining")[0, 0] == "NE"
    assert "refining_leaks.csv:2, which prints a range alone" in "\n".join(map(str, found.findings))


def test_a_range_that_nobody_could_check():
    """An entry waits for the check first: that its row is a range as well is no news."""
    found = worked_out(IPCC, row("oil_wells", 10, well_work="servicing"))
    assert entries_of(found, "oil_wells_work")["CH4"] == pytest.approx(10 * 0.000955 * 1000)
    assert found.notation("oil_wells_work")[0, 0].tolist() == ["", "NE"]
    assert "well_factor.csv:5, which could not be checked" in "\n".join(map(str, found.findings))
    found = worked_out(IPCC, row("oil_wells", 10, well_work="servicing"), allow_unverified=True)
    assert rules_of(found).count("unverified-factor") == 1
    assert rules_of(found).count("middle-of-range") == 1
