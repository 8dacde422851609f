"""Lines of a mapping file for the sheets of a workbook that contradict one another, for a person to choose.

What stops the workbook and none of its sheets alone is between the sheets: two numbers of one
meaning, or the same in another kind of unit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from carbonacct.balances.account.leftovers import count_numbers
from carbonacct.balances.words.mapping import LEFT_OUT, READ
from carbonacct.sheets import values
from carbonacct.sheets.raw_sheets import cell_name
from carbonacct.sheets.sheet_choice import choose_sheets, propose_name
from carbonacct.texts import say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from carbonacct.balances.reading import Reading
    from carbonacct.balances.words.mapping import Mapping
    from carbonacct.sheets.raw_sheets import Sheet
    from carbonacct.texts import Text

_LONGEST = 60


def propose_sheets(
    sheets: Sequence[Sheet], own: Mapping, read: Callable[[Sequence[Sheet]], Reading]
) -> Iterator[dict[str, object]]:
    """Yield a line for each sheet with numbers, where sheets contradict one another.

    Parameters
    ----------
    sheets
        Of one file.
    own
        The user's own words; sheets that they pass over get no line.
    read
        Reads some of the sheets, whatever the words say of sheets.

    Yields
    ------
    dict
        The columns of a proposal (:func:`carbonacct.propose_mapping`); no id is filled in. ``where``
        is the first text of the sheet, and whether it reads alone.
    """
    chosen = [sheet for sheet, why in choose_sheets(sheets, own.sheets) if not why]
    counts = {sheet.name: count for sheet in chosen if (count := count_numbers(sheet))}
    if len(counts) < 2 or not all(counts):
        return
    faults = _list_faults(read(chosen))
    if not faults:
        return
    filled = [sheet for sheet in chosen if sheet.name in counts]
    alone = [read([sheet]) for sheet in filled]
    if not faults.difference(*map(_list_faults, alone)):
        return
    for sheet, reading in zip(filled, alone, strict=True):
        others = [one.name for one in sheets if one.name != sheet.name]
        yield {
            "kind": "sheet",
            "name": propose_name(sheet.name, others),
            "id": "",
            "sign": "",
            "note": "",
            "where": _describe(sheet, reading),
            "numbers": counts[sheet.name],
            "share": round(counts[sheet.name] / sum(counts.values()), 4),
            "candidates": f"{READ} | {LEFT_OUT}",
            "confidence": 0.0,
        }


def _list_faults(reading: Reading) -> set[str]:
    """Return what no label settles: what contradicts itself, and what is printed differently."""
    stops = {str(stop.error) for stop in reading.stops if not stop.unknown}
    apart = {
        str(one)
        for one in reading.findings
        if one.rule == "printed-apart" and one.severity == "error"
    }
    return stops | apart


def find_title(sheet: Sheet) -> tuple[str, str]:
    """Return the cell of the first text of a sheet, mostly its title, and as much of the text as a line holds."""
    texts = (
        (cell_name(i, j), " ".join(cell.split()))
        for i, row in enumerate(sheet.rows)
        for j, cell in enumerate(row)
        if isinstance(cell, str) and not values.is_blank(cell)
    )
    cell, text = next(texts, ("A1", ""))
    return cell, text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _describe(sheet: Sheet, reading: Reading) -> Text:
    """Return the title of a sheet, and whether it reads alone."""
    cell, title = find_title(sheet)
    return say(
        "{sheet}!{cell} {title}; {verdict}",
        sheet=sheet.name,
        cell=cell,
        title=title,
        verdict=_judge(reading),
    )


def _judge(reading: Reading) -> Text:
    balance = reading.balance
    if balance is not None:
        return say(
            "alone it reads: {flow_count} flows x {product_count} products",
            flow_count=len(balance.flows),
            product_count=len(balance.products),
        )
    asked = {(one.kind, one.text) for stop in reading.questions for one in stop.unknown}
    if asked:
        return say("alone it asks for words ({count})", count=len(asked))
    return say("alone it does not read: {fault}", fault=reading.stops[0].error)
