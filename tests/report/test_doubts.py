"""What the checks call wrong stands where the number stands: terminal, page, workbook, chapter."""

from __future__ import annotations

from dataclasses import replace

import docx
import openpyxl
import pytest

import carbonacct as ca
from carbonacct.cli.main import main
from carbonacct.errors import Finding
from carbonacct.report import write_inventory
from carbonacct.report.doubts import describe_doubts, list_doubts

TABLE = "原煤,吨,100000\n柴油,吨,12201490\n"


@pytest.fixture
def inventory(tmp_path):
    """Return the inventory of a city's consumption alone, with an error of ours about its diesel."""
    path = tmp_path / "city.csv"
    path.write_text(
        "青岛市规模以上工业主要能源消费（2019年）\n名称,计算单位,本年消费\n" + TABLE,
        encoding="utf-8",
    )
    made = ca.compile_inventory(str(path), method="ceads")
    balance = made.balance
    where = balance.address(balance.areas[0], 2019, balance.flows[0], "diesel")
    return replace(
        made,
        findings=(
            *made.findings,
            Finding("made-up", "error", "diesel is refined, not burnt", where),
        ),
    )


def test_an_error_marks_the_number_with_its_tonnes(inventory):
    """An error about a counted cell is worth its CO2, one about no cell marks the year, a warning nothing."""
    value = float(inventory.emissions.sel(product="diesel", gas="CO2").sum())
    doubts = list_doubts([replace(inventory, findings=inventory.findings[-1:])])
    assert list(doubts) == [(inventory.balance.areas[0], 2019)]
    assert doubts[inventory.balance.areas[0], 2019][0].worth == pytest.approx(value)
    loose = replace(
        inventory,
        findings=(
            Finding("x", "error", "y"),
            Finding("z", "warning", "w", inventory.findings[-1].where),
        ),
    )
    (only,) = list_doubts([loose]).values()
    assert describe_doubts(only, "en", str) == ["in doubt: x at the table"]
    many = replace(inventory, findings=tuple(Finding(f"x{i}", "error", "y") for i in range(5)))
    (five,) = list_doubts([many]).values()
    assert describe_doubts(five, "zh", str)[-1] == "另有 2 处，见核对结果"


def test_every_headline_says_it(inventory, tmp_path):
    """The page, the workbook's summary and the chapter name rule, cell and tonnes, in the unit of the total beside."""
    value = float(inventory.emissions.sel(product="diesel", gas="CO2").sum())
    (doubts,) = list_doubts([inventory]).values()
    start = describe_doubts(doubts, "en", str)[0].partition("worth ")[0]
    page, sheet, chapter = (
        f"{start}worth {text}"
        for text in (
            f"{value / 1e3:,.1f} kt CO₂",
            f"{value / 1e3:,.2f} kt",
            f"{value / 1e4:,.2f} 10⁴ t",
        )
    )
    for kind in ("html", "xlsx", "docx"):
        write_inventory([inventory], str(tmp_path / f"a.{kind}"), lang="en")
    assert (tmp_path / "a.html").read_text(encoding="utf-8").count(
        f'<span class="below">{page}</span>'
    ) == 1
    cells = openpyxl.load_workbook(tmp_path / "a.xlsx")["summary"].iter_rows()
    assert any(sheet in str(cell.value) for row in cells for cell in row)
    assert any(
        chapter[1:] in one.text for one in docx.Document(str(tmp_path / "a.docx")).paragraphs
    )


def test_the_terminal_says_it_under_direct_emissions(tmp_path, capsys):
    """A sum that does not hold marks the total on the line below it."""
    path = tmp_path / "t.csv"
    path.write_text(
        "重庆能源平衡表(实物量)-2021\n项目,原煤(万吨)\n终端消费量,50\n工业,10\n交通运输、仓储和邮政业,1\n",
        encoding="utf-8",
    )
    assert main(["inventory", str(path), "--method", "provincial-2011", "--lang", "en"]) == 0
    lines = capsys.readouterr().out.splitlines()
    place = next(i for i, line in enumerate(lines) if line.startswith("direct emissions"))
    assert lines[place + 1].startswith("  ! in doubt: sum-of-parts at t.csv!B3")
