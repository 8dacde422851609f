"""Readings of scores: the rules as the reports state them, their edges, and what is refused."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from carbonacct import load_published
from carbonacct.errors import PanelError
from carbonacct.indices.readings import (
    QUADRANTS,
    compare_ranks,
    correlate_scores,
    explain_score_changes,
    place_in_quadrants,
    summarise_score_groups,
)

SUB_INDICES = ["ambition", "state", "trend"]
POINTS = st.integers(-64, 64)


def read(*points: float | None, held_within: float = 0.0) -> pd.Series:
    """Return the reading of one area's changes."""
    return explain_score_changes(
        pd.DataFrame([points], columns=SUB_INDICES, dtype="float64"), held_within=held_within
    ).iloc[0]


@pytest.mark.parametrize(
    ("points", "direction", "driver", "share"),
    [
        ((6, 2, 2), "rose", "ambition", 0.6),
        ((2, 6, 2), "rose", "state", 0.6),
        ((0, 0, 4), "rose", "trend", 1.0),
        ((3, 3, 3), "rose", "combined", None),
        ((5, 4, 1), "rose", "combined", None),
        ((-6, -2, -2), "fell", "ambition", 0.6),
        ((-1, -1, -8), "fell", "trend", 0.8),
        ((1, 1, -8), "fell", "trend", 8 / 6),
        ((8, 6, -4), "rose", "ambition", 0.8),
    ],
)
def test_the_driver_makes_more_than_half(points, direction, driver, share):
    """中国城市双碳指数 2021-2022, 分年度进展分析: more than 50 % of the change names the type.

    Exactly 50 % does not; the greater share counts.
    """
    found = read(*points)
    assert (found["direction"], found["driver"]) == (direction, driver)
    assert math.isnan(found["share"]) if share is None else found["share"] == pytest.approx(share)


def test_a_score_that_held_has_no_driver():
    """Within the stated width, and at its edge, a score held, whatever cancels inside it."""
    for points in ((0, 0, 0), (5, -5, 0), (0.5, 0, 0), (-0.5, 0, 0)):
        found = read(*points, held_within=0.5)
        assert found["direction"] == "held"
        assert pd.isna(found["driver"])
        assert pd.isna(found["share"])
    assert read(0.51, 0, 0, held_within=0.5)["direction"] == "rose"


def test_an_area_that_lacks_a_sub_index_has_no_reading():
    """Absent is not zero: no total, no direction, no driver."""
    assert read(1, None, 9).isna().all()


@settings(max_examples=40)
@given(
    st.lists(st.tuples(POINTS, POINTS, POINTS), min_size=1, max_size=30),
    st.sampled_from([0.25, 2.0, 1024.0]),
)
def test_readings_keep_under_scale_sign_and_order(rows, scale):
    """A scale of a power of 2 keeps every driver, a change of sign swaps rose and fell, rows are independent."""
    changes = pd.DataFrame(rows, columns=SUB_INDICES, dtype="float64")
    found = explain_score_changes(changes, held_within=0)
    assert explain_score_changes(changes * scale, held_within=0)[
        ["direction", "driver", "share"]
    ].equals(found[["direction", "driver", "share"]])
    turned = explain_score_changes(-changes, held_within=0)
    assert turned["driver"].equals(found["driver"])
    assert turned["direction"].replace({"rose": "fell", "fell": "rose"}).equals(found["direction"])
    assert explain_score_changes(changes.iloc[::-1], held_within=0).sort_index().equals(found)


@given(st.lists(st.tuples(POINTS, POINTS, POINTS), min_size=1, max_size=30))
def test_a_driver_has_its_share(rows):
    """The share is the driver's change over the total, above one half; no driver means no sub-index is above it."""
    changes = pd.DataFrame(rows, columns=SUB_INDICES, dtype="float64")
    found = explain_score_changes(changes, held_within=0)
    for area, row in found[found["driver"].notna()].iterrows():
        shares = changes.loc[area] / changes.loc[area].sum()
        assert (
            row["driver"] == "combined"
            if (shares <= 0.5).all()
            else row["share"] == pytest.approx(shares[row["driver"]]) == pytest.approx(shares.max())
        )


@given(st.tuples(POINTS, POINTS, POINTS), st.integers(0, 20))
def test_tenths_are_read_as_printed(tenths, held):
    """Scores are printed in tenths, which binary numbers miss: the reading is the one that whole numbers give."""
    found = read(*(value / 10 for value in tenths), held_within=held / 10)
    total = sum(tenths)
    sign = 1 if total > 0 else -1
    most = max(sign * value for value in tenths)
    assert found["direction"] == ("held" if abs(total) <= held else "rose" if total > 0 else "fell")
    if abs(total) <= held:
        assert pd.isna(found["driver"])
    elif 2 * most > abs(total):
        assert found["driver"] == SUB_INDICES[[sign * value for value in tenths].index(most)]
    else:
        assert found["driver"] == "combined"


def test_a_column_of_any_name_can_group():
    """The name of the column of groups does not touch the result."""
    scores = pd.DataFrame(
        {
            "score": [3.0, 2.0, 1.0],
            "rank": ["a", "a", "b"],
            "first": ["a", "a", "b"],
            "value": ["a", "a", "b"],
        }
    )
    found = [
        summarise_score_groups(scores, value="score", by=by, first=1).to_numpy().tolist()
        for by in ("rank", "first", "value")
    ]
    assert found[0] == found[1] == found[2] == [[2, 2.5, 1, 2, 1, 0.5], [1, 1.0, 3, 3, 0, 0.0]]


def test_no_areas_give_no_readings():
    """A table without rows is read as such."""
    empty = pd.DataFrame(columns=SUB_INDICES, dtype="float64")
    assert explain_score_changes(empty, held_within=0).empty
    assert place_in_quadrants(
        empty, x="state", y="trend", size="ambition", x_axis=0, y_axis=0
    ).empty
    assert summarise_score_groups(
        empty.assign(region=[]), value="state", by="region", first=1
    ).empty
    assert compare_ranks(empty, before="state", after="trend").empty


def test_quadrants_and_their_lines():
    """图 6: state to the right, trend upwards; on a line counts as right, or upper; no size still has a place."""
    scores = pd.DataFrame(
        {
            "state": [2, 0, 0, 2, 1, np.nan],
            "trend": [2, 2, 0, 0, 1, 2],
            "ambition": [1, 1, 1, 1, np.nan, 1],
        }
    )
    found = place_in_quadrants(scores, x="state", y="trend", size="ambition", x_axis=1, y_axis=1)
    assert found["quadrant"].tolist()[:4] == list(QUADRANTS)
    assert found["quadrant"][4] == "upper_right"
    assert pd.isna(found["quadrant"][5])
    assert found["size"].isna().tolist() == [False] * 4 + [True, False]


def test_groups_count_ranks_and_gaps():
    """Equal scores share the better rank; areas without a score are not counted, without a group are shown."""
    scores = pd.DataFrame(
        {"score": [9, 7, 7, None, 1], "region": ["east", "east", "west", "west", None]}
    )
    found = summarise_score_groups(scores, value="score", by="region", first=2)
    assert found["areas"].tolist() == [2, 1, 1]
    assert found.loc["east"].tolist() == [2, 8.0, 1, 2, 2, 1.0]
    assert found.loc["west"].tolist() == [1, 7.0, 2, 2, 1, 1.0]
    assert found.loc[found.index.isna(), "worst_rank"].item() == 4


def test_rank_changes_are_among_the_areas_that_have_both():
    """An area with one score has no rank change and takes no rank from the others."""
    scores = pd.DataFrame({"before": [5, 4, 3, 9], "after": [3, 4, 5, None]}, index=list("abcd"))
    found = compare_ranks(scores, before="before", after="after")
    assert found["before"].tolist()[:3] == [1, 2, 3]
    assert found["change"].tolist()[:3] == [-2, 0, 2]
    assert found.loc["d"].isna().all()


@given(st.permutations(range(12)), st.permutations(range(12)))
def test_rank_changes_add_up_to_zero(before, after):
    """Without ties what some areas climb others fall; swapping the years turns every sign."""
    scores = pd.DataFrame({"before": before, "after": after})
    change = compare_ranks(scores, before="before", after="after")["change"]
    assert change.sum() == 0
    assert (compare_ranks(scores, before="after", after="before")["change"] == -change).all()


def test_correlation_by_its_definition():
    """Pearson's r is the covariance over both deviations, Spearman's rho the same of ranks; gaps drop a pair."""
    scores = pd.DataFrame({"x": [1.0, 2.0, 4.0, 8.0, np.nan], "y": [3.0, 1.0, 2.0, 9.0, 5.0]})
    found = correlate_scores(scores, x="x", y="y")
    x, y = scores["x"][:4], scores["y"][:4]
    by_hand = ((x - x.mean()) * (y - y.mean())).sum() / math.sqrt(
        ((x - x.mean()) ** 2).sum() * ((y - y.mean()) ** 2).sum()
    )
    assert found["areas"] == 4
    assert found["pearson"] == pytest.approx(by_hand)
    assert found["spearman"] == pytest.approx(0.4)
    t = by_hand * math.sqrt(2 / (1 - by_hand**2))
    assert found["pearson_p"] == pytest.approx(2 * stats.t.sf(abs(t), df=2))


def test_scores_and_pm25_of_two_reports():
    """Table 2 of 中国城市双碳指数 2021-2022 against PM2.5 of 中国双碳大数据指数白皮书, 图表 21.

    The comparison is ours: r -0.14, rho -0.09, not significant.
    """
    scores = load_published("ccni-2022", "scores").set_index("area")["score"]
    pm25 = load_published("whitepaper-2022", "pm25").set_index("area")["value"]
    found = correlate_scores(pd.DataFrame({"score": scores, "pm25": pm25}), x="score", y="pm25")
    assert found["areas"] == 35
    assert found[["pearson", "spearman"]].round(2).tolist() == [-0.14, -0.09]
    assert found["pearson_p"] > 0.05


TABLE = pd.DataFrame(
    {"state": [1.0, 2.0, 3.0], "trend": [1.0, 1.0, 1.0], "ambition": ["1", "x", "3"]},
    index=["a", "b", "c"],
)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: explain_score_changes(TABLE, held_within=0), "b: ambition is 'x'; give a number"),
        (
            lambda: explain_score_changes(TABLE[["state", "trend"]], held_within=-1),
            "held_within is -1 points; give zero or more",
        ),
        (lambda: explain_score_changes(TABLE[[]], held_within=0), "no sub-index"),
        (
            lambda: place_in_quadrants(
                TABLE, x="states", y="trend", size="state", x_axis=0, y_axis=0
            ),
            "no column 'states'; did you mean state",
        ),
        (
            lambda: summarise_score_groups(TABLE, value="state", by="regions", first=1),
            "no column 'regions' of groups",
        ),
        (
            lambda: compare_ranks(pd.concat([TABLE, TABLE]), before="state", after="trend"),
            "a is there twice",
        ),
        (
            lambda: compare_ranks(
                TABLE.set_axis(["state", "trend", "state"], axis=1), before="state", after="trend"
            ),
            "state is there twice",
        ),
        (
            lambda: compare_ranks(TABLE.replace(3.0, math.inf), before="state", after="trend"),
            "c: state is 'inf'",
        ),
        (lambda: correlate_scores(TABLE, x="state", y="trend"), "trend is 1 in every area"),
        (
            lambda: correlate_scores(TABLE.iloc[:2], x="state", y="trend"),
            "2 areas have both; a correlation needs three",
        ),
    ],
)
def test_what_cannot_be_read_is_one_line(call, message):
    """Text, missing columns, areas twice, constants and too few pairs are refused by name."""
    with pytest.raises(PanelError, match=message) as caught:
        call()
    assert "\n" not in str(caught.value)
