"""Files -> energy balances. Knows nothing of emissions."""

from carbonacct.balances.balance import EnergyBalance, read_balance
from carbonacct.balances.mapping import Mapping, read_mapping
from carbonacct.balances.panel import list_tables, make_balance

__all__ = ["EnergyBalance", "Mapping", "list_tables", "make_balance", "read_balance", "read_mapping"]
