"""Signs as tables print them: own use and losses that are negative, exports and inputs that are positive."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from carbonacct import vocabulary
from carbonacct.balances.assemble.generation import is_fuel
from carbonacct.errors import Finding
from carbonacct.sheets import values
from carbonacct.texts import say

if TYPE_CHECKING:
    from carbonacct.balances.amounts.energy_balance import EnergyBalance
    from carbonacct.balances.assemble.assembly import PrintedCells

_MIXED = 0.01  # of the numbers of one sign in a row: fewer of the other are corrections
# Power and heat plants, which put out no fuel.
PLANTS = frozenset(
    {
        *("thermal_power", "chp", "heating", "power_and_heat", "electricity_generation_total"),
        *("industrial_power", "industrial_chp", "industrial_heating"),
    }
)
# Blocks of use that a balance may take off its supply: the signs of supply and transformation mean
# something, those of a use do not.
_USES = ("energy_own_use", "own_use_and_losses", "losses", "non_energy_use")


def turn_negative_uses(balance: EnergyBalance) -> EnergyBalance:
    """Return a balance whose own use and losses are positive, however they are printed.

    Parameters
    ----------
    balance
        Amounts as read.

    Notes
    -----
    A block (own use with its parts) is turned in an area and year where it has negative numbers and
    no positive one. Where it has both, a negative number stays one, and the checks name it.

    Examples
    --------
    >>> import carbonacct as ca, pandas as pd
    >>> table = pd.DataFrame({"area": "A", "year": 2019, "product": "natural_gas", "unit": "亿立方米",
    ...                       "flow": ["energy_own_use", "industry"], "value": [-1, 50]})
    >>> ca.make_balance(table).quantity("natural_gas").sel(flow="energy_own_use").item().magnitude > 0
    True
    """
    amounts = balance.amounts.values
    turned, findings = None, []
    if not balance.negative.any():
        return balance
    for use, rows in _find_uses(tuple(balance.flows), tuple(balance.parents.items())):
        if not balance.negative[rows].any():
            continue
        block = amounts[:, :, rows]
        negative = np.asarray((block < 0).any(axis=(2, 3)) & ~(block > 0).any(axis=(2, 3)))
        if not negative.any():
            continue
        turned = amounts.copy() if turned is None else turned
        areas, years = (places[:, None] for places in np.nonzero(negative))
        turned[areas, years, rows] = np.abs(turned[areas, years, rows])
        a, y, f, p = np.argwhere((block < 0) & negative[:, :, None, None])[0].tolist()
        findings.append(
            Finding(
                "printed-negative",
                "info",
                say("{use} is printed negative and is taken as a use", use=use),
                balance.locate(a, y, rows[f], p),
            )
        )
    if turned is None:
        return balance
    array = balance.amounts.copy(data=turned)
    return replace(balance, amounts=array, findings=(*balance.findings, *findings))


def turn_positive_inputs(balance: EnergyBalance) -> EnergyBalance:
    """Return a balance in which fuels of power and heat plants are inputs, also printed positive.

    Notes
    -----
    Such plants put out no fuel, and a table of use alone may print what they take in as a use.
    A row is turned in an area and year where it has positive fuels and no negative one, and which
    has no number of supply or of transformation as a whole: with these the signs are those of the
    print, and sums show what is wrong. Fuels of both signs stay as printed.

    Examples
    --------
    >>> import carbonacct as ca, pandas as pd
    >>> table = pd.DataFrame({"area": "A", "year": 2019, "unit": ["万吨", "亿千瓦时"], "value": [500, 120],
    ...                       "flow": "thermal_power", "product": ["raw_coal", "electricity"]})
    >>> ca.make_balance(table).amounts.squeeze().values.tolist()
    [-5000000.0, 12000000000.0]
    """
    amounts = balance.amounts.values
    rows, fuels, signed = _find_plants(tuple(balance.flows), tuple(balance.products))
    if not (amounts[:, :, rows][..., fuels] > 0).any():
        return balance
    is_signed = ~np.isnan(amounts[:, :, signed]).all(axis=(2, 3))
    turned, findings = None, []
    for f in rows:
        block = amounts[:, :, f, fuels]
        # Tables of fuel use by sector print power plants beside industry, and all amounts positive.
        positive = (block > 0).any(axis=2) & ~(block < 0).any(axis=2) & ~is_signed
        if not positive.any():
            continue
        turned = amounts.copy() if turned is None else turned
        turned[:, :, f, fuels] = np.where(positive[:, :, None], -block, block)
        a, y, k = np.argwhere((block > 0) & positive[:, :, None])[0].tolist()
        findings.append(
            Finding(
                "printed-positive",
                "info",
                say(
                    "{flow} prints positive what goes into plants, and is taken so",
                    flow=balance.flows[f],
                ),
                balance.locate(a, y, f, fuels[k]),
            )
        )
    if turned is None:
        return balance
    array = balance.amounts.copy(data=turned)
    return replace(balance, amounts=array, findings=(*balance.findings, *findings))


@lru_cache(maxsize=64)
def _find_plants(
    flows: tuple[str, ...], products: tuple[str, ...]
) -> tuple[list[int], list[int], list[int]]:
    """Return the rows of power and heat plants, the columns of fuels, and the rows with signs."""
    rows = [f for f, flow in enumerate(flows) if flow in PLANTS]
    fuels = [p for p, product in enumerate(products) if is_fuel(product)]
    return rows, fuels, [f for f, flow in enumerate(flows) if _is_signed(flow)]


def _is_signed(flow: str) -> bool:
    """Return whether a row is of a balance with signs: of supply, or transformation as a whole."""
    return flow == "transformation" or vocabulary.is_within(flow, "primary_supply")


def note_signs(cells: PrintedCells) -> list[Finding]:
    """Return what is to be said of cells that are printed positive and leave the area."""
    arrangement = cells.arrangement
    turned = np.flatnonzero(
        (cells.status == values.NUMBER)
        & (cells.printed > 0)
        & (arrangement.sign > 0)
        & (cells.amount < 0)
    )
    found = []
    for code in dict.fromkeys(arrangement.codes["flow"][turned].tolist()):
        positive = turned[arrangement.codes["flow"][turned] == code]
        found.append(
            Finding(
                "printed-positive",
                "info",
                say(
                    "{positive_count} cells of {flow} are printed positive and are taken as "
                    "leaving the area",
                    positive_count=len(positive),
                    flow=arrangement.labels["flow"][code],
                ),
                cells.address(int(positive[0])),
            )
        )
        flow = str(arrangement.labels["flow"][code])
        negative = (arrangement.codes["flow"] == code) & (cells.printed < 0)
        below, above = (np.abs(cells.printed[where]).sum() for where in (negative, positive))
        if flow.endswith(".input") and min(below, above) > _MIXED * max(below, above):
            found.append(_say_mixed(cells, flow, int(positive[0]), int(negative.argmax())))
    return found


def _say_mixed(cells: PrintedCells, flow: str, positive: int, negative: int) -> Finding:
    """Return the finding of a row of inputs with numbers of both signs: those of one sign may be what comes out."""
    return Finding(
        "mixed-signs",
        "error",
        say(
            "{flow} has numbers of both signs, {positive:g} in {where} and {negative:g} in {other}:"
            " all are taken as going in, and some may come out",
            flow=flow,
            positive=cells.printed[positive],
            where=cells.address(positive),
            negative=cells.printed[negative],
            other=cells.address(negative),
        ),
        cells.address(positive),
        say("give the row the id of the plants as a whole in a mapping file, if it has both"),
    )


@lru_cache(maxsize=64)
def _find_uses(
    flows: tuple[str, ...], parents: tuple[tuple[str, str], ...]
) -> list[tuple[str, list[int]]]:
    """Return the printed rows of each block of use that a table has."""
    own = dict(parents)
    blocks = [
        (use, [f for f, flow in enumerate(flows) if vocabulary.is_within(flow, use, own)])
        for use in _USES
    ]
    return [(use, rows) for use, rows in blocks if rows]
