"""What every command knows, and that --json prints a table wherever a command has one."""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING

import pytest

from carbonacct.cli.main import _build_parser, main
from tests.projects.folders import build_at, make_project

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PANEL = "docs/tables/countries_1990_2016.csv"
TABLE = "docs/tables/chongqing_2007.csv"
# Commands without a table: they make files, change a project, or run on.
NO_TABLE = {
    "template",
    "index template",
    "index form",
    "export",
    "init",
    "schema",
    "accept",
    "correct",
    "freeze",
    "serve",
    "completion",
}


def _list_commands(
    parser: argparse.ArgumentParser, name: str = ""
) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    below = [one for one in parser._actions if isinstance(one, argparse._SubParsersAction)]
    if not below:
        yield name.strip(), parser
    for action in below:
        for word, command in action.choices.items():
            yield from _list_commands(command, f"{name} {word}")


COMMANDS = dict(_list_commands(_build_parser()))


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_knows_the_shared_options(name: str) -> None:
    """--lang, --quiet and --no-color are of all commands, --json of all that have a table, --excel of all with CSV."""
    command = COMMANDS[name]
    said = command.format_help()
    for option in ("--lang", "--quiet", "--no-color"):
        assert option in said, (name, option)
    assert ("--json" in said) == (name not in NO_TABLE)
    assert ("--overwrite" in said) >= ("--output" in said)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return files that commands take: an inventory, assumptions, a file of scenarios, a project."""
    folder = tmp_path_factory.mktemp("made")
    files = {
        name: str(folder / name)
        for name in ("inventory.csv", "assumed.csv", "ssp.csv", "activities.csv", "table.csv")
    }
    assert (
        main(["inventory", TABLE, "--method", "ceads", "-o", files["inventory.csv"], "--quiet"])
        == 0
    )
    head = "scenario,sector,term,of,until,as,value,lower,upper,source\n"
    texts = {
        "assumed.csv": f"{head},all,activity,,2030,rate,1%,0,2%,plan\n",
        "ssp.csv": "Model,Scenario,Region,Variable,Unit,2007,2020\nOECD,SSP1,China,GDP|PPP,billion,1,2\n",
        "activities.csv": "area,year,activity,value,unit\n北京,2020,水泥熟料产量,100,万吨\n",
    }
    texts["table.csv"] = "北京能源平衡表(实物量)-2020\n项目,原煤(万吨),怪煤(万吨)\n工业,100,1\n"
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    project = make_project(folder / "project")
    build_at(project)
    return {**files, "project": str(project)}


JSON = [
    "coal-equivalent TABLE --method gb-t-2589-2020",
    "trace TABLE --method ceads --flow transport --product diesel",
    "map table.csv",
    "reference TABLE --method provincial-2011",
    "completeness TABLE --method provincial-2011",
    "end-use TABLE --method ceads",
    "quality TABLE --method ceads",
    "energy-total TABLE --definition calorific",
    "compare TABLE",
    "neutrality inventory.csv --gas CO2",
    "scenario inventory.csv --assumptions assumed.csv --gas CO2 --draws 20",
    "backcast PANEL --draws 20",
    "levels ssp.csv --variable GDP|PPP --region China",
    "panel inventory.csv",
    "decoupling PANEL --pressure co2 --driver gdp --by area",
    "index list",
    "status --project project",
    "status --why --project project",
    "build --project project",
    "trace activities.csv --method provincial-2011 --flow cement",
]


@pytest.mark.parametrize("words", JSON)
def test_json_is_a_table_alone(
    words: str, made: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    """Standard output is one JSON of the shape of all others, with rows."""
    named = {"TABLE": TABLE, "PANEL": PANEL, **made}
    asked = [named.get(word, word) for word in words.split()]
    assert main([*asked, "--json", "--no-color"]) == 0
    held = json.loads(capsys.readouterr().out)
    assert list(held) == ["columns", "units", "rows", "notes", "manifest"]
    assert held["rows"]
    assert all(list(row) == held["columns"] for row in held["rows"])


def test_a_table_of_nothing_is_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    """Where no word is unknown the proposal has no rows, and is JSON."""
    assert main(["map", TABLE, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["rows"] == []


def test_a_trace_as_rows_gives_its_number(capsys: pytest.CaptureFixture[str]) -> None:
    """The factors of the rows, multiplied, are the emissions of the first row."""
    asked = [
        "trace",
        TABLE,
        "--method",
        "ceads",
        "--flow",
        "transport",
        "--product",
        "diesel",
        "--json",
    ]
    assert main(asked) == 0
    first, amount, share, deduction, *factors = json.loads(capsys.readouterr().out)["rows"]
    value = amount["value"] * share["value"] - deduction["value"]
    for factor in factors:
        value = (
            value / factor["value"] if factor["name"].startswith("1/") else value * factor["value"]
        )
    assert value == pytest.approx(first["value"], rel=1e-15)
    assert amount["origin"].startswith("chongqing_2007.csv")
    assert all(factor["document"] for factor in factors)


def test_a_status_as_rows_says_what_the_lines_say(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every line is a row; tables that are not built are all there, and of the lines the first twenty."""
    project = make_project(tmp_path / "project", years=range(1990, 2015))
    assert main(["status", "--project", str(project)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert main(["status", "--project", str(project), "--json", "--quiet"]) == 0
    rows = json.loads(capsys.readouterr().out)["rows"]
    new = [row for row in rows if row["state"] == "not_built"]
    assert len(new) == 25
    assert "and 5 more" in lines
    assert len(lines) == len(rows) - 25 + 20 + 1
    assert {row["what"] for row in rows} >= {"project", "table", "output", "submission"}


QUIET = [
    "coal-equivalent TABLE --method gb-t-2589-2020",
    "map table.csv",
    "reference TABLE --method provincial-2011",
    "quality TABLE --method ceads",
    "trend PANEL --value co2 --by area",
    "neutrality inventory.csv --gas CO2",
    "scenario inventory.csv --assumptions assumed.csv --gas CO2 --draws 10",
    "uncertainty TABLE --method ceads --draws 100",
    "key-categories TABLE --method ceads",
    "contributions TABLE --method ceads",
    "index score tai-2001 docs/tables/tai_23_countries.csv",
    "panel inventory.csv",
]


@pytest.mark.parametrize("words", QUIET)
def test_quiet_says_nothing_of_success(
    words: str, made: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where the result stands in a file, --quiet leaves summary, warnings and names of files out."""
    named = {"TABLE": TABLE, "PANEL": PANEL, **made}
    asked = [named.get(word, word) for word in words.split()]
    assert main([*asked, "-o", str(tmp_path / "o.csv"), "--quiet"]) == 0
    assert capsys.readouterr() == ("", "")
    assert (tmp_path / "o.csv").stat().st_size


def test_quiet_says_results_and_errors(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Without a file the summary is the result and is said; findings of severity error are said always."""
    assert main(["index", "score", "tai-2001", "docs/tables/tai_23_countries.csv", "--quiet"]) == 0
    assert "Finland" in capsys.readouterr().out
    text = "北京能源平衡表(实物量)-2020\n项目,原煤(万吨),柴油(万吨)\n工业,100,1\n煤炭开采和洗选业,300,1\n"
    (tmp_path / "t.csv").write_text(text, encoding="utf-8")
    words = ["coal-equivalent", str(tmp_path / "t.csv"), "--method", "gb-t-2589-2020", "--quiet"]
    assert main([*words, "-o", str(tmp_path / "o.csv")]) == 0
    out, err = capsys.readouterr()
    assert out == ""
    assert "t.csv!" in err
