"""Stored pieces of compiled tables: read back unchanged, replaced with their table, equal to a clean build."""

from __future__ import annotations

import json
import shutil
import weakref

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings

from carbonacct.charts import Bar, draw_bars
from carbonacct.report.chapter.word_document import Chapter
from carbonacct.sectors.energy import compile_inventory
from carbonacct.sectors.energy.approach_comparison import compare_approaches, shared_approaches
from carbonacct.sectors.energy.completeness import find_completeness, shared_completeness
from carbonacct.sectors.energy.inventory_cache import keep_per_record, put_on_shelf
from carbonacct.sectors.energy.memo import find_memo_items, shared_memo_items
from carbonacct.sectors.energy.quality import check_quality
from tests.projects.folders import build_at, make_project, open_at, outputs_of, write_table

REPORTS = (
    '[outputs]\nworkbook = "output/a.xlsx"\npage = "output/a.html"\nchapter = "output/a.docx"\n'
)
EDITS = {
    "cell": lambda folder: write_table(folder, 2019, coal=90.0),
    "back": lambda folder: write_table(folder, 2019, coal=101.0),
    "other": lambda folder: write_table(folder, 2018, coal=7.0),
    "lost": lambda folder: (folder / "tables" / "北京2018.csv").unlink(missing_ok=True),
    "method": lambda folder: _replace(folder, "provincial-2011", "ipcc-2006"),
    "language": lambda folder: _replace(folder, 'lang = "en"', 'lang = "zh"'),
}


class Shelf(dict):
    """A shelf in memory."""

    find = dict.get
    put = dict.__setitem__


def _replace(folder, old, new):
    file = folder / "carbonacct.toml"
    file.write_text(file.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


@pytest.fixture(scope="module")
def built_once(tmp_path_factory):
    """Return a project with page, workbook and chapter that is built."""
    folder = make_project(tmp_path_factory.mktemp("pieces") / "甲", years=(2018, 2019))
    file = folder / "carbonacct.toml"
    text = file.read_text(encoding="utf-8").partition("[outputs]")[0]
    file.write_text(text + REPORTS, encoding="utf-8")
    build_at(folder)
    return folder


@settings(max_examples=3, suppress_health_check=[HealthCheck.too_slow])
@given(edits=st.lists(st.sampled_from(sorted(EDITS)), min_size=1, max_size=4))
def test_reports_of_pieces_are_those_of_a_clean_build(built_once, tmp_path_factory, edits):
    """After any edits page, workbook and chapter are those of a build without a store, byte for byte."""
    folder = shutil.copytree(built_once, tmp_path_factory.mktemp("edited") / "甲")
    for edit in edits:
        EDITS[edit](folder)
    ignored = shutil.ignore_patterns(".carbonacct", "output")
    clean = shutil.copytree(folder, tmp_path_factory.mktemp("clean") / "甲", ignore=ignored)
    build_at(folder)
    build_at(clean)
    assert outputs_of(folder) == outputs_of(clean)


def test_only_a_changed_table_is_checked_again(built_once, tmp_path, monkeypatch):
    """What was worked out of the other tables comes from the store."""
    folder = shutil.copytree(built_once, tmp_path / "甲")
    write_table(folder, 2019, coal=55.0)
    seen = []

    def watch(balance, **_):
        seen.append(balance.years)
        return []

    monkeypatch.setattr("carbonacct.sectors.energy.energy_compiling.check_balance", watch)
    workshop = open_at(folder)
    for group, _ in workshop.runs():
        workshop.cube(group)
    assert seen == [[2019]]


@pytest.mark.parametrize("table", ["chongqing_2007", "beijing_2007"])
def test_pieces_are_read_as_they_were_made(table):
    """To the last bit, also where a number is not there."""
    made = compile_inventory(f"docs/tables/{table}.csv", method="ipcc-2006", gases=["all"])
    fresh = compare_approaches(made)
    shelf = Shelf()
    put_on_shelf(made, shelf)
    kept = shared_approaches(made)
    assert kept.products.equals(fresh.products)
    assert kept.plants.equals(fresh.plants)
    assert kept.reference.table.identical(fresh.reference.table)
    assert kept.findings == fresh.findings
    assert kept.reference.findings == fresh.reference.findings
    assert shared_memo_items(made).equals(find_memo_items(made))
    assert shared_completeness(made).equals(find_completeness(made))
    alone = check_quality(made)
    assert len(shelf) == 4
    again = compile_inventory(f"docs/tables/{table}.csv", method="ipcc-2006", gases=["all"])
    assert check_quality(again) == alone
    for content in shelf.values():
        json.loads(content)


def test_a_piece_comes_from_its_shelf():
    """What lies there is taken, whatever would be made; another record has a shelf of its own."""
    made = compile_inventory("docs/tables/chongqing_2007.csv", method="ipcc-2006")
    name = "carbonacct.sectors.energy.completeness.find_completeness"
    put_on_shelf(made, Shelf({name: b'{"key": ["str", ["IE"]]}'}))
    assert shared_completeness(made)["key"].tolist() == ["IE"]
    other = compile_inventory("docs/tables/chongqing_2007.csv", method="ipcc-2006")
    assert len(shared_completeness(other)) > 1


def test_a_picture_is_drawn_once_for_the_same_shapes(monkeypatch):
    """A chart with another number is another picture; one without a shelf is drawn."""
    drawn = []

    def draw(charts, **_):
        drawn.append(charts[0].label)
        return bytes(range(256))

    monkeypatch.setattr("carbonacct.report.chapter.word_document.draw_png", draw)
    made = compile_inventory("docs/tables/chongqing_2007.csv", method="ipcc-2006")
    put_on_shelf(made, Shelf())
    charts = [draw_bars("a", [Bar("b", value)], "{:.2f}".format) for value in (1.0, 1.0, 2.0)]
    for record in (made, None):
        chapter = Chapter(None, "en", record)
        assert {chapter._draw(chart) for chart in charts} == {bytes(range(256))}
    assert len(drawn) == 2 + 3


def test_what_is_kept_goes_with_its_record():
    """Made once for each record, and forgotten when the record is: no other takes it over."""

    class Record:
        """Of nothing."""

    made = []
    work = keep_per_record(lambda record: made.append(record) or {1})
    one, other = Record(), Record()
    assert work(one) is work(one)
    assert work(other) is not work(one)
    assert made == [one, other]
    made.clear()
    gone = weakref.ref(one)
    del one
    assert gone() is None
