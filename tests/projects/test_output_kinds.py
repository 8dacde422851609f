"""What a declared output shows follows from its name and its ending."""

from __future__ import annotations

from dataclasses import asdict
from types import SimpleNamespace

import pytest

from carbonacct.projects.driver_bases import DriverBasis
from carbonacct.projects.output_kinds import find_kind

DECLARED = {
    "uncertainty": object(),
    "targets": ("t",),
    "targets_file": "",
    "bases": (DriverBasis("d.csv"),),
    "indices": ("i",),
}
EVERY = {"intervals", "targets"}


def shows(name, file, **changed):
    """Return what an output shows, by the names of what is true."""
    declaration = SimpleNamespace(outputs={name: file}, **DECLARED | changed)
    kind = find_kind(declaration, name)
    assert kind.suffix == "." + file.lower().rpartition(".")[2]
    return {key.partition("_")[2] for key, value in asdict(kind).items() if value is True}


@pytest.mark.parametrize(
    ("name", "file", "expected"),
    [
        (
            "page",
            "out/Page.HTML",
            {"for_people", "balances", "drivers", "notes", "indices", *EVERY},
        ),
        ("book", "book.xlsx", {"for_people", "balances", "notes", "indices", *EVERY}),
        ("chapter", "chapter.docx", {"for_people", "balances", "notes", *EVERY}),
        ("print", "page.pdf", {"for_people", *EVERY}),
        ("brief", "a.brief.docx", {"brief", "for_people", "balances", "drivers", "notes", *EVERY}),
        ("brief", "a.brief.md", {"brief", "for_people", "balances", "drivers", "notes", *EVERY}),
        ("brief", "a.brief.pdf", {"brief", "for_people", "balances", "drivers", "notes", *EVERY}),
        ("data", "a.json", {"making"}),
        ("data", "a.parquet", {"making"}),
        ("data", "a.nc", {"making"}),
        ("data", "a.csv", set()),
        ("panel", "panel.xlsx", {"table"}),
        ("panel", "panel.html", {"table"}),
        ("panel", "panel.json", {"table"}),
    ],
)
def test_what_an_output_shows(name, file, expected):
    """Pages, workbooks and chapters are for people; data say what they were made from; a table is itself."""
    assert shows(name, file) == expected


@pytest.mark.parametrize(
    ("changed", "lost"),
    [
        ({"uncertainty": None}, {"intervals"}),
        ({"targets": ()}, {"targets"}),
        ({"targets": (), "targets_file": "targets.csv"}, set()),
        ({"bases": ()}, {"drivers"}),
        ({"indices": ()}, {"indices"}),
    ],
)
def test_what_is_not_declared_is_not_shown(changed, lost):
    """Of a page, which shows it all."""
    assert shows("page", "page.html") - shows("page", "page.html", **changed) == lost


def test_what_takes_longest_is_begun_first():
    """Workbook, page, chapter, then data; tables of the project last."""
    files = {"a": "a.xlsx", "b": "b.html", "c": "c.docx", "d": "d.nc", "e": "e.json", "f": "f.csv"}
    declaration = SimpleNamespace(outputs=files | {"panel": "panel.xlsx"}, **DECLARED)
    ranks = [find_kind(declaration, name).rank for name in (*files, "panel")]
    assert ranks == [0, 1, 2, 3, 4, 5, 5]
