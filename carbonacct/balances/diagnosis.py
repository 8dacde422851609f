"""What kind of table one seems to be that is no energy balance, and what it lacks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carbonacct.balances.stops import Stop
from carbonacct.errors import TableError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from carbonacct.balances.layout import Page


def say_no_table(pages: Sequence[Page]) -> Stop:
    """Return why a file has no energy balance."""
    refused = next((page for page in pages if page.refused), None)
    if refused is not None:
        return Stop(TableError(str(refused.refused)), refused.sheet)
    sheet = pages[0].sheet
    return Stop(TableError(f"{sheet.file}: no energy balance found: no header names two products, years or flows above rows with known labels; "
                           "check that it is the table, or name its words in a mapping file (--mapping)"), sheet)  # fmt: skip
