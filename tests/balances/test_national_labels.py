"""National balances in the words of their languages, each cell another number: all of them are read as what they are.

``tests/data/national_balances.csv`` has the titles, ``national_labels.csv`` the rows and columns with their ids; rows
and columns that are passed over, and totals whose id the numbers decide, have none. Those of names like
``japan_offices``, ``thailand_th``, ``malaysia_ms`` and ``americas_es`` are usual words, no table that was printed.
"""

from __future__ import annotations

import csv
from itertools import groupby
from pathlib import Path

import numpy as np
import pytest

import carbonacct as ca
from carbonacct.data import read_rows
from carbonacct.units import conversion_factor

DATA = Path(__file__).parents[1] / "data"
BALANCES = {row["balance"]: row for row in read_rows(DATA / "national_balances.csv")}
LABELS = {
    key: [(row["label"], row["id"]) for row in rows]
    for key, rows in groupby(
        read_rows(DATA / "national_labels.csv"), lambda row: (row["balance"], row["kind"])
    )
}


@pytest.mark.parametrize("name", BALANCES)
def test_each_cell_of_a_national_balance_is_read(tmp_path, name):
    """Number by number: its row, its column and its unit; what leaves the area may have been printed positive."""
    about, flows, products = BALANCES[name], LABELS[name, "flow"], LABELS[name, "product"]
    path = tmp_path / f"{name}.csv"
    printed = np.arange(1, len(flows) + 1)[:, None] * 1000.0 + np.arange(1, len(products) + 1) * 7
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = [
            [label, *numbers] for (label, _), numbers in zip(flows, printed.tolist(), strict=True)
        ]
        csv.writer(file).writerows(
            [[about["title"]], ["", *(label for label, _ in products)], *rows]
        )
    balance = ca.read_balance(path, area="Fiji", year=int(about["year"]))
    amounts = balance.amounts.sel(area="Fiji", year=int(about["year"]))
    for product in {product for _, product in products} - {""}:
        columns = [j for j, (_, one) in enumerate(products) if one == product]
        unit = balance.units[balance.products.index(product)]
        rows = [i for i, (_, flow) in enumerate(flows) if flow]
        found = amounts.sel(product=product, flow=[flows[i][1] for i in rows]).values
        right = printed[np.ix_(rows, columns)].sum(axis=1) * conversion_factor(about["unit"], unit)
        np.testing.assert_allclose(np.abs(found), right, rtol=1e-6, err_msg=f"{name}: {product}")
