"""Which files each kind of command writes: what refuses a file before the work begins, and what the help says."""

from __future__ import annotations

from dataclasses import dataclass

from carbonacct.texts import say

_CHARTS = (".svg", ".png")


@dataclass(frozen=True)
class OutputEndings:
    """The endings of the files of a kind of command: of a table, or for programs and people where it draws as well.

    Attributes
    ----------
    is_data
        Whether a dash is CSV on standard output, and the result is printed as JSON if asked for.
    """

    table: tuple[str, ...] = ()
    for_programs: tuple[str, ...] = ()
    for_people: tuple[str, ...] = ()
    is_data: bool = True

    @property
    def all(self) -> tuple[str, ...]:
        """Every ending."""
        return (*self.table, *self.for_programs, *self.for_people)

    def describe(self) -> str:
        """Return what the help says; the dash stands for standard output."""
        if not self.is_data:
            return " ".join(self.table)
        if self.table:
            return say("{endings}; - is CSV on standard output", endings=" ".join(self.table))
        return say(
            "{programs} for programs, {people} for people; - is CSV on standard output",
            programs=" ".join(self.for_programs),
            people=" ".join(self.for_people),
        )


ENDINGS = {
    "table": OutputEndings((".csv", ".xlsx", ".html", ".nc", ".parquet", ".json")),
    "inventory": OutputEndings(
        (
            ".csv",
            ".xlsx",
            ".docx",
            ".html",
            ".nc",
            ".parquet",
            ".json",
            ".primap.csv",
            ".brief.html",
            ".brief.docx",
            ".brief.pdf",
        )
    ),
    "official": OutputEndings((".csv", ".xlsx", ".html", ".nc", ".parquet", ".json", ".crt.json")),
    "mapping": OutputEndings((".csv",)),
    "template": OutputEndings((".xlsx",), is_data=False),
    "balance": OutputEndings((".csv", ".xlsx")),
    "analysis": OutputEndings(
        for_programs=(".csv", ".json", ".nc", ".parquet"),
        for_people=(".html", ".docx", ".xlsx", *_CHARTS),
    ),
    "scores": OutputEndings(
        for_programs=(".csv", ".json", ".parquet"),
        for_people=(".html", ".docx", ".xlsx", *_CHARTS),
    ),
}
