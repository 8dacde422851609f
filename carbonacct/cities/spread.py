"""How far the answers of different indices are apart, beside the number."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from carbonacct import vocabulary
from carbonacct.balances.amounts.parts_tree import find_flow_tree
from carbonacct.balances.check.counting import TOTAL
from carbonacct.errors import Finding, name_some
from carbonacct.texts import say

if TYPE_CHECKING:
    from carbonacct.balances import EnergyBalance

COLUMNS = (
    "area",
    "year",
    "flow",
    "product",
    "unit",
    "value",
    "how",
    "case",
    "index",
    "share",
    "share_low",
    "share_high",
)


def tabulate_origins(balance: EnergyBalance) -> pd.DataFrame:
    """Return one row per cell with its number and how it came about.

    Parameters
    ----------
    balance
        As :func:`carbonacct.build_city_balance` makes it, or as its file reads back.

    Returns
    -------
    pandas.DataFrame
        ``area, year, flow, product, unit, value, how, case, index, share, share_low, share_high,
        low, high``: ``low`` and ``high`` are the value by the lowest and the highest share of any
        index at hand, and the value itself where there is but one way; ``leaf`` whether no part of
        the row is there.
    """
    tree = find_flow_tree(balance)
    rows = []
    for at in np.argwhere(~np.isnan(balance.amounts.values)).tolist():
        a, y, f, p = at
        labels = (balance.areas[a], balance.years[y], balance.flows[f], balance.products[p])
        origin = balance.origins.find(*labels) if balance.origins else None
        value = float(balance.amounts.values[tuple(at)])
        parts = [
            part
            for part in tree.parts.get(f, ())
            if not np.isnan(balance.amounts.values[a, y, part, p])
        ]
        origin_texts = (
            (origin.how, origin.case, origin.index) if origin else ("printed", "alpha", "")
        )
        shares = (origin.share, origin.share_low, origin.share_high) if origin else (np.nan,) * 3
        rows.append((*labels, balance.units[p], value, *origin_texts, *shares, not parts))
    frame = pd.DataFrame(rows, columns=[*COLUMNS, "leaf"])
    spread = frame["share_low"].notna() & frame["share_high"].notna() & (frame["share"] > 0)
    for name in ("low", "high"):
        ratio = (frame[f"share_{name}"] / frame["share"]).where(spread, 1.0)
        frame[name] = frame["value"] * ratio
    return frame


def tabulate_spread(balance: EnergyBalance) -> pd.DataFrame:
    """Return the use of each product, with its lowest and highest value by any index.

    Returns
    -------
    pandas.DataFrame
        ``area, year, product, unit, value, low, high, allocated``: sums over the rows of final
        consumption and over what goes into plants; ``allocated`` is the part of the value that an
        index made.

    Notes
    -----
    Rows move together: ``low`` adds the lowest of each row. It is a range of answers, no confidence
    interval.

    Examples
    --------
    >>> import carbonacct as ca
    >>> from carbonacct.cities.spread import tabulate_spread
    >>> folder = "docs/tables/city/"
    >>> city = ca.build_city_balance(
    ...     folder + "industry_2019.csv",
    ...     area="江州市",
    ...     year=2019,
    ...     province=folder + "province_2019.csv",
    ...     indicators=folder + "indicators_2019.csv",
    ... )
    >>> frame = tabulate_spread(city)
    >>> bool((frame["low"] <= frame["value"]).all() and (frame["value"] <= frame["high"]).all())
    True
    """
    frame = tabulate_origins(balance)
    use = [
        balance.is_part(flow, "final_consumption")
        or (balance.is_part(flow, "transformation") and value < 0)
        for flow, value in zip(frame["flow"], frame["value"], strict=True)
    ]
    keys = ["area", "year", "product", "unit"]
    wholes = frame[frame["flow"] == TOTAL].set_index(keys)
    frame = frame[frame["leaf"] & np.array(use, bool) & ~_find_inside(frame)]
    frame = frame.assign(allocated=frame["value"].where(frame["share"].notna(), 0.0))
    numbers = ["value", "low", "high", "allocated"]
    frame = frame.assign(**{name: frame[name].abs() for name in numbers})
    used = frame.groupby(keys, sort=False, observed=True)[numbers].sum()
    # What a printed total has beyond its uses has no index.
    alone = wholes.loc[wholes.index.difference(used.index, sort=False), numbers[:-1]]
    used = pd.concat([used, alone.assign(allocated=0.0)])
    rest = (wholes["value"] - used["value"]).clip(lower=0.0).reindex(used.index).fillna(0.0)
    return used.assign(**{name: used[name] + rest for name in numbers[:-1]}).reset_index()


def _find_inside(frame: pd.DataFrame) -> np.ndarray:
    """Return the rows that lie inside another of their product: feedstock, or vehicles' fuel, beside industry."""
    keys = list(frame[["area", "year", "product", "flow"]].itertuples(index=False, name=None))
    held: dict[tuple[object, ...], list[str]] = {}
    for *place, flow in keys:
        held.setdefault(tuple(place), []).append(flow)
    known = vocabulary.flows()
    return np.array(
        [
            known[flow].part == "of"
            and any(
                known[other].part != "of" and vocabulary.is_within(other, known[flow].parent)
                for other in held[tuple(place)]
            )
            for *place, flow in keys
        ],
        bool,
    )


def note_single_indices(balance: EnergyBalance) -> list[Finding]:
    """Report which rows one index alone allocates: there is no other to compare with."""
    if balance.origins is None:
        return []
    alone: dict[str, str] = {}
    codes = balance.origins.cells.values
    for f, flow in enumerate(balance.origins.cells["flow"].values.tolist()):
        for code in np.unique(codes[:, :, f]):
            record = balance.origins.records[int(code)] if code >= 0 else None
            if record and record.index and record.how == "allocated" and not record.has_spread:
                alone[str(flow)] = record.index
    if not alone:
        return []
    named = name_some(
        [say("{flow} ({index})", flow=flow, index=index) for flow, index in alone.items()], 6
    )
    message = say(
        "one index alone allocates {named}: how far another answer would be is not known",
        named=named,
    )
    return [
        Finding(
            "city-one-index", "warning", message, "", say("give a second indicator of both areas")
        )
    ]
