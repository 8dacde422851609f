"""The commands on indices, as a user types them."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import Workbook, load_workbook

import carbonacct as ca
from carbonacct.cli import main
from tests.indices import facts
from tests.indices.test_worked import CCNI, pilots


@pytest.fixture
def tai(tmp_path):
    """Return a CSV of the 23 countries."""
    facts.tai_table().to_csv(tmp_path / "tai.csv", index=False)
    return str(tmp_path / "tai.csv")


def test_list_names_every_index(capsys):
    """Each index and form with its kind, its indicators and its source."""
    assert main(["index", "list", "--lang", "zh"]) == 0
    out = capsys.readouterr().out
    assert "ccni-2.0               index  16 个指标" in out
    assert "碳达峰试点城市建设参考指标" in out


def test_score_writes_the_columns_of_the_contract(tai, tmp_path, capsys):
    """The CSV has exactly these columns, and its numbers read back equal."""
    out = tmp_path / "out.csv"
    assert main(["index", "score", "tai-2001", tai, "-o", str(out)]) == 0
    assert capsys.readouterr().out.splitlines()[:2] == [
        "Technology Achievement Index 2001",
        "   1      0.74  Finland",
    ]
    with out.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert list(rows[0]) == [
        "area",
        "indicator",
        "level",
        "value",
        "unit",
        "score",
        "weight",
        "weighted",
        "status",
    ]
    total = [row for row in rows if row["level"] == "0"]
    assert len(total) == 23
    leaves = [row for row in rows if row["area"] == "Finland" and row["level"] == "2"]
    assert sum(float(row["weighted"]) for row in leaves) == pytest.approx(
        float(total[0]["score"]), abs=1e-15
    )
    assert len(rows) == 23 * 13


def test_score_on_standard_output_is_csv_alone(tai, capsys):
    """A lone dash: the rows, nothing else."""
    assert main(["index", "score", "tai-2001", tai, "-o", "-"]) == 0
    out = capsys.readouterr().out
    assert out.startswith(
        "area,indicator,level,value,unit,score,weight,weighted,status\nFinland,tai-2001,0,,,0.74"
    )


def test_json_is_json(tai, tmp_path, capsys):
    """What has no number is null; a grid is refused."""
    out = tmp_path / "out.json"
    assert main(["index", "score", "tai-2001", tai, "-o", str(out)]) == 0
    rows = json.loads(
        out.read_text(encoding="utf-8"),
        parse_constant=lambda word: pytest.fail(f"{word} is no JSON"),
    )["rows"]
    assert rows[0]["value"] is None
    assert rows[0]["score"] == pytest.approx(0.7449, abs=1e-4)
    assert main(["index", "score", "tai-2001", tai, "-o", str(tmp_path / "out.nc")]) == 2
    assert "the kind of an output follows its suffix" in capsys.readouterr().err


def test_sensitivity_is_reproducible(tai, tmp_path, capsys):
    """The same seed writes the same file."""
    paths = [str(tmp_path / f"{number}.csv") for number in range(2)]
    for path in paths:
        assert (
            main(
                [
                    "index",
                    "sensitivity",
                    "tai-2001",
                    tai,
                    "--draws",
                    "50",
                    "--seed",
                    "3",
                    "--data-range",
                    "5",
                    "--vary-rules",
                    "-o",
                    path,
                ]
            )
            == 0
        )
    capsys.readouterr()
    texts = [Path(path).read_text(encoding="utf-8") for path in paths]
    assert texts[0] == texts[1]
    assert (
        texts[0].splitlines()[0] == "area,score,rank,rank_low,rank_median,rank_high,holds_back,gain"
    )


def test_the_year_that_is_taken_is_said(tmp_path, capsys):
    """A table of three years: the last one, said; or the one that is asked for."""
    CCNI.to_csv(tmp_path / "t.csv", index=False)
    assert main(["index", "score", "ccni-2.0", str(tmp_path / "t.csv")]) == 0
    captured = capsys.readouterr()
    assert "year 2020, the last of 3 in t.csv; --year takes another" in captured.err
    assert captured.out.startswith(
        "City dual-carbon index CCNI 2.0 2020\n   1     89.50  甲\n   2     14.00  乙\n"
    )
    assert main(["index", "score", "ccni-2.0", str(tmp_path / "t.csv"), "--year", "2017"]) == 2
    assert capsys.readouterr().err == "no year 2017 in the table; it has 2018, 2019, 2020\n"


def test_a_template_is_filled_in_and_comes_back(tmp_path, capsys):
    """From template to form: a city of the pilots' evaluation, every number from the template."""
    path = str(tmp_path / "t.xlsx")
    assert (
        main(
            [
                "index",
                "template",
                "pilot-evaluation",
                "-o",
                path,
                "--area",
                "甲",
                "--year",
                "2017",
                "--year",
                "2022",
            ]
        )
        == 0
    )
    book = load_workbook(path)
    sheet = book["data"]
    heads = [cell.value for cell in sheet[1]]
    for row, record in enumerate(pilots().to_dict("records"), start=4):
        for column, head in enumerate(heads, start=1):
            if not pd.isna(record[head]):
                sheet.cell(row, column, record[head])
    book.save(path)
    out = str(tmp_path / "form.xlsx")
    assert main(["index", "form", "pilot-evaluation", path, "-o", out]) == 0
    assert load_workbook(out)["甲"]["E21"].value == pytest.approx(
        5 * 5 / 6 + 2.4 + 6 * 100 * (1 - (1.01 / 1.05) ** 5) / 20 + 68
    )
    filled = Path(path).read_bytes()
    for words in (
        ["template", "pilot-evaluation", "-o", path],
        ["form", "pilot-evaluation", path, "-o", out],
    ):
        assert main(["index", *words]) == 2
        assert (
            "exists already; replace it with --overwrite, or name another file"
            in capsys.readouterr().err
        )
    assert Path(path).read_bytes() == filled
    assert main(["index", "template", "pilot-evaluation", "-o", path, "--overwrite"]) == 0
    assert main(["index", "template", "pilot-evaluation", "-o", path, "--area", "甲"]) == 2
    assert "--area and --year lay out rows together" in capsys.readouterr().err


def test_a_filled_template_is_not_lost(tmp_path, capsys):
    """A workbook that is there is refused and stays as it is, and is replaced only under --overwrite."""
    path = tmp_path / "t.xlsx"
    path.write_bytes(b"hours of work")
    words = ["index", "template", "tai-2001", "-o", str(path)]
    assert main(words) == 2
    assert f"{path}: exists already; replace it with --overwrite" in capsys.readouterr().err
    assert path.read_bytes() == b"hours of work"
    assert main([*words, "--overwrite"]) == 0
    assert load_workbook(path).sheetnames


def test_an_inventory_flows_into_a_form(tmp_path, capsys):
    """The CSV of `carbonacct inventory` fills industry's CO2 per value added.

    The total lacks its scope 2, and says so.
    """
    inventory, table, out = (
        str(tmp_path / name) for name in ("inventory.csv", "t.csv", "form.xlsx")
    )
    assert (
        main(
            [
                "inventory",
                "docs/tables/chongqing_2007.csv",
                "--method",
                "provincial-2011",
                "-o",
                inventory,
            ]
        )
        == 0
    )
    rows = pd.read_csv(inventory).assign(year=2022)  # the form has columns for 2022, 2025 and 2030
    rows.to_csv(inventory, index=False)
    Path(table).write_text("area,year,工业增加值(亿元)\n重庆,2022,1548.17\n", encoding="utf-8")
    assert (
        main(["index", "form", "peaking-pilot-city", table, "--inventory", inventory, "-o", out])
        == 0
    )
    industry = rows[(rows["scope"] == 1) & (rows["flow"] == "industry")]["value"].sum()
    assert load_workbook(out)["重庆"]["E5"].value == pytest.approx(industry / 1548.17e4)
    assert (
        "单位 GDP 二氧化碳排放量 (co2_per_gdp) has no number for 2022; give 二氧化碳排放量 (co2), 地区生产总值 (gdp)"
        in capsys.readouterr().out
    )
    assert (
        main(
            [
                "index",
                "form",
                "peaking-pilot-city",
                table,
                "--inventory",
                inventory,
                "-o",
                out,
                "--overwrite",
                "--strict",
            ]
        )
        == 0
    )
    assert main(["index", "score", "ccni-2.0", table, "--inventory", inventory, "--strict"]) == 1
    assert (
        "co2 of 重庆 2022 is not taken from the inventory, which has no number of scope 2"
        in capsys.readouterr().out
    )


def test_an_inventory_of_all_sectors_in_any_file_gives_its_energy(tmp_path, capsys):
    """What cement emits is not in the CO2 of an index, and is said; every kind of file says the same."""
    balance, activities, table = (
        tmp_path / name for name in ("balance.csv", "activities.csv", "t.csv")
    )
    balance.write_text(
        "area,year,flow,product,unit,value\n河北,2021,moved_in,electricity,GWh,1000\n河北,2021,industry,coke,t,1000\n",
        encoding="utf-8",
    )
    activities.write_text(
        "area,year,activity,value,unit\n河北,2021,水泥熟料产量,10,万吨\n", encoding="utf-8"
    )
    table.write_text("area,year,population\n河北,2021,7448\n", encoding="utf-8")
    targets = [tmp_path / f"a.{kind}" for kind in ("csv", "json", "parquet", "nc")]
    outputs = [word for target in targets for word in ("-o", str(target))]
    assert (
        main(["inventory", str(balance), str(activities), "--method", "provincial-2011", *outputs])
        == 0
    )
    entries = ca.read_inventory(targets[0]).entries
    energy = entries.loc[entries["sector"] == "energy", "value"].sum()
    cement = entries.loc[entries["sector"] == "processes", "value"].sum()
    for target in targets:
        capsys.readouterr()
        main(["index", "score", "ccni-2.0", str(table), "--inventory", str(target)])
        assert (
            f"{cement:,.0f} t CO2 of the other sectors of 河北 2021 are not in them"
            in capsys.readouterr().out
        )
        main(["index", "score", "ccni-2.0", str(table), "--inventory", str(target), "-o", "-"])
        rows = pd.read_csv(io.StringIO(capsys.readouterr().out))
        per_head = rows.loc[rows["indicator"] == "co2_per_head", "value"].item()
        assert per_head == pytest.approx(energy / 7448e4)
    twice = ["--inventory", str(targets[0]), "--inventory", str(targets[1])]
    assert main(["index", "score", "ccni-2.0", str(table), *twice]) == 2
    assert "河北 2021 stands in more than one of them; give one" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["index", "score", "ccni", "{t}"], "no index 'ccni'; did you mean ccni-2.0?"),
        (
            ["index", "scare", "ccni-2.0", "{t}"],
            "carbonacct index: no command 'scare'; did you mean score",
        ),
        (
            ["index", "score", "tai-2001", "none.csv"],
            "none.csv: cannot be opened (No such file or directory); check the path",
        ),
        (
            ["index", "score", "tai-2001", "{t}", "--inventory", "none.csv"],
            "none.csv: cannot be read (No such file or directory)",
        ),
        (
            ["index", "score", "tai-2001", "{t}", "--inventory", "{t}"],
            "tai.csv: is no inventory: it has no column flow, product",
        ),
        (["index", "score", "peaking-pilot-city", "{t}"], "tai.csv"),
        (
            ["index", "form", "tai-2001", "{t}", "-o", "x.xlsx"],
            "tai-2001 has no printed form; carbonacct index score tai-2001 computes it",
        ),
        (
            ["index", "template", "tai-2001", "-o", "x.csv"],
            "x.csv: the kind of an output follows its suffix; known: .xlsx",
        ),
        (
            ["index", "sensitivity", "tai-2001", "{t}", "--draws", "0"],
            "draws is 0 and level 0.9, expected at least 1 draw",
        ),
    ],
    ids=lambda value: value[1] if isinstance(value, list) else "",
)
def test_what_cannot_be_done_is_one_line(tai, capsys, words, message):
    """Status 2 and a line that says what to do; no traceback."""
    try:
        status = main([word.replace("{t}", tai) for word in words])
    except SystemExit as stopped:
        status = stopped.code
    captured = capsys.readouterr()
    if words[2] == "peaking-pilot-city":
        assert "is a form" in captured.err
    else:
        assert message in captured.err
    assert status == 2
    assert "Traceback" not in captured.err


def test_help_loads_nothing_heavy():
    """`carbonacct index --help` starts without numpy."""
    code = (
        "import sys; from carbonacct.cli.main import _build_parser; _build_parser(); print([m for m in ('numpy',"
        "'pandas','xarray','pint','openpyxl') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_page_of_the_command_line_names_every_option(capsys):
    """Each action and each option that the help lists is on the page."""
    page = Path("docs/command-line.md").read_text(encoding="utf-8")
    for action in ("list", "template", "score", "sensitivity", "form"):
        with pytest.raises(SystemExit):
            main(["index", action, "--help"])
        options = set(re.findall(r"--[a-z-]+", capsys.readouterr().out)) - {"--help"}
        assert f"carbonacct index {action}" in page
        assert not [option for option in options if f"`{option}`" not in page]


def test_data_ranges_of_indicators(tai, tmp_path, capsys):
    """A number is the range of all, one behind a name that of the indicator, whatever the order; a word is refused."""
    outputs = []
    for number, words in enumerate(
        (
            ["--data-range", "5"],
            ["--data-range", "patents=5", "--data-range", "5"],
            ["--data-range", "patents=40"],
        )
    ):
        path = str(tmp_path / f"{number}.csv")
        assert (
            main(["index", "sensitivity", "tai-2001", tai, "--draws", "50", *words, "-o", path])
            == 0
        )
        outputs.append(Path(path).read_text())
    assert outputs[0] == outputs[1] != outputs[2]
    assert main(["index", "sensitivity", "tai-2001", tai, "--data-range", "patents=much"]) == 2
    assert (
        "--data-range 'patents=much' is neither PERCENT nor INDICATOR=PERCENT"
        in capsys.readouterr().err
    )


def test_the_sheet_of_a_workbook_and_the_words_of_a_balance_are_named(tmp_path, capsys):
    """The table stands on the second sheet; the balance calls industry by a word of its own, on a sheet of its own."""
    rows = [
        [
            "area",
            "year",
            "patents",
            "royalties",
            "internet",
            "exports",
            "telephones",
            "electricity_per_head",
            "schooling",
            "university",
        ]
    ]
    rows += [
        ["甲", 2000, 994, 272.6, 232.4, 80.8, 901, 6969, 12, 27.4],
        ["乙", 2000, 497, 0, 0, 0, 1, 22, 0.8, 0.1],
    ]
    book = Workbook()
    book.active.append(["remarks"])
    book.create_sheet("inputs")
    for row in rows:
        book["inputs"].append(row)
    book.save(tmp_path / "t.xlsx")
    table = str(tmp_path / "t.xlsx")
    assert main(["index", "score", "tai-2001", table, "--sheet", "inputs"]) == 0
    capsys.readouterr()
    assert main(["index", "score", "tai-2001", table, "--sheet", "nowhere"]) == 2
    assert "inputs" in capsys.readouterr().err
    (tmp_path / "b.csv").write_text(
        "甲能源平衡表 2000\n项目,电力(万千瓦时)\n终端消费量,6\n怪业,6\n", encoding="utf-8"
    )
    (tmp_path / "m.csv").write_text("kind,name,id\nflow,怪业,industry\n", encoding="utf-8")
    given = [
        "index",
        "score",
        "tai-2001",
        table,
        "--sheet",
        "t.xlsx!inputs",
        "--balance",
        str(tmp_path / "b.csv"),
    ]
    assert main(given) == 2
    assert main([*given, "--mapping", str(tmp_path / "m.csv")]) == 0
