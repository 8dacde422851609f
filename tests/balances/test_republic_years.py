"""Years of the Republic of China without 民國: 110年 is 2021, as the first year is 1912.

Standard Days and Festivals Act of Taiwan.
"""

from __future__ import annotations

import pytest

import carbonacct as ca
from carbonacct.balances.split.republic_years import write_out_years
from carbonacct.errors import TableError, UnitError
from carbonacct.sheets.raw_sheets import Sheet

TITLE = "工業部門能源消費量"


def years_in(*rows, area=None, file="t.csv"):
    """Return the cells of a sheet that became years of the Republic."""
    made = write_out_years(Sheet(file, "", [list(row) for row in rows]), area)
    return [cell for row in made.rows for cell in row if str(cell).startswith("民國")]


@pytest.mark.parametrize(
    ("rows", "area", "found"),
    [
        # The title, the area that is given, or who publishes says Taiwan.
        ([["新北市" + TITLE], ["項目", "110年", "111年"]], None, ["民國110年", "民國111年"]),
        ([[TITLE], ["項目", "110年", "111年"]], "高雄市", ["民國110年", "民國111年"]),
        (
            [[TITLE], ["項目", "99年度", "100年度"], ["資料來源：經濟部能源署"]],
            None,
            ["民國99年", "民國100年"],
        ),
        # Numbers alone, below a heading of years; and from the last year to the first.
        (
            [["台灣" + TITLE], ["年度", "煤"], [112.0, 5.0], [111.0, 6.0]],
            None,
            ["民國112年", "民國111年"],
        ),
        # Statistics of energy begin in the fifties of the Republic, and do not look beyond 150年, which is 2061.
        ([["台灣" + TITLE], ["項目", "49年", "50年", "51年"]], None, ["民國50年", "民國51年"]),
        ([["台灣" + TITLE], ["項目", "149年", "150年", "151年"]], None, ["民國149年", "民國150年"]),
        # What is printed as such, other years, and what does not follow one another stay as they are.
        ([["新北市" + TITLE], ["項目", "2019年", "2020年"]], None, []),
        ([["新北市" + TITLE], ["項目", "100年", "120年"]], None, []),
        ([["新北市" + TITLE], ["煤", 110.0, 111.0]], None, []),
        # 100年 in simplified characters is no such year.
        ([["某市工业能源消费量"], ["项目", "100年", "101年"]], None, []),
    ],
)
def test_years_are_written_out_where_the_table_is_of_taiwan(rows, area, found):
    """No other cell is touched."""
    assert years_in(*rows, area=area) == found


def test_what_is_there_already_is_not_written_twice():
    """民國 stands once, whether the title prints it or it is added."""
    (made,) = write_out_years(
        Sheet("t.csv", "", [["新北市民國110年能源"], ["煤", 1.0]]), None
    ).rows[:1]
    assert made == ["新北市民國110年能源"]
    (made,) = write_out_years(
        Sheet("t.csv", "", [["新北市110年能源消費"], ["煤", 1.0]]), None
    ).rows[:1]
    assert made == ["新北市民國110年能源消費"]


def test_without_a_word_of_taiwan_it_is_asked_once():
    """One sentence for the table, and none for each of its years; the area answers it."""
    rows = [[TITLE], ["項目", "110年", "111年"], ["煤（公噸）", 1.0, 2.0]]
    with pytest.raises(TableError, match="may be years of the Republic"):
        years_in(*rows)
    assert years_in(*rows, area="臺北市") == ["民國110年", "民國111年"]


def test_a_finding_says_which_years(tmp_path):
    """The years as printed, and what they are."""
    path = tmp_path / "t.csv"
    path.write_text(f"新北市{TITLE}\n項目,110年,111年\n煤（公噸）,1,2\n", encoding="utf-8")
    balance = ca.read_balance(path)
    (said,) = [one for one in balance.findings if one.rule == "years-of-the-republic"]
    assert said.message == "110年, 111年: years of the Republic of China, 2021 to 2022"
    assert list(balance.years) == [2021, 2022]


@pytest.mark.parametrize(
    ("rows", "products"),
    [
        ("2018,100,60,30,10\n2019,110,61,29,10\n", {"total_energy"}),
        ("2018,100,60.1,29.8,10.1\n2019,110,61.3,28.6,10.0\n", {"total_energy"}),
        ("2018,100,60,30,10\n", None),  # one row may add up by chance
        # Amounts that add up to the total are in its unit.
        (
            "2018,100,60,30,10\n2019,110,66,33,11\n",
            {"total_energy", "raw_coal", "oil_total", "natural_gas"},
        ),
        ("2018,100,60,30,10\n2019,100,61,29,10\n", None),  # a total of 100 has amounts of that sum
    ],
)
def test_columns_without_a_unit_are_shares_where_they_add_up_to_100(tmp_path, rows, products):
    """The composition of the total beside them; nothing else is left out, and what is neither is asked for its unit."""
    path = tmp_path / "t.csv"
    path.write_text(
        f"某市能源消费\n年份,能源消费总量（万吨标准煤）,原煤,石油,天然气\n{rows}", encoding="utf-8"
    )
    reading = ca.read_tables(path, area="某市")
    assert (set(reading.balance.products) if reading.balance else None) == products


def test_what_no_total_holds_is_no_composition(tmp_path):
    """Coal and coke beside electricity add up to 100 by chance: they are asked for their unit."""
    path = tmp_path / "t.csv"
    path.write_text(
        "某市能源消费\n年份,电力（亿千瓦时）,原煤,焦炭\n2018,50,60,40\n2019,51,70,30\n",
        encoding="utf-8",
    )
    with pytest.raises(UnitError, match="raw_coal has no unit"):
        ca.read_balance(path, area="某市")
