"""The bridge from the sectoral to the reference approach: every step named, in t CO2 by fuel group."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carbonacct.sectors.energy.approach_comparison import TERMS

if TYPE_CHECKING:
    import pandas as pd

    from carbonacct.sectors.energy.approach_comparison import ApproachComparison

_STEPS = {
    "sectoral": "what burnt, by the sectoral approach",
    "carbon_pool": "fuel whose carbon counts as that of a gas made of it, or a gas left out for it",
    "statistical_difference": "as printed",
    "transformation": "what the process took in less what it put out",
    "losses": "as printed",
    "bunkers_abroad": "fuel taken on abroad that one approach alone leaves out",
    "non_energy": "feedstock and non-energy use that one approach alone takes out",
    "left_out": "what the method does not count as burnt",
    "supply_rows": "recovery, secondary production, and printed supply beyond its rows",
    "not_closed": "the printed balance of a fuel does not close",
    "factors": "the factors of the two approaches differ",
    "reference": "what came in and stayed, by the reference approach",
}
GROUPS = ("solid", "liquid", "gaseous", "peat", "other")
COLUMNS = ("area", "year", "step", *GROUPS, "total", "what")


def make_bridge(comparison: ApproachComparison) -> pd.DataFrame:
    """Return the steps from the sectoral approach to the reference approach.

    Parameters
    ----------
    comparison
        The two approaches (:func:`carbonacct.compare_approaches`).

    Returns
    -------
    DataFrame
        For each area and year one row per ``step``, in t CO2 by fuel group and in ``total``;
        ``what`` says what the step is. Transformation has one row per process (``transformation:
        coking``). Steps that are zero in all groups are left out.

    Notes
    -----
    sectoral + all steps between = reference, exactly. IPCC 2006 Guidelines, Vol. 2, Ch. 6, 6.8.

    Examples
    --------
    >>> import carbonacct as ca
    >>> inventory = ca.compile_inventory("docs/tables/chongqing_2007.csv", method="ipcc-2006")
    >>> bridge = make_bridge(ca.compare_approaches(inventory)).set_index("step")["total"]
    >>> bool(abs(bridge.drop("reference").sum() - bridge["reference"]) < 1e-3)
    True
    """
    import pandas as pd  # noqa: PLC0415 - xarray has loaded it; only the name is needed late

    products, plants = comparison.products, comparison.plants
    keys = ["area", "year", "fuel_group"]
    names = ["sectoral", *(term for term in TERMS if term != "transformation"), "reference"]
    named_steps = products.melt(keys, [f"co2_{name}" for name in names], "step", "co2")
    named_steps["step"] = named_steps["step"].str.removeprefix("co2_")
    made = plants[[*keys, "flow", "co2"]].rename(columns={"flow": "step"})
    made["step"] = "transformation: " + made["step"].astype(str)
    steps = pd.concat([named_steps, made], ignore_index=True)
    steps["fuel_group"] = pd.Categorical(steps["fuel_group"], GROUPS)
    order = [
        step
        for name in _STEPS
        for step in (dict.fromkeys(made["step"]) if name == "transformation" else [name])
    ]
    steps["step"] = pd.Categorical(steps["step"], order)
    areas = list(dict.fromkeys(products["area"]))
    steps["area"] = pd.Categorical(steps["area"], areas)
    bridge = steps.pivot_table(
        index=["area", "year", "step"],
        columns="fuel_group",
        values="co2",
        aggfunc="sum",
        observed=True,
    )
    bridge = bridge.reindex(columns=list(GROUPS)).fillna(0.0)
    bridge["total"] = bridge.sum(axis=1)
    bridge = bridge[(bridge.abs() >= _LEAST).any(axis=1)].reset_index()
    bridge["step"] = bridge["step"].astype(str)
    bridge["area"] = bridge["area"].astype(str)
    bridge["what"] = bridge["step"].str.split(":").str[0].map(_STEPS)
    bridge.columns.name = None
    return bridge[list(COLUMNS)]


_LEAST = 1e-3  # t: below it is the rounding of floating point


def print_bridge(bridge: pd.DataFrame) -> str:
    """Return a bridge as lines of text, in Mt CO2, with the fuel groups that have a number.

    Examples
    --------
    >>> import carbonacct as ca
    >>> inventory = ca.compile_inventory("docs/tables/chongqing_2007.csv", method="ipcc-2006")
    >>> print_bridge(make_bridge(ca.compare_approaches(inventory))).splitlines()[0]
    '重庆 2007, Mt CO2'
    """
    lines: list[str] = []
    for (area, year), own in bridge.groupby(["area", "year"], sort=False):
        used = [name for name in (*GROUPS, "total") if own[name].any()]
        shown = own[used].div(1e6).round(2) + 0.0
        shown.insert(0, "step", own["step"])
        text = shown.to_string(index=False, float_format="{:,.2f}".format, justify="right")
        lines += [f"{area} {year}, Mt CO2", *text.splitlines()]
    return "\n".join(lines)
