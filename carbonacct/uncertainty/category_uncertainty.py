"""Cells put together to the categories that the guidelines ask for, with activity and factor uncertainty apart."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from carbonacct.data import data_folder, read_rows
from carbonacct.errors import UncertaintyError
from carbonacct.texts import say
from carbonacct.uncertainty.distributions import normal_quantile
from carbonacct.uncertainty.draw_model import select_cells
from carbonacct.uncertainty.moments import combination_moments

if TYPE_CHECKING:
    from carbonacct.uncertainty.draw_model import DrawModel

_PARTS = 3  # of a category's code, where the table of levels says no other


def tabulate_categories(
    model: DrawModel, *, latest: int | None = None, base: int | None = None, area: str | None = None
) -> pd.DataFrame:
    """Return one row per category and gas as Approach 1 and the key category analysis take it.

    Parameters
    ----------
    model
        Cells and what is uncertain about them, with the dims that
        :func:`carbonacct.model_inventory` gives.
    latest, base
        Years; the latest may be left out where the model has only one, the base where no trend is
        wanted.
    area
        May be left out where the model has only one.

    Returns
    -------
    pandas.DataFrame
        ``category`` (with the main fuel type where the level asks for it, such as ``1.A.1 solid``),
        ``gas``, ``base``, ``latest`` (t; NaN where a year has none), ``activity_uncertainty`` and
        ``factor_uncertainty`` (half
        the 95 % range in the latest year, %).

    Raises
    ------
    UncertaintyError
        If a year or an area lacks or is not one.

    Notes
    -----
    IPCC 2006, Vol. 1, Ch. 4, table 4.1: fuel combustion by main fuel type, transport by mode. The
    factor uncertainty of a category is that of the sum of its cells with the rows that they share;
    rows that two categories share are taken as independent by Approach 1, which is why its total
    can be too narrow and Approach 2 is there. Categories of other sectors are those of the third
    level, of land the fourth.

    Examples
    --------
    >>> import carbonacct as ca
    >>> inventory = ca.compile_inventory("docs/tables/chongqing_2007.csv", method="ipcc-2006")
    >>> ca.tabulate_categories(ca.model_inventory(inventory))["category"].tolist()[:3]
    ['1.A.1 gas', '1.A.1 liquid', '1.A.1 solid']
    """
    if "category" not in model.codes or "fuel" not in model.codes:
        raise UncertaintyError(
            say("the model has no category and fuel; make it with model_inventory")
        )
    here = select_cells(model, "area", area)
    now = here & select_cells(model, "year", latest)
    before = here & select_cells(model, "year", base) if base is not None else None
    names = np.array(
        [
            find_level(str(category), str(fuel))
            for category in model.labels["category"]
            for fuel in model.labels["fuel"]
        ],
        dtype=object,
    )
    category = names[
        model.codes["category"].astype(np.int64) * len(model.labels["fuel"]) + model.codes["fuel"]
    ]
    gas = model.labels["gas"][model.codes["gas"]]
    mean_of, covariance = combination_moments(model)
    second = np.diag(covariance) + mean_of**2
    drawn = {n for n, one in enumerate(model.inputs) if one.parameter == "activity"}
    of_factors = combination_moments(model, drawn)[1] if drawn else covariance
    z = normal_quantile(0.975)
    rows = []
    frame = pd.DataFrame({"category": category, "gas": gas})[here]
    for name, which in (
        frame.drop_duplicates().sort_values(["category", "gas"]).itertuples(index=False)
    ):
        cells = here & (category == name) & (gas == which)
        latest_cells = cells & now
        if not latest_cells.any() and not (before is not None and (cells & before).any()):
            continue
        # A category that has ended keeps the uncertainty of its base year.
        basis = (
            latest_cells if model.value[latest_cells].any() or before is None else cells & before
        )
        amount = np.bincount(
            model.combination[basis], (model.value * model.activity_mean)[basis], len(mean_of)
        )
        noise = (model.value * model.activity_sd)[basis] ** 2 @ second[model.combination[basis]]
        noise += amount @ (covariance - of_factors) @ amount if drawn else 0.0
        whole = abs(float(model.value[basis].sum())) or np.inf
        factor = float(np.sqrt(max(0.0, amount @ of_factors @ amount)))
        rows.append(
            {
                "category": name,
                "gas": which,
                "base": _add_up(model, cells & before) if before is not None else np.nan,
                "latest": _add_up(model, latest_cells),
                "activity_uncertainty": 100 * z * float(np.sqrt(noise)) / whole,
                "factor_uncertainty": 100 * z * factor / whole,
            }
        )
    return pd.DataFrame(rows)


def _add_up(model: DrawModel, cells: np.ndarray) -> float:
    """Return the sum of some cells; of none there is no number."""
    return float(model.value[cells].sum()) if cells.any() else np.nan


@cache
def _levels() -> tuple[dict[str, str], ...]:
    """Return the rows of the table of levels, the nearest category first."""
    rows = read_rows(data_folder() / "uncertainty" / "key_category_level.csv")
    return tuple(sorted(rows, key=lambda row: -len(row["categories"])))


def find_level(category: str, fuel: str) -> str:
    """Return the category of the key category analysis: of fuels with the main fuel where it is split by it.

    Examples
    --------
    >>> find_level("1.A.2.a", "solid"), find_level("1.A.3.b", "liquid"), find_level("3.B.1.a", "")
    ('1.A.2 solid', '1.A.3.b', '3.B.1.a')
    """
    row = next(
        (one for one in _levels() if f"{category}.".startswith(f"{one['categories']}.")), None
    )
    if not fuel:
        parts = int(row["parts"]) if row is not None and row["parts"] else _PARTS
        return ".".join(category.split(".")[:parts])
    if row is None:
        return f"{category} {fuel}"
    return f"{row['categories']} {fuel}" if row["by_fuel"] == "yes" else row["categories"]
