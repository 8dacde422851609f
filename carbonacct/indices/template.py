"""The spreadsheet that a person fills in for an index: head, units, allowed words, and an explanation of columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from carbonacct.indices.index_panel import DATA_SHEET, EXPLAINED_SHEET

if TYPE_CHECKING:
    from collections.abc import Sequence

    from carbonacct.indices.index_declaration import Index, Input

_ROWS = 2000
_HEAD_ROWS = 3
_EXPLAINED = (
    "column",
    "名称",
    "name",
    "单位 unit",
    "可填 allowed",
    "from an inventory or a balance 可由清单或能源平衡表给出",
    "used for 用于",
    "source 出处",
)


def make_template(index: Index, *, areas: Sequence[str] = (), years: Sequence[int] = ()) -> Any:
    """Return a workbook to fill in: one row per area and year, one column per input.

    Parameters
    ----------
    index
        An index or a form.
    areas, years
        Rows to lay out beforehand.

    Returns
    -------
    openpyxl.Workbook
        Sheet ``data``: ids, names and units above the rows. Sheet ``explanations``: what each
        column is, what may stand in it, and which indicator needs it. What is computed from other
        columns is left out: it may be added as a column of its id.

    Examples
    --------
    >>> from carbonacct.indices.index_declaration import load_index
    >>> book = make_template(load_index("tai-2001"), areas=["Finland"], years=[2001])
    >>> [cell.value for cell in book["data"][1]][:4], [cell.value for cell in book["data"][4]][:2]
    (['area', 'year', 'patents', 'royalties'], ['Finland', 2001])
    """
    from openpyxl import Workbook  # noqa: PLC0415 - only where a workbook is made

    asked = asked_inputs(index)
    book = Workbook()
    sheet = book.active
    assert sheet is not None  # noqa: S101 - a new workbook has one
    sheet.title = DATA_SHEET
    rows: list[Sequence[object]] = [
        ("area", "year", *(about.id for about in asked)),
        ("名称", "年份", *(about.zh for about in asked)),
        ("单位", "", *(about.unit_zh or about.unit for about in asked)),
        *((area, year) for area in areas for year in years),
    ]
    write_cells(sheet, rows)
    sheet.freeze_panes = "C4"
    for column, about in enumerate(asked, start=3):
        _allow(sheet, column, about)
    explained = book.create_sheet(EXPLAINED_SHEET)
    write_cells(explained, [_EXPLAINED, *(_explain(index, about) for about in asked)])
    explained.freeze_panes = "A2"
    for letter, width in zip("ABCDEFGH", (26, 34, 40, 18, 46, 16, 30, 34), strict=True):
        explained.column_dimensions[letter].width = width
    return book


def asked_inputs(index: Index) -> list[Input]:
    """Return the inputs that a person is asked for: all but the leaves that are computed from others."""
    computed = {leaf.id for leaf in index.leaves if leaf.op != "column"}
    return [about for name, about in index.inputs.items() if name not in computed]


def write_cells(sheet: Any, rows: Sequence[Sequence[object]], *, first: int = 1) -> None:
    """Write rows to a sheet of a workbook; a text stays a text, even one that begins with =."""
    for i, row in enumerate(rows, start=first):
        for j, value in enumerate(row, start=1):
            cell = sheet.cell(row=i, column=j, value=value)
            if isinstance(value, str):
                cell.data_type = "s"


def _allow(sheet: Any, column: int, about: Input) -> None:
    """Let a cell take only what the reader will take: words of a list, or numbers between bounds."""
    from openpyxl.utils import get_column_letter  # noqa: PLC0415
    from openpyxl.worksheet.datavalidation import DataValidation  # noqa: PLC0415

    letter = get_column_letter(column)
    sheet.column_dimensions[letter].width = 18
    if about.grades:
        rule = DataValidation(
            type="list",
            formula1=f'"{",".join(grade.zh for grade in about.grades)}"',
            allow_blank=True,
        )
    elif about.minimum == about.minimum and about.maximum == about.maximum:
        rule = DataValidation(
            type="decimal",
            operator="between",
            formula1=f"{about.minimum:g}",
            formula2=f"{about.maximum:g}",
            allow_blank=True,
        )
    else:
        return
    rule.add(f"{letter}{_HEAD_ROWS + 1}:{letter}{_ROWS}")
    sheet.add_data_validation(rule)


def _explain(index: Index, about: Input) -> tuple[str, ...]:
    leaves = [leaf for leaf in index.leaves if about.id in leaf.needs]
    return (
        about.id,
        about.zh,
        about.en,
        about.unit_zh or about.unit,
        describe_allowed(about),
        "yes 是" if about.scopes or about.products else "",
        ", ".join(f"{leaf.zh} ({leaf.id})" for leaf in leaves),
        "; ".join(dict.fromkeys(leaf.place for leaf in leaves)),
    )


def describe_allowed(about: Input) -> str:
    """Return what may stand in the cells of an input, in Chinese and English."""
    if about.grades:
        return "; ".join(f"{grade.zh} / {grade.en}" for grade in about.grades)
    bounds = [
        f"{word} {bound:g}"
        for word, bound in (("≥", about.minimum), ("≤", about.maximum))
        if bound == bound  # noqa: PLR0124 - NaN is not itself
    ]
    return " ".join(("数 number", *bounds)) + (": 15 % is written 15" if about.unit == "%" else "")
