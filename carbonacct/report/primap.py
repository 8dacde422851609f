"""The interchange format of primap2: a wide CSV of years, and a YAML file that says what its columns are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carbonacct import __version__
from carbonacct.data import shown_name
from carbonacct.errors import OutputError
from carbonacct.inventory.entry_columns import plain_columns
from carbonacct.inventory.equation_origin import SourceOrigin
from carbonacct.report.frames import format_csv
from carbonacct.report.named_methods import find_method_of
from carbonacct.report.shown import show
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from carbonacct.inventory.record import Inventory
    from carbonacct.report.shown import Showable

_COLUMNS = {
    "area": "area (carbonacct)",
    "flow": "flow (carbonacct)",
    "product": "fuel (carbonacct)",
    "category": "category (IPCC2006)",
    "gas": "entity",
}
_LEFT_OUT = "Scope 1 alone: electricity and heat brought in have no IPCC category."


def write_primap(inventories: Showable, path: Path) -> None:
    """Write an inventory in the interchange format of primap2.

    Parameters
    ----------
    inventories
        Of all sectors, or of energy; no two of the same area and year.
    path
        A .csv; the .yaml that describes it is written beside it. primap2 opens the .yaml.

    Raises
    ------
    OutputError
        If something that counts has no IPCC category, or two inventories have an area and year in
        common.

    Notes
    -----
    Dimensions: area, category (IPCC 2006), flow or source and fuel or item by the ids of
    carbonacct, source, time; one variable a gas, in t a year, removals negative. Scope 2 and memo
    items are left out, and the description says so; so is what has no number.
    """
    inventory = show(inventories).record
    held = inventory.entries
    held = held[(held["scope"] == 1) & (held["kind"] != "memo") & held["value"].notna()]
    frame = plain_columns(held[(held["category"] != "") | (held["value"] != 0)])
    if frame.empty or (frame["category"] == "").any():
        lacking = join_texts(", ", frame.loc[frame["category"] == "", "flow"].unique()) or say(
            "every flow"
        )
        raise OutputError(
            say(
                "{name}: no IPCC category for {lacking}; primap2 keeps numbers by category",
                name=path.name,
                lacking=lacking,
            )
        )
    wide = (
        frame.set_index([*_COLUMNS, "method", "year"])["value"]
        .unstack("year")
        .sort_index(axis=1)
        .reset_index()
    )
    wide = wide.rename(columns={**_COLUMNS, "method": "source"})
    wide["source"] = "carbonacct " + wide["source"]
    wide.insert(len(_COLUMNS) + 1, "unit", "t " + wide["entity"] + " / yr")
    path.write_text(format_csv(wide), encoding="utf-8")
    path.with_suffix(".yaml").write_text(
        _describe(
            _list_references(inventory, dict.fromkeys(frame["method"])),
            shown_name(path),
            list(wide.columns[: len(_COLUMNS) + 2]),
        ),
        encoding="utf-8",
    )


def _list_references(inventory: Inventory, methods: Iterable[str]) -> list[str]:
    """Return the documents that the numbers follow, each once: methods, then sectors."""
    references = [
        method.reference if (method := find_method_of(inventory, name)) else name
        for name in methods
    ]
    references += [
        one.evaluation.sector.reference
        for one in inventory.origins
        if isinstance(one, SourceOrigin)
    ]
    return list(filter(None, dict.fromkeys(references)))


def _describe(references: Sequence[str], data_file: str, columns: Sequence[str]) -> str:
    attributes = {
        "area": _COLUMNS["area"],
        "cat": _COLUMNS["category"],
        "title": "Greenhouse gas inventory, made with carbonacct " + __version__,
        "references": "; ".join(references),
        "comment": _LEFT_OUT,
    }
    lines = [
        "attrs:",
        *(f"  {name}: {_quote(text)}" for name, text in attributes.items()),
        "  sec_cats:",
        *(f"  - {_quote(_COLUMNS[dim])}" for dim in ("flow", "product")),
        f"data_file: {_quote(data_file)}",
        "dimensions:",
        "  '*':",
    ]
    lines += [f"  - {_quote(column)}" for column in ["time", *columns]]
    return "\n".join([*lines, "time_format: '%Y'", ""])


def _quote(text: str) -> str:
    return "'" + " ".join(text.split()).replace("'", "''") + "'"
