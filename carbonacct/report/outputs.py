"""The writers of files that a project builds with."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from carbonacct.data import shown_name
from carbonacct.errors import CarbonacctError, Finding
from carbonacct.projects.build import Renderers
from carbonacct.projects.driver_bases import find_driver_file
from carbonacct.report.frames import write_frame
from carbonacct.report.inventories import write_inventory
from carbonacct.report.population_and_gdp import find_drivers
from carbonacct.report.shown import Shown
from carbonacct.texts import say

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from typing import Any

    import pandas as pd

    from carbonacct.analysis.analysis_result import Analysis
    from carbonacct.projects.build import OutputRequest
    from carbonacct.report.uncertainty_tables import Assessment


def make_renderers() -> Renderers:
    """Return the writers of the inventory and of tables."""
    return Renderers(
        inventory=_render_inventory,
        table=_render_table,
        assess=_assess,
        begin_page=_begin_page,
    )


def _render_inventory(request: OutputRequest, place: Path) -> None:
    energy = tuple(request.energy)
    drivers, untold = _find_drivers(request)
    known = (*(request.assessment.findings if request.assessment else ()), *untold)
    alone = bool(energy) and request.is_energy_alone
    beside = request.beside
    if alone:  # a record has its findings itself
        beside = replace(beside, findings=(*beside.findings, *untold))
    write_inventory(
        Shown(energy, None if alone else request.inventory.with_findings(known)),
        str(place),
        lang=request.lang,
        gwp=request.metric,
        uncertainty=request.assessment,
        drivers=drivers,
        beside=beside,
    )


def _begin_page(compiled: Any, tables: int, gwp: str | None) -> None:
    from carbonacct.report.page.table_parts import begin_part  # noqa: PLC0415 - as a page is

    begin_part(compiled, tables, gwp)


def _find_drivers(request: OutputRequest) -> tuple[pd.DataFrame | None, list[Finding]]:
    """Return population and GDP of the first file that holds both, or why they are not shown."""
    for one in request.drivers:
        try:
            file = find_driver_file(request.folder, one)
            drivers = find_drivers(file, request.sole_area, one.sheet or None)
        except CarbonacctError as error:
            return None, [_say_not_shown(str(error))]
        if drivers is None:
            continue
        if not drivers["area"].all():
            text = say(
                "{path}: rows name no area, and the project has several; add a column area",
                path=shown_name(file),
            )
            return None, [_say_not_shown(text)]
        return drivers, []
    return None, []


def _say_not_shown(why: str) -> Finding:
    told = say("population and GDP are not shown: {error}", error=why)
    return Finding("not-decomposed", "warning", told)


def _assess(request: OutputRequest, options: Mapping[str, Any]) -> Assessment:
    """Return how sure the totals are: of energy alone direct CO2, of all sectors each gas."""
    from carbonacct.report.uncertainty_tables import (  # noqa: PLC0415 - draws load much
        assess_uncertainty,
    )

    if request.is_energy_alone:
        return assess_uncertainty(request.energy, **options)
    return assess_uncertainty(request.inventory, gwp=request.metric, **options)


def _render_table(analysis: Analysis, place: Path, lang: str) -> None:
    from carbonacct.report.analyses.analysis_files import (  # noqa: PLC0415 - reports load much
        write_analysis,
    )
    from carbonacct.report.analyses.analysis_words import kinds  # noqa: PLC0415

    if analysis.kind in kinds():
        write_analysis(analysis, str(place), lang=lang)
    else:  # the panel, which is data
        write_frame(analysis.frame, str(place), analysis.findings, title=analysis.kind)
