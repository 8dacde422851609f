"""The workbook of an assessment: a sheet for each area."""

from __future__ import annotations

import pandas as pd
import pytest

from carbonacct.indices.assessment_form import name_sheet, say_how_to_fill
from carbonacct.indices.index_declaration import load_index
from carbonacct.indices.index_panel import panel_from_frame


@pytest.mark.parametrize(
    ("areas", "names"),
    [
        ("重庆|成都", "重庆|成都"),
        ("重庆|重庆|重庆", "重庆|重庆~2|重庆~3"),
        ("Ab|aB|AB", "Ab|aB~2|AB~3"),  # a workbook does not tell capitals apart
        ("重庆~2|重庆|重庆", "重庆~2|重庆|重庆~3"),
        ("a[b]:c*d?e/f\\g", "a_b__c_d_e_f_g"),  # what stands in no name of a sheet
        ("'quoted'", "quoted"),
        ("|''", "area|area~2"),
        (f"{'长' * 28}|{'长' * 29}", f"{'长' * 28}|{'长' * 28}~2"),  # 31 letters are the most
    ],
)
def test_names_of_sheets(areas, names):
    """Each once, and each such as a workbook takes."""
    taken = set()
    found = [name_sheet(area, taken) for area in areas.split("|")]
    assert found == names.split("|")
    assert all(len(name) <= 31 for name in found)
    assert taken == {name.lower() for name in found}


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"gdp": [3000.0, 3100.0]}, ["gva_tertiary"]),
        (
            {"gdp": [3000.0, None], "gva_tertiary": [1800.0, 1900.0]},
            ["gdp"],
        ),  # one of the years lacks it
        ({"gdp": [None, None], "gva_tertiary": [None, None]}, ["gdp", "gva_tertiary"]),
        (
            {"gdp": [3000.0, 3100.0], "gva_tertiary": [1.0, 2.0]},
            ["gdp", "gva_tertiary"],
        ),  # nothing lacks: all of it
    ],
)
def test_what_to_give_is_what_lacks(given, named):
    """Of the share of services in GDP; a share may be given itself."""
    index = load_index("peaking-pilot-city")
    (leaf,) = (one for one in index.leaves if one.id == "tertiary_share")
    panel = panel_from_frame(pd.DataFrame({"area": "甲", "year": [2021, 2022], **given}), index)
    said = say_how_to_fill(index, leaf, panel, area="甲", years=[2021, 2022, 2050])
    assert [name for name in ("gdp", "gva_tertiary") if f"({name})" in said] == named
    assert "or tertiary_share itself" in said
