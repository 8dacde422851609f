"""Submissions and what changed since: replayed before they are named, explained by cause."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from dataclasses import replace

import pytest

from carbonacct import balances
from carbonacct.cli.main import main
from carbonacct.errors import ProjectError, TableError
from carbonacct.inventory.inventory_reader import read_inventory
from carbonacct.projects.acceptance import find_meaning
from carbonacct.projects.differences import CAUSES
from carbonacct.projects.entry_table import read_entries
from carbonacct.projects.freezing import find_submission, freeze
from carbonacct.projects.recalculation import explain_submission
from carbonacct.projects.stored import gather_entries
from carbonacct.report.outputs import make_renderers
from tests.projects.folders import ROWS, build_at, declare, make_project, open_at, write_table

OVERLAY = 'overlay = [{ folder = "own" }]'


@pytest.fixture(scope="module")
def submitted(tmp_path_factory):
    """Return a project with an overlay and the submission "2020" of it, for tests to copy."""
    folder = make_project(tmp_path_factory.mktemp("submitted") / "甲", (2018, 2019), more=OVERLAY)
    write_overlay(folder, 20.9)
    freeze(open_at(folder), "2020", make_renderers())
    return folder


@pytest.fixture
def folder(submitted, tmp_path):
    """Return a project of two years that has an overlay and the submission "2020"."""
    return shutil.copytree(submitted, tmp_path / "甲")


def write_overlay(folder, value):
    """Write the net calorific value of raw coal that a laboratory measured."""
    (folder / "own").mkdir(exist_ok=True)
    (folder / "own" / "source.toml").write_text(
        'title = "Own"\ntitle_zh = "自测"\npublisher = "lab"\nedition = "1"\n'
        'date = "2020"\nreference = "lab report 1"\n',
        encoding="utf-8",
    )
    head = "product,flow,category,area,from,to,gas,item,value,lower,upper,unit,table,page,"
    row = f"raw_coal,,,,,,,own,{value},,,GJ/t,1,1,single,\n"
    path = folder / "own" / "net_calorific_value.csv"
    path.write_text(f"{head}status,note\n{row}", encoding="utf-8")


def explained(folder, program="the program", **options):
    """Return the causes of what changed since the submission, in t, and the kinds of inputs."""
    workshop = open_at(folder)
    workshop.program = program
    found = explain_submission(workshop, find_submission(folder, "2020"), **options)
    sums = found.difference.by().iloc[0] if len(found.difference.table) else {}
    table = found.difference.table
    if len(table):
        assert (table[list(CAUSES)].sum(axis=1) == table["change"]).all()
    return {name: sums[name] / 1e6 for name in CAUSES if len(sums) and sums[name]}, found


def test_a_submission_is_whole_and_checks(folder):
    """It holds copies of all inputs, factors, method, outputs; sha256sum finds every file right."""
    submission = folder / "submissions" / "2020"
    held = {str(file.relative_to(submission)) for file in submission.rglob("*") if file.is_file()}
    assert {
        "README.txt",
        "SHA256SUMS",
        "factors.csv",
        "findings.csv",
        "inputs/carbonacct.toml",
        "inputs/drivers.csv",
        "inputs/own/net_calorific_value.csv",
        "inputs/tables/北京2019.csv",
        "inventory.csv",
        "manifest.json",
        "method/provincial-2011.toml",
        "outputs/inventory.csv",
        "outputs/panel.csv",
    } <= held
    lines = (submission / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    assert {line.split("  ")[1] for line in lines} == held - {"SHA256SUMS"}
    for line in lines:
        digest, name = line.split("  ")
        assert hashlib.sha256((submission / name).read_bytes()).hexdigest() == digest
    if checker := shutil.which("sha256sum"):
        words = [checker, "-c", "--quiet", "SHA256SUMS"]
        assert subprocess.run(words, cwd=submission, check=False).returncode == 0
    rows = (submission / "factors.csv").read_text(encoding="utf-8")
    assert "net_calorific_value 20.9 GJ/t" in rows
    assert "carbon_content" in rows


def test_a_name_is_given_once(folder):
    """A submission is never written over; a bad name and a refused table stop it."""
    for name, words in (("2020", "submitted already"), ("a/b", "is none for a folder")):
        with pytest.raises(ProjectError, match=words):
            freeze(open_at(folder), name, make_renderers())
    (folder / "tables" / "bad.csv").write_text("no table\n", encoding="utf-8")
    with pytest.raises(ProjectError, match="inputs are refused"):
        freeze(open_at(folder), "2021", make_renderers())
    freeze(open_at(folder), "2021", make_renderers(), partial=True)
    assert not list((folder / "submissions").glob(".tmp*"))


def test_the_last_submission_is_taken(folder):
    """Without a name the one made last is meant, not the last of the alphabet."""
    assert find_submission(folder, None).name == "2020"
    with pytest.raises(ProjectError, match="did you mean 2020"):
        find_submission(folder, "202")


def test_nothing_changed(folder):
    """The project as it was submitted has no change, and no kind of input has."""
    causes, found = explained(folder)
    assert causes == {}
    assert found.kinds == ()


@pytest.mark.parametrize(
    ("edit", "cause"),
    [
        (lambda folder: write_table(folder, 2019, coal=90.0), "data"),
        (lambda folder: write_overlay(folder, 22.0), "factor"),
        (lambda folder: declare(folder, method="ceads", more=OVERLAY), "method"),
        (lambda folder: write_table(folder, 2021), "table"),
    ],
    ids=["data", "factor", "method", "table"],
)
def test_one_change_is_one_cause(folder, edit, cause):
    """A cell, a row of own factors, the method, a new year: all of each is of its cause."""
    edit(folder)
    causes, found = explained(folder)
    total = found.difference.by()["change"].iloc[0] / 1e6
    assert causes == {cause: total}
    assert total != 0


def test_a_row_that_a_mapping_passes_over_is_mapping(folder):
    """The same table with a mapping that passes a row over changed by its mapping, not its data."""
    mapping = "kind,name,id,sign,note\nignore_row,建筑业,,,not ours\n"
    (folder / "mapping.csv").write_text(mapping, encoding="utf-8")
    declare(folder, more=OVERLAY, mapping=', mapping = "mapping.csv"')
    causes, _ = explained(folder)
    assert set(causes) == {"mapping"}
    assert causes["mapping"] < 0


def test_branches_for_industry_are_structure(folder):
    """The same coal printed by branch is structure; what little it moves is no data."""
    (label, coal, diesel, gas), *rest = ROWS
    branch = ("化学原料和化学制品制造业", 40.0, 1.5, 0.5)
    write_table(folder, 2019, rows=((label, coal, diesel, gas), branch, *rest), coal=101.0)
    causes, _ = explained(folder)
    assert set(causes) <= {"structure"}


@pytest.mark.parametrize("edit", ["table", "factor"])
def test_what_is_refused_is_not_removed(folder, edit):
    """With a table that does not read, or faulty own factors, the change is put down to the refusal."""
    frozen = read_entries(find_submission(folder, "2020") / "inventory.csv")
    if edit == "table":
        path = folder / "tables" / "北京2019.csv"
        path.write_text(
            path.read_text(encoding="utf-8").replace("工业", "某某业"), encoding="utf-8"
        )
        frozen = frozen[frozen["year"] == 2019]
    else:
        write_overlay(folder, "many")
    sums, found = explained(folder)
    assert sums == {"refused": pytest.approx(-frozen.loc[frozen["kind"] != "memo", "value"].sum())}
    assert "table-refused" in {one.rule for one in found.difference.findings}


def test_a_change_of_the_program_is_its_own_cause(folder, monkeypatch):
    """What the program makes of the same inputs otherwise is found by making them again."""
    from carbonacct.projects import runs  # noqa: PLC0415 - as it stands after the submission

    plain = runs.to_inventory

    def double(*words, **options):
        made = plain(*words, **options)
        return replace(made, entries=made.entries.assign(value=made.entries["value"] * 2))

    monkeypatch.setattr(runs, "to_inventory", double)
    causes, found = explained(folder, program="another program")
    assert set(causes) == {"program"}
    assert found.kinds == ()


def test_a_submission_that_cannot_be_made_again_is_said(folder, monkeypatch):
    """Where the present program refuses an old table, the program's part is not told apart."""
    plain = balances.open_files

    def refuse(paths, own):
        if "carbonacct-" in str(paths[0]):
            raise TableError("2019.csv: is refused now")
        return plain(paths, own)

    monkeypatch.setattr(balances, "open_files", refuse)
    write_table(folder, 2019, coal=90.0)
    causes, found = explained(folder, program="another program")
    assert set(causes) == {"data"}
    (finding,) = found.difference.findings
    assert (finding.rule, "is refused now" in finding.message) == ("not-replayed", True)


def test_states_that_cannot_be_compiled_are_said(folder, monkeypatch):
    """Where no inventory lies between, the causes are those that both ends tell, and it is said."""
    from carbonacct.projects import recalculation  # noqa: PLC0415 - of this test alone

    def refuse(*_):
        raise ProjectError("a state between cannot be compiled: no factor")

    monkeypatch.setattr(recalculation._States, "_compile", refuse)
    write_table(folder, 2019, coal=90.0)
    write_overlay(folder, 22.0)
    causes, found = explained(folder)
    assert set(causes) == {"data", "factor"}
    assert [one.rule for one in found.difference.findings] == ["not-split"]
    assert len(found.ranges) == 0


def test_a_damaged_manifest_is_said(folder):
    """A submission whose manifest was cut is an error of one line."""
    (folder / "submissions" / "2020" / "manifest.json").write_text("{}", encoding="utf-8")
    with pytest.raises(ProjectError, match="2020: its manifest has no program"):
        explained(folder)


def test_three_kinds_at_once_close_and_have_a_range(folder):
    """Cell, own factor and method at once: three causes that close, each within its range."""
    write_table(folder, 2019, coal=90.0)
    write_overlay(folder, 22.0)
    declare(folder, method="ceads", more=OVERLAY)
    causes, found = explained(folder)
    assert found.kinds == ("data", "factor", "method")
    assert set(causes) == {"data", "factor", "method"}
    for _, row in found.ranges.iterrows():
        least, most = row["least"] / 1e6, row["most"] / 1e6
        assert least - 1e-5 <= causes[row["kind"]] <= most + 1e-5
    first, _ = explained(folder, order=["data", "factor", "method"])
    last, _ = explained(folder, order=["method", "factor", "data"])
    assert first["data"] != last["data"]
    assert sum(first.values()) == pytest.approx(sum(last.values()), abs=1e-5)
    with pytest.raises(ProjectError, match="no kind of input 'colour'"):
        explained(folder, order=["colour"])


def test_all_sectors_are_of_a_project(tmp_path):
    """Activity tables are built, frozen and compared beside balances; a changed one is data."""
    more = 'activity = [{ file = "activity.csv" }]'
    folder = make_project(tmp_path / "甲", years=(2019,), more=more)
    activity = (
        "area,year,activity,item,value,unit,source,note\n北京,2019,水泥熟料产量,,{},万吨,x,\n"
    )
    (folder / "activity.csv").write_text(activity.format(2100), encoding="utf-8")
    freeze(open_at(folder), "2020", make_renderers())
    text = (folder / "submissions" / "2020" / "inventory.csv").read_text(encoding="utf-8")
    assert "processes" in text
    (folder / "activity.csv").write_text(activity.format(2000), encoding="utf-8")
    causes, found = explained(folder)
    assert set(causes) == {"data"}
    (row,) = found.difference.table.to_dict("records")
    assert row["sector"] == "processes"
    assert row["change"] == pytest.approx(row["before"] * (2000 / 2100 - 1), abs=1)
    (folder / "activity.csv").write_text(activity.format(2100), encoding="utf-8")
    write_table(folder, 2019, coal=90.0)
    causes, found = explained(folder)
    assert set(causes) == {"data"}
    assert set(found.difference.table["sector"]) == {"energy"}


def test_an_acceptance_survives_another_layout_and_ends_with_its_number(tmp_path, capsys):
    """It is keyed by meaning: another file name and unit keep it, another difference ends it."""
    folder = make_project(tmp_path / "甲")
    rows = (("终端消费量", 150.0, 47.75, 2.75), *ROWS)

    def write(extra, name="北京2019.csv", scale=1.0):
        for file in (folder / "tables").glob("*2019*"):
            file.unlink()
        changed = [(rows[0][0], 150.0 + extra, *rows[0][2:]), *rows[1:]]
        changed = [
            (label, first * scale, second * scale, third) for label, first, second, third in changed
        ]
        path = write_table(folder, 2019, rows=changed, coal=102.0 * scale, name=name)
        if scale != 1:
            text = path.read_text(encoding="utf-8").replace("(万吨)", "(千吨)")
            path.write_text(text, encoding="utf-8")

    def open_rules():
        capsys.readouterr()
        assert main(["check", "--project", str(folder), "--lang", "en"]) == 0
        return capsys.readouterr().out

    write(-50.0)
    assert "sum-of-parts" not in open_rules()
    words = ["accept", "sum-of-parts", "--project", str(folder), "--because", "as printed"]
    assert main([*words, "--by", "王"]) == 0
    assert "accepted by 王 (as printed)" in open_rules()
    write(-50.0, name="另名2019.csv", scale=10.0)
    assert "accepted by 王" in open_rules()
    write(-49.0)
    said = open_rules()
    assert "accepted by" not in said
    assert "accepted and not found: sum-of-parts 北京 2019" in said


def test_what_is_of_the_whole_project_is_checked_too(tmp_path, capsys):
    """Missing years and refused tables are findings of a project, and can be accepted."""
    folder = make_project(tmp_path / "甲", years=(2018, 2020))
    (folder / "tables" / "bad.csv").write_text("no table\n", encoding="utf-8")
    base = ["check", "--project", str(folder), "--lang", "en"]
    assert main(base) == 0
    said = capsys.readouterr().out
    assert "北京 has no table of 2019" in said
    assert "bad.csv" in said
    assert main([*base, "--strict"]) == 1
    words = ["accept", "years-missing", "--project", str(folder), "--because", "lost", "--by", "王"]
    assert main(words) == 0
    capsys.readouterr()
    assert main(base) == 0
    assert "accepted by 王 (lost): 北京 has no table of 2019" in capsys.readouterr().out


def test_what_cannot_be_accepted(tmp_path, capsys):
    """A rule that is not open, and a reason that is blank, are errors of one line."""
    folder = make_project(tmp_path / "甲")
    base = ["accept", "--project", str(folder), "--by", "王"]
    assert main([*base, "sum-of-parts", "--because", "x"]) == 2
    assert "no open finding of sum-of-parts" in capsys.readouterr().err
    assert (
        main([*base, "行与其分项之和", "--because", "x"]) == 2
    )  # a rule by what it says, as explain takes it
    assert "no open finding of sum-of-parts" in capsys.readouterr().err
    assert main([*base, "sum-of-part", "--because", "x"]) == 2
    assert "no rule 'sum-of-part'; did you mean sum-of-parts" in capsys.readouterr().err
    assert main([*base, "substitute", "--because", " "]) == 2
    assert "has a reason and a name" in capsys.readouterr().err
    (folder / "accepted.csv").write_text("rule,because\nx,\n", encoding="utf-8")
    assert main(["check", "--project", str(folder)]) == 2
    assert "accepted.csv: line 2: has no because" in capsys.readouterr().err


def test_meanings_have_no_cell():
    """What a finding says is the same in another file and cell."""
    from carbonacct.errors import Finding  # noqa: PLC0415 - of this test alone

    texts = [Finding("r", "info", f"{name}!B3: 5 t", f"{name}!B3") for name in ("a.csv", "b.xls")]
    meanings = {find_meaning(one, [("A", 2020)]) for one in texts}
    assert len(meanings) == 1


def test_builds_after_a_submission_leave_it_alone(folder):
    """Nothing writes into a submission again."""
    submission = folder / "submissions" / "2020"
    before = {file: file.read_bytes() for file in submission.rglob("*") if file.is_file()}
    write_table(folder, 2019, coal=90.0)
    build_at(folder)
    explained(folder)
    assert {file: file.read_bytes() for file in submission.rglob("*") if file.is_file()} == before


def test_a_submission_reads_back_with_what_it_was_made_from(folder):
    """Folder or file: entries, notation keys, findings and makings; one that was changed says so."""
    home = find_submission(folder, "2020")
    held = read_inventory(home)
    assert len(held.entries) == len(read_entries(home / "inventory.csv"))
    assert {made.method for made in held.made_from} == {"provincial-2011"}
    assert {name for made in held.made_from for name, _ in made.files} >= {"北京2018.csv"}
    listed = (home / "findings.csv").read_text(encoding="utf-8").splitlines()
    assert len(held.findings) == len(listed) - 1
    file = home / "inventory.csv"
    file.write_text(file.read_text(encoding="utf-8").replace(",2018,", ",2017,"), encoding="utf-8")
    changed = read_inventory(file)
    assert not changed.made_from
    assert [finding.rule for finding in changed.findings] == ["changed-since"]


def test_a_notation_key_stands_for_a_number(tmp_path):
    """An entry without a number reads back where it has a key, and is refused where it has none."""
    place = tmp_path / "a.csv"
    head = "area,year,flow,product,category,scope,gas,value,unit,method,notation\n"
    place.write_text(head + "A,2020,moved_in,electricity,,2,CO2,,t,m,NE\n", encoding="utf-8")
    assert read_inventory(place).entries["notation"].tolist() == ["NE"]
    place.write_text(head + "A,2020,moved_in,electricity,,2,CO2,,t,m,\n", encoding="utf-8")
    with pytest.raises(TableError, match="is no inventory"):
        read_inventory(place)


def test_a_project_counts_one_carbon_once(tmp_path):
    """Natural gas of the ammonia that an activity table counts does not burn, in every output and submission."""
    more = 'activity = [{ file = "activity.csv" }]'
    folder = make_project(tmp_path / "甲", years=(2019,), more=more, method="ipcc-2006")
    head = "area,year,activity,item,value,unit,source,note\n"
    row = "北京,2019,ammonia_output,average_gas,{},万吨,x,\n"
    (folder / "activity.csv").write_text(head + row.format(1), encoding="utf-8")
    entries, findings = gather_entries(open_at(folder))
    assert [one.severity for one in findings if one.rule == "partner-subtracted"] == ["info"]
    kept = open_at(folder)
    kept.join = lambda: pytest.fail("what is kept is compiled again")
    assert gather_entries(kept)[0].equals(entries)
    joined = open_at(folder).join()
    assert entries["value"].sum() == pytest.approx(joined.entries["value"].sum(), rel=1e-12)
    freeze(open_at(folder), "2020", make_renderers())
    (folder / "activity.csv").write_text(head + row.format(2), encoding="utf-8")
    _, found = explained(folder)
    change = found.difference.by("sector").set_index("sector")["change"]
    assert change["energy"] < 0 < change["processes"]
    assert set(found.difference.table.query("sector == 'energy'")["product"]) == {"natural_gas"}
