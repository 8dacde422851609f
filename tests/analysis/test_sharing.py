"""A target divided: shares add up, floors hold, sinks stand apart, intensity cuts do not add."""

from __future__ import annotations

import hypothesis.strategies as st
import numpy as np
import pandas as pd
import pytest
from hypothesis import given

from carbonacct.analysis.sharing import Sharing, fill_floors, imply_whole_cut, share_target
from carbonacct.errors import PanelError

PARTS = pd.DataFrame(
    {
        "area": ["a", "b", "c"],
        "co2": [60.0, 30.0, 10.0],
        "gdp": [20.0, 50.0, 30.0],
        "population": [10.0, 10.0, 20.0],
    }
)
NUMBERS = st.lists(st.floats(0.01, 1e4), min_size=1, max_size=12)


@pytest.mark.parametrize(
    ("how", "shares"),
    [
        (Sharing("proportional"), [48, 24, 8]),
        (Sharing("equal_intensity"), [16, 40, 24]),
        (Sharing("convergence", year=2020, base_year=2020, by_year=2030), [48, 24, 8]),
        (Sharing("convergence", year=2025, base_year=2020, by_year=2030), [34, 22, 24]),
        (Sharing("convergence", year=2030, base_year=2020, by_year=2030), [20, 20, 40]),
        (Sharing("capacity", weights={"gdp": 0.5, "population": 0.5}), [18, 30, 32]),
        (Sharing("proportional", reserve=30), [30, 15, 5]),
        (Sharing("equal_intensity", floor=0.5), [30, 31, 19]),
    ],
)
def test_rules_by_hand(how, shares):
    """Each rule gives what a person works out: a target of 80 for parts of 60, 30 and 10."""
    found = share_target(80, PARTS, how)
    assert found["share"].tolist() == shares
    assert found["share"].sum() + how.reserve == 80
    assert found["change"].tolist() == [
        share - own for share, own in zip(shares, [60, 30, 10], strict=True)
    ]


@given(
    NUMBERS, st.lists(st.floats(-1e4, -0.01), max_size=6), st.integers(0, 10**7), st.floats(0, 1)
)
def test_shares_add_up_to_the_target(sizes, sinks, total, reserve):
    """Whole shares, sinks and the reserve are the target to the unit, and none is a unit off the rule."""
    sizes = [*sizes, *sinks]
    parts = pd.DataFrame({"area": [f"{n:02}" for n in range(len(sizes))], "co2": sizes})
    kept = round(total * reserve)
    found = share_target(total, parts, Sharing("proportional", reserve=kept))
    assert found["share"].sum() + kept == total
    assert (found["share"] - found["exact"]).abs().max() < 1 + 1e-6


@given(NUMBERS, st.data())
def test_floors_hold_and_the_order_of_parts_is_none(keys, data):
    """No part is below its floor, the sum stays, and a permutation permutes."""
    count = len(keys)
    floors = np.array(data.draw(st.lists(st.floats(0, 10), min_size=count, max_size=count)))
    order = np.array(data.draw(st.permutations(range(count))))
    total = float(floors.sum()) + data.draw(st.floats(0, 100))
    found = fill_floors(total, np.array(keys), floors)
    assert (found >= floors - 1e-9).all()
    assert found.sum() == pytest.approx(total)
    again = fill_floors(total, np.array(keys)[order], floors[order])
    assert again == pytest.approx(found[order])


def test_ties_go_by_label():
    """Equal remainders go up in the order of labels, whatever the order of rows."""
    parts = pd.DataFrame({"area": ["c", "a", "b"], "co2": 1.0})
    assert share_target(100, parts, Sharing("proportional"))["share"].tolist() == [33, 34, 33]


def test_a_sink_stands_apart():
    """A part that takes up 10 keeps them; the others share 90 of a net target of 80."""
    parts = pd.DataFrame({"area": ["a", "b", "sink"], "co2": [60.0, 30.0, -10.0]})
    assert share_target(80, parts, Sharing("proportional"))["share"].tolist() == [60, 30, -10]


def test_intensity_cuts_do_not_add():
    """Two districts that both cut by 18 % make 1.6 % where the dirtier one doubles: 1 - 0.82 (160 + 20) / 150."""
    parts = pd.DataFrame({"area": ["a", "b"], "co2": [80.0, 20.0], "gdp": [50.0, 50.0]})
    cuts = {"a": 0.18, "b": 0.18}
    alike = imply_whole_cut(parts.assign(gdp_due=[60.0, 60.0]), cuts)
    apart = imply_whole_cut(parts.assign(gdp_due=[100.0, 50.0]), cuts)
    assert alike == pytest.approx(0.18)
    assert apart == pytest.approx(0.016)
    with pytest.raises(PanelError, match="add gdp_due"):
        imply_whole_cut(parts, cuts)
    due = parts.assign(gdp_due=[60.0, 60.0])
    with pytest.raises(PanelError, match="no cut is given for b; add it"):
        imply_whole_cut(due, {"a": 0.18})
    for cut in (18, 1):
        with pytest.raises(
            PanelError, match=f"the cut of b is {cut}, which leaves nothing; write 17 % as 0.17"
        ):
            imply_whole_cut(due, {"a": 0.18, "b": cut})
    for column in ("gdp", "gdp_due"):
        with pytest.raises(PanelError, match="a GDP is not above zero"):
            imply_whole_cut(due.assign(**{column: [60.0, 0.0]}), cuts)


@given(
    st.lists(st.tuples(*[st.floats(1, 1e4)] * 3, st.floats(-0.5, 0.9)), min_size=1, max_size=6),
    st.integers(0, 5),
)
def test_a_whole_is_cut_within_what_its_parts_are_where_they_grow_alike(rows, growth):
    """Where every part grows at one rate, the cut of the whole lies between the smallest and the largest of them."""
    co2, gdp, _, cuts = map(np.array, zip(*rows, strict=True))
    names = [str(number) for number in range(len(rows))]
    parts = pd.DataFrame({"area": names, "co2": co2, "gdp": gdp, "gdp_due": gdp * (1 + growth)})
    whole = imply_whole_cut(parts, dict(zip(names, cuts.tolist(), strict=True)))
    assert cuts.min() - 1e-9 <= whole <= cuts.max() + 1e-9
    assert whole == pytest.approx((co2 * cuts).sum() / co2.sum(), abs=1e-9)


def test_a_floor_of_everything_keeps_what_is_there():
    """With floors that add up to the target each part keeps its own; a sink has none."""
    parts = pd.DataFrame(
        {"area": ["a", "b", "sink"], "co2": [60.0, 40.0, -10.0], "gdp": [0.0, 1.0, 9.0]}
    )
    found = share_target(90, parts, Sharing("equal_intensity", floor=1.0))
    assert found["share"].tolist() == [60, 40, -10]
    assert found["exact"].tolist() == [60, 40, -10]
    with pytest.raises(
        PanelError, match="the reserve is more than the target and leaves -1; lower it"
    ):
        share_target(90, parts, Sharing("proportional", reserve=101))
    assert share_target(90, parts, Sharing("proportional", reserve=100))["share"].tolist() == [
        0,
        0,
        -10,
    ]


@pytest.mark.parametrize(
    ("how", "parts", "words"),
    [
        (Sharing("proportinal"), PARTS, "did you mean proportional"),
        (Sharing("capacity", weights={"gdp": 0.5}), PARTS, "add up to 0.5; let them add up to 1"),
        (Sharing("equal_intensity"), PARTS.drop(columns="gdp"), "no column gdp"),
        (Sharing("equal_intensity"), PARTS.assign(gdp=[1.0, None, 2.0]), "b has no number for gdp"),
        (Sharing("proportional", reserve=90), PARTS, "the reserve is more than the target"),
        (Sharing("proportional", floor=0.9), PARTS, "the floors add up to 90"),
        (
            Sharing("convergence", year=2031, base_year=2020, by_year=2030),
            PARTS,
            "target is of 2031",
        ),
        (Sharing("proportional"), PARTS.assign(area=["a", "a", "c"]), "a is there twice"),
        (Sharing("proportional", reserve=-5), PARTS, "a reserve of -5 would be given out twice"),
        (
            Sharing("capacity", weights={"gdp": 2, "population": -1}),
            PARTS,
            "the weight of population is no number",
        ),
        (Sharing("capacity", weights={}), PARTS, "add up to 0; let them add up to 1"),
        (Sharing("capacity"), PARTS, "add up to 0; let them add up to 1"),
        (
            Sharing("convergence", year=2019, base_year=2020, by_year=2030),
            PARTS,
            "convergence runs from 2020 to 2030",
        ),
        (
            Sharing("convergence", year=2020, base_year=2020, by_year=2020),
            PARTS,
            "convergence takes at least a year",
        ),
        (
            Sharing("equal_intensity"),
            PARTS.assign(gdp=[1.0, -1.0, 2.0]),
            "gdp is negative or zero; it has no shares",
        ),
        (
            Sharing("equal_intensity"),
            PARTS.assign(gdp=0.0),
            "gdp is negative or zero; it has no shares",
        ),
        (
            Sharing("proportional"),
            PARTS.assign(co2=[-1.0, -2.0, -3.0]),
            "negative or zero; it has no shares",
        ),
        (
            Sharing("fair"),
            PARTS,
            "no rule 'fair'; proportional, equal_intensity, convergence, capacity",
        ),
    ],
)
def test_what_cannot_be_shared_is_said(how, parts, words):
    """Each is one line with what to do."""
    with pytest.raises(PanelError, match=words):
        share_target(80, parts, how)
