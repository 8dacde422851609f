"""Scores up a tree of indicators: weights, what lacks, what ties, and what is said of it."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from carbonacct.errors import IndexDataError
from carbonacct.indices.aggregate import join_parts
from carbonacct.indices.scoring import choose_year, score_index
from tests.indices.building import MIN_MAX, declare

TREE = ('p|weight = "3/4"', 'a|parent = "p"', 'b|parent = "p"', 'c|weight = "1/4"')


def scored(index, **columns):
    """Return the scores of a table of one year, unless it says more."""
    held = {"area": list("甲乙丙丁")[: len(next(iter(columns.values())))], "year": 2020} | columns
    return score_index(index, pd.DataFrame(held))


def row(result, array, area="甲"):
    """Return the numbers or words of one area by indicator."""
    held = getattr(result, array).sel(area=area, year=result.score["year"].values[-1])
    return dict(zip(held["indicator"].values.tolist(), held.values.tolist(), strict=True))


def test_a_tree_is_weighted_from_its_leaves_up(tmp_path):
    """(80 + 40) / 2 = 60 of p; 3/4 x 60 + 1/4 x 20 = 50, on a scale of 10: 5."""
    result = scored(declare(tmp_path, *TREE, more="scale = 10"), a=[80.0], b=[40.0], c=[20.0])
    assert row(result, "score") == pytest.approx({"mine": 5, "p": 6, "a": 8, "b": 4, "c": 2})
    assert row(result, "weight") == pytest.approx(
        {"mine": 1, "p": 0.75, "a": 0.375, "b": 0.375, "c": 0.25}
    )
    assert row(result, "weighted") == pytest.approx(
        {"mine": 5, "p": 4.5, "a": 3, "b": 1.5, "c": 0.5}
    )
    assert row(result, "value") == pytest.approx(
        {"mine": np.nan, "p": np.nan, "a": 80, "b": 40, "c": 20}, nan_ok=True
    )


@pytest.mark.parametrize(
    ("missing", "scores", "states", "weights"),
    [
        (
            "absent",
            [None, None, 80, None, 20],
            ["missing", "missing", "supplied", "missing", "supplied"],
            [0.375] * 2,
        ),
        (
            "renormalise",
            [65, 80, 80, None, 20],
            ["complete", "partial", "supplied", "missing", "supplied"],
            [0.75, 0],
        ),
    ],
)
def test_a_part_that_lacks_voids_its_node_or_leaves_its_weight_to_the_others(
    tmp_path, missing, scores, states, weights
):
    """Without b: nothing above it, or p is a alone and 3/4 x 80 + 1/4 x 20 = 65."""
    index = declare(tmp_path, *TREE, more=f'scale = 100\nmissing = "{missing}"')
    result = scored(index, a=[80.0], b=[None], c=[20.0])
    assert list(row(result, "score").values()) == pytest.approx(
        [np.nan if one is None else one for one in scores], nan_ok=True
    )
    assert list(row(result, "status").values()) == states
    assert [row(result, "weight")[name] for name in "ab"] == weights


def test_nothing_at_all_is_missing_under_either_rule(tmp_path):
    """An area without any number has no score, no rank, and no division by zero."""
    for missing in ("absent", "renormalise"):
        index = declare(tmp_path, *TREE, more=f'missing = "{missing}"')
        result = scored(index, a=[80.0, None], b=[1.0, None], c=[1.0, None])
        assert row(result, "status", "乙")["mine"] == "missing"
        assert result.rank().sel(year=2020).values.tolist() == pytest.approx(
            [1, np.nan], nan_ok=True
        )


def test_equals_that_a_group_does_not_tell_apart_have_no_score(tmp_path):
    """Of their own status, and said with the rule and its group."""
    index = declare(tmp_path, "a", "b", rules='kind = "group-min-max"\nsource = "s"')
    result = scored(index, a=[5.0, 5.0], b=[1.0, 2.0])
    assert row(result, "status") == {"mine": "missing", "a": "no-score", "b": "supplied"}
    found = [one for one in result.findings if one.rule == "nothing-to-compare"]
    assert [(one.severity, one.message) for one in found] == [
        (
            "error",
            "a (名a) gives no score: group-min-max over the year finds nothing to compare, one value or equal ones",
        )
    ]


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ([0.0, 100.0], ""),
        ([-1.0, 100.0], "1 cell and counts as the bound: table!C2 (-1 as 0)"),
        ([0.0, 101.0], "1 cell and counts as the bound: table!C3 (101 as 100)"),
        (
            [-5.0, 120.0],
            "2 cells and counts as the bound: table!C2 (-5 as 0), table!C3 (120 as 100)",
        ),
        ([None, 120.0], "1 cell and counts as the bound: table!C3 (120 as 100)"),
    ],
)
def test_what_lies_beyond_stated_bounds_counts_as_the_bound_and_is_said(tmp_path, values, said):
    """Cell by cell; the bounds themselves lie within."""
    result = scored(declare(tmp_path, "a", "b"), a=values, b=[50.0, 50.0])
    found = [one for one in result.findings if one.rule == "beyond-bounds"]
    wanted = [f"a (名a) lies beyond the bounds 0 and 100 in {said}"] if said else []
    assert [one.message for one in found] == wanted
    held = result.score.sel(indicator="a", year=2020).values
    assert held == pytest.approx(np.clip(np.array(values, float), 0, 100) / 100, nan_ok=True)


def test_twelve_cells_beyond_bounds_are_named_and_more_are_counted(tmp_path):
    """Thirteen: the last as dots, with their number."""
    index = declare(tmp_path, "a")
    table = pd.DataFrame({"area": [f"甲{n}" for n in range(13)], "year": 2020, "a": 200.0})
    (found,) = [one for one in score_index(index, table).findings if one.rule == "beyond-bounds"]
    assert found.message.count(" as 100)") == 12
    assert "in 13 cells" in found.message
    (found,) = [
        one for one in score_index(index, table.head(12)).findings if one.rule == "beyond-bounds"
    ]
    assert found.message.endswith("table!C13 (200 as 100)")


def test_a_benchmark_in_doubt_is_said_where_it_scores_something(tmp_path):
    """With the number, its unit and the doubt; of a leaf without any value nothing is said."""
    rule = 'kind = "ratio"\nreference = 6.7\nsource = "s"\nunconfirmed = "the year"'
    index = declare(tmp_path, "a", "b", rules=rule)
    result = scored(index, a=[5.0, None], b=[None, None])
    found = [one for one in result.findings if one.rule == "unconfirmed-benchmark"]
    assert [(one.severity, one.message, one.action) for one in found] == [
        (
            "warning",
            "a (名a) is scored against 6.7 %: the year",
            "copy the declaration and give rule.r a reference that you can defend",
        )
    ]


def test_the_rows_of_a_year(tmp_path):
    """The last unless asked for; a row for the index and each node, area by area; another year is refused."""
    index = declare(tmp_path, *TREE)
    table = pd.DataFrame(
        {"area": ["甲", "甲", "乙", "乙"], "year": [2019, 2020] * 2, "a": [1.0, 2, 3, 4]}
    )
    result = score_index(index, table.assign(b=10.0, c=0.0))
    last, first = result.to_frame(), result.to_frame(2019)
    assert last["area"].tolist() == ["甲"] * 5 + ["乙"] * 5
    assert last["indicator"].tolist() == ["mine", "p", "a", "b", "c"] * 2
    assert last["level"].tolist() == [0, 1, 2, 2, 1] * 2
    assert last["unit"].tolist() == ["", "", "%", "%", "%"] * 2
    assert last.loc[last["indicator"] == "a", "value"].tolist() == [2.0, 4.0]
    assert first.loc[first["indicator"] == "a", "value"].tolist() == [1.0, 3.0]
    with pytest.raises(IndexDataError, match=r"no year 2018 in the table; it has 2019, 2020$"):
        result.to_frame(2018)
    assert (choose_year([2019, 2020], None), choose_year([2019, 2020], 2019)) == (2020, 2019)


def test_ranks_are_of_each_year_by_itself(tmp_path):
    """The better of one year may be the worse of the next."""
    table = pd.DataFrame(
        {"area": ["甲", "甲", "乙", "乙"], "year": [2019, 2020] * 2, "a": [9.0, 1, 5, 5]}
    )
    rank = score_index(declare(tmp_path, "a"), table).rank()
    assert rank.sel(area="甲").values.tolist() == [1.0, 2.0]
    assert rank.sel(area="乙").values.tolist() == [2.0, 1.0]


def test_an_index_takes_an_inventory_of_entries(tmp_path):
    """Another thing is refused by the name of what it is."""
    index = declare(tmp_path, "a")
    with pytest.raises(
        IndexDataError, match="an index takes an inventory of entries, not dict; give to_inventory"
    ):
        score_index(index, pd.DataFrame({"area": ["甲"], "year": [2020], "a": [1.0]}), inventory={})


def test_a_rule_is_each_leafs_own(tmp_path):
    """Less is better for one, more for the other, by rules of their own."""
    rules = {"r": MIN_MAX, "q": 'kind = "min-max"\nminimum = 0\nmaximum = 10\nsource = "s"'}
    result = scored(
        declare(tmp_path, "a", 'b|rule = "q"|direction = "less"', rules=rules), a=[20.0], b=[2.0]
    )
    assert row(result, "score") == pytest.approx({"mine": 0.5, "a": 0.2, "b": 0.8})


PARTS = st.lists(
    st.tuples(st.floats(0, 1) | st.just(float("nan")), st.floats(0.01, 1)), min_size=1, max_size=5
)


@given(PARTS, st.floats(0.1, 10))
def test_means_of_parts_lie_between_them_and_the_product_below_the_sum(parts, factor):
    """Weights count by their ratio, what lacks not at all; a geometric mean is never above the arithmetic."""
    scores, weights = (np.array(column) for column in zip(*parts, strict=True))
    there = scores[~np.isnan(scores)]
    found = [float(join_parts(scores, weights, how)) for how in ("geometric", "arithmetic")]
    again = [
        float(join_parts(scores, weights * factor, how)) for how in ("geometric", "arithmetic")
    ]
    assert again == pytest.approx(found, nan_ok=True, rel=1e-9)
    assert np.isnan(found).all() == (not len(there))
    if len(there):
        in_order = [there.min(), *found, there.max()]
        assert all(low <= high + 1e-12 for low, high in pairwise(in_order))
        beside = [
            float(join_parts(np.append(scores, np.nan), np.append(weights, 1.0), how))
            for how in ("geometric", "arithmetic")
        ]
        assert beside == found
