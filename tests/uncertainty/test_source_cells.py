"""Inputs that multiply a cell of an equation: each as often as its power, above or below the line."""

from __future__ import annotations

import numpy as np
import pytest

from carbonacct.equations.terms import Monomials
from carbonacct.uncertainty.source_cells import _steps

A, B, C = 3, 5, 7  # places of inputs


@pytest.mark.parametrize(
    ("powers", "uses", "signs"),
    [
        (((A, 1),), [A], [1]),
        (((A, -1),), [A], [-1]),
        (((A, 2), (B, -1)), [A, A, B], [1, 1, -1]),
        (((A, 1), (B, -2), (C, 1)), [A, B, B, C], [1, -1, -1, 1]),
        ((), [], []),
    ],
)
def test_a_power_is_so_many_steps(powers, uses, signs):
    """The square of one input over another is three steps; places that are left have no input and multiply."""
    monomials = Monomials()
    monomials.powers += [powers, ((B, 4),)]
    found, made = _steps(monomials, np.array([1]))
    assert found.tolist() == [uses + [-1] * (4 - len(uses))]
    assert made.tolist() == [signs + [1] * (4 - len(signs))]


def test_a_cell_without_inputs_has_no_step():
    """One that is certain, and one that an equation computes (below zero), stand beside one that has some."""
    monomials = Monomials()
    monomials.powers += [((A, 1),), ((A, 1), (B, -1))]
    found, signs = _steps(monomials, np.array([0, -1, 2, 1]))
    assert found.tolist() == [[-1, -1], [-1, -1], [A, B], [A, -1]]
    assert signs.tolist() == [[1, 1], [1, 1], [1, -1], [1, 1]]
