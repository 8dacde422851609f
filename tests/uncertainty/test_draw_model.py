"""Cells, inputs and activities put together: which inputs multiply which cell, and what is drawn at all."""

from __future__ import annotations

import itertools
import math
from itertools import pairwise
from statistics import NormalDist

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import carbonacct as ca
from carbonacct import DrawInput, build_model
from carbonacct.errors import UncertaintyError
from carbonacct.uncertainty import approach2
from carbonacct.uncertainty.approach2 import choose_draws
from carbonacct.uncertainty.computed import Computed
from carbonacct.uncertainty.draw_model import select_cells
from carbonacct.uncertainty.uncertain_totals import sum_cells
from tests.uncertainty.building import cities

FACTORS = [
    DrawInput(name, "x", name, ca.fit_percent(2.0, 5)) for name in ("ncv", "carbon", "oxidation")
]
FACTORS += [DrawInput("exact", "x", "exact", ca.fit_percent(2.0, 0))]
WIDE = ca.fit_bounds(1.0, 0.3, 3.0)  # a lognormal, which no sum takes for a normal
KINDS = [WIDE, ca.fit_percent(1.0, 5), ca.fit_percent(1.0, 0)]


def used(model, cell):
    """Return the names of the inputs that multiply a cell, with their powers."""
    row = model.combination[cell]
    return sorted(
        (model.inputs[i].name, int(power))
        for i, power in zip(model.uses[row], model.powers[row], strict=True)
        if i >= 0
    )


@st.composite
def drawn_cells(draw):
    """Draw the steps, the powers and the kind of activity of some cells."""
    count = draw(st.integers(1, 6))
    of = st.lists(st.integers(-1, len(FACTORS) - 1), min_size=2, max_size=2, unique=True)
    steps = [draw(of) for _ in range(count)]
    powers = [
        draw(st.lists(st.sampled_from([1, -1]), min_size=2, max_size=2)) for _ in range(count)
    ]
    return (
        steps,
        powers,
        draw(st.lists(st.integers(-1, len(KINDS) - 1), min_size=count, max_size=count)),
    )


@given(drawn_cells())
def test_a_cell_is_multiplied_by_its_own_inputs_and_no_other(cells):
    """Factors with their powers, and the activity where it is drawn; what is exact is not drawn."""
    steps, powers, kinds = cells
    labels = pd.DataFrame({"area": [f"city {n}" for n in range(len(steps))], "value": 1.0})
    model = build_model(
        labels,
        FACTORS,
        np.array(steps),
        powers=np.array(powers),
        activity=KINDS,
        activity_of=np.array(kinds),
    )
    for cell, (own, signs, kind) in enumerate(zip(steps, powers, kinds, strict=True)):
        expected = [
            (FACTORS[i].name, sign) for i, sign in zip(own, signs, strict=True) if i in {0, 1, 2}
        ]
        expected += [(f"activity: city {cell}", 1)] if kind == 0 else []
        assert used(model, cell) == sorted(expected)
        assert model.activity_sd[cell] == pytest.approx(0.05 / 1.959964 if kind == 1 else 0.0)
    assert (model.activity_mean == 1).all()
    names = [one.name for one in model.inputs]
    assert all(one < other for one, other in pairwise(names))
    both = [
        (row.tolist(), power.tolist()) for row, power in zip(model.uses, model.powers, strict=True)
    ]
    assert all(both.count(one) == 1 for one in both)  # each combination once


def test_every_combination_of_inputs_is_one_of_its_own():
    """Three inputs in three places, above or below the line or in none: 7 x 7 x 7 cells, no two of them alike."""
    places = [(-1, 1), *itertools.product(range(3), (1, -1))]
    grid = np.array(list(itertools.product(places, repeat=3)))
    cells = pd.DataFrame({"area": [f"city {n}" for n in range(len(grid))], "value": 1.0})
    model = build_model(cells, FACTORS, grid[:, :, 0], powers=grid[:, :, 1])
    for cell, steps in enumerate(grid.tolist()):
        assert used(model, cell) == sorted((FACTORS[i].name, sign) for i, sign in steps if i >= 0)
    assert len(model.uses) == len(np.unique(model.combination)) == 7**3


def test_an_equation_takes_what_is_exact_as_it_is():
    """The product of one that is drawn and one that is exact: in each draw the former, whatever else is drawn."""
    inputs = [*FACTORS[:2], FACTORS[3]]
    work = Computed(
        np.array([0, 2]), np.ones(1), np.ones((1, 2)), lambda held: held.prod(axis=0, keepdims=True)
    )
    cells = pd.DataFrame({"area": ["A", "B"], "value": 1.0})
    uses = np.array([[-1], [0]])
    model = build_model(cells, inputs, uses, computed=[work], computed_of=np.array([0, -1]))
    table = ca.simulate(model, by=["area"], draws=256).table
    for name in ("mean", "sd", "lower", "upper"):
        assert float(table[name].sel(area="A")) == pytest.approx(float(table[name].sel(area="B")))


def test_an_activity_that_is_drawn_is_around_its_central_value():
    """A lognormal between 0.3 and 3 has its mean above 1; one that is summed is as far above in its mean."""
    labels = pd.DataFrame({"area": ["A", "B"], "value": [1.0, 2.0]})
    none = np.empty((2, 0), int)
    model = build_model(labels, [], none, activity=[WIDE], activity_of=np.array([0, -1]))
    assert [one.uncertainty for one in model.inputs] == [WIDE]
    off = ca.Uncertainty("normal", 2.0, 2.0, 4.0, (3.0, 0.5))
    summed = build_model(labels, [], none, activity=[off], activity_of=np.array([0, -1]))
    assert summed.activity_mean.tolist() == [1.5, 1.0]
    assert summed.activity_sd.tolist() == [0.25, 0.0]
    assert summed.inputs == ()


def test_cells_that_differ_in_gas_alone_have_one_activity():
    """Drawn once and in all dims but the gas; correlation asks for all that is uncertain to be drawn."""
    rows = [("A", "coal", "CO2"), ("A", "coal", "CH4"), ("A", "oil", "CO2"), ("B", "coal", "CO2")]
    cells = pd.DataFrame(rows, columns=["area", "product", "gas"]).assign(value=1.0)
    given = {"activity": [WIDE], "activity_of": np.zeros(4, int)}
    model = build_model(cells, [], np.empty((4, 0), int), **given)
    assert model.activity.tolist() == [0, 0, 1, 2]
    assert [one.name for one in model.inputs] == [
        f"activity: {name}" for name in ("A, coal", "A, oil", "B, coal")
    ]
    assert [used(model, cell)[0][0] for cell in range(4)] == [
        f"activity: {name}" for name in ("A, coal", "A, coal", "A, oil", "B, coal")
    ]
    normal = {"activity": KINDS[1:], "activity_of": np.array([0, 0, 1, 0])}
    drawn = build_model(cells, [], np.empty((4, 0), int), correlation={"area": 0.5}, **normal)
    assert [one.name for one in drawn.inputs] == ["activity: A, coal", "activity: B, coal"]
    assert (drawn.activity_sd == 0).all()
    ((members, factor),) = drawn.correlated
    assert members.tolist() == [0, 1]
    np.testing.assert_allclose(factor @ factor.T, [[1, 0.5], [0.5, 1]])


def test_labels_are_in_order_whether_they_are_categories_or_not():
    """Those that occur, each cell with its own; a category that no cell has is no label."""
    plain = pd.DataFrame({"area": ["B", "A", "C", "A"], "value": 1.0})
    categories = plain.assign(area=pd.Categorical(plain["area"], ["D", "C", "B", "A"]))
    for cells in (plain, categories):
        model = build_model(cells, [], np.empty((4, 0), int))
        assert model.labels["area"].tolist() == ["A", "B", "C"]
        assert model.labels["area"][model.codes["area"]].tolist() == ["B", "A", "C", "A"]


ONE = {"cells": pd.DataFrame({"area": ["A", "B"], "value": [1.0, 2.0]}), "inputs": FACTORS[:1]}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"uses": np.zeros(2, int)}, r"2 cells, uses of shape \(2,\): one row for each cell"),
        ({"uses": np.zeros((3, 1), int)}, r"2 cells, uses of shape \(3, 1\)"),
        (
            {"powers": np.ones((2, 2), int)},
            r"uses are \(2, 1\), powers \(2, 2\): one power for each use",
        ),
        ({"cells": ONE["cells"].assign(value=[1.0, np.inf])}, "1 cells have no number; leave out"),
        (
            {"inputs": [FACTORS[0], FACTORS[1], FACTORS[1]]},
            "carbon: one name stands for two inputs",
        ),
        (
            {"shares": [["ncv", "carbn"]], "inputs": FACTORS},
            "no input 'carbn' to be a share; did you mean carbon",
        ),
        (
            {"shares": [["exact"]], "inputs": FACTORS},
            "no input 'exact' to be a share",
        ),  # it is not drawn
    ],
)
def test_cells_inputs_and_shares_that_do_not_fit(change, said):
    """Each fault alone is refused with what is there against what is asked."""
    with pytest.raises(UncertaintyError, match=said):
        build_model(**{"uses": np.zeros((2, 1), int)} | ONE | change)


def test_without_uncertain_activities_nothing_can_be_correlated():
    """A correlation that is stated all the same is refused, whatever is known of factors."""
    with pytest.raises(UncertaintyError, match="no two uncertain activities differ in area alone"):
        build_model(uses=np.zeros((2, 1), int), correlation={"area": 0.5}, **ONE)


def test_a_factor_of_nothing_is_exact_or_refused():
    """It has no relative uncertainty."""
    exact = DrawInput("zero", "x", "zero", ca.fit_percent(0.0, 5))
    assert build_model(ONE["cells"], [exact], np.zeros((2, 1), int)).inputs == ()


def test_cells_are_chosen_by_a_label_of_a_dim():
    """A dim of one label need not name it; one of several has to, and a label has to be there."""
    cells = pd.DataFrame({"area": ["B", "A", "B"], "year": 2020, "value": 1.0})
    model = build_model(cells, [], np.empty((3, 0), int))
    assert select_cells(model, "area", "B").tolist() == [True, False, True]
    assert (
        select_cells(model, "year", 2020).tolist()
        == select_cells(model, "year", None).tolist()
        == [True] * 3
    )
    for dim, label, said in [
        ("area", None, "the model has 2 areas; name one of A, B"),
        ("area", "C", "no area 'C' in the model; it has A, B"),
        ("yaer", 2020, "no dim 'yaer'; did you mean year"),
    ]:
        with pytest.raises(UncertaintyError, match=said):
            select_cells(model, dim, label)


def normal_draws(level, precision):
    """Return how many draws give a bound of a normal its precision: sqrt(p (1 - p)) / (f(z) z), squared over that."""
    p = (1 - level) / 2
    z = NormalDist().inv_cdf(1 - p)
    return (math.sqrt(p * (1 - p)) / (NormalDist().pdf(z) * z) / precision) ** 2


@pytest.mark.parametrize("level", [0.5, 0.8, 0.95])
@pytest.mark.parametrize("power", [13.5, 15.5])
def test_the_number_of_draws_is_that_of_a_normal_at_each_level(level, power):
    """The closed standard error of a quantile, where it is in the middle between two powers of two (small spread)."""
    precision = math.sqrt(normal_draws(level, 1.0) / 2**power)
    model = cities(2, percent=1)
    chosen = choose_draws(model, sum_cells(model, []), precision=precision, level=level)
    assert chosen == 2 ** math.ceil(power)


def test_one_thread_is_enough():
    """And gives the same bits as two; none is refused."""
    one, two = (ca.simulate(cities(3), draws=4096, threads=threads).table for threads in (1, 2))
    assert one.identical(two)
    with pytest.raises(UncertaintyError, match="0 threads; give 1 or more"):
        ca.simulate(cities(3), draws=4096, threads=0)


@pytest.mark.parametrize(
    ("sampler", "pilot"),
    [("random", "random"), ("latin", "latin"), ("antithetic", "antithetic"), ("sobol", "random")],
)
def test_the_first_draws_are_of_the_sampler_that_is_asked(monkeypatch, sampler, pilot):
    """But for Sobol points, of which a part says nothing of the error of the whole."""
    used = []
    make = approach2.FactorDraws
    monkeypatch.setattr(
        approach2, "FactorDraws", lambda *given: used.append(given[3]) or make(*given)
    )
    model = cities(2, percent=1)
    choose_draws(model, sum_cells(model, []), precision=0.1, sampler=sampler)
    assert used == [pilot]
