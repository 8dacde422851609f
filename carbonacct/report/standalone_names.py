"""Names of flows and categories that stand alone: Urban is nobody's name without Residential."""

from __future__ import annotations

import re
from functools import cache

from carbonacct import vocabulary
from carbonacct.catalogue import in_language
from carbonacct.categories import categories
from carbonacct.data import data_folder, read_rows
from carbonacct.dim_names import name_labels
from carbonacct.texts import add_unit, join_names, join_parts

_TECHNIQUE = re.compile(r"(\w+)(?: of (\w+))? \(([\d, ]+)\)")
_LEVELS = {"activity": "活动水平", "factor": "因子"}


@cache
def _names(table: str, key: str) -> dict[str, tuple[str, str]]:
    """Return the Chinese and the English names of a table of the vocabulary."""
    rows = read_rows(data_folder() / "vocabulary" / f"{table}.csv")
    return {row[key]: (row["name_zh"], row["name_en"]) for row in rows}


def name_flow(flow: str, lang: str = "en") -> str:
    """Return the name of a flow that stands alone (:func:`carbonacct.vocabulary.name_alone`)."""
    return vocabulary.name_alone(flow, lang)


def name_entry(flow: str, product: str, lang: str = "en") -> tuple[str, str]:
    """Return the names of a flow and a product of a balance, or of a source that ships and its item.

    Examples
    --------
    >>> name_entry("transport", "diesel"), name_entry("enteric_fermentation", "pigs", "zh")
    (('Transport, storage and post', 'Diesel'), ('动物肠道发酵甲烷', '猪'))
    """
    if vocabulary.base_of(flow) not in vocabulary.flows():
        from carbonacct.equations.loading import (  # noqa: PLC0415 - energy needs none
            load_sector,
            sector_ids,
        )

        for sector in map(load_sector, sector_ids()):
            if flow in sector.blocks:
                dims = [dim for dim in sector.dims_of(flow) if dim != "gas"]
                return sector.name_of(flow, lang), name_labels(product, dims, lang)
    return name_flow(flow, lang), vocabulary.name("product", product, lang)


def name_fuel_group(group: str, lang: str = "en") -> str:
    """Return the name of a fuel group of the guidelines, or the group where it has none."""
    pair = _names("fuel_groups", "id").get(group)
    return pair[0 if lang == "zh" else 1] if pair else group


def name_technique(method: str, lang: str) -> str:
    """Return how a filled entry came about, and the years that it comes from.

    Examples
    --------
    >>> name_technique("surrogate (2008)", "zh"), name_technique("interpolation of activity (2012, 2014)", "zh")
    ('替代数据法（2008）', '内插法，活动水平（2012、2014）')
    >>> name_technique("surrogate (2008)", "en")
    'surrogate (2008)'
    """
    found = _TECHNIQUE.fullmatch(method)
    if found is None or lang != "zh":
        return method
    technique, level, years = found.groups("")
    name = join_parts(lang, in_language(technique, lang), _LEVELS.get(level, level))
    return add_unit(name, join_names(years.split(", "), lang), lang)


def name_key_category(category: str, lang: str = "en") -> str:
    """Return a category of the key category analysis with its name and its main fuel.

    Examples
    --------
    >>> name_key_category("1.A.1 solid"), name_key_category("1.A.3", "zh")
    ('1.A.1 Energy Industries, solid fuels', '1.A.3 运输')
    """
    code, _, fuel = category.partition(" ")
    known = categories().get(code)
    name = f"{code} {known.name_zh if lang == 'zh' else known.name_en}" if known else code
    return f"{name}{', ' if lang == 'en' else '，'}{name_fuel_group(fuel, lang)}" if fuel else name
