"""What analyses are called and show, from ``factors/analyses/analyses.toml`` and ``columns.csv``."""

from __future__ import annotations

import tomllib
from functools import cache
from typing import TYPE_CHECKING, Any

from carbonacct import vocabulary
from carbonacct.analysis.result_names import result_names
from carbonacct.catalogue import name_unit
from carbonacct.data import data_folder, read_rows
from carbonacct.report.brief.brief_wording import unit_of
from carbonacct.report.page.page_words import name_term, show_gas
from carbonacct.report.standalone_names import name_entry, name_flow, name_key_category
from carbonacct.texts import Text, add_unit, join_clauses, join_names, join_parts, tell_value

if TYPE_CHECKING:
    from collections.abc import Mapping

    from carbonacct.analysis.analysis_result import Analysis

LANGUAGES = ("zh", "en")
_SIGNS = {">=": "≥", "<=": "≤", "~": "约", "in": "在"}
_NOT_KINDS = ("names", "words")


@cache
def _content() -> Mapping[str, Any]:
    text = (data_folder() / "analyses" / "analyses.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def find_row(kind: str, name: str) -> tuple[Mapping[str, str] | None, str]:
    """Return the row of a column of an analysis, and the year that its name ends in, if any.

    Examples
    --------
    >>> row, year = find_row("scenario-peaks", "chance_by_2030")
    >>> row["column"], year
    ('chance_by_', '2030')
    """
    rows = column_rows()
    if row := rows.get((kind, name)) or rows.get(("", name)):
        return row, ""
    stem, year = name[:-4], name[-4:]
    return (rows.get((kind, stem)), year) if year.isdigit() else (None, "")


def kind_of(name: str) -> Mapping[str, Any]:
    """Return what an analysis shows."""
    held: Mapping[str, Any] = _content()[name]
    return held


def kinds() -> list[str]:
    """Return the analyses that there are.

    Examples
    --------
    >>> kinds()[:2]
    ['decompose', 'decompose-ratio']
    """
    return [name for name in _content() if name not in _NOT_KINDS]


def word(key: str, lang: str, **values: object) -> str:
    """Return a word of sections with values put in.

    Examples
    --------
    >>> word("net", "zh"), word("indexed", "en", name="CO2", first=2005)
    ('净变化', 'CO2: 2005 = 100')
    """
    said: str = _content()["words"][key][LANGUAGES.index(lang)]
    return said.format(**values)


@cache
def column_rows() -> Mapping[tuple[str, str], Mapping[str, str]]:
    """Return the row of each column by (analysis, column); those without an analysis hold for all."""
    rows = read_rows(data_folder() / "analyses" / "columns.csv")
    return {(row["analysis"], row["column"]): row for row in rows}


def name_quantity(name: str, lang: str) -> str:
    """Return what a column of a panel is called, or a ratio of two.

    Examples
    --------
    >>> name_quantity("co2/gdp", "zh"), name_quantity("co2", "en"), name_quantity("steel", "en")
    ('单位GDP的CO₂ 排放', 'CO₂ emissions', 'steel')
    """
    held = _content()["names"]["quantity"]
    if name in held:
        return str(held[name][LANGUAGES.index(lang)])
    above, sign, below = name.partition("/")
    if sign and not below.count("/"):
        parts = {"x": name_quantity(above, lang), "y": name_quantity(below, lang)}
        return word("ratio", lang, **parts)
    return name


def names_of(column: str, lang: str) -> dict[str, str]:
    """Return the names of the ids of a column; none of a column of texts."""
    own = _content()["names"].get(column, {})
    held = {name: pair[LANGUAGES.index(lang)] for name, pair in own.items()}
    return {**result_names(lang).get(column, {}), **held}


def find_unit(analysis: Analysis) -> str:
    """Return the unit of the numbers that an analysis is of, nothing where it is not printed."""
    name = analysis.words.get("value") or analysis.words.get("ratio") or ""
    if name in analysis.units:
        return analysis.units[name]
    above, sign, below = name.partition("/")
    parts = [analysis.units.get(part, "") for part in (above, below)]
    return "/".join(parts) if sign and all(parts) else ""


def find_scale(analysis: Analysis, lang: str) -> tuple[float, str]:
    """Return by what numbers are divided for people, and their unit: tonnes as reports have them.

    Examples
    --------
    >>> from carbonacct.analysis.analysis_result import Analysis
    >>> find_scale(Analysis("peak", None, words={"value": "co2"}, units={"co2": "t"}), "zh")
    (10000.0, '万吨')
    """
    unit = find_unit(analysis)
    return unit_of(lang) if unit == "t" else (1.0, unit)


def find_units(analysis: Analysis) -> dict[str, str]:
    """Return the unit of each column of the data; what is shown in percent is a fraction there.

    Examples
    --------
    >>> import pandas as pd
    >>> from carbonacct.analysis.analysis_result import Analysis
    >>> frame = pd.DataFrame({"peak": [9.8], "fall": [0.1]})
    >>> find_units(Analysis("peak", frame, words={"value": "co2"}, units={"co2": "Mt"}))
    {'peak': 'Mt', 'fall': '1'}
    """
    rows, found = column_rows(), {}
    for name in map(str, analysis.frame.columns):
        row = rows.get((analysis.kind, name)) or rows.get(("", name))
        if row is None:
            unit = analysis.units.get(name, "")
        elif row["scale"]:
            unit = row["unit"].replace("%", "1")
        else:
            unit = row["unit"].format(value=find_unit(analysis), mass="t")
        if unit and not unit.startswith("/"):
            found[name] = unit
    return found


def name_token(token: str, lang: str) -> str:
    """Return a word of a label by its name: a flow, a product, or itself.

    Examples
    --------
    >>> name_token("raw_coal", "zh"), name_token("2007", "zh")
    ('原煤', '2007')
    """
    if token in vocabulary.flows():
        return name_flow(token, lang) or token
    if token in vocabulary.products():
        return vocabulary.name("product", token, lang) or token
    return token


def name_input(item: str, lang: str) -> str:
    """Return what an input of an uncertainty is called: the product as printed, or the labels of activity data.

    Examples
    --------
    >>> name_input("Other Bituminous Coal", "zh"), name_input("Motor Gasoline", "en")
    ('烟煤', 'Motor Gasoline')
    >>> name_input("北京 2007 industry raw_coal CO2 1.A.2 solid", "zh")
    '北京 2007 工业 原煤 CO₂ 1.A.2 制造业和建筑业，固体燃料'
    >>> name_input("北京 2007 industry raw_coal CH4 1.A.2 solid", "zh")
    '北京 2007 工业 原煤 CH₄ 1.A.2 制造业和建筑业，固体燃料'
    """
    product = vocabulary.resolve("product", item)
    if product and lang == "zh":
        return vocabulary.name("product", product, lang)
    tokens = item.split()
    at = next((number for number, token in enumerate(tokens) if token in vocabulary.GASES), None)
    words = [name_token(token, lang) for token in tokens[:at]]
    if at is not None:
        words.append(show_gas(tokens[at]))
        words += [name_key_category(" ".join(tokens[at + 1 :]), lang)] if tokens[at + 1 :] else []
    return " ".join(words)


def name_asked(text: str, lang: str) -> str:
    """Return what a target asks, its quantity and statistic by their names.

    Examples
    --------
    >>> from carbonacct.texts import say
    >>> asked = {"quantity": "co2", "statistic": "cut", "sign": ">=", "number": "18 %"}
    >>> name_asked(say("{quantity} {statistic} {sign} {number}", **asked), "zh")
    'CO₂ 排放，下降率 ≥ 18 %'
    """
    if lang != "zh" or not isinstance(text, Text):
        return text
    held = {key: str(value) for key, value in text.values.items()}
    statistic = names_of("statistic", lang).get(held["statistic"], held["statistic"])
    sign = _SIGNS.get(held["sign"], held["sign"])
    quantity = name_quantity(held["quantity"], lang)
    return join_parts(lang, quantity, f"{statistic} {sign} {held['number']}")


def name_evidence(text: str, lang: str) -> str:
    """Return the numbers behind a verdict with their files, each quantity by its name.

    Examples
    --------
    >>> from carbonacct.texts import join_texts, say
    >>> held = {"name": "co2", "year": 2018, "number": "9.5 t", "files": "a.csv"}
    >>> name_evidence(join_texts("; ", [say("{name} {year}: {number} [{files}]", **held)]), "zh")
    'CO₂ 排放 2018：9.5 t（a.csv）'
    """
    if lang != "zh" or not isinstance(text, Text):
        return text
    return join_clauses((_name_number(one, lang) for one in text.values.values()), lang)


def _name_number(one: object, lang: str) -> str:
    if not isinstance(one, Text):
        return str(one)
    held = {key: str(value) for key, value in one.values.items()}
    name = f"{name_quantity(held['name'], lang)} {held['year']}"
    files = join_names(held["files"].split(", "), lang)
    shown = add_unit(name_unit(held["number"], lang), files, lang)
    return tell_value(name, shown, lang)


def name_sector(sector: str, lang: str) -> str:
    """Return what a sector of a result is called: a flow, removals, or itself.

    Examples
    --------
    >>> name_sector("removals", "zh"), name_sector("steel", "en")
    ('清除', 'steel')
    """
    held = names_of("sector", lang).get(sector)
    if held or sector in vocabulary.flows():
        return held or name_flow(sector, lang)
    return name_entry(sector, "", lang)[0] or sector if lang == "zh" else sector


def name_factor(term: str, lang: str) -> str:
    """Return what a factor of an identity is called.

    Examples
    --------
    >>> name_factor("gdp/population", "zh"), name_factor("total", "en"), name_factor("co2/output", "zh")
    ('人均 GDP', 'Total change', '单位产出的CO₂ 排放')
    """
    known = names_of("term", lang).get(term) or name_term(term, lang)
    return known if known != term else name_quantity(term, lang)
