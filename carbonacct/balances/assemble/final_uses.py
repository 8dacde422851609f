"""Final consumption that holds non-energy use: the sums of the table say so, and its name does not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from carbonacct.balances.amounts.parts_tree import add_up, find_flow_tree
from carbonacct.balances.amounts.rounding import find_rounding
from carbonacct.balances.assemble.generation import rename_flows
from carbonacct.errors import Finding
from carbonacct.texts import say

if TYPE_CHECKING:
    from carbonacct.balances.amounts.energy_balance import EnergyBalance

_ENERGY, _OTHER, _BOTH = "final_consumption", "non_energy_use", "final_uses"


def tell_final_uses(balance: EnergyBalance) -> EnergyBalance:
    """Return a balance in which final consumption that is the sum of its sectors and non-energy use is named so.

    Of the numbers beside non-energy use, more must be that sum than the sum of the sectors alone.
    Else what is not burnt would be left over as a remainder that burns.

    Examples
    --------
    >>> import carbonacct as ca, pandas as pd
    >>> table = pd.DataFrame({"area": "A", "year": 2019, "unit": "TJ", "product": "natural_gas",
    ...                       "flow": ["final_consumption", "industry", "households", "non_energy_use"],
    ...                       "value": [100, 60, 30, 10]})
    >>> "final_uses" in tell_final_uses(ca.make_balance(table)).flows
    True
    """
    flows = balance.flows
    if not {_ENERGY, _OTHER} <= set(flows) or _BOTH in flows:
        return balance
    f, amounts, tree = flows.index(_ENERGY), balance.amounts.values, find_flow_tree(balance)
    total, other = amounts[:, :, f], np.nan_to_num(amounts[:, :, flows.index(_OTHER)])
    parts = tree.parts.get(f, ())
    sectors = add_up(amounts, tree, parts)
    slack = find_rounding(balance) * (len(parts) + 2) + 1e-9 * np.abs(np.nan_to_num(total))
    beside = (other != 0) & (np.abs(sectors) > slack)
    holds = beside & (np.abs(total - sectors - other) <= slack)
    lacks = beside & (np.abs(total - sectors) <= slack)
    if holds.sum() <= lacks.sum():
        return balance
    a, y, p = np.argwhere(holds)[0].tolist()
    finding = Finding(
        "final-with-non-energy",
        "info",
        say(
            "{flow} is the sum of its sectors and {other}: the row is taken as {both}",
            flow=_ENERGY,
            other=_OTHER,
            both=_BOTH,
        ),
        balance.locate(a, y, f, p),
    )
    return rename_flows(balance, [_BOTH if i == f else one for i, one in enumerate(flows)], finding)
