"""Four groups against a reference: the dividing lines, what is missing, what is refused."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from carbonacct.analysis.groups import GROUP_NAMES, group_against_reference
from carbonacct.errors import PanelError

AREAS = pd.DataFrame(
    {"gdp_per_head": [40.0, 30.0, 20.0, 30.0], "co2_per_head": [6.0, 5.0, None, 5.0]},
    index=["A", "B", "C", "nation"],
)


def test_an_area_on_the_lines_is_poor_and_low():
    """An area equal to the reference is above neither line."""
    assert group_against_reference(AREAS, "nation")["B"] == "poor-low"


def test_an_area_that_lacks_a_number_has_no_group():
    """Absent CO2 per head gives no group, not a low one."""
    found = group_against_reference(AREAS, "nation")
    assert found["A"] == "rich-high"
    assert pd.isna(found["C"])
    assert "nation" not in found


@given(
    st.lists(st.tuples(st.floats(1, 1e6), st.floats(0.1, 100)), min_size=1, max_size=20),
    st.integers(-3, 3),
)
def test_units_and_order_do_not_matter(pairs, power):
    """Any unit of GDP (a power of two, exact) and any order of rows give the same groups, each a named one."""
    areas = pd.DataFrame([*pairs, (100.0, 5.0)], columns=["gdp_per_head", "co2_per_head"]).rename(
        index=str
    )
    reference = str(len(pairs))
    found = group_against_reference(areas, reference)
    assert set(found) <= set(GROUP_NAMES)
    scaled = areas.assign(gdp_per_head=areas["gdp_per_head"] * 2.0**power)
    assert (
        group_against_reference(scaled.iloc[::-1], reference)
        .sort_index()
        .equals(found.sort_index())
    )


@pytest.mark.parametrize(
    ("areas", "reference", "message"),
    [
        (
            AREAS.rename(columns={"gdp_per_head": "gdp_a_head"}),
            "nation",
            "no column 'gdp_per_head'; did you mean gdp_a_head",
        ),
        (AREAS, "nations", "no area 'nations' to compare with; did you mean nation"),
        (AREAS, "C", "C lacks gdp_per_head or co2_per_head"),
        (pd.concat([AREAS, AREAS.iloc[:1]]), "nation", "A is there twice"),
        (AREAS.astype(object).replace(40.0, "much"), "nation", "holds what is no number"),
    ],
)
def test_what_cannot_be_grouped_is_one_line(areas, reference, message):
    """A missing column or reference, a gap in the reference, an area twice and text are refused."""
    with pytest.raises(PanelError, match=message) as caught:
        group_against_reference(areas, reference)
    assert "\n" not in str(caught.value)
