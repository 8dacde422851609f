"""What the sums of a table say of a label's ids: how sure each becomes, and which is filled in."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from carbonacct.balances.check.lines import _find_inputs
from carbonacct.balances.proposals import proposal
from carbonacct.balances.proposals.proposal import AskedLabel, _assume, _key_of, _weigh
from carbonacct.sheets.raw_sheets import Unknown

FLOWS = ("farming", "industry", "construction", "transport", "households", "losses")


def weigh(monkeypatch, scores, closing, *, asked=1, names=FLOWS, assumed="farming", kind="flow"):
    """Return a label after sums have spoken: ``closing`` are the digits that speak for each id."""
    monkeypatch.setattr(proposal, "find_closing", lambda *_: closing)
    label = AskedLabel(kind, "怪甲", None, ((2, 0),), dict(scores), assumed)
    _weigh(label, SimpleNamespace(flows=names, products=names), asked)
    return label


@pytest.mark.parametrize(
    ("scores", "closing", "best", "share"),
    [
        # Letters or place speak for one that alone closes the sums: it is certain, as far as digits prove.
        ({"industry": 0.2, "farming": 0.1}, {"industry": 6.0}, "industry", 1 - 0.8 * 0.05),
        ({"industry": 0.2}, {"industry": 3.0}, "industry", 1 - 0.8 * (1 - 0.95 / 2)),
        ({"industry": 0.15}, {"industry": 6.0}, "industry", 1 - 0.85 * 0.05),
        # Nothing else speaks for it: half as sure.
        ({"industry": 0.14}, {"industry": 6.0}, "industry", 1 - 0.86 * 0.5),
        ({}, {"industry": 6.0}, "industry", 0.5),
        # More than six digits prove no more.
        ({"industry": 0.2}, {"industry": 9.0}, "industry", 1 - 0.8 * 0.05),
        # One that closes as well, to a digit: none is certain.
        ({"industry": 0.2}, {"industry": 6.0, "losses": 5.1}, "industry", 1 - 0.8 * 0.5),
        ({"industry": 0.2}, {"industry": 6.0, "losses": 5.0}, "industry", 1 - 0.8 * 0.05),
        # A part of the same parent closes as it does and does not speak against it.
        (
            {"industry.textile": 0.2},
            {"industry.textile": 6.0, "industry.chemicals": 6.0},
            "industry.textile",
            0.96,
        ),
        # Two that letters speak for are not told apart.
        (
            {"industry": 0.3, "transport": 0.2},
            {"industry": 6.0, "transport": 6.0},
            "industry",
            1 - 0.7 * 0.5,
        ),
    ],
)
def test_how_sure_sums_make_an_id(monkeypatch, scores, closing, best, share):
    """1 - (1 - what was) x (1 - what the sums say); the likeliest stands first."""
    label = weigh(monkeypatch, scores, closing)
    assert label.best == best
    assert label.scores[best] == pytest.approx(share)
    assert list(label.scores.values()) == sorted(label.scores.values(), reverse=True)
    for name in scores.keys() - closing.keys():
        assert label.scores[name] == scores[name]


@pytest.mark.parametrize(("asked", "is_certain"), [(1, True), (3, True), (4, False)])
def test_sums_of_a_table_of_which_half_is_not_known_make_nothing_certain(
    monkeypatch, asked, is_certain
):
    """Of six labels three may be asked: others that are only assumed stand in the same sums."""
    label = weigh(monkeypatch, {"industry": 0.2}, {"industry": 6.0}, asked=asked)
    assert label.scores["industry"] == pytest.approx(1 - 0.8 * (0.05 if is_certain else 0.5))
    assert label.certain == ("industry" if is_certain else "")


def test_a_label_that_was_read_as_nothing_is_not_weighed(monkeypatch):
    """Its numbers stand in no sum."""
    scores = {"industry": 0.2}
    assert (
        weigh(monkeypatch, scores, {"industry": 6.0}, assumed="losses", names=("farming",)).scores
        == scores
    )


@pytest.mark.parametrize(
    ("scores", "certain"),
    [
        ({"industry": 0.96}, "industry"),
        ({"industry": 0.96, "farming": 0.95}, ""),
        ({"industry": 0.3}, ""),
        ({}, ""),
    ],
)
def test_what_is_filled_in(scores, certain):
    """A sure id that is well ahead of the next; else a person chooses."""
    assert AskedLabel("flow", "怪甲", None, ((2, 0),), scores).certain == certain


def test_what_is_assumed_is_the_likeliest_id_of_each():
    """One without any is left out."""
    labels = [
        AskedLabel("flow", "怪甲", None, (), {"industry": 0.4, "farming": 0.2}),
        AskedLabel("flow", "怪乙", None, (), {}),
    ]
    assert _assume(labels).flows == {"怪甲": "industry"}


def test_labels_that_folding_makes_one_are_one():
    """其中 零售量 and 其中:零售量; of a sign alone the text itself is kept."""
    keys = [
        _key_of(Unknown("flow", text, ()))
        for text in ("其中 零售量", "其中:零售量", "零售量", "。", "；")
    ]
    assert keys[0] == keys[1] == keys[2]
    assert len({keys[2], keys[3], keys[4]}) == 3
    assert _key_of(Unknown("product", "零售量", ())) != keys[2]


@pytest.mark.parametrize(
    ("difference", "is_found"),
    [(10.0, True), (10.2, True), (9.8, True), (10.21, False), (9.79, False), (-10.0, False)],
)
def test_a_sum_of_consumption_that_lacks_what_a_row_takes_in(difference, is_found):
    """It falls short by that, to twice the room for rounding; only where it fails, and is one of consumption."""
    row = np.array([-10.0, 5.0, np.nan])

    def case_of(*, fails=True, consumption=True):
        return SimpleNamespace(
            width=3,
            system=SimpleNamespace(
                total=np.array([3, 4]), consumption=np.array([consumption, True])
            ),
            measured=SimpleNamespace(
                difference=np.array([difference, 5.0]),
                tolerance=np.array([0.1, 0.1]),
                fails=np.array([fails, True]),
            ),
        )

    assert _find_inputs(case_of(), row).tolist() == ([0] if is_found else [])
    assert _find_inputs(case_of(fails=False), row).tolist() == []
    assert _find_inputs(case_of(consumption=False), row).tolist() == []
