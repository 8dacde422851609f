"""Tables of a project that its panel gives, and its areas beside the one that they make up."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

import pandas as pd

from carbonacct.analysis.analysis_result import Analysis
from carbonacct.errors import ProjectError
from carbonacct.inventory.entry_columns import IDENTITY
from carbonacct.projects.project_areas import compare_areas
from carbonacct.projects.project_indices import list_refused_indices
from carbonacct.projects.project_panel import make_panel, write_headers
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import xarray as xr

    from carbonacct.inventory.record import Inventory
    from carbonacct.projects.project_declaration import Declaration
    from carbonacct.projects.project_indices import IndexStanding
    from carbonacct.projects.run_record import Run
    from carbonacct.sectors.energy import EnergyInventory

AREAS = "areas"
PANEL = "panel"
TARGETS = "targets"
ASSESSMENT = "assessment"
SHARES = "shares"
COMPARED_TARGETS = "compared_targets"
INDICES = "indices"
FORMS = "forms"
SCENARIOS = {
    "scenarios": "paths",
    "scenario_sectors": "sectors",
    "scenario_peaks": "peaks",
    "scenario_envelope": "envelope",
    "scenario_iamc": "iamc",
    "scenario_leap": "leap",
}


@dataclass(frozen=True)
class Material:
    """What tables of a project are made of.

    Attributes
    ----------
    declaration
        What the project is.
    whole, printed
        The inventory with the years that rules fill, and without them. The panel has both and says
        which; tests, peaks and verdicts take prints alone.
    runs
        The runs that it was read from.
    compile
        Gives the energy inventories, for what is drawn from their factors and activity.
    score
        Gives how the declared indices and forms stand.
    add_up
        Gives the energy consumption of the tables, None where the project asks for none.
    """

    declaration: Declaration
    whole: Inventory
    printed: Inventory
    runs: Sequence[Run]
    compile: Callable[[], Sequence[EnergyInventory]]
    score: Callable[[], Sequence[IndexStanding]]
    add_up: Callable[[], pd.DataFrame | None]

    @cached_property
    def panel(self) -> pd.DataFrame:
        """Emissions and drivers of the prints, for all tables that are made of them."""
        return self._make_panel(self.printed)

    @cached_property
    def filled(self) -> pd.DataFrame:
        """The same with the years that rules fill."""
        if len(self.whole) == len(self.printed):
            return self.panel
        return self._make_panel(self.whole)

    def _make_panel(self, inventory: Inventory) -> pd.DataFrame:
        metric = self.declaration.metric or None
        return make_panel(inventory, self._drivers, metric=metric, energy=self._energy)

    @cached_property
    def _energy(self) -> pd.DataFrame | None:
        return self.add_up()

    @cached_property
    def _drivers(self) -> pd.DataFrame | None:
        from carbonacct.projects.driver_tables import read_driver_tables  # noqa: PLC0415

        return read_driver_tables(self.declaration.folder, self.declaration.bases)


def make_table(name: str, material: Material) -> Analysis:
    """Return a table of a project by the name of its output, as the result of an analysis.

    Raises
    ------
    PanelError, ProjectError
        If the panel lacks what the table is of.
    """
    declaration, whole, printed = material.declaration, material.whole, material.printed
    if name == AREAS:
        return _areas(whole, declaration)
    if name in SCENARIOS:
        from carbonacct.projects.scenarios import follow_declared  # noqa: PLC0415 - as below

        return follow_declared(printed, declaration, SCENARIOS[name])
    if name in {INDICES, FORMS}:
        return _show_indices(name, material.score())
    panel = material.filled if name == PANEL else material.panel
    made = _make(name, panel, material)
    return replace(
        made,
        findings=(*panel.attrs["findings"], *made.findings),
        units=panel.attrs["units"],
        series=panel,
    )


def _show_indices(name: str, standings: Sequence[IndexStanding]) -> Analysis:
    """Return the rows of indices and forms, or of forms alone, with the index of each."""
    kinds = {FORMS: ("form",), INDICES: ("index", "form")}[name]
    shown = [one for one in standings if one.kind in kinds and len(one.frame)]
    refused = list_refused_indices(standings)
    if not shown and refused:
        raise ProjectError(join_texts("\n", (one.message for one in refused)))
    if not shown:
        raise ProjectError(
            say(
                "the output {name} has nothing to show; write [[index]] and its id, such as {id}",
                name=name,
                id="peaking-pilot-city" if name == FORMS else "ccni-2.0",
            )
        )
    made = [
        Analysis(
            name,
            one.frame.assign(index=one.id)[["index", *one.frame.columns]],
            by=("area",),
            findings=one.findings,
            words={
                "of": one.title,
                "layout": "|".join(one.layout),
                "periods": " ".join(map(str, one.periods)),
            },
            names={one.id: one.title, **one.names},
        )
        for one in shown
    ]
    joined = _join(name, made)
    return replace(joined, findings=(*joined.findings, *refused))


def _make(name: str, panel: pd.DataFrame, material: Material) -> Analysis:
    """Return a table that is made of the panel."""
    declaration, printed = material.declaration, material.printed
    if name == PANEL:
        made = _list_filled(material.whole, printed)
        places = zip(panel["area"], panel["year"].tolist(), strict=True)
        status = ["filled" if place in made else "printed" for place in places]
        attrs, panel = panel.attrs, panel.assign(status=status)
        panel.attrs = attrs
        return Analysis(PANEL, write_headers(panel))
    if name in {TARGETS, ASSESSMENT}:
        judged = _judge(name, panel, material.filled, material)
        return Analysis("target" if name == TARGETS else ASSESSMENT, judged, by=("area",))
    if name == COMPARED_TARGETS:
        from carbonacct.projects.project_targets import compare_declared  # noqa: PLC0415 - as below

        return Analysis("target", compare_declared(panel, declaration), by=("area",))
    if name == SHARES:
        from carbonacct.projects.responsibility import share_declared  # noqa: PLC0415

        shared, found = share_declared(panel, printed, declaration)
        return Analysis(SHARES, shared, findings=found)
    return _join(name, ANALYSES[name](panel, declaration))


def _list_filled(whole: Inventory, printed: Inventory) -> set[tuple[str, int]]:
    """Return the areas and years that rules fill, all of them or some of their entries."""
    numbers = [
        inventory.entries[inventory.entries["value"].notna()] for inventory in (whole, printed)
    ]
    held = [set(own[[*IDENTITY]].itertuples(index=False, name=None)) for own in numbers]
    area, year = IDENTITY.index("area"), IDENTITY.index("year")
    return {(str(key[area]), int(key[year])) for key in held[0] - held[1]}


def _join(kind: str, made: Sequence[Analysis]) -> Analysis:
    """Return analyses of one kind as one, their rows one below another."""
    ends = [0, *accumulate(len(one.frame) for one in made)]
    frame = pd.concat([one.frame for one in made], ignore_index=True)
    return Analysis(
        kind,
        frame,
        by=made[0].by,
        findings=[finding for one in made for finding in one.findings],
        parts=tuple(
            replace(one, frame=frame.iloc[start:end])
            for one, (start, end) in zip(made, pairwise(ends), strict=True)
        ),
    )


def _areas(whole: Inventory, declaration: Declaration) -> Analysis:
    """Return the province's own inventory beside the sum of its cities."""
    if not declaration.compared:
        raise ProjectError(
            say(
                "the output {name} compares an area with its parts; write project.own and "
                'project.compare_sum_of = "level:city"',
                name=AREAS,
            )
        )
    level, own = declaration.compared, declaration.own
    return Analysis(AREAS, compare_areas(whole.entries, declaration.areas, own, level))


def _judge(
    name: str, panel: pd.DataFrame, filled: pd.DataFrame, material: Material
) -> pd.DataFrame:
    """Return verdicts on targets, or the sheet with the evidence of each."""
    from carbonacct.projects.project_targets import (  # noqa: PLC0415 - a table loads what it needs
        add_chances,
        add_provisional,
        draw_totals,
        judge_declared,
        read_declared,
    )

    declaration = material.declaration
    goals = read_declared(declaration)
    judged = add_provisional(judge_declared(panel, goals), filled, goals)
    if declaration.uncertainty is not None:
        drawn = draw_totals(material.compile(), declaration.uncertainty, declaration.folder)
        judged = add_chances(judged, panel, goals, drawn)
    if name == TARGETS:
        return judged
    from carbonacct.projects.assessment_sheet import fill_assessment, find_places  # noqa: PLC0415

    return fill_assessment(judged, panel, goals, find_places(material.runs, declaration, panel))


def _words(declaration: Declaration, name: str) -> tuple[str, ...]:
    words = declaration.analysis.get(name, ())
    if not words:
        raise ProjectError(
            say(
                'the output {name} has nothing to show; write [analysis] {name} = ["co2"]',
                name=name,
            )
        )
    return words


def _as_table(found: pd.DataFrame | xr.Dataset) -> pd.DataFrame:
    """Return results of a table, which are a table."""
    return found if isinstance(found, pd.DataFrame) else found.to_dataframe()


def _trend(panel: pd.DataFrame, declaration: Declaration) -> list[Analysis]:
    from carbonacct.analysis.mann_kendall import mann_kendall  # noqa: PLC0415

    return [
        Analysis(
            "trend",
            _as_table(mann_kendall(panel, value=value, by="area")).assign(value=value),
            by=("area",),
            words={"value": value},
        )
        for value in _words(declaration, "trend")
    ]


def _peak(panel: pd.DataFrame, declaration: Declaration) -> list[Analysis]:
    from carbonacct.analysis.peak import find_peak  # noqa: PLC0415

    return [
        Analysis(
            "peak",
            _as_table(find_peak(panel, value=value, by="area")).assign(value=value),
            by=("area",),
            words={"value": value},
        )
        for value in _words(declaration, "peak")
    ]


def _decoupling(panel: pd.DataFrame, declaration: Declaration) -> list[Analysis]:
    from carbonacct.analysis.decoupling import decouple  # noqa: PLC0415

    made = []
    for ratio in _words(declaration, "decoupling"):
        pressure, sign, driver = (part.strip() for part in ratio.partition("/"))
        if not sign:
            raise ProjectError(
                say("analysis.decoupling {word!r} is no ratio; write it as co2/gdp", word=ratio)
            )
        found = _as_table(decouple(panel, pressure=pressure, driver=driver, by="area"))
        words = {"pressure": pressure, "driver": driver}
        made.append(Analysis("decoupling", found.assign(of=ratio), by=("area",), words=words))
    return made


def _decompose(panel: pd.DataFrame, declaration: Declaration) -> list[Analysis]:
    from carbonacct.analysis.decomposition import decompose  # noqa: PLC0415

    made = []
    for identity in _words(declaration, "decompose"):
        found = decompose(
            panel.dropna(axis="columns", how="all"), identity, by=["area"], chained=True
        )
        words = {"value": identity.partition("=")[0].strip(), "identity": identity}
        frame = found.to_frame().assign(identity=identity)
        made.append(
            Analysis("decompose", frame, by=("area",), findings=found.findings, words=words)
        )
    return made


ANALYSES: dict[str, Callable[[pd.DataFrame, Declaration], list[Analysis]]] = {
    "trend": _trend,
    "peak": _peak,
    "decoupling": _decoupling,
    "decompose": _decompose,
}
# Outputs that are tables; any other is the inventory.
NAMES = frozenset(
    {
        AREAS,
        PANEL,
        TARGETS,
        ASSESSMENT,
        COMPARED_TARGETS,
        SHARES,
        INDICES,
        FORMS,
        *SCENARIOS,
        *ANALYSES,
    }
)
