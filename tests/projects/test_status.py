"""How a project stands, line by line: what is chosen, what is not built, and what left its submission."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from carbonacct.errors import Finding
from carbonacct.projects.freezing import freeze
from carbonacct.projects.run_record import Details, Run
from carbonacct.projects.status import (
    NOT_BUILT,
    StatusRow,
    list_choices,
    list_status,
    say_status,
)
from carbonacct.report.outputs import make_renderers
from tests.projects.folders import make_project, open_at, write_table


@pytest.mark.parametrize(("count", "said"), [(1, 1), (20, 20), (21, 21), (30, 21)])
def test_of_many_tables_that_are_not_built_twenty_are_listed(count, said):
    """Where they stand; all other lines are said."""
    new = [StatusRow("table", f"{n}", f"new {n}", NOT_BUILT) for n in range(count)]
    others = [StatusRow("finding", f"{n}", f"other {n}") for n in range(30)]
    lines = say_status([*others, *new, *others])
    middle = lines[30:-30]
    assert lines[:30] == lines[-30:] == [one.text for one in others]
    assert len(middle) == said
    assert middle[:20] == [one.text for one in new[:20]]
    assert middle[20:] == [f"and {count - 20} more"] * (count > 20)


def choices(method, **options):
    """Return what is chosen."""
    plain = {"sources": "", "energy": {}, "gases": ("CO2",), "origins": {}}
    return SimpleNamespace(method=method, **plain | options)


def test_what_is_chosen_says_where():
    """For the project, for an area that chooses otherwise, and why a choice of one is refused."""
    own = choices(
        "ipcc-2006", energy={"grid": "east"}, origins={"methods.energy": "areas/b/area.toml"}
    )
    areas = [SimpleNamespace(id=one, name=one.upper()) for one in ("a", "b", "c")]
    declaration = SimpleNamespace(
        name="甲",
        choices=choices("ceads", gases=("CO2", "CH4")),
        areas=areas,
        chosen={"b": own, "c": own},
        faults={"c": "area.toml: no key 'x'"},
    )
    rows = list_choices(declaration)
    assert [row.text for row in rows if row.name.startswith(("methods", "project", "甲"))] == [
        "甲:",
        "  methods.energy = ceads  [carbonacct.toml]",
        "  methods.sources =   [carbonacct.toml]",
        "  project.gases = CO2, CH4  [carbonacct.toml]",
    ]
    held = {
        row.name: (row.state, row.text.partition("[")[2])
        for row in rows
        if row.name.startswith("b ")
    }
    assert held["b methods.energy"] == ("ipcc-2006", "areas/b/area.toml]")
    assert held["b energy.grid"] == ("east", "carbonacct.toml]")
    assert [(row.text, row.state) for row in rows if row.name == "c"] == [
        ("c C: area.toml: no key 'x'", "refused")
    ]
    assert not [row for row in rows if row.name.startswith(("a ", "c "))]


def rows_of(folder, what):
    """Return how some things of a project stand, without making any."""
    return [row for row in list_status(open_at(folder, making=False)) if row.what == what]


def test_a_submission_and_what_changed_since(tmp_path):
    """Its tables are these, until one changes, one comes and one goes."""
    folder = make_project(tmp_path / "甲", (2018, 2019))
    (before,) = rows_of(folder, "submission")
    assert (before.text, before.state, before.count) == ("no submission", "", 0)
    assert [row.state for row in rows_of(folder, "table")] == [NOT_BUILT] * 2
    freeze(open_at(folder), "first", make_renderers(), partial=True)
    (frozen,) = rows_of(folder, "submission")
    assert (frozen.name, frozen.text, frozen.state) == (
        "first",
        "submission first: its tables are these",
        "current",
    )
    assert rows_of(folder, "table") == []
    (years,) = rows_of(folder, "years")
    assert (years.text, years.state, years.count) == ("北京: 2 years, 2018 to 2019", "2018-2019", 2)
    assert [
        "2020" in row.text for row in rows_of(folder, "finding") if "no table of" in row.text
    ] == [True]
    write_table(folder, 2018, coal=7.0)
    (folder / "tables" / "北京2019.csv").unlink()
    write_table(folder, 2020)
    (after,) = rows_of(folder, "submission")
    expected = [
        f"{what}: tables/北京{year}.csv"
        for what, year in (("changed", 2018), ("new", 2020), ("gone", 2019))
    ]
    assert (after.text, after.state) == ("submission first: " + "; ".join(expected), "changed")
    assert [row.name for row in rows_of(folder, "table")] == [
        "tables/北京2018.csv",
        "tables/北京2020.csv",
    ]


def test_findings_are_counted_by_rule_without_those_accepted(tmp_path, monkeypatch):
    """From the counts of runs, which are known without reading them; what is only told is not counted."""
    counts = (("warning", "balance", 2), ("info", "told", 5), ("error", "sum", 1))
    findings = (
        Finding("balance", "warning", "off", "a!B1"),
        Finding("balance", "warning", "off too", "a!B2"),
    )
    run = Run(
        key="k",
        value="v",
        files=(),
        places=(("北京", 2018),),
        counts=counts,
        load=lambda: Details(findings),
    )
    folder = make_project(tmp_path / "甲", (2018,))
    workshop = open_at(folder, making=False)
    monkeypatch.setattr(type(workshop), "all_runs", lambda _self: [run, run])
    monkeypatch.setattr("carbonacct.projects.status.gather_entries", lambda _shop: (None, []))
    monkeypatch.setattr("carbonacct.projects.status.find_missing", lambda *_: [])
    monkeypatch.setattr("carbonacct.projects.status.plan_outputs", lambda _shop: [])
    found = [row for row in list_status(workshop) if row.what in {"finding", "accepted"}]
    assert [(row.name, row.state, row.count) for row in found] == [
        ("sum", "error", 2),
        ("balance", "warning", 4),
    ]
    text = "rule,area,year,place,operands,because,by,on,review_by\nbalance,北京,2018,,off,x,y,,\n"
    (folder / "accepted.csv").write_text(text, encoding="utf-8")
    found = [row for row in list_status(workshop) if row.what in {"finding", "accepted"}]
    assert [(row.name, row.count) for row in found] == [("sum", 2), ("balance", 2), ("", 2)]
