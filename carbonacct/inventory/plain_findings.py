"""Findings as a store keeps them: with their gaps and worth, which files for others leave out."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from carbonacct.errors import describe_finding

if TYPE_CHECKING:
    from carbonacct.errors import Finding


def write_finding(finding: Finding) -> dict[str, Any]:
    """Return a finding as JSON can hold it; :func:`carbonacct.errors.read_finding` reads it.

    Examples
    --------
    >>> from carbonacct.errors import Finding, read_finding
    >>> from carbonacct.texts import say
    >>> found = Finding("absent", "warning", say("{area} has no number", area="A"))
    >>> read_finding(write_finding(found)).message.template
    '{area} has no number'
    """
    worth = finding.worth
    return describe_finding(finding) | {
        "gaps": [list(gap) for gap in finding.gaps],
        "worth": None if worth is None or math.isnan(worth) else worth,
    }
