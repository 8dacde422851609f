"""What is said of the factor rows that cells use."""

from __future__ import annotations

import pandas as pd
import pytest

import carbonacct as ca

STANDARD = 0.7143  # tce per t of raw coal: GB/T 2589-2020, table A.1
PRINTED = 2.492  # white paper 2022: t CO2 per tce, printed as per t


def findings_of(rows, method, rule):
    """Return the findings of a rule on (area, flow, product, number in t)."""
    frame = pd.DataFrame(rows, columns=["area", "flow", "product", "value"]).assign(year=2019)
    inventory = ca.compile_inventory(frame, method=method)
    return [finding for finding in inventory.findings if finding.rule == rule]


@pytest.mark.parametrize(
    ("rows", "burnt"),
    [
        ([("A", "industry", "raw_coal", 1_000.0)], 1_000),
        ([("A", "industry", "raw_coal", 1_000.0), ("A", "thermal_power", "raw_coal", -500.0)], 1_500),
        ([("A", "industry", "raw_coal", 1_000.0), ("B", "construction", "raw_coal", 200.0)], 1_200),
        ([("A", "industry", "raw_coal", 1_000.0), ("A", "industry", "crude_oil", 0.0)], 1_000),
    ],
)
def test_a_corrected_number_says_what_the_print_would_give(rows, burnt):
    """Over all cells that use it: tonnes times the printed number, and what is given instead."""
    (finding,) = findings_of(rows, "whitepaper-2022", "erratum")
    assert finding.severity == "warning"
    assert finding.message.startswith("emission_factor of 原煤 is used as 2.492 t CO2/tce; the document prints 2.492 t")
    given = burnt * STANDARD * PRINTED
    assert f"which would give {burnt * PRINTED:,.0f} t CO2 instead of {given:,.0f}" in finding.message
    assert finding.where == "whitepaper-2022/emission_factor.csv:3"


def test_a_corrected_number_that_no_cell_uses_is_not_told():
    """Crude oil alone names its own row; where nothing burns that has one, nothing is said."""
    (finding,) = findings_of([("A", "transport", "crude_oil", 10.0)], "whitepaper-2022", "erratum")
    assert "原油" in finding.message
    assert findings_of([("A", "industry", "raw_coal", 10.0)], "provincial-2011", "erratum") == []


@pytest.mark.parametrize(
    ("product", "use"),
    [("raw_coal", "bituminous_coal"), ("coke", None), ("diesel", None)],
)
def test_a_fuel_that_takes_the_factors_of_another_is_told(product, use):
    """The guideline of 2011 has no raw coal; what it lists stands for itself."""
    found = findings_of([("A", "industry", product, 10.0)], "provincial-2011", "substitute")
    assert [finding.message.split(" where ")[0] for finding in found] == (
        [f"{product} takes factors of {use}"] if use else []
    )
    assert {finding.severity for finding in found} <= {"info"}
