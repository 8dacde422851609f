"""Agriculture by IPCC 2006: printed numbers, the flow of nitrogen, groups and what is stated."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carbonacct.equations import arrange, choose_factors, evaluate, load_sector
from tests.equations.building import entries_of, row, rows_of, rules_of

SECTOR = load_sector("ipcc-2006/agriculture")
PLACE = {"asia_temperatures": {"重庆": "18"}}


def worked_out(*rows, area="重庆", allow_unverified=True, place=None):
    """Return the sector worked out for one area and year."""
    data = arrange(SECTOR, rows_of(*rows, area=area, year=2020))
    chosen = choose_factors(
        SECTOR, data, partitions=PLACE | (place or {}), allow_unverified=allow_unverified
    )
    return evaluate(SECTOR, chosen)


def heads(animal, number, mode="农户"):
    """Return a row of heads."""
    return row("heads", number, animal=animal, mode=mode)


def share(animal, system, part):
    """Return a row of a share of manure."""
    return row("manure_share", part, animal=animal, manure_system=system)


RICE = [
    row("rice_area", 1, rice="单季稻"),
    row("rice_days", 113, rice="单季稻"),
    row("water_share", 1, water="持续淹水"),
    row("pre_season_share", 1, pre_season="short_dry"),
]


def test_rice_of_a_hectare():
    """113 days at 1.19 kg are 134.47 kg, 3,630,690 g of CO2e at 27: the refinement's world."""
    found = worked_out(*RICE, row("rice_daily", 1.19)).values("rice").sum()
    assert found * 1000 * 27 * 1000 == pytest.approx(3630690)
    assert worked_out(*RICE).values("rice").sum() == pytest.approx(0.1469)  # 1.30 by 2006


def test_rice_with_aeration_and_straw():
    """IPCC 2006 Vol. 4, Tables 5.12 to 5.14: single aeration 0.60, straw (1 + 5) ^ 0.59."""
    rows = [*RICE[:2], row("water_share", 1, water="single_aeration"), RICE[3]]
    rows.append(row("amendment_applied", 5, amendment="straw_short"))
    found = worked_out(*rows).values("rice").sum()
    assert found == pytest.approx(0.1469 * 0.60 * 6**0.59)
    rows[2] = row("water_share", 1, water="灌溉(水分状况不详)")
    rows[3] = row("pre_season_share", 1, pre_season="unknown")
    found = worked_out(*rows).values("rice").sum()
    assert found == pytest.approx(0.1469 * 0.78 * 1.22 * 6**0.59)


def test_methane_of_animals_in_asia():
    """IPCC 2006 Vol. 4, Tables 10.10, 10.11, 10.14 and 10.15, at a mean of 18 degrees."""
    herd = [heads("奶牛", 1000), heads("肉牛", 1000), heads("猪", 1000), heads("绵羊", 1000)]
    found = worked_out(*herd, allow_unverified=False)
    assert entries_of(found, "enteric_fermentation") == pytest.approx(
        {"dairy_cattle": 68, "other_cattle": 47, "pigs": 1, "sheep": 5}
    )
    assert entries_of(found, "manure_ch4") == pytest.approx(
        {"dairy_cattle": 16, "other_cattle": 1, "pigs": 3, "sheep": 0.15}
    )
    found = worked_out(*herd, place={"asia_temperatures": {"重庆": "28"}})
    assert entries_of(found, "manure_ch4")["dairy_cattle"] == pytest.approx(31)
    found = worked_out(heads("奶牛", 1000), area="成都")
    assert found.notation("manure_ch4")[0, 0, 0] == "NE"
    assert "manure_ch4_factor has no row for dairy_cattle, 成都" in "\n".join(
        map(str, found.findings)
    )


def test_excretion_stated_for_one_animal_leaves_the_others():
    """A stated number serves its animal; the others have rate times mass."""
    rows = [heads("奶牛", 1000), heads("绵羊", 1000)]
    rows += [share("奶牛", "固体贮存", 1), share("绵羊", "solid", 1)]
    rows.append(row("excretion_stated", 80, animal="奶牛"))
    found = worked_out(*rows, allow_unverified=False)
    assert entries_of(found, "excretion") == pytest.approx(
        {"dairy_cattle": 80, "sheep": 1.17 * 28 / 1000 * 365}
    )
    assert entries_of(found, "manure_n2o")["dairy_cattle"] == pytest.approx(80 * 0.005 * 44 / 28)


@settings(max_examples=20)
@given(st.lists(st.floats(0, 1e5), min_size=3, max_size=3), st.floats(0, 1))
def test_nitrogen_balances(numbers, part):
    """What is excreted lies on pasture, is lost from storage, or is left for the fields."""
    kinds = ("奶牛", "猪", "绵羊")
    rows = [heads(kind, number) for kind, number in zip(kinds, numbers, strict=True)]
    rows += [share("奶牛", "solid", part), share("奶牛", "pasture", 1 - part)]
    rows += [share("猪", "lagoon", part), share("猪", "slurry", 1 - part)]
    rows += [share("绵羊", "pasture", 1)]
    found = worked_out(*rows)
    excreted = np.nansum(found.values("excreted_nitrogen"), axis=(0, 1))
    systems = found.labels("excreted_nitrogen")["manure_system"]
    pasture = np.nansum(found.values("pasture_nitrogen"))
    managed = float(found.values("managed_nitrogen").sum())
    stored = {name: excreted[:, systems.index(name)] for name in systems}
    animals = found.labels("excreted_nitrogen")["animal"]
    dairy, pigs = animals.index("dairy_cattle"), animals.index("pigs")
    lost = 0.40 * stored["solid"][dairy]
    lost += 0.78 * stored["lagoon"][pigs] + 0.48 * stored["slurry"][pigs]
    assert excreted.sum() == pytest.approx(pasture + managed + lost)
    assert excreted.sum() == pytest.approx(
        numbers[0] * 0.47 * 0.350 * 0.365
        + numbers[1] * 0.40 * 0.028 * 0.365
        + numbers[2] * 1.17 * 0.028 * 0.365
    )


def test_residues_of_rice():
    """IPCC 2006 Vol. 4, eq. 11.6 and Table 11.2 with the refinement's ratio, worked by hand."""
    rows = [
        row("nitrogen_fertiliser", 0),
        row("compound_fertiliser", 0),
        row("manure_nitrogen_stated", 0),
        row("crop_yield", 1e5, crop="水稻"),
    ]
    found = worked_out(*rows, allow_unverified=False)
    above = 89000 * 1.4
    nitrogen = above * 0.007 + (above + 89000) * 0.16 * 0.009
    assert found.values("residue_nitrogen")[0, 0] == pytest.approx(nitrogen)
    assert found.values("soils_direct")[0, 0] == pytest.approx(nitrogen * 0.01 * 44 / 28)
    assert found.values("soils_leaching")[0, 0] == pytest.approx(nitrogen * 0.3 * 0.0075 * 44 / 28)
    burnt = [row("burnt_share", 0.5, crop="水稻"), row("crop_area", 2e4, crop="水稻")]
    found = worked_out(*rows, *burnt, allow_unverified=False)
    less = above * 0.007 * 0.5 * 0.8
    assert found.values("residue_nitrogen")[0, 0] == pytest.approx(nitrogen - less)
    smoke = found.values("field_burning").ravel()
    assert smoke.tolist() == pytest.approx([1e4 * 5.5 * 2.7e-3, 1e4 * 5.5 * 0.07e-3])


def test_a_crop_without_a_row_of_its_own_takes_its_group():
    """Millet has no roots of its own in print: those of grains; sugar beet has none at all."""
    rows = [
        row("nitrogen_fertiliser", 0),
        row("compound_fertiliser", 0),
        row("manure_nitrogen_stated", 0),
        row("crop_yield", 1000, crop="谷子"),
    ]
    dry = 900
    above = dry * 1.4
    nitrogen = above * 0.007 + (above + dry) * 0.22 * 0.009
    assert worked_out(*rows).values("residue_nitrogen")[0, 0] == pytest.approx(nitrogen)
    found = worked_out(*rows, row("crop_yield", 1000, crop="甜菜"))
    assert found.notation("soils_direct")[0, 0] == "NE"
    assert "crop_dry has no row for sugar_beet" in "\n".join(map(str, found.findings))


def test_what_grazing_animals_leave():
    """IPCC 2006 Vol. 4, Table 11.1: 0.02 of cattle, poultry and pigs, 0.01 of sheep and others."""
    rows = [heads("奶牛", 1000, "放牧"), heads("山羊", 1000, "放牧")]
    rows += [share("奶牛", "放牧", 1), share("山羊", "放牧", 1)]
    found = worked_out(*rows, allow_unverified=False)
    dairy, goats = 0.47 * 350 * 0.365, 1.37 * 30 * 0.365
    assert entries_of(found, "grazing") == pytest.approx(
        {"dairy_cattle": dairy * 0.02 * 44 / 28, "goats": goats * 0.01 * 44 / 28}
    )
    assert entries_of(found, "manure_n2o") == pytest.approx({"dairy_cattle": 0, "goats": 0})
    assert found.values("grazing_deposition")[0, 0] == pytest.approx(
        (dairy + goats) * 0.2 * 0.01 * 44 / 28
    )


def test_nitrogen_to_rice_is_a_part_of_all():
    """More nitrogen to flooded rice than there is, is refused."""
    rows = [
        row("nitrogen_fertiliser", 100),
        row("compound_fertiliser", 0),
        row("manure_nitrogen_stated", 0),
        row("crop_yield", 0, crop="水稻"),
    ]
    found = worked_out(*rows, row("nitrogen_to_rice", 40))
    wanted = (60 * 0.01 + 40 * 0.003) * 44 / 28
    assert found.values("soils_direct")[0, 0] == pytest.approx(wanted)
    found = worked_out(*rows, row("nitrogen_to_rice", 400))
    assert found.notation("soils_direct")[0, 0] == "NE"
    assert "equation-check" in rules_of(found)


def test_lime_and_urea():
    """IPCC 2006 Vol. 4, eq. 11.12 and 11.13."""
    found = worked_out(
        row("carbonate_limed", 1000, liming="石灰石"),
        row("carbonate_limed", 1000, liming="白云石"),
        row("urea_applied", 1000),
        allow_unverified=False,
    )
    assert found.values("liming").ravel().tolist() == pytest.approx([440, 13 / 100 * 44000 / 12])
    assert found.values("urea_application")[0, 0] == pytest.approx(2200 / 3)
