"""Years of the Buddhist Era: 2562 is 2019 in a table in Thai, and a number anywhere else."""

from __future__ import annotations

import pytest

import carbonacct as ca
from carbonacct.balances.split.buddhist_years import write_out_buddhist_years
from carbonacct.sheets.raw_sheets import Sheet

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
    assert [each.rule for each in balance.findings if each.rule == "buddhist-years"] == [
        "buddhist-years"
    ]
    last = balance.quantity("coal_total").sel(flow="industry", year=2019)
    assert last.item().to("ktoe").magnitude == pytest.approx(7)
    if "transport" in balance.flows:
        moved = balance.quantity("coal_total").sel(flow="transport", year=2019)
        assert moved.item().to("ktoe").magnitude == pytest.approx(2580)


def test_no_other_table_has_such_years(tmp_path):
    """Without Thai letters 2562 is a number."""
    balance = read(tmp_path, "Balance 2019 (ktoe)\nItem,Coal\nIndustry,2562\nTransport,2561")
    assert not [each for each in balance.findings if each.rule == "buddhist-years"]
    assert balance.quantity("coal_total").sel(flow="industry").item().to(
        "ktoe"
    ).magnitude == pytest.approx(2562)


@pytest.mark.parametrize("head", ["ปี", ""])
def test_amounts_of_that_size_stay_below_their_years(tmp_path, head):
    """2,500 kt below a heading of years that spans them is no year, nor are 2561 and 2562 in one row."""
    text = f"Energy use of industry (kt),{head},\n,2561,2562\nDiesel,2500,2490\nGasoline,2561,2562\nหมายเหตุ,,"
    balance = read(tmp_path, text)
    assert [*balance.amounts["year"].values] == [2018, 2019]
    for product, amounts in {"diesel": [2500, 2490], "gasoline": [2561, 2562]}.items():
        printed = balance.quantity(product).sel(flow="industry").squeeze()
        assert printed.data.to("kt").magnitude == pytest.approx(amounts)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ดุลยภาพ ปี พ.ศ. 2561 - 2562", "ดุลยภาพ ปี พ.ศ. 2018 - 2019"),
        ("ใช้ไฟฟ้า 2500 kWh ต่อปี", None),
        ("ใช้ไฟฟ้าต่อปี 2500 kWh", None),
        ("พ.ศ. 2562 ใช้ไฟฟ้า 2500 kWh", "พ.ศ. 2019 ใช้ไฟฟ้า 2500 kWh"),
        ("พ.ศ. 2561-62", None),
    ],
)
def test_only_numbers_behind_the_word_are_years(text, expected):
    """An amount in the same text is none, nor one per year; 2561-62 is asked."""
    sheet = Sheet("t.csv", "", [[text]])
    assert write_out_buddhist_years(sheet).rows == [[expected or text]]
