"""How exactly a table prints: half a unit of the last decimal of each product."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from carbonacct.balances.amounts.conversions import printed_scale
from carbonacct.balances.amounts.slips import MOST_DECIMALS

if TYPE_CHECKING:
    from carbonacct.balances.amounts.energy_balance import EnergyBalance

_MOST_PRINTED = 1e15  # what no print holds has no decimals
_NOT_PRINTED = 0.5e-6  # of numbers that stand in no file


def find_rounding(balance: EnergyBalance) -> np.ndarray:
    """Return half a unit of the last printed decimal of each product, in its canonical unit.

    Parameters
    ----------
    balance
        As read.

    Examples
    --------
    >>> import carbonacct as ca
    >>> balance = ca.read_balance("docs/tables/chongqing_2007.csv")  # 万吨 with two decimals
    >>> float(find_rounding(balance)[balance.products.index("raw_coal")])
    50.0
    """
    half = np.full(len(balance.products), _NOT_PRINTED)
    if not len(balance.places.printed):
        return half
    place = balance.place.values
    for p, unit in enumerate(balance.printed_units):
        if not unit:  # of no file
            continue
        places = place[..., p][place[..., p] >= 0]
        printed = balance.places.printed[places]
        scale = printed_scale(balance.products[p], unit)
        kept = printed[np.abs(printed) < _MOST_PRINTED]
        half[p] = 0.5 * 10.0 ** -count_decimals(kept) * scale
    return half


def count_decimals(printed: np.ndarray) -> int:
    """Return how many decimals nine of ten numbers need."""
    for decimals in range(MOST_DECIMALS + 1 if len(printed) else 0):
        scaled = printed * 10.0**decimals
        are_whole = np.abs(scaled - np.rint(scaled)) < 1e-6 * 10.0**decimals
        if np.count_nonzero(are_whole) / len(printed) > 0.9:
            return decimals
    return 6
