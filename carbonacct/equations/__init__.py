"""Equations as text in a method's sector file: read, checked, worked out, traced, written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carbonacct.lazy_names import load_when_used

if TYPE_CHECKING:
    from carbonacct.equations.arranging import arrange
    from carbonacct.equations.factor_values import choose_factors, read_overlay
    from carbonacct.equations.formulas import write_block
    from carbonacct.equations.loading import load_sector, parse_sector, read_sector, sector_ids
    from carbonacct.equations.sector import Sector
    from carbonacct.equations.source_entries import (
        Evaluation,
        differentiate,
        evaluate,
        find_used,
        redraw,
    )
    from carbonacct.equations.unfolded_step import UnfoldedStep
    from carbonacct.equations.unfolding import unfold
    from carbonacct.equations.workbook_formula import write_formula

_HOMES = {
    "Evaluation": "source_entries",
    "Sector": "sector",
    "UnfoldedStep": "unfolded_step",
    "arrange": "arranging",
    "choose_factors": "factor_values",
    "differentiate": "source_entries",
    "evaluate": "source_entries",
    "find_used": "source_entries",
    "load_sector": "loading",
    "parse_sector": "loading",
    "read_overlay": "factor_values",
    "read_sector": "loading",
    "redraw": "source_entries",
    "sector_ids": "loading",
    "unfold": "unfolding",
    "write_block": "formulas",
    "write_formula": "workbook_formula",
}
__all__ = [
    "Evaluation",
    "Sector",
    "UnfoldedStep",
    "arrange",
    "choose_factors",
    "differentiate",
    "evaluate",
    "find_used",
    "load_sector",
    "parse_sector",
    "read_overlay",
    "read_sector",
    "redraw",
    "sector_ids",
    "unfold",
    "write_block",
    "write_formula",
]
__getattr__ = load_when_used(__name__, _HOMES)
