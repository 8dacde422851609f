"""What a number of a city's yearbook means: use of a fuel, a total, an indicator, or nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from carbonacct import vocabulary
from carbonacct.balances.amounts.conversions import convert
from carbonacct.balances.label.labels import read_label
from carbonacct.balances.words.mapping import Mapping
from carbonacct.cities.declared import find_indicator
from carbonacct.data import data_folder, read_rows
from carbonacct.errors import UnitError
from carbonacct.records.quantity_headings import split_heading
from carbonacct.texts import say
from carbonacct.units import read_unit

if TYPE_CHECKING:
    from carbonacct.records.statements import Statement

_BRACKETS = re.compile(r"[(（][^()（）]*[)）]")
_ABOVE_SIZE = re.compile(
    r"规模以上|规上|above designated|(?:^|[^a-z])ads(?:[^a-z]|$)", re.IGNORECASE
)


@dataclass(frozen=True)
class StatementMeaning:
    """What a label means where it stands.

    Attributes
    ----------
    kind
        ``use`` (of a product in a row), ``sum`` (of other uses of its group), ``total`` (of a
        product), ``branch`` (use of a branch of industry), ``indicator``, ``pass`` (declared not to
        count) or ``unread``.
    indicator
        What it says besides, or alone.
    group, rank
        Uses of one group are parts of its sum, or, with ranks, ways to say the same: the first
        counts.
    is_part
        The number is one part of its row: the row is the sum of such parts.
    carrier
        Whose fuel it is, where that follows the seat of a company and not the city.
    covers
        Another row that the number holds too: gas for trade and services is printed as one.
    """

    kind: str
    flow: str = ""
    product: str = ""
    indicator: str = ""
    group: str = ""
    rank: int = 0
    is_part: bool = False
    carrier: str = ""
    covers: str = ""
    note: str = ""


@dataclass(frozen=True)
class Fact:
    """A statement that is understood: its meaning, and its number in the product's unit."""

    statement: Statement
    meaning: StatementMeaning
    value: float
    unit: str
    converted: str = ""

    @property
    def label(self) -> str:
        """The innermost label, or the branch, as printed."""
        return self.statement.labels[-1] if self.statement.labels else self.statement.sector


@cache
def _patterns() -> list[tuple[re.Pattern[str], re.Pattern[str] | None, dict[str, str]]]:
    return [
        (re.compile(row["pattern"]), re.compile(row["about"]) if row["about"] else None, row)
        for row in read_rows(data_folder() / "vocabulary" / "city_labels.csv")
    ]


@cache
def _product_words() -> list[tuple[str, str]]:
    rows = read_rows(data_folder() / "vocabulary" / "city_products.csv")
    return sorted(((row["word"], row["product"]) for row in rows), key=_longest)


def _longest(pair: tuple[str, str]) -> int:
    return -len(pair[0])


def is_above_size(*texts: str) -> bool:
    """Return whether a title or a file's name says that only industry above size is there.

    Examples
    --------
    >>> is_above_size("规模以上工业企业能源消费"), is_above_size("ads_2019.csv")
    (True, True)
    >>> is_above_size("工业能源消费", "loads.csv")
    False
    """
    return any(_ABOVE_SIZE.search(text) for text in texts)


def find_meaning(statement: Statement) -> StatementMeaning:
    """Return what a statement means; the number of it is not looked at."""
    return _find(statement.table, statement.labels, statement.sector, statement.product)


def find_declared(statement: Statement) -> StatementMeaning | None:
    """Return what the vocabulary of cities says of a statement, None where it does not know it."""
    if statement.sector:
        return None
    return _find_declared(statement.table, statement.labels, statement.product)


@lru_cache(maxsize=16384)
def _find(table: str, labels: tuple[str, ...], sector: str, printed: str) -> StatementMeaning:
    if sector:
        return _find_branch(labels[-1] if labels else printed, sector)
    if declared := _find_declared(table, labels, printed):
        return declared
    if indicator := find_indicator(_bare(labels[-1]) if labels else ""):
        return StatementMeaning("indicator", indicator=indicator)
    flow = vocabulary.resolve("flow", labels[-1]) if labels else None
    product = _find_product((printed, *labels[::-1], table))
    if flow and product:
        return StatementMeaning("use", flow=flow, product=product)
    return _find_joined(labels[-1]) if labels else StatementMeaning("unread")


def _find_joined(label: str) -> StatementMeaning:
    """Return what a label means that joins a use to a product (规模以上工业原煤消费量), as in a balance."""
    joined = read_label(label, Mapping()).joined
    is_use = joined and joined.product and vocabulary.is_finer(joined.flow, "final_consumption")
    # A subtotal (第三产业) holds other rows; energy of all kinds is no fuel.
    if not joined or not is_use or vocabulary.flows()[joined.flow].part == "group":
        return StatementMeaning("unread")
    if joined.product.startswith("total_energy"):
        return StatementMeaning("unread")
    of_branch = is_above_size(label) and vocabulary.is_within(joined.flow, "industry")
    kind = "branch" if of_branch else "use"
    return StatementMeaning(kind, flow=joined.flow, product=joined.product)


@lru_cache(maxsize=16384)
def _find_declared(table: str, labels: tuple[str, ...], printed: str) -> StatementMeaning | None:
    label = _plain(labels[-1]) if labels else ""
    context = " ".join([vocabulary.fold_case(table), *map(_plain, labels[:-1]), label])
    product = _find_product((printed, *labels[::-1], table))
    for pattern, about, row in _patterns():
        if pattern.search(label) and (about is None or about.search(context)):
            return StatementMeaning(
                kind=row["kind"],
                flow=row["flow"],
                product=row["product"] or product,
                indicator=row["indicator"],
                group=row["group"],
                rank=int(row["rank"] or 0),
                is_part=row["part"] == "yes",
                carrier=row["carrier"],
                covers=row["covers"],
                note=row["note"],
            )
    return None


def _find_branch(what: str, sector: str) -> StatementMeaning:
    """Return what a number of a branch of industry means."""
    flow = vocabulary.resolve("flow", sector)
    if flow is None or not vocabulary.is_within(flow, "industry"):
        return StatementMeaning("unread")
    if indicator := find_indicator(_bare(what)):
        return StatementMeaning("indicator", flow=flow, indicator=indicator)
    product = vocabulary.resolve("product", _bare(what))
    return (
        StatementMeaning("branch", flow=flow, product=product)
        if product
        else StatementMeaning("unread")
    )


def _bare(label: str) -> str:
    """Return a label without brackets, and without the unit that it stands over (天然气消费量/亿立方米)."""
    return split_heading(_BRACKETS.sub("", label))[0]


def _plain(label: str) -> str:
    return vocabulary.fold(_bare(label))


def _find_product(texts: tuple[str, ...]) -> str:
    """Return the product that the nearest text names."""
    for text in texts:
        folded = "_" + re.sub(r"[^a-z\u4e00-\u9fff]+", "_", text.lower()) + "_"
        for word, product in _product_words():
            if (f"_{word}_" if word.isascii() else word) in folded:
                return product
    return ""


def measure(statement: Statement, meaning: StatementMeaning) -> Fact | None:
    """Return a statement with its number in the product's unit; None where its own cannot be.

    Raises
    ------
    UnitError
        If the unit is not printed or not known.
    """
    try:
        unit = read_unit(statement.unit)
    except UnitError as error:
        raise UnitError(say("{where}: {error}", where=statement.where, error=error)) from None
    conversion = convert(meaning.product, unit)
    if conversion is None:
        return None
    return Fact(
        statement, meaning, statement.value * conversion.scale, conversion.unit, conversion.source
    )
