"""What a declared output shows: its key holds what that is made of, and a build makes it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from carbonacct.projects.panel_tables import NAMES

if TYPE_CHECKING:
    from carbonacct.projects.project_declaration import Declaration

_WITH_BALANCES = (".html", ".xlsx", ".docx")
_FOR_PEOPLE = (*_WITH_BALANCES, ".pdf")
_WITH_MAKING = (".json", ".parquet", ".nc")

_LONGEST = (".xlsx", ".html", ".docx", ".nc", ".json")


@dataclass(frozen=True)
class OutputKind:
    """What an output shows.

    Attributes
    ----------
    suffix
        Of its file, in small letters.
    is_table
        Whether it is a table of the project, and not the inventory.
    is_brief
        Whether it is the brief, which counts accepted findings.
    is_for_people
        Whether it is a report of the inventory: page, workbook, chapter or brief.
    has_balances
        Whether tables stand beside the inventory, and accepted findings.
    has_making
        Whether it says what it was made from.
    has_intervals
        Whether it shows how sure totals are.
    has_targets
        Whether it shows verdicts on declared targets.
    has_drivers
        Whether it shows population and GDP, and what drove the change: the page and the brief.
    has_notes
        Whether it shows notes: page, chapter, workbook and brief.
    has_indices
        Whether it shows declared indices and forms: page and workbook.
    """

    suffix: str
    is_table: bool
    is_brief: bool
    is_for_people: bool
    has_balances: bool
    has_making: bool
    has_intervals: bool
    has_targets: bool
    has_drivers: bool
    has_notes: bool
    has_indices: bool

    @property
    def rank(self) -> int:
        """Return its place where outputs are made on two cores: what takes longest is begun first."""
        return len(_LONGEST) if self.is_table else (*_LONGEST, self.suffix).index(self.suffix)


def find_kind(declaration: Declaration, name: str) -> OutputKind:
    """Return what the output of a name shows."""
    path = Path(declaration.outputs[name].lower())
    is_table, suffix = name in NAMES, path.suffix
    is_brief = not is_table and ".brief" in path.suffixes
    is_for_people = is_brief or (not is_table and suffix in _FOR_PEOPLE)
    shows_change = suffix == ".html" or is_brief
    return OutputKind(
        suffix=suffix,
        is_table=is_table,
        is_brief=is_brief,
        is_for_people=is_for_people,
        has_balances=is_brief or (not is_table and suffix in _WITH_BALANCES),
        has_making=not is_table and suffix in _WITH_MAKING,
        has_intervals=is_for_people and declaration.uncertainty is not None,
        has_targets=is_for_people and bool(declaration.targets or declaration.targets_file),
        has_drivers=not is_table and shows_change and bool(declaration.bases),
        has_notes=is_brief or (not is_table and suffix in _WITH_BALANCES),
        has_indices=is_for_people
        and not is_brief
        and suffix in {".html", ".xlsx"}
        and bool(declaration.indices),
    )
