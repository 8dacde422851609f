"""Files -> energy balances. Knows nothing of emissions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carbonacct.lazy_names import load_when_used

if TYPE_CHECKING:
    from carbonacct.balances.amounts.energy_balance import EnergyBalance
    from carbonacct.balances.assemble.panel_balance import make_balance
    from carbonacct.balances.balance import read_balance
    from carbonacct.balances.label.labels import count_energy_names
    from carbonacct.balances.many_files import read_balances, read_each, read_every
    from carbonacct.balances.packed_balances import in_workers
    from carbonacct.balances.proposals.proposal import propose_mapping
    from carbonacct.balances.reading import Reading, open_files, read_tables, read_together
    from carbonacct.balances.words.mapping import Mapping, read_mapping, read_words

# The stages of reading load with the first table: a build in which none changed reads none.
_HOMES = {
    "EnergyBalance": "amounts.energy_balance",
    "Mapping": "words.mapping",
    "Reading": "reading",
    "count_energy_names": "label.labels",
    "in_workers": "packed_balances",
    "make_balance": "assemble.panel_balance",
    "open_files": "reading",
    "propose_mapping": "proposals.proposal",
    "read_balance": "balance",
    "read_balances": "many_files",
    "read_each": "many_files",
    "read_every": "many_files",
    "read_mapping": "words.mapping",
    "read_tables": "reading",
    "read_together": "reading",
    "read_words": "words.mapping",
}
__all__ = [
    "EnergyBalance",
    "Mapping",
    "Reading",
    "count_energy_names",
    "in_workers",
    "make_balance",
    "open_files",
    "propose_mapping",
    "read_balance",
    "read_balances",
    "read_each",
    "read_every",
    "read_mapping",
    "read_tables",
    "read_together",
    "read_words",
]
__getattr__ = load_when_used(__name__, _HOMES)
