"""Approach 1 beside Approach 2: half of the range of one total by both, and why they differ where they do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carbonacct.errors import Finding
from carbonacct.texts import say
from carbonacct.uncertainty.distributions import normal_quantile
from carbonacct.uncertainty.moments import approximate

if TYPE_CHECKING:
    from carbonacct.uncertainty.draw_model import DrawModel

_APART = 0.1  # of the larger one, beyond which a finding says why


def compare_approaches(
    model: DrawModel, level_uncertainty: float, *, area: str, year: int
) -> list[Finding]:
    """Say why the half range of Approach 1 is not that of Approach 2, where they lie more than a tenth apart.

    Parameters
    ----------
    model
        The model that both start from.
    level_uncertainty
        Of table 3.2 (:func:`carbonacct.propagate_errors`), half the 95 % range in percent of the
        total.
    area, year
        The total.

    Notes
    -----
    Approach 2 by its exact standard deviation (:func:`carbonacct.approximate`), 1.96 of it in
    percent of the value. Table 3.2 takes its rows for independent, and the larger side of an uneven
    range for both. IPCC 2006 Guidelines, Vol. 1, Ch. 3, 3.2.3.1.
    """
    table = approximate(model, by=["area", "year"]).table.sel(area=area, year=year)
    value = float(table["value"].item())
    if not value:
        return []
    drawn = 100 * normal_quantile(0.975) * float(table["sd"].item()) / abs(value)
    if abs(drawn - level_uncertainty) <= _APART * max(drawn, level_uncertainty):
        return []
    why = (
        say(
            "factor rows that several categories share have one error, which Approach 1 "
            "takes for independent ones"
        )
        if drawn > level_uncertainty
        else say("Approach 1 takes the larger side of an uneven range for both")
    )
    return [
        Finding(
            "approaches-differ",
            "warning",
            say(
                "{area} {year}: Approach 1 gives +/- {level_uncertainty:.1f} %, Approach 2 "
                "+/- {drawn:.1f} %: {why}",
                area=area,
                year=year,
                level_uncertainty=level_uncertainty,
                drawn=drawn,
                why=why,
            ),
            action=say("take Approach 2 (--approach 2)"),
        )
    ]
