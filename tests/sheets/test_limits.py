"""The limits of one file are those that docs/tables.md says: who is refused looks there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from carbonacct import data
from carbonacct.sheets import (
    archive,
    jsonstat,
    packed,
    portable,
    raw_sheets,
    text_document,
    webpage,
    workbook_files,
)

PAGE = (Path(__file__).parents[2] / "docs" / "tables.md").read_text(encoding="utf-8")
TABLE = PAGE.partition("| limit, for one file | |\n")[2].partition("\n\n")[0]
ROWS = dict(re.findall(r"^\| (.+?) \| (.+) \|$", TABLE, re.MULTILINE))
MB, MILLION = 2**20, 10**6


@pytest.mark.parametrize(
    ("row", "words", "times", "limits"),
    [
        ("size", r"^(\d+) MB", MB, [data.MAX_FILE]),
        (
            "size",
            r"JSON, PDF and web pages (\d+) MB",
            MB,
            [jsonstat._MAX_JSON, portable._MAX_PDF, webpage._MAX_PAGE],
        ),
        ("an archive", r"^(\d+) MB unpacked", MB, [archive._MAX_UNPACKED]),
        ("an archive", r"`\.gz`: (\d+) MB", MB, [data.MAX_FILE]),
        ("an archive", r"(\d+) tables", 1, [packed._MAX_TABLES]),
        ("a PDF", r"^(\d+) pages", 1, [portable._MAX_PAGES]),
        ("a PDF", r"(a) million characters", MILLION, [portable._MAX_CHARACTERS]),
        ("a PDF", r"unpack to (\d+) MB", MB, [portable._MAX_UNPACKED]),
        ("cells, over all sheets", r"^(two) million", MILLION, [data.MAX_CELLS]),
        (
            "cells, over all sheets",
            r"(\d+) sheets or tables of a page",
            1,
            [
                archive._MAX_SHEETS,
                workbook_files._MAX_SHEETS,
                text_document._MAX_TABLES,
                webpage._MAX_TABLES,
            ],
        ),
        ("cells, over all sheets", r"([\d,]+) cells that are errors", 1, [raw_sheets._MAX_ERRORS]),
        ("columns of delimited text", r"^(\d+)$", 1, [data.MAX_COLUMNS]),
        ("text that cells repeat", r"^(\d+) million characters", MILLION, [raw_sheets._MAX_COPIED]),
        ("time to look through a workbook", r"^(\d+) seconds", 1, [raw_sheets._MAX_SECONDS]),
    ],
)
def test_a_limit_is_the_one_that_is_documented(row, words, times, limits):
    """Which is the same for all doors that share it."""
    found = re.search(words, ROWS[row])
    said = {"a": "1", "two": "2"}.get(found[1], found[1].replace(",", ""))
    assert [int(said) * times] * len(limits) == limits
