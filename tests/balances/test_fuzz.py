"""Broken tables: an error of one line, or a balance that places or names every number of the file."""

from __future__ import annotations

import copy
import random
import re
import zipfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import carbonacct as ca
from carbonacct.balances.amounts.conversions import printed_scale
from carbonacct.balances.label.headers import year_of
from carbonacct.balances.reading import Reading, read_files
from carbonacct.errors import CarbonacctError
from carbonacct.sheets import values
from carbonacct.sheets.raw_sheets import ErrorCell, Sheet, read_sheets
from carbonacct.units import read_unit
from tests.balances.printing import KINDS, write

if TYPE_CHECKING:
    from carbonacct.balances.join.sheet_tables import Page

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = ("beijing_2007.csv", "chongqing_2007.csv", "qingdao_2019.csv")
REAL = (
    "china_ebt_2007/4-2_China_physical_2007.xls",
    "china_ebt_2007/6-21_Hainan_2007.xls",
    "china_ebt_2007/5-4_energy_by_sector.xls",
    "china_ebt_2019/national_2019_physical_5-1_bilingual_3panels.xlsx",
    "china_ebt_2019/national_2019_physical_5-1_and_4-2_ocr.xlsx",
    "yearbook_pages/shandong_2005_6-9_energy_balance_std_zh.txt",
    "yearbook_pages/jilin_2015_7-13_electricity_balance_zh.txt",
)
seeds = st.integers(0, 2**32).map(random.Random)
MANY = settings(max_examples=100, suppress_health_check=list(HealthCheck))
JUNK = [
    "",
    " ",
    "-",
    "—",
    "NE",
    "1",
    "-12.5",
    "2007",
    "2008",
    "1950",
    "1,234",
    "12a",
    "-5,07",
    "NaN",
    "1e9",
    "(3)",
    "①",
    "#N/A",
    "原煤",
    "焦炭",
    "工业",
    "终端消费量",
    "项目",
    "单位",
    "年份",
    "地区",
    "(万吨)",
    "(亿立方米)",
    "(104 tn)",
    "万吨标准煤",
    "单位:万吨",
    "续表",
    "注:无",
    "合计",
    "胡言乱语",
    "2015年",
    "北京",
    "标准量",
    "实物量",
    "比上年增长(%)",
    "=1+1",
    "a" * 300,
    "原煤(万吨)",
    "电力(万吨)",
    "\x00",
    "\ufeff",
    "𠮷",
    7.0,
    2010.0,
    1e300,
    ErrorCell("#REF!"),
    True,
    None,
]


@cache
def shipped(name: str) -> Sheet:
    """Return a table of the repository."""
    return read_sheets(ROOT / "docs" / "tables" / name)[0]


def _change_cell(rows: list[list[object]], i: int, _: int, randomly: random.Random) -> None:
    if rows[i]:
        rows[i][randomly.randrange(len(rows[i]))] = randomly.choice(JUNK)


def _change_unit(rows: list[list[object]], i: int, _: int, randomly: random.Random) -> None:
    j = randomly.randrange(max(1, len(rows[i])))
    if rows[i] and isinstance(rows[i][j], str):
        rows[i][j] = re.sub(
            "万吨|亿立方米",
            randomly.choice(["吨", "亿千瓦小时", "桶", "ton", "万吨标准煤"]),
            rows[i][j],
        )


def _swap_cells(rows: list[list[object]], i: int, k: int, randomly: random.Random) -> None:
    if rows[i] and rows[k]:
        j, m = randomly.randrange(len(rows[i])), randomly.randrange(len(rows[k]))
        rows[i][j], rows[k][m] = rows[k][m], rows[i][j]


def _drop_row(rows: list[list[object]], i: int, _: int, __: random.Random) -> None:
    if len(rows) > 2:
        del rows[i]


def _double_row(rows: list[list[object]], i: int, k: int, _: random.Random) -> None:
    rows.insert(k, list(rows[i]))


def _exchange_rows(rows: list[list[object]], i: int, k: int, _: random.Random) -> None:
    rows[i], rows[k] = rows[k], rows[i]


def _drop_column(rows: list[list[object]], i: int, _: int, randomly: random.Random) -> None:
    j = randomly.randrange(max(1, len(rows[i])))
    rows[:] = [row[:j] + row[j + 1 :] for row in rows]


def _double_column(rows: list[list[object]], i: int, _: int, randomly: random.Random) -> None:
    j = randomly.randrange(max(1, len(rows[i])))
    rows[:] = [[*row[:j], *row[j : j + 1], *row[j:]] for row in rows]


def _cut_row(rows: list[list[object]], i: int, _: int, randomly: random.Random) -> None:
    rows[i] = rows[i][: randomly.randrange(max(1, len(rows[i])))]


def _blank_row(rows: list[list[object]], i: int, _: int, __: random.Random) -> None:
    rows.insert(i, [])


CHANGES = (
    _change_cell,
    _change_cell,
    _change_cell,
    _change_unit,
    _swap_cells,
    _drop_row,
    _double_row,
    _exchange_rows,
    _drop_column,
    _double_column,
    _cut_row,
    _blank_row,
)


def mutate(sheet: Sheet, randomly: random.Random) -> Sheet:
    """Return a sheet with a few cells, rows, columns or merged ranges changed."""
    rows = copy.deepcopy(sheet.rows)
    merged = list(sheet.merged)
    for _ in range(randomly.randint(1, 6)):
        randomly.choice(CHANGES)(
            rows, randomly.randrange(len(rows)), randomly.randrange(len(rows)), randomly
        )
    if randomly.random() < 0.3:
        top, left = randomly.randrange(len(rows)), randomly.randrange(10)
        merged.append(((top, left), (top + randomly.randint(0, 3), left + randomly.randint(0, 30))))
    return Sheet(sheet.file, sheet.name, rows, tuple(merged))


def assert_one_line(error: CarbonacctError) -> None:
    """Assert that each fault is a line that a person can read."""
    for fault in getattr(error, "faults", (error,)):
        assert "\n" not in str(fault)
        assert 20 < len(str(fault)) < 1500


def unnamed(page: Page) -> list[tuple[int, int]]:
    """Return the numbers of a page that are neither placed nor listed; a year above the data is a heading."""
    if not page.blocks:
        return []  # the sheet is named as one without a table
    known = {
        place
        for block in page.blocks
        for place in ((int(i), int(j)) for i in block.form.rows for j in block.form.columns)
    }
    known |= {*page.left_over.numbers, *page.left_over.left_out}
    first = max(int(block.form.rows[0]) for block in page.blocks)
    data = {int(i) for block in page.blocks for i in block.form.rows}
    labels = [
        (i, j)
        for i, row in enumerate(page.sheet.rows)
        for j, cell in enumerate(row)
        if values.is_number(cell) and (i, j) not in known
    ]
    return [
        (i, j)
        for i, j in labels
        if not (year_of(page.sheet.rows[i][j]) and (i < first or i in data))
    ]


def check(reading: Reading) -> None:
    """Assert that a balance holds what is printed, and that nothing is lost."""
    for page in reading.pages:
        assert unnamed(page) == []
    balance = reading.require()
    pages = reading.pages
    places = balance.places
    numbers = balance.status.values == values.NUMBER
    assert (np.isfinite(balance.amounts.values) == numbers).all()
    by_name = {page.sheet.name: page.sheet for page in pages}
    for n in balance.place.values[numbers].tolist():
        cell = by_name[places.sheets[int(places.sheet[n])][1]].rows[int(places.row[n])][
            int(places.column[n])
        ]
        assert values.read_value(cell) == (float(places.printed[n]), values.NUMBER)
    listed = sum(
        int(f.message.split()[0])
        for f in balance.findings
        if f.rule in {"unused-numbers", "left-out"}
    )
    assert listed == sum(
        len(page.left_over.numbers) + len(page.left_over.left_out) for page in pages
    )


def survive(sheets: list[Sheet]) -> None:
    """Read sheets: an error in one line, or nothing lost."""
    reading = read_files([sheets])
    if reading.balance is not None:
        check(reading)
    for stop in reading.stops:
        assert_one_line(stop.error)


@MANY
@given(st.sampled_from(SHIPPED), seeds)
def test_broken_tables(name, randomly):
    """Cells, rows, columns, headers, units and merged ranges of a table of the repository, broken at random."""
    survive([mutate(shipped(name), randomly)])


@settings(MANY, max_examples=90)
@given(st.sampled_from(REAL), seeds)
def test_broken_real_tables(real_tables, name, randomly):
    """The same with real tables: several panels, pages and languages, and pasted text."""
    sheets = _real(real_tables / name)
    survive([mutate(sheet, randomly) if sheet.rows else sheet for sheet in sheets])


@cache
def _real(path: Path) -> list[Sheet]:
    return read_sheets(path)


@settings(MANY, max_examples=60)
@given(
    st.integers(1, 22),
    st.sampled_from(
        [
            "吨",
            "千吨",
            "亿吨",
            "万立方米",
            "立方米",
            "千瓦时",
            "万千瓦时",
            "TJ",
            "吨标准煤",
            "万吨标准煤",
            "104 tn",
            "桶",
            "ton",
            "",
        ]
    ),
)
def test_a_changed_unit_never_passes_unseen(column, unit):
    """A unit of the Chongqing table, replaced: refused, or the product's numbers change by that ratio.

    A volume of a liquid fuel is turned into tonnes by a published density. One that is not printed
    is refused, or taken from the header to its left with a warning.
    """
    sheet = copy.deepcopy(shipped("chongqing_2007.csv"))
    before = read_files([[copy.deepcopy(sheet)]]).require()
    head = str(sheet.rows[1][column])
    old = head[head.index("(") + 1 : -1]
    sheet.rows[1][column] = head.replace(f"({old})", f"({unit})" if unit else "")
    after = read_files([[sheet]]).balance
    if after is None:
        return
    product = ca.vocabulary.resolve("product", head.partition("(")[0])
    if np.isnan(before.amounts.sel(product=product).values).all():
        return  # a column without numbers has no unit to change
    others = [each for each in before.products if each != product]
    assert after.amounts.sel(product=others).equals(before.amounts.sel(product=others))
    if not unit:
        assert "unit-assumed" in {
            finding.rule for finding in after.findings if finding.severity == "warning"
        }
        return
    ratio = printed_scale(product, read_unit(unit))
    printed = before.amounts.sel(product=product).values / printed_scale(product, read_unit(old))
    is_volume = (
        read_unit(unit).endswith(("m3", "barrel")) and ca.vocabulary.products()[product].unit == "t"
    )
    assert is_volume == any(finding.rule == "volume-to-mass" for finding in after.findings)
    assert np.allclose(
        after.amounts.sel(product=product).values,
        printed * ratio,
        rtol=1e-12,
        atol=0,
        equal_nan=True,
    )


def _broken(content: bytes, randomly: random.Random) -> bytes:
    data = bytearray(content)
    for _ in range(randomly.randint(1, 8)):
        at, length = randomly.randrange(len(data)), randomly.randint(1, 40)
        what = randomly.choice(["flip", "cut", "double", "zero", "end"])
        if what == "flip":
            data[at] = randomly.randrange(256)
        elif what == "cut":
            del data[at : at + length]
        elif what == "double":
            data[at:at] = data[at : at + length]
        elif what == "zero":
            data[at : at + length] = bytes(len(data[at : at + length]))
        elif randomly.random() < 0.3:
            del data[at:]
        if not data:
            return b"x"
    return bytes(data)


@pytest.fixture(scope="module")
def files(tmp_path_factory) -> dict[str, Path]:
    """Return the Chongqing table as a file of each kind."""
    folder = tmp_path_factory.mktemp("files")
    rows = [
        [float(cell) if values.is_number(cell) else cell for cell in row]
        for row in shipped("chongqing_2007.csv").rows
    ]
    return {kind: write(rows, folder / f"t.{kind}") for kind in KINDS}


@settings(MANY, max_examples=150)
@given(st.sampled_from(KINDS), seeds)
def test_broken_bytes(files, tmp_path, kind, randomly):
    """Bytes of files of every kind, broken at random."""
    path = tmp_path / f"t.{kind}"
    path.write_bytes(_broken(files[kind].read_bytes(), randomly))
    _survive_file(path)


@settings(MANY, max_examples=150)
@given(st.sampled_from(["xlsx", "ods"]), seeds)
def test_broken_parts(files, tmp_path, kind, randomly):
    """The XML inside an archive, broken at random, in an archive that is whole."""
    path = tmp_path / f"t.{kind}"
    with zipfile.ZipFile(files[kind]) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = randomly.choice([name for name in parts if name.endswith("xml")])
    parts[name] = _broken(parts[name] or b"<a/>", randomly)
    with zipfile.ZipFile(path, "w") as archive:
        for part, content in parts.items():
            archive.writestr(part, content)
    _survive_file(path)


def _survive_file(path: Path) -> None:
    try:
        balance = ca.read_balance(path, area="重庆", year=2007)
    except CarbonacctError as error:
        assert_one_line(error)
        return
    assert balance.amounts.size


@settings(MANY, max_examples=100)
@given(st.text(max_size=300))
def test_any_text(tmp_path, text):
    """Any text at all."""
    path = tmp_path / "t.txt"
    path.write_text("项目 " + text, encoding="utf-8", newline="")
    _survive_file(path)


@settings(MANY, max_examples=100)
@given(st.lists(st.lists(st.sampled_from(JUNK), max_size=6), max_size=8))
def test_any_cells(rows):
    """Any cells at all, among them headers, units and years."""
    survive([Sheet("t.xlsx", "S", rows)])
