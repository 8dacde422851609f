"""The inventory of one table that is in memory, against a merge and a group-by in pandas."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

import carbonacct as ca
from benchmarks.timing import Row, compare

if TYPE_CHECKING:
    from pathlib import Path

METHOD = "provincial-2011"


def compile_with_pandas(
    activity: pd.DataFrame, factors: pd.DataFrame, burning: set[str]
) -> pd.DataFrame:
    """Return emissions by flow and product from prepared frames: no feedstock, no scope 2, no checks, no way back."""
    burnt = activity[activity["flow"].isin(burning)]
    joined = burnt.merge(factors, on="product", how="inner")
    joined["value"] = joined["amount"].abs() * joined["factor"]
    return joined.groupby(["flow", "product"], as_index=False)["value"].sum()


def measure(table: Path, repeat: int) -> list[Row]:
    """Return the time to compile one inventory, ours and with pandas; then a trace of every cell."""
    balance = ca.read_balance(table)
    inventory = ca.compile_inventory(balance, method=METHOD)
    activity = balance.amounts.to_dataframe("amount").dropna().reset_index()
    by_product = {
        p: float(np.nanmax(inventory.factor[..., i, 0]))
        for i, p in enumerate(balance.products)
        if not np.isnan(inventory.factor[..., i, 0]).all()
    }
    factors = pd.DataFrame({"product": list(by_product), "factor": list(by_product.values())})
    burning = {
        flow
        for i, flow in enumerate(balance.flows)
        if not np.isnan(inventory.amount[:, :, i]).all()
    }
    ours, peer = compare(
        lambda: ca.compile_inventory(balance, method=METHOD),
        lambda: compile_with_pandas(activity, factors, burning),
        max(repeat, 3) * 10,
    )
    cells = [(row.flow, row.product) for row in inventory.to_frame().itertuples()]
    traced, _ = compare(
        lambda: [ca.trace(inventory, flow=flow, product=product) for flow, product in cells],
        lambda: None,
        repeat,
    )
    return [
        (
            "compile one inventory, table in memory (peer: pandas merge, nothing checked)",
            ours,
            peer,
        ),
        (f"trace each of its {len(cells)} numbers", traced, None),
    ]
