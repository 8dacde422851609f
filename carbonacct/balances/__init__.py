"""Files -> energy balances. Knows nothing of emissions."""

from carbonacct.balances.balance import EnergyBalance, read_balance
from carbonacct.balances.mapping import Mapping, read_mapping
from carbonacct.balances.panel import list_tables, make_balance
from carbonacct.balances.proposal import propose_mapping
from carbonacct.balances.reading import Reading, read_tables

__all__ = [
    "EnergyBalance",
    "Mapping",
    "Reading",
    "list_tables",
    "make_balance",
    "propose_mapping",
    "read_balance",
    "read_mapping",
    "read_tables",
]
