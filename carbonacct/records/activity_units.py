"""Units of activity data as yearbooks print them: 万头, 千公顷, 吨氮, 千克/人."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from carbonacct.data import data_folder, read_rows
from carbonacct.units import fold_unit, is_ambiguous, is_unit, nouns, read_unit

_NUMERALS = {"十": 1e1, "百": 1e2, "千": 1e3, "万": 1e4, "亿": 1e8, "thousand": 1e3, "million": 1e6}
_NUMERAL = re.compile("|".join(_NUMERALS))
_ROUND = re.compile(r"1(?:,?0)+\.?(?=[^\d.,^])")  # 10 000 heads, 1,000 ha
_POWER_OF_TEN = re.compile(r"10\^?([2-9])\.?(?=[^\d.,])")  # 10^4 heads, 10³ ha, and 104 heads
_TWICE = re.compile(r"(.+?)\s*[(（]([^()（）]+)[)）]")  # 千公顷 (1 000 hectares)


@lru_cache(maxsize=4096)
def read_printed(text: str) -> str:
    """Return the unit that a table prints for an activity, as an expression of the registry.

    Parameters
    ----------
    text
        As printed: a unit of energy statistics, a counted thing (万头, 千公顷), a mass with what it
        is a mass of (吨氮, 万吨水泥), or one by another (千克/人). What none of these reads is
        taken to be an expression of the registry itself.

    Raises
    ------
    UnitError
        If a word has two meanings.

    Examples
    --------
    >>> read_printed("万头"), read_printed("千公顷"), read_printed("万亩"), read_printed("吨氮")
    ('1e4 head', '1e3 ha', '1e4 mu', 't N')
    >>> read_printed("千克/人"), read_printed("万吨CO2"), read_printed("kg CH4/head")
    ('(kg)/(person)', '1e4 t CO2', '(kg CH4)/(head)')
    >>> read_printed("t N"), read_printed("万吨 水泥"), read_printed("10 000 heads")
    ('t N', '1e4 t cement', '1e4 head')
    >>> read_printed("10³公顷"), read_printed("万平方米"), read_printed("千公顷 (1 000 hectares)")
    ('1e3 ha', '1e4 m**2', '1e3 ha')
    """
    if found := _read_one(text):
        return found
    if (word := fold_unit(text)) in {"%", "‰"}:
        return {"%": "%", "‰": "1e-3"}[word]
    if (twice := _TWICE.fullmatch(text.strip())) and (found := _read_one(twice[1])):
        return found if found == _read_one(twice[2]) else text
    parts = [_read_one(part) for part in text.split("/")]
    return "/".join(f"({part})" for part in parts) if len(parts) > 1 and all(parts) else text


def is_printed_unit(text: str) -> bool:
    """Return whether a text is a unit in which tables print activities.

    Examples
    --------
    >>> is_printed_unit("万头"), is_printed_unit("千克/人"), is_printed_unit("折纯"), is_printed_unit("2010年")
    (True, True, False, False)
    """
    return fold_unit(text) in {"%", "‰"} or bool(_read_one(text)) or read_printed(text) != text


def _read_one(text: str) -> str:
    """Return a unit that stands alone, or an empty string."""
    word = fold_unit(text)
    unit, _, noun = text.strip(" ()").rpartition(" ")
    if noun in nouns() and unit and (mass := _read_one(unit)):  # t N, which is no tn
        return f"{mass} {noun}"
    if found := _read_counted(word):
        return found
    if is_unit(text) or is_ambiguous(text):
        return read_unit(text)
    for name, noun in _noun_words():
        rest = word.removesuffix(name)
        if rest and rest != word and (found := _read_counted(rest) or _read_plain(rest)):
            return f"{found} {noun}"
    return ""


def _read_plain(word: str) -> str:
    return read_unit(word) if is_unit(word) else ""


def _read_counted(word: str) -> str:
    scale = 1.0
    if found := _ROUND.match(word):
        scale, word = float(found[0].strip(".").replace(",", "")), word[found.end() :]
    elif found := _POWER_OF_TEN.match(word):
        scale, word = 10.0 ** int(found[1]), word[found.end() :]
    while word not in _counted() and (numeral := _NUMERAL.match(word)):
        scale, word = scale * _NUMERALS[numeral[0]], word[numeral.end() :]
    if word not in _counted():
        return ""
    unit = _counted()[word]
    return unit if scale == 1 else f"1e{len(f'{scale:.0f}') - 1} {unit}"


@cache
def _counted() -> dict[str, str]:
    rows = read_rows(data_folder() / "vocabulary" / "counted_units.csv")
    return {fold_unit(row["word"]): row["unit"] for row in rows}


@cache
def _noun_words() -> list[tuple[str, str]]:
    """Return what a mass may be a mass of, as printed and as the registry has it, longest first."""
    rows = read_rows(data_folder() / "vocabulary" / "nouns.csv")
    found = {
        fold_unit(word): row["id"]
        for row in rows
        if row["kind"] != "placeholder"
        for word in (row["id"], row["name_zh"])
        if nouns()[row["id"]] not in {"being", "counter", "time"}
    }
    return sorted(found.items(), key=lambda item: -len(item[0]))
