"""Names of flows and categories that stand alone: Urban is nobody's name without Residential."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carbonacct import vocabulary
from carbonacct.categories import categories

if TYPE_CHECKING:
    from collections.abc import Sequence

FUEL_GROUPS = {
    "solid": ("固体燃料", "solid fuels"),
    "liquid": ("液体燃料", "liquid fuels"),
    "gaseous": ("气体燃料", "gaseous fuels"),
    "gas": ("气体燃料", "gaseous fuels"),
    "other": ("其他化石燃料", "other fossil fuels"),
    "peat": ("泥炭", "peat"),
    "biomass": ("生物质", "biomass"),
    "total": ("合计", "total"),
}


def name_flow(flow: str, lang: str = "en") -> str:
    """Return the name of a flow where its row stands without the rows above it; in English where it has no Chinese name.

    Examples
    --------
    >>> name_flow("households_urban"), name_flow("households_rural", "zh"), name_flow("transport", "zh")
    ('Residential, urban', '居民生活·乡村', '交通运输、仓储和邮政业')
    """
    name = vocabulary.name("flow", flow, lang) or vocabulary.name("flow", flow)
    known = vocabulary.flows()
    if flow not in known or known[flow].parent != "households":
        return name
    above = vocabulary.name("flow", "households", lang)
    return f"{above}·{name}" if lang == "zh" else f"{above}, {name.lower()}"


def name_labels(item: str, dims: Sequence[str], lang: str = "en") -> str:
    """Return the labels of an entry of a source by their names.

    Examples
    --------
    >>> name_labels("dairy_cattle", ["animal"], "zh"), name_labels("", [])
    ('奶牛', '')
    """
    labels = item.split(",") if item else []
    side = 0 if lang == "zh" else 1
    return ", ".join(
        vocabulary.dim_labels(dim).get(label, (label, label))[side]
        for dim, label in zip(dims, labels, strict=False)
    )


def name_fuel_group(group: str, lang: str = "en") -> str:
    """Return the name of a fuel group of the guidelines, or the group where it has none."""
    pair = FUEL_GROUPS.get(group)
    return pair[0 if lang == "zh" else 1] if pair else group


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
