"""What must hold of every index: monotone, invariant, local, and honest about what is missing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from carbonacct.indices.index_declaration import ScoreRule, load_index
from carbonacct.indices.index_panel import panel_from_frame
from carbonacct.indices.indicator_values import compute_values, sum_groups
from carbonacct.indices.normalise import apply_rule
from carbonacct.indices.rank_counts import add_ranks
from carbonacct.indices.scoring import rank_areas, score_index

INDICES = ("ccni-2.0", "dual-carbon-big-data", "pilot-evaluation", "tai-2001")
GROUP = {"group-min-max", "percentile"}
RULES = (
    ScoreRule("a", "min-max", minimum=-5, maximum=20),
    ScoreRule("b", "min-max", minimum=1, maximum=900, transform="log10"),
    ScoreRule("c", "group-min-max"),
    ScoreRule("d", "group-min-max", over="panel"),
    ScoreRule("e", "percentile"),
    ScoreRule("f", "percentile", over="panel"),
    ScoreRule("g", "ratio", reference=7.0),
    ScoreRule("h", "steps", steps=((-1.0, 0.0), (2.0, 0.5)), beyond=1.0),
)
numbers = st.floats(-1e6, 1e6, allow_nan=False).map(lambda number: round(number, 3))
grids = npst.arrays(
    np.float64,
    st.tuples(st.integers(1, 6), st.integers(1, 3)),
    elements=st.one_of(numbers, st.just(np.nan)),
)


@st.composite
def tables(draw, name, *, areas=None):
    """Tables of an index with every leaf supplied: 2 to 5 areas, 1 to 3 years, some cells blank."""
    index = load_index(name)
    count = areas or draw(st.integers(2, 5))
    years = draw(st.integers(1, 3))
    columns = {
        "area": [f"area {number}" for number in range(count) for _ in range(years)],
        "year": [2018 + year for _ in range(count) for year in range(years)],
    }
    for leaf in index.leaves:
        about = index.inputs[leaf.id]
        if about.grades:
            cells = st.sampled_from([grade.id for grade in about.grades])
        elif leaf.op == "decoupling":
            continue
        else:
            steps = 80 if leaf.unit == "points" else 4
            cells = st.integers(0, 400).map(lambda number, steps=steps: number / steps)
        columns[leaf.id] = draw(
            st.lists(
                st.one_of(cells, cells, cells, st.none()),
                min_size=count * years,
                max_size=count * years,
            )
        )
    return pd.DataFrame(columns)


@pytest.mark.parametrize(
    "rule", RULES, ids=lambda rule: f"{rule.kind} {rule.over} {rule.transform}"
)
@settings(max_examples=40)
@given(values=grids, more=st.booleans())
def test_scores_lie_between_0_and_1_and_missing_stays_missing(rule, values, more):
    """No score outside 0 to 1; no number, no score."""
    scores = apply_rule(values, rule, more=more)
    assert scores.shape == values.shape
    assert np.isnan(scores[np.isnan(values)]).all()
    there = scores[~np.isnan(scores)]
    assert ((there >= 0) & (there <= 1)).all()


@pytest.mark.parametrize(
    "rule", RULES, ids=lambda rule: f"{rule.kind} {rule.over} {rule.transform}"
)
@settings(max_examples=40)
@given(values=grids, more=st.booleans(), by=st.floats(0, 1e5), data=st.data())
def test_a_better_value_never_scores_less(rule, values, more, by, data):
    """Monotone in the direction of the indicator, the others staying as they are."""
    more = rule.kind == "steps" or more
    cell = data.draw(
        st.tuples(st.integers(0, values.shape[0] - 1), st.integers(0, values.shape[1] - 1))
    )
    better = values.copy()
    better[cell] += by if more else -by
    before, after = (
        apply_rule(values, rule, more=more)[cell],
        apply_rule(better, rule, more=more)[cell],
    )
    assert np.isnan(before) or np.isnan(after) or after >= before - 1e-12


@pytest.mark.parametrize(
    "rule",
    [rule for rule in RULES if rule.kind not in GROUP],
    ids=lambda rule: f"{rule.kind} {rule.transform}",
)
@settings(max_examples=40)
@given(values=grids, more=st.booleans())
def test_a_score_depends_on_others_only_under_a_group_rule(rule, values, more):
    """Each cell alone scores what it scores among others."""
    alone = np.array(
        [
            [apply_rule(np.array([[value]]), rule, more=more)[0, 0] for value in row]
            for row in values
        ]
    )
    assert np.array_equal(alone, apply_rule(values, rule, more=more), equal_nan=True)


@settings(max_examples=40)
@given(values=grids, more=st.booleans())
def test_a_group_of_one_year_does_not_see_other_years(values, more):
    """Over the year: each column is scored apart; over the panel: all together."""
    for kind in GROUP:
        apart = [
            apply_rule(values[:, [column]], ScoreRule("r", kind), more=more)
            for column in range(values.shape[1])
        ]
        assert np.array_equal(
            np.concatenate(apart, axis=1),
            apply_rule(values, ScoreRule("r", kind), more=more),
            equal_nan=True,
        )
        pooled = apply_rule(values.reshape(-1, 1), ScoreRule("r", kind), more=more).reshape(
            values.shape
        )
        assert np.array_equal(
            pooled,
            apply_rule(values, ScoreRule("r", kind, over="panel"), more=more),
            equal_nan=True,
        )


@pytest.mark.parametrize("name", INDICES)
@settings(max_examples=6)
@given(data=st.data())
def test_row_order_does_not_matter_and_missing_stays_missing(name, data):
    """Shuffled rows give the same scores; a total is there exactly where every leaf has a score."""
    table = data.draw(tables(name))
    result = score_index(name, table)
    shuffled = score_index(name, table.iloc[data.draw(st.permutations(range(len(table))))])
    again = shuffled.score.sel(area=result.score["area"], year=result.score["year"])
    assert np.allclose(result.score, again, equal_nan=True, rtol=0, atol=1e-9)
    leaves = result.score.sel(indicator=[leaf.id for leaf in result.index.leaves])
    assert (~np.isnan(result.total()) == (~np.isnan(leaves)).all("indicator")).all()
    top = result.score / result.index.scale
    assert not ((top > 1 + 1e-12) | (top < -1e-12)).any()


@pytest.mark.parametrize("name", INDICES)
@settings(max_examples=6)
@given(data=st.data())
def test_the_missing_rule_that_scales_up_uses_what_is_there(name, data):
    """Under renormalise the used weights of an area add up to one, and an absent part weighs nothing."""
    index = replace(load_index(name), missing="renormalise")
    result = score_index(index, data.draw(tables(name)))
    leaves = [leaf.id for leaf in index.leaves]
    weight, score = result.weight.sel(indicator=leaves), result.score.sel(indicator=leaves)
    there = ~np.isnan(result.total())
    assert np.allclose(weight.sum("indicator").where(there, 1.0), 1)
    assert np.allclose(
        result.weighted.sel(indicator=leaves).sum("indicator").where(there),
        result.total(),
        equal_nan=True,
    )
    assert (weight.where(np.isnan(score) & there, 0.0) == 0).all()
    assert set(np.unique(result.status.sel(indicator=index.id).values)) <= {
        "complete",
        "partial",
        "missing",
    }


@settings(max_examples=8)
@given(
    amounts=st.lists(st.tuples(st.integers(1, 9000), st.integers(1, 9000)), min_size=1, max_size=4)
)
def test_units_do_not_matter(amounts):
    """Persons or 万人, tonnes or 万吨: the head says which, and the values are the same."""
    index = load_index("ccni-2.0")
    areas = [f"a{number}" for number in range(len(amounts))]
    plain = pd.DataFrame(
        {
            "area": areas,
            "year": 2020,
            "co2": [c for c, _ in amounts],
            "population": [p for _, p in amounts],
        }
    )
    other = pd.DataFrame(
        {
            "area": areas,
            "year": 2020,
            "co2 (t)": [c * 10_000 for c, _ in amounts],
            "常住人口（人）": [p * 10_000 for _, p in amounts],
        }
    )
    values = [
        compute_values(index, panel_from_frame(frame, index))
        .value.sel(indicator="co2_per_head")
        .values
        for frame in (plain, other)
    ]
    assert np.allclose(values[0], values[1], rtol=1e-12)


@settings(max_examples=8)
@given(
    amounts=st.lists(st.tuples(st.integers(1, 9000), st.integers(1, 9000)), min_size=2, max_size=5)
)
def test_the_ratio_of_a_group_is_the_ratio_of_its_sums(amounts):
    """CO2 per head of a province is its CO2 over its people, and lies between its cities'."""
    index = load_index("ccni-2.0")
    areas = [f"a{number}" for number in range(len(amounts))]
    cities = panel_from_frame(
        pd.DataFrame(
            {
                "area": areas,
                "year": 2020,
                "co2": [c for c, _ in amounts],
                "population": [p for _, p in amounts],
            }
        ),
        index,
    )
    province = sum_groups(cities, index, dict.fromkeys(areas, "province"))
    found = compute_values(index, province).value.sel(indicator="co2_per_head").item()
    assert np.isclose(found, sum(c for c, _ in amounts) / sum(p for _, p in amounts))
    each = compute_values(index, cities).value.sel(indicator="co2_per_head")
    assert each.min() - 1e-9 <= found <= each.max() + 1e-9


def test_a_group_with_a_gap_has_no_sum_and_shares_have_none():
    """A province lacks what one of its cities lacks, and shares of cities do not add up."""
    index = load_index("ccni-2.0")
    table = pd.DataFrame(
        {
            "area": ["a", "b"],
            "year": 2020,
            "co2": [1.0, None],
            "population": [1.0, 2.0],
            "waste_sorting": [50.0, 60.0],
        }
    )
    panel = sum_groups(panel_from_frame(table, index), index, {"a": "p", "b": "p"})
    held = panel.values.sel(area="p", year=2020)
    assert np.isnan(held.sel(input="co2").item())
    assert held.sel(input="population").item() == 3
    assert np.isnan(held.sel(input="waste_sorting").item())
    with pytest.raises(ValueError, match="groups: c not in the table; its areas are a, b"):
        sum_groups(panel_from_frame(table, index), index, {"c": "p"})


@given(
    scores=npst.arrays(
        np.float64,
        st.tuples(st.integers(1, 4), st.integers(1, 3), st.integers(1, 9)),
        elements=st.one_of(
            st.sampled_from([0.0, -0.0, 0.1 + 0.2, 0.3, 1 / 3, np.nan, -5.0]),
            st.floats(-100, 100).map(np.float64),
        ),
    ),
    scale=st.sampled_from([1.0, 1e6, 1e200]),
)
@settings(max_examples=40)
def test_counts_of_ranks_are_those_of_the_ranks(scores, scale):
    """Each area has each rank as often as the draws rank it so, whatever the size of the scores."""
    draws, years, areas = scores.shape
    counts = np.zeros((areas, years, areas + 1), dtype=np.int64)
    add_ranks(counts, scores * scale)
    ranks = np.nan_to_num(rank_areas(scores * scale)).astype(int)
    expected = (ranks.transpose(2, 1, 0)[..., None] == np.arange(areas + 1)).sum(axis=2)
    assert np.array_equal(counts, expected)
    assert counts.sum() == draws * years * areas


@given(
    scores=npst.arrays(
        np.float64,
        st.integers(1, 12),
        elements=st.one_of(st.integers(0, 5).map(float), st.just(np.nan)),
    )
)
def test_a_rank_is_one_more_than_the_number_of_better_ones(scores):
    """Equals share the better rank; no score, no rank."""
    expected = [
        np.nan if np.isnan(score) else 1 + float(np.sum(scores > score)) for score in scores
    ]
    assert np.array_equal(rank_areas(scores), expected, equal_nan=True)
