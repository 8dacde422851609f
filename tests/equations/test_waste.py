"""Waste by the provincial guideline: worked numbers, regions, and what the print leaves open."""

from __future__ import annotations

import numpy as np
import pytest

from carbonacct.equations import arrange, choose_factors, evaluate, load_sector
from carbonacct.equations.factor_values import load_factors
from carbonacct.vocabulary import areas
from tests.equations.building import row, rows_of, rules_of

SECTOR = load_sector("provincial-2011/waste")
LANDFILL = [
    row("msw_landfilled", 60, unit="万吨"),
    row("site_share", 1, site="管理型填埋场"),
    row("waste_share", 0.591, waste="食品垃圾"),
    row("waste_share", 0.085, waste="纸张和纸板"),
    row("waste_share", 0.041, waste="纺织品"),
    row("waste_share", 0.016, waste="木材"),
]


def worked_out(*rows, area="重庆", allow_unverified=True):
    """Return the sector worked out for one area and year."""
    data = arrange(SECTOR, rows_of(*rows, area=area, year=2020))
    return evaluate(SECTOR, choose_factors(SECTOR, data, allow_unverified=allow_unverified))


def test_landfill():
    """Generated less recovered, less what the cover oxidises: 2.05866 of 60, in 10^4 t."""
    found = worked_out(*LANDFILL, row("landfill_recovered", 0.5, unit="万吨"))
    assert found.values("landfill")[0, 0] == pytest.approx(20586.6)
    organic = found.find("landfill").lines["organic"].values.squeeze()
    assert organic == pytest.approx(0.13937)
    found = worked_out(*LANDFILL, row("landfill_recovered", 6, unit="万吨"))
    assert found.notation("landfill")[0, 0] == "NE"
    assert "landfill_recovered <= generated does not hold" in "\n".join(map(str, found.findings))


def test_sites_that_are_not_managed():
    """Sites without a cover oxidise nothing; shares that miss 1 give no number."""
    both = [one for one in LANDFILL if one["symbol"] != "site_share"]
    found = worked_out(
        *both, row("site_share", 0.5, site="managed"), row("site_share", 0.5, site="非管理-浅")
    )
    generated = 6e5 * (0.5 * 1.0 + 0.5 * 0.4) * 0.13937 * 0.5 * 0.5 * 16 / 12
    assert found.values("landfill")[0, 0] == pytest.approx(generated * (1 - 0.5 * 0.1))
    found = worked_out(*both, row("site_share", 0.5, site="managed"))
    assert found.notation("landfill")[0, 0] == "NE"
    assert "shares" in rules_of(found)


def test_incineration():
    """Fossil carbon alone; for hazardous waste no row says how much, since the print does not."""
    waste = row("waste_incinerated", 50, unit="万吨", burnt_waste="生活垃圾")
    found = worked_out(waste)
    assert found.values("incineration")[0, 0, 0] == pytest.approx(135850)
    sludge = row("waste_incinerated", 1, unit="万吨", burnt_waste="污水污泥")
    assert worked_out(sludge, allow_unverified=False).values("incineration")[0, 0, 0] == 0
    hazardous = row("waste_incinerated", 1, unit="万吨", burnt_waste="危险废物")
    found = worked_out(hazardous)
    assert found.notation("incineration")[0, 0, 0] == "NE"
    assert "waste_carbon has no row for hazardous (it has msw, sludge)" in "\n".join(
        map(str, found.findings)
    )


@pytest.mark.parametrize(
    ("area", "ratio"),
    [("重庆", 0.51), ("厦门", 0.43), ("河北", 0.45), ("Guangdong", 0.47), ("全国", 0.46)],
)
def test_domestic_wastewater_by_region(area, ratio):
    """A city takes the ratio of its province's region, the nation its own."""
    found = worked_out(row("domestic_cod", 8, unit="万吨", discharge="处理系统去除"), area=area)
    assert found.values("domestic_wastewater_ch4")[0, 0] == pytest.approx(8e4 * ratio * 0.6 * 0.165)


def test_industrial_wastewater_and_nitrogen():
    """Removed by an industry's own factor, discharged by one for all; protein to N2O."""
    found = worked_out(
        row("industrial_cod_removed", 1e4, wastewater_industry="造纸和纸制品业"),
        row("industrial_cod_discharged", 0, wastewater_industry="造纸和纸制品业"),
        row("population", 300, unit="1e4 person"),
        row("protein", 30),
    )
    assert found.values("industrial_wastewater")[0, 0, 0] == pytest.approx(1250)
    assert found.values("wastewater_n2o")[0, 0] == pytest.approx(212.14285714285713)


def test_every_province_has_a_region():
    """The seven regions hold the provinces of the mainland, each once."""
    edition = load_factors(SECTOR, SECTOR.parameters["bod_per_cod"])[0]
    regions = edition.partitions["wastewater_regions"]
    provinces = {one.id for one in areas().values() if one.level == "province"}
    assert provinces - set(regions) == {"taiwan", "hong_kong", "macao"}
    assert sorted(set(regions.values())) == sorted(
        ["华北", "东北", "华东", "华中", "华南", "西南", "西北"]
    )


def test_scale_of_a_panel():
    """Three hundred cities and twenty years are worked out in arrays, each as it is alone."""
    count = 300
    rows = rows_of(
        *(
            {**one, "area": f"city {place}", "year": 2020}
            for place in range(count)
            for one in LANDFILL
        )
    )
    rows.loc[rows["symbol"] == "msw_landfilled", "value"] = np.arange(count)
    found = evaluate(SECTOR, choose_factors(SECTOR, arrange(SECTOR, rows), allow_unverified=True))
    alone = worked_out(*LANDFILL).values("landfill")[0, 0] / 60
    assert found.values("landfill")[:, 0] == pytest.approx(alone * np.arange(count))
