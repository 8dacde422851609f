"""Findings as JSON that keeps what their sentences are made of, so that any language can say them."""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import Any

from carbonacct.errors import Finding, Gap
from carbonacct.texts import Text

_TEXTS = ("message", "action")


def write_finding(finding: Finding) -> dict[str, Any]:
    """Return a finding as JSON can hold it.

    Examples
    --------
    >>> from carbonacct.texts import say
    >>> found = Finding("absent", "warning", say("{area} has no number", area="A"))
    >>> read_finding(write_finding(found)).message.template
    '{area} has no number'
    """
    held = asdict(finding)
    held["gaps"] = [list(gap) for gap in finding.gaps]
    if finding.worth is not None and math.isnan(finding.worth):
        held["worth"] = None
    return held | {name: _write_text(getattr(finding, name)) for name in _TEXTS}


def read_finding(held: dict[str, Any]) -> Finding:
    """Return the finding that `write_finding` wrote."""
    texts = {name: _read_text(held[name]) for name in _TEXTS}
    return Finding(**{**held, **texts, "gaps": tuple(Gap(*gap) for gap in held["gaps"])})


def _write_text(value: object) -> Any:
    """Return a text with its template and values; another value as JSON knows it, or as words."""
    if isinstance(value, Text):
        values = {name: _write_text(one) for name, one in value.values.items()}
        return {"text": str(value), "template": value.template, "values": values}
    if hasattr(value, "item"):  # of an array
        value = value.item()
    if isinstance(value, (str, int)) or value is None:
        return value
    return value if isinstance(value, float) and math.isfinite(value) else str(value)


def _read_text(held: Any) -> Any:
    """Return what was written; where a value no longer fits its place, the words themselves."""
    if not isinstance(held, dict):
        return held
    values = {name: _read_text(one) for name, one in held["values"].items()}
    try:
        made = Text(held["template"], values)
    except (ValueError, KeyError, IndexError, AttributeError):
        return held["text"]
    return made if str(made) == held["text"] else held["text"]
