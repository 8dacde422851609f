"""Metrics that turn gases into CO2-equivalent: each by its name, none by default.

A metric is named after the assessment report, the kind and the horizon: ``"AR5GWP100"``. The
values are those of the package *globalwarmingpotentials*; what it lacks (20 years in three reports,
methane by its origin) stands in ``factors/metrics/supplement.csv`` with its source.
"""

from __future__ import annotations

import csv
from functools import cache

import globalwarmingpotentials

from carbonacct.categories import categories
from carbonacct.data import data_folder
from carbonacct.errors import MethodError, ask, did_you_mean
from carbonacct.texts import join_texts, say

ORIGINS = ("fossil", "non-fossil")


@cache
def _table() -> dict[str, dict[tuple[str, str], float]]:
    table = {
        metric: {(gas, ""): float(value) for gas, value in values.items()}
        for metric, values in globalwarmingpotentials.data.items()
        if "GWP" in metric
    }
    with (data_folder() / "metrics" / "supplement.csv").open(
        encoding="utf-8", newline=""
    ) as stream:
        for row in csv.DictReader(stream):
            if row["status"] != "unverified":
                table.setdefault(row["metric"], {})[row["gas"], row["origin"]] = float(row["value"])
    return table


def metric_ids() -> list[str]:
    """Return the names of the metrics.

    Examples
    --------
    >>> {"SARGWP100", "AR4GWP20", "AR5GWP100", "AR6GWP100"} <= set(metric_ids())
    True
    """
    return sorted(_table())


def name_equivalent(metric: str) -> str:
    """Return what the column ``gas`` calls CO2-equivalent by a metric, as the primap2 format does.

    Examples
    --------
    >>> name_equivalent("AR5GWP100")
    'CO2e (AR5GWP100)'
    """
    return f"CO2e ({metric})"


def name_gas(gas: str, lang: str) -> str:
    """Return what the column ``gas`` holds as a sentence of a language names it.

    Examples
    --------
    >>> name_gas("CO2e (AR5GWP100)", "zh"), name_gas("CO2e (AR5GWP100)", "en"), name_gas("CH4", "zh")
    ('CO2e（AR5GWP100）', 'CO2e (AR5GWP100)', 'CH4')
    """
    return gas.replace(" (", "（").replace(")", "）") if lang == "zh" else gas


def name_gas_above(gas: str, lang: str) -> str:
    """Return the name of a gas as the head of a column; in Chinese its metric stands on a line of its own.

    Examples
    --------
    >>> name_gas_above("CO2e (AR5GWP100)", "zh").split(), name_gas_above("CO2e (AR5GWP100)", "en")
    (['CO2e', 'AR5GWP100'], 'CO2e (AR5GWP100)')
    """
    return gas.replace(" (", "\n").replace(")", "") if lang == "zh" else gas


def find_gwp(metric: str, gas: str, *, origin: str = "") -> float:
    """Return the global warming potential of a gas, in t CO2-equivalent per t.

    Parameters
    ----------
    metric
        One of :func:`metric_ids`.
    gas
        ``"CO2"``, ``"CH4"``, ``"N2O"``, ``"SF6"``, ``"HFC134a"`` ...
    origin
        Of methane: ``"fossil"`` (with the CO2 that it becomes) or ``"non-fossil"`` (without).
        Reports that do not distinguish them have one value for both; AR5 prints methane without an
        origin, which is the one without. AR6 prints both and a mean: the origin has to be given.

    Raises
    ------
    MethodError
        If there is no such metric, it has no value for the gas, or the gas has several and no
        origin is given.

    Notes
    -----
    AR5 WGI Table 8.7 and Table 8.A.1; AR6 WGI Tables 7.15 and 7.SM.7.

    Examples
    --------
    >>> find_gwp("AR5GWP100", "CH4"), find_gwp("AR5GWP100", "CH4", origin="fossil")
    (28.0, 30.0)
    >>> find_gwp("AR4GWP100", "CH4", origin="fossil")
    25.0
    """
    return _find_gwp(metric, gas, origin)


def origin_of(gas: str, category: str) -> str:
    """Return the origin of a gas that a category emits, as :func:`find_gwp` takes it: "" of all but methane.

    Methane of a fuel that leaks is fossil; that of combustion, whose CO2 factors count all carbon of
    the fuel already, and of animals, fields and waste is not (``factors/vocabulary/categories.csv``).

    Examples
    --------
    >>> origin_of("CH4", "1.B.1.a"), origin_of("CH4", "1.A.3.b"), origin_of("N2O", "3.C.4")
    ('fossil', 'non-fossil', '')
    """
    if gas != "CH4":
        return ""
    return categories()[category].methane if category in categories() else "non-fossil"


@cache
def _find_gwp(metric: str, gas: str, origin: str) -> float:
    if metric not in _table():
        begun = [one for one in metric_ids() if one.startswith(metric.upper())]
        # Who writes AR5 means a hundred years, as reports do.
        begun.sort(key=lambda one: (not one.endswith("GWP100"), len(one)))
        near = ask(begun[:3]) or did_you_mean(metric, metric_ids())
        raise MethodError(
            say(
                "no metric {metric!r}; {near}known: {metric_ids}",
                metric=metric,
                near=near + " " if near else "",
                metric_ids=join_texts(", ", metric_ids()),
            )
        )
    if origin not in {"", *ORIGINS}:
        raise MethodError(
            say(
                "no origin {origin!r} of methane; known: {origins}",
                origin=origin,
                origins=join_texts(", ", ORIGINS),
            )
        )
    if gas == "CO2":
        return 1.0
    values = _table()[metric]
    # A value of no origin is the one that a report prints for all.
    own = {known: value for (name, known), value in values.items() if name == gas}
    value = own.get(origin, own.get(""))
    mean = (
        not origin and own.get("non-fossil", value) != value
    )  # of origins that the report tells apart
    if (mean or value is None) and any(name == gas for name, _ in values):
        raise MethodError(
            say(
                "{metric} tells {gas} of fossil and of non-fossil origin apart; give origin=",
                metric=metric,
                gas=gas,
            )
        )
    if value is None:
        near = did_you_mean(gas, {name for name, _ in values})
        raise MethodError(
            say(
                "{metric} has no value for {gas}{origin}; {near}",
                metric=metric,
                gas=gas,
                origin=say(" of {origin} origin", origin=origin) if origin else "",
                near=near,
            )
        )
    return value
