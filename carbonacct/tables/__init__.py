"""Files -> energy balances. Knows nothing of emissions."""

from carbonacct.tables.balance import EnergyBalance, read_balance
from carbonacct.tables.mapping import Mapping, read_mapping

__all__ = ["EnergyBalance", "Mapping", "read_balance", "read_mapping"]
