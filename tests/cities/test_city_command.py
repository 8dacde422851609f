"""The command city: from tables to a file that every command reads."""

from __future__ import annotations

import csv

import pytest
from openpyxl import Workbook

import carbonacct as ca
from carbonacct.cli.main import main
from tests.cities.building import PAGES, TABLES

CITY = [
    *("city", *PAGES, "--area", "江州市", "--year", "2019"),
    *("--province", f"{TABLES}/province_2019.csv", "--indicators", f"{TABLES}/indicators_2019.csv"),
]
HEADER = (
    "area,year,flow,product,unit,value,how,case,index,index_city,index_reference,index_unit,"
    "share,share_low,share_high,source"
)


def test_from_five_tables_to_an_inventory(tmp_path, capsys):
    """The file reads as a balance: check, inventory and trace take it as a printed one."""
    target = str(tmp_path / "city.csv")
    assert main([*CITY, "-o", target]) == 0
    shown = capsys.readouterr()
    assert "cells printed (gamma)" in shown.out
    assert "by other indices)" in shown.out
    assert main([*CITY, "-o", target, "--overwrite", "--lang", "zh"]) == 0
    assert "个单元格印出（gamma）" in capsys.readouterr().out
    with open(target, encoding="utf-8") as stream:  # noqa: PTH123 - as a user reads it
        assert next(csv.reader(stream)) == HEADER.split(",")
    assert main(["check", target]) == 0
    assert "findings: 0 error, 0 warning" in capsys.readouterr().out
    assert main(["inventory", target, "--method", "provincial-2011", "-o", "-"]) == 0
    assert "江州市,2019,transport,diesel" in capsys.readouterr().out
    words = [
        "trace",
        target,
        "--method",
        "provincial-2011",
        "--flow",
        "transport",
        "--product",
        "diesel",
    ]
    assert main(words) == 0
    assert "came about: allocated (beta) by vehicles: 76 / 690" in capsys.readouterr().out


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_a_workbook_reads_back_too(tmp_path, capsys, suffix):
    """Two kinds of file, one balance."""
    target = str(tmp_path / f"city.{suffix}")
    assert main([*CITY, "-o", target]) == 0
    capsys.readouterr()
    assert main(["inventory", target, "--method", "provincial-2011", "-o", "-"]) == 0
    assert capsys.readouterr().out.count("\n") > 50


def test_standard_output_is_data_alone(capsys):
    """Without -o the CSV goes to standard output, and findings to standard error."""
    assert main(CITY) == 0
    shown = capsys.readouterr()
    assert shown.out.splitlines()[0] == HEADER
    assert shown.err == ""
    assert main([word for word in CITY if not word.endswith("indicators_2019.csv")][:-1]) == 0
    assert "industry below designated size is not in" in capsys.readouterr().err


def test_cities_against_their_province(tmp_path, capsys):
    """--against-province writes each row of the sum.

    Without a province there is nothing to compare with.
    """
    target, compared = str(tmp_path / "city.csv"), str(tmp_path / "rows.csv")
    assert main([*CITY, "-o", target, "--against-province", compared]) == 0
    with open(compared, encoding="utf-8") as stream:  # noqa: PTH123 - as a user reads it
        assert next(csv.reader(stream))[:6] == [
            "year",
            "flow",
            "product",
            "unit",
            "cities",
            "province",
        ]
    capsys.readouterr()
    words = ["city", *PAGES, "--area", "江州市", "--year", "2019", "-o", target, "--overwrite"]
    assert main([*words, "--against-province", compared]) == 2
    assert "there is nothing to compare with" in capsys.readouterr().err


def test_strict_ends_with_one_where_something_was_refused(tmp_path, capsys):
    """A refused scale is an error: --strict says so by its status."""
    page = tmp_path / "industry.csv"
    page.write_text(
        "甲市规模以上工业能源消费(2019年)\n项目,柴油(吨),汽油(吨)\n纺织业,1000,300\n",
        encoding="utf-8",
    )
    rows = (
        "area,row,indicator,value,unit,source\n"
        "甲市,*,工业增加值,9,亿元,\n甲市,*,规模以上工业增加值,10,亿元,\n"
    )
    (tmp_path / "indicators.csv").write_text(rows, encoding="utf-8")
    words = [
        "city",
        str(page),
        "--area",
        "甲市",
        "--year",
        "2019",
        "--indicators",
        str(tmp_path / "indicators.csv"),
    ]
    assert main(words) == 0
    assert "m = 0.9000 by va_industry" in capsys.readouterr().err
    assert main([*words, "--strict"]) == 1


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["city"], "no city is named; pass --area"),
        (["city", "--area", "甲市"], "no year is named; pass --year"),
        (
            ["city", "--area", "甲市", "--year", "2019"],
            "甲市: no cell of its balance could be made",
        ),
        (["city", "nowhere.csv", "--area", "甲市", "--year", "2019"], "nowhere.csv"),
        (
            ["city", "--area", "甲市", "--year", "2019", "--indicators", "nowhere.csv"],
            "nowhere.csv: cannot be opened",
        ),
        (
            ["city", "--area", "甲市", "--year", "2019", "--index", "gdpp"],
            "no indicator 'gdpp'; did you mean gdp",
        ),
    ],
)
def test_words_that_cannot_be_used(words, message, capsys):
    """Each problem is one line and status 2."""
    assert main(words) == 2
    shown = capsys.readouterr()
    assert message in shown.err
    assert len(shown.err.splitlines()) == 1


def test_a_city_reads_with_words_and_sheets_of_ones_own(tmp_path, capsys):
    """A mapping gives an unknown fuel its meaning; a sheet that is not chosen is listed with its numbers."""
    rows = [
        ["行业", "煤炭（吨）", "佚名气（万立方米）"],
        ["食品制造业", 1200, 20],
        ["纺织业", 4000, 100],
    ]
    book = Workbook()
    for name, factor in (("2020", 1), ("草稿", 7)):
        sheet = book.create_sheet(name)
        sheet.append(["某市规模以上工业分行业能源消费量 2020年"])
        for label, *cells in rows:
            sheet.append(
                [label, *(cell if isinstance(cell, str) else cell * factor for cell in cells)]
            )
    del book["Sheet"]
    path, mapping = tmp_path / "industry.xlsx", tmp_path / "words.csv"
    book.save(path)
    mapping.write_text("kind,name,id\nproduct,佚名气,natural_gas\n", encoding="utf-8")
    words = ["city", str(path), "--area", "某市", "--year", "2020", "--sheet", "2020"]
    assert main(words) == 2
    assert "column '佚名气' is not known" in capsys.readouterr().err
    assert main([*words, "--mapping", str(mapping)]) == 0
    shown = capsys.readouterr()
    assert "某市,2020,industry.textile,natural_gas,m3,1000000.0,printed" in shown.out
    built = ca.build_city_balance(path, area="某市", year=2020, sheet="2020", mapping=mapping)
    assert ["草稿" in str(one) for one in built.findings if one.rule == "sheet-passed-over"] == [
        True
    ]
    assert "28000" not in shown.out
    assert main([*words[:-1], "2021", "--mapping", str(mapping)]) == 2
    assert "2021" in capsys.readouterr().err
