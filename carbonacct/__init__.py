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
    from carbonacct.analysis.groups import group_against_reference
    from carbonacct.errors import CarbonacctError, Finding
    from carbonacct.factors import FactorSource, Method, load_edition, load_method, method_ids, read_edition
    from carbonacct.indices.readings import (
        compare_ranks,
        correlate_scores,
        explain_score_changes,
        place_in_quadrants,
        summarise_score_groups,
    )
    from carbonacct.inventory import Inventory, Trace, compile_inventory, to_coal_equivalent, trace
    from carbonacct.published import load_published, published_tables
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
    "account_transfers": "inventory.transfers", "add_noted": "inventory.notation", "allocate_to_users": "inventory.end_use",
    "check_quality": "inventory.quality", "compare_approaches": "inventory.approaches", "compare_methods": "inventory.reconciliation",
    "compile_reference": "inventory.reference", "estimate_coal_methane": "inventory.fugitive", "explain_recalculation": "inventory.reconciliation",
    "fill_tables": "inventory.official", "find_completeness": "inventory.completeness", "find_gwp": "inventory.metrics",
    "find_memo_items": "inventory.memo", "identify_factors": "inventory.audit", "metric_ids": "inventory.metrics", "reconcile": "inventory.reconciliation",
    "Inventory": "inventory", "Trace": "inventory", "compile_inventory": "inventory", "to_coal_equivalent": "inventory", "trace": "inventory",
    "EnergyBalance": "tables", "read_balance": "tables", "check_balance": "tables.checks",
    "write_balance": "tables.write",
    "load_published": "published", "published_tables": "published",
    "group_against_reference": "analysis.groups",
    "compare_ranks": "indices.readings", "correlate_scores": "indices.readings", "explain_score_changes": "indices.readings",
    "place_in_quadrants": "indices.readings", "summarise_score_groups": "indices.readings",
    **dict.fromkeys(("DrawInput", "DrawModel", "ErrorPropagation", "Intervals", "Uncertainty", "approximate", "build_model", "find_key_categories",
                     "fit_bounds", "fit_cv", "fit_percent", "model_inventory", "propagate", "propagate_errors", "rank_contributions", "simulate",
                     "tabulate_categories"), "uncertainty"),
}  # fmt: skip
__all__ = ["CarbonacctError", "DrawInput", "DrawModel", "EnergyBalance", "ErrorPropagation", "FactorSource", "Finding", "Intervals",
           "Inventory", "Method", "Trace", "Uncertainty", "approximate", "build_model", "check_balance", "compare_ranks",
           "compile_inventory", "correlate_scores", "explain_score_changes", "find_key_categories", "fit_bounds", "fit_cv", "fit_percent",
           "group_against_reference", "load_edition", "load_method", "load_published", "method_ids", "model_inventory", "place_in_quadrants",
           "propagate", "propagate_errors", "published_tables", "rank_contributions", "read_balance", "read_edition", "simulate",
           "summarise_score_groups", "tabulate_categories", "to_coal_equivalent", "trace", "write_balance"]  # fmt: skip
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    """Load a room when its first name is used: a command starts with what it needs."""
    if name in _HOMES:
        return getattr(import_module(f"carbonacct.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'carbonacct' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
