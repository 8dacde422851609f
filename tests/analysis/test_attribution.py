"""Where an effect comes from: rows by the labels of a level, which give the effect again."""

from __future__ import annotations

import math

import pandas as pd
import pytest

import carbonacct as ca
from carbonacct.analysis.attribution import list_contributions
from carbonacct.errors import PanelError

# Two fuels of two sectors; the logarithmic mean of 4 and 8 is 4 / ln 2.
PANEL = pd.DataFrame(
    [
        (2019, "industry", "coal", 2.0, 2.0),
        (2020, "industry", "coal", 4.0, 2.0),
        (2021, "industry", "coal", 4.0, 1.0),
        (2019, "industry", "gas", 1.0, 1.0),
        (2020, "industry", "gas", 1.0, 1.0),
        (2021, "industry", "gas", 2.0, 1.0),
        (2019, "homes", "coal", 3.0, 2.0),
        (2020, "homes", "coal", 3.0, 2.0),
        (2021, "homes", "coal", 3.0, 2.0),
    ],
    columns=["year", "sector", "fuel", "use", "factor"],
)


def decompose(**options):
    """Decompose what the uses of fuels emit."""
    return ca.decompose(PANEL, "co2 = use * factor", sum_over=["sector", "fuel"], **options)


def values(rows, **labels):
    """Return the values of some rows by their term."""
    for name, label in labels.items():
        rows = rows[rows[name] == label]
    return dict(zip(rows["term"], rows["value"], strict=True))


def test_each_label_has_what_its_own_cells_bring():
    """From 2019 to 2021: coal of industry is used twice as much at half the factor, which cancels; gas doubles."""
    rows = list_contributions(decompose(), "sector", "fuel")
    assert list(rows.columns) == ["sector", "fuel", "from", "to", "term", "value"]
    both = 4 * math.log(2)
    assert values(rows, sector="industry", fuel="coal") == pytest.approx(
        {"use": both, "factor": -both, "total": 0}
    )
    assert values(rows, sector="industry", fuel="gas") == pytest.approx(
        {"use": 1, "factor": 0, "total": 1}
    )
    assert values(rows, sector="homes", fuel="coal") == pytest.approx(
        {"use": 0, "factor": 0, "total": 0}
    )
    assert set(rows["from"]) == {2019}
    assert set(rows["to"]) == {2020, 2021}


@pytest.mark.parametrize("level", [("sector",), ("fuel",), ("sector", "fuel")])
@pytest.mark.parametrize("form", ["additive", "multiplicative"])
@pytest.mark.parametrize("chained", [False, True])
def test_the_labels_of_a_level_give_the_effect_again(level, form, chained):
    """They add up to it, or multiply up to it; along a chain its whole stands behind the steps."""
    made = decompose(form=form, chained=chained)
    rows = list_contributions(made, *level)
    steps = [(2019, 2020), (2020, 2021), (2019, 2021)] if chained else [(2019, 2020), (2019, 2021)]
    assert list(dict.fromkeys(zip(rows["from"], rows["to"], strict=True))) == steps
    frame = made.to_frame()
    for (first, last), term in (
        (step, term) for step in steps for term in ("use", "factor", "total")
    ):
        here = (rows["from"] == first) & (rows["to"] == last) & (rows["term"] == term)
        held = rows.loc[here, "value"]
        whole = frame[(frame["from"] == first) & (frame["to"] == last) & (frame["term"] == term)][
            "value"
        ].item()
        assert (held.sum() if form == "additive" else held.prod()) == pytest.approx(whole)


def test_a_dim_that_is_not_summed_has_no_level():
    """And a method that does not say where an effect comes from gives none."""
    with pytest.raises(PanelError, match="'region' is not summed over here; summed: sector, fuel"):
        list_contributions(decompose(), "region")
    with pytest.raises(
        PanelError,
        match="fisher in multiplicative form does not say which cell an effect comes from; use lmdi-1",
    ):
        list_contributions(decompose(method="fisher", form="multiplicative"), "fuel")
