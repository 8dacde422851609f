"""All that reading says of every kind of table, word for word: amounts, findings, questions, what became of each cell.

What is right of a table stands in ``right.csv``, worked out by hand. Here stands what is read and said today, so that
a change of any word, cell or number shows. ``python -m tests.balances.test_whole_readings`` writes the file anew: read
the difference before you keep it.
"""

from __future__ import annotations

import csv
import hashlib
import re
from functools import cache
from pathlib import Path

import numpy as np
import pytest

import carbonacct as ca
from carbonacct.balances.account.cell_report import make_accounts
from carbonacct.balances.proposals.proposal import propose_mapping
from carbonacct.catalogue import in_language
from carbonacct.data import read_rows
from carbonacct.errors import CarbonacctError

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "tests" / "data" / "kinds_of_tables"
KEPT = ROOT / "tests" / "data" / "whole_readings.txt"
SHIPPED = ["beijing_2007.csv", "chongqing_2007.csv", "qingdao_2019.csv"]
UNKNOWN = "甲乙丙丁戊"
WORD = re.compile(r"[a-z]{3,}")
# Near names in any language, documents as they are titled, ids and words that a person writes into a mapping file.
PRINTED = re.compile(
    r"是否指[^？]*？|\((?:UN|IPCC)[^()]*\)|\w+_\w+|--[a-z]+|-> [a-z_.]+|"
    r"(?:basis|decimal|column|unit|product|flow),\S+|\b(?:tce|kWh|Mtce)\b"
)
# For these the mapping is proposed as well, with one label hidden: labels, headers, long tables, many years.
PROPOSED = [
    "balance_en_1990s.csv",
    "branch_long.csv",
    "ceic.csv",
    "eps_cross.csv",
    "iea_csv_wide.csv",
    "industry_by_branch_transform_cols.csv",
    "province_panel_cols.csv",
    "seai_short.csv",
]


def list_tables():
    """Return each table with what is said beside it: its area and year."""
    rows = {
        row["file"]: row
        for table in ("right", "asked", "transformed")
        for row in read_rows(FOLDER / f"{table}.csv")
    }
    given = {
        name: {"area": row["area_given"] or None, "year": row["year_given"]}
        for name, row in sorted(rows.items())
    }
    shipped = {f"docs/tables/{name}": {"area": None, "year": ""} for name in SHIPPED}
    tables = {f"tests/data/kinds_of_tables/{name}": options for name, options in given.items()}
    return {
        name: options | {"year": int(options["year"]) if options["year"] else None}
        for name, options in (tables | shipped).items()
    }


def read(path, options):
    """Return the reading of a table, or why it does not read, and what is found in it."""
    try:
        reading = ca.read_tables(path, **options)
    except CarbonacctError as error:
        return error, ()
    return reading, () if reading.balance is None else ca.check_balance(reading.balance)


def describe(reading, checked):
    """Yield the lines of a table: what it holds and what is said, or why it does not read."""
    if isinstance(reading, CarbonacctError):
        yield f"refused: {reading}"
        return
    for stop in reading.stops:
        yield f"stop: {stop.error}"
    for finding in reading.findings:
        yield f"{finding.severity} {finding.rule}: {finding}"
    fates = reading.fates
    digest = hashlib.sha256(fates.to_csv(index=False).encode()).hexdigest()[:8]
    yield f"cells: {len(fates)}, {digest}"
    for (role, fate, reason), cells in fates.groupby(["role", "fate", "reason"], sort=True):
        places = [f"{cell.column}{cell.row}" for cell in (cells.iloc[0], cells.iloc[-1])]
        yield f"  {role} {fate} {reason}: {len(cells)}, {places[0]} to {places[1]}"
    if reading.balance is not None:
        yield from describe_balance(reading.balance)
        for finding in checked:
            yield f"check {finding.severity} {finding.rule}: {finding}"


def describe_balance(balance):
    """Yield the amounts of a balance, by product and flow; of many areas and years their sum."""
    yield f"{', '.join(balance.areas)}; {', '.join(map(str, balance.years))}"
    amounts = balance.amounts.values
    for p, product in enumerate(balance.products):
        cells = [
            f"{flow} {np.nansum(amounts[:, :, f, p]):.10g}"
            for f, flow in enumerate(balance.flows)
            if not np.isnan(amounts[:, :, f, p]).all()
        ]
        yield f"  {product} ({balance.units[p]}): {', '.join(cells)}"


def describe_proposal(path, options, folder):
    """Yield the lines that are proposed for a table of which the label in the middle of its first column is hidden."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    label = rows[2 * len(rows) // 3][0]
    hidden = folder / path.name
    with hidden.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(
            [[UNKNOWN if cell == label else cell for cell in row] for row in rows]
        )
    for line in propose_mapping(hidden, **options).itertuples(index=False):
        yield f"proposed for {label}: {' | '.join(str(value) for value in line)}"


def list_english(path, options, reading, checked):
    """Return what is said in Chinese with English words that stand neither in the table nor beside it."""
    if isinstance(reading, CarbonacctError):
        said, areas = [reading.args[0]], ()
    else:
        said = [stop.error.args[0] for stop in reading.stops]
        said += [
            text for each in (*reading.findings, *checked) for text in (each.message, each.action)
        ]
        accounts = make_accounts(reading.pages, reading.stops, reading.passed)
        said += [reason for one in accounts for reason in one.reasons]
        areas = reading.balance.areas if reading.balance else ()
    printed = path.read_bytes().decode("utf-8", "ignore")
    known = set(WORD.findall(f"{path.name} {options} {areas} {printed}".lower()))
    told = {PRINTED.sub(" ", in_language(text, "zh")) for text in said}
    # A long label is cut, and a folded one has lost its spaces: their words begin, or are made of, those of the table.
    return {
        (text, word)
        for text in told
        for word in WORD.findall(text.lower())
        if not any(word in one or one in word for one in known)
    }


def make_text(name, folder, reading, checked):
    """Return all lines of a table."""
    options = list_tables()[name]
    lines = list(describe(reading, checked))
    if Path(name).name in PROPOSED:
        lines += describe_proposal(ROOT / name, options, folder)
    return "".join(f"{line}\n" for line in lines).replace(f"{ROOT}/", "").replace(f"{folder}/", "")


@cache
def read_kept():
    """Return the lines that are kept, by table."""
    parts = KEPT.read_text(encoding="utf-8").split("== ")[1:]
    return dict(part.split("\n", 1) for part in parts)


@pytest.mark.parametrize("name", list_tables())
def test_a_table_reads_as_it_did(name, tmp_path):
    """Not a word, cell or number is another; in Chinese no English word is left but those of the table."""
    options = list_tables()[name]
    reading, checked = read(ROOT / name, options)
    assert make_text(name, tmp_path, reading, checked) == read_kept()[name]
    assert list_english(ROOT / name, options, reading, checked) == set()


def test_nothing_is_kept_of_a_table_that_is_gone():
    """Each part of the file is of a table that is there."""
    assert set(read_kept()) == set(list_tables())


if __name__ == "__main__":
    import tempfile

    with tempfile.TemporaryDirectory() as scratch:
        KEPT.write_text(
            "".join(
                f"== {name}\n{make_text(name, Path(scratch), *read(ROOT / name, options))}"
                for name, options in list_tables().items()
            ),
            encoding="utf-8",
        )
