"""What a command prints: short, aligned, in two languages, and quiet where nobody looks."""

from __future__ import annotations

import io
import sys

import pytest

import carbonacct as ca
from carbonacct.cli import main
from carbonacct.cli.table_inputs import each_with_progress
from carbonacct.errors import Finding
from carbonacct.report import join_frames, list_findings, summarise
from carbonacct.text_columns import count_columns
from tests.report.pages import scaled_inventories, write_scaled


@pytest.fixture(scope="module")
def decade(tmp_path_factory):
    """Return six years of one city."""
    return scaled_inventories(
        tmp_path_factory.mktemp("years"), [("重庆", year) for year in range(2007, 2013)]
    )


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_few_are_shown_flow_by_flow_and_many_as_one_table(decade, lang):
    """Numbers stand in one column, and wide characters count double, in full and in short."""
    full = summarise(join_frames(decade[:1]), [], lang=lang).splitlines()
    assert len(full) > 10
    assert len({count_columns(line) for line in full if line.endswith(" Mt")}) == 1
    short = summarise(join_frames(decade), [], lang=lang).splitlines()
    assert len(short) == 1 + 1 + 6 + 1 + 1
    assert len({count_columns(line) for line in short[1:8]}) == 1
    assert f"{float(decade[5].total().data.magnitude.item()) / 1e6:.4f} Mt" in short[7]


def test_a_part_of_households_is_named_with_what_it_is_a_part_of(decade):
    """Urban alone would say nothing."""
    assert "Residential, urban" in summarise(join_frames(decade[:1]), [])
    assert "居民生活·城镇" in summarise(join_frames(decade[:1]), [], lang="zh")


def test_other_gases_are_in_tonnes_and_nothing_small_looks_like_zero():
    """Methane of a city is no 0.0000 Mt."""
    inventory = ca.compile_inventory(
        "docs/tables/chongqing_2007.csv", method="ipcc-2006", gases=["CH4"]
    )
    text = summarise(inventory.to_frame(), [])
    assert f"{float(inventory.total(gas='CH4').data.magnitude.item()):.1f}  t" in text
    tiny = inventory.to_frame().assign(gas="CO2", value=1e-3)
    assert "8e-09 Mt" in summarise(tiny, [])


def test_findings_come_by_severity():
    """Errors first, in the language asked for, and what is more of a kind is counted."""
    lines = list_findings(
        [
            Finding("a", "info", "one"),
            Finding("b", "error", "two"),
            *[Finding("c", "warning", str(n)) for n in range(5)],
        ],
        lang="zh",
        shown=1,
    )
    assert [line.split()[0] for line in lines[1:]] == ["错误", "警告", "另有", "说明"]
    assert lines[0] == "发现：1 错误，5 警告，1 说明"


class Terminal(io.StringIO):
    """A stream that a person looks at."""

    def isatty(self) -> bool:
        """Return that it is."""
        return True


def test_progress_is_for_a_terminal_alone(monkeypatch):
    """A long list is counted on a terminal and leaves nothing behind; a pipe and a short list stay quiet."""
    for stream, items, expected in (
        (Terminal(), 12, True),
        (io.StringIO(), 12, False),
        (Terminal(), 3, False),
    ):
        monkeypatch.setattr(sys, "stderr", stream)
        assert list(each_with_progress(list(range(items)), str)) == list(range(items))
        assert ("12/12" in stream.getvalue()) == expected
        assert stream.getvalue().endswith("\r\033[K") == expected


def test_the_line_of_progress_is_cleared_when_work_stops(monkeypatch):
    """An error in the middle does not stand behind a half line."""
    stream = Terminal()
    monkeypatch.setattr(sys, "stderr", stream)
    steps = each_with_progress(list(range(20)), str)
    next(steps)
    steps.close()
    assert stream.getvalue().endswith("\r\033[K")


def test_the_page_comes_from_the_command_line_with_drivers(tmp_path, capsys):
    """One command makes the page, per head and per GDP where drivers are given, and says where it is."""
    drivers = tmp_path / "drivers.csv"
    drivers.write_text(
        "area,year,population (万人),gdp (亿元)\n重庆,2007,2816,4122.51\n", encoding="utf-8"
    )
    words = [
        "inventory",
        str(write_scaled(tmp_path / "one.csv", 1.0)),
        "--method",
        "provincial-2011",
        "--lang",
        "zh",
        "-o",
        str(tmp_path / "city.html"),
    ]
    assert main([*words, "--drivers", str(drivers)]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == f"文件：{tmp_path / 'city.html'}"
    assert "<dt>人均</dt>" in (tmp_path / "city.html").read_text(encoding="utf-8")
    drivers.write_text("area,year,population,gdp\n", encoding="utf-8")
    assert main([*words, "--overwrite", "--drivers", str(drivers)]) == 2
    assert "没有写单位" in capsys.readouterr().err
    assert main([*words[:-1], str(tmp_path / "city.csv"), "--drivers", str(drivers)]) == 2
    assert capsys.readouterr().err == "--drivers 只用于网页；请给出以 .html 结尾的输出\n"
