"""Workbooks that a spreadsheet opens, as programs write them: parts, relations, extents, encodings."""

from __future__ import annotations

import re
import zipfile

import pytest
import xlsxwriter

import carbonacct as ca
from carbonacct.sheets.raw_sheets import read_sheets

SHEET, BOOK = "xl/worksheets/sheet1.xml", "xl/workbook.xml"
ROWS = [
    ["Energy balance 2015"],
    ["TJ", "Natural gas", "Gasoline"],
    ["Industry", 10.5, 2],
    ["Households", 30, 4],
]


@pytest.fixture(scope="module")
def usual(tmp_path_factory):
    """Return the parts of a workbook as most programs write it."""
    path = tmp_path_factory.mktemp("odd") / "usual.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("S")
        for number, row in enumerate(ROWS):
            sheet.write_row(number, 0, row)
        sheet.merge_range(0, 0, 0, 2, ROWS[0][0])
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def put(part, old, new):
    """Return a change of one part."""

    def change(parts):
        assert re.search(old, parts[part]), part
        return parts | {part: re.sub(old, new, parts[part])}

    return change


def rename(change):
    """Return a change of the names of all parts."""
    return lambda parts: {change(name): data for name, data in parts.items()}


def move(old, new):
    """Return a change of a name in all parts and in their names."""
    return lambda parts: {
        name.replace(old, new): data.replace(old.encode(), new.encode())
        for name, data in parts.items()
    }


ODD = {
    "extent over whole rows": put(SHEET, rb'dimension ref="A1:C4"', rb'dimension ref="1:4"'),
    "extent over whole columns": put(SHEET, rb'dimension ref="A1:C4"', rb"dimension ref='A:C'"),
    "extent with dollars": put(SHEET, rb'dimension ref="A1:C4"', rb'dimension ref="$A$1:$C$4"'),
    "extent with its sheet": put(SHEET, rb'dimension ref="A1:C4"', rb'dimension ref="S!A1:C4"'),
    "no extent": put(SHEET, rb'dimension ref="A1:C4"', rb'dimension ref=""'),
    "merged row": put(SHEET, rb'mergeCell ref="A1:C1"', rb'mergeCell ref="1:1"'),
    "merged column": put(SHEET, rb'mergeCell ref="A1:C1"', rb'mergeCell ref="D:D"'),
    "cells without places": put(SHEET, rb'<(c|row) r="\w+"', rb"<\1"),
    "relations from here": put("xl/_rels/workbook.xml.rels", rb'Target="', rb'Target="./'),
    "relations from above": put("xl/_rels/workbook.xml.rels", rb'Target="', rb'Target="../xl/'),
    "relations from the root": put("xl/_rels/workbook.xml.rels", rb'Target="', rb'Target="/xl/'),
    "strokes of the other kind": rename(lambda name: name.replace("/", "\\")),
    "names from the root": rename(lambda name: f"/{name}"),
    "capital names": rename(str.upper),
    "another name of the book": move("workbook.xml", "workbook22.xml"),
    "another folder": move("xl/", "book/"),
    "no folder": move("xl/", ""),
    "another name of the texts": move("sharedStrings.xml", "texts.xml"),
    "sheet in UTF-16": lambda parts: (
        parts | {SHEET: parts[SHEET].decode().replace("UTF-8", "UTF-16").encode("utf-16")}
    ),
}


@pytest.mark.parametrize("change", [pytest.param(change, id=name) for name, change in ODD.items()])
def test_an_odd_workbook_reads_as_the_usual_one(tmp_path, usual, change):
    """What a spreadsheet opens is read, with the same numbers."""
    path = tmp_path / "odd.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in change(usual).items():
            archive.writestr(name, data)
    balance = ca.read_balance(path, area="Fiji")
    amounts = balance.amounts.sel(area="Fiji", year=2015)
    assert float(amounts.sel(flow="industry", product="natural_gas")) == 10_500
    assert float(amounts.sel(flow="households", product="gasoline")) == 4_000


RANGE = rb'<mergeCell ref="A1:C1"/>'
MERGED = {
    "as it is": lambda parts: parts,
    "with an end": put(SHEET, RANGE, rb'<mergeCell ref="A1:C1"></mergeCell>'),
    "on a line of its own": put(SHEET, RANGE, b"\n " + RANGE + b"\n"),
    "with its name space": put(
        SHEET,
        rb"<mergeCells.*?</mergeCells>",
        b'<x:mergeCells><x:mergeCell ref="A1:C1"/></x:mergeCells>',
    ),
    "behind a comment": put(
        SHEET,
        rb"<mergeCells",
        b'<!-- <mergeCells><mergeCell ref="A2:C2"/></mergeCells> --><mergeCells',
    ),
    "before the cells": lambda parts: put(
        SHEET, rb"<sheetData>", rb'<mergeCells count="1">' + RANGE + b"</mergeCells><sheetData>"
    )(put(SHEET, rb"<mergeCells.*?</mergeCells>", b"")(parts)),
    "none": put(SHEET, rb"<mergeCells.*?</mergeCells>", b""),
}


@pytest.mark.parametrize(("spelling", "change"), MERGED.items())
def test_merged_ranges_are_found_however_they_are_spelt(tmp_path, usual, spelling, change):
    """The reader of the format finds them before the cells and behind them: none is lost on the way to it."""
    path = tmp_path / "merged.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in change(usual).items():
            archive.writestr(name, data)
    (sheet,) = read_sheets(path)
    assert sheet.merged == (() if spelling == "none" else (((0, 0), (0, 2)),))
    assert [row[1:] for row in sheet.rows[2:]] == [row[1:] for row in ROWS[2:]]
