"""Balances x factors -> inventories, coal equivalent, and the way back from every number."""

from carbonacct.inventory.account import make_account
from carbonacct.inventory.coal_equivalent import to_coal_equivalent
from carbonacct.inventory.inventory import Inventory, compile_inventory
from carbonacct.inventory.reference import ReferenceApproach, compile_reference
from carbonacct.inventory.tracing import Trace, trace

__all__ = [
    "Inventory",
    "ReferenceApproach",
    "Trace",
    "compile_inventory",
    "compile_reference",
    "make_account",
    "to_coal_equivalent",
    "trace",
]
