"""--json: one shape for every table that a command prints."""

from __future__ import annotations

import json

import pytest

from carbonacct.cli.main import main

PANEL = "docs/tables/countries_1990_2016.csv"
TABLE = "docs/tables/chongqing_2007.csv"


@pytest.mark.parametrize(
    ("words", "column", "units"),
    [
        (["methods"], "id", {}),
        (["explain", "sum-of-parts"], "what", {}),
        (["factors", "--method", "ceads", "--product", "raw_coal"], "document", {}),
        (["check", TABLE], "rule", {"worth": "t"}),
        (["inventory", TABLE, "--method", "ceads"], "flow", {"value": "t"}),
        (["peak", PANEL, "--by", "area"], "peak_year", {"fall": "1"}),
        (["index", "score", "tai-2001", "docs/tables/tai_23_countries.csv"], "score", {}),
    ],
)
def test_one_shape(words, column, units, capsys):
    """Standard output is JSON alone: columns, units, rows, notes, manifest; every row has every column."""
    assert main([*words, "--json"]) == 0
    held = json.loads(capsys.readouterr().out)
    assert list(held) == ["columns", "units", "rows", "notes", "manifest"]
    assert column in held["columns"]
    assert held["units"] == units
    assert held["rows"]
    assert all(list(row) == held["columns"] for row in held["rows"])
    assert held["manifest"]["command"].startswith(f"carbonacct {words[0]}")


def test_a_unit_of_the_panel_is_that_of_its_results(capsys, tmp_path):
    """The unit in a header goes to what is in it; a slope is by year."""
    rows = "".join(f"{year},{90 + year % 3}\n" for year in range(2010, 2020))
    (tmp_path / "panel.csv").write_text(f"year,co2 (Mt)\n{rows}", encoding="utf-8")
    assert main(["trend", str(tmp_path / "panel.csv"), "--value", "co2", "--json"]) == 0
    held = json.loads(capsys.readouterr().out)
    assert held["units"]["slope"] == "Mt/a"
    assert held["rows"][0]["n"] == 10
    (file,) = held["manifest"]["inputs"]
    assert file["name"] == "panel.csv"
    assert len(file["sha256"]) == 64


def test_notes_in_the_language_and_what_is_said_beside(capsys):
    """Findings are notes in the reader's language; the summary is on standard error."""
    assert main(["inventory", TABLE, "--method", "ceads", "--json", "--lang", "zh"]) == 0
    out, err = capsys.readouterr()
    notes = json.loads(out)["notes"]
    assert any("重庆" in note["message"] or "初库存" in note["message"] for note in notes)
    assert "重庆 2007" in err
