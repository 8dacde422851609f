"""The cells of all tables -> one array: one number for each place, and what was left over."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from carbonacct import vocabulary
from carbonacct.balances.account.fates import Passed
from carbonacct.balances.account.leftovers import merge_findings, note_left_overs
from carbonacct.balances.amounts.energy_balance import EnergyBalance, Places
from carbonacct.balances.assemble.above_scale import tell_above_scale
from carbonacct.balances.assemble.arrangement import Arrangement, arrange
from carbonacct.balances.assemble.printed_outputs import find_printed_outputs
from carbonacct.balances.assemble.signs import note_signs, turn_negative_uses
from carbonacct.balances.assemble.spread_arrays import to_arrays
from carbonacct.balances.assemble.twins import choose
from carbonacct.balances.path.of_which import join
from carbonacct.errors import Finding, TableError, name_some
from carbonacct.records.area_names import spell_like
from carbonacct.records.title_areas import name_area
from carbonacct.sheets import values
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from carbonacct.balances.assemble.twins import Choice
    from carbonacct.balances.join.block import Block
    from carbonacct.balances.join.sheet_tables import Page
    from carbonacct.sheets.raw_sheets import Sheet

_MOST = 1e100  # of any canonical unit; sums and products of what is larger may be no number
_STOCKS = ("opening_stock", "closing_stock")
_DECIMAL_COMMA = re.compile(r"[-−]?\d{1,3}(?:\.\d{3})*,\d+|[-−]?\d+,\d+")


@dataclass(frozen=True)
class PrintedCells:
    """The cells of every table: what they are, and their numbers as printed and in their kept unit."""

    arrangement: Arrangement
    areas: tuple[str, ...]
    years: tuple[str, ...]
    sheets: tuple[tuple[str, str], ...]
    printed: np.ndarray
    amount: np.ndarray
    status: np.ndarray

    def take(self, which: np.ndarray) -> PrintedCells:
        """Return some of the cells, by number or by choice."""
        if len(which) == len(self.status) and (which.dtype != bool or which.all()):
            return self  # cells keep their order
        return replace(
            self,
            arrangement=self.arrangement.take(which),
            printed=self.printed[which],
            amount=self.amount[which],
            status=self.status[which],
        )

    def count(self, choice: Choice) -> PrintedCells:
        """Return the cells that count, with their amounts after what adds up."""
        if choice.amount is self.amount:  # nothing was to be chosen
            return self
        return replace(self, amount=choice.amount, printed=choice.printed).take(choice.which)

    def places(self) -> Places:
        """Return where the cells stand."""
        cells = self.arrangement
        return Places(
            self.sheets,
            cells.sheet,
            cells.row,
            cells.column,
            self.printed,
            cells.labels["unit"],
            cells.unit,
        )

    def address(self, cell: int) -> str:
        """Return ``file!sheet!cell``."""
        return self.places().address(cell)

    def label(self, dim: str, cell: int) -> str:
        """Return what a cell belongs to."""
        return self.names(dim)[int(self.arrangement.codes[dim][cell])]

    def names(self, dim: str) -> tuple[str, ...]:
        """Return what the codes of a dim stand for."""
        return (
            self.areas
            if dim == "area"
            else self.years
            if dim == "year"
            else self.arrangement.labels[dim]
        )


class Assembled(NamedTuple):
    """A balance, and the numbers of its tables that it does not hold.

    ``open_plants`` are flows of plants of which no table says whether industry holds them.
    """

    balance: EnergyBalance
    passed: tuple[Passed, ...]
    open_plants: frozenset[str] = frozenset()


def assemble(pages: Sequence[Page], year: int | None, *, is_whole: bool = True) -> Assembled:
    """Put the tables of some pages together.

    Parameters
    ----------
    pages
        At least one of them with a table.
    year
        The year of tables that name none; of tables of many years, the one to take.
    is_whole
        Whether all rows and columns are known: else a table may well be left without a number.

    Raises
    ------
    TableError
        If two cells contradict each other, or a table has no year.
    """
    blocks = [block for page in pages for block in page.blocks]
    findings = [
        *note_left_overs(pages),
        *(finding for block in blocks for finding in block.findings),
    ]
    years = [_years_of(block, year, blocks) for block in blocks]
    cells = _gather(blocks, years)
    told = tell_above_scale(cells, blocks)
    if any(one is not other for one, other in zip(told, blocks, strict=True)):
        blocks, cells = told, _gather(told, years)
    gross = np.isnan(cells.arrangement.scale)
    passed = [_pass_over(cells, gross, say("gross energy without a ratio of net to gross"))]
    cells, left_out = _leave_out_gross(cells)
    findings += left_out
    if year is not None:
        cells = _take_year(cells, year, findings, passed)
    if is_whole or not len(cells.status):
        _refuse_empty(cells, findings)
    again, said = find_printed_outputs(cells)
    if again.any():  # few tables print it, and to take all cells copies them
        passed.append(_pass_over(cells, again, say("output of plants, which counts as theirs")))
        findings += said
        cells = cells.take(~again)
    choice = choose(cells, blocks)
    findings += choice.findings
    findings += _note_unreadable(cells, [block.sheet for block in blocks])
    if len(choice.which) < len(cells.status):
        unused = np.ones(len(cells.status), bool)
        unused[choice.which] = False
        repeated = unused & ~choice.dropped & ~choice.added
        passed += [
            _pass_over(
                cells, choice.dropped, say("standard quantity beside the physical, which counts")
            ),
            _pass_over(
                cells, repeated, say("printed again: another cell of the same meaning counts")
            ),
        ]
    standard = _read_standard(cells.take(choice.dropped), blocks) if choice.dropped.any() else None
    cells = cells.count(choice)
    findings += note_signs(cells)
    findings += _note_measures(cells, int(choice.dropped.sum()))
    balance = _to_balance(cells, blocks, findings, standard)
    # Known here: these cached properties need not be read back out of the arrays.
    spread = cells.arrangement.spread
    vars(balance).update(flows=list(spread.flows), products=list(spread.products))
    return Assembled(balance, tuple(passed), _find_open_plants(blocks))


def _find_open_plants(blocks: Sequence[Block]) -> frozenset[str]:
    """Return the plants that all tables which print them leave open.

    A table that prints inputs negative is no table of uses.
    """
    found = frozenset().union(*(block.form.open_plants for block in blocks))
    told: set[str] = set()
    for block in blocks if found else ():
        printed = {(flow or "").removesuffix(".input") for flow in block.form.flow.labels}
        told |= printed - block.form.open_plants
        inputs = [
            n for n, flow in enumerate(block.form.flow.labels) if flow and flow.endswith(".input")
        ]
        if (block.printed[np.isin(block.form.flow.codes, inputs)] < 0).any():
            told |= printed
    return found - told


def _take_year(
    cells: PrintedCells, year: int, findings: list[Finding], passed: list[Passed]
) -> PrintedCells:
    """Return the cells of a year, and say how many numbers are of others."""
    code = cells.years.index(str(year)) if str(year) in cells.years else -1
    chosen = cells.arrangement.codes["year"] == code
    if others := int(((cells.status == values.NUMBER) & ~chosen).sum()):
        findings.append(
            Finding(
                "other-years",
                "info",
                say(
                    "{others} numbers are of other years than {year} and are not used",
                    others=others,
                    year=year,
                ),
            )
        )
    passed.append(_pass_over(cells, ~chosen, say("of another year than {year}", year=year)))
    return cells.take(chosen)


def _note_measures(cells: PrintedCells, dropped: int) -> Iterator[Finding]:
    """Yield that cells in standard quantity stand beside others, and that a table holds no fuel."""
    if dropped:
        yield Finding(
            "standard-quantity",
            "info",
            say(
                "{dropped_sum} cells in standard quantity stand beside the physical "
                "quantity, which counts",
                dropped_sum=dropped,
            ),
        )
    products = cells.arrangement.spread.products
    if products and all(product.startswith("total_energy") for product in products):
        yield Finding(
            "total-energy",
            "info",
            say(
                "the table has no fuels, only total energy: it can be checked, not "
                "turned into emissions"
            ),
            cells.address(0),
        )


def _pass_over(cells: PrintedCells, which: np.ndarray, reason: str) -> Passed:
    """Return the numbers among some cells that are not used."""
    at = np.flatnonzero(which & (cells.status == values.NUMBER))
    return Passed(
        reason, cells.arrangement.block[at], cells.arrangement.row[at], cells.arrangement.column[at]
    )


def _to_balance(
    cells: PrintedCells,
    blocks: Sequence[Block],
    findings: Sequence[Finding] = (),
    standard: EnergyBalance | None = None,
) -> EnergyBalance:
    """Return the table of some cells, one for each place, with what is to be said of it and what stands beside it."""
    arrays = to_arrays(cells)
    marked = frozenset().union(*(block.form.marked for block in blocks))
    parents = _find_parents(cells.arrangement.spread.flows, marked) | {
        flow: parent for block in blocks for flow, parent in block.rows.parents.items()
    }
    product_parents: dict[str, str] = {}
    for block in blocks:
        for product, parent in block.form.product_parents.items():
            join(product_parents, product, parent)
    return EnergyBalance(
        amounts=arrays["amounts"],
        status=arrays["status"],
        place=arrays["place"],
        places=cells.places(),
        parents=parents,
        product_parents=product_parents,
        findings=tuple(merge_findings(findings)),
        standard=standard,
    )


@lru_cache(maxsize=1024)
def _find_parents(flows: tuple[str, ...], marked: frozenset[str]) -> dict[str, str]:
    """Return the flows that the print makes parts of others than the vocabulary does.

    Opening and closing stock are parts of the change that is printed beside them. A flow that # or
    其中 marks as the one printed part of its parent is a part of it, which is then not their sum.
    """
    known = vocabulary.flows()
    count = Counter(known[flow].parent for flow in flows)
    alone = (flow for flow in flows if flow in marked and known[flow].part == "sum")
    found = {flow: known[flow].parent for flow in alone if count[known[flow].parent] == 1}
    if {*_STOCKS, "stock_change"} <= {*flows}:
        found = dict.fromkeys(_STOCKS, "stock_change") | found
    return found


def _read_standard(cells: PrintedCells, blocks: Sequence[Block]) -> EnergyBalance | None:
    """Return the cells in standard quantity as a table; None where they contradict each other."""
    try:
        choice = choose(cells, blocks)
    except TableError:  # the physical quantity counts, and these are no evidence of anything
        return None
    return turn_negative_uses(_to_balance(cells.count(choice), blocks))


def _refuse_empty(cells: PrintedCells, findings: Sequence[Finding]) -> None:
    """Refuse tables of which no number could be placed."""
    if (cells.status == values.NUMBER).any():
        return
    if gross := [finding for finding in findings if finding.rule == "gross-left-out"]:
        raise TableError(
            say(
                "{where}: no number of the table can be used: {message}; {action}",
                where=gross[0].where,
                message=gross[0].message,
                action=say("give fuels, or net energy"),
            )
        )
    lost = [
        finding
        for finding in findings
        if finding.rule in {"unplaced-numbers", "unused-numbers", "no-table"}
    ]
    if lost:
        raise TableError(
            say(
                "{where}: no number of the table could be placed: {message}; {action}",
                where=lost[0].where,
                message=lost[0].message,
                action=lost[0].action,
            )
        )
    if left_out := [finding for finding in findings if finding.rule == "left-out"]:
        raise TableError(
            say(
                "{where}: the table holds no amounts: {message}; give the table that holds them",
                where=left_out[0].where,
                message=left_out[0].message,
            )
        )


def _years_of(block: Block, year: int | None, blocks: Sequence[Block]) -> tuple[str, ...]:
    """Return the years of a block's labels: the table's own, else the option's, else that of the other tables."""
    known, labels = _known_years(block), _year_labels(block)
    is_silent = any(map(_is_relative, _used(block)))
    if year is not None and not is_silent and year not in known:
        of_file = {
            other
            for each in blocks
            if each.sheet.file == block.sheet.file
            for other in _known_years(each)
        }
        if year in of_file:
            return labels  # another sheet of the workbook has it
        listed = join_texts(", ", map(str, sorted(of_file)))
        raise TableError(
            say(
                "{address}: the table says {listed} and the option says {year}; correct one "
                "of them",
                address=block.sheet.address(0, 0),
                listed=listed,
                year=year,
            )
        )
    if is_silent and year is None and (named := block.title.other_years):
        listed = join_texts(
            ", ", (say("{other} ({where})", other=other, where=where) for other, where in named)
        )
        raise TableError(
            say(
                "{named}: the title names several years, {listed}, and the cells none; pass "
                "--year, or correct the title",
                named=named[0][1],
                listed=listed,
            )
        )
    if is_silent:  # some cells say no year
        others = known or {other for each in blocks for other in _known_years(each)}
        found = year if year is not None else others.pop() if len(others) == 1 else None
        if found is None:
            raise TableError(
                say(
                    "{address}: neither title, sheet nor file name says one year; pass --year",
                    address=block.sheet.address(0, 0),
                )
            )
        return tuple(
            str(found + int(label or 0)) if _is_relative(label) else label for label in labels
        )
    return labels


def _year_labels(block: Block) -> tuple[str, ...]:
    base = block.title.year
    labels = [label or "" for label in block.form.year.labels]
    return tuple(
        str(base + int(label or 0)) if base and _is_relative(label) else label for label in labels
    )


def _is_relative(label: str) -> bool:
    """Return whether a year is said by that of the title: "" is the same, -1 the one before."""
    return not label or label.startswith("-")


def _known_years(block: Block) -> set[int]:
    return {int(label) for label in _used(block) if not _is_relative(label)}


def _used(block: Block) -> set[str]:
    labels = _year_labels(block)
    return {labels[code] for code in block.form.years_used}


def _gather(blocks: Sequence[Block], years: Sequence[tuple[str, ...]]) -> PrintedCells:
    """Lay the cells of all blocks in a row, and bring each number to the sign and unit in which its product is kept."""
    printed_areas = [
        [name_area(label or "", block.title.area) for label in block.form.area.labels]
        for block in blocks
    ]
    # An area is one area however it is spelt: the first spelling stays.
    every = [area for areas in printed_areas for area in areas]
    spelt = dict(zip(every, spell_like(every, every), strict=True))
    of_area = [[spelt[area] for area in areas] for areas in printed_areas]
    areas = list(dict.fromkeys(spelt.values()))
    code = {name: n for n, name in enumerate(areas)}
    all_years = sorted(
        {label for labels in years for label in labels}, key=lambda label: int(label or 0)
    )
    sheets = list(dict.fromkeys((block.sheet.file, block.sheet.name) for block in blocks))
    arrangement = arrange(
        tuple(block.form for block in blocks),
        tuple(tuple(code[name] for name in names) for names in of_area),
        tuple(tuple(all_years.index(label) for label in labels) for labels in years),
        tuple(sheets.index((block.sheet.file, block.sheet.name)) for block in blocks),
    )
    printed = np.concatenate([block.printed.ravel() for block in blocks])
    status = np.concatenate([block.status.ravel() for block in blocks])
    if arrangement.belong is not None:
        printed, status = printed[arrangement.belong], status[arrangement.belong]
    numbers = printed * arrangement.sign
    numbers = np.where(arrangement.leaves_area, -np.abs(numbers), numbers)
    with np.errstate(over="ignore"):
        amount = (numbers + 0.0) * arrangement.scale
    cells = PrintedCells(
        arrangement, tuple(areas), tuple(all_years), tuple(sheets), printed, amount, status
    )
    if (too_large := (np.abs(amount) > _MOST) & (status == values.NUMBER)).any():
        at = int(too_large.argmax())
        raise TableError(
            say(
                "{where}: {product} of {flow} is {number} {unit}, more than any amount can be;"
                " correct the cell or its unit",
                where=cells.address(at),
                product=cells.label("product", at),
                flow=cells.label("flow", at),
                number=f"{printed[at]:g}",
                unit=cells.label("unit", at),
            )
        )
    return cells


def _leave_out_gross(cells: PrintedCells) -> tuple[PrintedCells, list[Finding]]:
    """Take out gross energy that no ratio turns into net energy: totals and biomass, which burn in no total."""
    unused = np.isnan(cells.arrangement.scale)
    positions = np.flatnonzero(unused & (cells.status == values.NUMBER))
    if not len(positions):
        return cells.take(~unused), []
    products = list(dict.fromkeys(cells.label("product", int(place)) for place in positions))
    message = say(
        "{place_count} numbers of {products} are gross calorific energy, for which "
        "there is no ratio of net to gross: they are not used",
        place_count=len(positions),
        products=name_some(products, 6),
    )
    return cells.take(~unused), [
        Finding(
            "gross-left-out",
            "warning",
            message,
            cells.address(int(positions[0])),
            say("give them as net energy if they matter"),
        )
    ]


def _note_unreadable(cells: PrintedCells, sheets: Sequence[Sheet]) -> list[Finding]:
    found = []
    for n in map(int, np.flatnonzero(cells.status == values.UNREADABLE)):
        at = cells.arrangement
        i, j, here = int(at.row[n]), int(at.column[n]), cells.sheets[int(at.sheet[n])]
        held = (
            sheet.rows[i][j]
            for sheet in sheets
            if (sheet.file, sheet.name) == here and i < len(sheet.rows) and j < len(sheet.rows[i])
        )
        text = values.printed(
            next(cell for cell in held if values.read_value(cell)[1] == values.UNREADABLE)
        )  # two files may have one name
        action = (
            say("write a point if the comma is a decimal comma")
            if _DECIMAL_COMMA.fullmatch(text)
            else say("correct the cell")
        )
        found.append(
            Finding(
                "unreadable-number",
                "error",
                say(
                    "{product} of {flow} is {text!r}, not a number",
                    product=cells.label("product", n),
                    flow=cells.label("flow", n),
                    text=text[:30],
                ),
                cells.address(n),
                action,
            )
        )
    return found
