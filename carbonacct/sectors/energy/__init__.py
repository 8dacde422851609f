"""Balances x factors -> inventories, coal equivalent, and the way back from every number."""

from carbonacct.sectors.energy.coal_equivalent import to_coal_equivalent
from carbonacct.sectors.energy.cube import EnergyInventory
from carbonacct.sectors.energy.energy_compiling import compile_inventory
from carbonacct.sectors.energy.product_account import make_account
from carbonacct.sectors.energy.reference_approach import ReferenceApproach, compile_reference
from carbonacct.sectors.energy.tracing import Trace, trace

__all__ = [
    "EnergyInventory",
    "ReferenceApproach",
    "Trace",
    "compile_inventory",
    "compile_reference",
    "make_account",
    "to_coal_equivalent",
    "trace",
]
