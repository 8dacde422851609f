"""The city's own tables of one year -> cells of its balance: cases alpha, gamma and delta."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carbonacct.cities.industry import (
    add_whole_branches,
    find_scale,
    list_branches,
    scale_rows,
    spread_over_branches,
)
from carbonacct.cities.own_tables import add_power, choose_cells
from carbonacct.cities.precedence import give_way, limit_by_totals
from carbonacct.cities.printed_totals import (
    check_electricity,
    check_totals,
    find_totals,
    name_unused,
    note_carried,
)
from carbonacct.cities.residuals import (
    add_residuals,
    add_totals_alone,
    add_whole_uses,
    list_waiting,
)
from carbonacct.records.area_names import area_id

if TYPE_CHECKING:
    from collections.abc import Sequence

    from carbonacct.cities.city_files import Yearbook
    from carbonacct.cities.composition import Composition
    from carbonacct.cities.indicators import Indicators
    from carbonacct.errors import Finding


def add_own_cells(
    made: Composition,
    book: Yearbook,
    found: Indicators,
    area: str,
    *,
    year: int,
    outside: Sequence[str],
) -> list[Finding]:
    """Add what a city's tables say of one year to its balance.

    1. Numbers that are printed: a balance, offices' answers, the power branch. 2. Industry above
    designated size scaled to the whole, unless its row is a residual. 3. What was allocated, where
    nothing is printed. 4. Residuals. 5. Branches of industry, brought to their row. 6. Totals of
    fuels of which nothing else is known.

    Parameters
    ----------
    made
        The balance in the making, with what was allocated.
    book, found
        The city's facts, and all indicators.
    area, year
        Which of the areas, by name, and which year.
    outside
        Labels of fuel outside the boundary.
    """
    facts = [fact for fact in book.facts if fact.statement.year == year]
    if not facts:
        return []
    unmeasured = [fact for fact in book.unmeasured if fact.statement.year == year]
    cells, carried, notes = choose_cells(facts, unmeasured, outside)
    claims = add_power(facts, cells)
    add_whole_branches(facts, cells)
    branches, totals = list_branches(facts), find_totals(facts)
    waiting = list_waiting(totals, cells, branches)
    scale, findings = find_scale(found, area_id(area), year)
    notes += findings if branches else []
    wait = [product for product, one in waiting.items() if one.flow == "industry"]
    notes += scale_rows(branches, scale, cells, wait)
    claims += [(one.flow, product) for product, one in waiting.items()]
    claims += [("industry", "coal_total")] if {"raw_coal", "briquettes"} <= set(branches) else []
    at = made.areas.index(area), made.years.index(year)
    open_totals = {one.total for one in waiting.values()}
    beside = give_way(made.held(*at), cells, claims)
    beside, findings = limit_by_totals(beside, cells, totals, open_totals)
    notes += [
        *findings,
        *add_residuals(totals, waiting, branches, cells, beside=beside, carried=carried),
    ]
    notes += spread_over_branches(branches, cells)
    notes += add_totals_alone(totals, cells, beside, carried)
    notes += add_whole_uses(totals, cells, beside)
    everything = give_way(beside, cells) | cells
    made.replace(*at, everything)
    closed = {name: own for name, own in totals.items() if name not in open_totals}
    notes += [*check_totals(closed, everything, carried), *note_carried(totals, carried)]
    return [*notes, *check_electricity(totals, everything), *name_unused(totals)]
