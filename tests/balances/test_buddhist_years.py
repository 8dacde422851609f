"""Years of the Buddhist Era: 2562 is 2019 in a table in Thai, and a number anywhere else."""

from __future__ import annotations

import pytest

import carbonacct as ca

ROWS = "การใช้พลังงานขั้นสุดท้าย,{a},{b}\nอุตสาหกรรม,{a},{b}"
AS_COLUMNS = "รายการ,2561,2562\n" + ROWS.format(a=6, b=7)
LONG = "ปี,รายการ,ถ่านหิน (ktoe)\n2561,อุตสาหกรรม,6\n2562,อุตสาหกรรม,7"


def read(tmp_path, text):
    """Read one table."""
    path = tmp_path / "t.csv"
    path.write_text(text, encoding="utf-8")
    return ca.read_balance(path, area="ไทย")


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("การใช้ถ่านหิน ปี 2562 (ktoe)\nรายการ,ถ่านหิน\nอุตสาหกรรม,7\nการขนส่ง,2580", [2019]),
        ("ดุลยภาพพลังงาน พ.ศ. 2562 (ktoe)\nรายการ,ถ่านหิน\nอุตสาหกรรม,7", [2019]),
        ("ดุลยภาพพลังงาน (ktoe)\n" + LONG, [2018, 2019]),
        ("ถ่านหิน (ktoe)\n" + AS_COLUMNS, [2018, 2019]),
    ],
)
def test_years_are_written_out(tmp_path, text, years):
    """543 less, in a title, in a column and over columns; an amount of that size stays."""
    balance = read(tmp_path, text)
    assert [*balance.amounts["year"].values] == years
    assert [each.rule for each in balance.findings if each.rule == "buddhist-years"] == ["buddhist-years"]
    last = balance.quantity("coal_total").sel(flow="industry", year=2019)
    assert last.item().to("ktoe").magnitude == pytest.approx(7)
    if "transport" in balance.flows:
        moved = balance.quantity("coal_total").sel(flow="transport", year=2019)
        assert moved.item().to("ktoe").magnitude == pytest.approx(2580)


def test_no_other_table_has_such_years(tmp_path):
    """Without Thai letters 2562 is a number."""
    balance = read(tmp_path, "Balance 2019 (ktoe)\nItem,Coal\nIndustry,2562\nTransport,2561")
    assert not [each for each in balance.findings if each.rule == "buddhist-years"]
    assert balance.quantity("coal_total").sel(flow="industry").item().to("ktoe").magnitude == pytest.approx(2562)
