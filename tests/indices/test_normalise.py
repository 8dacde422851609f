"""Each way to a score, on numbers that a person can follow."""

from __future__ import annotations

import numpy as np
import pytest

from carbonacct.indices.index_declaration import ScoreRule
from carbonacct.indices.normalise import apply_rule
from carbonacct.indices.scoring import rank_areas

VALUES = np.array([[1.0], [10.0], [100.0], [np.nan]])


def score(rule, values=VALUES, *, more=True):
    """Return the scores of one column as a list."""
    return [
        None if np.isnan(number) else round(float(number), 12)
        for number in apply_rule(values, rule, more=more).ravel()
    ]


def test_min_max_between_stated_bounds():
    """Half way scores a half, outside the bounds 0 or 1, and the other way round where less is better."""
    assert score(ScoreRule("r", "min-max", minimum=5, maximum=15)) == [0, 0.5, 1, None]
    assert score(ScoreRule("r", "min-max", minimum=5, maximum=15), more=False) == [1, 0.5, 0, None]


def test_min_max_of_logarithms():
    """10 lies half way from 1 to 100; zero lies below every bound."""
    assert score(ScoreRule("r", "min-max", minimum=1, maximum=100, transform="log10")) == [
        0,
        0.5,
        1,
        None,
    ]
    assert score(
        ScoreRule("r", "min-max", minimum=1, maximum=100, transform="log10"), np.array([[0.0]])
    ) == [0]


def test_min_max_of_a_group():
    """The worst and the best of the group get 0 and 1; a group of equals tells nothing."""
    assert score(ScoreRule("r", "group-min-max")) == [0, round(9 / 99, 12), 1, None]
    assert score(ScoreRule("r", "group-min-max"), np.array([[7.0], [7.0]])) == [None, None]


def test_percentile_in_a_group():
    """The share of the others that are beaten, half of those equalled; alone there is none."""
    assert score(ScoreRule("r", "percentile")) == [0, 0.5, 1, None]
    assert score(
        ScoreRule("r", "percentile"), np.array([[1.0], [2.0], [2.0], [3.0], [3.0]]), more=False
    ) == [
        1,
        0.625,
        0.625,
        0.125,
        0.125,
    ]
    assert score(ScoreRule("r", "percentile"), np.array([[1.0]])) == [None]


def test_ratio_to_a_benchmark():
    """Twice the benchmark scores a half where less is better; what reaches it scores 1."""
    assert score(ScoreRule("r", "ratio", reference=50.0), more=False) == [1, 1, 0.5, None]
    assert score(ScoreRule("r", "ratio", reference=50.0)) == [0.02, 0.2, 1, None]
    assert score(ScoreRule("r", "ratio", reference=50.0), np.array([[0.0]]), more=False) == [1]


def test_steps_take_in_their_bound():
    """A value on a bound has the points of that bound: a total that does not grow, 0 %, has not grown."""
    rule = ScoreRule("r", "steps", steps=((0.0, 1.0), (1.3, 0.6)), beyond=0.0)
    assert score(rule, np.array([[-5.0], [0.0], [0.1], [1.3], [1.4], [np.nan]])) == [
        1,
        1,
        0.6,
        0.6,
        0,
        None,
    ]


def test_ranks_do_not_hang_on_the_last_digit():
    """0.1 + 0.2 and 0.3 are equals."""
    assert rank_areas(np.array([0.1 + 0.2, 0.3, 0.5])).tolist() == [2, 2, 1]


@pytest.mark.parametrize(
    ("apart", "are_equal"),
    [(0.0, True), (4e-13, True), (-4e-13, True), (6e-13, False), (1e-9, False)],
)
def test_scores_are_equal_to_twelve_digits(apart, are_equal):
    """0.1 + 0.2 and 0.3 share a rank: what differs in the last digits is the rounding of sums."""
    assert rank_areas(np.array([0.5, 0.5 + apart])).tolist() == ([1, 1] if are_equal else [2, 1])
