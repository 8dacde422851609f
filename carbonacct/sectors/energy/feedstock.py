"""What leaves the energy total as feedstock, in tonnes, and which industrial process it goes to."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from carbonacct import vocabulary
from carbonacct.data import data_folder, read_rows
from carbonacct.errors import CarbonacctError, Finding
from carbonacct.sectors.energy.chain import build_chain
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    from carbonacct.balances import EnergyBalance
    from carbonacct.factors import Method
    from carbonacct.sectors.energy.activity import ActivityData

_WHOLE = ("primary_supply", "transformation", "final_consumption", "industry")  # a full balance


@cache
def _read_processes() -> dict[str, tuple[str, str]]:
    path = data_folder() / "vocabulary" / "feedstock_processes.csv"
    rows = read_rows(path)
    return {row["product"]: (row["categories"].replace("|", ", "), row["what"]) for row in rows}


def find_process(product: str) -> tuple[str, str]:
    """Return the IPCC categories that feedstock of a product goes to, and what is made of it.

    Empty where none is known.

    Notes
    -----
    IPCC 2006 Guidelines, Vol. 3, Ch. 3 to 5; the rows are in
    ``factors/vocabulary/feedstock_processes.csv``.

    Examples
    --------
    >>> find_process("raw_coal"), find_process("naphtha")[0]
    (('2.B.1, 2.B.8.a', 'ammonia and methanol'), '2.B.8')
    """
    kind, processes = vocabulary.base_of(product), _read_processes()
    near = [name for name in processes if vocabulary.is_product_within(kind, name)]
    own = kind if kind in processes else next(iter(near), "")
    return processes.get(own, ("", ""))


def list_feedstock_flows(balance: EnergyBalance, method: Method) -> list[str]:
    """Return the rows of a balance that are feedstock for a method."""
    return [flow for flow in balance.flows if method.role(flow, balance.parents) == "feedstock"]


def note_feedstock(activity: ActivityData, method: Method) -> list[Finding]:
    """Report how much leaves the total as feedstock, by product, or that nothing does.

    Parameters
    ----------
    activity, method
        What burns, and what was taken out of it.

    Returns
    -------
    list of Finding
        One of what was taken out, one of what counts by the method's choice, in tonnes of fuel and
        of the CO2 that it would emit if it burnt; or one that says that a full balance prints no
        row of feedstock.

    Notes
    -----
    IPCC 2006 Guidelines, Vol. 3, Ch. 1, box 1.1: carbon of feedstock belongs to industrial
    processes.
    """
    balance = activity.balance
    roles = {flow: method.role(flow, balance.parents) for flow in balance.flows}
    rows = [f for f, flow in enumerate(balance.flows) if roles[flow] == "feedstock"]
    if not rows:
        return _note_missing(activity, method)
    printed = np.where(activity.leaf, np.maximum(np.nan_to_num(balance.amounts.values), 0.0), 0.0)
    counts = np.array([method.counts_feedstock(product) for product in balance.products])
    kept = np.where(counts, printed[:, :, rows].sum(axis=2), 0.0)
    taken = np.zeros(kept.shape) if activity.feedstock is None else activity.feedstock
    factor = _find_factor(balance, method, (taken + kept).sum(axis=(0, 1)) > 0)
    texts = (
        (
            "feedstock-taken-out",
            taken,
            say("is taken out of industry and counts in no category of energy"),
            say(
                "what processes emit of it is theirs; --feedstock-counts counts a product as burnt"
            ),
        ),
        (
            "feedstock-counted",
            kept,
            say("counts as burnt"),
            say("add none of it in industrial processes"),
        ),
    )
    findings = []
    for rule, amount, text, action in texts:
        if amount.any():
            co2 = np.where(amount > 0, amount * factor, 0.0)
            a, y, p = np.unravel_index(int(np.argmax(np.nan_to_num(co2))), co2.shape)
            where = balance.locate(int(a), int(y), rows[0], int(p))
            message = say(
                "feedstock worth {co2:,.0f} t CO2 {text}: {listed}",
                co2=np.nansum(co2),
                text=text,
                listed=_list(balance, amount, co2),
            )
            findings.append(Finding(rule, "info", message, where, action))
    return findings


def _note_missing(activity: ActivityData, method: Method) -> list[Finding]:
    balance = activity.balance
    known = set(_WHOLE) <= set(balance.flows) and "feedstock" in method.roles.values()
    apart = any(balance.is_part(flow, "non_energy_use") for flow in balance.flows)
    row = balance.flows.index("industry") if known else 0
    fuels = [p for p, name in enumerate(balance.products) if find_process(name)[0]]
    used = activity.counted[:, :, row][..., fuels]
    if apart or not known or not used.any():
        return []
    a, y, p = np.argwhere(used)[0].tolist()
    return [
        Finding(
            "feedstock-missing",
            "warning",
            say(
                "the table prints no feedstock of industry: nothing was deducted, and raw "
                "material counts as burnt"
            ),
            balance.locate(a, y, row, fuels[p]),
            say("add the row if the source has it"),
        )
    ]


def _find_factor(balance: EnergyBalance, method: Method, needed: np.ndarray) -> np.ndarray:
    """Return t CO2 per unit of each product in industry (area or 1, year or 1, product); NaN where there is none."""
    row = balance.flows.index("industry") if "industry" in balance.flows else 0
    products = [product for product, asked in zip(balance.products, needed, strict=True) if asked]
    factor = np.full((1, 1, len(balance.products)), np.nan)
    try:
        for parameters in method.chains["CO2"] if products else ():
            chain = build_chain(balance, method, parameters, products, gas="CO2").held_factor
            factor = np.where(np.isnan(factor), chain[:, :, row], factor)
    except CarbonacctError:
        return factor
    return factor


def _list(balance: EnergyBalance, amount: np.ndarray, co2: np.ndarray) -> str:
    """Return how much of each product, the largest first: "1,000 t of coke (2,853 t CO2; 2.B.5, 2.C.1)"."""
    whole, worth = amount.sum(axis=(0, 1)), co2.sum(axis=(0, 1))
    units = balance.amounts["unit"].values
    largest = sorted(np.flatnonzero(whole), key=lambda p: -np.nan_to_num(worth[p]))
    return join_texts(
        ", ",
        (
            say(
                "{whole:,.0f} {unit} of {product} ({product_of_worth})",
                whole=whole[p],
                unit=units[p],
                product=product,
                product_of_worth=_say(product, worth[p]),
            )
            for p in largest
            for product in [balance.products[p]]
        ),
    )


def _say(product: str, co2: float) -> str:
    worth = say("no factor") if np.isnan(co2) else say("{co2:,.0f} t CO2", co2=co2)
    categories = find_process(product)[0]
    return say("{worth}; {categories}", worth=worth, categories=categories) if categories else worth
