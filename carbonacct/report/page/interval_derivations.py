"""What an interval opens: its draws, and the inputs that make it with their share of the variance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from carbonacct import vocabulary
from carbonacct.catalogue import tell_note
from carbonacct.dim_names import name_labels
from carbonacct.inventory.equation_origin import SourceOrigin
from carbonacct.report.page.derivations import Derivation, FormulaPart, both, in_both, join, write
from carbonacct.report.page.page_content import list_rows
from carbonacct.report.page.page_words import section, show_gas
from carbonacct.report.standalone_names import name_flow
from carbonacct.report.word_tables import WordTable
from carbonacct.texts import tell_value

if TYPE_CHECKING:
    from carbonacct.equations import Sector
    from carbonacct.inventory.record import Inventory
    from carbonacct.report.page.page_content import Content

_word = WordTable(
    {
        "activity": ("活动水平", "activity"),
        "rest": ("其余各项与交互作用", "all others, and interactions"),
    }
)


def list_contributions(content: Content, area: str, year: int, gas: str) -> list[FormulaPart]:
    """Return the inputs with the most of the variance of a total, each with its share in percent.

    Each opens its half width, what it alone does to the total, and how many numbers share its error.
    """
    if content.assessment is None or content.assessment.parts.empty:
        return []
    held = content.assessment.parts
    here = held[(held["area"] == area) & (held["year"] == year) & (held["gas"] == gas)]
    return [_show_part(content, row) for row in list_rows(here)]


def _show_part(content: Content, row: Any) -> FormulaPart:
    name = in_both(lambda lang: name_part(row, content.sectors, lang))
    unit = f"t {show_gas(row.gas)}"
    if row.kind == "rest":
        return FormulaPart(name, _round(100 * row.share), "%")
    parts = (
        FormulaPart(both("trace.half_width"), _round(row.half_width), "%"),
        FormulaPart(both("trace.alone"), _round(row.sd), unit),
        FormulaPart(both("trace.shared_by"), float(row.cells), ""),
    )
    note = both("trace.correlated" if row.cells > 1 else "trace.independent")
    opens = content.refer(Derivation(join(row.area, int(row.year), name), "", parts, note=note))
    return FormulaPart(name, _round(100 * row.share), "%", opens, row.place)


def _round(value: float) -> float:
    """Return a number with the digits that say something of an uncertainty."""
    return float(f"{value:.5g}")


def derive_total_interval(content: Content, area: str, year: int, gas: str) -> int | None:
    """Return the derivation of the interval of the total of a gas of all sectors."""
    if content.assessment is None:
        return None
    held = content.assessment.intervals
    here = held[(held["area"] == area) & (held["year"] == year) & (held["gas"] == gas)]
    return next((_derive(content, row) for row in list_rows(here)), None)


def _derive(content: Content, row: Any) -> int | None:
    area, year, gas = str(row.area), int(row.year), str(row.gas)
    unit = f"t {show_gas(gas)}"
    units = (("central", unit), ("mean", unit), ("sd", unit), ("draws", ""), ("seed", ""))
    numbers = (row.value, row.mean, row.sd, row.draws, row.seed)
    drawn = [
        FormulaPart(both(f"trace.{name}"), float(number), held)
        for (name, held), number in zip(units, numbers, strict=True)
    ]
    title = join(area, year, show_gas(gas), both("changes.interval"))
    formula = f"{write(row.lower)} {unit} ... {write(row.upper)} {unit} ({row.level})"
    parts = (*drawn, *list_contributions(content, area, year, gas))
    return content.refer(Derivation(title, formula, parts, note=both("trace.parts_note")))


def name_part(row: Any, whole: Inventory | None, lang: str) -> str:
    """Return what people call a part: a parameter or an activity, and what it is of.

    Parameters
    ----------
    row
        Of :func:`carbonacct.uncertainty.interval_parts.list_parts`.
    whole
        The inventory, whose sector files name parameters and activities.
    """
    if row.kind == "rest":
        return _word("rest", lang)
    if row.flow:
        product = vocabulary.name("product", row.product, lang)
        return tell_value(_word("activity", lang), f"{name_flow(row.flow, lang)} · {product}", lang)
    of_energy = section("parameter", lang)
    sector = None if row.symbol in of_energy else _find_sector(whole, row.symbol)
    if sector is None:
        return " · ".join(
            filter(None, (of_energy.get(row.symbol, row.symbol), tell_note(row.item, lang)))
        )
    item = name_labels(row.item, sector.dims_of(row.symbol), lang)
    return " · ".join(filter(None, (sector.name_of(row.symbol, lang), item)))


def _find_sector(whole: Inventory | None, symbol: str) -> Sector | None:
    """Return the sector file that declares a parameter or an activity."""
    for origin in whole.origins if whole is not None else ():
        if isinstance(origin, SourceOrigin):
            sector = origin.evaluation.sector
            if symbol in {*sector.parameters, *sector.activities}:
                return sector
    return None
