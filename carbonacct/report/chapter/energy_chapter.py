"""The energy chapter of a provincial inventory report as a Word document: every figure in it is the inventory's."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from carbonacct import texts, vocabulary
from carbonacct.catalogue import in_language
from carbonacct.charts import ChartLine
from carbonacct.errors import OutputError
from carbonacct.inventory.metrics import name_gas, name_gas_above
from carbonacct.inventory.official.layouts import SCALES
from carbonacct.product_groups import fuel_sums, group_of
from carbonacct.report.chapter.chapter_words import say
from carbonacct.report.chapter.declared_targets import write_targets
from carbonacct.report.chapter.declared_texts import write_declared_texts
from carbonacct.report.chapter.supporting_sections import (
    write_completeness,
    write_recalculation,
    write_reference,
    write_uncertainty,
)
from carbonacct.report.chapter.word_document import Chapter, set_up
from carbonacct.report.doubts import describe_doubts, list_doubts
from carbonacct.report.files import save_archive
from carbonacct.report.grouping import group_findings
from carbonacct.report.joined_inventories import join_frames, refuse_twice
from carbonacct.report.standalone_names import name_flow
from carbonacct.report.workbook.workbook_words import PARAMETERS, word
from carbonacct.sectors.energy.energy_official import fill_guideline
from carbonacct.sectors.energy.tracing import shared_trace
from carbonacct.texts import add_unit, add_unit_below, join_clauses, join_parts

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pandas as pd

    from carbonacct.errors import Finding
    from carbonacct.factors.editions import FactorSource
    from carbonacct.inventory.official.filling import OfficialTable
    from carbonacct.inventory.stated_keys import StatedKey
    from carbonacct.projects.beside import KnownBeside
    from carbonacct.projects.differences import Difference
    from carbonacct.report.uncertainty_tables import Assessment
    from carbonacct.sectors.energy import EnergyInventory, Trace

_NAMED = 4  # areas in a title
_LISTED = 25  # findings; the workbook has them all


def write_energy_chapter(
    inventories: Sequence[EnergyInventory],
    path: str | Path,
    *,
    lang: str,
    gwp: str | None,
    beside: ChapterContext,
) -> None:
    """Write the energy chapter of each area.

    Summary, method and data, results, electricity from outside, reference approach, completeness,
    uncertainty, recalculation, quality.

    Parameters
    ----------
    inventories
        One or many. The tables are those of the latest year of an area; where it has several, they
        are compared in one more.
    path
        A .docx.
    lang
        ``"zh"`` or ``"en"``.
    gwp
        Name of a metric: the summary table gets a column of CO2-equivalents.
    beside
        What is told beside the inventories.

    Raises
    ------
    OutputError
        If there is no number to write, or there are two inventories of one area and year.

    Notes
    -----
    The rows of the summary follow the energy table of the Guidelines for provincial greenhouse gas
    inventories (trial, 2011), as ``factors/reports/provincial-energy.toml`` lists them; what the
    inventory does not hold is NE, not estimated.
    """
    import docx  # noqa: PLC0415 - an extra

    refuse_twice(inventories)
    frame = join_frames(inventories, gwp=gwp)
    if frame.empty:
        raise OutputError(texts.say("the inventory has no number to write"))
    document: Any = docx.Document()
    areas, year = list(frame["area"].unique()), int(frame["year"].max())
    set_up(document, lang, title=say("title", lang, area=join_areas(areas, lang), year=year))
    for number, area in enumerate(areas):
        if number:
            document.add_page_break()
        write_area(
            Chapter(document, lang),
            inventories,
            frame[frame["area"] == area],
            str(area),
            beside=beside,
            statements=beside.known.statements if beside.known else (),
        )
    save_archive(document.save, path)


@dataclass(frozen=True)
class ChapterContext:
    """What a chapter has beside the inventory: how sure it is, what changed since an earlier one, how targets stand."""

    uncertainty: Assessment | None = None
    since: Difference | None = None
    known: KnownBeside | None = None


def join_areas(areas: Sequence[str], lang: str) -> str:
    """Return areas as a title names them: a few, and how many more."""
    shown = ("、" if lang == "zh" else ", ").join(map(str, areas[:_NAMED]))
    more = len(areas) - _NAMED
    return shown if more <= 0 else say("more areas", lang, shown=shown, count=len(areas))


def write_area(
    chapter: Chapter,
    inventories: Sequence[EnergyInventory],
    frame: pd.DataFrame,
    area: str,
    *,
    beside: ChapterContext | None = None,
    statements: Sequence[StatedKey] = (),
) -> None:
    """Write the chapter of an area, of the latest year in its flat table."""
    beside = beside or ChapterContext()
    year = int(frame["year"].max())
    inventory = chapter.record = next(
        one for one in inventories if area in one.table.areas and year in one.table.years
    )
    now = frame[frame["year"] == year]
    found = [
        shared_trace(
            inventory,
            flow=row["flow"],
            product=row["product"],
            gas=row["gas"],
            area=area,
            year=year,
        )
        for row in now.to_dict("records")
        if row["gas"] in inventory.emissions["gas"].values
    ]
    chapter.start("title", area=area, year=year)
    _write_summary(chapter, inventory, now, (area, year), statements=statements)
    if len(frame["year"].unique()) > 1:
        _write_years(chapter, frame)
    _write_method(chapter, inventory, found)
    _write_results(chapter, now)
    _write_indirect(chapter, inventory, now, inventory.find_lacking(area, year))
    if "CO2" in inventory.emissions["gas"].values:
        write_reference(chapter, inventory, area, year)
    write_completeness(chapter, inventory, area, year, statements=statements)
    if beside.uncertainty is not None:
        write_uncertainty(chapter, beside.uncertainty, area, year)
    write_targets(chapter, beside.known, area)
    write_declared_texts(chapter, beside.known, area)
    if beside.since is not None:
        write_recalculation(chapter, beside.since, area)
    _write_quality(chapter, inventory)


def _write_summary(
    chapter: Chapter,
    inventory: EnergyInventory,
    now: pd.DataFrame,
    where: tuple[str, int],
    *,
    statements: Sequence[StatedKey],
) -> None:
    """Write the summary: cells without a number hold the keys of the official table, which has the same rows."""
    lang, (area, year) = chapter.lang, where
    chapter.heading("summary")
    direct = now[(now["scope"] == 1) & (now["gas"] == "CO2")]
    total = direct["value"].sum()
    if total > 0:
        fuels = _by_fuel(direct)
        flows = direct.groupby("flow", sort=False)["value"].sum()
        shares = {name: f"{100 * fuels.get(name, 0.0) / total:.1f}" for name in fuel_sums()}
        listed = [
            say(f"share {name}", lang, share=share)
            for name, share in shares.items()
            if share != "0.0"
        ]
        largest = str(flows.idxmax())
        chapter.text(
            "total",
            area=area,
            year=year,
            total=_show(total, "CO2"),
            flow=name_flow(largest, lang),
            value=_show(flows[largest], "CO2"),
            share=f"{100 * flows[largest] / total:.1f}",
            shares=("，" if lang == "zh" else ", ").join(listed),
        )
    gases = list(now["gas"].unique())
    metric = next((gas for gas in gases if gas.startswith("CO2e")), "")
    gwp = metric.removeprefix("CO2e (").removesuffix(")") or None
    table = fill_guideline(inventory, area, year, gwp=gwp, statements=statements)
    rows, bold = _report_rows(table, gases, lang)
    doubts = list_doubts([inventory]).get((area, year), ())
    for line in describe_doubts(
        doubts, lang, lambda worth: f"{_show(worth, 'CO2')} {_unit('CO2', lang)}"
    ):
        chapter.text("doubt", text=line[:1].upper() + line[1:])
    heads = [add_unit_below(name_gas_above(gas, lang), _unit(gas, lang), lang) for gas in gases]
    chapter.table("report rows", [say("source", lang), *heads], rows, bold=bold, year=year)
    chapter.text("not estimated")


def _report_rows(
    table: OfficialTable, gases: Sequence[str], lang: str
) -> tuple[list[list[str]], frozenset[int]]:
    """Return the rows of the guideline's table down to its second level, and those to set off."""
    places = {column.gas: at for at, column in enumerate(table.columns)}
    rows: list[list[str]] = []
    bold: set[int] = set()
    for place in table.shown_rows(0):
        row = table.layout.rows[place]
        if row.level > 2 or any(one.kind != "direct" for one in row.selectors):
            continue
        number = row.code.partition(".")[2]
        dot = "." if row.level == 1 else ""
        name = f"{number}{dot} {row.zh if lang == 'zh' else row.en}".strip()
        bold |= {len(rows)} if row.level < 2 else set()
        cells = []
        for gas in gases:
            value = float(table.values[0, place, places[gas]]) / SCALES["10kt"]
            key = str(table.keys[0, place, places[gas]])
            cells.append(key if math.isnan(value) else _show(value, gas))
        rows.append([name, *cells])
    return rows, frozenset(bold)


def _by_fuel(direct: pd.DataFrame) -> dict[str, float]:
    kind = direct["product"].map(lambda product: group_of(product).summed_as)
    return {str(name): float(value) for name, value in direct.groupby(kind)["value"].sum().items()}


def _scale(gas: str) -> float:
    """Return the tonnes in the unit of the tables: 万吨 of CO2 and its equivalent, t of other gases."""
    return 1e4 if gas.startswith("CO2") else 1.0


def _show(value: float, gas: str) -> str:
    """Return tonnes in the unit of the gas."""
    return f"{value / _scale(gas):,.2f}"


def _unit(gas: str, lang: str) -> str:
    return say("large", lang) if gas.startswith("CO2") else "t"


def _write_years(chapter: Chapter, frame: pd.DataFrame) -> None:
    lang = chapter.lang
    direct = frame[frame["scope"] == 1].pivot_table(
        "value", "year", "gas", aggfunc="sum", sort=False
    )
    rows = [
        [
            str(year),
            *(
                "NE" if value != value else _show(value, gas)  # noqa: PLR0124 - NaN is not itself
                for gas, value in zip(direct.columns, row, strict=True)
            ),
        ]
        for year, row in zip(direct.index, direct.to_numpy(), strict=True)
    ]
    chapter.table(
        "years",
        [
            word("year", lang),
            *(
                add_unit_below(name_gas_above(str(gas), lang), _unit(gas, lang), lang)
                for gas in direct.columns
            ),
        ],
        rows,
    )
    for gas in direct.columns:
        series = direct[gas].dropna() / _scale(str(gas))
        line = ChartLine(str(gas), tuple(map(int, series.index)), tuple(series))
        title = f"{name_gas(str(gas), lang)} {say('years', lang)}"
        chapter.lines(add_unit(title, _unit(str(gas), lang), lang), [line])


def _write_method(chapter: Chapter, inventory: EnergyInventory, found: Sequence[Trace]) -> None:
    lang, method, table = chapter.lang, inventory.method, inventory.table
    chapter.heading("method")
    chapter.text(
        "method text",
        title=method.title_zh if lang == "zh" else method.title,
        id=method.id,
        reference=method.reference,
    )
    chapter.text("formula")
    sheets = dict.fromkeys(" ".join(filter(None, names)) for names in table.places.sheets)
    named = join_clauses(sheets, lang)
    if named:
        chapter.text("data text", files=named)
    else:  # a balance made in a program
        chapter.text("no file text")
    burnt: dict[tuple[str, str], dict[str, float]] = {}
    for one in found:
        if not vocabulary.is_electricity_or_heat(one.product):
            burnt.setdefault((one.product, one.unit), {})[one.flow] = one.activity
    rows = [
        [
            vocabulary.name("product", product, lang),
            unit,
            f"{sum(flows.values()):,.0f}",
            f"{len(flows)}",
        ]
        for (product, unit), flows in burnt.items()
    ]
    chapter.table(
        "activity",
        [word("product", lang), word("unit", lang), say("burnt", lang), say("cells", lang)],
        rows,
    )
    for gas in dict.fromkeys(one.gas for one in found):
        _write_factors(chapter, gas, [one for one in found if one.gas == gas and one.steps])


def _write_factors(chapter: Chapter, gas: str, found: Sequence[Trace]) -> None:
    lang = chapter.lang
    parameters = dict.fromkeys(step.parameter for one in found for step in one.steps)
    order = list(vocabulary.products())
    documents: dict[str, int] = {}  # numbered as they first occur
    factors: dict[tuple[str, ...], dict[str, None]] = {}
    for one in sorted(found, key=lambda one: order.index(one.product)):
        by_name = {
            step.parameter: (
                f"{step.row.value:.6g} {step.row.unit.replace('dimensionless', '')}".strip()
            )
            for step in one.steps
        }
        named = (_name_document(step.source, lang) for step in one.steps)
        numbers = sorted({documents.setdefault(name, len(documents) + 1) for name in named})
        sources = " ".join(_mark(number, lang) for number in numbers)
        key = (
            vocabulary.name("product", one.product, lang),
            *(by_name.get(name, "") for name in parameters),
            sources,
        )
        factors.setdefault(key, {})[name_flow(one.flow, lang)] = None
    single = {
        product
        for product in (key[0] for key in factors)
        if sum(key[0] == product for key in factors) == 1
    }
    rows = [
        [
            key[0],
            (
                say("every flow", lang)
                if key[0] in single
                else ("、" if lang == "zh" else "; ").join(flows)
            ),
            *key[1:],
        ]
        for key, flows in factors.items()
    ]
    heads = [
        word("product", lang),
        word("flow", lang),
        *(word(name, lang, PARAMETERS) for name in parameters),
        say("documents", lang),
    ]
    chapter.table(
        "factors", heads, rows, weights=[1.2, 1.6, *[1.0] * len(parameters), 1.2], gas=gas
    )
    chapter.plain_text(
        join_clauses((f"{_mark(at, lang)} {name}" for name, at in documents.items()), lang)
    )


def _mark(number: int, lang: str) -> str:
    """Return the number of a document in the square brackets of the language."""
    return f"［{number}］" if lang == "zh" else f"[{number}]"


def _name_document(source: FactorSource, lang: str) -> str:
    """Return the title of a document, and its edition where the title does not say it."""
    title = source.title_zh if lang == "zh" and source.title_zh else source.title
    edition = in_language(source.edition, lang)
    return title if not edition or edition in title else join_parts(lang, title, edition)


def _write_results(chapter: Chapter, now: pd.DataFrame) -> None:
    lang = chapter.lang
    chapter.heading("results")
    for gas in now["gas"].unique():
        direct = now[(now["scope"] == 1) & (now["gas"] == gas)]
        if direct.empty:  # electricity or heat brought in alone: a sum over nothing is no number
            continue
        rows: list[list[str]] = []
        sums: list[tuple[str, float]] = []
        for flow, part in direct.groupby("flow", sort=False):
            fuels = _by_fuel(part)
            rows.append(
                [
                    name_flow(str(flow), lang),
                    *(_show(fuels[name], gas) if name in fuels else "" for name in fuel_sums()),
                    _show(part["value"].sum(), gas),
                ]
            )
            sums.append(
                (
                    name_flow(str(flow), lang),
                    float(part["value"].sum()) / _scale(str(gas)),
                )
            )
        whole = _by_fuel(direct)
        rows.append(
            [
                word("total", lang),
                *(_show(whole[name], gas) if name in whole else "" for name in fuel_sums()),
                _show(direct["value"].sum(), gas),
            ]
        )
        heads = [
            word("flow", lang),
            *(say(name, lang) for name in fuel_sums()),
            word("total", lang),
        ]
        chapter.table(
            "flows",
            heads,
            rows,
            bold=frozenset({len(rows) - 1}),
            gas=gas,
            unit=_unit(str(gas), lang),
        )
        chapter.bars(
            "bars", sorted(sums, key=lambda pair: -pair[1]), gas=gas, unit=_unit(str(gas), lang)
        )


def _write_indirect(
    chapter: Chapter, inventory: EnergyInventory, now: pd.DataFrame, lacking: Sequence[str]
) -> None:
    """Write what is brought in, flow by flow; where a product has no factor, no total, and the reason."""
    lang = chapter.lang
    chapter.heading("indirect")
    indirect = now[(now["scope"] == 2) & (now["gas"] == "CO2")]
    if len(indirect):
        rows = [
            [
                name_flow(row["flow"], lang),
                vocabulary.name("product", row["product"], lang),
                _show(row["value"], "CO2"),
            ]
            for row in indirect.to_dict("records")
        ]
        rows.append(
            [
                word("total", lang),
                "",
                say("no number", lang) if lacking else _show(indirect["value"].sum(), "CO2"),
            ]
        )
        chapter.table(
            "brought in",
            [
                word("flow", lang),
                word("product", lang),
                add_unit_below("CO2", say("large", lang), lang),
            ],
            rows,
            bold=frozenset({len(rows) - 1}),
        )
        chapter.text("apart")
    if lacking or not len(indirect):
        chapter.text(
            "no indirect",
            reason=join_clauses(
                (
                    in_language(finding.message, lang)
                    for finding in inventory.findings
                    if finding.rule == "no-grid-factor"
                ),
                lang,
            )
            or say("none", lang),
        )


def _write_quality(chapter: Chapter, inventory: EnergyInventory) -> None:
    chapter.heading("quality")
    write_findings(chapter, inventory.findings)


def write_findings(chapter: Chapter, findings: Sequence[Finding]) -> None:
    """Write how many errors and warnings there are, and the first of them."""
    lang = chapter.lang
    grouped = group_findings(findings)
    serious = [
        finding
        for severity in ("error", "warning")
        for finding in grouped
        if finding.severity == severity
    ]
    chapter.text(
        "findings",
        errors=sum(finding.severity == "error" for finding in serious),
        warnings=sum(finding.severity == "warning" for finding in serious),
    )
    if serious:
        rows = [
            [
                say(finding.severity, lang),
                *(in_language(text, lang) for text in (finding.where, finding.message)),
                in_language(finding.action, lang),
            ]
            for finding in serious[:_LISTED]
        ]
        chapter.table(
            "findings table",
            [say("severity", lang), word("where", lang), say("message", lang), say("action", lang)],
            rows,
            weights=[0.7, 1.6, 4.0, 2.5],
        )
    if len(serious) > _LISTED:
        chapter.text("more findings", count=len(serious) - _LISTED)
