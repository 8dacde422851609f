"""Paths from the assumptions that a project declares, on from its printed years."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carbonacct.analysis.assumptions import read_assumptions
from carbonacct.analysis.drivers import Basis
from carbonacct.analysis.scenario import project_scenarios
from carbonacct.analysis.scenario_results import Asked, analyse_paths
from carbonacct.errors import ProjectError
from carbonacct.texts import say

if TYPE_CHECKING:
    from carbonacct.analysis.analysis_result import Analysis
    from carbonacct.inventory.record import Inventory
    from carbonacct.projects.project_declaration import Declaration


def follow_declared(printed: Inventory, declaration: Declaration, show: str) -> Analysis:
    """Return a table of the scenarios that a project declares.

    Raises
    ------
    PanelError, ProjectError
        If none are declared, or what they assume does not fit the inventory.
    """
    held = declaration.scenario
    if not held:
        raise ProjectError(
            say(
                "the output {name} follows assumptions, and none are declared; write "
                'scenario = {{ file = "scenarios.csv" }}',
                name=show,
            )
        )
    scope = held.get("scope", [1])
    basis = Basis(
        area=str(held.get("area", "")),
        year=held.get("base", 0),
        gas="" if declaration.metric and "gas" not in held else str(held.get("gas", "CO2")),
        gwp="" if "gas" in held else declaration.metric,
        scopes=tuple(scope if isinstance(scope, list) else [scope]),
        error=held.get("base_error", 0.0),
        draws=held.get("draws", 1000),
        seed=held.get("seed", 0),
    )
    scenarios = read_assumptions(declaration.folder / held["file"])
    asked = Asked(peak_by=held.get("peak_by"), budget=held.get("budget"))
    paths = project_scenarios(printed, scenarios, basis)
    return analyse_paths(show, paths, asked, model=str(held.get("model", declaration.name)))
