"""Numbers that cannot be right, each refused or found by name."""

from __future__ import annotations

import pytest

from carbonacct.errors import ActivityDataError
from tests.sectors.sources.building import compiled, read

PLACE = ("重庆", 2007)
SITE = [("site_share", "管理型", 100, "%", *PLACE), ("waste_share", "厨余", 60, "%", *PLACE)]

FOUND = {
    "clinker above cement": (
        [("水泥产量", "", 2000, "万吨", *PLACE), ("水泥熟料产量", "", 2100, "万吨", *PLACE)],
        "cement_output * clinker_limit does not hold: the left side is 2.1e+07, the right side 2e+07",
    ),
    "recovered above generated": (
        [("卫生填埋", "", 1, "万吨", *PLACE), *SITE, ("填埋场甲烷回收量", "", 10, "万吨", *PLACE)],
        "landfill: landfill_recovered <= generated does not hold: the left side is 100000, the right side 300",
    ),
    "burnt gas above set free": (
        [
            ("井工煤矿原煤产量", "乡镇煤矿", 1, "万吨", *PLACE),
            ("mine_gas_used", "", 1e9, "m3", *PLACE),
        ],
        "mine_gas_used <= set_free does not hold",
    ),
    "trees that shrink below nothing": (
        [
            ("scattered_volume", "", 1, "万立方米", *PLACE),
            ("scattered_change", "", -2, "万立方米", *PLACE),
            ("tree_volume", "all", 5, "万立方米", *PLACE),
        ],
        "-scattered_change <= scattered_volume does not hold: the left side is 20000, the right side 10000",
    ),
    "a region that a table does not have": (
        [("年末存栏", "猪,农户饲养", 5, "万头", "某国某地", 2007)],
        "manure_ch4_factor has no row for pigs, 某国某地",
    ),
}
REFUSED = {
    "a forest below nothing": (
        ("乔木林蓄积量", "杉木", -5, "万立方米"),
        "E2: tree_volume is -50000 m3; it cannot be below 0",
    ),
    "shares that miss 1": (
        ("各类填埋场所占比例", "管理型", 95, "%"),
        "E2: site_share of 重庆 2020 adds to 0.95 over site",
    ),
    "heads in tonnes": (
        ("年末存栏", "猪", 5, "万吨"),
        "F2: heads is measured in head: 万吨 cannot be turned into head",
    ),
    "an area in tonnes": (("水稻播种面积", "早稻", 5, "万吨"), "F2: rice_area is measured in ha"),
    "a rate of more than all": (
        ("consumption_rate", "", 120, "%"),
        "E2: consumption_rate is 1.2; it lies between 0 and 1",
    ),
}


@pytest.mark.parametrize("name", FOUND)
def test_what_numbers_say_together_is_found(tmp_path, name):
    """The finding names the source and what does not hold; no number that breaks a rule counts unseen."""
    rows, expected = FOUND[name]
    made = compiled(tmp_path, *rows, allow_unverified=True)
    lines = [str(finding) for finding in made.findings if finding.severity in {"error", "warning"}]
    assert any(expected in line for line in lines), lines


@pytest.mark.parametrize("name", [name for name in FOUND if "above cement" not in name])
def test_a_source_that_is_refused_has_no_number(tmp_path, name):
    """More recovered than there is, or fewer trees than none: the entry is NE."""
    made = compiled(tmp_path, *FOUND[name][0], allow_unverified=True)
    assert "NE" in set(made.entries["notation"])
    errors = [finding.rule for finding in made.findings if finding.severity == "error"]
    assert "wrong-sign" not in errors  # the check says what is wrong, and nothing says it again


@pytest.mark.parametrize("name", REFUSED)
def test_one_number_that_cannot_be_right_is_refused(tmp_path, name):
    """With cell, what was seen, what is possible."""
    row, expected = REFUSED[name]
    with pytest.raises(ActivityDataError) as caught:
        read(tmp_path, row)
    assert expected in str(caught.value)


@pytest.mark.parametrize(
    ("unit", "value"),
    [("万头", 5.0), ("头", 50000.0), ("10 000 heads", 5.0), ("万只", 5.0), ("千头", 50.0)],
)
def test_heads_are_heads_in_any_unit(tmp_path, unit, value):
    """万头 is ten thousand heads."""
    assert read(tmp_path, ("年末存栏", "猪", value, unit)).rows["value"].item() == 50000


@pytest.mark.parametrize(
    ("unit", "value"), [("千公顷", 1.0), ("公顷", 1000.0), ("万亩", 1.5), ("亩", 15000.0)]
)
def test_areas_are_hectares_in_any_unit(tmp_path, unit, value):
    """Fifteen mu are a hectare."""
    assert read(tmp_path, ("水稻播种面积", "早稻", value, unit)).rows[
        "value"
    ].item() == pytest.approx(1000, rel=1e-12)
