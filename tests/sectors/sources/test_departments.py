"""Forms of departments: each only its numbers; the filled ones join and say who has not answered."""

from __future__ import annotations

from types import SimpleNamespace

import openpyxl
import pytest

from carbonacct.cli.main import main
from carbonacct.equations.parsing import parse_equation
from carbonacct.report.activity_template import write_forms
from carbonacct.sectors.sources.activities import read_activities
from carbonacct.sectors.sources.activity_list import AskedInput, list_asked
from carbonacct.sectors.sources.activity_names import methods_with_sectors
from carbonacct.sectors.sources.departments import _wanted, departments, find_department
from carbonacct.sectors.sources.source_compiling import compile_sources

METHOD = "provincial-2011"
GIVEN = {
    ("msw_cleared", None): (240, "万吨"),
    ("landfilled_share", None): (75, "%"),
    ("site_share", "managed"): (100, "%"),
    ("waste_share", "food"): (59.1, "%"),
    ("waste_share", "paper"): (8.5, "%"),
}


@pytest.fixture(scope="module")
def forms(tmp_path_factory):
    """Return the forms of all departments."""
    return write_forms(
        str(tmp_path_factory.mktemp("forms") / "new"), METHOD, area="重庆", year=2007
    )


def rows_of(path):
    """Return the rows of a form by activity, item and department, and the lines of its first sheet."""
    book = openpyxl.load_workbook(path)
    rows = []
    for sheet in book.worksheets[1:]:
        head = {cell.value.split()[-1]: cell.column - 1 for cell in sheet[1]}
        names = [head[name] for name in ("activity", "item", "department")]
        rows += [
            tuple(row[at] for at in names) for row in sheet.iter_rows(min_row=2, values_only=True)
        ]
    return rows, [row[0] for row in book.worksheets[0].iter_rows(values_only=True)]


def fill(path, given):
    """Fill value and unit of some numbers in."""
    book = openpyxl.load_workbook(path)
    for sheet in book.worksheets[1:]:
        head = {cell.value.split()[-1]: cell.column for cell in sheet[1]}
        for row in range(2, sheet.max_row + 1):
            key = tuple(sheet.cell(row, head[name]).value for name in ("activity", "item"))
            if key in given:
                sheet.cell(row, head["value"]).value, sheet.cell(row, head["unit"]).value = given[
                    key
                ]
    book.save(path)


def test_each_number_is_asked_of_one_department(forms):
    """The forms divide what the summary asks for; no number is in two of them or in none."""
    whole, *parts = [rows_of(path)[0] for path in forms]
    asked = [row for row in whole if row[2]]
    assert sorted(map(str, asked)) == sorted(str(row) for part in parts for row in part)
    assert len({(row[0], row[1]) for row in asked}) == len(asked)
    for path, part in zip(forms[1:], parts, strict=True):
        assert {row[2] for row in part} == {path.rpartition("/")[2].removesuffix(".xlsx")}


def test_a_form_begins_with_instructions_in_chinese(forms):
    """Who fills it in, and what to take care of."""
    housing = next(path for path in forms if "住房城乡建设" in path)
    lines = rows_of(housing)[1]
    assert lines[0] == "填报部门：住房城乡建设和城市管理部门"
    assert "各类比例之和为 100%" in lines[1]
    assert "没有发生写 NO" in lines[3]


@pytest.mark.parametrize("method", methods_with_sectors())
def test_every_number_of_every_method_has_a_department(method):
    """Also those that no yearbook prints; a department without numbers anywhere would be a slip."""
    for asked in list_asked(method):
        for labels in asked.items():
            assert find_department(asked, labels) in departments()


@pytest.mark.parametrize(
    ("symbol", "labels", "department"),
    [
        ("cement_output", {}, "statistics"),
        ("clinker_output", {}, "industry"),
        ("underground_coal", {"mine": "township"}, "energy"),
        ("heads", {"animal": "pigs", "mode": "household"}, "agriculture"),
        ("rice_area", {"rice": "early"}, "statistics"),
        ("growth_rate", {}, "forestry"),
        ("msw_landfilled", {}, "housing"),
        ("waste_incinerated", {"burnt_waste": "msw"}, "housing"),
        ("waste_incinerated", {"burnt_waste": "hazardous"}, "ecology"),
        ("industrial_cod_removed", {"wastewater_industry": "paper"}, "ecology"),
    ],
)
def test_who_holds_a_number(symbol, labels, department):
    """The place that prints it says so; hazardous waste is the ecology department's wherever it burns."""
    asked = {one.about.id: one for one in list_asked(METHOD)}
    assert find_department(asked[symbol], labels).id == department


def test_filled_forms_join_and_say_who_has_not_answered(tmp_path):
    """One form is filled in: its numbers count, the others are named, and what is estimated is valued."""
    forms = write_forms(str(tmp_path / "forms"), METHOD, area="重庆", year=2007)
    for path in forms:
        if "Housing" in path or "Statistics" in path:
            fill(path, GIVEN)
    read = read_activities(forms, METHOD)
    silent = {
        finding.message.partition(" has not")[0]
        for finding in read.findings
        if finding.rule == "department-silent"
    }
    others = {form.rpartition("/")[2].removesuffix(".xlsx") for form in forms[1:]}
    assert silent == {name for name in others if "Housing" not in name and "Statistics" not in name}
    open_ones = [finding.message for finding in read.findings if finding.rule == "department-open"]
    assert any(
        "Housing and city management has given 4 of 24 numbers" in line for line in open_ones
    )
    made = compile_sources(read)
    assert made.total(gas="CH4")["value"].item() == pytest.approx(66231)
    worth = [str(finding) for finding in made.findings if finding.rule == "answer-worth"]
    assert any(
        "has not given msw_landfilled; landfill is estimated without it: 66,231 t CH4" in line
        for line in worth
    )
    assert not any("site_share" in line for line in worth)


def test_what_an_alternative_would_need_is_not_missed(tmp_path):
    """Where the output of clinker is given, nothing is estimated for want of cement and its clinker."""
    forms = write_forms(
        str(tmp_path / "forms"), METHOD, area="重庆", year=2007, sectors=["processes"]
    )
    for path in forms:
        if "Industry" in path:
            fill(path, {("clinker_output", None): (2100, "万吨")})
    made = compile_sources(read_activities(forms, METHOD))
    worth = [str(finding) for finding in made.findings if finding.rule == "answer-worth"]
    assert len(worth) == 1
    assert "clinker_from_carbide_slag" in worth[0]


def test_the_command_writes_a_folder_of_forms(tmp_path, capsys):
    """A folder is made; a file in its place is refused, and forms that are there are kept."""
    words = ["template", "--method", METHOD, "--by", "department", "--sectors", "waste", "-o"]
    assert main([*words, str(tmp_path / "forms")]) == 0
    names = {path.name for path in (tmp_path / "forms").iterdir()}
    assert "综合 summary.xlsx" in names
    assert not any("Forestry" in name for name in names)
    assert main([*words, str(tmp_path / "forms")]) == 2
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert main([*words, str(tmp_path / "file")]) == 2
    assert "cannot be made" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("equation", "open_still", "wanted"),
    [
        ("CO2 = a * b", ["b"], "ab"),
        ("CO2 = first(a, b, c)", [], "a"),  # the first that nothing lacks serves
        ("CO2 = first(a, b, c)", ["a"], "ab"),
        ("CO2 = first(a, b, c)", ["a", "b"], "abc"),
        ("CO2 = first(a, b, c) * d", ["b"], "ad"),
        ("CO2 = first(a * b, c)", ["b"], "abc"),
        ("CO2 = exp(a) * b", [], "ab"),  # no alternatives: all are used
    ],
)
def test_of_alternatives_those_up_to_one_that_nothing_lacks_are_wanted(
    equation, open_still, wanted
):
    """What a source would use of what is known."""
    (line,) = parse_equation(equation)
    assert set(_wanted(line.tree, frozenset(open_still))) == set(wanted)


@pytest.mark.parametrize(
    ("sector", "printed", "labels", "holder"),
    [
        # Where nothing prints it, whose sector it is.
        ("processes", "", {}, "industry"),
        ("energy", "", {}, "energy"),
        ("waste", "", {}, "housing"),
        ("agriculture", "", {}, "agriculture"),
        ("land", "", {}, "forestry"),
        # Where it is printed; of several places the first that is named.
        ("agriculture", "中国统计年鉴", {}, "statistics"),
        ("processes", "电网企业; 中国统计年鉴", {}, "grid"),
        ("processes", "中国统计年鉴; 电网企业", {}, "statistics"),
        ("waste", "中国环境统计年鉴", {}, "ecology"),  # no yearbook of the statisticians
        ("land", "somewhere", {}, "forestry"),
        # What kind it is stands before both.
        ("waste", "中国统计年鉴", {"burnt_waste": "clinical"}, "ecology"),
        ("waste", "", {"burnt_waste": "msw"}, "housing"),
        ("agriculture", "中国统计年鉴", {"mode": "grazing"}, "agriculture"),
    ],
)
def test_who_holds_what_is_printed_somewhere_or_nowhere(sector, printed, labels, holder):
    """By its labels, by the place that prints it, by its sector."""
    asked = AskedInput(SimpleNamespace(printed=printed), sector, (), {})
    assert find_department(asked, labels).id == holder
