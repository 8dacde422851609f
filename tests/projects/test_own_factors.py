"""Another value for a factor: tried without a trace, kept as a row, taken from another edition."""

from __future__ import annotations

import shutil

import pytest

from carbonacct.errors import FactorDataError, ProjectError
from carbonacct.factors import read_edition
from carbonacct.projects.own_factors import (
    NewFactor,
    keep_factor,
    list_others,
    list_used,
    try_factor,
)
from tests.projects.folders import build_at, declare, make_project, open_at, states_of

NCV = "gb-t-2589-2008/net_calorific_value.csv"


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Return a project of two years that was built, for tests to copy."""
    folder = make_project(tmp_path_factory.mktemp("factors") / "甲", (2018, 2019))
    build_at(folder)
    return folder


@pytest.fixture
def folder(built, tmp_path):
    """Return a project that was built."""
    return shutil.copytree(built, tmp_path / "甲")


def find_diesel(workshop):
    """Return the calorific value of diesel as it is used."""
    return next(
        one
        for one in list_used(workshop)
        if one.row.parameter == "net_calorific_value" and one.row.product == "diesel"
    )


def files_of(folder):
    """Return what stands in a project beside its store."""
    return {
        path: path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and ".carbonacct" not in path.parts
    }


def test_a_trial_moves_what_hangs_on_the_factor_and_leaves_nothing(folder):
    """A value one percent higher moves one percent of what hangs on it; files stay as they are."""
    workshop = open_at(folder)
    used = find_diesel(workshop)
    before = files_of(folder)
    new = NewFactor(place=used.row.place, value=used.row.value * 1.01, unit=used.row.unit, note="x")
    moved = try_factor(workshop, new).by("gas")["change"].sum() / 1e6
    assert moved == pytest.approx(used.worth["CO2"] / 100, abs=1)
    assert moved > 1000
    assert files_of(folder) == before
    assert not list((folder / ".carbonacct").glob("trial-*"))


def test_a_value_that_is_kept_is_a_row_of_the_projects_own(folder):
    """It is declared, says why, makes outputs stale, moves what was tried, and another value takes its place."""
    workshop = open_at(folder)
    used = find_diesel(workshop)
    new = NewFactor(
        place=used.row.place, value=43000.0, unit=used.row.unit, note="measured (王, 2024-05-01)"
    )
    tried = try_factor(workshop, new).table
    assert keep_factor(workshop, new) == "own_factors/net_calorific_value.csv"
    again = open_at(folder)
    (row,) = read_edition(folder / "own_factors").rows
    assert (row.product, row.value, row.unit, row.note) == (
        "diesel",
        43000.0,
        used.row.unit,
        "measured (王, 2024-05-01)",
    )
    assert states_of(build_at(folder))["data"] == "made"
    now = find_diesel(open_at(folder))
    assert (now.row.place, now.source.title) == (
        "own_factors/net_calorific_value.csv:2",
        "Own factors of 甲",
    )
    assert tried["after"].sum() == pytest.approx(now.worth["CO2"] * 1e6, rel=1e-9)
    keep_factor(
        again,
        NewFactor(place=now.row.place, value=42500.0, unit=used.row.unit, note="measured again"),
    )
    (row,) = read_edition(folder / "own_factors").rows
    assert row.value == 42500.0


def test_other_editions_say_the_same_in_the_unit_that_is_used(folder):
    """Values of other documents for the same product, converted; none of the edition itself."""
    used = find_diesel(open_at(folder))
    others = {source.id: value for _, source, value in list_others(used)}
    assert others["gb-t-2589-2020"] == pytest.approx(42652, rel=0.01)
    assert others["ipcc-2006"] == pytest.approx(43000)
    assert used.source.id not in others


def test_a_value_that_cannot_be_is_refused_and_leaves_nothing(folder):
    """A value out of the published range, and a row that nothing uses, are errors before anything is kept."""
    workshop = open_at(folder)
    used = find_diesel(workshop)
    before = files_of(folder)
    wrong = NewFactor(place=used.row.place, value=42652e3, unit=used.row.unit, note="x")
    for act in (try_factor, keep_factor):
        with pytest.raises(FactorDataError, match=r"own_factors/net_calorific_value\.csv:2"):
            act(workshop, wrong)
        with pytest.raises(ProjectError, match="no entry uses this factor now"):
            act(workshop, NewFactor(place=f"{NCV}:9999", value=1.0, unit="kJ/kg", note="x"))
    assert files_of(folder) == before


def test_a_project_with_factors_for_some_years_is_left_to_its_owner(folder):
    """Nobody guesses which of several folders a row belongs to."""
    (folder / "own").mkdir()
    shutil.copy("factors/gb-t-2589-2020/source.toml", folder / "own")
    shutil.copy("factors/gb-t-2589-2020/net_calorific_value.csv", folder / "own")
    declare(folder, more='overlay = [{ folder = "own", years = "2018" }]')
    workshop = open_at(folder)
    used = find_diesel(workshop)
    new = NewFactor(place=used.row.place, value=43000.0, unit=used.row.unit, note="x")
    with pytest.raises(ProjectError, match="own factors for some areas or years alone"):
        keep_factor(workshop, new)
