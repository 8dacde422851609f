"""Data quality of activities and factors in the table of cities, by the source of the number."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import openpyxl
import pytest

import carbonacct as ca
from carbonacct.report.official_files import write_official
from carbonacct.sectors.data_quality import (
    EntryQuality,
    _join,
    _of_chain,
    _of_row,
    explain_grades,
    grade_table,
)
from carbonacct.sectors.sources.activities import read_activities
from carbonacct.sectors.sources.source_compiling import compile_sources
from tests.report.pages import write_scaled
from tests.sectors.energy.made_balances import inventory_of
from tests.sectors.sources.building import HEAD, write_table

TABLE = "docs/tables/beijing_2007.csv"


@pytest.fixture(scope="module")
def cube():
    """Return the energy part of a city whose grid has a factor."""
    return ca.compile_inventory(TABLE, method="provincial-2011")


def rows_of(inventory, energy=()):
    """Return the rows of the table of cities by reference number."""
    return ca.fill_official(inventory, "gpc", energy=energy).to_frame().set_index("code")


def test_a_balance_is_detailed_and_national_factors_are_general(tmp_path, cube):
    """A printed cell is H, a factor of the guideline M, allocated losses M; a total has no grade."""
    later = ca.compile_inventory(
        write_scaled(tmp_path / "a.csv", 1.0, year=2012), method="provincial-2011"
    )
    of_grid = rows_of(ca.to_inventory(later), [later]).loc["I.1.3"]
    assert of_grid[["activity_quality", "factor_quality"]].tolist() == ["M", "M"]
    assert "losses of the grid" in of_grid["activity_reason"]
    rows = rows_of(ca.to_inventory(cube), [cube])
    assert rows.loc["I.1.1", ["activity_quality", "factor_quality"]].tolist() == ["H", "M"]
    assert rows.loc["I.1.2", ["activity_quality", "factor_quality"]].tolist() == ["H", "M"]
    assert rows.loc[
        "BASIC", ["activity_quality", "factor_quality", "activity_reason"]
    ].tolist() == ["", "", ""]
    assert rows.loc["II.1.1", ["activity_quality", "factor_quality"]].tolist() == ["", ""]


def test_a_default_of_the_ipcc_is_low():
    """The same table by a method with IPCC factors: activity stays H, factors are L."""
    made = ca.compile_inventory(TABLE, method="ipcc-2006")
    rows = rows_of(ca.to_inventory(made), [made])
    assert rows.loc["I.3.1", ["activity_quality", "factor_quality"]].tolist() == ["H", "L"]
    assert "IPCC" in rows.loc["I.3.1", "factor_reason"]


@pytest.mark.parametrize("source", ["统计年鉴 2021", ""])
def test_a_row_that_states_no_source_has_no_grade(tmp_path, source):
    """It is not guessed: the grade is blank and the reason says so; the factor keeps its own."""
    path = write_table(tmp_path, ("电石产量", "", 100, "t"))
    text = path.read_text(encoding="utf-8").replace("100,t,,", f"100,t,{source},")
    assert text.splitlines()[0].split(",") == list(HEAD)
    path.write_text(text, encoding="utf-8")
    rows = rows_of(compile_sources(read_activities([path], "provincial-2011")))
    assert rows.loc["IV.1", ["activity_quality", "factor_quality"]].tolist() == [
        "H" if source else "",
        "M",
    ]
    wanted = (
        "a number whose row states its source"
        if source
        else "a row of activity data states no source"
    )
    assert rows.loc["IV.1", "activity_reason"] == wanted


def test_one_part_that_nobody_could_check_makes_a_row_low(tmp_path):
    """A row has the lowest grade of its parts, and names the sources of all."""
    path = write_table(tmp_path, ("电石产量", "", 100, "t"), ("石灰产量", "", 100, "t"))
    inventory = compile_sources(read_activities([path], "provincial-2011"), allow_unverified=True)
    rows = rows_of(inventory)
    assert rows.loc["IV.1", "factor_quality"] == "L"
    assert "nobody could check" in rows.loc["IV.1", "factor_reason"]


def test_filled_years_and_files_are_known_for_what_they_are(cube):
    """A rule that interpolates is M, one that extrapolates L, and has no factor; an entry from a file has no grade."""
    made = ca.to_inventory(cube)
    for method, grade in (
        ("interpolation (2006, 2008)", "M"),
        ("extrapolation (2006)", "L"),
        ("provincial-2011", ""),
    ):
        held = made.entries.assign(method=method, origin=-1).astype(
            {"method": "category", "origin": "int32"}
        )
        inventory = ca.Inventory(held)
        found = grade_table(ca.fill_official(inventory, "gpc"))
        assert {one.activity for one in found.values()} == {grade}
        assert {one.factor for one in found.values()} == {""}


def test_the_workbook_and_the_page_of_the_table_have_the_columns(tmp_path, cube):
    """H and M stand behind the gases, with their meaning above, in both languages."""
    table = ca.fill_official(ca.to_inventory(cube), "gpc", energy=[cube])
    write_official([table], str(tmp_path / "a.xlsx"), lang="zh")
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx")["GPC"]
    head = [cell.value for cell in sheet[4]]
    row = dict(zip(head, (cell.value for cell in sheet[5]), strict=True))
    assert (row["编号"], row["数据质量：活动水平"], row["数据质量：因子"]) == ("I.1.1", "H", "M")
    assert row["活动水平的由来"] == "本地区的表印出的数"
    assert "H 详细的活动数据" in sheet["A2"].value
    write_official([table], str(tmp_path / "a.html"), lang="en")
    assert "data quality: activity" in (tmp_path / "a.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("method", ["ipcc-2006", "provincial-2011"])
def test_a_cell_is_known_by_the_rows_of_its_own_factors(method):
    """Whatever other fuels stand in the table, and whether its rows are the first that were chosen."""
    alone = inventory_of({"industry": {"diesel": 5}}, method=method)
    beside = inventory_of({"industry": {"diesel": 5, "coke": 7, "raw_coal": 2}}, method=method)
    found = [
        {
            str(one.balance.products[np.unravel_index(cell, one.emissions.shape)[3]]): _of_chain(
                one, int(cell), "重庆"
            )
            for cell in np.flatnonzero(~np.isnan(one.emissions.values))
        }
        for one in (alone, beside)
    ]
    assert [sorted(kinds) for kinds in found] == [["diesel"], ["coke", "diesel", "raw_coal"]]
    assert all(kinds for one in found for kinds in one.values())
    assert found[0]["diesel"] == found[1]["diesel"]


def test_reasons_stand_in_one_order():
    """Reports are the same bytes on any day: sets of words have another order in each run."""
    keys = ["unverified", "ipcc", "national", "own", "area"]
    found = _join([EntryQuality(frozenset({"printed"}), frozenset(keys))])
    assert found.factor == "L"
    assert found.factor_reason == (
        "a factor of the area itself; a factor of one's own; a factor of the nation, the province or the region; "
        "a default of the IPCC; a factor that nobody could check"
    )


def entry(activity=("printed",), factor=("national",)):
    """Return where the numbers of an entry come from."""
    return EntryQuality(frozenset(activity), frozenset(factor))


@pytest.mark.parametrize(
    ("entries", "activity", "factor"),
    [
        ([entry()], "H", "M"),
        ([entry(("stated",), ("own",))], "H", "H"),
        ([entry(("printed", "scaled"), ("area",))], "M", "H"),
        ([entry(("allocated",), ("ipcc",))], "L", "L"),
        (
            [entry(("printed",)), entry(("allocated",))],
            "L",
            "M",
        ),  # a row has the lowest grade of its parts
        ([entry(factor=("own",)), entry(factor=("unverified",))], "H", "L"),
        ([entry(factor=())], "H", ""),  # a constant of chemistry has no grade
        ([entry(factor=()), entry(factor=("ipcc",))], "H", "L"),
        ([entry(("file",), ("file",))], "", ""),
        ([entry(), entry(("row",))], "", "M"),  # one part that is not known leaves no grade
        ([entry(), entry(("filled",), ("filled",))], "", ""),
        ([], "", ""),
    ],
)
def test_the_grade_of_a_row_is_the_lowest_of_its_parts(entries, activity, factor):
    """GPC 1.1, table 5.3: H, M or L; blank where it is not known."""
    found = _join(entries)
    assert (found.activity, found.factor) == (activity, factor)


def test_what_is_not_known_says_why_once():
    """Two entries from a file and one that is filled: each reason once."""
    found = _join([entry(("file",), ("file",)), entry(("file",), ("filled",))])
    assert (
        found.activity_reason
        == "an entry was read from a file, which does not say how it came about"
    )
    assert found.factor_reason.split("; ") == [
        "an entry was read from a file, which does not say how it came about",
        "a year is filled by a rule, not by a factor",
    ]


@pytest.mark.parametrize(
    ("row", "kinds"),
    [
        ({"parameter": "carbon_to_co2"}, set()),
        ({"status": "unverified"}, {"unverified"}),
        ({"edition": "mine"}, {"own"}),
        ({"edition": "ipcc-2006"}, {"ipcc"}),
        ({"edition": "ipcc-2019"}, {"ipcc"}),
        ({"area": "重庆"}, {"area"}),
        ({"area": "grid_central"}, {"national"}),
        ({}, {"national"}),
    ],
)
def test_the_kind_of_a_factor_row(row, kinds):
    """Constants have none; what nobody could check is that, whoever prints it; then whose it is."""
    one = ca.load_edition("provincial-2011").rows[0]
    changed = replace(
        one, **{"parameter": "emission_factor", "status": "single", "area": "", **row}
    )
    assert _of_row(changed, "重庆") == kinds


def test_a_factor_that_a_compiler_states_is_their_own_if_it_has_a_source(tmp_path):
    """A ratio of clinker with a source is one's own; without one it has no grade, and the row says so."""
    for source, grade in (("企业调查", "H"), ("", "")):
        path = write_table(
            tmp_path,
            ("cement_output", "", 100, "t"),
            ("clinker_ratio", "", 0.84, "t clinker/(t cement)"),
        )
        text = path.read_text(encoding="utf-8").replace("(t cement),,", f"(t cement),{source},")
        path.write_text(text.replace("100,t,,", "100,t,统计年鉴,"), encoding="utf-8")
        rows = rows_of(compile_sources(read_activities([path], "provincial-2011")))
        row = rows.loc["IV.1"]
        assert row["activity_quality"] == "H"
        # The factor of clinker is the nation's: the lowest of both, where both are known.
        assert row["factor_quality"] == ("M" if grade else "")
        if not grade:
            assert row["factor_reason"] == "a row of activity data states no source"


def test_grades_are_explained_in_both_languages():
    """What H, M and L mean, of activity data and of factors."""
    english, chinese = (explain_grades(lang) for lang in ("en", "zh"))
    assert english.split("; ")[1].startswith("factor: H specific emission factors, M more general")
    assert chinese.split("；")[0].startswith("活动水平：H 详细的活动数据，M ")
