"""--sheet of the commands on panels: the sheet of a workbook that is named, of the panel as of its drivers."""

from __future__ import annotations

import pytest
from openpyxl import Workbook

import carbonacct.cli as command_line

PANEL = [["area", "year", "co2"], *(["某市", 2010 + n, 100.0 + 3 * n] for n in range(6))]
DRIVERS = [["area", "year", "gdp (亿元)"], *(["某市", 2010 + n, 50.0 + 5 * n] for n in range(6))]


def book(path, **sheets):
    """Write sheets of cells into a workbook."""
    made = Workbook()
    made.remove(made.active)
    for name, rows in sheets.items():
        page = made.create_sheet(name)
        for row in rows:
            page.append(row)
    made.save(path)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Return a folder with a panel and drivers, each behind a sheet that is none."""
    monkeypatch.chdir(tmp_path)
    book("panel.xlsx", notes=[["read me"]], panel=PANEL)
    book("drivers.xlsx", notes=[["read me"]], gdp=DRIVERS)
    (tmp_path / "panel.csv").write_text(
        "\n".join(",".join(map(str, row)) for row in PANEL), encoding="utf-8"
    )
    (tmp_path / "drivers.csv").write_text(
        "\n".join(",".join(map(str, row)) for row in DRIVERS), encoding="utf-8"
    )
    return tmp_path


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    "words",
    [
        ["trend", "--value", "co2", "--by", "area"],
        ["peak", "--value", "co2", "--by", "area"],
        ["decoupling", "--pressure", "co2", "--driver", "gdp", "--by", "area", "--drivers"],
        ["decompose", "--identity", "co2 = gdp * co2/gdp", "--by", "area", "--drivers"],
    ],
    ids=lambda words: words[0],
)
def test_a_named_sheet_is_read_as_if_alone(capsys, words):
    """What a command says of the named sheets is what it says of the same cells as text."""
    command, *options = words
    has_drivers = options[-1] == "--drivers"
    plain = [command, "panel.csv", *options, *(["drivers.csv"] if has_drivers else []), "-o", "-"]
    assert command_line.main(plain) == 0
    expected = capsys.readouterr().out
    drivers = ["drivers.xlsx", "--sheet", "drivers.xlsx!gdp"] if has_drivers else []
    named = [command, "panel.xlsx", *options, *drivers, "--sheet", "panel.xlsx!panel", "-o", "-"]
    assert command_line.main(named) == 0
    assert capsys.readouterr().out == expected


@pytest.mark.usefixtures("folder")
def test_a_sheet_that_is_not_there_or_several_are_refused(capsys):
    """One table is read; the message names the sheets of the file."""
    asked = ["trend", "panel.xlsx", "--value", "co2", "--by", "area", "--sheet"]
    assert command_line.main([*asked, "balance"]) == 2
    assert "panel" in capsys.readouterr().err
    assert command_line.main([*asked, "*"]) == 2
    assert "several sheets are named (notes, panel)" in capsys.readouterr().err


def test_drivers_of_a_panel(folder, capsys):
    """An inventory beside the named sheet of drivers."""
    lines = [
        "area,year,flow,product,category,scope,gas,value,unit,method",
        "某市,2010,industry,coke,1.A.2,1,CO2,7.0,t,own",
    ]
    (folder / "inventory.csv").write_text("\n".join(lines), encoding="utf-8")
    assert (
        command_line.main(
            ["panel", "inventory.csv", "--drivers", "drivers.xlsx", "--sheet", "gdp", "-o", "-"]
        )
        == 0
    )
    assert "某市,2010,7.0,50.0" in capsys.readouterr().out
