"""What must hold of every table, however it is printed (hypothesis)."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

import carbonacct as ca
from tests.balances.printing import (
    KINDS,
    PLAIN,
    Style,
    Table,
    assert_same,
    expected,
    found,
    lay_out,
    write,
)
from tests.strategies import is_output_again, orders, styles, tables

QUICK = settings(
    max_examples=150,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def read(table: Table, style: Style, folder) -> ca.EnergyBalance:
    """Print a table and read it back."""
    return ca.read_balance(write(lay_out(table, style), folder / f"table.{style.file}"))


@QUICK
@given(tables(), styles())
def test_any_print_of_a_table_reads_the_same(tmp_path, table, style):
    """Language, units, direction, file kind, widths, separators and footnotes change no number or key."""
    balance = read(table, style, tmp_path)
    assert_same(found(balance), expected(table))
    assert balance.years == [table.year]
    assert balance.areas == [table.area if style.language != "en" else table.area_en]


@QUICK
@given(tables(), st.data())
def test_order_does_not_matter(tmp_path, table, data):
    """The same rows and columns in another order are the same balance, labels included."""
    one, other = read(table, PLAIN, tmp_path), read(data.draw(orders(table)), PLAIN, tmp_path)
    assert one.amounts.equals(other.amounts)
    assert one.status.equals(other.status)


@settings(QUICK, max_examples=40)  # each example writes and reads a file of every kind
@given(tables())
def test_file_kind_does_not_matter(tmp_path, table):
    """Every kind of file gives equal floats."""
    balances = [read(table, replace(PLAIN, file=kind), tmp_path) for kind in KINDS]
    assert all(
        balances[0].amounts.equals(other.amounts) and balances[0].status.equals(other.status)
        for other in balances[1:]
    )


@QUICK
@given(tables(), st.integers(0, 6), st.integers(0, 3))
@example(
    Table(  # supply without a number says nothing of the signs
        ("final_consumption", "thermal_power", "primary_supply"),
        ("raw_coal", "coke"),
        {("final_consumption", "raw_coal"): -1, ("thermal_power", "raw_coal"): 1},
    ),
    0,
    0,
)
def test_a_changed_unit_scales_its_product_alone(tmp_path, table, column, unit):
    """Another unit over the same digits changes that product by the ratio of the units, and nothing else."""
    column %= len(table.products)
    product = table.products[column]
    grid = lay_out(table, PLAIN)
    choices = [each for each in _units_of(product) if each.zh != _units_of(product)[0].zh]
    new = choices[unit % len(choices)]
    head = str(grid[1][column + 1])
    grid[1][column + 1] = head.replace(f"({_units_of(product)[0].zh})", f"({new.zh})")
    balance = ca.read_balance(write(grid, tmp_path / "table.csv"))
    ratio = float(new.size / _units_of(product)[0].size)
    wanted = {
        key: (status, amount * ratio if key[1] == product else amount)
        for key, (status, amount) in expected(table).items()
    }
    assert_same(found(balance), wanted)


@QUICK
@given(tables())
@example(
    Table(
        ("industry", "construction"),
        ("raw_coal", "coke"),
        {
            ("industry", "raw_coal"): 200700,
            ("industry", "coke"): 200800,
            ("construction", "raw_coal"): 199000,
            ("construction", "coke"): 200500,
        },
    )
)
def test_numbers_that_look_like_years_stay_numbers(tmp_path, table):
    """Rows of 2007, 2008 are data below a header, not a header."""
    cells = {
        key: abs(cell) // 100 % 150 * 100 + 194900
        if isinstance(cell, int) and key[0] != "exports"
        else cell
        for key, cell in table.cells.items()
    }
    table = replace(table, cells=cells)
    assume(sum(is_output_again(cells, product) for product in table.products) < 2)
    assert_same(found(read(table, PLAIN, tmp_path)), expected(table))


@QUICK
@given(tables())
def test_every_cell_has_its_address(tmp_path, table):
    """The address of an amount is the cell that holds it."""
    balance = read(table, PLAIN, tmp_path)
    for i, flow in enumerate(table.flows):
        for j, product in enumerate(table.products):
            address = balance.address(balance.areas[0], table.year, flow, product)
            assert address == f"table.csv!{chr(66 + j)}{i + 3}"


@QUICK
@given(tables())
def test_a_blank_row_and_column_add_nothing(tmp_path, table):
    """Empty rows and columns inside a table change nothing."""
    grid = lay_out(table, PLAIN)
    spaced = [cells for row in grid for cells in ([*row, "", ""], [""] * (len(row) + 2))]
    assert_same(found(ca.read_balance(write(spaced, tmp_path / "table.csv"))), expected(table))


def _units_of(product: str):
    from tests.balances.printing import PRODUCT_OF  # noqa: PLC0415

    return PRODUCT_OF[product].units
