"""How declared indices stand: the key is of all that they read, and what the store keeps reads back the same."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from carbonacct.errors import ProjectError
from carbonacct.projects.declared_indices import DeclaredIndex, read_declared_index
from carbonacct.projects.driver_bases import DriverBasis
from carbonacct.projects.project_declaration import ActivityTable, Declaration
from carbonacct.projects.project_indices import find_standings, key_index
from carbonacct.projects.splice_rules import Splice
from carbonacct.projects.store import Store

FORM = DeclaredIndex("peaking-pilot-city")
OWN = """title = "Mine"
title_zh = "自"
publisher = "me"
date = "2024"
reference = "here"
scale = 100
[rule.among]
kind = "KIND"
choice = "ours"
reason = "of the two"
[[indicator]]
id = "co2_per_gdp"
zh = "强度"
en = "Intensity"
weight = 1
unit = "t CO2/(1e4 CNY)"
direction = "less"
from = "inventory"
value = { op = "ratio", of = ["co2", "gdp"] }
rule = "among"
place = "1"
"""


def entries(*rows):
    """Return entries of industry by area and year."""
    like = {
        "kind": "emission",
        "gas": "CO2",
        "category": "1.A.2",
        "flow": "industry",
        "product": "coke",
        "status": "",
        "scope": 1,
    }
    power = {"scope": 2, "product": "electricity", "value": 0.0}
    return pd.DataFrame(
        [
            like | {"area": area, "year": year, "value": value} | more
            for area, year, value in rows
            for more in ({}, power)
        ]
    )


HELD = entries(("甲市", 2020, 5e4), ("乙市", 2020, 1e4))


def open_stub(folder, *indices, digests=None, runs=None, **more):
    """Return what indices ask of a project: drivers of two areas, and a store."""
    text = "area,year,gdp (亿元)\n甲市,2020,10\n乙市,2020,10\n"
    (folder / "d.csv").write_text(text, encoding="utf-8")
    declared = {
        "name": "省",
        "years": (),
        "method": "m",
        "sources": "s",
        "bases": (DriverBasis("d.csv"),),
    } | more
    made = [
        SimpleNamespace(places=((area, 2020),), value=area, entries="e")
        for area in ("甲市", "乙市")
    ]
    held = runs or made
    found = digests or {}
    return SimpleNamespace(
        declaration=Declaration(folder=folder, indices=indices, **declared),
        store=Store(folder / "store"),
        scanner=SimpleNamespace(
            digest=lambda file: found.get(file, f"of {file}"),
            find=lambda file: found.get(file, f"of {file}"),
        ),
        readings={"甲市": ["r"], "乙市": ["s"]},
        program="p",
        sole_area="",
        all_runs=lambda: held,
        runs=list,
        sources_runs=list,
        progress=str,
    )


def key(folder, declared=FORM, area="", **more):
    """Return the key of an index in a project."""
    shop = open_stub(folder, declared, **more)
    runs = [run for run in shop.all_runs() if not area or area == run.places[0][0]]
    return key_index(declared, shop, area, runs)


GAP = Splice(years=(2019,), technique="interpolation", because="lost")
BARE = replace(FORM, sources=("inventory",))


@pytest.mark.parametrize(
    ("declared", "before", "after", "is_other"),
    [
        (FORM, {}, {"digests": {"d.csv": "another"}}, True),
        (BARE, {}, {"digests": {"d.csv": "another"}}, False),  # drivers give it nothing
        (BARE, {"splices": (GAP,)}, {"splices": (GAP,), "digests": {"d.csv": "another"}}, True),
        (FORM, {}, {"splices": (GAP,)}, True),
        (
            FORM,
            {"activities": (ActivityTable("a.csv"),)},
            {"activities": (ActivityTable("a.csv"),), "digests": {"a.csv": "another"}},
            True,
        ),
        (
            BARE,
            {"activities": (ActivityTable("a.csv"),)},
            {"activities": (ActivityTable("a.csv"),), "digests": {"a.csv": "another"}},
            False,
        ),
        (replace(FORM, file="f.csv"), {}, {"digests": {"f.csv": "another"}}, True),
        (FORM, {}, {"digests": {"other.csv": "another"}}, False),
        (
            FORM,
            {"activities": (ActivityTable("a.csv"),)},
            {"activities": (ActivityTable("a.csv"),), "sources": "another"},
            True,
        ),
    ],
)
def test_the_key_of_an_index_is_of_what_it_reads(tmp_path, declared, before, after, is_other):
    """Drivers, activity tables and its own file by their bytes, as far as they give it numbers."""
    found = [key(tmp_path, declared, **one) for one in (before, after)]
    assert (found[0] != found[1]) == is_other


def test_an_index_of_an_area_is_of_its_tables_alone(tmp_path):
    """Unless it compares areas with each other: then of all."""
    assert key(tmp_path, area="甲市") != key(tmp_path, area="乙市") != key(tmp_path)
    shop = open_stub(tmp_path, FORM)
    own = shop.all_runs()[:1]
    first = key_index(FORM, shop, "甲市", own)
    shop.readings = {"甲市": ["r"], "乙市": ["changed"]}
    assert key_index(FORM, shop, "甲市", own) == first
    assert key_index(FORM, shop, "乙市", own) != key_index(
        FORM, open_stub(tmp_path, FORM), "乙市", own
    )
    assert key_index(FORM, shop, "", own) != key_index(FORM, open_stub(tmp_path, FORM), "", own)
    assert key_index(BARE, shop, "", own) == key_index(BARE, open_stub(tmp_path, BARE), "", own)
    (tmp_path / "among.toml").write_text(OWN.replace("KIND", "group-min-max"), encoding="utf-8")
    among = DeclaredIndex("among.toml")
    assert (
        key(tmp_path, among, area="甲市")
        == key(tmp_path, among, area="乙市")
        == key(tmp_path, among)
    )


def test_what_was_made_is_read_again_and_a_status_makes_nothing(tmp_path):
    """Rows, names, layout and findings as they were; 5 units of 10,000 t over 10 units of 100 million yuan."""
    shop = open_stub(tmp_path, FORM)
    assert find_standings(shop) == []
    (made,) = find_standings(shop, entries=HELD)
    (kept,) = find_standings(shop)
    pd.testing.assert_frame_equal(kept.frame, made.frame)
    assert (kept.id, kept.kind, kept.leaves, kept.refused) == (
        "peaking-pilot-city",
        "form",
        made.leaves,
        "",
    )
    assert kept.periods == (2022, 2025, 2030)
    assert kept.findings == made.findings
    row = kept.frame[(kept.frame["indicator"] == "co2_per_gdp") & (kept.frame["area"] == "甲市")]
    assert row["value"].item() == pytest.approx(0.5)
    lacking = [str(one.message) for one in kept.findings if one.rule == "index-lacking"]
    assert lacking == [
        f"peaking-pilot-city: 1 of 26 indicators of {area} 2020 have a number"
        for area in ("甲市", "乙市")
    ]
    assert not {"form-missing", "missing-value", "balance-not-used"} & {
        one.rule for one in kept.findings
    }
    assert kept.frame.dtypes["level"] == kept.frame.dtypes["year"] == np.int64


def test_an_area_has_its_own_rows(tmp_path):
    """Of an index that compares areas both are scored, and one is shown: 0.5 is worst, 0.1 best."""
    (tmp_path / "among.toml").write_text(OWN.replace("KIND", "group-min-max"), encoding="utf-8")
    shop = open_stub(tmp_path, DeclaredIndex("among.toml"))
    for area, score in (("甲市", 0.0), ("乙市", 100.0)):
        (one,) = find_standings(shop, area, HELD)
        assert set(one.frame["area"]) == {area}
        assert one.frame.set_index("indicator").loc["co2_per_gdp", "score"] == pytest.approx(score)
    (form,) = find_standings(open_stub(tmp_path, FORM), "乙市", HELD)
    assert set(form.frame["area"]) == {"乙市"}


def test_an_index_that_cannot_be_scored_says_why(tmp_path):
    """Its file, and the fault; others of the project are scored."""
    (tmp_path / "bad.toml").write_text("title = 1\n", encoding="utf-8")
    bad, good = find_standings(open_stub(tmp_path, DeclaredIndex("bad.toml"), FORM), entries=HELD)
    assert bad.id == "bad"
    assert "bad.toml" in str(bad.refused)
    assert bad.frame.empty
    assert good.refused == ""


@pytest.mark.parametrize(
    ("declared", "expected"),
    [
        ({"id": "x"}, DeclaredIndex("x")),
        ({"id": "a/b.toml", "file": "f.csv"}, DeclaredIndex("a/b.toml", file="f.csv")),
        (
            {"id": "x", "coal_equivalent": "m", "power_rate": 1},
            DeclaredIndex("x", coal_equivalent="m", power_rate=1.0),
        ),
        ({"id": "x", "sources": ["drivers"]}, DeclaredIndex("x", sources=("drivers",))),
        ({}, "index has no id"),
        ({"id": "x", "power_rate": 0.3}, "write coal_equivalent beside it"),
        ({"id": "x", "coal_equivalent": "m", "power_rate": True}, "power_rate is True"),
        ({"id": "x", "coal_equivalent": "m", "power_rate": float("inf")}, "power_rate is inf"),
        ({"id": "x", "coal_equivalent": "m", "power_rate": "0.3"}, "power_rate is '0.3'"),
        ({"id": "x", "sources": "drivers"}, "index.sources is 'drivers'; write a list"),
        ({"id": "x", "sources": ["driver"]}, "did you mean drivers"),
        ({"id": "../x.toml"}, "index.id"),
    ],
)
def test_an_index_is_read_as_it_is_declared(declared, expected):
    """What is none is refused with its key."""
    if isinstance(expected, DeclaredIndex):
        found = read_declared_index(declared)
        assert found == expected
        assert found.files == [one for one in ("a/b.toml", "f.csv") if one in declared.values()]
    else:
        with pytest.raises(ProjectError) as refused:
            read_declared_index(declared)
        assert expected in str(refused.value)
