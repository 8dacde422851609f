"""Final consumption that holds non-energy use, by the sums of the table."""

from __future__ import annotations

import pandas as pd
import pytest

import carbonacct as ca
from carbonacct.balances.assemble.final_uses import tell_final_uses

NAMES = {
    "final": "final_consumption",
    "other": "non_energy_use",
    "trade": "industry",
    "homes": "households",
}


def tell(*products, **more):
    """Return a balance as told: of each product final consumption, industry, households and non-energy use."""
    rows = [
        (flow, product, number)
        for product, numbers in zip(("natural_gas", "coke", "diesel"), products, strict=False)
        for flow, number in zip(NAMES, numbers, strict=True)
    ]
    rows = [(NAMES[flow], product, number) for flow, product, number in rows if number is not None]
    rows += [(flow, "natural_gas", number) for flow, number in more.items()]
    frame = pd.DataFrame(rows, columns=["flow", "product", "value"])
    return tell_final_uses(ca.make_balance(frame.assign(area="A", year=2019, unit="TJ")))


# Of each product: final consumption, non-energy use, industry, households.
HOLDS, LACKS = (100, 10, 60, 30), (90, 10, 60, 30)


@pytest.mark.parametrize(
    ("products", "is_both"),
    [
        ([HOLDS], True),
        ([LACKS], False),
        ([HOLDS, LACKS], False),  # as many say the one as the other: it is what it is called
        ([HOLDS, HOLDS, LACKS], True),
        ([LACKS, LACKS, HOLDS], False),
        ([(100, 0, 60, 40)], False),  # without non-energy use both sums are one
        ([(10, 10, 0, 0)], False),  # sectors that hold nothing say nothing
        ([(100, 10, None, 90)], True),
        ([(100, 10, float("nan"), 90)], True),  # a sector without a number or parts is nothing
        ([(101, 10, 60, 30)], False),  # neither sum
    ],
)
def test_more_numbers_must_be_the_sum_with_it(products, is_both):
    """The row is renamed where they are, one finding says so, and no number changes."""
    balance = tell(*products)
    told = [finding for finding in balance.findings if finding.rule == "final-with-non-energy"]
    assert ("final_uses" in balance.flows, "final_consumption" in balance.flows) == (
        is_both,
        not is_both,
    )
    assert [finding.severity for finding in told] == ["info"] * is_both
    row = balance.amounts.sel(
        flow="final_uses" if is_both else "final_consumption", area="A", year=2019
    )
    assert sorted((row / 1e3).values.tolist()) == pytest.approx(
        sorted(product[0] for product in products)
    )


def test_parts_stand_for_a_sector_that_is_blank():
    """Industry is not printed with a number; its branches are, and their parts where these are blank."""
    nan = float("nan")
    branches = {"industry.chemicals": 45, "industry.ferrous_smelting": 15}
    assert "final_uses" in tell((100, 10, nan, 30), **branches).flows
    assert "final_uses" in tell((100, 10, 60, 30), **branches).flows
    assert "final_uses" not in tell((90, 10, nan, 30), **branches).flows


def test_a_table_that_prints_both_rows_is_left():
    """Final uses that are printed are no second name of final consumption."""
    balance = tell(HOLDS, final_uses=100)
    assert {"final_uses", "final_consumption"} <= set(balance.flows)


def test_a_table_without_non_energy_use_is_left():
    """Nothing says that it is in the row."""
    balance = tell((100, None, 60, 40))
    assert "final_consumption" in balance.flows
    assert not [finding for finding in balance.findings if finding.rule == "final-with-non-energy"]


def test_the_finding_names_the_first_number_that_says_it(tmp_path):
    """Coal has no non-energy use, and both sums are one: the cell of gas is the first that holds it."""
    path = tmp_path / "t.csv"
    text = "Energy balance of Norway 2019 (TJ)\nFlow,Coal,Natural gas\nFinal consumption,100,100\n"
    text += "Industry,60,60\nHouseholds,40,30\nNon-energy use,0,10\n"
    path.write_text(text, encoding="utf-8")
    (finding,) = [
        one for one in ca.read_balance(path).findings if one.rule == "final-with-non-energy"
    ]
    assert finding.where == "t.csv!C3"


@pytest.mark.parametrize(
    ("final", "is_both"), [(100, True), (102, True), (98, True), (103, False), (97, False)]
)
def test_sums_hold_within_print(tmp_path, final, is_both):
    """Whole numbers: a total, two sectors and non-energy use, each within a half, are two apart at most."""
    path = tmp_path / "t.csv"
    rows = f"Total final consumption,{final},5\nIndustry,60,5\nResidential,30,\nNon-energy use,10,"
    path.write_text(
        f"Energy balance of Norway 2019 (TJ)\nFlow,Natural gas,Coal\n{rows}\n", encoding="utf-8"
    )
    assert ("final_uses" in ca.read_balance(path).flows) is is_both
