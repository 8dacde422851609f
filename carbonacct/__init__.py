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
    from carbonacct.inventory import Inventory, Trace, compile_inventory, to_coal_equivalent, trace
    from carbonacct.tables import EnergyBalance, read_balance
    from carbonacct.tables.checks import check_balance
    from carbonacct.tables.write import write_balance
    from carbonacct.uncertainty import (
        DrawInput,
        DrawModel,
        ErrorPropagation,
        Intervals,
        Uncertainty,
        approximate,
        build_model,
        find_key_categories,
        fit_bounds,
        fit_cv,
        fit_percent,
        model_inventory,
        propagate,
        propagate_errors,
        rank_contributions,
        simulate,
        tabulate_categories,
    )

_HOMES = {
    "CarbonacctError": "errors", "Finding": "errors",
    "FactorSource": "factors", "Method": "factors", "load_edition": "factors", "load_method": "factors", "method_ids": "factors", "read_edition": "factors",
    "Inventory": "inventory", "Trace": "inventory", "compile_inventory": "inventory", "to_coal_equivalent": "inventory", "trace": "inventory",
    "EnergyBalance": "tables", "read_balance": "tables", "check_balance": "tables.checks",
    "write_balance": "tables.write",
    **dict.fromkeys(("DrawInput", "DrawModel", "ErrorPropagation", "Intervals", "Uncertainty", "approximate", "build_model", "find_key_categories",
                     "fit_bounds", "fit_cv", "fit_percent", "model_inventory", "propagate", "propagate_errors", "rank_contributions", "simulate",
                     "tabulate_categories"), "uncertainty"),
}  # fmt: skip
__all__ = ["CarbonacctError", "DrawInput", "DrawModel", "EnergyBalance", "ErrorPropagation", "FactorSource", "Finding", "Intervals",
           "Inventory", "Method", "Trace", "Uncertainty", "approximate", "build_model", "check_balance", "compile_inventory",
           "find_key_categories", "fit_bounds", "fit_cv", "fit_percent", "load_edition", "load_method", "method_ids", "model_inventory",
           "propagate", "propagate_errors", "rank_contributions", "read_balance", "read_edition", "simulate", "tabulate_categories",
           "to_coal_equivalent", "trace", "write_balance"]  # fmt: skip
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    """Load a room when its first name is used: a command starts with what it needs."""
    if name in _HOMES:
        return getattr(import_module(f"carbonacct.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'carbonacct' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
