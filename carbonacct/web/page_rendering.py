"""Pages of templates: every text is escaped, and every word comes from `words.toml`."""

from __future__ import annotations

import hashlib
from functools import cache
from typing import TYPE_CHECKING, Any

from carbonacct.charts.look import STYLE
from carbonacct.templates import open_templates
from carbonacct.web.web_words import FILES, has_word, word

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jinja2 import Environment

_KINDS = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}
# The style of the inventory page comes first: both look alike. Its folder is named and not its
# room, which would load all that reports are made with.
_STATIC = {
    "report": (STYLE, FILES.parents[1] / "report" / "page" / "files" / "page.css"),
    "page": (FILES / "page.css",),
    "script": (FILES / "page.js",),
}


@cache
def _environment() -> Environment:
    environment = open_templates(FILES)
    environment.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "separators": (",", ":")}
    return environment


def render(template: str, lang: str, **values: Any) -> str:
    """Return a page; ``t("section.key", ...)`` in it is a word in the language."""

    def say(key: str, **inner: object) -> str:
        return word(key, lang, **inner)

    def maybe(key: str, otherwise: str) -> str:
        return word(key, lang) if has_word(key) else otherwise

    page = _environment().get_template(template)
    return page.render(lang=lang, t=say, maybe=maybe, files=_addresses(), **values)


@cache
def list_static() -> Mapping[str, tuple[str, bytes]]:
    """Return the files that pages load, with their kind, by a name that changes with what they hold."""
    held = {}
    for name, places in _STATIC.items():
        content = b"".join(place.read_bytes() for place in places)
        suffix = places[0].suffix
        mark = hashlib.sha256(content).hexdigest()[:12]
        held[f"/files/{name}-{mark}{suffix}"] = (_KINDS[suffix], content)
    return held


@cache
def _addresses() -> dict[str, str]:
    return {path.split("/")[2].partition("-")[0]: path for path in list_static()}
