"""What a project knows beside its inventories: filled years and accepted findings."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pandas as pd

from carbonacct.projects.acceptance import judge_findings, read_accepted
from carbonacct.projects.filled_rows import FILLED, read_fill
from carbonacct.projects.run_record import Details, Run
from carbonacct.projects.stated_in_project import is_of_area

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from carbonacct.errors import Finding
    from carbonacct.inventory.stated_keys import StatedKey
    from carbonacct.projects.acceptance import Acceptance, Judged
    from carbonacct.projects.project_declaration import Declaration
    from carbonacct.projects.project_indices import IndexStanding
    from carbonacct.projects.runs import Workshop
    from carbonacct.projects.stated_in_project import StatedNote

COLUMNS = ("area", "year", "flow", "product", "category", "scope", "gas", "value")
FILL = ("lower", "upper", "method", "because")


@dataclass(frozen=True)
class KnownBeside:
    """What pages and workbooks of a project show beside its inventories.

    Attributes
    ----------
    findings
        Of the project as a whole: years that are missing, breaks of series, refusals.
    filled
        The entries of filled years: ``area, year, flow, product, category, scope, gas, value,
        lower, upper`` (t), ``method`` (technique and the years it comes from), ``because``.
    accepted
        Acceptances with the finding of each.
    targets
        Verdicts on declared targets (:func:`carbonacct.projects.panel_tables.make_table`); none
        where none are declared.
    units
        Of the columns that the targets are of.
    untold
        Why there are no verdicts on targets that are declared.
    statements, notes
        Notation keys of categories without a number, and texts, as the project states them.
    indices
        How declared indices and forms stand.
    """

    findings: tuple[Finding, ...] = ()
    filled: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=[*COLUMNS, *FILL]))
    accepted: tuple[tuple[Acceptance, Finding], ...] = ()
    targets: pd.DataFrame = field(default_factory=pd.DataFrame)
    units: Mapping[str, str] = field(default_factory=dict)
    untold: str = ""
    statements: tuple[StatedKey, ...] = ()
    notes: tuple[StatedNote, ...] = ()
    indices: tuple[IndexStanding, ...] = ()

    def select(self, area: str) -> KnownBeside:
        """Return what is of an area, or of no one area."""
        accepted = tuple(pair for pair in self.accepted if pair[0].area in {area, "*", ""})
        targets = self.targets
        if len(targets):
            targets = targets[targets["area"] == area]
        filled = self.filled[self.filled["area"] == area]
        return replace(
            self,
            filled=filled,
            accepted=accepted,
            targets=targets,
            statements=tuple(one for one in self.statements if is_of_area(one, area)),
            notes=tuple(one for one in self.notes if is_of_area(one, area)),
        )


def list_valid(declaration: Declaration) -> list[Acceptance]:
    """Return the acceptances of a project that hold today."""
    today = datetime.now(UTC).date().isoformat()
    held = read_accepted(declaration.folder / declaration.accepted)
    return [one for one in held if not one.review_by or one.review_by >= today]


def judge_runs(workshop: Workshop, overall: Sequence[Finding]) -> Judged:
    """Return the findings of runs and of the project as a whole, open and accepted."""
    declaration = workshop.declaration
    accepted = read_accepted(declaration.folder / declaration.accepted)
    whole = Run(key="", value="", files=(), load=lambda: Details(tuple(overall)))
    return judge_findings([*workshop.all_runs(), whole], accepted, datetime.now(UTC).date())


def find_beside(
    workshop: Workshop, entries: pd.DataFrame, overall: Sequence[Finding]
) -> KnownBeside:
    """Return what a project knows beside its inventories.

    Parameters
    ----------
    entries
        Of printed and filled years.
    overall
        Findings of the project as a whole.
    """
    filled = entries[entries["status"] == FILLED]
    rows = filled[list(COLUMNS)].reset_index(drop=True)
    told = [read_fill(str(text)) for text in filled["where"]]
    for position, name in enumerate(("lower", "upper", "because")):
        rows[name] = [one[position] for one in told]
    rows["method"] = filled["method"].tolist()
    valid = list_valid(workshop.declaration)
    accepted = judge_runs(workshop, overall).accepted if valid else ()
    return KnownBeside(
        tuple(overall),
        rows[[*COLUMNS, *FILL]],
        accepted,
        statements=workshop.declaration.stated,
        notes=workshop.declaration.notes,
    )
