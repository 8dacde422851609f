"""Indicators as rows: of each area and year the index first, then its tree; a gap says what to give."""

from __future__ import annotations

import pandas as pd

from carbonacct.indices.index_declaration import load_index
from carbonacct.indices.index_panel import panel_from_frame
from carbonacct.indices.index_rows import ROW, list_rows

FORM, INDEX = load_index("peaking-pilot-city"), load_index("ccni-2.0")


def rows_of(index, **columns):
    """Return the rows of a table."""
    return list_rows(index, panel_from_frame(pd.DataFrame(columns), index))[0]


def test_every_area_and_year_has_every_row():
    """Areas in their order, years in theirs, rows in that of the source; a form has no head and no score."""
    held = {"area": ["乙", "乙", "甲"], "year": [2021, 2020, 2021], "gdp": 1000.0}
    rows = rows_of(FORM, **held)
    assert list(rows.columns) == list(ROW)
    names = [one.id for one in FORM.indicators]
    places = list(dict.fromkeys(zip(rows["area"], rows["year"], strict=True)))
    assert places == [("乙", 2020), ("乙", 2021), ("甲", 2020), ("甲", 2021)]
    assert rows["indicator"].tolist() == names * 4
    assert rows[["score", "weight", "weighted"]].isna().all(axis=None)
    assert rows["level"].min() == 1
    scored = rows_of(INDEX, **held)
    heads = scored[scored["level"] == 0]
    assert heads["indicator"].tolist() == ["ccni-2.0"] * 4
    assert (scored["indicator"].to_numpy()[:: len(INDEX.indicators) + 1] == "ccni-2.0").all()


def test_a_row_has_its_number_its_cells_or_what_to_give():
    """1,800 of 3,000 is the share of the tertiary sector; without 1,800 the remark asks for it.

    Only leaves of the tree have a number or a remark.
    """
    rows = rows_of(
        FORM, area=["甲", "乙"], year=2022, gdp=[3000.0, 3000.0], gva_tertiary=[1800.0, None]
    )
    share = rows[rows["indicator"] == "tertiary_share"].set_index("area")
    assert share.loc["甲", ["value", "unit", "cells", "remark"]].tolist() == [
        60.0,
        "%",
        "table!D2; table!C2",
        "",
    ]
    assert share.loc["乙", "cells"] == "table!C3"
    assert share.loc["乙", "remark"] != ""
    leaves = {leaf.id for leaf in FORM.leaves}
    inner = rows[~rows["indicator"].isin(leaves)]
    assert (inner[["status", "cells", "remark"]] == "").all(axis=None)
    lacking = rows[rows["indicator"].isin(leaves) & rows["value"].isna()]
    assert (lacking["remark"] != "").all()
    assert (rows.loc[rows["value"].notna(), "remark"] == "").all()


def test_what_looks_back_names_the_cells_of_both_years():
    """A change over some years has two numbers, a level one; years that the table lacks have no cell."""
    leaf = next(
        leaf
        for leaf in INDEX.leaves
        if leaf.op.startswith(("change", "cut", "decoupling")) and leaf.span
    )
    years = [2020 - leaf.span, 2020]
    names = [name for name in leaf.needs if name in INDEX.inputs]
    held = {"area": "甲", "year": years, **{name: [1.0, 2.0] for name in names}}
    rows = rows_of(INDEX, **held)
    own = rows[rows["indicator"] == leaf.id].set_index("year")["cells"]
    assert len(own[2020].split("; ")) == 2 * len(names)
    assert len(own[years[0]].split("; ")) == len(names)
