"""Numbers of activities as a table or a page gives them, made for one test."""

from __future__ import annotations

from carbonacct.sectors.sources.activity_numbers import ActivityNumber, NumberOrigin


def number(
    value,
    symbol="heads",
    *,
    notation="",
    area="重庆",
    year=2020,
    where="t.csv!E2",
    rounding=0.0,
    **labels,
):
    """Return a number of an activity; ``labels`` are those of its dims, in their order."""
    return ActivityNumber(
        symbol=symbol,
        called=symbol,
        area=area,
        year=year,
        labels=tuple(labels.items()),
        value=value,
        notation=notation,
        origin=NumberOrigin(where, item=where, printed=str(value), rounding=rounding),
    )
