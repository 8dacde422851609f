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
    from carbonacct.analysis.decoupling import decouple, measure_effort
    from carbonacct.analysis.groups import group_against_reference
    from carbonacct.analysis.mann_kendall import mann_kendall
    from carbonacct.analysis.peak import classify_areas, find_peak
    from carbonacct.analysis.scenario import locate_peak, project
    from carbonacct.analysis.target_table import judge_targets
    from carbonacct.analysis.targets import split_cut, track_cut, track_level
    from carbonacct.analysis.theil_sen import theil_sen
    from carbonacct.errors import CarbonacctError, Finding
    from carbonacct.factors import FactorSource, Method, load_edition, load_method, method_ids, read_edition
    from carbonacct.indices.declaration import Index, index_ids, load_index
    from carbonacct.indices.form import fill_form
    from carbonacct.indices.readings import (
        compare_ranks,
        correlate_scores,
        explain_score_changes,
        place_in_quadrants,
        summarise_score_groups,
    )
    from carbonacct.indices.scoring import IndexResult, score_index
    from carbonacct.indices.sensitivity import Sensitivity, draw_ranks, what_if
    from carbonacct.indices.sources import sum_groups
    from carbonacct.indices.template import make_template
    from carbonacct.inventory import Inventory, Trace, compile_inventory, to_coal_equivalent, trace
    from carbonacct.published import load_published, published_tables
    from carbonacct.tables import EnergyBalance, read_balance
    from carbonacct.tables.checks import check_balance
    from carbonacct.tables.write import write_balance

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
    "Index": "indices.declaration", "index_ids": "indices.declaration", "load_index": "indices.declaration", "fill_form": "indices.form",
    "IndexResult": "indices.scoring", "score_index": "indices.scoring", "Sensitivity": "indices.sensitivity", "draw_ranks": "indices.sensitivity",
    "what_if": "indices.sensitivity", "sum_groups": "indices.sources", "make_template": "indices.template",
    "load_published": "published", "published_tables": "published",
    "group_against_reference": "analysis.groups",
    "compare_ranks": "indices.readings", "correlate_scores": "indices.readings", "explain_score_changes": "indices.readings",
    "place_in_quadrants": "indices.readings", "summarise_score_groups": "indices.readings",
    "mann_kendall": "analysis.mann_kendall", "theil_sen": "analysis.theil_sen", "decouple": "analysis.decoupling", "measure_effort": "analysis.decoupling",
    "find_peak": "analysis.peak", "classify_areas": "analysis.peak", "track_cut": "analysis.targets", "track_level": "analysis.targets",
    "split_cut": "analysis.targets", "judge_targets": "analysis.target_table", "project": "analysis.scenario", "locate_peak": "analysis.scenario",
}  # fmt: skip
__all__ = ["CarbonacctError", "EnergyBalance", "FactorSource", "Finding", "Index", "IndexResult", "Inventory", "Method", "Sensitivity",
           "Trace", "check_balance", "classify_areas", "compare_ranks", "compile_inventory", "correlate_scores", "decouple", "draw_ranks", "explain_score_changes",
           "fill_form", "find_peak", "group_against_reference", "index_ids", "judge_targets", "load_edition", "load_index", "load_method", "load_published",
           "locate_peak", "make_template", "mann_kendall", "measure_effort", "method_ids", "place_in_quadrants", "project", "published_tables", "read_balance",
           "read_edition", "score_index", "split_cut", "sum_groups", "summarise_score_groups", "theil_sen", "to_coal_equivalent", "trace", "track_cut",
           "track_level", "what_if", "write_balance"]  # fmt: skip
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    """Load a room when its first name is used: a command starts with what it needs."""
    if name in _HOMES:
        return getattr(import_module(f"carbonacct.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'carbonacct' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
