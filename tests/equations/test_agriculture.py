"""Agriculture by the provincial guideline: worked numbers, regions, the flow of nitrogen."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carbonacct.equations import (
    arrange,
    choose_factors,
    differentiate,
    evaluate,
    load_sector,
    unfold,
)
from carbonacct.equations.factor_values import load_factors
from carbonacct.vocabulary import areas
from tests.equations.building import row, rows_of, rules_of

SECTOR = load_sector("provincial-2011/agriculture")


def heads(animal: str, mode: str, number: float) -> dict[str, object]:
    """Return a row of heads."""
    return row("heads", number, animal=animal, mode=mode)


HERD = [
    heads("奶牛", "规模", 3e4),
    heads("非奶牛", "农户", 5e4),
    heads("绵羊", "农户", 2e5),
    heads("猪", "规模", 1e6),
    heads("家禽", "规模", 2e7),
]
NITROGEN = [
    row("nitrogen_fertiliser", 2e5),
    row("compound_fertiliser", 0),
    row("manure_nitrogen_stated", 8e4),
    row("straw_nitrogen_stated", 3e4),
]


def worked_out(*rows, area="北京", allow_unverified=True):
    """Return the sector worked out for one area and year."""
    data = arrange(SECTOR, rows_of(*rows, area=area, year=2020))
    return evaluate(SECTOR, choose_factors(SECTOR, data, allow_unverified=allow_unverified))


def by_animal(found, source) -> dict[str, float]:
    """Return the entries of a source by animal."""
    return dict(
        zip(found.labels(source)["animal"], found.values(source)[0, 0].tolist(), strict=True)
    )


def test_rice_by_region():
    """Kinds of rice by the region of the province; what a region does not grow has no factor."""
    rows = [
        row("rice_area", 1e5, rice="单季稻"),
        row("rice_area", 5e4, rice="早稻"),
        row("rice_area", 60, unit="1e3 ha", rice="双季晚稻"),
    ]
    assert worked_out(*rows, area="浙江").values("rice").sum() == pytest.approx(45560)
    found = worked_out(*rows, area="辽宁")
    assert found.notation("rice")[0, 0].tolist() == ["", "NE", "NE"]
    text = "\n".join(map(str, found.findings))
    assert "rice_factor has no row for early, 辽宁" in text


def test_livestock():
    """Enteric fermentation by how animals are kept, manure by region; grazing ones apart."""
    found = worked_out(*HERD)
    assert found.values("manure_ch4").sum() == pytest.approx(3714.8)
    assert found.values("manure_n2o").sum() == pytest.approx(480.68)
    more = worked_out(*HERD, heads("奶牛", "放牧", 1e4))
    assert more.values("manure_n2o").sum() == pytest.approx(480.68)
    assert more.values("manure_ch4").sum() > 3714.8
    found = worked_out(
        heads("奶牛", "规模", 2e4),
        heads("奶牛", "散养", 1e4),
        heads("肉牛", "散养", 5e4),
        heads("猪", "规模", 1e6),
    )
    assert found.values("enteric_fermentation").sum() == pytest.approx(7050)


def test_a_group_belongs_to_the_table_that_prints_it():
    """Buffalo excrete as other cattle do, and have a manure factor of their own or none."""
    found = worked_out(heads("水牛", "散养", 1000), heads("非奶牛", "散养", 1000), area="浙江")
    assert by_animal(found, "manure_ch4") == pytest.approx({"buffalo": 5.55, "other_cattle": 3.31})
    assert found.values("excreted_nitrogen")[0, 0] == pytest.approx(80)
    found = worked_out(heads("水牛", "散养", 1000), heads("骡", "散养", 1000), area="辽宁")
    assert found.notation("manure_ch4")[0, 0].tolist() == ["NE", ""]
    assert by_animal(found, "manure_ch4")["mules"] == pytest.approx(0.6)


def test_nitrogen_of_soils():
    """The vectors of the direct and indirect equations, with nitrogen as it is stated."""
    direct = worked_out(*NITROGEN, area="河南")
    assert direct.values("soils_direct")[0, 0] == pytest.approx(2776.714285714286)
    leached = worked_out(*NITROGEN, area="河南").values("soils_leaching")[0, 0]
    assert leached == pytest.approx(310000 * 0.2 * 0.0075 * 44 / 28)
    rows = [*NITROGEN, heads("非奶牛", "散养", 3.75e6)]
    assert worked_out(*rows).values("soils_deposition")[0, 0] == pytest.approx(958.5714285714286)


def test_straw_is_not_needed_where_it_is_stated():
    """Factors that nobody could check do not block what does not use them."""
    found = worked_out(*NITROGEN, row("soil_factor", 0.0057), allow_unverified=False)
    assert found.values("soils_direct")[0, 0] == pytest.approx(2776.714285714286)
    assert "unverified-factor" not in rules_of(found)
    straw = [one for one in NITROGEN if one["symbol"] != "straw_nitrogen_stated"]
    straw += [row("crop_yield", 1e5, crop="水稻"), row("straw_returned", 0.5, crop="水稻")]
    found = worked_out(*straw)
    assert found.values("returned_nitrogen")[0, 0] == pytest.approx(500.96443251533736)
    assert worked_out(*straw, allow_unverified=False).notation("soils_direct")[0, 0] == "NE"


def test_sugar_cane_straw_has_no_nitrogen():
    """The number that goes round for it is impossible: there is no row, and the entry says so."""
    rows = [row("crop_yield", 1e5, crop="甘蔗"), row("straw_returned", 0.5, crop="甘蔗")]
    found = worked_out(*NITROGEN[:3], *rows)
    assert found.notation("soils_direct")[0, 0] == "NE"
    assert "straw_nitrogen has no row for sugar_cane" in "\n".join(map(str, found.findings))


numbers = st.floats(1, 1e5)


@settings(max_examples=25)
@given(st.lists(numbers, min_size=4, max_size=4), numbers)
def test_nitrogen_balances(animals, people):
    """What is excreted is applied, grazed, lost on the way, or lost as N2O: nothing else."""
    kinds = [
        ("dairy_cattle", "large_scale"),
        ("pigs", "household"),
        ("sheep", "grazing"),
        ("goats", "grazing"),
    ]
    found = worked_out(
        *(heads(*kind, number) for kind, number in zip(kinds, animals, strict=True)),
        row("rural_population", people),
    )
    lines = {
        name: float(cells.values.squeeze())
        for name, cells in found.find("manure_nitrogen").lines.items()
    }
    excreted = float(found.values("excreted_nitrogen")[0, 0])
    grazed = (animals[2] + animals[3]) * 12 / 1000
    assert lines["grazed"] == pytest.approx(grazed)
    lost = lines["collected"] * (0.15 + 0.20)
    applied = lines["manure_nitrogen"]
    assert excreted + people * 0.0054 == pytest.approx(grazed + lost + lines["as_n2o"] + applied)
    assert lines["as_n2o"] == pytest.approx(found.values("manure_n2o").sum() * 28 / 44)


def test_a_head_more_is_followed_through_the_flow():
    """The derivative goes through quantities: a pig more is more manure, less its N2O."""
    rows = [*HERD, row("rural_population", 0), *NITROGEN[:2], NITROGEN[3]]
    found = worked_out(*rows)
    axes = found.data.axes
    per_head = differentiate(found, "soils_direct")["heads"]
    per_pig = per_head.take(axes.labels["animal"].index("pigs"), axis=axes.axis("animal"))
    applied = 0.016 * 0.65 - 0.227 / 1000 * 28 / 44
    wanted = applied * 0.0057 * 44 / 28
    assert per_pig.ravel()[axes.labels["mode"].index("large_scale")] == pytest.approx(wanted)
    text = str(unfold(found, "soils_direct", "北京", 2020))
    assert "manure_n2o[pigs]" in text
    assert "manure_n2o_factor[pigs] = 0.227 kg N2O/head" in text


def test_regions_hold_every_province_once():
    """Each of the three sets of regions holds the provinces of the mainland."""
    edition = load_factors(SECTOR, SECTOR.parameters["rice_factor"])[0]
    mainland = {one.id for one in areas().values() if one.level == "province"}
    mainland -= {"taiwan", "hong_kong", "macao"}
    for name in ("rice_regions", "manure_regions", "soil_classes"):
        assert set(edition.partitions[name]) == mainland


# Livestock of Xiamen in 2014 and the methane that its inventory prints (10^4 t, four digits).
XIAMEN = {
    "奶牛": (452, 0.0040, 0.0004),
    "水牛": (337, 0.0030, 0.0002),
    "山羊": (5862, 0.0055, 0.0002),
    "猪": (293477, 0.0293, 0.1491),
}


@pytest.mark.parametrize("animal", XIAMEN)
def test_livestock_of_xiamen_as_published(animal):
    """Enteric fermentation of farmers' animals, and their manure, to the digits printed."""
    number, enteric, manure = XIAMEN[animal]
    found = worked_out(heads(animal, "农户", number), area="厦门", allow_unverified=False)
    assert found.values("enteric_fermentation").sum() / 1e4 == pytest.approx(enteric, abs=5e-5)
    assert found.values("manure_ch4").sum() / 1e4 == pytest.approx(manure, abs=5e-5)
