"""The sheets that people read first: summary, flow by product, IPCC categories, scope 2.

And the flat table and the findings.
"""

from __future__ import annotations

import itertools
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from xlsxwriter.utility import xl_col_to_name

from carbonacct import vocabulary
from carbonacct.catalogue import in_language
from carbonacct.product_groups import fuel_sums, group_of
from carbonacct.report.joined_inventories import list_lacking
from carbonacct.report.standalone_names import name_flow
from carbonacct.report.workbook.input_sheets import EMISSIONS, columns, multiply_steps
from carbonacct.report.workbook.links import list_cells
from carbonacct.report.workbook.table import FIRST_ROW, Formula, SheetColumn, add_table, quote
from carbonacct.report.workbook.workbook_checks import mark_verdicts, write_verdict
from carbonacct.report.workbook.workbook_words import LARGE_UNITS, word
from carbonacct.sectors.energy.scope2 import BOUGHT, bought_as
from carbonacct.texts import add_unit_below

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pandas as pd

    from carbonacct.errors import Finding
    from carbonacct.report.workbook.plan import Plan, PlanLine
    from carbonacct.report.workbook.table import Book

Period = tuple[str, int, str]
_BLUE = "#2F5D8A"
_FUEL_COLORS = ("#3B3B3B", "#B5651D", "#2F7FB8", "#9AA5B1")
_MOST_COLUMNS = 40


def add_flat(book: Book, plan: Plan) -> None:
    """Add the flat table of the contract; its values refer to the traces."""
    frame = plan.frame
    at = {
        flat: f"={quote(word('trace', book.lang))}!{EMISSIONS}{row}"
        for flat, row in plan.line_rows.items()
    }
    heads = [
        SheetColumn(
            str(name), {"year": "year", "scope": "year", "value": "amount"}.get(str(name), "text")
        )
        for name in frame.columns
    ]
    position = list(frame.columns).index("value")
    rows = (
        [*row[:position], Formula(at[flat], float(row[position])), *row[position + 1 :]]
        for flat, row in enumerate(
            zip(*(frame[name].tolist() for name in frame.columns), strict=True)
        )
    )
    add_table(book, "inventory", heads, rows)


def add_findings(book: Book, findings: Sequence[Finding], lang: str = "en") -> None:
    """Add the findings."""
    heads = [
        SheetColumn(word(name, lang), "wrapped" if name in {"message", "action"} else "text")
        for name in ("severity", "rule", "finding where", "message", "action")
    ]
    rows = (
        [
            in_language(finding.severity, lang),
            finding.rule,
            in_language(finding.where, lang),
            in_language(finding.message, lang),
            in_language(finding.action, lang),
        ]
        for finding in findings
    )
    sheet = add_table(book, word("findings", lang), heads, rows, color="#B45309")
    for severity, tint in (("error", "#FBD5D5"), ("warning", "#FDECC8")):
        look = book.file.add_format({"bg_color": tint})
        sheet.conditional_format(
            1,
            0,
            max(1, len(findings)),
            0,
            {
                "type": "cell",
                "criteria": "==",
                "value": f'"{in_language(severity, lang)}"',
                "format": look,
            },
        )


def add_flows(book: Book, plan: Plan) -> None:
    """Add flow by product: a block for each area, year and gas, with totals of rows and columns."""
    lang = book.lang
    unit, scale = LARGE_UNITS[lang]
    products = matrix_products(plan)
    heads = [
        SheetColumn(word(name, lang), "year" if name == "year" else "text")
        for name in ("area", "year", "gas", "flow")
    ]
    heads += [
        SheetColumn(add_unit_below(vocabulary.name("product", product, lang), unit, lang), "large")
        for product in [*products, "total"]
    ]
    heads[-1] = SheetColumn(add_unit_below(word("total", lang), unit, lang), "large")
    rows: list[list[Any]] = []
    totals = set()
    last = xl_col_to_name(3 + len(products))
    for period, lines in _by_period(plan, 1):
        top = FIRST_ROW + len(rows)
        for flow, cells in itertools.groupby(
            sorted(lines, key=lambda line: _order("flow", line.found.flow)),
            key=lambda line: line.found.flow,
        ):
            held = {line.found.product: line for line in cells}
            row = FIRST_ROW + len(rows)
            numbers = [
                (
                    Formula(
                        f"={list_cells(plan, [held[product]], lang)[0]}/{scale:.0f}",
                        held[product].found.value / scale,
                    )
                    if product in held
                    else None
                )
                for product in products
            ]
            total = Formula(
                f"=SUM(E{row}:{last}{row})", sum(line.found.value for line in held.values()) / scale
            )
            rows.append([*period, name_flow(flow, lang), *numbers, total])
        bottom = FIRST_ROW + len(rows) - 1
        sums = [
            (
                product,
                sum(line.found.value for line in lines if line.found.product == product) / scale,
            )
            for product in products
        ]
        sums.append(("", sum(line.found.value for line in lines) / scale))
        totals.add(len(rows))
        rows.append(
            [
                *period,
                word("total", lang),
                *(
                    Formula(
                        f"=SUM({xl_col_to_name(4 + n)}{top}:{xl_col_to_name(4 + n)}{bottom})", value
                    )
                    for n, (_, value) in enumerate(sums)
                ),
            ]
        )
    add_table(
        book,
        word("flows", lang),
        heads,
        rows,
        title=word("title flows", lang),
        notes=[word("flows note", lang)],
        totals=frozenset(totals),
        color=_BLUE,
    )


def matrix_products(plan: Plan) -> list[str]:
    """Return the products that burn, in the order of the balance."""
    return sorted(
        {line.found.product for line in plan.lines if line.scope == 1},
        key=lambda product: _order("product", product),
    )


def add_categories(book: Book, plan: Plan) -> None:
    """Add the IPCC categories: a row for each, and one for what they belong to."""
    lang = book.lang
    unit, scale = LARGE_UNITS[lang]
    heads = [
        *columns(("area", "year", "gas", "category", "from flows"), {"year": "year"}, lang),
        SheetColumn(add_unit_below(word("emissions", lang).splitlines()[0], unit, lang), "large"),
    ]
    rows: list[list[Any]] = []
    totals = set()
    for period, lines in _by_period(plan, 1):
        for group, members in itertools.groupby(
            lines, key=lambda line: ".".join(line.category.split(".")[:3])
        ):
            inside = list(members)
            parts = [
                (category, list(cells))
                for category, cells in itertools.groupby(inside, key=lambda line: line.category)
            ]
            if [category for category, _ in parts] != [group]:
                totals.add(len(rows))
                rows.append([*period, group, "", _sum(plan, inside, lang, scale)])
            for category, cells in parts:
                flows = dict.fromkeys(name_flow(line.found.flow, lang) for line in cells)
                rows.append(
                    [
                        *period,
                        category or word("unallocated", lang),
                        ("、" if lang == "zh" else "; ").join(flows),
                        _sum(plan, cells, lang, scale),
                    ]
                )
        totals.add(len(rows))
        rows.append([*period, word("total", lang), "", _sum(plan, lines, lang, scale)])
    add_table(
        book,
        word("categories", lang),
        heads,
        rows,
        title=word("title categories", lang),
        notes=[word("categories note", lang)],
        totals=frozenset(totals),
        color=_BLUE,
    )


def add_scope2(book: Book, plan: Plan) -> None:
    """Add electricity and heat brought in, each flow with its factor."""
    lang = book.lang
    names = (
        "area",
        "year",
        "gas",
        "flow",
        "product",
        "amount",
        "unit",
        "factor",
        "factor unit",
        "emissions",
    )
    kinds = {"year": "year", "amount": "amount", "factor": "factor", "emissions": "amount"}
    trace = quote(word("trace", lang))
    rows: list[list[Any]] = []
    totals = set()
    lacking = list_lacking(plan.inventories)
    for period, lines in _by_period(plan, 2):
        top = FIRST_ROW + len(rows)
        for line in lines:
            found = line.found
            # A CO2-equivalent has no amount of its own in the traces: it is that of its gases.
            at = plan.line_rows[(line.parts[0][0] if line.parts else line).flat]
            factor = (
                Formula(f"={trace}!O{at}", multiply_steps(found.steps)) if found.steps else None
            )
            rows.append(
                [
                    *period,
                    name_flow(found.flow, lang),
                    vocabulary.name("product", found.product, lang),
                    Formula(f"={trace}!M{at}", found.activity),
                    found.unit,
                    factor,
                    f"t {found.gas}/{found.unit}",
                    Formula(f"={list_cells(plan, [line], lang)[0]}", found.value),
                ]
            )
        totals.add(len(rows))
        total = (
            word("none", lang)
            if period[:2] in lacking
            else Formula(
                f"=SUM(J{top}:J{FIRST_ROW + len(rows) - 1})",
                sum(line.found.value for line in lines),
            )
        )
        rows.append([*period, word("total", lang), "", None, "", None, "", total])
    rows += _without_factor(plan, lang)
    add_table(
        book,
        word("scope2", lang),
        columns(names, kinds, lang),
        rows,
        title=word("title scope2", lang),
        notes=[word("scope2 note", lang), word("scopes", lang)],
        totals=frozenset(totals),
        color=_BLUE,
    )


def _without_factor(plan: Plan, lang: str) -> list[list[Any]]:
    """Return what is brought in and has no factor: an amount, and no number."""
    lacking: set[tuple[object, ...]] = set()
    for number, inventory in enumerate(plan.inventories):
        marks = inventory.indirect["lacking"]
        labels = [marks[dim].values.tolist() for dim in marks.dims]
        lacking |= {
            (number, *(known[i] for known, i in zip(labels, cell, strict=True)))
            for cell in np.argwhere(marks.values)
        }
    return [
        [
            cell.area,
            cell.year,
            "",
            name_flow(cell.flow, lang),
            vocabulary.name("product", cell.product, lang),
            cell.amount,
            cell.unit,
            word("none", lang),
            "",
            word("none", lang),
        ]
        for key, cell in plan.printed.items()
        if key in lacking
    ]


def add_summary(book: Book, plan: Plan, notes: Sequence[str]) -> Any:
    """Add one row for each area, year and gas, as sums of the traces."""
    lang, scale = book.lang, LARGE_UNITS[book.lang][1]
    products = matrix_products(plan)
    sums = {product: group_of(product).summed_as for product in products}
    blocks = {
        (period, scope): list(lines)
        for scope in (1, 2)
        for period, lines in _by_period(plan, scope)
    }
    total_row, row = {}, FIRST_ROW - 1
    for period, lines in _by_period(plan, 1):
        row += len({line.found.flow for line in lines}) + 1
        total_row[period] = row
    rows: list[list[Any]] = []
    for period in dict.fromkeys(line.period for line in plan.lines):
        direct, indirect = blocks.get((period, 1), []), blocks.get((period, 2), [])
        cells: list[Any] = [_sum(plan, direct, lang, scale)]
        for fuel in fuel_sums():
            places = (
                [
                    f"{quote(word('flows', lang))}!{xl_col_to_name(4 + n)}{total_row[period]}"
                    for n, product in enumerate(products)
                    if sums[product] == fuel
                ]
                if direct
                else []
            )
            amounts = [line.found.value for line in direct if sums[line.found.product] == fuel]
            cells.append(
                Formula(f"=SUM({','.join(places)})", sum(amounts) / scale)
                if amounts
                else word("none", lang)
            )
        cells += [
            _sum(
                plan,
                [line for line in indirect if bought_as(line.found.product) == product],
                lang,
                scale,
            )
            for product in BOUGHT
        ]
        cells.append(
            write_verdict(book, f"D{FIRST_ROW + len(rows)}", cells[0].value) if direct else ""
        )
        rows.append([*period, *cells])
    heads = [*summary_columns(lang), SheetColumn(word("verdict", lang))]
    sheet = add_table(
        book, word("summary", lang), heads, rows, title=_title(rows, lang), notes=notes, color=_BLUE
    )
    mark_verdicts(book, sheet, len(heads) - 1, len(rows))
    _add_chart(book, plan, sheet, len(rows))
    return sheet


def list_totals(plan: Plan, lang: str) -> list[tuple[Period, float | None]]:
    """Return the direct total of each row of the summary, in its large unit; None where there is none."""
    scale = LARGE_UNITS[lang][1]
    sums: dict[Period, float | None] = dict.fromkeys(line.period for line in plan.lines)
    for period, lines in _by_period(plan, 1):
        sums[period] = sum(line.found.value for line in lines) / scale
    return list(sums.items())


def _add_chart(book: Book, plan: Plan, sheet: Any, count: int) -> None:
    """Draw under the summary what emits most: the flows of one year, or the fuels of several."""
    lang, blocks = book.lang, list(_by_period(plan, 1))
    unit = LARGE_UNITS[lang][0]
    if not blocks:
        return
    single = len({period[:2] for period, _ in blocks}) == 1
    if single:
        flows = len({line.found.flow for line in blocks[0][1]})
        chart = book.file.add_chart({"type": "bar"})
        name, total = word("flows", lang), 4 + len(matrix_products(plan))
        first, last = FIRST_ROW - 1, FIRST_ROW + flows - 2
        chart.add_series(
            {
                "categories": [name, first, 3, last, 3],
                "values": [name, first, total, last, total],
                "fill": {"color": _BLUE},
                "gap": 45,
                "data_labels": {"value": True, "num_format": "#,##0"},
            }
        )
        chart.set_y_axis({"reverse": True, "line": {"none": True}, "major_tick_mark": "none"})
        chart.set_x_axis({"visible": False, "major_gridlines": {"visible": False}})
        chart.set_legend({"none": True})
    elif 1 < count <= _MOST_COLUMNS and len({line.found.gas for line in plan.lines}) == 1:
        chart = book.file.add_chart({"type": "column", "subtype": "stacked"})
        name = word("summary", lang)
        for n, (fuel, color) in enumerate(zip(fuel_sums(), _FUEL_COLORS, strict=True)):
            rows = FIRST_ROW - 1, FIRST_ROW + count - 2
            chart.add_series(
                {
                    "name": word(f"sum_{fuel}", lang),
                    "categories": [name, rows[0], 0, rows[1], 1],
                    "values": [name, rows[0], 4 + n, rows[1], 4 + n],
                    "fill": {"color": color},
                    "gap": 60,
                }
            )
        chart.set_y_axis(
            {
                "num_format": "#,##0",
                "major_gridlines": {"visible": True, "line": {"color": "#DDDDDD"}},
                "line": {"none": True},
            }
        )
        chart.set_legend({"position": "bottom"})
    else:
        return
    chart.set_title(
        {
            "name": (
                f"{word('title bars' if single else 'title fuels', lang)} ({unit}"
                f" {blocks[0][0][2]})"
            ),
            "name_font": {"size": 11},
            "overlay": False,
        }
    )
    chart.set_size({"width": 780, "height": 340})
    chart.set_chartarea({"border": {"none": True}})
    sheet.insert_chart(
        FIRST_ROW + count,
        0,
        chart,
        {"description": word("title bars" if single else "title fuels", lang)},
    )
    sheet.fit_to_pages(1, 1)


def add_summary_values(book: Book, frame: pd.DataFrame, notes: Sequence[str]) -> Any:
    """Add the same rows as values, from the flat table."""
    lang, scale = book.lang, LARGE_UNITS[book.lang][1]
    known = {product: group_of(product).summed_as for product in frame["product"].unique()}
    periods, is_direct = ["area", "year", "gas"], frame["scope"] == 1
    held = frame[[*periods, "value"]]  # of a large table the other columns are most of the memory
    bought = {product: bought_as(product) for product in known}
    fuel = frame["product"].map(known).where(is_direct, frame["product"].map(bought))
    sums = (
        held.assign(fuel=fuel).pivot_table("value", periods, "fuel", aggfunc="sum", sort=False)
        / scale
    )
    direct = held[is_direct].groupby(periods, sort=False)["value"].sum() / scale
    sums.insert(0, "direct", direct.reindex(sums.index))
    sums = sums.reindex(columns=["direct", *fuel_sums(), *BOUGHT])
    none = word("none", lang)
    rows = [
        [*period, *(none if value != value else value for value in numbers)]  # noqa: PLR0124 - NaN is not itself
        for period, numbers in zip(sums.index, sums.to_numpy().tolist(), strict=True)
    ]
    return add_table(
        book,
        word("summary", lang),
        summary_columns(lang),
        rows,
        title=_title(rows, lang),
        notes=notes,
        color=_BLUE,
    )


def summary_columns(lang: str) -> list[SheetColumn]:
    """Return the columns of the summary, with their unit."""
    names = (
        "direct",
        *(f"sum_{fuel}" for fuel in fuel_sums()),
        *(f"bought_{one}" for one in BOUGHT),
    )
    heads = columns(("area", "year", "gas"), {"year": "year"}, lang)
    return heads + [
        SheetColumn(add_unit_below(word(name, lang), LARGE_UNITS[lang][0], lang), "large")
        for name in names
    ]


def _title(rows: Sequence[Sequence[Any]], lang: str) -> str:
    areas, years = (
        list(dict.fromkeys(str(row[0]) for row in rows)),
        sorted({row[1] for row in rows}),
    )
    listed = ("、" if lang == "zh" else ", ").join(areas[:3]) + (" ..." if len(areas) > 3 else "")
    return (
        f"{listed} {years[0]}{f'-{years[-1]}' if len(years) > 1 else ''} {word('title', lang)}"
        if rows
        else word("title", lang)
    )


def _by_period(plan: Plan, scope: int) -> Iterable[tuple[Period, list[PlanLine]]]:
    chosen = (line for line in plan.lines if line.scope == scope)
    return (
        (period, list(lines))
        for period, lines in itertools.groupby(chosen, key=lambda line: line.period)
    )


def _order(kind: str, identifier: str) -> int:
    known = _places(kind)
    return known.get(identifier, len(known))


@cache
def _places(kind: str) -> dict[str, int]:
    known = vocabulary.flows() if kind == "flow" else vocabulary.products()
    return {identifier: number for number, identifier in enumerate(known)}


def _sum(plan: Plan, lines: Sequence[PlanLine], lang: str, scale: float) -> Any:
    """Return the sum of lines in the large unit, or that there is no number."""
    if not lines:
        return word("none", lang)
    return Formula(
        f"=SUM({','.join(list_cells(plan, lines, lang))})/{scale:.0f}",
        sum(line.found.value for line in lines) / scale,
    )
