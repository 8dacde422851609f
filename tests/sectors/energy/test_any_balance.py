"""What must hold of the inventory of any balance: rows beside their parts, in any order and unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import carbonacct as ca
from carbonacct import vocabulary
from carbonacct.units import conversion_factor, read_unit
from tests.strategies_balances import (
    METHODS,
    above,
    any_frames,
    balances,
    nested_tables,
    real_flows,
    real_products,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

SOME = settings(max_examples=15, suppress_health_check=list(HealthCheck))
KEYS = ["area", "year", "flow", "product"]
UNITS = {
    "t": ["吨", "万吨", "千吨", "亿吨"],
    "m3": ["立方米", "万立方米"],
    "kWh": ["千瓦时", "亿千瓦时"],
}
methods = pytest.mark.parametrize("method", METHODS)
# CEADs brings the branches of industry to the printed row of industry: nothing is left of it.
unscaled = pytest.mark.parametrize("method", ["provincial-2011", "ipcc-2006"])


def emissions(table: pd.DataFrame | ca.EnergyBalance, method: str) -> pd.Series:
    """Return the direct emissions of each cell; pass over a table that is refused."""
    try:
        inventory = ca.compile_inventory(table, method=method)
    except ca.CarbonacctError:
        assume(condition=False)
    frame = inventory.to_frame()
    frame = frame[(frame["value"] != 0) & (frame["scope"] == 1)]
    return frame.set_index(KEYS)["value"].sort_index()


def unrelated(dim: str, labels: Iterable[str], printed: Iterable[str]) -> list[str]:
    """Return flows or products of which a table prints no part and no whole."""
    kin = {label for each in printed for label in above(dim, each)}
    return [label for label in labels if not kin & set(above(dim, label))]


def assert_same(one: pd.Series, other: pd.Series) -> None:
    """Fail unless the same cells emit the same."""
    pd.testing.assert_series_equal(one, other, rtol=1e-9, check_names=False)


@unscaled
@SOME
@given(data=st.data())
def test_a_table_emits_what_its_pieces_emit(method, data):
    """Rows, or columns, that have more than their parts emit what their pieces emit alone."""
    table = data.draw(nested_tables(method, blanks=False, deep=False))
    whole, pieces = emissions(table.printed, method), emissions(table.pieces, method)
    assert whole.sum() == pytest.approx(pieces.sum(), rel=1e-9, abs=1e-3)


@methods
@SOME
@given(data=st.data())
def test_a_number_split_in_full_emits_the_same(method, data):
    """A table whose parents are the sums of their parts emits what the finest numbers emit."""
    table = data.draw(nested_tables(method, rests=False))
    whole, pieces = emissions(table.printed, method), emissions(table.pieces, method)
    for dim in ("flow", "product"):
        parts = [each.groupby(dim).sum() for each in (whole, pieces)]
        assert_same(parts[0], parts[1])


@methods
@SOME
@given(data=st.data(), times=st.integers(2, 1000))
def test_linear(method, data, times):
    """Amounts times k emit k times as much, cell by cell."""
    frame = data.draw(any_frames(method))
    many = frame.assign(value=frame["value"] * times)
    assert_same(emissions(many, method), emissions(frame, method) * times)


@methods
@SOME
@given(data=st.data(), scale=st.sampled_from([2.0**-20, 2.0**20]))
def test_no_limit_is_a_number_of_tonnes(method, data, scale):
    """A hamlet and a continent emit in proportion."""
    frame = data.draw(any_frames(method))
    other = frame.assign(value=frame["value"] * scale)
    assert_same(emissions(other, method), emissions(frame, method) * scale)


@methods
@SOME
@given(data=st.data())
def test_order_does_not_matter(method, data):
    """Rows of the long table in any order, so rows and columns of the balance too."""
    frame = data.draw(any_frames(method))
    order = data.draw(st.permutations(range(len(frame))))
    assert_same(emissions(frame.iloc[order], method), emissions(frame, method))


@methods
@SOME
@given(data=st.data())
def test_units_do_not_matter(method, data):
    """The same amounts in other units emit the same."""
    frame = data.draw(any_frames(method))
    kept = [vocabulary.products()[product].unit for product in frame["product"]]
    units = [data.draw(st.sampled_from(UNITS.get(unit, [unit]))) for unit in kept]
    sizes = [conversion_factor(read_unit(one), to) for one, to in zip(units, kept, strict=True)]
    other = frame.assign(unit=units, value=frame["value"] / np.array(sizes))
    assert_same(emissions(other, method), emissions(frame, method))


@methods
@SOME
@given(data=st.data())
def test_a_panel_is_its_tables(method, data):
    """Areas and years in one table emit what each emits alone (fuels, without their kinds)."""
    frame = data.draw(any_frames(method, deep=False))
    alone = [emissions(each, method) for _, each in frame.groupby(["area", "year"])]
    assert_same(emissions(frame, method), pd.concat(alone).sort_index())


@methods
@SOME
@given(data=st.data())
def test_a_blank_row_adds_nothing(method, data):
    """A row and a column without a number change nothing, where no part or whole of them is."""
    frame = data.draw(any_frames(method))
    flows = unrelated("flow", real_flows(), frame["flow"])
    products = unrelated("product", real_products(), frame["product"])
    flow, product = data.draw(st.sampled_from(flows)), data.draw(st.sampled_from(products))
    first = frame.iloc[:1].assign(value=np.nan)
    wider = pd.concat([frame, first.assign(flow=flow), first.assign(product=product)])
    assert_same(emissions(wider, method), emissions(frame, method))


@SOME
@given(balance=balances(), consistent=balances(consistent=True))
def test_any_balance_has_an_inventory_or_an_error_of_one_line(balance, consistent):
    """Any balance compiles, with finite numbers, or is refused in a line."""
    for each in (balance, consistent):
        message, emitted = "", np.zeros(1)
        try:
            emitted = ca.compile_inventory(each, method="ipcc-2006").emissions.values
        except ca.CarbonacctError as error:
            message = str(error)
        assert "\n" not in message
        assert np.isfinite(emitted[~np.isnan(emitted)]).all()
