"""Data messages of SDMX in XML, generic or specific to their structure -> a sheet with a row for each observation."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.parsers import expat

from carbonacct.errors import TableError
from carbonacct.sheets.sdmx import VALUE, bound, keeps, lay_out
from carbonacct.texts import say

if TYPE_CHECKING:
    from carbonacct.sheets.raw_sheets import Cell, Sheet

_HEAD = 4096
_TIME = "TIME_PERIOD"
_ATTRIBUTES = "Attributes"
_LONGEST = 1000


def is_markup(content: bytes) -> bool:
    """Return whether a file begins as a data message of SDMX in XML does."""
    head = content[:_HEAD].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    return head.startswith(b"<") and b"sdmx" in head and b"<html" not in head


def read_markup(file: str, content: bytes) -> list[Sheet]:
    """Return the observations of a message as one sheet: codes of the dims, unit, status and value.

    Raises
    ------
    TableError
        If it is damaged, holds no observation, or more than any table.
    """
    reader = _SdmxReader(file)
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.take
    parser.StartDoctypeDeclHandler = reader.refuse
    try:
        parser.Parse(content, True)  # noqa: FBT003 - takes it by position alone
    except (expat.ExpatError, UnicodeDecodeError, LookupError) as error:
        raise TableError(
            say("{file}: is damaged XML ({error}); download it again", file=file, error=str(error))
        ) from None
    if not reader.rows:
        raise TableError(
            say(
                "{file}: holds no observation of SDMX; ask for data and not for a structure, or"
                " for CSV",
                file=file,
            )
        )
    return [reader.lay_out()]


class _SdmxReader:
    """Collects observations from the start and end of elements: what a series says holds for all of its own.

    Attributes
    ----------
    rows
        What is said of each observation, by name.
    left
        The attributes that are not read.
    """

    def __init__(self, file: str) -> None:
        self.file = file
        self.rows: list[dict[str, str]] = []
        self.left: set[str] = set()
        self._columns: dict[str, None] = {}
        self._groups: list[dict[str, str]] = []
        self._series: dict[str, str] = {}
        self._own: dict[str, str] | None = None  # of the observation that is open
        self._in_attributes = False
        self._in_group = False
        self._text: list[str] | None = None

    def refuse(self, *_: object) -> None:
        """Refuse a document that defines entities: no message does."""
        raise TableError(say("{file}: declares a document type, and no data does", file=self.file))

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Take what the start of an element says."""
        name = tag.rpartition(" ")[2]
        named_attributes = {key: value for key, value in attributes.items() if " " not in key}
        if name == "Series":
            self._series = named_attributes
        elif name == "Group":
            self._in_group = True
            self._groups += [named_attributes] if named_attributes else []
        elif name == "Obs":
            self._own = named_attributes
        elif name == _ATTRIBUTES:
            self._in_attributes = True
        elif name == "ObsValue":
            self._hold()[VALUE] = named_attributes.get("value", "")
        elif name == "ObsDimension":
            self._hold()[named_attributes.get("id", _TIME)] = named_attributes.get("value", "")
        elif name == "Time":  # of version 2.0
            self._text = []
        elif name == "Value" and not self._in_group:
            self._take_value(named_attributes)

    def _take_value(self, attributes: dict[str, str]) -> None:
        concept = attributes.get("id", attributes.get("concept", ""))
        if self._in_attributes and not keeps(concept):
            self.left.add(concept)
        elif concept:
            self._hold()[concept] = attributes.get("value", "")

    def _hold(self) -> dict[str, str]:
        return self._series if self._own is None else self._own

    def take(self, text: str) -> None:
        """Take the text of an element that holds its value so."""
        if self._text is not None and len(self._text) < _LONGEST:
            self._text.append(text)

    def end(self, tag: str) -> None:
        """Close an element."""
        name = tag.rpartition(" ")[2]
        if name == _ATTRIBUTES:
            self._in_attributes = False
        elif name == "Group":
            self._in_group = False
        elif name == "Time" and self._text is not None:
            self._hold()[_TIME] = "".join(self._text).strip()
            self._text = None
        elif name == "Obs" and self._own is not None:
            self._close(self._own)
            self._own = None

    def _close(self, own: dict[str, str]) -> None:
        row = self._series | own
        for group in self._groups:
            if all(row.get(key, value) == value for key, value in group.items()):
                row = {key: value for key, value in group.items() if keeps(key)} | row
        if not row.get(VALUE) or row[VALUE] == "NaN":
            return
        self._columns |= dict.fromkeys(row)
        bound(self.file, len(self.rows), len(self._columns))
        self.rows.append(row)

    def lay_out(self) -> Sheet:
        """Return the sheet of all rows, the value in its last column."""
        heads = [*(name for name in self._columns if name != VALUE), VALUE]
        rows: list[list[Cell]] = [list(heads)]
        rows += [[row.get(name, "") for name in heads] for row in self.rows]
        return lay_out(self.file, "", rows, sorted(self.left))
