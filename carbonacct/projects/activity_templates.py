"""Templates of activity data that nobody has filled in yet: declared from the start, and no table so far."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from carbonacct.projects.store import make_key, write_canonical

if TYPE_CHECKING:
    from carbonacct.projects.runs import Workshop


def is_filled(workshop: Workshop, file: str) -> bool:
    """Return whether a declared activity table holds anything, looked at once for equal bytes.

    What the store does not know is not read by a status, and counts as filled.
    """
    inputs = {"bytes": workshop.scanner.digest(file), "program": workshop.program}
    key = make_key("filled", inputs)
    value = workshop.store.find(key)
    if value is None and not workshop.making:
        return True
    if value is None:
        from carbonacct.sectors.sources.activities import (  # noqa: PLC0415 - few projects have them
            is_unfilled,
        )

        unfilled = is_unfilled(workshop.declaration.folder / file)
        value = workshop.store.put(write_canonical({"filled": not unfilled}), under=key)
    return bool(json.loads(workshop.store.read(value))["filled"])
