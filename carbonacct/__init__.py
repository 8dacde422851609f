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
    from carbonacct.analysis.mann_kendall import mann_kendall
    from carbonacct.analysis.peak import classify_areas, find_peak
    from carbonacct.analysis.scenario import locate_peak, project
    from carbonacct.analysis.target_table import judge_targets
    from carbonacct.analysis.targets import split_cut, track_cut, track_level
    from carbonacct.analysis.theil_sen import theil_sen
    from carbonacct.errors import CarbonacctError, Finding
    from carbonacct.factors import FactorSource, Method, load_edition, load_method, method_ids, read_edition
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
    "mann_kendall": "analysis.mann_kendall", "theil_sen": "analysis.theil_sen", "decouple": "analysis.decoupling", "measure_effort": "analysis.decoupling",
    "find_peak": "analysis.peak", "classify_areas": "analysis.peak", "track_cut": "analysis.targets", "track_level": "analysis.targets",
    "split_cut": "analysis.targets", "judge_targets": "analysis.target_table", "project": "analysis.scenario", "locate_peak": "analysis.scenario",
}  # fmt: skip
__all__ = ["CarbonacctError", "EnergyBalance", "FactorSource", "Finding", "Inventory", "Method", "Trace", "check_balance", "classify_areas", "compile_inventory",
           "decouple", "find_peak", "judge_targets", "load_edition", "load_method", "locate_peak", "mann_kendall", "measure_effort", "method_ids", "project",
           "read_balance", "read_edition", "split_cut", "theil_sen", "to_coal_equivalent", "trace", "track_cut", "track_level",
           "write_balance"]  # fmt: skip
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    """Load a room when its first name is used: a command starts with what it needs."""
    if name in _HOMES:
        return getattr(import_module(f"carbonacct.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'carbonacct' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
