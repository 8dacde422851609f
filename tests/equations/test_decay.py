"""Landfill by first order decay, IPCC 2006: one deposit, and the climate zone of an area."""

from __future__ import annotations

import pytest

from carbonacct.equations import arrange, choose_factors, evaluate, load_sector
from carbonacct.errors import EquationError
from tests.equations.building import row, rows_of

SECTOR = load_sector("ipcc-2006/waste")
YEARS = list(range(2000, 2021))


def decay_of(zones, waste="食品垃圾", area="重庆"):
    """Return a landfill worked out that takes 100 Gg in 2000 and nothing afterwards."""
    rows = [row("deposited", 1e5 if year == 2000 else 0, waste=waste, year=year) for year in YEARS]
    rows.append(row("site_share", 1, site="managed"))
    data = arrange(SECTOR, rows_of(*rows, area=area))
    return evaluate(SECTOR, choose_factors(SECTOR, data, partitions=zones))


def test_one_deposit():
    """A deposit of food in a wet temperate climate, in its first and its twentieth year."""
    found = decay_of({"climate_zones": {"重庆": "temperate_wet"}}).find("landfill_decay")
    generated = found.lines["generated"].values.ravel()
    assert generated[[0, 1, 20]] == pytest.approx([0, 844.4785807393718, 25.12138241878079])
    assert found.cells.values.ravel()[1] == pytest.approx(844.4785807393718 * 0.9)


def test_the_zone_of_a_province_holds_for_its_cities():
    """A city takes the zone that its province has, unless the project says its own."""
    warm = {"climate_zones": {"fujian": "tropical_wet"}}
    first = decay_of(warm, area="厦门").find("landfill_decay").lines["decomposed"].values.ravel()[1]
    assert first == pytest.approx(7500 * (1 - 2.718281828459045**-0.4))


def test_a_zone_that_nobody_says():
    """Without a zone there is no rate, and the entry says which ones the table has."""
    found = decay_of(None)
    assert set(found.notation("landfill_decay")[0].tolist()) == {"", "NE"}
    text = "\n".join(map(str, found.findings))
    assert (
        "decay_rate has no row for food, 重庆 (for food it has temperate_dry, temperate_wet" in text
    )
    with pytest.raises(EquationError, match="did you mean temperate_wet"):
        decay_of({"climate_zones": {"重庆": "temperate_wett"}})
    with pytest.raises(EquationError, match="did you mean climate_zones"):
        decay_of({"climate_zone": {"重庆": "temperate_wet"}})
