"""Is a rank real: draws are reproducible, blocks do not matter, and what cannot move does not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from carbonacct.indices import sensitivity
from carbonacct.indices.index_declaration import ScoreRule, load_index
from carbonacct.indices.scoring import score_index
from carbonacct.indices.sensitivity import _other, draw_ranks, find_brakes, what_if
from tests.indices import facts
from tests.indices.test_worked import CCNI

TAI = score_index("tai-2001", facts.tai_table())


@pytest.mark.parametrize(
    "options",
    [{}, {"data_range": 0.05}, {"vary_rules": True}, {"data_range": 0.05, "vary_rules": True}],
    ids=str,
)
def test_the_same_seed_gives_the_same_ranks_whatever_the_block(monkeypatch, options):
    """Draws come from one stream a kind: cut in blocks of three they are the same."""
    whole = draw_ranks(TAI, draws=40, seed=7, **options).to_frame()
    monkeypatch.setattr(sensitivity, "_BLOCK", 23 * 8 * 3)
    pd.testing.assert_frame_equal(whole, draw_ranks(TAI, draws=40, seed=7, **options).to_frame())
    assert not whole.equals(
        draw_ranks(TAI, draws=40, seed=8, weight_range=0.9, **options).to_frame()
    )


def test_without_any_range_every_rank_stays():
    """Weights that do not vary give the declared ranks, and intervals of one rank."""
    frame = draw_ranks(TAI, draws=5, weight_range=0.0).to_frame()
    for column in ("rank_low", "rank_median", "rank_high"):
        assert (frame[column] == frame["rank"]).all()
    assert frame["area"].tolist() == [row[0] for row in sorted(facts.TAI, key=lambda row: row[-1])]


def test_each_way_of_drawing_gives_the_declared_scores_where_nothing_varies(monkeypatch):
    """With no spread, draws of data and rules give the declared scores, of partial areas as well."""
    table = CCNI.assign(waste_sorting=[None, 60.0, None, 40.0, 40.0, 40.0])
    partial = score_index(replace(load_index("ccni-2.0"), missing="renormalise"), table)
    kept = []
    add = sensitivity.add_ranks
    monkeypatch.setattr(
        sensitivity, "add_ranks", lambda counts, scores: kept.append(scores) or add(counts, scores)
    )
    for result in (TAI, partial):
        draw_ranks(result, draws=3, weight_range=0.0, data_range=1e-15)
        draw_ranks(result, draws=3, weight_range=0.0)
        for totals in kept[-2:]:
            assert np.allclose(totals, result.total().values.T / result.index.scale, equal_nan=True)


def test_an_area_that_leads_in_everything_leads_in_every_draw():
    """The greatest in every indicator has rank 1 under all weights; equals share their rank."""
    table = facts.tai_table().head(4).copy()
    table.loc[0, list(table.columns[2:])] = 1e6
    table.loc[2, list(table.columns[1:])] = table.loc[3, list(table.columns[1:])]
    drawn = draw_ranks(score_index("tai-2001", table), draws=200, weight_range=0.9)
    frame = drawn.to_frame().set_index("area")
    assert frame.loc["Finland", ["rank_low", "rank", "rank_high"]].tolist() == [1, 1, 1]
    assert frame.loc["Sweden"].drop(["holds_back"]).equals(frame.loc["Japan"].drop(["holds_back"]))


def test_intervals_grow_with_the_range():
    """Intervals of ranks widen with the range of the weights and hold the median."""
    widths = []
    for spread in (0.05, 0.25, 0.75):
        drawn = draw_ranks(TAI, draws=400, weight_range=spread)
        widths.append(float((drawn.high - drawn.low).sum()))
        assert ((drawn.low <= drawn.median) & (drawn.median <= drawn.high)).all()
    assert widths == sorted(widths)
    assert widths[0] < widths[-1]


def test_weights_of_the_handbook_lie_within_the_draws():
    """Handbook table 22: Finland or the United States lead under three sets of weights, and in 90 % of draws."""
    frame = draw_ranks(TAI, draws=2000, seed=1).to_frame().set_index("area")
    assert frame.loc[["Finland", "United States"], "rank_high"].tolist() == [2, 2]


def test_an_area_without_a_score_has_no_rank_in_any_draw():
    """No rank, no interval, nothing that holds it back; the others are ranked without it."""
    table = facts.tai_table()
    table.loc[table["area"] == "Finland", "patents"] = None
    frame = draw_ranks(score_index("tai-2001", table), draws=20).to_frame().set_index("area")
    assert frame.loc["Finland", ["rank", "rank_low", "rank_high", "gain"]].isna().all()
    assert not frame.loc["Finland", "holds_back"]
    assert frame.loc["United States", "rank"] == 1


def test_what_holds_an_area_back_is_where_most_is_to_gain():
    """Japan has its least, weighted, in internet hosts: 49 of 232.4 per 1,000 people, an eighth of the whole."""
    which, gain = find_brakes(TAI)
    assert which.sel(area="Japan", year=2001).item() == "internet"
    assert gain.sel(area="Japan", year=2001).item() == pytest.approx((1 - 49 / 232.4) / 8)
    after = what_if(TAI, {("Japan", "internet"): 232.4}).set_index("area")
    assert after.loc["Japan", "new_score"] - after.loc["Japan", "score"] == pytest.approx(
        (1 - 49 / 232.4) / 8
    )
    assert after.loc["Japan", ["rank", "new_rank"]].tolist() == [4, 1]
    assert (after.drop("Japan")["new_score"] == after.drop("Japan")["score"]).all()


def test_what_if_of_a_computed_indicator():
    """A leaf that alone uses its amounts may be set itself; where others use them too, the amounts are named."""
    result = score_index("ccni-2.0", CCNI)
    after = what_if(result, {("乙", "nev_penetration"): 30.0}).set_index("area")
    assert after.loc["乙", "new_score"] - after.loc["乙", "score"] == pytest.approx(
        100 * 0.4 * 0.4 * 0.25
    )
    with pytest.raises(
        ValueError,
        match="co2_per_head is computed from co2, which co2_per_gdp, trend_test, decoupling, co2_change use as well; "
        "change co2 or population",
    ):
        what_if(result, {("乙", "co2_per_head"): 1.0})
    with pytest.raises(ValueError, match="no area '丙' in the table; known: 甲, 乙"):
        what_if(result, {("丙", "co2"): 1.0})


@pytest.mark.parametrize(
    "options", [{"draws": 0}, {"level": 1.0}, {"weight_range": 1.0}, {"data_range": -0.1}], ids=str
)
def test_options_that_mean_nothing(options):
    """No draws, a level of all, a weight that may vanish, a negative range."""
    with pytest.raises(ValueError, match="expected"):
        draw_ranks(TAI, **options)


def test_each_indicator_has_its_own_range():
    """A range of every indicator is that of all; one that is not named does not vary; an unknown name is said."""
    leaves = [leaf.id for leaf in TAI.index.leaves]
    same = draw_ranks(TAI, draws=40, data_range=dict.fromkeys(leaves, 0.05)).to_frame()
    pd.testing.assert_frame_equal(same, draw_ranks(TAI, draws=40, data_range=0.05).to_frame())
    none = draw_ranks(
        TAI, draws=20, weight_range=0.0, data_range=dict.fromkeys(leaves, 0.0)
    ).to_frame()
    assert (none["rank_high"] == none["rank_low"]).all()
    one = (
        draw_ranks(TAI, draws=200, weight_range=0.0, data_range={"patents": 0.5})
        .to_frame()
        .set_index("area")
    )
    wide = one["rank_high"] - one["rank_low"]
    assert wide["Japan"] > 0  # 994 patents, the most
    with pytest.raises(ValueError, match="no indicator 'patent' with values; did you mean patents"):
        draw_ranks(TAI, data_range={"patent": 0.1})


def test_a_geometric_index_is_drawn_as_it_is_scored(monkeypatch):
    """Draws without a spread give its scores, and what holds an area back is what its best score would add."""
    geometric = score_index(
        replace(load_index("tai-2001"), aggregation="geometric"), facts.tai_table()
    )
    kept = []
    add = sensitivity.add_ranks
    monkeypatch.setattr(
        sensitivity, "add_ranks", lambda counts, scores: kept.append(scores) or add(counts, scores)
    )
    draw_ranks(geometric, draws=3, weight_range=0.0)
    np.testing.assert_allclose(
        kept[-1], np.broadcast_to(geometric.total().values.T, kept[-1].shape)
    )
    which, gain = find_brakes(geometric)
    brake = which.sel(area="Finland", year=2001).item()
    after = what_if(geometric, {("Finland", brake): 1e6}).set_index("area").loc["Finland"]
    assert after["new_score"] - after["score"] == pytest.approx(
        gain.sel(area="Finland", year=2001).item()
    )


@pytest.mark.parametrize("kind", ["group-min-max", "percentile"])
@pytest.mark.parametrize(
    ("rule", "is_varied"),
    [
        (ScoreRule("r", "min-max", minimum=5, maximum=15), True),
        (ScoreRule("r", "group-min-max"), True),
        (ScoreRule("r", "percentile", over="panel"), True),
        (ScoreRule("r", "ratio", reference=7.0), True),
        (ScoreRule("r", "steps", steps=((1.0, 0.0),), beyond=1.0), False),
        (ScoreRule("r", "grades"), False),
        (ScoreRule("r", "states"), False),
    ],
)
def test_which_rules_vary(rule, is_varied, kind):
    """Numbers may be placed in their group; judgements, states and points tables keep their rule."""
    assert _other(rule, None) is rule
    assert _other(rule, kind) == (replace(rule, kind=kind) if is_varied else rule)
