"""What a project knows beside its inventories: filled years and accepted findings."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from carbonacct.catalogue import in_language
from carbonacct.report.page.derivations import in_both, join
from carbonacct.report.page.page_words import format_mass, mass_unit, section, show_gas, word
from carbonacct.report.page.shared_derivations import derive_given
from carbonacct.report.page.svg import fill_template
from carbonacct.report.standalone_names import name_technique

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markupsafe import Markup

    from carbonacct.charts.drawing import Shown
    from carbonacct.report.page.page_content import Content


def show_filled(content: Content, lang: str) -> Markup | str:
    """Return the totals of filled years with technique, its years, interval and reason."""
    if content.beside is None or content.beside.filled.empty:
        return ""
    keys = ["area", "year", "scope", "gas", "method", "because"]
    held = content.beside.filled
    rows = []
    for labels, own in held.groupby(keys, sort=False):
        area, year, scope, gas, method, because = map(str, labels)
        unit = f"t {show_gas(gas)}"
        title = join(area, year, in_both(partial(name_technique, method)), unit)
        numbers: list[Shown] = []
        for name in ("value", "lower", "upper"):
            total = float(own[name].sum(skipna=False))
            opens = derive_given(content, title, total, unit) if np.isfinite(total) else None
            shown = format_mass(total, lang, gas) if opens is not None else ""
            numbers.append((shown, opens))
        rows.append(
            {
                "name": f"{area} {year}",
                "scope": scope,
                "unit": mass_unit(lang, gas),
                "numbers": numbers,
                "method": name_technique(method, lang),
                "because": because,
            }
        )
    return fill_template("filled.html", words=section("filled", lang), rows=rows)


def show_accepted(content: Content, lang: str) -> Markup | str:
    """Return the findings that somebody accepted, with reason, name and date."""
    if content.beside is None or not content.beside.accepted:
        return ""
    rows: Sequence[tuple[str, ...]] = [
        (
            one.rule,
            f"{one.area} {one.year}",
            in_language(finding.message, lang),
            one.because,
            one.by,
            one.on,
            one.review_by or word("accepted.no_date", lang),
        )
        for one, finding in content.beside.accepted
    ]
    return fill_template("accepted.html", words=section("accepted", lang), rows=rows)
