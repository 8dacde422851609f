"""Waste by IPCC 2006: printed numbers, decay that keeps its carbon, and what it comes to."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carbonacct.equations import arrange, choose_factors, evaluate, load_sector
from tests.equations.building import entries_of, row, rows_of, rules_of

SECTOR = load_sector("ipcc-2006/waste")
PLACE = {"climate_zones": {"重庆": "temperate_wet"}}
MIX = [
    row("waste_share", 0.591, waste="食品垃圾"),
    row("waste_share", 0.085, waste="纸张和纸板"),
    row("waste_share", 0.13, waste="塑料"),
    row("waste_share", 0.041, waste="纺织品"),
    row("waste_share", 0.016, waste="木材"),
    row("waste_share", 0.041, waste="玻璃"),
    row("waste_share", 0.011, waste="金属"),
    row("waste_share", 0.085, waste="inert"),
]
# Carbon of fossil origin in a tonne of it, from Table 2.4.
FOSSIL = 0.085 * 0.9 * 0.46 * 0.01 + 0.13 * 0.75 + 0.041 * 0.8 * 0.5 * 0.2 + 0.085 * 0.9 * 0.03


def worked_out(*rows, sector=SECTOR, place=PLACE):
    """Return a sector worked out for one area, 2020 where a row names no year."""
    data = arrange(sector, rows_of(*({"year": 2020, **one} for one in rows), area="重庆"))
    return evaluate(sector, choose_factors(sector, data, partitions=place))


def test_incineration_by_composition():
    """IPCC 2006 Vol. 5, eq. 5.2: the fossil carbon of a Chinese mix."""
    found = worked_out(row("msw_incinerated", 100, unit="万吨"), *MIX)
    assert found.values("incineration_municipal")[0, 0] == pytest.approx(1e6 * FOSSIL * 44 / 12)


def test_incinerators():
    """IPCC 2006 Vol. 5, Tables 5.3 and 5.6: stokers that run all day, and some that do not."""
    rows = [
        row("msw_incinerated", 1e6),
        row("incinerator_share", 0.8, incinerator="炉排炉"),
        row("incinerator_share", 0.2, incinerator="batch_stoker"),
    ]
    found = worked_out(*rows)
    assert found.values("incineration_methane")[0, 0] == pytest.approx(0.8 * 0.2 + 0.2 * 60)
    assert found.values("incineration_nitrous_oxide")[0, 0] == pytest.approx(0.8 * 50 + 0.2 * 60)
    found = worked_out(*rows[:2])
    assert "shares" in rules_of(found)
    assert found.notation("incineration_methane")[0, 0] == "NE"


def test_other_waste():
    """Clinical waste has 65 % of dry matter; of industrial waste nobody prints it."""
    found = worked_out(
        row("waste_incinerated", 1000, burnt_waste="医疗废物"),
        row("waste_incinerated", 1000, burnt_waste="工业废弃物"),
    )
    by_kind = entries_of(found, "incineration_other")
    assert by_kind["clinical"] == pytest.approx(1000 * 0.65 * 0.6 * 0.4 * 44 / 12)
    assert np.isnan(by_kind["industrial"])
    assert "other_dry has no row for industrial" in "\n".join(map(str, found.findings))


def test_open_burning():
    """IPCC 2006 Vol. 5, eq. 5.7: waste of those who burn it, 60 % of it, 58 % oxidised."""
    rows = [row("open_burning_population", 1e5), row("waste_per_person", 0.5)]
    found = worked_out(*rows, *MIX)
    burnt = 1e5 * 0.5 * 0.6 * 365 / 1000
    assert found.values("open_burnt")[0, 0] == pytest.approx(burnt)
    assert found.values("open_burning")[0, 0] == pytest.approx(burnt * FOSSIL * 0.58 * 44 / 12)
    assert found.values("open_burning_methane")[0, 0] == pytest.approx(burnt * 0.0065)
    assert "estimated-from" in rules_of(found)


def test_biological_treatment():
    """IPCC 2006 Vol. 5, Table 4.1 as corrected: 4 and 0.24 g a kg of wet compost."""
    found = worked_out(
        row("waste_treated", 1e5, biological_treatment="堆肥"),
        row("waste_treated", 1e5, biological_treatment="厌氧消化"),
    )
    assert found.values("biological_methane")[0, 0] == pytest.approx(400 + 80)
    assert found.values("biological_nitrous_oxide").sum() == pytest.approx(24)


def test_domestic_wastewater():
    """IPCC 2006 Vol. 5, eq. 6.1 to 6.3: 40 g a day, 1.25 of it in sewers."""
    found = worked_out(
        row("population", 100, unit="1e4 person"),
        row("sewage_share", 0.3, sewage_path="化粪池"),
        row("sewage_share", 0.2, sewage_path="aerobic_overloaded"),
        row("sewage_share", 0.5, sewage_path="污水处理厂"),
    )
    organic = 1e6 * 40 * 365 / 1e6
    wanted = organic * 0.6 * (0.3 * 0.5 + 0.2 * 1.25 * 0.3)
    assert found.values("domestic_wastewater")[0, 0] == pytest.approx(wanted)


def test_industrial_wastewater():
    """IPCC 2006 Vol. 5, eq. 6.4 and Table 6.8: what an anaerobic reactor makes, less recovered."""
    path = {"wastewater_industry": "造纸和纸制品业", "sewage_path": "厌氧反应器"}
    found = worked_out(
        row("industrial_cod", 1e4, **path),
        row("industrial_recovered", 500, wastewater_industry="造纸和纸制品业"),
    )
    wanted = 1e4 * 0.25 * 0.8 - 500
    assert found.values("industrial_wastewater_methane").sum() == pytest.approx(wanted)


def test_nitrogen_of_plants_is_not_counted_again():
    """IPCC 2006 Vol. 5, eq. 6.7 to 6.9: what plants give off is taken off the effluent."""
    rows = [row("population", 1e7), row("protein", 30), row("plant_share", 1)]
    found = worked_out(*rows)
    plants = 1e7 * 1.25 * 3.2 / 1e6
    assert found.values("wastewater_plants_n2o")[0, 0] == pytest.approx(plants)
    eaten = 1e7 * 30 * 0.16 * 1.1 * 1.25 / 1000
    effluent = (eaten - plants * 28 / 44) * 0.005 * 44 / 28
    assert found.values("wastewater_n2o")[0, 0] == pytest.approx(effluent)


def landfill(deposits, *, waste="食品垃圾", start=1950, place=PLACE, first_year=0.0):
    """Return a landfill by decay with these deposits, one a year."""
    rows = [
        row("deposited", value, waste=waste, year=start + n) for n, value in enumerate(deposits)
    ]
    rows += [row("site_share", 1, site="managed", year=0), row("first_year", first_year, year=0)]
    return worked_out(*rows, place=place)


@settings(max_examples=15)
@given(st.lists(st.floats(0, 1e6), min_size=25, max_size=25), st.floats(0, 1))
def test_decay_keeps_its_carbon(deposits, first_year):
    """What was buried has decomposed or lies there still, whenever decay begins."""
    lines = landfill(deposits, first_year=first_year).find("landfill_decay").lines
    decomposed = np.nansum(lines["decomposed"].values)
    stock = np.nansum(lines["stock"].values.reshape(25, -1)[-1])
    assert decomposed + stock == pytest.approx(sum(deposits) * 0.15 * 0.5, abs=1e-6)


def test_decay_begins_with_the_next_year_by_default():
    """IPCC 2006 Vol. 5, 3.2.3: after six months on average, in January; or when it is said."""
    decay = landfill([1e5, 0]).values("landfill_decay")[0]
    assert decay[0] == 0
    sooner = landfill([1e5, 0], first_year=0.5).values("landfill_decay")[0]
    assert sooner[0] == pytest.approx(5000 * 0.9 * (1 - np.exp(-0.185 / 2)))
    assert sooner[1] < decay[1]


@settings(max_examples=10)
@given(st.floats(1, 1e6), st.floats(1, 1e6))
def test_cohorts_add_up(one, other):
    """Two deposits together give what each gives alone."""
    first = landfill([one, 0, 0, 0, 0]).values("landfill_decay")
    second = landfill([0, other, 0, 0, 0]).values("landfill_decay")
    both = landfill([one, other, 0, 0, 0]).values("landfill_decay")
    assert np.nan_to_num(both) == pytest.approx(np.nan_to_num(first) + np.nan_to_num(second))


@pytest.mark.parametrize(
    ("waste", "zone"),
    [("食品垃圾", "temperate_wet"), ("食品垃圾", "tropical_wet"), ("庭院", "tropical_wet")],
)
def test_decay_comes_to_the_mass_balance(waste, zone):
    """The same deposit every year gives in the end what the mass balance gives at once."""
    decay = landfill([1e5] * 160, waste=waste, start=1860, place={"climate_zones": {"重庆": zone}})
    guideline = load_sector("provincial-2011/waste")
    balance = worked_out(
        row("msw_landfilled", 1e5),
        row("site_share", 1, site="managed"),
        row("waste_share", 1, waste=waste),
        sector=guideline,
        place=None,
    )
    wanted = balance.values("landfill")[0, 0]
    assert decay.values("landfill_decay")[0, -1] == pytest.approx(wanted, rel=1e-6)


def test_waste_that_holds_no_carbon_needs_no_row_of_ones_own():
    """Plastics, metal, glass and inert waste stand in a composition and give no methane."""
    guideline = load_sector("provincial-2011/waste")
    rows = [row("msw_landfilled", 1e5), row("site_share", 1, site="managed")]
    full = worked_out(*rows, *MIX, sector=guideline, place=None)
    some = worked_out(*rows, *MIX[:2], *MIX[3:5], sector=guideline, place=None)
    assert full.values("landfill")[0, 0] == pytest.approx(some.values("landfill")[0, 0])
