"""The workbook that a compiler fills activity data in: a sheet a sector, a row a number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from carbonacct import vocabulary
from carbonacct.data import data_folder, read_rows
from carbonacct.equations.dimensions import scale_of
from carbonacct.errors import UnitError
from carbonacct.records.rows import column_words
from carbonacct.report.files import check_target, place_file, save_whole
from carbonacct.report.sector_totals import SECTOR_NAMES
from carbonacct.sectors.sources.listing import list_asked, list_open_groups

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from carbonacct.sectors.sources.listing import Asked

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
}
_TO_FILL = ("area", "year", "value", "unit", "source", "note")
_READ_ME = (
    "填写 数值 和 单位 两列; 来源和备注随意。空行不读。",
    "没有发生写 NO, 没有估算写 NE, 在别处计入写 IE, 保密写 C。",
    "单位可以是下拉列表以外的, 例如 t CO2/(t clinker); 百分数的单位写 %。",
    "carbonacct inventory 能源平衡表.xls 本表.xlsx --method {method}",
    "",
    "Fill in value and unit; source and note as you like. Rows without a value are not read.",
    "Write NO for what does not occur, NE not estimated, IE counted elsewhere, C confidential.",
    "A unit need not be of the list: t CO2/(t clinker) is one; a percentage has the unit %.",
    "carbonacct inventory balance.xls this.xlsx --method {method}",
)


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

    def write(path: Path) -> None:
        save_whole(lambda stream: _fill(stream, (asked, groups), method, (area, year)), path)

    place_file(target, write, overwrite=overwrite)


def _fill(
    stream: Any,
    content: tuple[Sequence[Asked], Sequence[tuple[str, str, list[str]]]],
    method: str,
    place: tuple[str, int | None],
) -> None:
    import xlsxwriter  # noqa: PLC0415 - only where a workbook is made

    asked, groups = content

    with xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False}) as book:
        about = book.add_worksheet("说明 read me")
        for row, line in enumerate(_READ_ME):
            about.write_string(row, 0, line.format(method=method))
        about.set_column(0, 0, 110)
        styles = {
            "head": book.add_format({"bold": True, "text_wrap": True, "valign": "top"}),
            "fill": book.add_format(
                {"bg_color": "#FFF9E5", "border": 1, "border_color": "#DDDDDD"}
            ),
            "told": book.add_format({"font_color": "#555555"}),
        }
        for sector in dict.fromkeys(one.sector for one in asked):
            zh, en = SECTOR_NAMES[sector]
            sheet = book.add_worksheet(f"{zh} {en}"[:31])
            row = _fill_sheet(sheet, [one for one in asked if one.sector == sector], place, styles)
            for partition, owner, known in groups:
                if owner == sector:
                    row += 1
                    _write_row(sheet, row, _group_row(partition, known, place), styles)


def _group_row(
    partition: str, known: Sequence[str], place: tuple[str, int | None]
) -> dict[str, object]:
    """Return the row in which a compiler says the group (a climate) that the area is in."""
    return {
        "area": place[0],
        "activity": partition,
        "name_zh": "地区所属的组: 在「品种 item」列填写",
        "name_en": "Group that the area is in: fill in the column item",
        "item_en": " | ".join(known),
    }


def _fill_sheet(
    sheet: Any, asked: Sequence[Asked], place: tuple[str, int | None], styles: dict[str, Any]
) -> int:
    """Write the head and a row for each number; return the last row."""
    words = column_words("activity")
    for number, (column, wide) in enumerate(_COLUMNS.items()):
        sheet.write_string(0, number, " ".join(words[column]), styles["head"])
        sheet.set_column(number, number, wide)
    sheet.freeze_panes(1, list(_COLUMNS).index("value"))
    row = 0
    for one in asked:
        choices = list_units(one)
        for cells in list_rows(one, place):
            row += 1
            _write_row(sheet, row, cells, styles)
            unit = list(_COLUMNS).index("unit")
            rule = {"validate": "list", "source": choices, "error_type": "information"}
            sheet.data_validation(row, unit, row, unit, rule)
    return row


def _write_row(sheet: Any, row: int, cells: Mapping[str, object], styles: dict[str, Any]) -> None:
    for number, column in enumerate(_COLUMNS):
        style = styles["fill" if column in _TO_FILL else "told"]
        _write_cell(sheet, (row, number), cells.get(column), style)


def _write_cell(sheet: Any, at: tuple[int, int], value: object, style: Any) -> None:
    if isinstance(value, int):
        sheet.write_number(*at, value, style)
    elif value:
        sheet.write_string(*at, str(value), style)
    else:
        sheet.write_blank(*at, None, style)


def list_rows(one: Asked, place: tuple[str, int | None]) -> Iterator[dict[str, object]]:
    """Yield the rows in which the numbers of an activity are asked for, of an area and year."""
    about = one.about
    for labels in one.items():
        names = [vocabulary.dim_labels(dim).get(label, ("", "")) for dim, label in labels.items()]
        yield {
            "area": place[0],
            "year": place[1],
            "activity": about.id,
            "item": ",".join(filter(None, labels.values())),
            "name_zh": about.zh,
            "name_en": about.en,
            "item_zh": ", ".join(filter(None, (zh for zh, _ in names))),
            "item_en": ", ".join(filter(None, (en for _, en in names))),
            "printed": (
                getattr(about, "printed", "") or "文献或企业实测 (method's factor tables lack it)"
            ),
            "used_for": ", ".join(one.used_for),
        }


def list_units(one: Asked) -> list[str]:
    """Return the units that the choice list of an activity offers: its own first, then usual ones.

    Examples
    --------
    >>> from carbonacct.sectors.sources.listing import list_asked, list_open_groups
    >>> asked = {one.about.id: one for one in list_asked("provincial-2011", ["agriculture"])}
    >>> list_units(asked["rice_area"])
    ['ha', '公顷', '千公顷', '亩', '万亩']
    """
    unit = one.about.unit
    if "{gas}" in unit:
        unit = unit.replace(" {gas}", "")
    usual = [row["unit"] for row in read_rows(data_folder() / "vocabulary" / "unit_choices.csv")]
    return list(dict.fromkeys([unit, *(word for word in usual if _measures(word, one.about.unit))]))


def _measures(word: str, unit: str) -> bool:
    try:
        scale_of(word, unit)
    except UnitError:
        return False
    return True
