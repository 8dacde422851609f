"""What a printed text says by itself: its units, and the flow and the product that it names or joins.

A text is read once under the words of its table. Headers and rows add what their place tells: what a
column holds, whether a half of the label may be passed over.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from carbonacct import vocabulary
from carbonacct.balances.words.compounds import read_joined
from carbonacct.balances.words.mapping import Mapping
from carbonacct.records.heading_roles import total_words
from carbonacct.units import fold_unit, is_ambiguous, is_unit, read_unit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from carbonacct.balances.words.compounds import Compound

# 7.3.1 before a word: the numbering of a section, without a last dot.
_SECTION = re.compile(r"^\s*\d{1,2}(?:\.\d{1,2})+\s+(?=[^\d\s])")
_MARKS = re.compile(
    r"[①-⑳†‡§]"
    r"|[(（]\s*[*†‡]+\s*[)）](?=\s*(?:$|[(（]))"  # Alquitrán (**)
    r"|(?<=[\u4e00-\u9fffA-Za-z)）])(?<![米mM])[¹²³⁴-⁹]+(?=\s|$|[(（])"
    r"|(?<=[\u4e00-\u9fff)）])[\d１-９][)）](?=\s*(?:$|[(（]))"  # 热力1)
    r"|(?<=[\u4e00-\u9fffA-Za-z)）])\s?[(（][\d１-９][)）](?=\s*(?:$|[(（]))"  # 热力（1）, Imports (2)
)
# 06 煤炭开采和洗选业: the division of GB/T 4754 before its name
# Natural gas b, Coal 1/, Industrial1: what is raised in print stands behind its word in a file.
NOTED = re.compile(
    r"(?:.*[^\W\d_]{3}\)?(?= (?:[a-h]|\d{1,2}/)$)|.*[^\W\d_\u3400-\u9fff]{3}(?=[1-9]$))"
)
_HYPHEN = re.compile(r"(?<=[^\W\d_])[-‐‑](?=[^\W\d_])")  # Hydro-electric, extra-leicht
_OF_ROWS = re.compile(r"\s*\((?:[\d.]+\s*[-–+=]\s*)+[\d.]+\)$")  # Total supply (1.1+2-3-4+5)
# Changes in stocks (+ net decrease, - net increase), as the balance counts them; (+/-).
# The other way round it is asked.
_SIGNS = re.compile(
    r"\s*\((?:[-–−+±/,;\s]+|(?:\+ ?(?:net )?(?:decrease|draw|withdrawal)|[-–−] ?(?:net )?(?:increase|build))[^()]*)\)$",
    re.IGNORECASE,
)
# Oil products (excl. bio): what is no biofuel is all that a petroleum product is here.
_FOSSIL = re.compile(
    r"\s*\((?:excl\.|ekskl\.|excluding|ohne|hors|sin|senza) bio[^()]*\)$", re.IGNORECASE
)
_ROW_NUMBER = re.compile(r"^\d{1,2}\s+(?=[^\W\d_\u3400-\u9fff])")  # 6 Total supply
_LONGEST_RESPELT = 150
_PRODUCED = ("production", "generation", "heat_generation")  # flows that print what is made
_QUALIFIED = re.compile(r"([^()]*[^\W\d_][^()]*) \(([^\W\d_]{3,})\)")  # Heizöl (leicht)
_DIVISION = re.compile(r"^\s*\d{2}\s*(?=[\u4e00-\u9fff])")
BRACKETS = re.compile(r"\(([^()]*)\)")
_SQUARE = re.compile(r"[\[【〔]([^\[\]【】〔〕]*)[\]】〕]")  # Coal [kt], 原煤【万吨】
_CJK = re.compile(r"[\u3400-\u9fff]")
# Coal Consumption - EJ; Final use, MWh; 用电量_万千瓦时; 天然气-万立方米
_UNIT_BEHIND = re.compile(r"(?:\s[-–—]|,|(?<=[\u4e00-\u9fff])[-_])\s*([^-–—,_]+)$")
_QUANTITY = re.compile(r"(?:(标准量|实物量)|单位)\s*[:,]\s*(.+)", re.DOTALL)  # (标准量：吨标准煤)
# 原煤 万吨, and not 炼 焦
_UNIT_BEHIND_BLANK = re.compile(r"(?<=[\u4e00-\u9fff])\s+([\u4e00-\u9fff]{2,}|吨)$")
# 用电量万千瓦时
_UNIT_ATTACHED = re.compile(
    r"(?<=[\u4e00-\u9fff])[十百千万亿]*(?:吨(?:标准?煤)?|立方米|千瓦小?时|度|[千吉]焦|升)$"
)
# 原煤/万吨, Gasoline/t: a quantity over its unit (GB 3101)
_OVER_UNIT = re.compile(r"\s*/\s*([^/\s][^/]*)$")
_TWO_UNITS = re.compile(r"([\u3400-\u9fff]+)[ ,，/]*([^\u3400-\u9fff\s].*)")  # 万吨 10^4 tons


@dataclass(frozen=True)
class Label:
    """What a printed text says by itself.

    Attributes
    ----------
    text
        The text without its units.
    names
        All words by which a layout may call it, folded; the first is the whole.
    units
        As printed, in their order.
    flow, product
        The ids that it names as a whole, "" where it names none.
    of_which
        The number of marks 其中 or #.
    half
        Of a label in two languages, the half that is not known beside one that is.
    joined
        What it says where it joins several things: 煤炭消费量.
    """

    text: str
    names: tuple[str, ...]
    units: tuple[str, ...]
    flow: str
    product: str
    of_which: int
    half: str
    joined: Compound | None

    @property
    def is_half_known(self) -> bool:
        """Whether a Chinese half is not known, so that it says more than the other: LNG 公交."""
        return bool(self.half) and _CJK.search(self.half) is not None


def read_label(text: str, words: Mapping) -> Label:
    """Return what a printed text says by itself.

    Parameters
    ----------
    text
        As printed.
    words
        The table's own words.

    Examples
    --------
    >>> from carbonacct.balances.words.mapping import Mapping
    >>> label = read_label("#石脑油(万吨)", Mapping())
    >>> label.product, label.units, label.of_which
    ('naphtha', ('万吨',), 1)
    >>> read_label("煤炭消费量", Mapping()).joined.product
    'coal_total'
    >>> [read_label(text, Mapping()).product for text in ("Natural gas b", "Heizöl (leicht)")]
    ['natural_gas', 'heating_oil']
    """
    return words.remember(("label", text), lambda: _read_noted(text, words))


def _read_noted(text: str, words: Mapping) -> Label:
    """Return what a text says; of one that says nothing, what it says as it may be written otherwise."""
    label = _read_label(text, words)
    is_passed = not words.ignored_rows.isdisjoint(label.names)
    if _says_something(label) or is_passed or len(text) > _LONGEST_RESPELT:
        return label
    for other in _list_other_spellings(label.text, words):
        plain = _read_label(other, words)
        if _says_something(plain) or total_words().issuperset(plain.names):
            return replace(plain, units=label.units)
    return label


def _says_something(label: Label) -> bool:
    return bool(label.flow or label.product or label.joined)


def _list_other_spellings(text: str, words: Mapping) -> Iterator[str]:
    """Yield other spellings of a label.

    Without the footnote, the sum of rows or the signs behind it and the number before it, without
    its hyphens, without (excl. bio), and with a kind in brackets behind its product: Heizöl (leicht).
    """
    plain = _ROW_NUMBER.sub("", _SIGNS.sub("", _OF_ROWS.sub("", text)))
    plain = noted[0] if (noted := NOTED.match(plain)) else plain
    for each in dict.fromkeys((plain, _HYPHEN.sub("", plain))):
        if each != text:
            yield each
    fossil = _FOSSIL.sub("", plain)
    if fossil != plain and vocabulary.resolve("product", fossil, words.products):
        yield fossil
    kind = _QUALIFIED.fullmatch(plain)
    if kind and vocabulary.resolve("product", kind[1], words.products):
        yield f"{kind[1]} {kind[2]}"


def _read_label(text: str, words: Mapping) -> Label:
    label, units = take_units(text, words)
    if _division_of(label).startswith("industry."):
        label = _DIVISION.sub("", label)
    folded = vocabulary.fold(label)
    flow = vocabulary.resolve("flow", label, words.flows) or ""
    product = vocabulary.resolve("product", label, words.products) or ""
    if folded in words.joined:
        flow = product = ""
    is_named = bool(flow or product)
    joined = words.joined.get(folded) or (
        None if is_named else read_joined(label, words.flows, words.products)
    )
    half = vocabulary.unread_half(label, words.flows, words.products)
    if not joined and (found := _read_chinese_half(folded, flow, product, words)):
        joined, half = found
        flow = product = ""
    return Label(
        text=label,
        names=(folded, vocabulary.fold_case(label), *vocabulary.split_scripts(folded)),
        units=units,
        flow=flow,
        product=product,
        of_which=vocabulary.of_which_depth(label),
        half=half,
        joined=_with_sign(joined, folded, words) if joined else None,
    )


def _read_chinese_half(
    folded: str, flow: str, product: str, words: Mapping
) -> tuple[Compound, str] | None:
    """Return what the Chinese half of a label joins, and its translation if unknown: 城乡居民生活用电 Residential Use.

    None where it joins nothing, or contradicts the translation.
    """
    chinese, *translations = vocabulary.split_scripts(folded)
    translation = "".join(translations)
    if not (chinese and translation):
        return None
    if vocabulary.resolve("flow", chinese, words.flows) or vocabulary.resolve(
        "product", chinese, words.products
    ):
        return None
    joined = read_joined(chinese, words.flows, words.products)
    if joined is None:
        return None
    other = read_joined(translation, words.flows, words.products)
    flow, product = (
        flow or (other.flow if other else ""),
        product or (other.product if other else ""),
    )
    agrees = (not flow or flow in (joined.flow, joined.weak)) and (
        not product or product == joined.product
    )
    return (joined, "" if flow or product or other else translation) if agrees else None


def _division_of(label: str) -> str:
    """Return the branch that a label names behind the number of its division, "" if it has none."""
    name = _DIVISION.sub("", label)
    return (vocabulary.resolve("flow", name) or "") if name != label else ""


def _with_sign(joined: Compound, text: str, words: Mapping) -> Compound:
    """Return what a label joins with the sign that a mapping gives to the word for its flow."""
    own = (word for word in words.signs if word in text and words.flows.get(word) == joined.flow)
    word = max(own, key=len, default="")
    return replace(joined, sign=words.signs[word]) if word else joined


def count_energy_names(texts: Iterable[str]) -> tuple[int, int]:
    """Return how many flows and how many products printed texts name, alone or joined with other things.

    What is produced is none of the flows: lists of the products of industry print it too.

    Examples
    --------
    >>> count_energy_names(["煤炭消费量", "工业用煤", "水泥产量", "Residential"])
    (2, 1)
    >>> count_energy_names(["发电量", "火力发电量", "粗钢"])
    (0, 0)
    """
    words = Mapping()
    labels = [read_label(text, words) for text in texts]
    flows = {label.flow or (label.joined.flow if label.joined else "") for label in labels}
    products = {label.product or (label.joined.product if label.joined else "") for label in labels}
    used = {
        flow for flow in flows - {""} if not any(vocabulary.is_within(flow, of) for of in _PRODUCED)
    }
    return len(used), len(products - {""})


def take_units(text: str, words: Mapping) -> tuple[str, tuple[str, ...]]:
    """Return a header without its units, and the units, both as printed.

    Examples
    --------
    >>> from carbonacct.balances.words.mapping import Mapping
    >>> take_units("热力 Heat (万百万千焦) (1010 kJ)", Mapping())
    ('热力 Heat', ('万百万千焦', '1010 kJ'))
    """
    return words.remember(("units", text), lambda: _take_units(text, words))


def _take_units(text: str, words: Mapping) -> tuple[str, tuple[str, ...]]:
    # Marks go before the text is normalised, which would turn them into digits; m³ and 10⁴ keep
    # theirs.
    text = unicodedata.normalize("NFKC", _MARKS.sub("", text.replace("_x000D_", " ")))
    text = _SQUARE.sub(
        lambda found: f"({found[1]})" if unit_known(found[1].strip(), words) else found[0], text
    )
    units: list[str] = []

    def take(match: re.Match[str]) -> str:
        inner = match[1].strip()
        named = _QUANTITY.fullmatch(inner)
        quantity, inner = (named[1], named[2]) if named else (None, inner)
        both = _TWO_UNITS.fullmatch(inner)
        if unit_known(inner, words) or is_ambiguous(inner):
            units.append(inner)
        elif both and all(unit_known(one, words) for one in both.groups()):
            units.extend(both.groups())
        else:
            return match[0]
        return f" ({quantity}) " if quantity else " "

    rest = BRACKETS.sub(take, _SECTION.sub("", text))
    behind = _UNIT_BEHIND.search(rest) or _UNIT_BEHIND_BLANK.search(rest)
    if behind and not units and unit_known(behind[1], words):
        units.append(behind[1])
        rest = rest[: behind.start()]
    over = None if units else _OVER_UNIT.search(rest)
    if over and unit_known(over[1], words) and _is_known(name := rest[: over.start()], words):
        units.append(over[1])
        rest = name
    attached = None if units else _UNIT_ATTACHED.search(rest)
    if attached and _is_known(name := rest[: attached.start()], words):
        units.append(attached[0])
        rest = name
    return " ".join(rest.split()), tuple(units)


def _is_known(name: str, words: Mapping) -> bool:
    """Return whether a text names a flow or product, or joins them."""
    return bool(
        vocabulary.resolve("flow", name, words.flows)
        or vocabulary.resolve("product", name, words.products)
        or read_joined(name, words.flows, words.products)
    )


def unit_known(text: str, words: Mapping) -> bool:
    """Return whether a text is a unit, in the registry's words or the mapping's."""
    return words.remember(("unit", text), lambda: _unit_known(text, words))


def _unit_known(text: str, words: Mapping) -> bool:
    if (
        fold_unit(text) in words.units
    ):  # a mapping may give a unit to a product by its name, which is none itself
        return not vocabulary.resolve("product", text, words.products)
    return is_unit(text) or bool(_unit_in_two_languages(text))


def unit_expression(text: str, words: Mapping) -> str:
    """Return the unit that a text prints, as an expression of the registry."""
    return words.units.get(fold_unit(text)) or _unit_in_two_languages(text) or read_unit(text)


@lru_cache(maxsize=4096)
def _unit_in_two_languages(text: str) -> str:
    """Return the unit that a text prints twice, 万吨 10000 tons; "" if it does not, or they differ."""
    both = _TWO_UNITS.fullmatch(text.strip())
    if both is None or is_unit(text) or not all(map(is_unit, both.groups())):
        return ""
    first, second = map(read_unit, both.groups())
    return first if first == second else ""
