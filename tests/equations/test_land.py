"""Land by the provincial guideline: removals are negative, conversion is not counted twice."""

from __future__ import annotations

import pytest

from carbonacct.equations import arrange, choose_factors, evaluate, load_sector
from tests.equations.building import entries_of, row, rows_of, rules_of

SECTOR = load_sector("provincial-2011/land")
FOREST = [
    row("tree_volume", 345451900, species="合计"),
    row("wood_density", 0.394, species="合计"),
    row("expansion", 1.787, species="合计"),
    row("growth_rate", 8, unit="%"),
]
CONVERSION = [
    row("converted_5", 500, converted_forest="乔木林"),
    row("converted_10", 0, converted_forest="乔木林"),
    row("biomass_before", 80, converted_forest="乔木林"),
]


def worked_out(*rows, allow_unverified=True):
    """Return the sector worked out for one area and year."""
    data = arrange(SECTOR, rows_of(*rows, area="湖南", year=2010))
    return evaluate(SECTOR, choose_factors(SECTOR, data, allow_unverified=allow_unverified))


def test_growth_is_a_removal():
    """9.729 Mt of carbon grown are 35.67 Mt of CO2 removed; a rate printed in percent is a rate."""
    found = worked_out(*FOREST, allow_unverified=False)
    assert found.values("forest_growth")[0, 0] == pytest.approx(-9729003.313928 * 44 / 12)
    assert {finding.rule for finding in found.findings} == {"activity-missing"}
    assert "scattered_volume, scattered_change are not reported" in str(found.findings[0])
    assert (
        found.notation("forest_conversion")[0, 0] == "NE"
    )  # nobody reports any: no zero of its own


def test_species_weigh_by_volume():
    """Density and expansion are means by volume, each for itself, as the guideline has them."""
    species = [("杉木", 600, 0.3, 1.5), ("栎类", 400, 0.7, 2.0)]
    rows = [row("growth_rate", 0.05)]
    for name, volume, density, expansion in species:
        rows += [
            row("tree_volume", volume, species=name),
            row("wood_density", density, species=name),
        ]
        rows += [row("expansion", expansion, species=name)]
    found = worked_out(*rows)
    assert found.values("carbon_per_volume")[0, 0] == pytest.approx(0.46 * 1.7 * 0.5)
    assert found.values("forest_growth")[0, 0] == pytest.approx(-1000 * 0.05 * 0.391 * 44 / 12)


def test_other_stands_go_both_ways():
    """More bamboo takes up, less shrub gives off."""
    rows = [row("stand_change", 1000, stand="竹林"), row("stand_change", -100, stand="灌木林")]
    found = worked_out(*rows).values("other_stands")[0, 0]
    assert found.tolist() == pytest.approx([-34240 * 44 / 12, 899.5 * 44 / 12])


def test_conversion():
    """What burns on the spot gives CO2, CH4 and N2O; N2O goes by the nitrogen of what burns."""
    found = worked_out(*CONVERSION)
    assert found.values("carbon_burnt_on_site")[0, 0] == pytest.approx(2700)
    assert found.values("forest_conversion")[0, 0] == pytest.approx((2700 + 3600) * 44 / 12)
    assert found.values("conversion_burning_ch4")[0, 0] == pytest.approx(43.2)
    assert found.values("conversion_burning_n2o")[0, 0] == pytest.approx(0.297)


def test_conversion_is_taken_off_consumption():
    """Carbon of converted forest is in the consumption of stock: together they are counted once."""
    consumption = [row("living_volume", 1e6), row("consumption_rate", 0.05)]
    alone = worked_out(
        *FOREST,
        *consumption,
        *(row(name, 0, converted_forest="tree") for name in ("converted_5", "converted_10")),
        CONVERSION[2],
    )
    both = worked_out(*FOREST, *consumption, *CONVERSION)
    total = sum(both.values(name)[0, 0] for name in ("wood_consumption", "forest_conversion"))
    assert total == pytest.approx(alone.values("wood_consumption")[0, 0])


def test_conversion_that_nobody_reports_is_said():
    """Without conversion its carbon counts as zero, and a finding says so: never in silence."""
    found = worked_out(*FOREST, row("living_volume", 1e6), row("consumption_rate", 0.05))
    assert found.notation("wood_consumption")[0, 0] == ""
    assert "counted-as-zero" in rules_of(found)
    assert "converted_5 is not reported and counts as zero" in "\n".join(map(str, found.findings))


# The inventory of Xiamen, forest biomass of 2011 to 2014: what changed in the year (m3 or ha) and
# the CO2 that it prints (10^4 t). Growing stock of forest before the year, m3.
STOCK = (2486244, 2545359, 2686789, 2887363)
XIAMEN = {
    "乔木林": ((59115, 141430, 200574, 75668), (-8.53, -20.42, -28.95, -10.92)),
    "疏林": ((-609, 68961, 36076, 836), (0.09, -9.96, -5.21, -0.12)),
    "竹林": ((-10.9, -17.7, -0.2, 0), (0.14, 0.22, 0.00251, 0)),
    "经济林": ((-1075.5, -2970.6, -1337, 26.8), (6.94, 19.18, 8.63, -0.17)),
    "灌木林": ((3.6, -1439.1, 112.5, -47.3), (-0.01, 4.75, -0.37, 0.16)),
}


@pytest.mark.parametrize("place", range(4))
def test_forest_of_xiamen_as_published(place):
    """Twenty rows of a published inventory come out to the digits that it prints."""
    stands = ("竹林", "经济林", "灌木林")
    rows = [
        row("tree_volume", STOCK[place], species="合计"),
        row("growth_rate", XIAMEN["乔木林"][0][place] / STOCK[place]),
        row("scattered_change", XIAMEN["疏林"][0][place]),
        *(row("stand_change", XIAMEN[stand][0][place], stand=stand) for stand in stands),
    ]
    data = arrange(SECTOR, rows_of(*rows, area="厦门", year=2011 + place))
    found = evaluate(SECTOR, choose_factors(SECTOR, data))
    by_stand = entries_of(found, "other_stands")
    computed = {
        "乔木林": found.values("forest_growth")[0, 0],
        "疏林": found.values("scattered_growth")[0, 0],
        "竹林": by_stand["bamboo"],
        "经济林": by_stand["economic"],
        "灌木林": by_stand["shrub"],
    }
    for kind, value in computed.items():
        assert value / 1e4 == pytest.approx(XIAMEN[kind][1][place], abs=0.005)
