"""Numbers that have their unit in their own cell: `` / `` between rows, ``|`` between cells."""

from __future__ import annotations

import pytest

import carbonacct as ca
from carbonacct.balances.split.cell_units import read_amount
from carbonacct.balances.split.regions import split
from carbonacct.balances.words.mapping import Mapping
from carbonacct.errors import CarbonacctError
from carbonacct.sheets.raw_sheets import Sheet


def rewrite(text):
    """Return the cells of a sheet after its units are taken out of them, and how many were."""
    found = split(Sheet("a.csv", "", [line.split("|") for line in text.split(" / ")]), None)
    notes = [one.message for one in found.grid.findings if one.rule == "unit-in-cell"]
    count = int(notes[0].split()[0]) if notes else 0
    return " / ".join("|".join(map(str, row)) for row in found.sheet.rows), count


@pytest.mark.parametrize(
    ("text", "read", "count"),
    [
        # The unit of the header, else that of the first number; powers of ten of it are turned.
        (
            "项目|原煤|焦炭 / 工业|5万吨|3吨 / 居民|2万吨|1吨",
            "项目|原煤 (万吨)|焦炭 (吨) / 工业|5|3 / 居民|2|1",
            4,
        ),
        (
            "项目|原煤|焦炭 / 工业|5万吨|3 / 居民|2吨|1",
            "项目|原煤 (万吨)|焦炭 / 工业|5|3 / 居民|0.0002|1",
            2,
        ),
        (
            "项目|原煤(吨)|焦炭 / 工业|5万吨|3 / 居民|2吨|1",
            "项目|原煤(吨)|焦炭 / 工业|50000|3 / 居民|2|1",
            2,
        ),
        (
            "项目|原煤|天然气 / 工业|5万吨|3亿立方米 / 居民|2万吨|1万立方米",
            "项目|原煤 (万吨)|天然气 (亿立方米) / 工业|5|3 / 居民|2|0.0001",
            4,
        ),
        (
            "项目|原煤|焦炭 / 工业|1,234.5 万吨|3 / 居民|-2 吨|1",
            "项目|原煤 (万吨)|焦炭 / 工业|1,234.5|3 / 居民|-0.0002|1",
            2,
        ),
        (
            "项目|2018|2019 / 工业|5万吨|6万吨 / 居民|3吨|4吨",
            "项目|2018 (万吨)|2019 (万吨) / 工业|5|6 / 居民|0.0003|0.0004",
            4,
        ),
        # A column that mixes what cannot be compared: the unit of each row, beside its label.
        (
            "项目|2018|2019 / 原煤|5万吨|6万吨 / 天然气|3亿立方米|4亿立方米",
            "项目|2018|2019 / 原煤 (万吨)|5|6 / 天然气 (亿立方米)|3|4",
            4,
        ),
        (
            "项目|2018|2019 / 原煤|5万吨|6吨 / 天然气|3亿立方米|4亿立方米",
            "项目|2018|2019 / 原煤 (万吨)|5|0.0006 / 天然气 (亿立方米)|3|4",
            4,
        ),
        # Not where another number of the row prints no unit: it would take one that is not its own.
        (
            "项目|原煤|焦炭 / 工业|5万吨|3 / 居民|2 kWh|1",
            "项目|原煤|焦炭 / 工业|5万吨|3 / 居民|2 kWh|1",
            0,
        ),
        (
            "项目|2018|2019 / 原煤|5万吨|6 / 天然气|3亿立方米|4亿立方米",
            "项目|2018|2019 / 原煤|5万吨|6 / 天然气|3亿立方米|4亿立方米",
            0,
        ),
        # A column of other texts is none of numbers; one of units neither.
        (
            "项目|原煤|焦炭 / 工业|5万吨|3 / 居民|怪话|1",
            "项目|原煤|焦炭 / 工业|5万吨|3 / 居民|怪话|1",
            0,
        ),
        (
            "项目|单位|原煤 / 工业|10000 t|3 / 居民|10000 t|2",
            "项目|单位|原煤 / 工业|10000 t|3 / 居民|10000 t|2",
            0,
        ),
        ("项目|原煤|焦炭 / |10000 t|t / 工业|5|3", "项目|原煤|焦炭 / |10000 t|t / 工业|5|3", 0),
        (
            "项目|原煤|焦炭 / 工业|5万吨|甲 / 居民|2万吨|乙",
            "项目|原煤 (万吨)|焦炭 / 工业|5|甲 / 居民|2|乙",
            2,
        ),
    ],
)
def test_where_the_unit_of_a_cell_goes(text, read, count):
    """To the header of its column, or to the label of its row; every cell is then a number in that unit."""
    assert rewrite(text) == (read, count)


def test_a_number_takes_no_unit_of_its_neighbour(tmp_path):
    """Diesel that prints no unit is not read in the therms of the gas beside it."""
    path = tmp_path / "t.csv"
    path.write_text(
        "X 2019\nSector,Natural gas,Diesel\nIndustry,5 therms,3\nHouseholds,4 MWh,2\n",
        encoding="utf-8",
    )
    with pytest.raises(CarbonacctError, match="has no unit"):
        ca.read_balance(path, area="X")


@pytest.mark.parametrize(
    ("cell", "amount"),
    [
        ("12.5 万吨", ("12.5", "万吨")),
        ("-3吨", ("-3", "吨")),
        ("1 234 t", ("1 234", "t")),
        ("10000 t", None),
        ("10^4 t", None),
        ("2019 MWh", None),
        ("2019年", None),
        ("5 怪", None),
        ("工业 5 t", None),
        ("", None),
        (5.0, None),
    ],
)
def test_a_number_and_its_unit(cell, amount):
    """What is a unit itself, a year, or no number in front of a unit is none."""
    assert read_amount(cell, Mapping()) == amount
