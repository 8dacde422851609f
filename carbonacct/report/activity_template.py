"""The workbook that a compiler fills activity data in: a sheet a sector, a row a number."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from carbonacct import dim_names
from carbonacct.data import data_folder, read_rows
from carbonacct.equations.dimensions import scale_of
from carbonacct.errors import MethodError, OutputError, UnitError
from carbonacct.records.labelled_rows import column_words
from carbonacct.report.files import check_target, place_file, save_whole
from carbonacct.report.sector_totals import SECTOR_NAMES
from carbonacct.sectors.sources.activity_list import list_asked, list_open_groups
from carbonacct.sectors.sources.departments import departments, find_department
from carbonacct.texts import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from carbonacct.sectors.sources.activity_list import AskedInput
    from carbonacct.sectors.sources.departments import Department

_COLUMNS = {
    "area": 10,
    "year": 8,
    "name_zh": 30,
    "item_zh": 22,
    "value": 14,
    "unit": 14,
    "source": 24,
    "note": 20,
    "printed": 44,
    "activity": 26,
    "item": 24,
    "name_en": 36,
    "item_en": 26,
    "used_for": 26,
    "department": 26,
}
_TO_FILL = ("area", "year", "value", "unit", "source", "note")
_READ_ME = (
    "填写 数值 和 单位 两列；来源和备注随意。空行不读。",
    "没有发生写 NO，没有估算写 NE，在别处计入写 IE，保密写 C。",
    "单位可以是下拉列表以外的，例如 t CO2/(t clinker)；百分数的单位写 %。",
    "carbonacct inventory 能源平衡表.xls 本表.xlsx --method {method}",
    "",
    "Fill in value and unit; source and note as you like. Rows without a value are not read.",
    "Write NO for what does not occur, NE not estimated, IE counted elsewhere, C confidential.",
    "A unit need not be of the list: t CO2/(t clinker) is one; a percentage has the unit %.",
    "carbonacct inventory balance.xls this.xlsx --method {method}",
)


@dataclass(frozen=True)
class _Form:
    """What a workbook asks for: numbers, groups of areas, area and year of its rows.

    Attributes
    ----------
    department
        Whose form it is; None of one for everybody.
    by_department
        Whether rows say who holds their number.
    """

    method: str
    asked: Sequence[AskedInput]
    groups: Sequence[tuple[str, str, list[str]]]
    place: tuple[str, int | None]
    department: Department | None = None
    by_department: bool = False

    @property
    def columns(self) -> list[str]:
        """The columns of its sheets."""
        return [column for column in _COLUMNS if column != "department" or self.by_department]

    @property
    def instructions(self) -> list[str]:
        """The lines of its first sheet."""
        lines = [line.format(method=self.method) for line in _READ_ME]
        if self.department is None:
            return lines
        about = self.department
        return [
            f"填报部门：{about.zh}",
            about.note_zh,
            *lines,
            f"Department: {about.en}",
            about.note_en,
        ]


def write_template(
    target: str,
    method: str,
    *,
    sectors: Sequence[str] | None = None,
    area: str = "",
    year: int | None = None,
    overwrite: bool = False,
) -> None:
    """Write the workbook in which a compiler fills the activity data of a method in.

    Parameters
    ----------
    target
        A path that ends in .xlsx.
    sectors
        Only these.
    area, year
        Written into every row.

    Raises
    ------
    MethodError
        If the method has no equations of the sectors.
    OutputError
        If it cannot be written; what was there stays.
    """
    check_target(target, [".xlsx"], overwrite=overwrite)
    asked = list_asked(method, sectors)
    groups = list_open_groups(method, sectors)

    _place(target, _Form(method, asked, groups, (area, year)), overwrite=overwrite)


def make_template(method: str, *, area: str = "", years: Sequence[int] = ()) -> bytes | None:
    """Return the bytes of that workbook for a project; None where the method is of energy alone.

    Parameters
    ----------
    area, years
        Of the project: the area, and the year where there is one alone, stand in every row.
    """
    try:
        asked, groups = list_asked(method), list_open_groups(method)
    except MethodError:
        return None
    year = years[0] if len(years) == 1 else None
    held = io.BytesIO()
    _fill(held, _Form(method, asked, groups, (area, year)))
    return held.getvalue()


def write_forms(
    folder: str,
    method: str,
    *,
    sectors: Sequence[str] | None = None,
    area: str = "",
    year: int | None = None,
    overwrite: bool = False,
) -> list[str]:
    """Write a form for each department that holds numbers of a method, and one of all of them.

    Parameters
    ----------
    folder
        Made where it is not there.
    sectors, area, year
        As for :func:`write_template`.

    Returns
    -------
    list of str
        The files, the one of all numbers first.

    Raises
    ------
    MethodError
        If the method has no equations of the sectors.
    OutputError
        If a form cannot be written.
    """
    asked = list_asked(method, sectors)
    groups = list_open_groups(method, sectors)
    whole = _Form(method, asked, groups, (area, year), by_department=True)
    forms = {"综合 summary": whole}
    for department in departments():
        own = [one for one in asked if department in _owners(one)]
        if own:
            forms[department.name] = replace(whole, asked=own, groups=(), department=department)
    try:
        Path(folder).mkdir(exist_ok=True)
    except OSError as error:
        text = say(
            "{folder}: cannot be made ({why}); name a folder", folder=folder, why=error.strerror
        )
        raise OutputError(text) from None
    targets = {str(Path(folder) / f"{name}.xlsx"): form for name, form in forms.items()}
    for target in targets:
        check_target(target, [".xlsx"], overwrite=overwrite)
    for target, form in targets.items():
        _place(target, form, overwrite=overwrite)
    return list(targets)


def _owners(one: AskedInput) -> list[Department]:
    return [find_department(one, labels) for labels in one.items()]


def _place(target: str, form: _Form, *, overwrite: bool) -> None:
    place_file(
        target,
        lambda path: save_whole(lambda stream: _fill(stream, form), path),
        overwrite=overwrite,
    )


def _fill(stream: Any, form: _Form) -> None:
    import xlsxwriter  # noqa: PLC0415 - only where a workbook is made

    with xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False}) as book:
        about = book.add_worksheet("说明 read me")
        for row, line in enumerate(form.instructions):
            about.write_string(row, 0, line)
        about.set_column(0, 0, 110)
        styles = {
            "head": book.add_format({"bold": True, "text_wrap": True, "valign": "top"}),
            "fill": book.add_format(
                {"bg_color": "#FFF9E5", "border": 1, "border_color": "#DDDDDD"}
            ),
            "told": book.add_format({"font_color": "#555555"}),
        }
        for sector in dict.fromkeys(one.sector for one in form.asked):
            zh, en = SECTOR_NAMES[sector]
            sheet = book.add_worksheet(f"{zh} {en}"[:31])
            row = _fill_sheet(sheet, form, sector, styles)
            for partition, owner, known in form.groups:
                if owner == sector:
                    row += 1
                    _write_row(sheet, row, _group_row(partition, known, form.place), styles)


def _group_row(
    partition: str, known: Sequence[str], place: tuple[str, int | None]
) -> dict[str, object]:
    """Return the row in which a compiler says the group (a climate) that the area is in."""
    zh, en = dim_names.name_label("partition", partition)
    names = [dim_names.name_label(partition, group) for group in known]
    return {
        "area": place[0],
        "activity": partition,
        "name_zh": f"{zh}：在「品种 item」列填写一种",
        "name_en": f"{en}: write one in the column item",
        "item_zh": " | ".join(name for name, _ in names),
        "item_en": " | ".join(name for _, name in names),
    }


def _fill_sheet(sheet: Any, form: _Form, sector: str, styles: dict[str, Any]) -> int:
    """Write the head and a row for each number; return the last row."""
    words = column_words("activity")
    for number, column in enumerate(form.columns):
        sheet.write_string(0, number, " ".join(words[column]), styles["head"])
        sheet.set_column(number, number, _COLUMNS[column])
    sheet.freeze_panes(1, form.columns.index("value"))
    row = 0
    for one in (one for one in form.asked if one.sector == sector):
        choices = list_units(one)
        # Where the choices are words for one size, the compiler has nothing to choose.
        only = choices[0] if len(set(_unit_sizes(one).values())) == 1 else ""
        for cells in _rows_of(one, form):
            row += 1
            _write_row(sheet, row, {**cells, "unit": only}, styles)
            unit = form.columns.index("unit")
            rule = {"validate": "list", "source": choices, "error_type": "information"}
            sheet.data_validation(row, unit, row, unit, rule)
    return row


def _write_row(sheet: Any, row: int, cells: Mapping[str, object], styles: dict[str, Any]) -> None:
    for number, column in enumerate(_COLUMNS):
        if column == "department" and column not in cells:
            continue
        style = styles["fill" if column in _TO_FILL else "told"]
        _write_cell(sheet, (row, number), cells.get(column), style)


def _write_cell(sheet: Any, at: tuple[int, int], value: object, style: Any) -> None:
    if isinstance(value, int):
        sheet.write_number(*at, value, style)
    elif value:
        sheet.write_string(*at, str(value), style)
    else:
        sheet.write_blank(*at, None, style)


def list_rows(one: AskedInput, place: tuple[str, int | None]) -> Iterator[dict[str, object]]:
    """Yield the rows in which the numbers of an activity are asked for, of an area and year."""
    yield from _rows_of(one, _Form(method="", asked=[one], groups=[], place=place))


def _rows_of(one: AskedInput, form: _Form) -> Iterator[dict[str, object]]:
    about = one.about
    for labels in one.items():
        owner = find_department(one, labels) if form.by_department else None
        if form.department not in {None, owner}:
            continue
        names = [dim_names.name_label(dim, label) for dim, label in labels.items()]
        yield {
            "area": form.place[0],
            "year": form.place[1],
            "activity": about.id,
            "item": ",".join(filter(None, labels.values())),
            "name_zh": about.zh,
            "name_en": about.en,
            "item_zh": "、".join(filter(None, (zh for zh, _ in names))),
            "item_en": ", ".join(filter(None, (en for _, en in names))),
            "printed": (
                getattr(about, "printed", "") or "文献或企业实测（method's factor tables lack it）"
            ),
            "used_for": ", ".join(one.used_for),
            **({"department": owner.name} if owner else {}),
        }


def list_units(one: AskedInput, lang: str = "zh") -> list[str]:
    """Return the units that the choice list of an activity offers, in the reader's letters first.

    The first is as large as the activity's own unit, so that a number entered without a choice
    is not scaled. A share is asked for in percent, as people write it.

    Examples
    --------
    >>> from carbonacct.sectors.sources.activity_list import list_asked, list_open_groups
    >>> asked = {one.about.id: one for one in list_asked("provincial-2011", ["agriculture"])}
    >>> list_units(asked["rice_area"])
    ['公顷', '千公顷', '亩', '万亩', 'ha']
    >>> list_units(asked["rice_area"], "en")
    ['ha', '公顷', '千公顷', '亩', '万亩']
    """
    sizes = _unit_sizes(one)
    chinese = lang == "zh"
    foreign = re.compile("[A-Za-z]" if chinese else "[^\x00-\x7f]")
    return sorted(
        sizes, key=lambda word: (bool(foreign.search(word)), chinese and sizes[word] != 1)
    )


def _unit_sizes(one: AskedInput) -> dict[str, float]:
    """Return how many of the activity's own unit each choice is."""
    unit = one.about.unit.replace(" {gas}", "")
    sizes = {} if unit == "1" else {unit: 1.0}
    for row in read_rows(data_folder() / "vocabulary" / "unit_choices.csv"):
        size = _find_size(row["unit"], one.about.unit)
        if size and (not row["counts"] or unit in row["counts"].split()):
            sizes[row["unit"]] = size
    return sizes


def _find_size(word: str, unit: str) -> float:
    """Return how many of a unit another is; 0 where it measures another thing."""
    try:
        return scale_of(word, unit)
    except UnitError:
        return 0.0
