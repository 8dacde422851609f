"""Land by IPCC 2006: a matrix that closes, carbon that is counted once, wood that decays."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carbonacct.equations import arrange, choose_factors, evaluate, load_sector
from tests.equations.building import row, rows_of, rules_of

SECTOR = load_sector("ipcc-2006/land")
USES = ("forest", "cropland", "grassland", "wetlands", "settlements", "other")
PLACE = {
    "climates": {"重庆": "warm_temperate_moist"},
    "ecological_zones": {"重庆": "subtropical_humid_forest"},
    "root_classes": {"重庆": "subtropical_humid_above_125"},
    "volume_classes": {"重庆": "subtropical_conifers_41_80"},
}
BIOMASS = {"forest": 220 * 1.24 * 0.47, "grassland": 13.5 * 0.47, "cropland": 5.0}
GROWN = {"grassland": 13.5 * 0.47, "cropland": 5.0}


def worked_out(*rows, allow_unverified=False, place=PLACE):
    """Return the sector worked out for one area, 2020 where a row names no year."""
    data = arrange(SECTOR, rows_of(*({"year": 2020, **one} for one in rows), area="重庆"))
    chosen = choose_factors(SECTOR, data, partitions=place, allow_unverified=allow_unverified)
    return evaluate(SECTOR, chosen)


def matrix_rows(matrix) -> list[dict[str, object]]:
    """Return the rows of a matrix of areas, with what the uses have before and after."""
    rows = [
        row("land_change", area, land_from=before, land_to=after)
        for before, line in zip(USES, matrix, strict=True)
        for after, area in zip(USES, line, strict=True)
    ]
    rows += [
        row("land_before", float(sum(line)), land_from=use)
        for use, line in zip(USES, matrix, strict=True)
    ]
    rows += [
        row("land_after", float(sum(line)), land_to=use)
        for use, line in zip(USES, np.transpose(matrix).tolist(), strict=True)
    ]
    return rows


def carbon_lost(found) -> dict[str, float]:
    """Return tonnes of carbon that conversion to each use sets free."""
    return {use: float(found.values(f"to_{use}")[0, 0]) * 12 / 44 for use in USES}


def a_matrix(**areas: float) -> list[list[float]]:
    """Return a matrix of some conversions, such as ``forest_cropland=100``."""
    return [[areas.get(f"{before}_{after}", 0.0) for after in USES] for before in USES]


def test_forest_that_becomes_fields():
    """IPCC 2006 Vol. 4, eq. 2.16: 220 t dm with roots, less what grows in the first year."""
    found = worked_out(*matrix_rows(a_matrix(forest_forest=900, forest_cropland=100)))
    lost = carbon_lost(found)
    assert lost["cropland"] == pytest.approx(100 * (BIOMASS["forest"] - 5))
    assert lost["forest"] == 0  # what stays forest is not converted


def test_soils_lose_over_twenty_years():
    """IPCC 2006 Vol. 4, eq. 2.25: 88 t C/ha of clay, 0.69 of it left under the plough."""
    rows = matrix_rows(a_matrix(grassland_grassland=1000, grassland_cropland=10))
    rows.append(row("land_in_transition", 200, land_from="草地", land_to="耕地"))
    rows.append(row("soil_share", 1, soil="high_activity"))
    lost = carbon_lost(worked_out(*rows))
    biomass = 10 * (BIOMASS["grassland"] - 5)
    assert lost["cropland"] == pytest.approx(biomass + 200 * 88 * (1 - 0.69) / 20)


def test_a_matrix_that_does_not_close():
    """Land that appears from nowhere or is lost gives no number, and a finding says where."""
    rows = matrix_rows(a_matrix(forest_forest=900, forest_cropland=100))
    rows = [one for one in rows if one["symbol"] != "land_before" or one["land_from"] != "forest"]
    found = worked_out(*rows, row("land_before", 1200, land_from="forest"))
    assert {found.notation(f"to_{use}")[0, 0] for use in USES} == {"NE"}
    assert "sum(land_change, land_to) == land_before does not hold" in "\n".join(
        map(str, found.findings)
    )


areas = st.lists(st.lists(st.floats(0, 1e4), min_size=6, max_size=6), min_size=6, max_size=6)


@settings(max_examples=20)
@given(areas)
def test_the_matrix_closes_and_carbon_is_counted_once(matrix):
    """Uses lose together what all land has before, less what grows on all converted land."""
    found = worked_out(*matrix_rows(matrix))
    assert "equation-check" not in rules_of(found)
    lost = sum(carbon_lost(found).values())
    wanted = sum(
        matrix[one][other] * (BIOMASS.get(USES[one], 0) - GROWN.get(USES[other], 0))
        for one in range(6)
        for other in range(6)
        if one != other
    )
    assert lost == pytest.approx(wanted, abs=1e-6)


def test_forest_by_gain_and_loss():
    """IPCC 2006 Vol. 4, Tables 4.4, 4.5 and 4.12: growth of a natural and of a planted hectare."""
    rows = [row("forest_area", 1000, forest="天然林"), row("forest_area", 100, forest="人工林")]
    found = worked_out(*rows, row("wood_removed", 500))
    carbon = (1000 * 5 + 100 * 10 - 500 * 0.67) * 1.24 * 0.47
    assert found.values("forest_remaining")[0, 0] == pytest.approx(-carbon * 44 / 12)


def test_two_surveys_and_their_years_between():
    """The change of stock lies in the years after a survey up to the next, nowhere else."""
    volumes = {2015: 1e6, 2020: 1.5e6}
    rows = [row("forest_volume", value, year=year) for year, value in volumes.items()]
    rows += [row("forest_volume", None, notation="NE", year=year) for year in (2018, 2021)]
    found = worked_out(*rows)
    assert found.notation("forest_stock_change")[0].tolist() == ["NE", "", "", "NE"]
    yearly = -1e5 * 0.6 * 1.24 * 0.47 * 44 / 12
    assert found.values("forest_stock_change")[0, 1:3].tolist() == pytest.approx([yearly, yearly])


def test_gain_and_loss_and_surveys_are_one_forest():
    """Both methods in one series count the same trees: one has no number."""
    rows = [row("forest_volume", 1e6, year=2015), row("forest_volume", 2e6, year=2016)]
    rows.append(row("forest_area", 1000, forest="natural", year=2016))
    found = worked_out(*rows)
    assert "counted-twice" in rules_of(found)


def test_zones_that_nobody_says():
    """Without its zones an area has no stocks, and the finding says what the table has."""
    found = worked_out(*matrix_rows(a_matrix(forest_cropland=100)), place=None)
    assert found.notation("to_cropland")[0, 0] == "NE"
    assert "forest_stock has no row for forest, 重庆" in "\n".join(map(str, found.findings))


def test_fires_peat_and_perennial_crops():
    """Single sources, worked by hand from Tables 2.5, 5.1, 7.4 and 7.5."""
    found = worked_out(
        row("forest_burnt", 100, fire="热带以外森林"),
        row("forest_fuel", 20, fire="热带以外森林"),
        row("peat_area", 10, peat="富营养泥炭"),
        row("peat_output", 100, peat="富营养泥炭"),
        row("perennial_area", 1000),
        row("perennial_cleared", 10),
    )
    assert found.values("forest_fires").ravel().tolist() == pytest.approx([9.4, 0.52])
    assert found.values("peat_extraction").sum() == pytest.approx((11 + 40) * 44 / 12)
    wanted = (10 * 63 - 1000 * 2.1) * 44 / 12
    assert found.values("cropland_remaining")[0, 0] == pytest.approx(wanted)


@settings(max_examples=20)
@given(st.lists(st.floats(0, 1e4), min_size=30, max_size=30))
def test_wood_products_keep_their_carbon(inflow):
    """What goes into use is in use or given off: stock plus what has left is what came."""
    rows = [
        row("wood_inflow", value, wood_product="paper", year=1990 + place)
        for place, value in enumerate(inflow)
    ]
    found = worked_out(*rows)
    net = found.values("wood_products")[0] * 12 / 44
    stock = found.find("wood_products").lines["in_use"].values.reshape(-1)
    assert -net.cumsum() == pytest.approx(stock, abs=1e-6)
    given_off = np.array(inflow) + net
    assert (given_off >= -1e-6).all()
    assert sum(inflow) == pytest.approx(given_off.sum() + stock[-1], abs=1e-6)


def test_wood_products_in_the_steady_state():
    """A constant inflow fills the stock to inflow over rate; then nothing is taken up."""
    rows = [row("wood_inflow", 100, wood_product="paper", year=1950 + n) for n in range(70)]
    found = worked_out(*rows)
    stock = found.find("wood_products").lines["in_use"].values.reshape(-1)
    assert stock[-1] == pytest.approx(100 / 0.347)
    assert found.values("wood_products")[0, -1] == pytest.approx(0, abs=1e-6)
    assert stock[0] == pytest.approx(100 * (1 - math.exp(-0.347)) / 0.347)
