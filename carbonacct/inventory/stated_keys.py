"""What a compiler states of categories without a number: a notation key and its reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from carbonacct.categories import categories, may_emit
from carbonacct.display import shown_in_notebooks
from carbonacct.errors import NotationError, near_or_known
from carbonacct.records.area_names import area_id
from carbonacct.texts import join_texts, say
from carbonacct.trees import climb

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

KEYS = ("NO", "NE", "NA", "IE", "C")
# What burns for its energy, and what leaks (IPCC 2006, Vol. 2, Ch. 1, 1.3).
_BURNT, _LEAKED = "1.A", "1.B"


@shown_in_notebooks
@dataclass(frozen=True)
class StatedKey:
    """The notation key of a category and of those below it, as the compiler states it.

    Attributes
    ----------
    category
        IPCC 2006 code.
    key
        NO (does not occur), NE (not estimated), NA (not applicable), IE (included elsewhere) or C
        (confidential).
    because
        The reason.
    included_in
        Of IE the category that holds it.
    area, years, gases
        Of which it is stated; of all where nothing is named.

    Raises
    ------
    NotationError
        If there is no such category or key, it has no reason, IE says not where, or the category
        emits no such gas; or fuel that burns is said to be in what leaks.

    Notes
    -----
    IPCC 2006 Guidelines, Vol. 1, Ch. 8, 8.2.5: each key carries an explanation, IE where the
    emissions are.

    Examples
    --------
    >>> StatedKey("1.B.2", "NO", "no oil or gas is produced").is_of("重庆", 2015, "CH4")
    True
    """

    category: str
    key: str
    because: str
    included_in: str = ""
    area: str = ""
    years: tuple[int, ...] = ()
    gases: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what states nothing."""
        _check_category(self.category)
        named = {"category": self.category, "key": self.key}
        if self.key not in KEYS:
            text = "{category}: no notation key {key!r}; known: {keys}"
            raise NotationError(say(text, **named, keys=join_texts(", ", KEYS)))
        if not self.because:
            text = "{category}: the key {key} needs a reason; each key carries one"
            raise NotationError(say(text, **named))
        if self.key == "IE" and self.included_in in {"", self.category}:
            text = "{category}: IE needs the category that holds it, not {held!r}"
            raise NotationError(say(text, category=self.category, held=self.included_in))
        if self.key != "IE" and self.included_in:
            text = "{category}: the key {key} points to no category; IE does"
            raise NotationError(say(text, **named))
        if self.included_in:
            _check_category(self.included_in)
            if self.category in _list_below(_BURNT) and self.included_in in _list_below(_LEAKED):
                text = (
                    "{category}: fuel that burns is not included in {held}, what leaks from mines "
                    "and wells; name a category of {burnt}"
                )
                raise NotationError(
                    say(text, category=self.category, held=self.included_in, burnt=_BURNT)
                )
        for gas in self.gases:
            if not any(may_emit(code, gas) for code in _list_below(self.category)):
                text = "{category}: emits no {gas}; leave the gas out"
                raise NotationError(say(text, category=self.category, gas=gas))

    def is_of(self, area: str, year: int, gas: str) -> bool:
        """Return whether it is stated of an area (in any spelling), year and gas."""
        return (
            (not self.area or area_id(self.area) == area_id(area))
            and (not self.years or year in self.years)
            and (not self.gases or gas in self.gases)
        )


def select_stated(
    statements: Sequence[StatedKey], area: str, year: int, gas: str
) -> dict[str, StatedKey]:
    """Return what is stated of an area, year and gas, by category.

    Raises
    ------
    NotationError
        If two statements are of one category.
    """
    found: dict[str, StatedKey] = {}
    for one in statements:
        if one.is_of(area, year, gas) and found.setdefault(one.category, one) is not one:
            text = "{category} of {area} {year} is stated twice: {keys}; leave one"
            keys = join_texts(", ", (found[one.category].key, one.key))
            raise NotationError(say(text, category=one.category, area=area, year=year, keys=keys))
    return found


def find_above(code: str, stated: Mapping[str, StatedKey]) -> StatedKey | None:
    """Return the statement that a category lies under: its own, or that of the nearest one above."""
    above = climb(code, lambda one: categories()[one].parent)
    return next((stated[one] for one in above if one in stated), None)


def _check_category(code: str) -> None:
    if code not in categories():
        near = near_or_known(code, list(categories()))
        raise NotationError(say("no category {category!r}; {near}", category=code, near=near))


def _list_below(code: str) -> Iterator[str]:
    """Yield a category and those below it."""
    return (one for one in categories() if one == code or one.startswith(f"{code}."))
