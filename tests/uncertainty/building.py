"""Small models for tests."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from carbonacct import DrawInput, DrawModel, Uncertainty, build_model, fit_percent


def cities(
    count: int,
    *,
    shared: bool = True,
    percent: float = 10,
    activity: Uncertainty | None = None,
    value: float = 100.0,
) -> DrawModel:
    """Return cities of one cell each that share one factor, or have one each."""
    cells = pd.DataFrame(
        {"area": [f"city {i:03d}" for i in range(count)], "year": 2020, "value": value}
    )
    inputs = [
        DrawInput(f"factor {i}", "emission_factor", "coal", fit_percent(94.6, percent))
        for i in range(1 if shared else count)
    ]
    uses = np.zeros(count, int) if shared else np.arange(count)
    given = {"activity": [activity], "activity_of": np.zeros(count, int)} if activity else {}
    return build_model(cells, inputs, uses[:, None], **given)


def grid(
    areas: int = 4,
    years: int = 3,
    products: int = 3,
    *,
    seed: int = 0,
    factor: float = 8,
    activity: float = 5,
) -> DrawModel:
    """Return a panel of areas x years x products in which a product has one calorific value and one carbon content."""
    rng = np.random.default_rng(seed)
    a, y, p = (index.ravel() for index in np.indices((areas, years, products)))
    cells = pd.DataFrame(
        {
            "area": [f"area {i}" for i in a],
            "year": 2000 + y,
            "product": [f"fuel {i}" for i in p],
            "value": rng.uniform(1, 100, len(a)),
        }
    )
    inputs = [
        DrawInput(f"{name} {i}", name, f"fuel {i}", fit_percent(20.0, factor))
        for name in ("ncv", "carbon")
        for i in range(products)
    ]
    return build_model(
        cells,
        inputs,
        np.stack([p, p + products], axis=1),
        activity=[fit_percent(1.0, activity)],
        activity_of=np.zeros(len(a), int),
    )


def multiply_moments(means, sds):
    """Return mean and standard deviation of a product of independent inputs of any distributions.

    The mean is the product of the means, and 1 + cv^2 the product of (1 + cv_i^2) (Goodman 1960, J. Am. Stat.
    Assoc. 55, 708). IPCC 2006, Vol. 1, Ch. 3, eq. 3.1 is its first order.
    """
    mean = math.prod(means)
    second = math.prod(one**2 + sd**2 for one, sd in zip(means, sds, strict=True))
    return mean, math.sqrt(max(0.0, second - mean**2))
