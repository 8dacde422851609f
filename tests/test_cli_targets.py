"""The commands peak and target: what they write is what the functions give, and one line for what cannot be used."""

from __future__ import annotations

import csv
import io

import pandas as pd
import pytest

import carbonacct as ca
from carbonacct.analysis.result_names import result_names
from tests import test_cli

PANEL = "docs/tables/countries_1990_2016.csv"
CUT = (
    "target",
    PANEL,
    "--by",
    "area",
    "--ratio",
    "co2/gdp",
    "--cut",
    "45",
    "--base-year",
    "2005",
    "--target-year",
    "2020",
)


def run(capsys, *words: object) -> tuple[int, str, str]:
    """Run a command; return its status, what it printed and what it complained of."""
    return test_cli.run(capsys, *map(str, words))


def rows(out: str) -> list[dict[str, str]]:
    """Return the rows of CSV text."""
    return list(csv.DictReader(io.StringIO(out)))


def test_peak_csv(capsys):
    """The columns of find_peak, of the classes with a driver, and of names where a language is asked for."""
    status, out, err = run(capsys, "peak", PANEL, "--by", "area")
    assert (status, err) == (0, "")
    assert out.splitlines()[0] == "area,peak_year,peak,last_year,fall,status,p_after"
    table = pd.read_csv(PANEL)
    assert {row["area"]: row["status"] for row in rows(out)} == dict(
        ca.find_peak(table, value="co2", by="area")[["area", "status"]].to_numpy()
    )
    _, out, _ = run(capsys, "peak", PANEL, "--by", "area", "--driver", "gdp", "--lang", "zh")
    assert out.splitlines()[0].endswith(
        "from,to,elasticity,state,class,state_name,class_name,status_name"
    )
    assert {row["area"]: row["class_name"] for row in rows(out)}["India"] == "待脱钩"
    status, _, err = run(capsys, "peak", PANEL, "--by", "area", "--energy-share", "coal")
    assert (status, "needs --driver" in err) == (2, True)


def test_names_stand_beside_ids(capsys):
    """Trend and decoupling keep their columns and add the names of a language at the right end; every state has one."""
    for words, column, name in (
        (("trend", PANEL, "--value", "co2"), "trend", "上升"),
        (
            ("decoupling", PANEL, "--pressure", "co2", "--driver", "gdp", "--years", "2005,2010"),
            "state",
            "扩张连结",
        ),
    ):
        _, plain, _ = run(capsys, *words, "--by", "area")
        _, named, _ = run(capsys, *words, "--by", "area", "--lang", "zh")
        assert [
            {k: v for k, v in row.items() if k != f"{column}_name"} for row in rows(named)
        ] == rows(plain)
        assert rows(named)[0][f"{column}_name"] == name
    zh, en = result_names("zh"), result_names("en")
    assert {column: set(names) for column, names in zh.items()} == {
        column: set(names) for column, names in en.items()
    }
    assert all(name for names in (*zh.values(), *en.values()) for name in names.values())


def test_a_cut(capsys):
    """The columns of track_cut, the cut as a percentage; with terms those of split_cut."""
    status, out, err = run(capsys, *CUT)
    assert (status, err) == (0, "")
    expected = ca.track_cut(
        pd.read_csv(PANEL), ratio="co2/gdp", cut=0.45, base_year=2005, year=2020, by="area"
    )
    assert [float(row["progress"]) for row in rows(out)] == expected["progress"].tolist()
    _, out, _ = run(capsys, *CUT, "--term", "energy/gdp", "--term", "co2/energy")
    assert out.splitlines()[0] == "area,from,to,term,cut,rate,needed_rate"


def test_the_pilots_targets(capsys, tmp_path):
    """The targets of tables 3 to 16 that ship are judged by the name of their document; so is a file like them."""
    path = tmp_path / "panel.csv"
    path.write_text(
        "area,year,co2,gdp,energy\n广东,2010,100,100,50\n广东,2013,112,126,58\n广东,2015,115,145,62\n",
        encoding="utf-8",
    )
    status, out, err = run(capsys, "target", path, "--targets", "pilots-2013", "--lang", "zh")
    assert status == 0
    assert (
        out.splitlines()[0]
        == "area,indicator,base_year,year,bound,target,to,reached,progress,status,reason,indicator_name,status_name"
    )
    judged = {(row["indicator"], row["base_year"]): row for row in rows(out)}
    assert judged["co2_per_gdp_cut", "2010"]["status_name"] == "已达到"  # 20.7 % against 20 %
    assert judged["energy_per_gdp_cut", "2010"]["status_name"] == "未达到"  # 14.5 % against 18 %
    assert judged["energy_per_gdp_cut", "2010"]["indicator_name"] == "单位生产总值能耗下降率"
    assert (
        judged["non_fossil_share", ""]["indicator_name"] == "非化石能源占一次能源的比重"
    )  # as printed
    assert judged["non_fossil_share", ""]["reason"] == "数据中没有列 non_fossil_share"
    assert "广东 co2_per_gdp_cut 2005 2020 value：数据中没有年份 2005" in err
    targets = ca.load_published("pilots-2013", "targets")
    targets.to_csv(tmp_path / "targets.csv", index=False)
    assert (
        run(capsys, "target", path, "--targets", tmp_path / "targets.csv", "--lang", "zh")[1] == out
    )


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            ("--cut", "0.45"),
            "--cut is 0.45 %, expected from 1 to below 100; write 17 for a cut by 17 %",
        ),
        (
            ("--targets", "pilots-2013"),
            "--ratio is of one cut, and --targets is a table of its own",
        ),
    ],
)
def test_a_target_that_cannot_be_used(capsys, words, message):
    """A fraction in the place of a percentage, and two kinds of target at once, are refused."""
    status, _, err = run(capsys, *CUT, *words)
    assert status == 2
    assert message in err


def test_targets_that_are_not_there(capsys):
    """Nothing to judge, an unknown document and a panel of other areas are said."""
    assert (
        "no --ratio, --cut, --base-year, --target-year; give --targets TABLE"
        in run(capsys, "target", PANEL)[2]
    )
    assert (
        "no published document 'pilots-2012'; did you mean pilots-2013"
        in run(capsys, "target", PANEL, "--targets", "pilots-2012")[2]
    )
    assert (
        "no target of China, Germany, India, Japan, United Kingdom in pilots-2013"
        in run(capsys, "target", PANEL, "--targets", "pilots-2013")[2]
    )
