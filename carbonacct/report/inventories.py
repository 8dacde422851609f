"""Inventories as files of every kind, by the suffix."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from carbonacct.data import shown_name
from carbonacct.report.files import BRIEFS, check_target, place_file, save_whole
from carbonacct.report.frames import FRAME_WRITERS, format_csv, print_data
from carbonacct.report.grouping import group_findings
from carbonacct.report.shown import show

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    import pandas as pd

    from carbonacct.errors import Finding
    from carbonacct.inventory.record import MadeFrom
    from carbonacct.projects.beside import KnownBeside
    from carbonacct.projects.differences import Difference
    from carbonacct.report.scores import Scores
    from carbonacct.report.shown import Showable, Shown
    from carbonacct.report.uncertainty_tables import Assessment


@dataclass(frozen=True, eq=False)
class _Told:
    """What a file tells beside the inventory, and how."""

    lang: str
    gwp: str | None
    drivers: pd.DataFrame | None
    uncertainty: Assessment | None
    scores: Scores | None
    since: Difference | None
    beside: KnownBeside | None


def write_inventory(
    inventories: Showable,
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
    """Write an inventory to one file by its suffix, or as CSV to standard output (``-``).

    Parameters
    ----------
    inventories
        The inventory of all sectors, or energy inventories: one or many, of any areas and years.
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
        and the brief, with what drove the change where an area has several years.
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
        What energy inventories were made from; written to .json, .parquet and .nc. A record says it
        itself.
    beside
        Filled years, accepted findings, findings and targets of a project; shown in .html and
        .xlsx, targets in .docx and the brief as well. Stated notation keys in official tables, notes
        in .docx, .xlsx and the brief.

    Raises
    ------
    OutputError
        As :func:`carbonacct.report.files.place_file`; what was there stays.

    Examples
    --------
    >>> import carbonacct as ca, tempfile, pathlib
    >>> inventory = ca.compile_inventory("docs/tables/chongqing_2007.csv", method="ceads")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_inventory(inventory, f"{folder}/city.xlsx", lang="zh")
    ...     [path.name for path in pathlib.Path(folder).iterdir()]
    ['city.xlsx']
    """
    shown = show(inventories)
    if made_from and shown.is_energy_alone:
        shown = replace(shown, made_from=tuple(made_from))
    if target == "-":
        print_data(format_csv(shown.to_frame(gwp=gwp)))
        return
    write = _WRITERS[check_target(target, _WRITERS, overwrite=overwrite)]
    told = _Told(
        lang=lang,
        gwp=gwp,
        drivers=drivers,
        uncertainty=uncertainty,
        scores=scores,
        since=since,
        beside=beside,
    )
    place_file(target, lambda path: write(shown, path, told), overwrite=overwrite)


def _write_flat(shown: Shown, path: Path, told: _Told) -> None:
    write = FRAME_WRITERS[path.suffix.lower()]
    write(shown.to_frame(gwp=told.gwp), path, shown.findings, shown_name(path.stem))


def _write_page(shown: Shown, path: Path, told: _Told) -> None:
    from carbonacct.report.page import (  # noqa: PLC0415 - as below, a kind of file loads what it needs
        collect_reference,
        render_page,
    )

    effects: pd.DataFrame | None = None
    findings: list[Finding] = []
    years = {year for one in shown.energy for year in one.table.years}
    if told.drivers is not None and len(years) > 1:
        from carbonacct.report.kaya import collect_effects  # noqa: PLC0415

        effects, findings = collect_effects(shown.energy, told.drivers)
    reference, found = collect_reference(shown.energy)
    known, is_energy = told.uncertainty, shown.is_energy_alone  # the findings of a record have them
    page = render_page(
        shown,
        lang=told.lang,
        gwp=told.gwp,
        drivers=told.drivers,
        effects=effects,
        reference=reference,
        scores=told.scores,
        uncertainty=known.intervals if known and is_energy else None,
        assessment=known,
        findings=[
            *findings,
            *found,
            *(known.findings if known and is_energy else ()),
            *(told.beside.findings if told.beside and is_energy else ()),
        ],
        beside=told.beside,
    )
    path.write_text(page, encoding="utf-8")


def _write_workbook(shown: Shown, path: Path, told: _Told) -> None:
    from carbonacct.report.workbook import (  # noqa: PLC0415 - as below, a kind of file loads what it needs
        write_workbook,
    )

    more = told.beside.findings if told.beside and shown.is_energy_alone else ()
    write_workbook(
        shown,
        path,
        lang=told.lang,
        gwp=told.gwp,
        uncertainty=told.uncertainty,
        findings=group_findings([*shown.findings, *more]) if more else None,
        beside=told.beside,
    )


def _write_chapter(shown: Shown, path: Path, told: _Told) -> None:
    from carbonacct.report.chapter import write_chapter  # noqa: PLC0415

    write_chapter(
        shown,
        path,
        lang=told.lang,
        gwp=told.gwp,
        uncertainty=told.uncertainty,
        since=told.since,
        beside=told.beside,
    )


def _write_brief(shown: Shown, path: Path, told: _Told) -> None:
    from carbonacct.report.brief import BriefContext, write_brief  # noqa: PLC0415 - as above
    from carbonacct.report.target_tables import tell_targets  # noqa: PLC0415
    from carbonacct.sectors.all_sectors import join_sectors  # noqa: PLC0415

    effects = None
    if told.drivers is not None and shown.energy:
        from carbonacct.report.kaya import collect_effects  # noqa: PLC0415

        effects, _ = collect_effects(shown.energy, told.drivers)
    known = BriefContext(
        intervals=told.uncertainty.intervals if told.uncertainty else None,
        effects=effects,
        targets=tell_targets(told.beside.targets, told.lang, told.beside.units)
        if told.beside
        else {},
        accepted=tuple(one for _, one in told.beside.accepted) if told.beside else (),
        notes=told.beside.notes if told.beside else (),
    )
    record = join_sectors([shown.record]) if shown.is_energy_alone else shown.record
    write_brief(record, path, lang=told.lang, gwp=told.gwp, beside=known)


def _write_data(shown: Shown, path: Path, told: _Told) -> None:
    from carbonacct.inventory import inventory_files  # noqa: PLC0415
    from carbonacct.report.energy_data_files import describe_tables  # noqa: PLC0415

    suffix = path.suffix.lower()
    write = {
        ".nc": inventory_files.write_netcdf,
        ".parquet": inventory_files.write_parquet,
        ".json": inventory_files.write_json,
    }[suffix]
    beside = describe_tables(shown.energy, arrays=suffix == ".nc", gwp=told.gwp)
    save_whole(lambda stream: write(shown.record, stream, gwp=told.gwp, beside=beside), path)


def _write_primap(shown: Shown, path: Path, _told: _Told) -> None:
    from carbonacct.report.primap import write_primap  # noqa: PLC0415

    write_primap(shown, path)


def list_endings() -> tuple[str, ...]:
    """Return the endings of the files that an inventory is written to."""
    return tuple(_WRITERS)


_WRITERS: dict[str, Callable[[Shown, Path, _Told], None]] = {
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
