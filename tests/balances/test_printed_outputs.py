"""Production that prints again what plants put out: by hand, from the layout of Argentina's balance of 2020."""

from __future__ import annotations

import pytest

from carbonacct.sheets import values
from tests.balances.test_layout import read

# The sum of plants stands before them. Gas plants make 300 of gas of networks, refineries 70 of diesel
# and 20 of LPG beside 15 of gas plants.
ROWS = {
    "Natural gas": "{gas},290,300,-10",
    "Diesel": "{diesel},70,0,70",
    "LPG": "{lpg},35,15,20",
    "Crude oil": "120,-100,0,-100",
}


def read_table(tmp_path, *, turned=False, **numbers):
    """Return a balance of four fuels, with flows as columns or as rows."""
    told = {"gas": 300, "diesel": 70, "lpg": 35} | numbers
    lines = [["TJ", "Production", "Total transformation", "Natural gas plants", "Oil refineries"]]
    lines += [[name, *row.format(**told).split(",")] for name, row in ROWS.items()]
    if turned:
        lines = list(zip(*lines, strict=True))
    text = "\n".join(",".join(line) for line in lines)
    return read(tmp_path, f"Energy balance of Utopia 2020 (TJ)\n{text}\n", area="Utopia")


def say(balance):
    """Return what is said of production: severity and message."""
    return [
        (one.severity, one.message)
        for one in balance.findings
        if one.rule == "output-in-production"
    ]


@pytest.mark.parametrize("turned", [False, True], ids=["flows as columns", "flows as rows"])
def test_output_that_production_prints_again_counts_once(tmp_path, turned):
    """The sums of outputs are left out of production; crude oil, which no plant puts out, stays."""
    balance = read_table(tmp_path, turned=turned)
    production = balance.amounts.sel(area="Utopia", year=2020, flow="production").fillna(0)
    assert {p: float(production.sel(product=p)) for p in balance.products} == {
        "natural_gas": 0,
        "diesel": 0,
        "lpg": 0,
        "crude_oil": 120e3,
    }
    ((severity, message),) = say(balance)
    assert severity == "info"
    assert message.startswith("3 numbers of production")


def test_what_is_no_sum_of_outputs_is_produced_and_named(tmp_path):
    """LPG of wells counts as production beside that of plants; a warning says that some may be output."""
    balance = read_table(tmp_path, lpg=50)
    assert float(balance.amounts.sel(flow="production", product="lpg").squeeze()) == 50e3
    assert [severity for severity, _ in say(balance)] == ["info", "warning"]
    assert "production of lpg is not" in say(balance)[1][1]


def test_one_line_that_closes_may_do_so_by_chance(tmp_path):
    """Production of one fuel alone that equals its output stays: two are needed."""
    balance = read_table(tmp_path, diesel=75, lpg=40)
    assert float(balance.amounts.sel(flow="production", product="natural_gas").squeeze()) == 300e3
    assert say(balance) == []


def test_sums_within_the_print_close(tmp_path):
    """35.4 printed as 35 is the sum of 15 and 20, half a unit of each: 37 is not."""
    assert len(say(read_table(tmp_path, lpg=36))) == 1
    assert len(say(read_table(tmp_path, lpg=37))) == 2


def test_a_blank_of_production_is_none(tmp_path):
    """Nothing is said where production prints no secondary energy."""
    balance = read_table(tmp_path, gas="", diesel="", lpg="")
    assert say(balance) == []
    assert int(balance.status.sel(flow="production", product="diesel").squeeze()) == values.BLANK
