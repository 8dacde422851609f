"""Amounts of another order than an area of their level has: 万头 as head, mu as hectares."""

from __future__ import annotations

import numpy as np
import pytest

from carbonacct.equations import load_sector, sector_ids
from carbonacct.errors import ActivityDataError
from carbonacct.sectors.all_sectors import join_sectors
from carbonacct.sectors.sources.activities import read_activities
from carbonacct.sectors.sources.activity_names import names_of
from carbonacct.sectors.sources.magnitudes import check_magnitudes, list_magnitudes
from carbonacct.sectors.sources.source_compiling import compile_sources

HEAD = "area,year,activity,item,value,unit\n"


def read(folder, *rows, method="provincial-2011"):
    """Return the activities of rows of a table."""
    path = folder / "activity.csv"
    path.write_text(HEAD + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return read_activities([path], method)


def find(activities):
    """Return what is said of amounts of another order."""
    return [str(one) for one in activities.findings if one.rule == "activity-size"]


@pytest.mark.parametrize(
    ("row", "seen"),
    [
        ("重庆,2007,年末存栏,猪,1500,头", "heads pigs of 重庆 2007 is 1500 head; 1e4 to 1e8"),
        ("厦门,2007,年末存栏,猪,40,头", "heads pigs of 厦门 2007 is 40 head; 1e3 to 3e7"),
        ("重庆,2007,年末存栏,山羊,9000000,万头", "heads of 重庆 2007 is 9e+10 head"),
        (
            "重庆,2007,水稻播种面积,单季稻,9750000,千公顷",
            "rice_area of 重庆 2007 is 9.75e+09 ha; 0 to 1e7",
        ),
        (
            "重庆,2007,水泥熟料产量,,21000000,万吨",
            "clinker_output of 重庆 2007 is 2.1e+11 t clinker",
        ),
    ],
)
def test_an_amount_of_another_order_is_said_with_its_cell(tmp_path, row, seen):
    """Heads that are ten thousands, thousand hectares that are mu: each by name."""
    [said] = find(read(tmp_path, row))
    assert said.startswith(f"activity.csv!E2: {seen}")
    assert "check the unit of the column" in said


def test_what_has_no_least_may_be_as_little_as_it_is(tmp_path):
    """Half a hectare of rice is some; only more than there can be is said."""
    assert not find(read(tmp_path, "重庆,2007,水稻播种面积,单季稻,0.5,公顷"))


def test_mu_read_as_hectares_show_in_the_yield(tmp_path):
    """9,750 thousand mu are 650 thousand hectares: 7.7 t of rice a hectare, and 0.5 t of what is no hectare."""
    crop = "重庆,2007,crop_yield,rice,500,万吨"
    [said] = find(read(tmp_path, "重庆,2007,水稻播种面积,单季稻,9750,千公顷", crop))
    assert "crop_yield rice / rice_area of 重庆 2007 is 0.5128 t crop/ha; 1 to 20" in said
    assert not find(read(tmp_path, "重庆,2007,水稻播种面积,单季稻,9750,千亩", crop))
    assert not find(read(tmp_path, "重庆,2007,水稻播种面积,单季稻,650,千公顷", crop))


def test_what_is_usual_zero_or_of_an_area_of_no_level_is_not_said(tmp_path):
    """A county that the vocabulary does not know has no range."""
    rows = [
        "重庆,2007,年末存栏,猪,1520,万头",
        "某县,2007,年末存栏,猪,15,头",
        "厦门,2007,年末存栏,猪,0,头",
    ]
    assert not find(read(tmp_path, *rows))


def test_a_limit_is_of_an_activity_in_its_declared_unit():
    """Each row of the table can be met."""
    units = {}
    for sector in map(load_sector, sector_ids()):
        units |= {name: about.unit for name, about in sector.activities.items()}
    for limits in list_magnitudes():
        unit = units[limits["activity"]]
        if limits["per"]:
            unit = f"{unit}/{units[limits['per']]}"
        assert limits["unit"] == unit
        assert 0 <= float(limits["lower"] or 0) < float(limits["upper"]) < np.inf
        assert limits["status"] == "choice"


@pytest.mark.parametrize(("hectares", "said"), [(0, False), (0.5, True), (1, True), (80, False)])
def test_rice_of_no_hectare_has_no_yield(tmp_path, hectares, said):
    """160 t on half a hectare are too many, on 80 they are two a hectare; without a field nobody knows."""
    rows = ["重庆,2007,crop_yield,rice,160,吨", f"重庆,2007,水稻播种面积,单季稻,{hectares},公顷"]
    assert bool(find(read(tmp_path, *rows))) == said


def test_amounts_are_said_in_the_order_of_the_rows(tmp_path):
    """重庆 stands before 上海, as in the table."""
    said = find(read(tmp_path, *(f"{area},2007,年末存栏,猪,1500,头" for area in ("重庆", "上海"))))
    assert ["重庆" in one for one in said] == [True, False]


def test_limits_hold_at_their_own_ends(tmp_path):
    """The ends themselves are within."""
    rows, names = read(tmp_path, "重庆,2007,年末存栏,猪,1,万头").rows, names_of("provincial-2011")
    for factor, count in ((1.0, 0), (1e4, 0), (0.99, 1), (1.01e4, 1)):
        assert (
            len(list(check_magnitudes(names, rows.assign(value=rows["value"] * factor)))) == count
        )


def test_where_nothing_counts_the_reasons_are_said(tmp_path):
    """An error without a reason helps nobody."""
    row = "重庆,2007,msw_cleared,,300,万吨"
    with pytest.raises(
        ActivityDataError, match=r"nothing to count.*\n.*landfill has no number: .* not reported"
    ):
        join_sectors([compile_sources(read(tmp_path, row))])
