"""Default ranges of factor rows whose document prints none: the published range of their kind, named as what it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carbonacct.data import data_folder, read_rows
from carbonacct.errors import Finding, name_some
from carbonacct.texts import say
from carbonacct.uncertainty.fitting import fit_bounds, fit_percent
from carbonacct.uncertainty.uncertain_inputs import borrow_bounds, describe_row, scale

if TYPE_CHECKING:
    from collections.abc import Sequence

    from carbonacct.factors import FactorRow
    from carbonacct.uncertainty.distributions import Uncertainty


def find_default_range(
    row: FactorRow, value: float, *, product: str = "", allow_unverified: bool = False
) -> Uncertainty | None:
    """Return the default range of a factor row by its parameter, or None where no range of its kind is published.

    Parameters
    ----------
    row, value
        The row, and its value as used.
    product
        The product whose range is asked for (a method's substitute).
    allow_unverified
        Also use ranges that nobody could check against their document.

    Notes
    -----
    ``factors/uncertainty/default_ranges.csv``: calorific values and carbon contents take the bounds
    of the 2006 IPCC Guidelines for the product, in percent of their value: a range of the world. A
    share that oxidises reaches from as far below as above up to the default of 1 of those
    guidelines. Factors of other sources have a percentage where a document gives one for their
    kind.
    """
    for line in read_rows(data_folder() / "uncertainty" / "default_ranges.csv"):
        unchecked = line["status"] == "unverified" and not allow_unverified
        if line["parameter"] != row.parameter or unchecked:
            continue
        if line["percent"]:
            return scale(fit_percent(1.0, float(line["percent"]), source=line["reference"]), value)
        if line["edition"]:
            found = borrow_bounds(row, value, product, line["edition"])
            if found is not None:
                return found
        elif 0 < value <= float(line["upper"]):
            upper = float(line["upper"])
            lower = max(2 * value - upper, 0.0)
            return (
                fit_bounds(
                    value,
                    lower,
                    upper,
                    source=line["reference"],
                    what=say("{place}: {parameter}", place=row.place, parameter=row.parameter),
                )
                if value < upper
                else None
            )
    return None


def find_bounding_edition() -> str:
    """Return the edition whose bounds factors of sources take where nothing is published of their own.

    Examples
    --------
    >>> find_bounding_edition()
    'ipcc-2006'
    """
    lines = read_rows(data_folder() / "uncertainty" / "default_ranges.csv")
    return next((line["edition"] for line in lines if not line["parameter"]), "")


def note_defaults(rows: Sequence[tuple[FactorRow, Uncertainty]]) -> Finding:
    """Say which factor rows take the default range of their kind, and how wide that is."""
    listed = name_some(
        [
            say(
                "{what} ({edition}) {lower_percent:+.1f} % {upper_percent:+.1f} %",
                what=describe_row(row),
                edition=row.edition,
                lower_percent=100 * (found.lower / found.value - 1),
                upper_percent=100 * (found.upper / found.value - 1),
            )
            for row, found in rows
        ],
        3,
    )
    return Finding(
        "default-range",
        "warning",
        say(
            "{row_count} factor rows have no published uncertainty and take the default "
            "range of their kind, for fuels the range of the world, which is wider than of "
            "one country's: {listed}",
            row_count=len(rows),
            listed=listed,
        ),
        rows[0][0].place,
        say("state their uncertainty (--inputs), or take them as exact (--exact)"),
    )
