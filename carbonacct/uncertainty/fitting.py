"""From what is published (bounds, a percentage, a coefficient of variation) to a distribution."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from carbonacct.errors import Finding, UncertaintyError, near_or_known
from carbonacct.texts import say
from carbonacct.uncertainty.distributions import (
    KINDS,
    Uncertainty,
    compute_quantiles,
    normal_quantile,
)

if TYPE_CHECKING:
    from carbonacct.uncertainty.distributions import Kind

# A distribution fits where its centre is this near to the central value, in parts of half the
# range.
CENTRE_TOLERANCE = 0.1
# IPCC 2006, Vol. 1, Ch. 3, section 3.2.2.4: a normal while the coefficient of variation is below
# about 30 %.
LARGEST_NORMAL_CV = 0.3


def fit_bounds(
    value: float,
    lower: float,
    upper: float,
    *,
    kind: str = "",
    level: float = 0.95,
    positive: bool = True,
    source: str = "",
    what: str = "input",
) -> Uncertainty:
    """Return the distribution of an input from its central value and its published bounds.

    Parameters
    ----------
    value, lower, upper
        Central value and bounds, in one unit.
    kind
        The distribution, or nothing: then the first that fits of normal, lognormal, triangular.
    level
        Probability between the bounds.
    positive
        Whether the quantity cannot be negative.
    source, what
        Where the bounds come from, and the name of the input for messages.

    Raises
    ------
    UncertaintyError
        If a number is missing or infinite, the bounds are not in order, a quantity that cannot be
        negative is, or there is no such distribution.

    Notes
    -----
    The distribution holds both bounds as its quantiles, so an uneven range stays uneven. With no
    ``kind``:

    1. normal, if its centre (lower + upper) / 2 is the central value to a tenth of half the range,
       and its coefficient of variation is at most 30 %;
    2. lognormal, if the lower bound is above 0 and the central value lies between its median and
       its mean, to a tenth of half the range;
    3. else triangular with the central value as its mode.

    A distribution that cannot hold the numbers leaves a finding: bounds that it cannot have are an
    occasion for the rule above; a centre that is not the central value is said.

    Examples
    --------
    >>> fit_bounds(1.0, 0.3, 3.0).kind
    'lognormal'
    >>> fit_bounds(25.8, 19.9, 30.5).kind
    'triangular'
    """
    _check(value, lower, upper, level, what=what, positive=positive)
    if lower == upper:
        return Uncertainty("exact", value, lower, upper, (), level, source)
    if kind and kind not in KINDS:
        raise UncertaintyError(
            say(
                "{what}: no distribution {kind!r}; {near}",
                what=what,
                kind=kind,
                near=near_or_known(kind, KINDS),
            )
        )
    chosen = kind or _choose(value, lower, upper, level)
    fault = _cannot_hold(chosen, value, lower, upper)
    findings: list[Finding] = []
    if fault:
        other = _choose(value, lower, upper, level)
        findings.append(
            _finding(
                what,
                say(
                    "an {chosen} distribution cannot hold {fault}: taken as {other}",
                    chosen=chosen.replace("_", " "),
                    fault=fault,
                    other=other,
                )
                if chosen == "exact"
                else say(
                    "a {chosen} distribution cannot hold {fault}: taken as {other}",
                    chosen=chosen.replace("_", " "),
                    fault=fault,
                    other=other,
                ),
                source,
            )
        )
        chosen = other
    shape = _shape(chosen, value, lower, upper, level=level)
    if chosen in {"normal", "lognormal"} and kind:
        centre, _ = _centres(chosen, lower, upper, level)
        if not _fits(chosen, value, lower, upper, level=level):
            findings.append(
                _finding(
                    what,
                    say(
                        "a {chosen} distribution with the bounds {lower:g} and {upper:g} is "
                        "centred at {centre:.6g}, not at {value:g}",
                        chosen=chosen,
                        lower=lower,
                        upper=upper,
                        centre=centre,
                        value=value,
                    ),
                    source,
                )
            )
    return Uncertainty(chosen, value, lower, upper, shape, level, source, tuple(findings))


def fit_percent(
    value: float, percent: float, *, source: str = "", what: str = "input"
) -> Uncertainty:
    """Return the distribution of an input from half its 95 % range in percent, as Approach 1 has it.

    Raises
    ------
    UncertaintyError
        If the percentage is negative or not a number.

    Notes
    -----
    Normal, while the coefficient of variation (the percentage / 1.96) is at most 30 %; above that
    lognormal with the central value as its mean (IPCC 2006, Vol. 1, Ch. 3, section 3.2.2.4 and eq.
    3.5 to 3.7, with 1.96 for 2).

    Examples
    --------
    >>> fit_percent(200.0, 5).lower
    190.0
    """
    if not (percent >= 0 and math.isfinite(percent)):
        raise UncertaintyError(
            say(
                "{what}: uncertainty of {percent:g} %; give half the 95 % range in percent, "
                "0 or more",
                what=what,
                percent=percent,
            )
        )
    return fit_cv(value, percent / 100 / normal_quantile(0.975), source=source, what=what)


def fit_cv(
    value: float,
    cv: float,
    *,
    kind: str = "",
    level: float = 0.95,
    source: str = "",
    what: str = "input",
) -> Uncertainty:
    """Return the distribution of an input from its mean and its coefficient of variation (a fraction).

    Parameters
    ----------
    kind
        ``normal``, ``lognormal`` or ``uniform``; by default normal while ``cv`` is at most 0.3,
        else lognormal.

    Raises
    ------
    UncertaintyError
        If the coefficient is negative or not a number, or the distribution is another one.

    Examples
    --------
    >>> round(fit_cv(96.2, 0.034).upper, 2)
    102.61
    """
    _check(value, value, value, level, what=what, positive=False)
    if not (cv >= 0 and math.isfinite(cv)):
        raise UncertaintyError(
            say(
                "{what}: coefficient of variation {cv:g}; give a number of 0 or more",
                what=what,
                cv=cv,
            )
        )
    if cv == 0 or value == 0:
        return Uncertainty("exact", value, value, value, (), level, source)
    chosen = kind or (
        "normal" if cv <= LARGEST_NORMAL_CV * (1 + 1e-12) or value < 0 else "lognormal"
    )
    if chosen == "normal":
        shape: tuple[float, ...] = (value, cv * abs(value))
    elif chosen == "lognormal" and value > 0:
        # The value is the mean here, as a coefficient of variation is about the mean.
        variance = math.log1p(cv**2)
        shape = (math.log(value) - variance / 2, math.sqrt(variance))
    elif chosen == "uniform":
        half = math.sqrt(3) * cv * abs(value)
        shape = (value - half, value + half)
    else:
        raise UncertaintyError(
            say(
                "{what}: a coefficient of variation gives no {chosen} distribution of "
                "{value:g}; known: normal, lognormal, uniform",
                what=what,
                chosen=chosen,
                value=value,
            )
        )
    return _with_bounds(chosen, value, shape, level, source=source)


def _with_bounds(
    kind: str, value: float, shape: tuple[float, ...], level: float, *, source: str
) -> Uncertainty:
    fitted = Uncertainty(kind, value, math.nan, math.nan, shape, level, source)  # type: ignore[arg-type]
    lower, upper = compute_quantiles(fitted, np.array([(1 - level) / 2, (1 + level) / 2]))
    return Uncertainty(fitted.kind, value, float(lower), float(upper), shape, level, source)


def _check(
    value: float, lower: float, upper: float, level: float, *, what: str, positive: bool
) -> None:
    for name, number in (
        ("value", value),
        (say("lower bound"), lower),
        (say("upper bound"), upper),
    ):
        if math.isnan(number):
            raise UncertaintyError(
                say(
                    "{what}: no {name} (not a number); give value, lower and upper bound, "
                    "or a coefficient of variation",
                    what=what,
                    name=name,
                )
            )
        if math.isinf(number):
            raise UncertaintyError(say("{what}: the {name} is infinite", what=what, name=name))
    if lower > upper:
        raise UncertaintyError(
            say(
                "{what}: lower bound {lower:g} is above upper bound {upper:g}; exchange them",
                what=what,
                lower=lower,
                upper=upper,
            )
        )
    if not lower <= value <= upper:
        raise UncertaintyError(
            say(
                "{what}: value {value:g} is outside its bounds {lower:g} to {upper:g}",
                what=what,
                value=value,
                lower=lower,
                upper=upper,
            )
        )
    if positive and lower < 0:
        seen = (
            say("value {value:g}", value=value)
            if value < 0
            else say("lower bound {lower:g}", lower=lower)
        )
        raise UncertaintyError(
            say("{what}: {seen} is negative; this quantity cannot be", what=what, seen=seen)
        )
    if not 0 < level < 1:
        raise UncertaintyError(
            say(
                "{what}: level {level:g} is not between 0 and 1 (0.95 for 95 %)",
                what=what,
                level=level,
            )
        )


def _finding(what: str, message: str, source: str) -> Finding:
    return Finding(
        "distribution",
        "warning",
        say("{what}: {message}", what=what, message=message),
        source,
        say("state the distribution, or bounds that it can have"),
    )


def _centres(kind: str, lower: float, upper: float, level: float) -> tuple[float, float]:
    """Return median and mean of the normal or lognormal that has the bounds as its quantiles."""
    if kind == "normal":
        return (lower + upper) / 2, (lower + upper) / 2
    mu, sigma = _shape("lognormal", math.nan, lower, upper, level=level)
    return math.exp(mu), math.exp(mu + sigma**2 / 2)


def _fits(kind: str, value: float, lower: float, upper: float, *, level: float) -> bool:
    if kind == "lognormal" and lower <= 0:
        return False
    near = CENTRE_TOLERANCE * (upper - lower) / 2
    median, mean = _centres(kind, lower, upper, level)
    return median - near <= value <= mean + near


def _choose(value: float, lower: float, upper: float, level: float) -> Kind:
    sd = (upper - lower) / 2 / normal_quantile((1 + level) / 2)
    # A wider normal would put a good part of its draws below 0.
    if _fits("normal", value, lower, upper, level=level) and sd <= LARGEST_NORMAL_CV * abs(value):
        return "normal"
    return "lognormal" if _fits("lognormal", value, lower, upper, level=level) else "triangular"


def _cannot_hold(kind: str, value: float, lower: float, upper: float) -> str:
    """Return the numbers that a distribution cannot have, or nothing."""
    if kind == "lognormal" and lower <= 0:
        return say("the lower bound {lower:g}", lower=lower)
    if kind == "truncated_normal" and lower <= 0:
        return say("the lower bound {lower:g} (it is cut at 0)", lower=lower)
    if kind == "beta" and not (lower > 0 and upper < 1):
        return say(
            "the bounds {lower:g} and {upper:g} (a fraction lies between 0 and 1)",
            lower=lower,
            upper=upper,
        )
    return (
        say(
            "the different bounds {lower:g} and {upper:g} of {value:g}",
            lower=lower,
            upper=upper,
            value=value,
        )
        if kind == "exact"
        else ""
    )


def _shape(
    kind: str, value: float, lower: float, upper: float, *, level: float
) -> tuple[float, ...]:
    """Return the parameters with which a distribution has the bounds as its quantiles."""
    z, tail = normal_quantile((1 + level) / 2), (1 - level) / 2
    if kind == "normal":
        return (lower + upper) / 2, (upper - lower) / 2 / z
    if kind == "lognormal":
        return (math.log(lower) + math.log(upper)) / 2, (math.log(upper) - math.log(lower)) / 2 / z
    if kind == "uniform":
        beyond = tail / level * (upper - lower)
        return lower - beyond, upper + beyond
    if kind == "triangular":
        return _fit_triangle(value, lower, upper, tail)
    centre, sd = (lower + upper) / 2, (upper - lower) / 2 / z
    if kind == "beta":
        # Alpha + beta of the beta with this mean and spread: where the search begins.
        both = centre * (1 - centre) / sd**2 - 1
        start = np.log([max(centre * both, 0.1), max((1 - centre) * both, 0.1)])
        return (
            *_solve(kind, lambda x: (*np.exp(x), 0.0, 1.0), start, lower, upper=upper, tail=tail),
        )
    return (
        *_solve(
            kind,
            lambda x: (x[0], math.exp(x[1]), 0.0, math.inf),
            np.array([centre, math.log(sd)]),
            lower,
            upper=upper,
            tail=tail,
        ),
    )


def _fit_triangle(
    mode: float, lower: float, upper: float, tail: float
) -> tuple[float, float, float]:
    """Return the triangle with a mode and the tails beyond both bounds: the ends solve two quadratics in turn."""
    left, right = mode - lower, upper - mode
    low, high = (
        left + (upper - lower) * tail,
        right + (upper - lower) * tail,
    )  # distances of the ends from the mode
    for _ in range(500):
        # P(below the lower bound) = (low - left)^2 / (low (low + high)) = tail, solved for low; the
        # same on the right.
        before = (low, high)
        low = _end(left, high, tail)
        high = _end(right, low, tail)
        if abs(low - before[0]) + abs(high - before[1]) <= 1e-15 * (low + high):
            break
    return mode - low, mode, mode + high


def _end(inner: float, other: float, tail: float) -> float:
    """Solve (x - inner)^2 = tail x (x + other) for the root beyond ``inner``."""
    a, b, c = 1 - tail, -(2 * inner + tail * other), inner**2
    return (-b + math.sqrt(b * b - 4 * a * c)) / (2 * a)


def _solve(
    kind: str, shape: object, start: np.ndarray, lower: float, *, upper: float, tail: float
) -> tuple[float, ...]:
    """Return the shape whose two quantiles are the bounds."""
    from scipy.optimize import root  # noqa: PLC0415

    scale = upper - lower

    def miss(x: np.ndarray) -> np.ndarray:
        trial = Uncertainty(kind, math.nan, lower, upper, tuple(float(v) for v in shape(x)))  # type: ignore[arg-type, operator]
        return (compute_quantiles(trial, np.array([tail, 1 - tail])) - [lower, upper]) / scale

    # The solver's own word is not taken for it: it may stop where nothing gets better.
    found = root(miss, start, tol=1e-13)
    if np.abs(miss(found.x)).max() > 1e-6:
        raise UncertaintyError(
            say(
                "no {kind} distribution has the quantiles {lower:g} and {upper:g}; use "
                "triangular or uniform",
                kind=kind.replace("_", " "),
                lower=lower,
                upper=upper,
            )
        )
    return tuple(float(v) for v in shape(found.x))  # type: ignore[operator]
