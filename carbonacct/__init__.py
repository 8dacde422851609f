"""carbonacct: from a yearbook's energy balance table to a CO2 inventory.

>>> import carbonacct as ca
>>> inventory = ca.compile_inventory("docs/tables/chongqing_2007.csv", method="provincial-2011")
>>> inventory.by("product").sizes["product"] > 10
True
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from carbonacct.errors import CarbonacctError, Finding
    from carbonacct.factors import FactorSource, Method, load_edition, load_method, method_ids, read_edition
    from carbonacct.indices.declaration import Index, index_ids, load_index
    from carbonacct.indices.form import fill_form
    from carbonacct.indices.scoring import IndexResult, score_index
    from carbonacct.indices.sensitivity import Sensitivity, draw_ranks, what_if
    from carbonacct.indices.sources import sum_groups
    from carbonacct.indices.template import make_template
    from carbonacct.inventory import Inventory, Trace, compile_inventory, to_coal_equivalent, trace
    from carbonacct.tables import EnergyBalance, read_balance
    from carbonacct.tables.checks import check_balance
    from carbonacct.tables.write import write_balance

_HOMES = {
    "CarbonacctError": "errors", "Finding": "errors",
    "FactorSource": "factors", "Method": "factors", "load_edition": "factors", "load_method": "factors", "method_ids": "factors", "read_edition": "factors",
    "Inventory": "inventory", "Trace": "inventory", "compile_inventory": "inventory", "to_coal_equivalent": "inventory", "trace": "inventory",
    "EnergyBalance": "tables", "read_balance": "tables", "check_balance": "tables.checks",
    "write_balance": "tables.write",
    "Index": "indices.declaration", "index_ids": "indices.declaration", "load_index": "indices.declaration", "fill_form": "indices.form",
    "IndexResult": "indices.scoring", "score_index": "indices.scoring", "Sensitivity": "indices.sensitivity", "draw_ranks": "indices.sensitivity",
    "what_if": "indices.sensitivity", "sum_groups": "indices.sources", "make_template": "indices.template",
}  # fmt: skip
__all__ = ["CarbonacctError", "EnergyBalance", "FactorSource", "Finding", "Index", "IndexResult", "Inventory", "Method", "Sensitivity",
           "Trace", "check_balance", "compile_inventory", "draw_ranks", "fill_form", "index_ids", "load_edition", "load_index", "load_method",
           "make_template", "method_ids", "read_balance", "read_edition", "score_index", "sum_groups", "to_coal_equivalent", "trace", "what_if",
           "write_balance"]  # fmt: skip
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    """Load a room when its first name is used: a command starts with what it needs."""
    if name in _HOMES:
        return getattr(import_module(f"carbonacct.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'carbonacct' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
