"""A mapping file for a table that does not read: one line for each label that is not known, with what it may be.

What is found by assuming: each label gets the id that is likeliest, the table is read again, and
what that shows is asked as well, until nothing new is. Then the sums that the table prints say
which ids are right.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import pandas as pd

from carbonacct import vocabulary
from carbonacct.balances.account.diagnosis import heads_objects
from carbonacct.balances.check.evidence import DIGITS_PROVE, find_closing
from carbonacct.balances.proposals.candidates import (
    LabelSurroundings,
    list_kin,
    names_total,
    rank_ids,
    rank_totals,
)
from carbonacct.balances.proposals.half_candidates import (
    lacks_half,
    rank_behind_rest,
    rank_halves,
    rank_sums,
)
from carbonacct.balances.proposals.hanging import (
    contradicts_its_unit,
    count_numbers,
    find_beside,
    find_topic,
    find_translation,
    holds_numbers,
    list_beside_in_row,
    rank_columns,
    sum_sizes,
)
from carbonacct.balances.proposals.sheet_lines import propose_sheets
from carbonacct.balances.reading import open_files, read_files
from carbonacct.balances.usual_units import is_chinese, rank_units
from carbonacct.balances.words.hints import find_hint, find_hinted_ids
from carbonacct.balances.words.mapping import LEFT_OUT, Mapping, make_mapping, read_words
from carbonacct.product_groups import is_delivered
from carbonacct.sheets.cell_corrections import correct_sheets
from carbonacct.sheets.raw_sheets import Sheet, cell_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from carbonacct.balances.amounts.energy_balance import EnergyBalance
    from carbonacct.balances.join.sheet_tables import Page
    from carbonacct.balances.reading import Reading
    from carbonacct.sheets.cell_corrections import Correction
    from carbonacct.sheets.raw_sheets import Unknown

COLUMNS = (
    "kind",
    "name",
    "id",
    "sign",
    "note",
    "where",
    "numbers",
    "share",
    "candidates",
    "confidence",
)
CERTAIN = 0.9
_MOST_ROUNDS = 8
_MOST_WEIGHED = 60
_MOST_CANDIDATES = 5
_MOST_KIN = 5
_KIN = 0.02  # of the family of its neighbours, and no more
_HINTED = 0.6  # what people mostly do with such a label, and have to say
_MOST_CELLS = 6
_CLOSES_ALONE = 0.95  # of all ids, one alone makes the sums close
_CLOSES = 0.5
_SECONDED = 0.15  # by letters or place, before sums make an id certain
_SETTLES = 0.3  # a contradiction, which a person has to judge
_ELSEWHERE = 0.3  # of a likeness, for a use outside that of the title
_BESIDE = 0.4  # of the label that stands beside it in its row
_TRANSLATED = 0.8  # of the label in another language beside it, which a person confirms
_AHEAD = 0.15  # of what is filled in, before the next


@dataclass
class AskedLabel:
    """A label that is not known, and what it may be.

    Attributes
    ----------
    kind, name
        What it would name, and its text.
    page, cells
        Where it stands.
    scores
        How sure each id is, best first.
    assumed
        The id under which its numbers were read.
    note
        Why it is asked, where its text does not say so.
    """

    kind: str
    name: str
    page: Page
    cells: tuple[tuple[int, int], ...]
    scores: dict[str, float]
    assumed: str = ""
    note: str = ""

    @property
    def best(self) -> str:
        """The likeliest id."""
        return next(iter(self.scores), "")

    @property
    def certain(self) -> str:
        """The id that is filled in, "" if a person has to choose."""
        first, second = [*self.scores.values(), 0.0, 0.0][:2]
        return self.best if first >= CERTAIN and first - second >= _AHEAD else ""


def propose_mapping(
    *paths: str | Path,
    area: str | None = None,
    year: int | None = None,
    mapping: str | Path | Mapping | None = None,
    layout: str | Path | None = None,
    sheet: str | Sequence[str] | None = None,
    corrections: Sequence[Correction] = (),
) -> pd.DataFrame:
    r"""Propose a mapping file for tables that do not read: a line for each label that is not known.

    Where the sheets of a workbook contradict one another, there is a line for each of them as well.

    Parameters
    ----------
    paths, area, year
        As :func:`carbonacct.read_balance` takes them.
    mapping
        A mapping that settles some of the labels; the proposal is about the others.
    layout, sheet, corrections
        As :func:`carbonacct.read_balance` takes them.

    Returns
    -------
    DataFrame
        The columns of a mapping file, ``kind, name, id, sign, note``; ``id`` is filled in where it
        is certain. Behind them, for the person who chooses: the cells (``where``), how many
        ``numbers`` hang on the label and their ``share`` of the sum of all numbers as printed, the
        best ``candidates``, and the ``confidence`` in the first (0 to 1). The line of a sheet says
        what the sheet begins with and whether it reads alone.

    Raises
    ------
    TableError
        If a file cannot be opened, the mapping file has faults, or a sheet that is named is not
        there.

    Examples
    --------
    >>> from pathlib import Path
    >>> text = "重庆能源平衡表 2015\n项目,原煤(万吨),焦炭(万吨)\n终端消费,30,3\n工业,20,1\n甲类,10,2\n"
    >>> path = Path(getfixture("tmp_path")) / "t.csv"
    >>> _ = path.write_text(text, encoding="utf-8")
    >>> propose_mapping(path)[["kind", "name", "where", "numbers"]].values.tolist()
    [['flow', '甲类', 'A5', 2]]
    """
    own = read_words(mapping, layout, sheet) or Mapping()
    files = [correct_sheets(one, corrections) for one in open_files(paths, own)]
    find = _Finder(files, own, area, year)
    asked = find.ask()
    find.weigh_sums(asked)
    lines = [line for sheets in files for line in propose_sheets(sheets, own, find.read_alone)]
    lines += [line for each in asked for line in _write_lines(each)]
    proposal = pd.DataFrame(lines, columns=list(COLUMNS))
    texts = {  # a column of texts would keep one language of them
        name: pd.Series([line[name] for line in lines], proposal.index, dtype=object)
        for name in ("note", "where")
    }
    return proposal.assign(**texts)


class _Finder:
    """Reads some files again and again, under what is assumed of their labels."""

    def __init__(
        self, files: Sequence[Sequence[Sheet]], own: Mapping, area: str | None, year: int | None
    ) -> None:
        self.files, self.own, self.area, self.year = files, own, area, year

    def read(self, asked: Sequence[AskedLabel]) -> Reading:
        """Return the reading in which each label has its likeliest id."""
        for each in asked:
            each.assumed = each.best
        words = self.own.with_words_of(_assume(asked))
        sheets = [_copy(each) for each in self.files]
        return read_files(sheets, area=self.area, year=self.year, own=words)

    def read_alone(self, sheets: Sequence[Sheet]) -> Reading:
        """Return the reading of some sheets of one file, without anything assumed."""
        words = replace(self.own, sheets=())
        return read_files([_copy(sheets)], area=self.area, year=self.year, own=words)

    def ask(self) -> list[AskedLabel]:
        """Return all labels that are not known: what is assumed of some shows others."""
        asked: dict[tuple[str, str], AskedLabel] = {}
        first: Reading | None = None
        for _ in range(_MOST_ROUNDS):
            reading = self.read([*asked.values()])
            assumed = frozenset(each.best for each in asked.values())
            found = [
                (page, unknown)
                for page in reading.pages
                for unknown in _list_unknown(page)
                if _key_of(unknown) not in asked
                and not (unknown.kind == "unit" and unknown.text in assumed)
                # What a known label lacks beside labels that are assumed follows from these.
                and not (asked and lacks_half(page, unknown))
            ]
            for page, unknown in found:
                key = _key_of(unknown)
                used = frozenset(each.best for each in asked.values())
                if key not in asked:
                    asked[key] = _ask_one(page, unknown, used, self.own)
                elif asked[key].page is page:
                    asked[key].cells += unknown.cells
            if first is None:
                first = reading
            if not found:
                break
        # Contradictions between labels that are known: what is assumed makes others of its own.
        return [*asked.values(), *(_list_answers(first, asked) if first else ())]

    def weigh_sums(self, asked: Sequence[AskedLabel]) -> None:
        """Let the sums that the table prints say which ids are right, twice: one answer bears on the next.

        Where very many labels are not known, sums of assumed ids say nothing.
        """
        for _ in range(2 if len(asked) <= _MOST_WEIGHED else 0):
            known = self.read(asked).known
            for each in asked:
                if each.kind in {"flow", "product"} and known is not None and not each.certain:
                    _weigh(each, known, sum(other.kind == each.kind for other in asked))
            if all(each.best == each.assumed for each in asked):
                return


def _copy(sheets: Iterable[Sheet]) -> list[Sheet]:
    """Return sheets whose cells may be rewritten."""
    return [replace(sheet, rows=[list(row) for row in sheet.rows]) for sheet in sheets]


def _key_of(unknown: Unknown) -> tuple[str, str]:
    """Return what lines of a mapping are told apart by: 其中 零售量 and 其中:零售量 are one label."""
    return unknown.kind, vocabulary.fold(unknown.text) or unknown.text


def _list_answers(reading: Reading, asked: dict[tuple[str, str], AskedLabel]) -> list[AskedLabel]:
    """Return the known labels of which a line would settle a contradiction, and that are not asked yet."""
    found: dict[tuple[str, str], AskedLabel] = {}
    for stop in reading.stops:
        page = next((each for each in reading.pages if each.sheet is stop.sheet), None)
        if page is None:
            continue
        for label, ids, why in stop.answers:
            scores = {each: _SETTLES - n / 10 for n, each in enumerate(ids)}
            answer = AskedLabel(label.kind, label.text, page, label.cells, scores, note=why)
            if _key_of(label) not in asked:
                found.setdefault(_key_of(label), answer)
    return [*found.values()]


def _list_unknown(page: Page) -> list[Unknown]:
    """Return the labels of a page that are not known."""
    return [unknown for stop in page.stops for unknown in stop.askable]


def _assume(asked: Iterable[AskedLabel]) -> Mapping:
    return make_mapping(
        {"kind": each.kind, "name": each.name, "id": each.best} for each in asked if each.best
    )


def _join_answers(name: str, own: Mapping) -> str:
    """Return both ids of a label to which a mapping gives a flow in one line and a product in another, else ""."""
    folded = vocabulary.fold(name)
    ids = own.flows.get(folded, ""), own.products.get(folded, "")
    return " + ".join(ids) if all(ids) else ""


def _ask_one(page: Page, unknown: Unknown, assumed: frozenset[str], own: Mapping) -> AskedLabel:
    """Return a label with what it may be by its letters, its place and its unit."""
    kind, name, cells = unknown
    if (
        kind not in {"unit", "decimal"}
        and not heads_objects(name)
        and (held := rank_columns(page, kind, cells))
    ):  # years, areas or units below a header
        return AskedLabel("column", name, page, cells, held)
    if kind == "column" and not heads_objects(name) and holds_numbers(page, cells[0]):
        products = _rank_label(page, unknown, assumed)
        if max(products.values(), default=0.0) >= _CLOSES:  # Consumo de Gas, over amounts
            return AskedLabel("product", name, page, cells, products)
        return AskedLabel("column", name, page, cells, {"value": _SETTLES})
    if kind in {"flow", "product"} and (said := _join_answers(name, own)):
        return AskedLabel("flow", name, page, cells, scores={said: _TRANSLATED})
    if kind == "flow" and (said := find_translation(page, cells[0])):
        return AskedLabel(kind, name, page, cells, scores={said: _TRANSLATED})
    scores = (
        rank_behind_rest(page, unknown)
        or _rank_by_kind(page, unknown)
        or _rank_label(page, unknown, assumed)
    )
    return AskedLabel(kind, name, page, cells, scores)


def _rank_by_kind(page: Page, unknown: Unknown) -> dict[str, float]:
    """Return what a unit, a mark of decimals or a column may be, or a label that a hint is for; nothing for others."""
    kind, name, _ = unknown
    if kind == "unit":
        units = rank_units(name, in_chinese=is_chinese(page.sheet))
        return {unit: 0.3 - 0.01 * n for n, unit in enumerate(units)}
    # A hint may name flows alone: a column of raw materials is asked as a product, which none of them is.
    known = vocabulary.products() if kind == "product" else vocabulary.flows()
    hinted = [each for each in find_hinted_ids(name) if each in known or each == LEFT_OUT]
    if hinted:
        if delivered := _rank_delivered(page, unknown, hinted):
            return delivered
        return {identifier: _HINTED - n / 100 for n, identifier in enumerate(hinted)}
    if kind == "decimal":  # one of two, and nothing speaks for either
        return {".": 0.1, ",": 0.1}
    if kind == "column" and heads_objects(name):
        return rank_sums(page, unknown)
    # An area is assumed: any name is one.
    return {"area": 0.1, "flow": 0.1, "product": 0.1} if kind == "column" else {}


def _rank_delivered(page: Page, unknown: Unknown, hinted: Sequence[str]) -> dict[str, float]:
    """Return what sales to a user may be, nothing for other labels.

    What a network sells is used there, other sales are passed over.
    """
    if unknown.kind != "product" or [*hinted] != [LEFT_OUT]:
        return {}
    halves = rank_halves(page, unknown)
    named = {each: score for each, score in halves.items() if is_delivered(each.split(" + ")[-1])}
    return {**named, LEFT_OUT: min(named.values()) / 2} if named else {}


def _rank_label(page: Page, unknown: Unknown, assumed: frozenset[str]) -> dict[str, float]:
    """Return what a label may mean by what it names alone, by its letters, its place and its unit."""
    kind, name, cells = unknown
    if halves := rank_halves(page, unknown):
        return halves
    beside = find_beside(page, kind, cells[0])
    known = vocabulary.products() if kind == "product" else vocabulary.flows()
    # What is assumed of flows says nothing of products, and what is assumed alone nothing of a whole.
    total_of = beside.used
    beside = beside._replace(used=beside.used | assumed.intersection(known))
    if kind == "product" and contradicts_its_unit(page, cells[0]):
        # What it names is known, and its unit cannot measure that: a person may pass it over.
        return {LEFT_OUT: 0.1}
    if kind == "product" and names_total(name):
        return rank_totals(beside if total_of else beside._replace(used=total_of))
    scores = rank_ids("flow" if kind == "flow" else "product", name, beside)
    about = find_topic(page, cells[0]) if kind == "flow" else ""
    if about:  # in a table about households plants are the least likely
        scores = {
            each: score * (1.0 if vocabulary.is_within(each, about) else _ELSEWHERE)
            for each, score in scores.items()
        }
        if names_total(name):
            scores[about] = max(scores.get(about, 0.0), _BESIDE)
    for whole in list_beside_in_row(
        page, kind, cells[0]
    ):  # 工业 | 燃料用途: a part that is the rest of it
        scores[whole] = max(scores.get(whole, 0.0), _BESIDE)
    scores = dict(sorted(scores.items(), key=lambda item: -item[1]))
    return scores or _any_id(kind, beside)


def _any_id(kind: str, beside: LabelSurroundings) -> dict[str, float]:
    """Return ids that stand in until a person chooses: of the kin of the labels beside it, where they have any left."""
    known = vocabulary.flows() if kind == "flow" else vocabulary.products()
    fitting = rank_ids("product", "", beside) if kind == "product" else {}
    kin = list_kin("flow" if kind == "flow" else "product", beside)
    near = [each for each in (*kin, *fitting) if each not in beside.used]
    if near and (beside.before or beside.behind):  # else no id is likelier than another
        return {each: _KIN - n / 1000 for n, each in enumerate(dict.fromkeys(near[:_MOST_KIN]))}
    return {next((each for each in known if each not in beside.used), next(iter(known))): 0.0}


def _weigh(each: AskedLabel, balance: EnergyBalance, asked: int) -> None:
    """Add what the sums say of a label; ``asked`` is how many labels of its kind are not known."""
    kind: Literal["flow", "product"] = "flow" if each.kind == "flow" else "product"
    names = balance.flows if kind == "flow" else balance.products
    if each.assumed not in names:
        return
    known = vocabulary.flows() if kind == "flow" else vocabulary.products()
    closing = find_closing(balance, kind, each.assumed, [*known])
    most = max(closing.values(), default=0.0)
    alike = [name for name, digits in closing.items() if digits > most - 1.0]
    scores = dict(each.scores)
    # Sums alone make nothing certain: other labels stand under ids that are only assumed, and the
    # parts of one whole close alike.
    seconded = [name for name in alike if scores.get(name, 0.0) >= _SECONDED]
    is_part = vocabulary.is_within if kind == "flow" else vocabulary.is_product_within
    is_certain = len(seconded) == 1 and all(
        name == seconded[0] or is_part(name, known[seconded[0]].parent) for name in alike
    )
    is_certain &= 2 * asked <= len(names)
    for name in alike:
        proof = _CLOSES_ALONE if is_certain and name in seconded else _CLOSES
        weight = proof * min(1.0, most / DIGITS_PROVE)
        scores[name] = 1.0 - (1.0 - scores.get(name, 0.0)) * (1.0 - weight)
    each.scores = dict(sorted(scores.items(), key=lambda item: -item[1]))


def _write_lines(each: AskedLabel) -> Iterator[dict[str, object]]:
    """Yield the line of a label, or one for each of its rows if they stand in one table under the same labels."""
    groups = _split_rows(each)
    for number, cells in enumerate(groups, start=1):
        named = [cell_name(*cell) for cell in cells]
        more = f" +{len(named) - _MOST_CELLS}" if len(named) > _MOST_CELLS else ""
        sheet = f"{each.page.sheet.name}!" if each.page.sheet.name else ""
        best = list(each.scores.items())[:_MOST_CANDIDATES]
        yield {
            "kind": each.kind,
            "name": f"{each.name}#{number}" if len(groups) > 1 else each.name,
            "id": each.certain if len(groups) == 1 else "",
            "sign": "",
            "note": each.note or _hint(each),
            "where": f"{sheet}{' '.join(named[:_MOST_CELLS])}{more}",
            "numbers": count_numbers(each.page, cells),
            "share": round(sum_sizes(each.page, cells), 4),
            "candidates": " | ".join(name for name, score in best if score > 0),
            "confidence": round(best[0][1], 2) if best else 0.0,
        }


def _hint(each: AskedLabel) -> str:
    """Return the hint for a label, "" where it says to pass over what has a likelier id."""
    is_left_out = find_hinted_ids(each.name) == (LEFT_OUT,)
    return "" if is_left_out and each.best != LEFT_OUT else find_hint(each.name)


def _split_rows(each: AskedLabel) -> list[tuple[tuple[int, int], ...]]:
    """Return the cells of a label as groups of one meaning: rows with nothing but one label are rows of their own."""
    tables = [table for table in each.page.tables if table.rows is not None]
    rows = {i for i, _ in each.cells}
    alone = any(
        all(table.first <= i < table.end for i in rows) and len(table.columns.stubs) == 1
        for table in tables
    )
    if each.kind in {"flow", "product"} and len(rows) > 1 and alone:
        return [(cell,) for cell in sorted(each.cells)]
    return [each.cells]
