"""Equations as text in a method's sector file: read, checked, worked out, traced, written."""

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
from carbonacct.equations.unfolding import UnfoldedStep, unfold
from carbonacct.equations.workbook_formula import write_formula

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
