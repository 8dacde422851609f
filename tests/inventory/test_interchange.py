"""Inventories for primap2: entries that it can hold, sums by category and method, and its own reader."""

from __future__ import annotations

import numpy as np
import pytest

from carbonacct.errors import MethodError
from carbonacct.inventory.interchange import AREA, CATEGORY, make_primap2
from tests.inventory.entries import make

ROWS = [
    ("coal", "1.A.2", "CO2", 5),
    ("gas", "1.A.2", "CO2", 3),
    ("forest", "3.B.1.a", "CO2", -2),
    ("pigs", "3.A.1", "CH4", 7),
    ("sheep", "3.A.1", "CH4", "NE"),
]


def test_numbers_of_a_category_are_added_up():
    """A removal is negative; what has no number is no zero."""
    data = make_primap2(make(*ROWS))
    held = data["CO2"].squeeze(drop=True).to_series().dropna().to_dict()
    assert held == {"1.A.2": 8, "3.B.1.a": -2}
    assert data["CH4"].squeeze(drop=True).to_series().dropna().to_dict() == {"3.A.1": 7}


@pytest.mark.parametrize(
    "apart",
    [
        {"scope": np.array([1, 2, 1, 1, 1]), "kind": "emission"},
        {"kind": np.array(["emission", "memo", "removal", "emission", "emission"], object)},
    ],
)
def test_scope_2_and_memo_items_have_no_place(apart):
    """Neither is added to what counts in scope 1, with a category or without one."""
    for code in ("1.A.2", ""):
        rows = [ROWS[0], ("moved", code, "CO2", 3), *ROWS[2:]]
        data = make_primap2(make(*rows, **apart))
        assert float(data["CO2"].sum()) == 5 - 2
        assert float(data["CH4"].sum()) == 7


def test_years_areas_and_methods_are_axes():
    """Each number stands at its own; where there is none the cube is blank."""
    more = {"year": np.array([2020, 2021]), "area": np.array(["乙", "甲"], object)}
    more |= {"method": np.array(["m", "n"], object)}
    data = make_primap2(make(ROWS[0], ROWS[1], **more))
    assert dict(data.sizes) == {"time": 2, AREA: 2, CATEGORY: 1, "source": 2}
    assert data["time"].dt.year.values.tolist() == [2020, 2021]
    cube = data["CO2"].isel({CATEGORY: 0})
    assert cube.sel(time="2020", source="m").sel({AREA: "乙"}).item() == 5
    assert cube.sel(time="2021", source="n").sel({AREA: "甲"}).item() == 3
    assert int(cube.notnull().sum()) == 2


def test_what_its_reader_asks_for():
    """Which dim is area and which is category; of each gas its name and its unit; labels as text."""
    data = make_primap2(make(*ROWS))
    assert (data.attrs["area"], data.attrs["cat"]) == (AREA, CATEGORY)
    assert data["CH4"].attrs == {"entity": "CH4", "units": "t CH4 / year"}
    assert data["time"].dtype == np.dtype("datetime64[ns]")
    assert [data[name].dtype.kind for name in (AREA, CATEGORY, "source")] == ["U", "U", "U"]


def test_all_that_has_no_category_is_named():
    """Each source once; nothing of no category is no matter."""
    rows = [
        *ROWS,
        ("b", "", "CO2", 1),
        ("a", "", "CH4", 2),
        ("b", "", "CH4", 3),
        ("c", "", "CO2", 0),
    ]
    with pytest.raises(MethodError, match="no IPCC category for a, b; primap2"):
        make_primap2(make(*rows))
