"""What became of each cell of a table: `` / `` between rows, ``|`` between cells.

Each cell that is not blank is told by its column, the first letter of its role (number, label, unit,
title, note) and of its fate (used, nothing, passed, asked, refused).
"""

from __future__ import annotations

import pytest

import carbonacct as ca


def tell(folder, text, **options):
    """Return the cells of each row of a table, and their reasons by the cell."""
    path = folder / "t.csv"
    path.write_text(text.replace(" / ", "\n").replace("|", ","), encoding="utf-8")
    cells = ca.read_tables(path, **options).fates
    rows = [
        " ".join(
            f"{one.column}:{one.role[0]}{one.fate[0]}"
            for one in cells[cells["row"] == row].itertuples()
        )
        for row in range(1, text.count(" / ") + 2)
    ]
    return rows, {f"{one.column}{one.row}": one.reason for one in cells.itertuples() if one.reason}


def test_each_cell_has_a_role_and_a_fate(tmp_path):
    """Titles, units, columns and rows without amounts, marks, what is no number, what is not known, notes."""
    rows, reasons = tell(
        tmp_path,
        "重庆能源消费 2019 / 单位:万吨 / 项目|编号|原煤|焦炭|比重(%)|备注|其中:怪 / 生产|||||甲| / 工业|01|3|-|9|乙|x"
        " / 农业|02|3 q|4|8 / 人口|03|3|4|1 / 怪物|04|1|2 / 注:说明|7",
    )
    assert rows == [
        "A:tu",
        "A:tu",
        "A:lu B:lp C:lu D:lu E:lp F:lp G:lp",
        "A:lu F:lp",
        "A:lu B:np C:nu D:nn E:np F:np G:nn",
        "A:lu B:np C:nr D:nu E:np",
        "A:np B:np C:np D:np E:np",
        "A:la B:np C:na D:na",
        "A:np B:np",
    ]
    assert {reasons[cell] for cell in ("A1", "A2")} == {"stands above the table"}
    assert {reasons[cell] for cell in ("B3", "E3", "F3", "G3", "F4")} == {
        "says nothing of the numbers below it"
    }
    assert {reasons[cell] for cell in ("B5", "B6", "B8", "B9")} == {
        "its column holds no amounts of energy"
    }
    assert {reasons[cell] for cell in ("E5", "E6")} == {
        "its column holds shares, no amounts of energy"
    }
    assert reasons["F5"] == "its column says nothing of the numbers"
    assert {reasons[f"{column}7"] for column in "ABCDE"} == {
        "its row holds people, no amounts of energy"
    }
    assert reasons["C6"] == "is not a number"
    assert reasons["A9"] == "belongs to no table"
    assert {reasons[cell][:18] for cell in ("A8", "C8", "D8")} == {"t.csv!A8: row '怪物'"[:18]}


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        # A header that is asked for: its numbers hang on it, and those without a header are passed over.
        (
            "重庆能源消费 2019 / 项目|原煤(万吨)|焦炭(怪吨)|7 / 工业|3|4|5 / 怪物|1|2|6",
            ["A:tu", "A:lu B:lu C:la D:np", "A:lu B:nu C:na D:np", "A:la B:na C:na D:np"],
        ),
        # A heading that is not known, with the fuels below it as far as the next heading.
        (
            (
                "佚名|8 / 重庆能源消费 2019 / 万吨 / 品种|数量(万吨) / 工业| / 原煤|3 / 怪物| / 焦炭|5 / 柴油|- / "
                "居民| / 柴油|4"
            ),
            [
                "A:tu B:np",
                "A:tu",
                "A:uu",
                "A:lu B:lu",
                "A:lu",
                "A:lu B:nu",
                "A:la",
                "A:la B:na",
                "A:la B:nn",
                "A:lu",
                "A:lu B:nu",
            ],
        ),
        # Years and units in columns of their own.
        (
            "重庆能源消费 / 年份|指标|单位|数量 / 2018|工业原煤消费量|万吨|3 / 2019|工业原煤消费量|万吨|4",
            ["A:tu", "A:lu B:lu C:lu D:lu", "A:lu B:lu C:uu D:nu", "A:lu B:lu C:uu D:nu"],
        ),
        # Of a file that contradicts itself no number is used.
        (
            "重庆能源消费 2019 / 项目|原煤(万吨)|原煤(万吨) / 工业|3|4 / 农业|1|",
            ["A:tu", "A:lu B:lr C:lr", "A:lu B:nr C:nr", "A:lu B:nr"],
        ),
        # No table: what may be labels is asked for, and the numbers are refused.
        ("佚名|x / 怪甲|3 / 怪乙|4", ["A:np B:la", "A:la B:nr", "A:la B:nr"]),
    ],
)
def test_fates_by_the_kind_of_table(tmp_path, text, rows):
    """What is asked or refused takes what hangs on it along; what is passed over stays so."""
    assert tell(tmp_path, text)[0] == rows
