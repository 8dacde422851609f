"""Entries as arrays: a list of them, or sums along labels."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from carbonacct.inventory.entry_dataset import list_along_entries, spread_along

LABELS = st.tuples(
    st.sampled_from("甲乙丙"), st.integers(2019, 2021), st.sampled_from(["CO2", "CH4"])
)


@given(st.dictionaries(LABELS, st.floats(-1e6, 1e6), min_size=1, max_size=8))
def test_each_sum_has_its_place(sums):
    """And what has none is no number; labels in the order in which they come."""
    dims = ["area", "year", "gas"]
    table = pd.DataFrame(list(sums), columns=dims).assign(value=list(sums.values()), notation="")
    found = spread_along(table, dims)
    assert found["value"].dims == tuple(dims)
    assert found["value"].attrs == {"units": "t"}
    for place, dim in enumerate(dims):
        assert found[dim].values.tolist() == list(dict.fromkeys(labels[place] for labels in sums))
    for labels, value in sums.items():
        assert found["value"].sel(dict(zip(dims, labels, strict=True))).item() == value
    assert int(found["value"].count()) == len(sums)


def test_a_key_stands_where_there_is_no_number():
    """At its own place alone."""
    rows = [("甲", "CO2", 1.0, ""), ("甲", "CH4", np.nan, "NE"), ("乙", "CO2", np.nan, "IE")]
    found = spread_along(
        pd.DataFrame(rows, columns=["area", "gas", "value", "notation"]), ["area", "gas"]
    )
    assert found["notation"].values.tolist() == [["", "NE"], ["IE", ""]]
    assert np.isnan(found["value"].values).tolist() == [[False, True], [True, True]]


def test_a_list_of_entries_keeps_its_numbers_and_writes_its_words():
    """Words as text of any kind of column, numbers as they are; unit and meaning beside them."""
    rows = pd.DataFrame(
        {
            "area": pd.Categorical(["甲", "乙"]),
            "gas": ["CO2", "CH4"],
            "year": [2020, 2021],
            "value": [1.5, -2.0],
            "activity": [np.nan, 3.0],
        }
    )
    found = list_along_entries(rows)
    numbers = {name for name in found.data_vars if found[name].dtype.kind in "fi"}
    assert numbers == {"year", "value", "activity"}
    assert found["year"].values.tolist() == [2020, 2021]
    assert [type(word) for word in found["gas"].values.tolist()] == [str, str]
    assert found["area"].values.tolist() == ["甲", "乙"]
    assert found["value"].values.tolist() == [1.5, -2.0]
    assert found["value"].attrs["units"] == "t"
    assert "unit of activity_unit" in found["activity"].attrs["long_name"]
    assert "entry" not in found.coords
