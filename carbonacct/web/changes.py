"""What changed between two inventories, as pages show it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from carbonacct.report.standalone_names import name_entry
from carbonacct.units import spell_unit
from carbonacct.web.page_texts import name_parameter, tell

if TYPE_CHECKING:
    from collections.abc import Sequence

    from carbonacct.projects.differences import Difference

_MOST_CHANGES = 30
_GRAMS = 1e6  # of a tonne


def show_difference(difference: Difference, lang: str, causes: Sequence[str]) -> dict[str, Any]:
    """Return the changes by year, gas and scope and the largest of them in tonnes, with some causes."""
    table = difference.table
    sums = difference.by("area", "year", "gas", "scope").to_dict("records") if len(table) else []
    order = table["change"].abs().sort_values(ascending=False).index[:_MOST_CHANGES]
    largest = [_show_change(row, causes, lang) for row in table.loc[order].to_dict("records")]
    return {
        "causes": list(causes),
        "sums": [_scale(row, causes) for row in sums],
        "largest": largest,
        "findings": [tell(str(one), lang) for one in difference.findings],
    }


def _scale(row: dict[Any, Any], causes: Sequence[str]) -> dict[str, Any]:
    """Return a sum in tonnes, with its change by cause."""
    return {
        **{key: str(row[key]) for key in ("area", "year", "gas", "scope")},
        "change": row["change"] / _GRAMS,
        "causes": [row[cause] / _GRAMS for cause in causes],
    }


def _show_change(row: dict[Any, Any], causes: Sequence[str], lang: str) -> dict[str, Any]:
    flow, product = name_entry(str(row["flow"]), str(row["product"]), lang)
    cells = [
        " ".join(filter(None, (_spell(row[f"printed_{side}"], lang), row[f"where_{side}"])))
        for side in ("before", "after")
    ]
    return {
        **_scale(row, causes),
        "flow": flow,
        "product": product,
        "before": row["before"] / _GRAMS,
        "after": row["after"] / _GRAMS,
        "from": [
            " → ".join(one or "–" for one in dict.fromkeys(cells)),
            *_list_factors(row["factors_before"], row["factors_after"], lang),
        ],
    }


def _list_factors(before: str, after: str, lang: str) -> list[str]:
    """Return the factors of a row that are other ones, each with its value and place on both sides.

    Examples
    --------
    >>> _list_factors("oxidation_factor 0.98 (a.csv:2); carbon_content 20 t C/TJ (a.csv:3)",
    ...               "oxidation_factor 1 (b.csv:2); carbon_content 20 t C/TJ (a.csv:3)", "en")
    ['Oxidation factor: 0.98 (a.csv:2) → 1 (b.csv:2)']
    """
    sides = [_split_factors(text) for text in (before, after)]
    return [
        f"{name_parameter(name, lang)}: "
        + " → ".join(", ".join(side.get(name, ())) or "–" for side in sides)
        for name in dict.fromkeys([*sides[0], *sides[1]])
        if sides[0].get(name) != sides[1].get(name)
    ]


def _split_factors(text: str) -> dict[str, list[str]]:
    """Return the values of each factor of a row, as the row says them."""
    held: dict[str, list[str]] = {}
    for one in filter(None, text.split("; ")):
        name, _, value = one.partition(" ")
        held.setdefault(name, []).append(value)
    return held


def _spell(printed: str, lang: str) -> str:
    """Return a printed number with its unit as tables of the language spell it.

    Examples
    --------
    >>> _spell("-1547.7 1e4 t", "zh"), _spell("-1547.7 1e4 t", "en"), _spell("", "zh")
    ('−1547.7 万吨', '−1547.7 10⁴ t', '')
    """
    number, _, unit = str(printed or "").partition(" ")
    return " ".join(filter(None, (number.replace("-", "−"), spell_unit(unit, lang))))
