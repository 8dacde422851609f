"""Records in notebooks: short, as a table, and equal by value."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import carbonacct as ca

TABLE = "docs/tables/chongqing_2007.csv"


def compile_one():
    """Make the same inventory once more."""
    return ca.compile_inventory(TABLE, method="ipcc-2006", gases=["all"])


@pytest.fixture(scope="module")
def records():
    """One of each kind of public record that holds arrays or many rows."""
    inventory = compile_one()
    model = ca.model_inventory(inventory)
    panel = ca.load_index("tai-2001")
    return [
        inventory,
        inventory.balance,
        inventory.method,
        inventory.method.sources[0],
        ca.compare_approaches(inventory),
        ca.compile_reference(inventory.balance, method="ipcc-2006"),
        ca.trace(inventory, flow="transport", product="diesel"),
        model,
        ca.simulate(model, draws=100),
        panel,
    ]


def test_a_repr_is_short_and_says_what_it_is(records):
    """One line that fits a screen, whatever the table holds."""
    for record in records:
        assert repr(record).startswith(f"{type(record).__name__}(")
        assert len(repr(record)) < 1000
        assert "\n" not in repr(record)


def test_a_notebook_shows_a_table(records):
    """Fields as a table; what can be a frame, as that too; nothing of a table is markup."""
    for record in records:
        shown = record._repr_html_()
        assert shown.startswith(f"<b>{type(record).__name__}</b><table>")
    assert "thermal_power" in records[0]._repr_html_()
    hostile = replace(records[6], area="<script>")
    assert "<script>" not in hostile._repr_html_()


def test_equal_by_value(records):
    """Made twice it is the same; one number or finding less, and it is another."""
    inventory, twin = records[0], compile_one()
    assert inventory == twin
    assert hash(inventory) == hash(twin)
    assert inventory != replace(twin, findings=())
    assert inventory != replace(twin, emissions=twin.emissions * 2)
    assert inventory.balance != replace(twin.balance, place=twin.balance.place + 1)
    assert inventory != inventory.balance
    assert [twin].index(inventory) == 0


def test_no_number_equals_no_number():
    """NaN stands for a cell without a number: two such cells are alike."""
    inventory = compile_one()
    assert np.isnan(inventory.emissions.values).any()
    assert inventory.balance == compile_one().balance
