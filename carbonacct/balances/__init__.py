"""Files -> energy balances. Knows nothing of emissions."""

from carbonacct.balances.assemble.panel_balance import make_balance
from carbonacct.balances.balance import EnergyBalance, read_balance
from carbonacct.balances.label.labels import count_energy_names
from carbonacct.balances.many_files import in_workers, read_balances, read_each, read_every
from carbonacct.balances.proposals.proposal import propose_mapping
from carbonacct.balances.reading import Reading, read_tables
from carbonacct.balances.words.mapping import Mapping, read_mapping, read_words
from carbonacct.sheets.folders import find_files, list_tables

__all__ = [
    "EnergyBalance",
    "Mapping",
    "Reading",
    "count_energy_names",
    "find_files",
    "in_workers",
    "list_tables",
    "make_balance",
    "propose_mapping",
    "read_balance",
    "read_balances",
    "read_each",
    "read_every",
    "read_mapping",
    "read_tables",
    "read_words",
]
