"""The sheets that numbers come from: traces, chains of factors, published factors, activity data, empty cells."""

from __future__ import annotations

import math
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from xlsxwriter.utility import xl_col_to_name

from carbonacct import vocabulary
from carbonacct.catalogue import in_language, name_unit, tell_note
from carbonacct.factors.road_shares import find_share
from carbonacct.report.standalone_names import name_flow
from carbonacct.report.workbook.plan import chain_key, step_key
from carbonacct.report.workbook.table import (
    FIRST_ROW,
    Editable,
    Formula,
    SheetColumn,
    add_table,
    quote,
)
from carbonacct.report.workbook.workbook_words import KINDS, PARAMETERS, ROLES, word
from carbonacct.sectors.energy.table_facts import is_plant, list_feedstock_rows
from carbonacct.sheets import values

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from carbonacct.report.workbook.plan import Key, Plan, PlanLine, Published
    from carbonacct.report.workbook.table import Book
    from carbonacct.sectors.energy.tracing import FactorStep

_TRACE = (
    "area",
    "year",
    "gas",
    "scope",
    "category",
    "flow",
    "product",
    "where",
    "amount",
    "unit",
    "share",
    "taken off",
    "activity data",
    "chain",
    "factor",
    "factor unit",
    "emissions",
    "energy",
)
_AT = {name: xl_col_to_name(n) for n, name in enumerate(_TRACE)}
EMISSIONS, ENERGY = _AT["emissions"], _AT["energy"]
_KINDS = {
    "year": "year",
    "scope": "year",
    "amount": "amount",
    "share": "share",
    "taken off": "amount",
    "activity data": "amount",
    "chain": "year",
    "factor": "factor",
    "emissions": "amount",
    "energy": "amount",
}
_ACTIVITY = (
    "area",
    "year",
    "flow",
    "product",
    "printed",
    "printed unit",
    "conversion",
    "amount",
    "unit",
    "where",
    "role",
)
_PUBLISHED = (
    "parameter",
    "item",
    "value",
    "unit",
    "lower",
    "upper",
    "conversion",
    "used",
    "used unit",
    "edition",
    "document",
    "table",
    "page",
    "status",
    "valid",
    "note",
    "place",
)
_AMOUNT = xl_col_to_name(_ACTIVITY.index("amount"))
_WEIGHT = "D"
_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_GRAY, _GREEN = "#8A97A6", "#5B8C5A"


def columns(names: Sequence[str], kinds: dict[str, str], lang: str) -> list[SheetColumn]:
    """Return columns by their words."""
    return [SheetColumn(word(name, lang), kinds.get(name, "text")) for name in names]


def add_traces(book: Book, plan: Plan) -> None:
    """Add the sheet of traces: for each number its amount, share, feedstock, factor and the formula."""
    lang = book.lang
    add_table(
        book,
        word("trace", lang),
        columns(_TRACE, _KINDS, lang),
        (_trace_row(book, plan, line) for line in plan.lines),
        title=word("title trace", lang),
        notes=[word("trace note", lang)],
        color=_GRAY,
    )


def _trace_row(book: Book, plan: Plan, line: PlanLine) -> list[Any]:
    found, lang = line.found, book.lang
    row = plan.line_rows[line.flat]
    activity = quote(word("activity", lang)) + "!" + _AMOUNT
    own = (line.inventory, found.area, found.year, found.flow, found.product)
    burnt = found.activity
    at = {name: f"{letter}{row}" for name, letter in _AT.items()}
    if line.parts:
        weights = quote(word("weights", lang))
        terms = "+".join(
            f"{EMISSIONS}{plan.line_rows[part.flat]}*{weights}!{_WEIGHT}{plan.weight_rows[weight]}"
            for part, weight in line.parts
        )
        names = [
            name_flow(found.flow, lang),
            vocabulary.name("product", found.product, lang),
        ]
        return [
            found.area,
            found.year,
            found.gas,
            line.scope,
            line.category,
            *names,
            *[None] * (len(_TRACE) - 9),
            Formula(f"={terms}", found.value),
            None,
        ]
    if found.steps:
        key = chain_key(found)
        number = plan.chain_rows[key] - FIRST_ROW + 1
        column = xl_col_to_name(3 + len(plan.chain_columns))
        factor: Any = Formula(
            f"={quote(word('chains', lang))}!{column}{plan.chain_rows[key]}",
            multiply_steps(found.steps),
        )
        emissions = Formula(f"={at['activity data']}*{at['factor']}", found.value)
    else:  # nothing is used there, so nothing is emitted; an amount needs a factor
        number, factor, emissions = (
            None,
            None,
            Formula(f"=IF({at['activity data']}=0,0,NA())", found.value),
        )
    return [
        found.area,
        found.year,
        found.gas,
        line.scope,
        line.category,
        name_flow(found.flow, lang),
        vocabulary.name("product", found.product, lang),
        found.where[0],
        _amount(plan, line, own, activity),
        found.unit,
        found.share,
        _feedstock(plan, line, own, activity, amount=at["amount"]),
        Formula(f"={at['amount']}*{at['share']}-{at['taken off']}", burnt),
        number,
        factor,
        f"t {found.gas}/{found.unit}",
        emissions,
        _energy(book, plan, line, at["activity data"]),
    ]


def _energy(book: Book, plan: Plan, line: PlanLine, burnt: str) -> Any:
    """Return the energy of what burns, in TJ, by the calorific value of its chain where that is the one.

    None of scope 2.
    """
    found, per_unit = line.found, plan.energy_per_unit(line)
    if line.scope != 1 or math.isnan(per_unit):
        return None
    value = repr(per_unit)
    is_own = any(
        step.parameter == "net_calorific_value" and step.value == per_unit for step in found.steps
    )
    if is_own and ("net_calorific_value", False) in plan.chain_columns:
        column = xl_col_to_name(3 + plan.chain_columns.index(("net_calorific_value", False)))
        value = f"{quote(word('chains', book.lang))}!{column}{plan.chain_rows[chain_key(found)]}"
    return Formula(f"={burnt}*{value}/1000", plan.energy(line))


def _amount(plan: Plan, line: PlanLine, own: Key, activity: str) -> Any:
    """Return the reference to the printed amount; the input of a plant is turned positive."""
    found = line.found
    if own not in plan.printed:
        return found.amount
    cell, held = f"{activity}{plan.printed_rows[own]}", plan.printed[own].amount
    if is_plant(plan.inventories[line.inventory], found.flow):
        return (
            Formula(f"=MAX(-{cell},0)", found.amount)
            if max(-held, 0.0) == found.amount
            else found.amount
        )
    return Formula(f"={cell}", found.amount) if held == found.amount else found.amount


def _feedstock(plan: Plan, line: PlanLine, own: Key, activity: str, *, amount: str) -> Any:
    """Return what feedstock takes out of the cell, or motor fuels out of it or (negative) into it."""
    found, inventory = line.found, plan.inventories[line.inventory]
    if not found.deduction:
        return 0.0
    if found.moved:
        return _motor_fuels(plan, line)
    flows = list_feedstock_rows(inventory)
    keys = [(*own[:3], flow, found.product) for flow in flows]
    keys = [key for key in keys if key in plan.printed]
    if (
        len(keys) == 1
        and min(max(plan.printed[keys[0]].amount, 0.0), max(found.amount, 0.0)) == found.deduction
    ):
        return Formula(
            f"=MIN(MAX({activity}{plan.printed_rows[keys[0]]},0),MAX({amount},0))", found.deduction
        )
    return found.deduction


def _motor_fuels(plan: Plan, line: PlanLine) -> Any:
    """Return what moved out of a cell as its share, and what moved into it as the sum of those.

    A number where more was done.
    """
    found = line.found
    sources = [line] if found.moved < 0 else [one for one in plan.lines if one.moves_with(line)]
    if any(one.found.deduction != -one.found.moved for one in {*sources, line}):
        return found.deduction
    if found.moved > 0:
        taken = "+".join(f"{_AT['taken off']}{plan.line_rows[one.flat]}" for one in sources)
        return Formula(f"=-({taken})", found.deduction)
    share = find_share(
        plan.inventories[line.inventory].method.motor_fuels, found.flow, found.product
    )
    row = plan.line_rows[line.flat]
    return (
        Formula(
            f"=MAX({_AT['amount']}{row}*{_AT['share']}{row},0)*{share.share!r}", found.deduction
        )
        if share
        else found.deduction
    )


def multiply_steps(steps: Sequence[FactorStep]) -> float:
    """Return the factor of a chain, as its formula gives it."""
    factor = 1.0
    for step in steps:
        factor = factor / step.value if step.divides else factor * step.value
    return factor


def add_chains(book: Book, plan: Plan) -> None:
    """Add the sheet of emission factors: each chain of published factors, multiplied."""
    lang, parameters = book.lang, plan.chain_columns
    heads = [
        SheetColumn(word("number", lang), "year"),
        SheetColumn(word("gas", lang)),
        SheetColumn(word("product", lang)),
    ]
    heads += [
        SheetColumn(("÷ " if divides else "") + word(parameter, lang, PARAMETERS), "factor")
        for parameter, divides in parameters
    ]
    heads += [
        SheetColumn(word("factor", lang), "factor"),
        SheetColumn(word("factor unit", lang)),
        SheetColumn(word("units", lang)),
        SheetColumn(word("rows", lang), "wrapped"),
    ]
    users: dict[Key, dict[str, None]] = {}
    for line in plan.lines:
        users.setdefault(chain_key(line.found), {})[
            vocabulary.name("product", line.found.product, lang)
        ] = None
    rows = (
        _chain_row(
            book,
            plan,
            (number, key),
            parameters,
            users="、".join(users[key]) if lang == "zh" else ", ".join(users[key]),
        )
        for number, key in enumerate(plan.chains, start=1)
    )
    add_table(
        book,
        word("chains", lang),
        heads,
        rows,
        title=word("title chains", lang),
        notes=[word("chains note", lang)],
        color=_GREEN,
    )


def _chain_row(
    book: Book,
    plan: Plan,
    numbered: tuple[int, Key],
    parameters: list[tuple[str, bool]],
    *,
    users: str,
) -> list[Any]:
    number, key = numbered
    gas, unit, steps = plan.chains[key]
    row, used = plan.chain_rows[key], xl_col_to_name(_PUBLISHED.index("used"))
    cells: list[Any] = [None] * len(parameters)
    terms = ""
    for step in steps:
        n = parameters.index((step.parameter, step.divides))
        cells[n] = Formula(
            f"={quote(word('factors', book.lang))}!{used}{plan.published_rows[step_key(step)]}",
            step.value,
        )
        cell = f"{xl_col_to_name(3 + n)}{row}"
        terms = (
            f"1/{cell}"
            if not terms and step.divides
            else cell
            if not terms
            else f"{terms}{'/' if step.divides else '*'}{cell}"
        )
    shown = " × ".join(
        ("÷ " if step.divides else "") + name_unit(step.unit, book.lang) for step in steps
    )
    return [
        number,
        gas,
        users,
        *cells,
        Formula(f"={terms}", multiply_steps(steps)),
        f"t {gas}/{unit}",
        shown.replace("× ÷", "÷"),
        "\n".join(step.row.place for step in steps),
    ]


def add_weights(book: Book, plan: Plan) -> None:
    """Add the sheet of the metric: the weight of each gas, where gases are added up."""
    lang = book.lang
    rows = (
        [
            weight.metric,
            weight.gas,
            word(weight.origin, lang) if weight.origin else "",
            Editable(weight.value),
        ]
        for weight in plan.weight_rows
    )
    if plan.gwp:
        add_table(
            book,
            word("weights", lang),
            columns(("metric", "gas", "origin", "weight"), {"weight": "factor"}, lang),
            rows,
            title=word("title weights", lang),
            color=_GREEN,
        )


def add_published(book: Book, plan: Plan) -> None:
    """Add the sheet of published factors: each once, with its document."""
    lang = book.lang
    first: dict[str, int] = {}
    for key, published in plan.published.items():
        first.setdefault(published.row.place, plan.published_rows[key])
    rows = (
        _published_row(book, published, plan.published_rows[key], first[published.row.place])
        for key, published in plan.published.items()
    )
    kinds = dict.fromkeys(
        ("value", "lower", "upper", "conversion", "used"), "factor"
    ) | dict.fromkeys(("document", "edition", "note"), "wrapped")
    add_table(
        book,
        word("factors", lang),
        columns(_PUBLISHED, kinds, lang),
        rows,
        title=word("title factors", lang),
        notes=[word("factors note", lang)],
        color=_GREEN,
    )


def _published_row(book: Book, published: Published, at: int, first: int) -> list[Any]:
    row, source, lang = published.row, published.source, book.lang
    cell = {name: f"{xl_col_to_name(n)}{at}" for n, name in enumerate(_PUBLISHED)}
    ranged = math.isnan(row.value)
    middle = (row.lower + row.upper) / 2 if ranged else row.value
    value: Any = (
        Formula(f"=({cell['lower']}+{cell['upper']})/2", middle) if ranged else Editable(row.value)
    )
    if at != first:  # the same row in another unit: its number stands above
        value = Formula(f"={xl_col_to_name(_PUBLISHED.index('value'))}{first}", middle)
    lower, upper = (
        (Editable(row.lower), Editable(row.upper))
        if ranged and at == first
        else (row.lower, row.upper)
    )
    used = Formula(f"={cell['value']}*{cell['conversion']}", published.value)
    years = (
        "-".join(str(year) if year else "" for year in (row.first_year, row.last_year))
        if row.first_year or row.last_year
        else ""
    )
    valid = ", ".join(
        filter(
            None,
            [
                vocabulary.name("area", row.area, lang),
                name_flow(row.flow, lang),
                row.category,
                years,
            ],
        )
    )
    return [
        word(row.parameter, lang, PARAMETERS),
        tell_note(row.item, lang) or vocabulary.name("product", row.product, lang),
        value,
        name_unit(row.unit, lang),
        lower,
        upper,
        published.conversion,
        used,
        name_unit(published.unit, lang),
        in_language(source.edition, lang),
        source.title_zh if lang == "zh" and source.title_zh else source.title,
        row.table,
        row.page,
        in_language(row.status, lang),
        valid,
        tell_note(row.note, lang),
        row.place,
    ]


def add_activity(book: Book, plan: Plan) -> None:
    """Add the sheet of activity data: every number that the tables print, with its cell."""
    lang = book.lang
    kinds = {"year": "year", "printed": "amount", "conversion": "factor", "amount": "amount"}
    printed, conversion = (
        xl_col_to_name(_ACTIVITY.index(one)) for one in ("printed", "conversion")
    )
    rows = []
    for key, cell in plan.printed.items():
        at = plan.printed_rows[key]
        known = not math.isnan(cell.conversion)
        product = f"={printed}{at}*{conversion}{at}"
        rows.append(
            [
                cell.area,
                cell.year,
                name_flow(cell.flow, lang),
                vocabulary.name("product", cell.product, lang),
                Editable(cell.printed) if known else cell.printed,
                _show_unit(cell.printed_unit),
                cell.conversion,
                Formula(product, cell.amount) if known else Editable(cell.amount),
                cell.unit,
                cell.where,
                word(cell.role, lang, ROLES),
            ]
        )
    add_table(
        book,
        word("activity", lang),
        columns(_ACTIVITY, kinds, lang),
        rows,
        title=word("title activity", lang),
        notes=[word("activity note", lang)],
        color=_GREEN,
    )


@lru_cache
def _show_unit(unit: str) -> str:
    """Return a unit with its power of ten as it is written: 10⁴ t."""
    return re.sub(r"1e(\d+)", lambda found: "10" + found[1].translate(_SUPERSCRIPTS), unit)


def add_nothing(book: Book, plan: Plan) -> None:
    """Add the sheet of cells that print something and hold no number: marks, notation keys, what cannot be read."""
    lang = book.lang
    status = [inventory.table.status for inventory in plan.inventories]
    counts = {
        name: sum(int((array == code).sum()) for array in status)
        for name, code in (("blank", values.BLANK), ("absent", values.ABSENT))
    }
    names = ("area", "year", "flow", "product", "kind", "meaning", "where")
    add_table(
        book,
        word("nothing", lang),
        columns(names, {"year": "year"}, lang),
        _nothing_rows(plan, lang),
        title=word("title nothing", lang),
        notes=[word("nothing note", lang).format(**counts)],
        color=_GREEN,
    )


def _nothing_rows(plan: Plan, lang: str) -> Iterator[list[Any]]:
    for inventory in plan.inventories:
        table = inventory.table
        for a, y, f, p in np.argwhere(
            np.isin(table.status, [values.STATUS_NAMES.index(name) for name in KINDS])
        ):
            place, kind = (
                int(table.place[a, y, f, p]),
                values.STATUS_NAMES[int(table.status[a, y, f, p])],
            )
            yield [
                table.areas[a],
                table.years[y],
                name_flow(table.flows[f], lang),
                vocabulary.name("product", table.products[p], lang),
                kind,
                word(kind, lang, KINDS),
                table.places.address(place) if place >= 0 else "",
            ]
