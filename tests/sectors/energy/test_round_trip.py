"""A balance written and read back is the same balance: floats, and kinds of nothing."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import carbonacct as ca
from carbonacct.errors import OutputError, TableError
from tests.sectors.energy.building import table, write_table

FLOWS = (
    "primary_supply",
    "exports",
    "transformation",
    "thermal_power",
    "recovery",
    "final_consumption",
    "industry",
    "statistical_difference",
)
PRODUCTS = ("raw_coal", "natural_gas", "electricity", "heat", "other_energy")
printed = st.one_of(
    st.floats(min_value=-1e9, max_value=1e9, allow_nan=False)
    .filter(lambda x: x == 0 or abs(x) > 1e-6)
    .map(repr),
    st.sampled_from(["", "-", "—", "…", "NO", "NE", "NA", "IE", "C"]),
)
cells = st.fixed_dictionaries(
    {flow: st.fixed_dictionaries(dict.fromkeys(PRODUCTS, printed)) for flow in FLOWS}
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cells)
def test_write_and_read_back(tmp_path, rows):
    """Amounts are equal to the last bit, and a blank, a dash and each notation key stay what they are."""
    rows = {**rows, "industry": {**rows["industry"], "raw_coal": "1"}}  # a table has a number
    balance = table(tmp_path, rows)
    ca.write_balance(balance, tmp_path / "tidy.csv")
    again = ca.read_balance(tmp_path / "tidy.csv")
    assert again.amounts.equals(balance.amounts.sel(flow=again.flows, product=again.products))
    assert again.status.equals(balance.status.sel(flow=again.flows, product=again.products))
    left = balance.status.drop_sel(flow=again.flows).values
    assert not (left == 0).any()


def test_a_real_table_reads_back_with_its_inventory(tmp_path):
    """The inventory of the written balance is the inventory of the table."""
    balance = ca.read_balance("docs/tables/beijing_2007.csv")
    ca.write_balance(balance, tmp_path / "b.csv")
    again = ca.read_balance(tmp_path / "b.csv")
    assert again.areas == balance.areas
    assert again.years == balance.years
    one, two = (
        ca.compile_inventory(table_, method="ipcc-2006").to_frame() for table_ in (balance, again)
    )
    assert one.equals(two)


def test_recovery_keeps_its_place(tmp_path):
    """Recovery printed under transformation is part of transformation after a round trip, too."""
    rows = {
        flow: {"other_energy": 1, "raw_coal": 1}
        for flow in (
            "primary_supply",
            "production",
            "transformation",
            "thermal_power",
            "recovery",
            "final_consumption",
            "industry",
        )
    }
    balance = table(tmp_path, rows)
    assert balance.parents == {"recovery": "transformation"}
    ca.write_balance(balance, tmp_path / "b.csv")
    assert ca.read_balance(tmp_path / "b.csv").parents == {"recovery": "transformation"}


def test_exports_are_negative_however_they_are_printed(tmp_path):
    """A positive print of exports is turned and said; a negative one stays; both are the same balance."""
    rows = {
        "production": {"raw_coal": 9, "coke": 1},
        "exports": {"raw_coal": 2, "coke": ""},
        "final_consumption": {"raw_coal": 7, "coke": 1},
    }
    positive = table(tmp_path, rows)
    negative = table(tmp_path, {**rows, "exports": {"raw_coal": -2, "coke": ""}})
    assert positive.amounts.equals(negative.amounts)
    assert {finding.rule for finding in positive.findings} - {
        finding.rule for finding in negative.findings
    } == {"printed-positive"}


def test_a_folder_cannot_be_written(tmp_path):
    """One clear line."""
    balance = ca.read_balance(
        write_table(
            tmp_path / "t.csv",
            {"industry": {"raw_coal": 1, "coke": 2}, "transport": {"raw_coal": 1, "coke": 2}},
        )
    )
    with pytest.raises(OutputError, match="cannot be written"):
        ca.write_balance(balance, tmp_path)


def test_the_record_answers_by_name(tmp_path):
    """Quantity and address say what there is when a name is unknown."""
    balance = table(
        tmp_path,
        {"industry": {"raw_coal": 1.5, "coke": 2}, "transport": {"raw_coal": 1, "coke": 2}},
    )
    assert balance.address("重庆", 2021, "industry", "raw_coal") == "table.csv!B3"
    assert float(balance.quantity("raw_coal").sel(flow="industry").item().to("kt").magnitude) == 15
    assert np.isclose(balance.amounts.sel(flow="industry", product="raw_coal").item(), 15000)
    with pytest.raises(TableError, match="no diesel"):
        balance.quantity("diesel")
    with pytest.raises(TableError, match="no flow 'mining'"):
        balance.address("重庆", 2021, "mining", "raw_coal")
    with pytest.raises(TableError, match="no file was named"):
        ca.read_balance()
