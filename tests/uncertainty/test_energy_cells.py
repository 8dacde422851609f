"""Cells of fuels and what is uncertain about them: each factor row once, and a step more where a share was chosen."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import carbonacct as ca
from carbonacct.factors import load_edition
from carbonacct.inventory.factor_cells import FactorCells
from carbonacct.uncertainty.distributions import normal_quantile
from carbonacct.uncertainty.energy_cells import _add_index_choices, _number_rows, _Rows, pad
from tests.uncertainty.test_categories import parts_of
from tests.uncertainty.test_sectors import HEADER

ROWS = [row for row in load_edition("ipcc-2006").rows if row.parameter == "carbon_content"][:3]


@given(
    st.lists(st.lists(st.integers(-1, 2), min_size=2, max_size=2), min_size=1, max_size=5),
    st.permutations(range(3)),
)
def test_a_row_is_one_input_whichever_origins_use_it(steps, order):
    """Of two origins that list the same rows in other orders: a step's number is that of its row, -1 of none."""
    rows = _Rows({}, [], [])
    for listed in (range(3), order):
        own = np.array(steps)
        of = FactorCells(
            pd.DataFrame({"value": np.ones(len(own))}),
            tuple(ROWS[n] for n in listed),
            ("", "", ""),
            own,
            np.ones_like(own),
        )
        found = _number_rows(of, rows)
        wanted = [[None if n < 0 else ROWS[list(listed)[n]].place for n in row] for row in steps]
        assert [
            [None if n < 0 else rows.rows[n].place for n in row] for row in found.tolist()
        ] == wanted
    assert len(rows.rows) == 3


def test_one_row_at_two_values_is_two_inputs():
    """A value that was turned into another unit is another number; a substitute's name goes with the row."""
    rows = _Rows({}, [], [])
    twice = (ROWS[0], replace(ROWS[0], value=2 * ROWS[0].value))
    own = np.array([[0, 1]])
    part = FactorCells(pd.DataFrame({"value": [1.0]}), twice, ("", "coke"), own, np.ones_like(own))
    assert _number_rows(part, rows).tolist() == [[0, 1]]
    assert rows.substitutes == ["", "coke"]


def test_a_chosen_share_is_a_step_of_its_cell_alone():
    """Behind the factors, above the line; a cell of which the indices say the same share has no such step."""
    part = parts_of(
        ("A", "gdp", 0.25, 0.2, 0.3), ("A", "gdp", 0.5, 0.5, 0.5), ("B", "gdp", 0.25, 0.2, 0.3)
    )
    steps = np.array([[0], [1], [-1]]), np.array([[1], [-1], [1]])
    choices, uses, powers = _add_index_choices([part], 2, steps)
    assert [one.item for one in choices] == ["gdp", "gdp"]
    assert uses.tolist() == [[0, 2], [1, -1], [-1, 3]]
    assert powers.tolist() == [[1, 1], [-1, 1], [1, 1]]
    same = parts_of(("A", "gdp", 0.5, 0.5, 0.5))
    none, uses, powers = _add_index_choices([same], 2, (steps[0][:1], steps[1][:1]))
    assert (none, uses.tolist(), powers.tolist()) == ([], [[0]], [[1]])


def test_parts_of_different_widths_stand_under_one_another():
    """What a narrow one lacks on the right is filled."""
    assert pad([np.array([[1, 2]]), np.array([[3]]), np.empty((0, 0), int)], -1).tolist() == [
        [1, 2],
        [3, -1],
    ]


TABLE = pd.DataFrame(
    [("industry", "raw_coal", 100.0), ("transport", "diesel", 10.0), ("industry", "diesel", 5.0)],
    columns=["flow", "product", "value"],
).assign(area="A", year=2020, unit="万吨")


@pytest.mark.parametrize(
    ("lines", "percents"),
    [
        # Nothing of one's own: 5 % of each (IPCC 2006, Vol. 2, table 2.15, and the default of the project).
        ([",,,,"], [20, 20, 20]),
        (["industry,,,,"], [20, 20, 5]),
        ([",diesel,,,"], [5, 20, 20]),
        (["industry,diesel,,,"], [5, 20, 5]),
        ([",,1.A.3,,"], [5, 5, 20]),
        ([",,,CO2,"], [20, 20, 20]),
        ([",,,CH4,"], [5, 5, 5]),
    ],
)
def test_a_line_of_ones_own_is_of_the_cells_that_it_names(tmp_path, lines, percents):
    """By flow, product, category or gas; the other activities stay as their source is known."""
    path = tmp_path / "own.csv"
    rows = [f"activity,,{line.rsplit(',', 1)[0]},20,,,,,test" for line in lines]
    path.write_text(f"{HEADER}\n" + "\n".join(rows) + "\n", encoding="utf-8")
    model = ca.model_inventory(ca.compile_inventory(TABLE, method="ipcc-2006"), inputs=path)
    cells = pd.DataFrame({dim: model.labels[dim][model.codes[dim]] for dim in ("flow", "product")})
    found = dict(zip(map(tuple, cells.to_numpy().tolist()), model.activity_sd, strict=True))
    order = [("industry", "raw_coal"), ("industry", "diesel"), ("transport", "diesel")]
    assert [100 * normal_quantile(0.975) * found[name] for name in order] == pytest.approx(percents)
    assert any(one.rule == "inputs-unused" for one in model.findings) is (percents == [5, 5, 5])
