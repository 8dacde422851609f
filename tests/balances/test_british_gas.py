"""Gas of British areas in watt hours: gross where the table says so, else an error.

Gas (Calculation of Thermal Energy) Regulations 1996.
"""

from __future__ import annotations

import pytest

from tests.balances.test_layout import amount, read

LONG = """
    GeographyCode,DateCode,Units,Energy Type,Energy Consuming Sector,Value
    {code},2016,{unit},{fuel},Domestic,1350
    {code},2016,{unit},Electricity,Domestic,400
    """


@pytest.mark.parametrize(
    ("code", "unit", "fuel", "is_said"),
    [
        ("S12000033", "GWh", "Natural gas", True),
        ("S12000033", "ktoe", "Natural gas", False),
        ("S12000033", "GWh", "Coal", False),
        ("Lomar", "GWh", "Natural gas", False),
    ],
)
def test_gas_that_no_text_calls_gross_or_net(tmp_path, code, unit, fuel, is_said):
    """An error names the first number; other areas, fuels and units have none."""
    balance = read(tmp_path, LONG.format(code=code, unit=unit, fuel=fuel))
    found = [(one.severity, one.where) for one in balance.findings if one.rule == "basis-unsaid"]
    assert found == [("error", "table.csv!F2")] * is_said


@pytest.mark.parametrize(("first", "where"), [("-", "F4"), ("", "F4"), ("1350", "F2")])
def test_the_first_number_is_named(tmp_path, first, where):
    """A mark, a blank and another fuel are not the first number; gas without a number has no finding."""
    text = LONG.format(code="S12000033", unit="GWh", fuel="Natural gas").replace("1350", first)
    line = "S12000033,2016,GWh,Natural gas,Industrial,20\n"
    found = [
        one.where
        for one in read(tmp_path, text.rstrip(" ") + line).findings
        if one.rule == "basis-unsaid"
    ]
    assert found == [f"table.csv!{where}"]
    alone = [one.rule for one in read(tmp_path, text).findings if one.rule == "basis-unsaid"]
    assert alone == ["basis-unsaid"] * (first == "1350")


@pytest.mark.parametrize(("basis", "net"), [("gross", 0.9), ("net", 1)])
def test_a_mapping_file_says_which(tmp_path, basis, net):
    """Gross gas is nine tenths of it net (IPCC 2006 Guidelines, Vol. 2, Ch. 1, 1.4.1.2), and nothing is left to say."""
    (tmp_path / "own.csv").write_text(f"kind,name,id\nbasis,{basis},\n", encoding="utf-8")
    text = LONG.format(code="S12000033", unit="GWh", fuel="Natural gas")
    balance = read(tmp_path, text, mapping=tmp_path / "own.csv")
    assert amount(balance, "households", "natural_gas") == pytest.approx(1350 * 3600 * net)
    assert "basis-unsaid" not in {one.rule for one in balance.findings}
