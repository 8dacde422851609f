"""Templates of pages: every text is escaped, and a name that nobody gave is an error."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from jinja2 import Environment


def open_templates(folder: Path) -> Environment:
    """Return the templates of a folder.

    Examples
    --------
    >>> from pathlib import Path
    >>> open_templates(Path()).from_string("{{ name }}").render(name="<b>")
    '&lt;b&gt;'
    """
    from jinja2 import (  # noqa: PLC0415 - pages alone need it
        Environment,
        FileSystemLoader,
        StrictUndefined,
    )

    return Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
