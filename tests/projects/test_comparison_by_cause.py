"""Inventories and files of them compared: what a compiler sees between two versions."""

from __future__ import annotations

import pytest

import carbonacct as ca
from carbonacct.cli.main import main
from carbonacct.errors import ProjectError
from carbonacct.projects.comparison_by_cause import compare_inventories
from carbonacct.projects.differences import CAUSES
from carbonacct.projects.entry_table import list_entries, parse_entries, write_entries
from carbonacct.web.web_words import has_word

TABLE = "docs/tables/chongqing_2007.csv"


def compiled(path=TABLE, **options):
    """Return the record of a table."""
    options = {"method": "provincial-2011", **options}
    return ca.to_inventory(ca.compile_inventory(path, **options), files=[path])


def edited(tmp_path, old, new, name="chongqing_2007.csv"):
    """Return the path of the table with one text changed once."""
    with open(TABLE, encoding="utf-8") as table:  # noqa: PTH123 - one line
        text = table.read()
    assert text.count(old) == 1
    path = tmp_path / name
    path.write_text(text.replace(old, new), encoding="utf-8")
    return path


@pytest.fixture
def rows():
    """Return the row of transport as printed."""
    with open(TABLE, encoding="utf-8") as table:  # noqa: PTH123 - one line
        return next(line for line in table if "交通运输" in line)


def test_one_cell_is_data_and_says_its_cell(tmp_path, rows):
    """A number changed in one cell is data to the gram, with its cell, the old and the new one.

    The printed total keeps what the cell lost, so a remainder takes it up.
    """
    assert ",190.01," in rows
    path = edited(tmp_path, rows, rows.replace(",190.01,", ",180.01,"))
    found = compare_inventories(compiled(), compiled(path))
    row, rest = found.table[found.table["change"] != 0].to_dict("records")
    row, rest = (row, rest) if row["flow"] == "transport" else (rest, row)
    assert (row["flow"], row["product"], row["data"]) == ("transport", "diesel", row["change"])
    assert (rest["flow"], rest["data"]) == ("final_consumption.remainder", rest["change"])
    assert row["printed_before"].split(";")[0] == "190.01 1e4 t"
    assert row["printed_after"].split(";")[0] == "180.01 1e4 t"
    assert row["where_after"].startswith("chongqing_2007.csv!")
    factor = 42.652 * 0.0202 * 0.98 * 44 / 12
    assert abs(row["change"] + 1e5 * factor * 1e6) <= 1


def test_a_renamed_file_changes_nothing(tmp_path, rows):
    """The same table under another name has no change, only other addresses."""
    path = edited(tmp_path, rows, rows, name="另名.csv")
    assert len(compare_inventories(compiled(), compiled(path)).table) == 0


def test_a_difference_is_said_in_the_language_of_its_reader(tmp_path, rows, capsys):
    """In Chinese no head, cause, flow or product is English; each cause of the register has both names."""
    path = edited(tmp_path, rows, rows.replace(",190.01,", ",180.01,"))
    for name, table in (("a", TABLE), ("b", path)):
        out = str(tmp_path / f"{name}.csv")
        assert (
            main(["inventory", str(table), "--method", "省级指南", "-o", out, "--lang", "zh"]) == 0
        )
    capsys.readouterr()
    assert main(["diff", str(tmp_path / "a.csv"), str(tmp_path / "b.csv"), "--lang", "zh"]) == 0
    said = capsys.readouterr().out
    assert "变化（吨）" in said
    assert "交通运输、仓储和邮政业 柴油 CO2" in said
    assert all(has_word(f"cause.{one}") for one in CAUSES)
    assert not [one for one in (*CAUSES, "scope", "change", "transport") if f"{one} " in said]


def test_a_change_of_a_source_says_its_name_and_the_cell_that_moved(tmp_path, capsys):
    """A source is said by its name with the cells that moved; cells that print the same are left out."""
    head = (
        "area,year,activity,item,value,unit\n甲市,2020,cement_output,,{cement},万吨\n"
        "甲市,2020,clinker_ratio,,{ratio},t clinker/(t cement)\n"
    )
    saved = []
    for number, ratio in enumerate((0.7, 0.6)):
        table = tmp_path / f"{number}.csv"
        table.write_text(head.format(cement=100, ratio=ratio), encoding="utf-8")
        saved.append(str(tmp_path / f"{number}.json"))
        assert main(["inventory", str(table), "--method", "ipcc-2006", "-o", saved[-1]]) == 0
    capsys.readouterr()
    assert main(["diff", *saved, "--lang", "zh"]) == 0
    (line,) = [line for line in capsys.readouterr().out.splitlines() if "[" in line]
    assert "甲市 2020 水泥生产过程 CO2：" in line
    assert "1000000" not in line
    assert line.endswith(
        "0.7 t clinker/(t cement) [0.csv!E3] -> 0.6 t clinker/(t cement) [1.csv!E3]"
    )


def test_submissions_of_a_project_are_named_by_their_names(tmp_path, capsys):
    """Two names of submissions are compared; a name that is none is said to be no file."""
    for name, method in (("v1", "ceads"), ("v2", "provincial-2011")):
        folder = tmp_path / "submissions" / name
        folder.mkdir(parents=True)
        text = write_entries(list_entries(compiled(method=method)))
        (folder / "inventory.csv").write_text(text, encoding="utf-8")
    words = ["--project", str(tmp_path), "--lang", "en"]
    assert main(["diff", "v1", "v2", *words]) == 0
    assert "change (t)" in capsys.readouterr().out
    assert main(["diff", "v1", "v3", *words]) == 2
    assert "v3: is no inventory" in capsys.readouterr().err


def test_another_method_is_method():
    """The same table by another method is a change of method to the gram."""
    total = compare_inventories(compiled(), compiled(method="ceads")).by().iloc[0]
    assert total["change"] != 0
    assert total["method"] == total["change"]


def test_files_and_their_outputs(tmp_path, capsys):
    """The command compares what the command wrote; a CSV says no activity, and that is said."""
    outputs = {}
    for method in ("ceads", "provincial-2011"):
        for kind in ("csv", "json"):
            target = str(tmp_path / f"{method}.{kind}")
            words = ["inventory", TABLE, "--method", method, "-o", target]
            assert main(words) == 0
            outputs[method, kind] = target
    capsys.readouterr()
    out = tmp_path / "diff.csv"
    words = ["diff", outputs["ceads", "csv"], outputs["provincial-2011", "csv"]]
    assert main([*words, "-o", str(out), "--lang", "en"]) == 0
    said = capsys.readouterr()
    assert "change (t)" in said.out
    assert "cannot be split" in said.err
    assert out.read_text(encoding="utf-8").startswith("area,year,sector,scope,kind,gas,flow")
    assert main(["diff", outputs["ceads", "csv"], outputs["ceads", "csv"], "--lang", "zh"]) == 0
    assert "没有变化" in capsys.readouterr().out
    assert main(["diff", str(tmp_path), outputs["ceads", "csv"]]) == 2
    assert "is no submission" in capsys.readouterr().err


def test_entries_read_back_equal():
    """Entries as text read back equal, and are the same text again."""
    entries = list_entries(compiled(gases=["all"]))
    text = write_entries(entries)
    held = parse_entries(text)
    assert write_entries(held) == text
    assert sorted(held["value"].dropna()) == sorted(entries["value"].dropna())
    assert (entries.loc[entries["value"].notna() & (entries["scope"] == 1), "factors"] != "").all()
    with pytest.raises(ValueError, match="no column area"):
        parse_entries("a,b\n1,2\n")
    with pytest.raises(ValueError, match="value 'nan' is not a number"):
        parse_entries(write_entries(entries.iloc[:1].assign(value="nan")))


def test_what_cannot_be_read_is_said(tmp_path):
    """A folder without an inventory and a damaged submission are errors of one line."""
    with pytest.raises(ProjectError, match="is no submission"):
        compare_inventories(tmp_path, tmp_path)
    (tmp_path / "inventory.csv").write_text("area,year\nA,1\n", encoding="utf-8")
    with pytest.raises(ProjectError, match="no column flow"):
        compare_inventories(tmp_path, tmp_path)
