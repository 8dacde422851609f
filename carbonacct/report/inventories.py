"""Inventories as files of every kind, by the suffix."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from carbonacct.data import shown_name
from carbonacct.report.files import BRIEFS, check_target, place_file
from carbonacct.report.frames import FRAME_WRITERS, format_csv, print_data
from carbonacct.report.grouping import group_findings
from carbonacct.report.joined_inventories import join_findings, join_frames

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    import pandas as pd

    from carbonacct.errors import Finding
    from carbonacct.inventory.record import MadeFrom
    from carbonacct.projects.beside import KnownBeside
    from carbonacct.projects.differences import Difference
    from carbonacct.report.scores import Scores
    from carbonacct.report.uncertainty_tables import Assessment
    from carbonacct.sectors.energy import EnergyInventory


def write_inventory(
    inventories: Sequence[EnergyInventory],
    target: str,
    *,
    lang: str = "en",
    gwp: str | None = None,
    drivers: pd.DataFrame | None = None,
    uncertainty: Assessment | None = None,
    scores: Scores | None = None,
    since: Difference | None = None,
    overwrite: bool = False,
    made_from: Sequence[MadeFrom] = (),
    beside: KnownBeside | None = None,
) -> None:
    """Write inventories to one file by its suffix, or as CSV to standard output (``-``).

    Parameters
    ----------
    inventories
        One or many, of any areas and years.
    target
        ``-``, or a path that ends in .csv, .xlsx, .docx, .html, .nc, .parquet, .json,
        .primap.csv, .brief.html, .brief.docx or .brief.pdf, in any case.
    lang
        ``"zh"`` or ``"en"``: the language of what people read in it.
    gwp
        Name of a metric: CO2-equivalents are written beside the gases (not in .primap.csv, which
        has its own way of weighting).
    drivers
        Population and GDP, from :func:`carbonacct.report.population_and_gdp.read_drivers`; shown in .html
        alone, with what drove the change where an area has several years.
    uncertainty
        From :func:`carbonacct.report.uncertainty_tables.assess_uncertainty`; shown in .html, .xlsx, .docx
        and the brief.
    scores
        Of an index, from :func:`carbonacct.report.scores.read_scores`; shown in .html alone.
    since
        What changed since an earlier inventory, from
        :func:`carbonacct.projects.comparison_by_cause.compare_inventories`; shown in .docx alone.
    overwrite
        Whether a file that is there may be replaced.
    made_from
        What they were made from; written to .json, .parquet and .nc.
    beside
        Filled years, accepted findings, findings and targets of a project; shown in .html and
        .xlsx, targets in .docx and the brief as well.

    Raises
    ------
    OutputError
        As :func:`carbonacct.report.files.place_file`; what was there stays.

    Examples
    --------
    >>> import carbonacct as ca, tempfile, pathlib
    >>> inventory = ca.compile_inventory("docs/tables/chongqing_2007.csv", method="ceads")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_inventory([inventory], f"{folder}/city.xlsx", lang="zh")
    ...     [path.name for path in pathlib.Path(folder).iterdir()]
    ['city.xlsx']
    """
    if target == "-":
        print_data(format_csv(join_frames(inventories, gwp=gwp)))
        return
    suffix = check_target(target, _WRITERS, overwrite=overwrite)
    write = _WRITERS[suffix]
    if suffix in {".html", ".xlsx", ".docx"}:
        write = partial(write, uncertainty=uncertainty)
    if suffix == ".docx":
        write = partial(write, since=since)
    if suffix in {".json", ".parquet", ".nc"}:
        write = partial(write, made_from=made_from)
    if suffix in {".html", ".xlsx", ".docx", *BRIEFS}:
        write = partial(write, beside=beside)
    if suffix == ".html":
        write = partial(write, drivers=drivers, scores=scores)
    if suffix in BRIEFS:
        write = partial(write, drivers=drivers, uncertainty=uncertainty)
    place_file(target, lambda path: write(inventories, path, lang, gwp), overwrite=overwrite)


def _write_flat(
    inventories: Sequence[EnergyInventory], path: Path, _lang: str, gwp: str | None
) -> None:
    FRAME_WRITERS[path.suffix.lower()](
        join_frames(inventories, gwp=gwp), path, join_findings(inventories), shown_name(path.stem)
    )


def _write_page(
    inventories: Sequence[EnergyInventory],
    path: Path,
    lang: str,
    gwp: str | None,
    *,
    drivers: pd.DataFrame | None = None,
    uncertainty: Assessment | None = None,
    scores: Scores | None = None,
    beside: KnownBeside | None = None,
) -> None:
    from carbonacct.report.page import (  # noqa: PLC0415 - as below, a kind of file loads what it needs
        collect_reference,
        render_page,
    )

    effects: pd.DataFrame | None = None
    findings: list[Finding] = []
    if (
        drivers is not None
        and len({year for inventory in inventories for year in inventory.balance.years}) > 1
    ):
        from carbonacct.report.kaya import collect_effects  # noqa: PLC0415

        effects, findings = collect_effects(inventories, drivers)
    reference, found = collect_reference(inventories)
    page = render_page(
        inventories,
        lang=lang,
        gwp=gwp,
        drivers=drivers,
        effects=effects,
        reference=reference,
        scores=scores,
        uncertainty=uncertainty.intervals if uncertainty else None,
        assessment=uncertainty,
        findings=[
            *findings,
            *found,
            *(uncertainty.findings if uncertainty else ()),
            *(beside.findings if beside else ()),
        ],
        beside=beside,
    )
    path.write_text(page, encoding="utf-8")


def _write_workbook(
    inventories: Sequence[EnergyInventory],
    path: Path,
    lang: str,
    gwp: str | None,
    *,
    uncertainty: Assessment | None = None,
    beside: KnownBeside | None = None,
) -> None:
    from carbonacct.report.workbook import (  # noqa: PLC0415 - as below, a kind of file loads what it needs
        write_workbook,
    )

    more = beside.findings if beside else ()
    write_workbook(
        inventories,
        path,
        lang=lang,
        gwp=gwp,
        uncertainty=uncertainty,
        findings=group_findings([*join_findings(inventories), *more]) if more else None,
        beside=beside,
    )


def _write_chapter(
    inventories: Sequence[EnergyInventory],
    path: Path,
    lang: str,
    gwp: str | None,
    *,
    uncertainty: Assessment | None = None,
    since: Difference | None = None,
    beside: KnownBeside | None = None,
) -> None:
    from carbonacct.report.chapter import write_chapter  # noqa: PLC0415

    write_chapter(
        inventories,
        path,
        lang=lang,
        gwp=gwp,
        uncertainty=uncertainty,
        since=since,
        beside=beside,
    )


def _write_brief(
    inventories: Sequence[EnergyInventory],
    path: Path,
    lang: str,
    gwp: str | None,
    *,
    drivers: pd.DataFrame | None = None,
    uncertainty: Assessment | None = None,
    beside: KnownBeside | None = None,
) -> None:
    from carbonacct.report.brief import BriefContext, write_brief  # noqa: PLC0415 - as above
    from carbonacct.report.target_tables import tell_targets  # noqa: PLC0415
    from carbonacct.sectors.all_sectors import join_sectors  # noqa: PLC0415
    from carbonacct.sectors.energy.energy_entries import to_inventory  # noqa: PLC0415

    effects = None
    if drivers is not None:
        from carbonacct.report.kaya import collect_effects  # noqa: PLC0415

        effects, _ = collect_effects(inventories, drivers)
    known = BriefContext(
        intervals=uncertainty.intervals if uncertainty else None,
        effects=effects,
        targets=tell_targets(beside.targets, lang) if beside else {},
    )
    record = join_sectors([to_inventory(inventory) for inventory in inventories])
    write_brief(record, path, lang=lang, gwp=gwp, beside=known)


def _write_data(
    inventories: Sequence[EnergyInventory],
    path: Path,
    _lang: str,
    gwp: str | None,
    *,
    made_from: Sequence[MadeFrom] = (),
) -> None:
    from carbonacct.report import energy_data_files  # noqa: PLC0415

    writers = {
        ".nc": energy_data_files.write_netcdf,
        ".parquet": energy_data_files.write_parquet,
        ".json": energy_data_files.write_json,
    }
    writers[path.suffix.lower()](inventories, path, gwp=gwp, made_from=made_from)


def _write_primap(
    inventories: Sequence[EnergyInventory], path: Path, _lang: str, _gwp: str | None
) -> None:
    from carbonacct.report.primap import write_primap  # noqa: PLC0415

    write_primap(inventories, path)


_WRITERS: dict[str, Callable[..., None]] = {
    ".csv": _write_flat,
    ".xlsx": _write_workbook,
    ".docx": _write_chapter,
    ".html": _write_page,
    ".nc": _write_data,
    ".parquet": _write_data,
    ".json": _write_data,
    ".primap.csv": _write_primap,
    **dict.fromkeys(BRIEFS, _write_brief),
}
