"""The kernels of index decomposition against their definitions, written out cell by cell and order by order."""

from __future__ import annotations

import math
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from carbonacct.analysis import divisia, laspeyres, shapley
from carbonacct.analysis.index_methods import FORMS, METHODS, find_method
from carbonacct.analysis.state_changes import Changes
from carbonacct.errors import MethodError, PanelError

SIZES = st.tuples(st.integers(1, 2), st.integers(1, 3), st.integers(1, 4))
BOTH = SIZES.flatmap(
    lambda size: st.tuples(
        *[npst.arrays(float, size, elements=st.floats(0.5, 8).map(lambda x: round(x, 3)))] * 2
    )
)


def changes_of(before, after, name="A"):
    """Return a change from factors (comparison, cell, term) to others."""
    before, after = np.asarray(before, float), np.asarray(after, float)
    return Changes(
        before.prod(axis=-1),
        after.prod(axis=-1),
        [before[..., k] for k in range(before.shape[-1])],
        [after[..., k] for k in range(after.shape[-1])],
        lambda at: f"{name}{at}",
    )


def change_in_turn(before, after, value):
    """Return the mean, over all orders in which the factors of one comparison can change, of what each changes."""
    terms = before.shape[-1]
    found = np.zeros(terms)
    orders = list(permutations(range(terms)))
    for order in orders:
        held = before.copy()
        for k in order:
            was = value(held)
            held[:, k] = after[:, k]
            found[k] += (value(held) - was) / len(orders)
    return found


@given(BOTH)
def test_shapley_is_the_mean_over_all_orders(both):
    """Of the sum of products, and of its logarithm (Albrecht et al. 2002; Ang, Liu and Chung 2004)."""
    before, after = both
    effects, parts = shapley.decompose_shapley(changes_of(before, after))
    ratios, none = shapley.decompose_fisher_ratio(changes_of(before, after))
    assert none is None
    assert parts.sum(axis=1) == pytest.approx(effects)
    for at in range(len(before)):
        wanted = change_in_turn(before[at], after[at], lambda held: held.prod(axis=1).sum())
        assert effects[at] == pytest.approx(wanted, abs=1e-8)
        wanted = change_in_turn(
            before[at], after[at], lambda held: math.log(held.prod(axis=1).sum())
        )
        assert ratios[at] == pytest.approx(wanted, abs=1e-9)


@pytest.mark.parametrize(("terms", "fits"), [(14, True), (15, False)])
def test_orders_of_many_factors_are_too_many(terms, fits):
    """Fourteen at most: 2 ** 15 sets of factors are refused with the remedy."""
    before, after = np.ones((1, 1, terms)), np.full((1, 1, terms), 2.0)
    if fits:
        product, weights = next(shapley._coalitions(changes_of(before, after)))
        assert (product.item(), weights.tolist()) == (
            1.0,
            pytest.approx([-1 / terms] * terms),
        )  # none has changed
        return
    with pytest.raises(
        PanelError,
        match="15 factors are 32768 orders to average; use lmdi-1, or at most 14 factors",
    ):
        shapley.decompose_shapley(changes_of(before, after))


@given(BOTH)
def test_laspeyres_moves_one_factor_and_marshall_edgeworth_between_the_ends(both):
    """Ang and Zhang (2000): the others at the start; or the mean of that and of the others at the end."""
    before, after = both
    forward, backward = np.zeros_like(before), np.zeros_like(before)
    for k in range(before.shape[-1]):
        moved, back = before.copy(), after.copy()
        moved[..., k], back[..., k] = after[..., k], before[..., k]
        forward[..., k] = moved.prod(axis=-1) - before.prod(axis=-1)
        backward[..., k] = after.prod(axis=-1) - back.prod(axis=-1)
    one, two = changes_of(before, after), changes_of(before, after)
    for found, wanted in (
        (laspeyres.decompose_laspeyres(one), forward),
        (laspeyres.decompose_marshall_edgeworth(two), (forward + backward) / 2),
    ):
        assert found[1] == pytest.approx(wanted)
        assert found[0] == pytest.approx(wanted.sum(axis=1))
    start, end = (ends.prod(axis=-1).sum(axis=1)[:, None] for ends in both)
    found, none = laspeyres.decompose_laspeyres_ratio(one)
    assert none is None
    assert np.exp(found) == pytest.approx(1 + forward.sum(axis=1) / start)
    found, none = laspeyres.decompose_marshall_edgeworth_ratio(two)
    assert none is None
    assert np.exp(found) == pytest.approx(
        (start + forward.sum(axis=1) + end) / (end - backward.sum(axis=1) + start)
    )


def log_mean(one, other):
    """Return (a - b) / (ln a - ln b), of equals the number itself."""
    return one if math.isclose(one, other, rel_tol=1e-12) else (one - other) / math.log(one / other)


@given(BOTH)
def test_divisia_weights_are_logarithmic_means(both):
    """Ang (2015), table 2, models 1, 3, 5 and 7: of values, or of shares that are made to add up to one."""
    before, after = both
    for at, (first, last) in enumerate(zip(before, after, strict=True)):
        cells, terms = first.shape
        start, end = first.prod(axis=1), last.prod(axis=1)
        whole = log_mean(end.sum(), start.sum())
        means = [log_mean(end[i], start[i]) for i in range(cells)]
        shares = [log_mean(end[i] / end.sum(), start[i] / start.sum()) for i in range(cells)]
        logs = np.log(last / first)
        plain = [sum(means[i] * logs[i, k] for i in range(cells)) for k in range(terms)]
        shared = [
            sum(shares[i] / sum(shares) * logs[i, k] for i in range(cells)) for k in range(terms)
        ]
        for kernel, wanted in (
            (divisia.decompose_lmdi1, plain),
            (divisia.decompose_lmdi1_ratio, [one / whole for one in plain]),
            (divisia.decompose_lmdi2, [one * whole for one in shared]),
            (divisia.decompose_lmdi2_ratio, shared),
        ):
            effects, parts = kernel(changes_of(before, after))
            assert effects[at] == pytest.approx(wanted, rel=1e-6, abs=1e-7)
            assert parts.sum(axis=1) == pytest.approx(effects, abs=1e-9)


@pytest.mark.parametrize(
    ("kept", "message"),
    [
        (0.0, "A1: every part goes through zero, so lmdi-2 has no weights; use lmdi-1"),
        (0.05, r"A1: parts that stay hold 0\.05 of the weight, the others go through zero"),
        (0.2, ""),
    ],
)
def test_weights_of_next_to_nothing_are_refused_for_the_comparison_that_has_them(kept, message):
    """A part vanishes and another appears, with a twentieth that stays, beside a comparison in order."""
    before = np.array([[[1.0], [1.0], [1.0]], [[1.0 - kept], [0.0], [kept]]])
    after = np.array([[[2.0], [1.0], [1.0]], [[0.0], [1.0 - kept], [kept]]])
    if message:
        with pytest.raises(PanelError, match=message):
            divisia.decompose_lmdi2(changes_of(before, after))
    else:
        divisia.decompose_lmdi2(changes_of(before, after))


@pytest.mark.parametrize(
    ("start", "end", "refused"),
    [(1.0, 2.0, False), (-1.0, -2.0, False), (1.0, -1.0, True), (0.0, 1.0, True), (1.0, 0.0, True)],
)
def test_a_ratio_needs_totals_of_one_sign(start, end, refused):
    """Neither zero nor a change of sign has one; both totals are said."""
    changes = changes_of([[[5.0]], [[start]]], [[[5.0]], [[end]]], "B")
    if not refused:
        changes.need_ratio("lmdi-2", "lmdi-1")
        return
    message = (
        rf"^B1: the total goes from {start:g} to {end:g}, and lmdi-2 needs a ratio; use lmdi-1$"
    )
    with pytest.raises(PanelError, match=message):
        changes.need_ratio("lmdi-2", "lmdi-1")


@pytest.mark.parametrize("bad", [0.0, -1.0, math.inf, math.nan])
def test_the_logarithm_of_what_is_no_ratio_is_refused(bad):
    """Zero, below it, without end or without a number: at the comparison that has it."""
    changes = changes_of([[[1.0]]] * 3, [[[1.0]]] * 3)
    assert changes.log_of(np.array([1.0, math.e]), np.array([1.0, 1.0])).tolist() == pytest.approx(
        [0, 1]
    )
    with pytest.raises(
        PanelError, match="A2: with one factor changed the total is zero or changes its sign"
    ):
        changes.log_of(np.array([1.0, 1.0, bad]), np.ones(3))


def test_a_method_is_found_by_its_name_and_form():
    """All that there are; one of another name or form is refused with what there is."""
    assert [name for name in METHODS if set(METHODS[name]) != set(FORMS)] == ["fisher"]
    for name, forms in METHODS.items():
        for form, kernel in forms.items():
            assert find_method(name, form) is kernel
    for asked, message in (
        (("lmdi-1", "aditive"), "no form 'aditive'; did you mean additive"),
        (("lmdi-3", "additive"), "no method 'lmdi-3'; did you mean lmdi-"),
        (
            ("fisher", "additive"),
            "fisher has no additive form; the additive mean over all orders is shapley",
        ),
    ):
        with pytest.raises(MethodError, match=message):
            find_method(*asked)
