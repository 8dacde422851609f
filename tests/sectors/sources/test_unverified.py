"""Factors that nobody could check: never in silence, with what else there is and the way to use it."""

from __future__ import annotations

import csv

import pytest

from carbonacct.equations import load_sector
from carbonacct.equations.dimensions import scale_of
from carbonacct.equations.factor_values import load_factors
from carbonacct.equations.offers import offer_factor
from carbonacct.sectors.sources.activities import read_activities
from carbonacct.sectors.sources.activity_names import list_sectors
from carbonacct.sectors.sources.source_compiling import compile_sources
from tests.sectors.sources.building import compiled, write_table

LIME = ("石灰产量", "", 10, "万吨", "重庆", 2007)


def findings_of(inventory, rule):
    """Return the findings of a rule as lines."""
    return [str(finding) for finding in inventory.findings if finding.rule == rule]


def test_an_unverified_factor_is_no_default(tmp_path):
    """The entry is there without a number, and says which row could not be checked."""
    made = compiled(tmp_path, LIME)
    assert made.entries[["flow", "notation"]].to_numpy().tolist() == [["lime", "NE"]]
    line = findings_of(made, "factor-missing")[0]
    assert (
        "lime_factor has only provincial-2011/processes/lime_factor.csv:2, which could not be checked"
        in line
    )


def test_allowed_ones_count_with_a_finding_each(tmp_path):
    """Two gases of aluminium are two rows, and two findings."""
    made = compiled(tmp_path, ("电解铝产量", "pfpb", 10, "万吨"), LIME, allow_unverified=True)
    assert made.entries["value"].notna().all()
    lines = findings_of(made, "unverified-factor")
    assert [line.partition(": ")[0].partition(".csv")[0].rpartition("/")[2] for line in lines] == [
        "lime_factor",
        "aluminium_factor",
        "aluminium_factor",
    ]


def test_an_overlay_replaces_them(tmp_path):
    """A table of one's own counts, and nothing is unverified."""
    folder = tmp_path / "own" / "processes"
    folder.mkdir(parents=True)
    (folder.parent / "source.toml").write_text(
        'title = "own"\nreference = "own"\npublisher = "own"\ndate = "2020"\nlicense = "own"\n',
        encoding="utf-8",
    )
    (folder / "lime_factor.csv").write_text(
        "from,to,value,lower,upper,unit,table,page,status,note\n,,0.7,,,t CO2/(t lime),own,1,single,\n",
        encoding="utf-8",
    )
    made = compiled(tmp_path, LIME, overlay=folder.parent)
    assert made.entries["value"].item() == pytest.approx(7e4)
    assert not findings_of(made, "unverified-factor")
    assert not findings_of(made, "factor-missing")


def test_the_finding_offers_what_ipcc_has_and_the_way_to_use_it(tmp_path):
    """Value, unit, table and file; the row that it names, pasted into a table, makes the entry a number."""
    line = findings_of(compiled(tmp_path, LIME), "factor-missing")[0]
    assert (
        "ipcc-2006 has 0.75 t CO2/(t lime) (Equation 2.8, ipcc-2006/processes/lime_factor.csv:2)"
        in line
    )
    row = line.partition("add the row ")[2].partition(" to a table ")[0]
    head = line.rpartition(" to a table ")[2]
    own = tmp_path / "own.csv"
    own.write_text(f"{head}\n{row}\n", encoding="utf-8")
    made = compile_sources(read_activities([write_table(tmp_path, LIME), own], "provincial-2011"))
    assert made.entries["value"].item() == pytest.approx(75e3)


def unverified_places():
    """Yield each parameter of the guideline of which a row is unverified, with the labels of one."""
    for sector in list_sectors("provincial-2011"):
        for parameter in sector.parameters.values():
            for edition in load_factors(sector, parameter):
                rows = edition.rows.get(parameter.file, ())
                row = next((row for row in rows if row.status == "unverified"), None)
                if row is not None:
                    labels = {
                        dim: dict(row.labels).get(column, "") for dim, column in parameter.keys
                    }
                    yield sector.id, parameter.id, {**labels, "area": "重庆"}


def test_every_offer_is_a_row_that_reads(tmp_path):
    """Each value that is offered is corroborated, has the dimensions of the factor, and its row is understood."""
    offered = 0
    for identifier, name, labels in unverified_places():
        sector = load_sector(identifier)
        parameter = sector.parameters[name]
        offer = offer_factor(sector, parameter, labels, 2007)
        if not offer:
            continue
        offered += 1
        row = offer.partition("add the row ")[2].partition(" to a table ")[0]
        (symbol, _, value, unit) = next(csv.reader([row]))
        assert symbol == name
        assert scale_of(unit, parameter.unit.replace("{gas}", labels.get("gas", "{gas}"))) > 0
        path = tmp_path / f"{name}.csv"
        path.write_text(f"activity,item,value,unit\n{row}\n", encoding="utf-8")
        rows = read_activities([path], "provincial-2011").rows
        assert rows["symbol"].to_list() == [name], offer
        assert float(value) > 0
    assert offered >= 5
