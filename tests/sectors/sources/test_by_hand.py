"""Every source of every method, each number beside the arithmetic of the print."""

from __future__ import annotations

import math

import pytest

from carbonacct.equations import load_sector, sector_ids
from tests.sectors.sources.building import compiled
from tests.sectors.sources.by_hand import agriculture, fugitives, land, processes, provincial, waste

CASES = {
    "ipcc-2006/processes": processes.PROCESSES,
    "ipcc-2006/agriculture": agriculture.FARMS,
    "ipcc-2006/land": land.LAND,
    "ipcc-2006/waste": waste.WASTE,
    "ipcc-2006/fugitives": fugitives.FUGITIVES,
    "provincial-2011/processes": provincial.PROCESSES,
    "provincial-2011/agriculture": provincial.FARMS,
    "provincial-2011/land": provincial.LAND,
    "provincial-2011/waste": provincial.WASTE,
    "provincial-2011/fugitives": provincial.ENERGY,
    "ceads/processes": {
        "Shan et al. (2018): 0.2906 t CO2/t cement": (
            [("水泥产量", "", 2000, "万吨")],
            [("cement_process", "", "CO2", 2e7 * 0.2906)],
        ),
    },
}
PLACE = ("重庆", 2020)


def placed(row):
    """Return a row with its area and year."""
    return (*row, *PLACE[len(row) - 4 :]) if len(row) < 6 else row


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """Return what the rows of a sector come to, as tonnes by source, item, gas, area and year."""
    results = {}
    for sector, cases in CASES.items():
        rows = [placed(row) for given, _ in cases.values() for row in given]
        method = sector.partition("/")[0]
        made = compiled(
            tmp_path_factory.mktemp("city"), *rows, method=method, allow_unverified=True
        ).entries
        made["area"] = made["area"].astype(str)
        keys = made[["flow", "product", "gas", "area", "year"]].astype(
            {"gas": str, "flow": str, "product": str}
        )
        results[sector] = dict(
            zip(keys.itertuples(index=False, name=None), made["value"], strict=True)
        )
    return results


def test_no_source_is_without_a_value_by_hand():
    """Whoever adds one adds the arithmetic of its print."""
    for sector in sector_ids():
        name = sector.replace("biomass", "fugitives")  # both are of energy's chapter
        expected = {result[0] for _, results in CASES[name].values() for result in results}
        missing = [source.id for source in load_sector(sector).sources if source.id not in expected]
        assert not missing, (sector, missing)


def test_no_gas_takes_the_name_of_another(found):
    """Gases of sources by smelter or foam stand where their axis stands, whatever other sources come first."""
    kinds = {"aluminium": {"CF4", "C2F6"}, "silicon_carbide": {"CO2", "CH4"}, "anodes": {"CO2"}}
    for source, gases in kinds.items():
        assert {key[2] for key in found["ipcc-2006/processes"] if key[0] == source} == gases


@pytest.mark.parametrize(
    ("sector", "name"), [(sector, name) for sector, cases in CASES.items() for name in cases]
)
def test_each_source_is_what_the_print_gives(found, sector, name):
    """Equation and factor, by hand."""
    for result in CASES[sector][name][1]:
        *key, tonnes, area, year = placed(result)
        value = found[sector].get((*key, area, year), math.nan)
        assert value == pytest.approx(tonnes, rel=1e-9), result
