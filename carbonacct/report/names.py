"""Names of flows that stand alone: Urban is nobody's name without Residential."""

from __future__ import annotations

from carbonacct import vocabulary


def name_flow(flow: str, lang: str = "en") -> str:
    """Return the name of a flow where its row stands without the rows above it; in English where it has no Chinese name.

    Examples
    --------
    >>> name_flow("households_urban"), name_flow("households_rural", "zh"), name_flow("transport", "zh")
    ('Residential, urban', '居民生活·乡村', '交通运输、仓储和邮政业')
    """
    name = vocabulary.name("flow", flow, lang) or vocabulary.name("flow", flow)
    known = vocabulary.flows()
    if flow not in known or known[flow].parent != "households":
        return name
    above = vocabulary.name("flow", "households", lang)
    return f"{above}·{name}" if lang == "zh" else f"{above}, {name.lower()}"
