"""Tables as statisticians print them, a small twin of each kind: what is read of it, or what it asks.

Labels are as publishers print them, numbers are invented. The tables and what is right of them are
in ``tests/data/kinds_of_tables``: ``right.csv`` has amounts in the unit in which a product is kept,
worked out by hand from the printed ones.
"""

from __future__ import annotations

import csv
import io
import math
from functools import cache
from itertools import groupby
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.utils.cell import coordinate_to_tuple

import carbonacct as ca
from carbonacct.balances.label.labels import read_label
from carbonacct.balances.words.mapping import Mapping
from carbonacct.data import read_rows
from carbonacct.errors import CarbonacctError

FOLDER = Path(__file__).parents[1] / "data" / "kinds_of_tables"


def rows_of(table):
    """Return the lines of a table of what is right, by file."""
    lines = sorted(read_rows(FOLDER / f"{table}.csv"), key=lambda row: row["file"])
    return [(file, list(group)) for file, group in groupby(lines, key=lambda row: row["file"])]


def options_of(row):
    """Return what is said beside a table: its area and year, where it prints none."""
    return {
        "area": row["area_given"] or None,
        "year": int(row["year_given"]) if row["year_given"] else None,
    }


@pytest.mark.parametrize(
    ("file", "lines"), [pytest.param(*each, id=each[0]) for each in rows_of("right")]
)
def test_a_table_reads(file, lines):
    """Each amount is what the print says, in its own area, year, flow and product."""
    balance = ca.read_balance(FOLDER / file, **options_of(lines[0]))
    for row in lines:
        place = {
            "area": row["area"],
            "year": int(row["year"]),
            "flow": row["flow"],
            "product": row["product"],
        }
        found = float(balance.amounts.sel(place))
        assert math.isclose(found, float(row["amount"]), rel_tol=1e-6), place


@pytest.mark.parametrize(
    ("file", "lines"), [pytest.param(*each, id=each[0]) for each in rows_of("asked")]
)
def test_a_table_asks(file, lines):
    """What cannot be read stops with a sentence that says why, and never reads to something else."""
    with pytest.raises(CarbonacctError) as caught:
        ca.read_balance(FOLDER / file, **options_of(lines[0]))
    assert lines[0]["words"] in str(caught.value)


@pytest.mark.parametrize(
    ("file", "lines"), [pytest.param(*each, id=each[0]) for each in rows_of("transformed")]
)
def test_what_plants_inside_industry_take_in_is_told_apart(file, lines):
    """An error names each with its tonnes in any table of industry; crude oil of refineries does not burn."""
    inventory = ca.compile_inventory(
        FOLDER / file, method="provincial-2011", **options_of(lines[0])
    )
    said = [one.message for one in inventory.findings if one.rule == "transformed-inside"]
    assert len(said) == len(lines)
    for row in lines:
        tonnes = f"{int(row['tonnes']):,} t of {row['product']} of {row['flow']} "
        counts = "counts as burnt all the same" if row["counts"] == "yes" else "is not counted"
        assert any(message.startswith(tonnes + counts) for message in said), said
    assert "crude_oil" in {row["product"] for row in lines if row["counts"] == "no"}


def test_every_table_is_tried():
    """No file of the folder is there for nothing."""
    tried = {file for table in ("right", "asked", "transformed") for file, _ in rows_of(table)}
    assert tried == {path.name for path in FOLDER.iterdir()} - {
        "right.csv",
        "asked.csv",
        "transformed.csv",
    }


@pytest.mark.parametrize(
    "label", ["工业", "Industry", "INDUSTRIAL - TOTAL", "산업", "Промышленность"]
)
def test_a_label_replaced_by_an_unknown_word_is_refused_by_name(tmp_path, label):
    """In every table that has it: nothing else takes the numbers of a row whose label nobody knows."""
    tables = [
        path
        for path in sorted(FOLDER.glob("*.csv"))
        if f"\n{label}," in path.read_text(encoding="utf-8")
    ]
    given = {file: options_of(lines[0]) for file, lines in rows_of("right")}
    assert tables
    for path in tables:
        if path.name in given:
            text = path.read_text(encoding="utf-8").replace(f"\n{label},", "\n甲乙丙丁戊,")
            (tmp_path / path.name).write_text(text, encoding="utf-8")
            with pytest.raises(CarbonacctError, match="甲乙丙丁戊"):
                ca.read_balance(tmp_path / path.name, **given[path.name])


@cache
def labels_that_say_all(file):
    """Return the rows of a table, and the cells of labels of which one alone says what a number is, row or column."""
    text = (FOLDER / file).read_text(encoding="utf-8")
    rows = list(
        csv.reader(io.StringIO(text), delimiter=";" if text.count(";") > text.count(",") else ",")
    )
    cells = ca.read_tables(FOLDER / file, **options_of(dict(rows_of("right"))[file][0])).fates
    used = cells[(cells["fate"] == "used") & (cells["role"] == "number")]
    names = {
        name
        for side in ("row_labels", "column_labels")
        for name in used[side]
        if name.count(" ") == 0
    }
    places = [
        (row - 1, column - 1) for row, column in map(coordinate_to_tuple, sorted(names - {""}))
    ]
    labels = {place: read_label(rows[place[0]][place[1]], Mapping()) for place in places}
    return rows, [
        (place, label)
        for place, label in labels.items()
        if label.flow or label.product or label.joined
    ]


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    file=st.sampled_from(
        [file for file, _ in rows_of("right") if file.endswith(".csv") and "_sdmx" not in file]
    ),
    which=st.integers(0, 10_000),
    odd=st.sampled_from(["甲乙丙丁戊", "Xyzzyq"]),
)
def test_no_label_can_be_missed(tmp_path, file, which, odd):
    """With any one label of a flow or product replaced by an unknown word, reading stops."""
    rows, labels = labels_that_say_all(file)
    if not labels:
        return
    (i, j), label = labels[which % len(labels)]
    broken = [list(row) for row in rows]
    broken[i][j] = rows[i][j].replace(label.text, odd) if label.text in rows[i][j] else odd
    with (tmp_path / file).open("w", newline="", encoding="utf-8") as page:
        csv.writer(page).writerows(broken)
    with pytest.raises(CarbonacctError):
        ca.read_balance(tmp_path / file, **options_of(dict(rows_of("right"))[file][0]))


def test_inputs_that_the_use_for_production_holds_do_not_count_twice():
    """49,000 t of coal, 40,000 of them into power plants of the enterprises: 49,000 t burn, and no crude."""
    lines = dict(rows_of("transformed"))["enterprise_inputs_beside_use.csv"]
    path = FOLDER / lines[0]["file"]
    inventory = ca.compile_inventory(path, method="provincial-2011", **options_of(lines[0]))
    assert math.isclose(inventory.total().item().magnitude, 49_000 * 1.860832908, rel_tol=1e-6)
    assert "inputs-within-use" in {one.rule for one in inventory.findings}
