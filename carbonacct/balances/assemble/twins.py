"""Several numbers for one place: rows of one table are several things, tables print one thing again.

Two rows or columns of one table that a mapping file gives one id add up. Two labels of one table
that mean the same of themselves are asked about, unless they are totals and equal. A number that
stands in two tables is one number printed twice: where the prints differ, that of the balance
counts.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from carbonacct import vocabulary
from carbonacct.balances.assemble.one_meaning import (
    find_twin_labels,
    find_wrong_unit,
    list_answers,
    write_line,
)
from carbonacct.balances.label.labels import take_units
from carbonacct.balances.path.unread import one_line
from carbonacct.balances.stops import AnswerableError, map_command
from carbonacct.errors import Finding, StoppedError, TableError
from carbonacct.sheets import values
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from carbonacct.balances.assemble.assembly import PrintedCells
    from carbonacct.balances.join.block import Block
    from carbonacct.balances.words.mapping import Mapping
    from carbonacct.texts import Text

_SAME = 1e-12  # one number in two units differs by the rounding of the conversion
_MOST_NAMED = 6
_MOST_DIGITS, _SURE_DIGITS = 16, 12  # of a number that a program made, and of what it stands for


class Choice(NamedTuple):
    """The cells that count, and the amounts after what adds up.

    Also which standard quantities are left out, which cells are added to another, and the findings.
    """

    which: np.ndarray
    amount: np.ndarray
    printed: np.ndarray
    dropped: np.ndarray
    added: np.ndarray
    findings: tuple[Finding, ...]


def choose(cells: PrintedCells, blocks: Sequence[Block]) -> Choice:
    """Return one cell for each place: physical before standard quantity, a number before nothing.

    Parameters
    ----------
    cells
        The cells of all tables.
    blocks
        The tables.

    Raises
    ------
    TableError
        If two numbers of one table mean the same, or a place has numbers in two kinds of units.
    """
    arrangement = cells.arrangement
    if not arrangement.has_choice:
        nothing = np.zeros(len(cells.status), bool)
        return Choice(
            np.arange(len(cells.status)), cells.amount, cells.printed, nothing, nothing, ()
        )
    number, dropped = cells.status == values.NUMBER, arrangement.standard
    if dropped.any():
        dropped = dropped & np.isin(
            arrangement.codes["product"], arrangement.codes["product"][number & ~dropped]
        )
    rank = np.where(number, 2, np.where(cells.status == values.BLANK, 0, 1))
    rank[dropped] = -1
    amount, printed = cells.amount.copy(), cells.printed.copy()
    added = np.zeros(len(rank), bool)
    findings = [
        *_settle_tables(cells, blocks, rank, Sums(amount, printed, added)),
        *_settle_prints(cells, blocks, rank, amount),
    ]
    order = np.lexsort((np.arange(len(rank)), -rank, arrangement.keys))
    keys = arrangement.keys[order]
    chosen = order[np.append(True, keys[1:] != keys[:-1])]
    chosen = np.sort(chosen[rank[chosen] >= 0])
    return Choice(chosen, amount, printed, dropped & number, added, tuple(findings))


def _pairs(keys: np.ndarray, rank: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the first number of each key, and each other one of it, as pairs."""
    at = np.flatnonzero(rank == 2)
    order = at[np.argsort(keys[at], kind="stable")]
    is_first = np.ones(len(order), bool)
    is_first[1:] = keys[order][1:] != keys[order][:-1]
    first = order[is_first][np.cumsum(is_first) - 1]
    return first[~is_first], order[~is_first]


class Sums(NamedTuple):
    """Amounts and prints of cells to which others are added, and which cells these are."""

    amount: np.ndarray
    printed: np.ndarray
    added: np.ndarray


def _settle_tables(
    cells: PrintedCells, blocks: Sequence[Block], rank: np.ndarray, sums: Sums
) -> list[Finding]:
    """Settle numbers of one table for one place; those that do not count lose their rank."""
    arrangement = cells.arrangement
    pairs_of_texts: dict[tuple[str, str, str], list[tuple[int, int]]] = {}
    for first, other in zip(
        *(
            each.tolist()
            for each in _pairs(arrangement.keys * len(blocks) + arrangement.block, rank)
        ),
        strict=True,
    ):
        labels, verdict = _judge(cells, blocks[int(arrangement.block[first])], (first, other))
        if verdict in {"added", "scopes"}:
            sums.amount[first] += sums.amount[other]
            sums.added[other] = True
            turn = (
                arrangement.sign[first]
                * arrangement.sign[other]
                * arrangement.scale[other]
                / arrangement.scale[first]
            )
            sums.printed[first] += sums.printed[other] * turn
        pairs_of_texts.setdefault((verdict, *labels), []).append((first, other))
        rank[other] = -1
    if clashes := [
        (labels, pairs)
        for (verdict, *labels), pairs in pairs_of_texts.items()
        if verdict == "clash"
    ]:
        raise StoppedError(
            _ask_meaning(cells, blocks[int(arrangement.block[pairs[0][0]])], labels, pairs)
            for labels, pairs in clashes
        )
    return [
        _note_pairs(cells, verdict, labels, pairs)
        for (verdict, *labels), pairs in pairs_of_texts.items()
    ]


def _judge(cells: PrintedCells, block: Block, pair: tuple[int, int]) -> tuple[tuple[str, str], str]:
    """Return the labels of two numbers of one table that mean the same, and what becomes of the second."""
    arrangement = cells.arrangement
    rows, columns = (
        [int(of[cell]) for cell in pair] for of in (arrangement.row, arrangement.column)
    )
    labels = [_labels(block, row, column) for row, column in zip(rows, columns, strict=True)]
    names = _telling(labels[0], labels[1]), _telling(labels[1], labels[0])
    one, other = (cells.amount[cell] for cell in pair)
    units = arrangement.codes["kept"]
    in_two_units = cells.label("unit", pair[0]) != cells.label("unit", pair[1])
    apart = sum(_half_unit(cells, block, cell) for cell in pair) if in_two_units else 0.0
    are_equal = units[pair[0]] == units[pair[1]] and bool(
        np.isclose(one, other, rtol=_SAME, atol=apart)
    )
    folded = [[vocabulary.fold(word) for word in each] for each in labels]
    if rows[1] in block.rows.own_parts or columns[1] in block.form.own_parts:
        return names, "part"
    if rows[0] == rows[1] and all(_is_scope(block, column) for column in columns):
        return names, "scopes"
    # kwh_delivered | mwh_delivered: one amount in two units, whatever a mapping calls both.
    if folded[0] == folded[1] or (are_equal and in_two_units):
        return (names, "repeated") if are_equal else (("", ""), "clash")
    own = _own_words(block.rows.columns.words)
    if units[pair[0]] == units[pair[1]] and any(
        _is_own(word, own) for a, b in zip(*folded, strict=True) if a != b for word in (a, b)
    ):
        return names, "added"
    if are_equal and _is_total(cells, block, pair[0]):
        return names, "repeated"
    return names, "clash"


def _is_scope(block: Block, column: int) -> bool:
    """Return whether a column holds what counts in one scope."""
    return block.rows.columns.each[column].header.word == "scope"


def _telling(own: Sequence[str], other_labels: Sequence[str]) -> str:
    """Return what tells the labels of a cell from those of another, or all of them if nothing does."""
    return " ".join(
        word for word, other in zip(own, other_labels, strict=True) if word != other
    ) or " ".join(filter(None, own))


def _is_own(label: str, own: frozenset[str]) -> bool:
    """Return whether a mapping gives a label its id, or the lowest of stacked headings: 热电厂供热 below 供热总量."""
    return label in own or any(label.endswith(word) for word in own if len(word) > 1)


def _own_words(words: Mapping) -> frozenset[str]:
    """Return the folded labels that a mapping or layout gives an id."""
    return words.remember(
        ("own words",),
        lambda: frozenset(
            re.sub(r"#\d+$|^.*>", "", word)
            for kind in (words.flows, words.products, words.signs)
            for word in kind
        ),
    )


def _labels(block: Block, row: int, column: int) -> list[str]:
    """Return the labels of a cell without their units: those of its row, and the header of its column."""
    columns = block.rows.columns
    cells = [block.sheet.rows[row][j] for j in columns.names]
    texts = [cell if isinstance(cell, str) else "" for cell in cells] + [
        columns.each[column].header.text
    ]
    return [one_line(take_units(text, columns.words)[0]) for text in texts]


def _is_total(cells: PrintedCells, block: Block, cell: int) -> bool:
    """Return whether a cell is a total of others of its table."""
    flow, product = cells.label("flow", cell), cells.label("product", cell)
    flows = (other for other in block.form.flow.labels if other and other != flow)
    products = (other for other in block.form.product.labels if other and other != product)
    return (
        any(vocabulary.is_within(other, flow) for other in flows)
        or any(vocabulary.is_product_within(other, product) for other in products)
        or vocabulary.flows()[flow].parent in {"", "total_consumption"}
    )


def _ask_meaning(
    cells: PrintedCells, block: Block, labels: Sequence[str], pairs: Sequence[tuple[int, int]]
) -> AnswerableError:
    """Return the error of two labels of one table that mean the same, with what one of them may be."""
    twins = find_twin_labels(cells, block, pairs)
    error = _two_numbers(cells, pairs, *filter(None, labels), line=write_line(twins))
    answers = find_wrong_unit(cells, pairs) or list_answers(cells, twins, pairs)
    return AnswerableError(error.args[0], block.sheet, answers)


def _two_numbers(
    cells: PrintedCells, pairs: Sequence[tuple[int, int]], *labels: str, line: Text | str = ""
) -> TableError:
    """Return the error of numbers of one meaning.

    The first pair speaks for the others, and a line of a mapping file passes over its second.
    """
    first, other = sorted(pairs[0])
    what = say(
        "{product} of {flow} in {other_year}",
        product=cells.label("product", other),
        flow=cells.label("flow", other),
        other_year=cells.label("year", other),
    )
    here, there = (
        f"{cells.printed[cell]:.10g} {cells.label('unit', cell)}" for cell in (other, first)
    )
    more = (
        say(" (and {pair_count} more such pairs)", pair_count=len(pairs) - 1)
        if len(pairs) > 1
        else ""
    )
    if not labels:
        return TableError(
            say(
                "{address}: {what} is {here} here and {there} in {address_of_first}{more}; {remedy}",
                address=cells.address(other),
                what=what,
                here=here,
                there=there,
                address_of_first=cells.address(first),
                more=more,
                remedy=_name_remedy(cells, (first, other))
                or (
                    line
                    and say("keep one, or write into a mapping file (--mapping): {line}", line=line)
                )
                or say("keep one of both"),
            )
        )
    return TableError(
        say(
            "{address}: {what} is {here} here as {label!r} and {there} in "
            "{address_of_first} as {label_0!r}{more}; give both an id in a mapping file "
            "(--mapping) to add them up, or one its own, or leave one out: {line}",
            address=cells.address(other),
            what=what,
            here=here,
            label=labels[1],
            there=there,
            address_of_first=cells.address(first),
            label_0=labels[0],
            more=more,
            line=line or "ignore_row, ignore_column",
        )
    )


def _name_remedy(cells: PrintedCells, pair: tuple[int, int]) -> Text | str:
    """Return what helps where sheets of one workbook contradict each other, "" elsewhere."""
    one, other = (cells.sheets[int(cells.arrangement.sheet[cell])] for cell in pair)
    if one[0] != other[0] or one[1] == other[1]:
        return ""
    return say(
        "name the sheet to read (--sheet), or pass over the others in a mapping file; "
        "propose its lines with: {command}",
        command=map_command([one[0]]),
    )


_SAID = {
    "added": (
        "added-up",
        "warning",
        say("are given one id and added up"),
        say("check that neither holds the other"),
    ),
    "scopes": ("added-up", "info", say("stand in the columns of scopes and are added up"), ""),
    "part": (
        "part-of-itself",
        "info",
        say("are one product, the second printed as a part of the first: it is not counted again"),
        "",
    ),
    "repeated": (
        "printed-twice",
        "warning",
        say("mean the same and are equal: they are counted once"),
        say("check that they are one thing"),
    ),
}


def _note_pairs(
    cells: PrintedCells, verdict: str, labels: Sequence[str], pairs: Sequence[tuple[int, int]]
) -> Finding:
    rule, severity, what, action = _SAID[verdict]
    (first, other), more = (
        pairs[0],
        say(" (and {pair_count} more such pairs)", pair_count=len(pairs) - 1)
        if len(pairs) > 1
        else "",
    )
    message = say(
        "{label!r} ({address}: {printed:.10g}) and {label_1!r} ({address_of_other}: "
        "{printed_other:.10g}) {what}{more}",
        label=labels[0],
        address=cells.address(first),
        printed=cells.printed[first],
        label_1=labels[1],
        address_of_other=cells.address(other),
        printed_other=cells.printed[other],
        what=what,
        more=more,
    )
    return Finding(rule, severity, message, cells.address(first), action)  # type: ignore[arg-type]


def _settle_prints(
    cells: PrintedCells, blocks: Sequence[Block], rank: np.ndarray, amount: np.ndarray
) -> list[Finding]:
    """Settle numbers of several tables for one place: that of the balance counts."""
    arrangement = cells.arrangement
    firsts, others = _pairs(arrangement.keys, rank)
    kept = arrangement.codes["kept"]
    if (clash := kept[others] != kept[firsts]).any():
        at = int(np.argmax(clash))
        raise _two_numbers(cells, [(int(firsts[at]), int(others[at]))])
    differing = firsts[~np.isclose(amount[others], amount[firsts], rtol=_SAME, atol=0)]
    weights = [_weight(block) for block in blocks] if len(differing) else []
    pairs_of_prints: dict[tuple[bool, int, int], list[tuple[int, int]]] = {}
    for first in np.unique(differing).tolist():
        prints = [first, *others[firsts == first].tolist()]
        winner = max(prints, key=lambda cell: (weights[int(arrangement.block[cell])], -cell))
        for loser in prints:
            if loser == winner:
                continue
            rank[loser] = 1
            apart = abs(amount[winner] - amount[loser])
            if apart > _SAME * abs(amount[winner]):
                # Of two numbers of as many decimals none rounds to both: 10 and 11 are two numbers.
                is_print = apart < sum(
                    _half_unit(cells, blocks[int(arrangement.block[cell])], cell)
                    for cell in (winner, loser)
                ) * (1 - 1e-9)
                tables = int(arrangement.block[winner]), int(arrangement.block[loser])
                pairs_of_prints.setdefault((bool(is_print), *tables), []).append((winner, loser))
    return [
        _note_prints(cells, pairs, is_print=is_print)
        for (is_print, *_), pairs in pairs_of_prints.items()
    ]


def _weight(block: Block) -> int:
    """Return how much of the balance a table holds: its main rows, by themselves or below one."""
    flows = vocabulary.flows()
    main = (flows[flow] for flow in block.form.flow.labels if flow)
    return sum(
        not each.parent or not flows[each.parent].parent for each in main if "." not in each.id
    )


def _half_unit(cells: PrintedCells, block: Block, cell: int) -> float:
    """Return half a unit of the last digit of a number, as printed, in its kept unit."""
    arrangement = cells.arrangement
    raw = block.sheet.rows[int(arrangement.row[cell])][int(arrangement.column[cell])]
    text = (
        raw
        if isinstance(raw, str)
        else format(Decimal(repr(float(cells.printed[cell]))), "f").removesuffix(".0")
    )
    if len(re.sub(r"\D", "", text).lstrip("0")) >= _MOST_DIGITS:  # 7069.599999999999, a sum
        text = format(Decimal(f"{cells.printed[cell]:.{_SURE_DIGITS}g}"), "f").removesuffix(".0")
    decimals = re.search(r"\.(\d+)", text)
    return float(0.5 * 10.0 ** -(len(decimals[1]) if decimals else 0) * arrangement.scale[cell])


def _note_prints(
    cells: PrintedCells, pairs: Sequence[tuple[int, int]], *, is_print: bool
) -> Finding:
    """Return the finding of two tables that print some numbers apart."""
    named = []
    for winner, loser in pairs[:_MOST_NAMED]:
        what = say(
            "{product} of {flow} in {winner_year}",
            product=cells.label("product", winner),
            flow=cells.label("flow", winner),
            winner_year=cells.label("year", winner),
        )
        named.append(
            say(
                "{what} is {winner} and {loser}",
                what=what,
                winner=_shown(cells, winner),
                loser=_shown(cells, loser),
            )
        )
    more = (
        say(" and {count} more", count=len(pairs) - _MOST_NAMED) if len(pairs) > _MOST_NAMED else ""
    )
    why = (
        say("round one number to different digits")
        if is_print
        else say("print different numbers for one thing")
    )
    return Finding(
        "printed-apart",
        "warning" if is_print else "error",
        say(
            "two tables {why}, the first is taken: {named}{more}",
            why=why,
            named=join_texts("; ", named),
            more=more,
        ),
        cells.address(pairs[0][0]),
        (
            ""
            if is_print
            else say("correct one, or {remedy}", remedy=remedy)
            if (remedy := _name_remedy(cells, pairs[0]))
            else say(
                "correct one, leave one table out, or give one of the rows its own id "
                "in a mapping file"
            )
        ),
    )


def _shown(cells: PrintedCells, cell: int) -> str:
    return say(
        "{printed:.10g} {label} ({address})",
        printed=cells.printed[cell],
        label=cells.label("unit", cell),
        address=cells.address(cell),
    )
