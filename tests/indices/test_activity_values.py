"""Activity data in an index: the sum over all labels, or which of them lack."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from carbonacct.errors import IndexDataError
from carbonacct.indices.activity_values import add_activities
from carbonacct.indices.index_declaration import load_index
from carbonacct.indices.index_panel import panel_from_frame
from carbonacct.sectors.sources.activities import read_activities

INDEX = load_index("peaking-pilot-city")
NATURAL, PLANTED = (
    "{},2022,forest_area,natural,3000,ha\n",
    "{},2022,forest_area,plantation,10,km2\n",
)


def take(folder, text, **given):
    """Return the panel of Beijing in 2022 with the activities of a table."""
    (folder / "land.csv").write_text(
        "area,year,activity,item,value,unit\n" + text, encoding="utf-8"
    )
    panel = panel_from_frame(
        pd.DataFrame({"area": ["北京"], "year": [2022], "gdp": [1.0], **given}), INDEX
    )
    return add_activities(panel, read_activities([folder / "land.csv"], "ipcc-2006"), INDEX)


def forest(panel):
    """Return the area of forest, what gave it, and its cells."""
    held = [
        array.sel(area="北京", year=2022, input="forest_area").item()
        for array in (panel.values, panel.status, panel.place)
    ]
    return tuple(held)


@pytest.mark.parametrize("area", ["北京", "北京市", "Beijing"])
def test_an_amount_is_the_sum_of_all_labels_however_the_area_is_spelt(tmp_path, area):
    """3000 ha and 10 km2 are 40 km2; of other years and areas nothing is taken, and nothing is said."""
    other = "天津,2022,forest_area,natural,7,ha\n北京,2021,forest_area,natural,7,ha\n"
    panel = take(tmp_path, NATURAL.format(area) + other + PLANTED.format(area))
    assert forest(panel) == (40.0, "activity", "land.csv!E2; land.csv!E5")
    assert panel.findings == ()


@pytest.mark.parametrize(
    ("text", "number", "lacking"),
    [
        (NATURAL, math.nan, "forest_area plantation"),
        (PLANTED, math.nan, "forest_area natural"),
        (
            NATURAL + "{},2022,forest_area,plantation,NO,ha\n",
            30.0,
            "",
        ),  # there is none: that is nothing
        (NATURAL + "{},2022,forest_area,plantation,NE,ha\n", math.nan, "forest_area plantation"),
        ("{},2022,forest_area,natural,NO,ha\n{},2022,forest_area,plantation,NO,ha\n", 0.0, ""),
        ("{},2022,clinker_output,,5,t\n", math.nan, None),  # which the index does not ask for
    ],
)
def test_a_sum_without_a_label_is_no_number(tmp_path, text, number, lacking):
    """NO counts as nothing; what is not estimated or not there is named."""
    panel = take(tmp_path, text.replace("{}", "北京"))
    assert forest(panel)[0] == pytest.approx(number, nan_ok=True)
    said = [str(one.message) for one in panel.findings if one.rule == "activity-incomplete"]
    assert len(said) == bool(lacking)
    assert all(f"no number of {lacking}" in one for one in said)


def test_a_number_of_the_table_is_held_against_it(tmp_path):
    """40 km2 beside 40.1 are the activities'; beside 50 both are named and neither is chosen."""
    both = NATURAL.format("北京") + PLANTED.format("北京")
    assert forest(take(tmp_path, both, forest_area=[40.1]))[:2] == (40.0, "activity")
    with pytest.raises(IndexDataError, match="forest_area is 50, the activity table gives 40"):
        take(tmp_path, both, forest_area=[50.0])
