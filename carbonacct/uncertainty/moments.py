"""Closed-form moments of products and of sums with shared factors, and the lognormal that has them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from carbonacct.errors import UncertaintyError
from carbonacct.texts import say
from carbonacct.uncertainty.approach2 import Intervals
from carbonacct.uncertainty.computed import gradient_of, rows_of
from carbonacct.uncertainty.distributions import compute_moment, normal_quantile
from carbonacct.uncertainty.uncertain_totals import sum_cells, to_dataset

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from carbonacct.uncertainty.draw_model import DrawModel
    from carbonacct.uncertainty.uncertain_totals import Totals


def match_lognormal(
    mean: np.ndarray, sd: np.ndarray, level: float = 0.95
) -> tuple[np.ndarray, np.ndarray]:
    """Return the bounds of the lognormal that has a mean and a standard deviation.

    Of its mirror where the mean is below 0.

    Notes
    -----
    sigma^2 = ln(1 + (sd / mean)^2), mu = ln(mean) - sigma^2 / 2 (Fenton 1960, IRE Trans. Commun.
    Syst. 8, 57). Where the mean is 0 or the coefficient of variation above 1 on both sides of 0
    there is none; the bounds are then those of a normal.

    Examples
    --------
    >>> import numpy as np
    >>> lower, upper = match_lognormal(np.array([100.0]), np.array([5.0]))
    >>> round(float(lower[0]), 2), round(float(upper[0]), 2)
    (90.56, 110.15)
    """
    mean, sd = np.asarray(mean, dtype=float), np.asarray(sd, dtype=float)
    z = normal_quantile((1 + level) / 2)
    some = mean != 0
    size = np.where(some, abs(mean), 1.0)
    variance = np.log1p((sd / size) ** 2)
    near, far = (size * np.exp(-variance / 2 + sign * z * np.sqrt(variance)) for sign in (-1, 1))
    lower = np.where(mean > 0, near, np.where(some, -far, -z * sd))
    upper = np.where(mean > 0, far, np.where(some, -near, z * sd))
    return lower, upper


def approximate(
    model: DrawModel, *, by: Sequence[str] = ("area", "year"), level: float = 0.95
) -> Intervals:
    """Return totals with exact mean and standard deviation and the interval of the matched lognormal; nothing is drawn.

    Parameters
    ----------
    model, by, level
        As in :func:`carbonacct.simulate`.

    Raises
    ------
    UncertaintyError
        If the model has shares or correlated activities, whose moments are not closed, or a dim
        does not exist.

    Notes
    -----
    For combinations c of inputs with relative factors F_c, E[total] = sum_c A_c E[F_c] and
    Var = sum_cd A_c A_d Cov(F_c, F_d) + sum_c E[F_c^2] V_c, where E[F_c F_d] is the product over
    inputs of their moments to the sum of their powers in c and d. An entry of an equation that is
    no sum of products (decay, an exponent) is taken as linear around the means of its inputs.

    Examples
    --------
    >>> import carbonacct as ca
    >>> inventory = ca.compile_inventory("docs/tables/chongqing_2007.csv", method="ipcc-2006")
    >>> model = ca.model_inventory(inventory)
    >>> exact, drawn = ca.approximate(model).table, ca.simulate(model, draws=16384).table
    >>> abs((exact["sd"] / drawn["sd"]).item() - 1) < 0.03
    True
    """
    totals = sum_cells(model, by)
    mean, sd = compute_totals(model, totals)
    lower, upper = match_lognormal(mean, sd, level)
    columns = {"value": totals.value, "mean": mean, "sd": sd, "lower": lower, "upper": upper}
    return Intervals(
        to_dataset(totals, columns, {"level": level}),
        level,
        0,
        0,
        "matched lognormal",
        model.findings,
    )


def compute_totals(model: DrawModel, totals: Totals) -> tuple[np.ndarray, np.ndarray]:
    """Return mean and standard deviation of totals in closed form.

    Raises
    ------
    UncertaintyError
        If the model has shares or correlated activities.
    """
    mean_of, covariance = combination_moments(model)
    second = covariance + np.outer(mean_of, mean_of)
    means, variances = np.empty(totals.count), np.empty(totals.count)
    for i in range(totals.count):
        part = slice(totals.start[i], totals.start[i + 1])
        used, amount = totals.combination[part], totals.amount[part]
        means[i] = amount @ mean_of[used]
        noise = slice(totals.noise_start[i], totals.noise_start[i + 1])
        variances[i] = (
            amount @ covariance[np.ix_(used, used)] @ amount
            + totals.spread[noise] @ second[totals.left[noise], totals.right[noise]]
        )
    return means, np.sqrt(np.maximum(variances, 0))


def combination_moments(
    model: DrawModel, certain: Collection[int] = ()
) -> tuple[np.ndarray, np.ndarray]:
    """Return the means of the relative factors of combinations, and their covariances.

    Parameters
    ----------
    certain
        Inputs that are held at their means.

    Raises
    ------
    UncertaintyError
        If the model has shares or correlated activities.
    """
    if model.shares or model.correlated:
        raise UncertaintyError(
            say(
                "shares and correlated activities have no closed moments here; draw them (simulate)"
            )
        )
    count = len(model.uses)
    mean = np.ones(count)
    ratio = np.zeros((count, count))  # ln of E[F_c F_d] / (E[F_c] E[F_d])
    powers = [np.zeros(count, np.int64) for _ in model.inputs]
    for step in range(model.uses.shape[1]):
        for row in np.flatnonzero(model.uses[:, step] >= 0):
            powers[model.uses[row, step]][row] += int(model.powers[row, step])
    for number, (one, power) in enumerate(zip(model.inputs, powers, strict=True)):
        here = np.flatnonzero(power)
        own = power[here]
        # Where two combinations share an input its powers add: E[x^p x^q] is the moment p + q.
        sums = own[:, None] + own[None, :]
        log = {
            p: math.log(compute_moment(one.uncertainty, p) / one.uncertainty.value**p)
            for p in np.unique(np.append(own, sums)).tolist()
        }
        first = np.array([log[p] for p in own.tolist()])
        both = np.array([[log[p] for p in row] for row in sums.tolist()])
        mean[here] *= np.exp(first)
        if number in certain:
            continue
        ratio[np.ix_(here, here)] += both - first[:, None] - first[None, :]
    covariance = np.outer(mean, mean) * np.expm1(ratio)
    if model.computed:
        _add_computed(model, powers, (mean, covariance), certain)
    return mean, covariance


def _add_computed(
    model: DrawModel,
    powers: Sequence[np.ndarray],
    moments: tuple[np.ndarray, np.ndarray],
    certain: Collection[int],
) -> None:
    """Put the moments of equations in their place: linear around the means of their inputs."""
    mean, covariance = moments
    for rows, one in zip(rows_of(model), model.computed, strict=True):
        mean[rows] = one.mean
    for number, (one_input, power) in enumerate(zip(model.inputs, powers, strict=True)):
        gradient = gradient_of(model, number)
        moved, here = np.flatnonzero(gradient), np.flatnonzero(power)
        if not len(moved) or number in certain:
            continue
        known = one_input.uncertainty
        average = compute_moment(known, 1)
        spread = compute_moment(known, 2) / average**2 - 1
        covariance[np.ix_(moved, moved)] += spread * np.outer(gradient[moved], gradient[moved])
        shared = {
            int(p): compute_moment(known, int(p) + 1) / (compute_moment(known, int(p)) * average)
            - 1
            for p in np.unique(power[here])
        }
        link = mean[here] * np.array([shared[int(p)] for p in power[here]])
        both = np.outer(gradient[moved], link)
        covariance[np.ix_(moved, here)] += both
        covariance[np.ix_(here, moved)] += both.T
