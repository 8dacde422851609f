"""Distributions of inputs: what is known of one number, its quantiles and its moments.

A record says which distribution an input has and where that comes from; everything else is a
function on it. Only ``scipy.special`` is needed, and only when a quantile is asked for.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

import numpy as np

from carbonacct.display import shown_in_notebooks
from carbonacct.errors import Finding, UncertaintyError
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    from collections.abc import Mapping

Kind = Literal[
    "exact", "normal", "truncated_normal", "lognormal", "triangular", "uniform", "beta", "gamma"
]
KINDS: tuple[Kind, ...] = (
    "exact",
    "normal",
    "truncated_normal",
    "lognormal",
    "triangular",
    "uniform",
    "beta",
)
_NODES = 96


@shown_in_notebooks
@dataclass(frozen=True)
class Uncertainty:
    """What is known of one input.

    Attributes
    ----------
    kind
        The distribution: one of ``KINDS``, or ``gamma`` for a part of :func:`dirichlet_parts`.
    value
        The central value that the inventory uses.
    lower, upper
        The bounds at ``level``, as published or as the distribution gives them.
    shape
        Parameters of the distribution: normal (mean, sd); truncated_normal (mu, sigma, low, high)
        of the normal that is cut; lognormal (mu, sigma) of the logarithm; triangular (low, mode,
        high); uniform (low, high); beta (alpha, beta, low, high); gamma (alpha,).
    level
        Probability between the bounds.
    source
        Where the bounds come from.
    findings
        What the distribution cannot hold.
    """

    kind: Kind
    value: float
    lower: float
    upper: float
    shape: tuple[float, ...] = ()
    level: float = 0.95
    source: str = ""
    findings: tuple[Finding, ...] = field(default=(), compare=False)


def compute_quantiles(uncertainty: Uncertainty, probabilities: np.ndarray) -> np.ndarray:
    """Return the quantiles of an input at given probabilities (0 to 1, exclusive).

    Examples
    --------
    >>> import numpy as np
    >>> coal = Uncertainty("lognormal", 1.0, 0.3, 3.0, (0.0, 0.5))
    >>> float(compute_quantiles(coal, np.array([0.5]))[0])
    1.0
    """
    from scipy import special  # noqa: PLC0415 - takes a tenth of a second to load

    shape, p = uncertainty.shape, np.asarray(probabilities, dtype=float)
    quantiles: np.ndarray
    match uncertainty.kind:
        case "exact":
            quantiles = np.full(p.shape, uncertainty.value)
        case "normal":
            quantiles = shape[0] + shape[1] * special.ndtri(p)
        case "lognormal":
            quantiles = np.exp(shape[0] + shape[1] * special.ndtri(p))
        case "truncated_normal":
            mu, sigma, low, high = shape
            below, above = special.ndtr((low - mu) / sigma), special.ndtr((high - mu) / sigma)
            quantiles = np.clip(mu + sigma * special.ndtri(below + (above - below) * p), low, high)
        case "triangular":
            low, mode, high = shape
            cut = (mode - low) / (high - low)
            left = low + np.sqrt(p * (high - low) * (mode - low))
            quantiles = np.where(
                p < cut, left, high - np.sqrt((1 - p) * (high - low) * (high - mode))
            )
        case "uniform":
            quantiles = shape[0] + (shape[1] - shape[0]) * p
        case "beta":
            alpha, beta, low, high = shape
            quantiles = low + (high - low) * special.betaincinv(alpha, beta, p)
        case "gamma":
            quantiles = special.gammaincinv(shape[0], p)
    return quantiles


@lru_cache(maxsize=65536)
def compute_moment(uncertainty: Uncertainty, power: int) -> float:
    """Return the expected value of an input to a whole power, which may be negative for an input that divides.

    Notes
    -----
    Closed for the lognormal, and for powers 0, 1 and 2 of all; else a Gauss-Legendre rule over each
    half of the probabilities of the quantile function. Powers below zero of a normal have no
    moments: there the rule gives those of the normal between its quantiles at 8 in a hundred
    thousand, its outermost nodes, which for the small spread of a divisor is what is meant.

    Examples
    --------
    >>> compute_moment(Uncertainty("uniform", 1.0, 0.5, 1.5, (0.0, 2.0)), 2)
    1.3333333333333333
    """
    kind, shape, value = uncertainty.kind, uncertainty.shape, uncertainty.value
    if power == 0:
        return 1.0
    if kind == "exact":
        return float(value**power)
    if kind == "lognormal":
        return math.exp(power * shape[0] + (power * shape[1]) ** 2 / 2)
    if power == 1 or power == 2:  # noqa: PLR1714 - the two closed ones
        mean, variance = _mean_and_variance(uncertainty)
        return mean if power == 1 else variance + mean**2
    nodes, weights = np.polynomial.legendre.leggauss(_NODES)
    p = np.concatenate([(nodes + 1) / 4, (nodes + 1) / 4 + 0.5])
    return float(np.sum(np.tile(weights / 4, 2) * compute_quantiles(uncertainty, p) ** power))


def _mean_and_variance(uncertainty: Uncertainty) -> tuple[float, float]:
    """Return mean and variance of a distribution that is neither exact nor lognormal."""
    shape = uncertainty.shape
    mean = variance = shape[0]  # gamma
    match uncertainty.kind:
        case "normal":
            variance = shape[1] ** 2
        case "uniform":
            mean, variance = (shape[0] + shape[1]) / 2, (shape[1] - shape[0]) ** 2 / 12
        case "triangular":
            low, mode, high = shape
            mean, variance = (
                sum(shape) / 3,
                (low**2 + mode**2 + high**2 - low * mode - low * high - mode * high) / 18,
            )
        case "beta":
            alpha, beta, low, high = shape
            both = alpha + beta
            mean, variance = (
                low + (high - low) * alpha / both,
                (high - low) ** 2 * alpha * beta / (both**2 * (both + 1)),
            )
        case "truncated_normal":
            mean, variance = _truncated(*shape)
    return mean, variance


def _truncated(mu: float, sigma: float, low: float, high: float) -> tuple[float, float]:
    """Return mean and variance of a normal that is cut at both sides (Johnson, Kotz, Balakrishnan 1994, 13.10.1)."""
    a, b = (low - mu) / sigma, (high - mu) / sigma

    # A side that is not cut is infinite; both terms go to 0 there, and inf * 0 would be NaN.
    def density(x: float) -> float:
        return math.exp(-x * x / 2) / math.sqrt(2 * math.pi) if math.isfinite(x) else 0.0

    def moment(x: float) -> float:
        return x * density(x) if math.isfinite(x) else 0.0

    inside = (math.erf(b / math.sqrt(2)) - math.erf(a / math.sqrt(2))) / 2
    shift = (density(a) - density(b)) / inside
    return mu + sigma * shift, sigma**2 * (1 + (moment(a) - moment(b)) / inside - shift**2)


def compute_mean(uncertainty: Uncertainty) -> float:
    """Return the mean of an input's distribution; it differs from the central value where the bounds are uneven."""
    return compute_moment(uncertainty, 1)


def compute_sd(uncertainty: Uncertainty) -> float:
    """Return the standard deviation of an input's distribution."""
    return math.sqrt(max(0.0, compute_moment(uncertainty, 2) - compute_moment(uncertainty, 1) ** 2))


@lru_cache(maxsize=64)
def normal_quantile(probability: float) -> float:
    """Return the quantile of the standard normal."""
    from statistics import NormalDist  # noqa: PLC0415 - next to its only use

    return NormalDist().inv_cdf(probability)


def dirichlet_parts(
    shares: Mapping[str, float], concentration: float, *, source: str = ""
) -> dict[str, Uncertainty]:
    """Return the parts of a Dirichlet distribution of shares, each a gamma whose sum is to be normalised to 1.

    Parameters
    ----------
    shares
        Mean share of each part; they add up to 1.
    concentration
        How well the shares are known: a share s has the variance s (1 - s) / (concentration + 1).
    source
        Where the shares come from.

    Raises
    ------
    UncertaintyError
        If a share is negative, they do not add up to 1, or the concentration is not positive.

    Examples
    --------
    >>> [part.value for part in dirichlet_parts({"coal": 0.7, "gas": 0.3}, 50).values()]
    [0.7, 0.3]
    """
    total = math.fsum(shares.values())
    if not abs(total - 1) <= 1e-9:
        raise UncertaintyError(
            say(
                "shares of {shares} add up to {total:g}, not 1; give each as a part of the whole",
                shares=join_texts(", ", shares),
                total=total,
            )
        )
    if bad := next((name for name, share in shares.items() if not share > 0), None):
        raise UncertaintyError(
            say(
                "share of {bad} is {share:g}; a share is above 0 (leave out a part that is 0)",
                bad=bad,
                share=shares[bad],
            )
        )
    if not (concentration > 0 and math.isfinite(concentration)):
        raise UncertaintyError(
            say(
                "concentration {concentration:g} of shares is not a positive number",
                concentration=concentration,
            )
        )
    from scipy.special import betaincinv  # noqa: PLC0415

    parts = {}
    for name, share in shares.items():
        alpha = share * concentration
        lower, upper = (
            float(q) for q in betaincinv(alpha, max(concentration - alpha, 1e-300), [0.025, 0.975])
        )
        parts[name] = Uncertainty("gamma", share, lower, upper, (alpha,), 0.95, source)
    return parts
