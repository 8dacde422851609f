"""One number changed, as a misprint, a scan or a copying hand changes it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.fuzzing.kinds import shown

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.fuzzing.base import Spot
    from tests.fuzzing.draft import Draft


def change_number(
    draft: Draft,
    new: Callable[[str], str | None],
    fits: Callable[[str], bool] = lambda _: True,
) -> str | None:
    """Put another text for a number; it stays a number of a workbook if it can."""
    spot = draft.pick(lambda spot: fits(draft.base.text_of(spot)))
    if spot is None:
        return None
    before = draft.base.text_of(spot)
    after = new(before)
    if after is None or after == before:
        return None
    stays = isinstance(draft.get(spot.place), (int, float)) and _PLAIN.fullmatch(after)
    return draft.put(spot.place, float(after) if stays else after)


_PLAIN = re.compile(r"-?\d+(?:\.\d+)?")


def _times(factor: float) -> Callable[[str], str | None]:
    return lambda text: (
        f"{float(text.replace(',', '')) * factor:.10g}" if _PLAIN.fullmatch(text) else None
    )


def _digits(text: str) -> list[int]:
    return [i for i, letter in enumerate(text) if letter.isdigit()]


@shown
def tenfold(draft: Draft) -> str | None:
    """Print a number ten times as large."""
    return change_number(draft, _times(10))


@shown
def thousandfold(draft: Draft) -> str | None:
    """Print a number a thousand times as large."""
    return change_number(draft, _times(1000))


@shown
def tenth(draft: Draft) -> str | None:
    """Print a number a tenth as large."""
    return change_number(draft, _times(0.1))


@shown
def hundredth(draft: Draft) -> str | None:
    """Print a number a hundredth as large."""
    return change_number(draft, _times(0.01))


@shown
def point_lost(draft: Draft) -> str | None:
    """Miss a decimal point."""
    return change_number(draft, lambda text: text.replace(".", ""), lambda text: "." in text)


@shown
def digit_changed(draft: Draft) -> str | None:
    """Read a digit as another."""

    def change(text: str) -> str:
        at = draft.chance.choice(_digits(text))
        other = draft.chance.choice([digit for digit in "0123456789" if digit != text[at]])
        return text[:at] + other + text[at + 1 :]

    return change_number(draft, change)


@shown
def digits_swapped(draft: Draft) -> str | None:
    """Swap two digits beside each other."""

    def change(text: str) -> str | None:
        at = [i for i in _digits(text) if text[i + 1 : i + 2].isdigit() and text[i] != text[i + 1]]
        if not at:
            return None
        i = draft.chance.choice(at)
        return text[:i] + text[i + 1] + text[i] + text[i + 2 :]

    return change_number(draft, change)


@shown
def digit_dropped(draft: Draft) -> str | None:
    """Drop a digit."""

    def change(text: str) -> str | None:
        at = draft.chance.choice(_digits(text))
        return text[:at] + text[at + 1 :] if len(_digits(text)) > 1 else None

    return change_number(draft, change)


@shown
def digit_doubled(draft: Draft) -> str | None:
    """Double a digit."""

    def change(text: str) -> str:
        at = draft.chance.choice(_digits(text))
        return text[:at] + text[at] + text[at:]

    return change_number(draft, change)


@shown
def sign_turned(draft: Draft) -> str | None:
    """Print a minus too many or too few."""
    return change_number(draft, lambda text: text[1:] if text.startswith("-") else f"-{text}")


@shown
def blanked(draft: Draft) -> str | None:
    """Leave a number out."""
    return change_number(draft, lambda _: "")


@shown
def dashed(draft: Draft) -> str | None:
    """Print a dash for a number."""
    return change_number(draft, lambda _: draft.chance.choice(["-", "—", "…"]))


@shown
def zeroed(draft: Draft) -> str | None:
    """Print a zero for a number."""
    return change_number(draft, lambda _: "0")


@shown
def keyed(draft: Draft) -> str | None:
    """Print a notation key for a number."""
    return change_number(draft, lambda _: draft.chance.choice(["NE", "IE", "C", "NO"]))


@shown
def footnote_glued(draft: Draft) -> str | None:
    """Glue the number of a footnote to a number."""
    return change_number(draft, lambda text: text + draft.chance.choice("123"))


@shown
def thousands_dot(draft: Draft) -> str | None:
    """Print a dot for the mark of thousands."""

    def change(text: str) -> str:
        whole, point, part = text.partition(".")
        sign, whole = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
        return f"{sign}{int(whole):,}".replace(",", ".") + (f",{part}" if point else "")

    return change_number(draft, change, lambda text: len(_digits(text.partition(".")[0])) > 3)


@shown
def decimal_comma(draft: Draft) -> str | None:
    """Print a decimal comma in a table with decimal points."""
    return change_number(draft, lambda text: text.replace(".", ","), lambda text: "." in text)


@shown
def comma_and_three_decimals(draft: Draft) -> str | None:
    """Print a decimal comma before three digits, which may be taken for thousands."""

    def change(text: str) -> str | None:
        return f"{float(text):.3f}".replace(".", ",") if _PLAIN.fullmatch(text) else None

    return change_number(draft, change, lambda text: len(text.partition(".")[0]) < 4)


@shown
def letter_for_digit(draft: Draft) -> str | None:
    """Print a letter that looks like a digit."""
    pairs = {"0": "O", "1": "l", "5": "S", "8": "B"}

    def change(text: str) -> str | None:
        at = [i for i in _digits(text) if text[i] in pairs]
        if not at:
            return None
        i = draft.chance.choice(at)
        return text[:i] + pairs[text[i]] + text[i + 1 :]

    return change_number(draft, change)


@shown
def space_inside(draft: Draft) -> str | None:
    """Print a space inside a number."""

    def change(text: str) -> str | None:
        at = draft.chance.choice(_digits(text))
        return f"{text[:at]} {text[at:]}" if at > 0 and text[at - 1] != "-" else None

    return change_number(draft, change)


@shown
def percent_sign(draft: Draft) -> str | None:
    """Print a number with a per cent sign."""
    return change_number(draft, lambda text: f"{text}%")


def _copy_from(draft: Draft, step: tuple[int, int]) -> str | None:
    spot = draft.pick(lambda spot: _beside(draft, spot, step) is not None)
    if spot is None:
        return None
    other = _beside(draft, spot, step)
    assert other is not None
    return draft.put(spot.place, draft.get(other.place))


def _swap_with(draft: Draft, step: tuple[int, int]) -> str | None:
    spot = draft.pick(lambda spot: _beside(draft, spot, step) is not None)
    if spot is None:
        return None
    other = _beside(draft, spot, step)
    assert other is not None
    here, there = draft.get(spot.place), draft.get(other.place)
    draft.put(other.place, here)
    return draft.put(spot.place, there)


def _beside(draft: Draft, spot: Spot, step: tuple[int, int]) -> Spot | None:
    """Return the number in the next row or column, if it is another one."""
    place = (spot.sheet, spot.row + step[0], spot.column + step[1])
    other = draft.base.at.get(place)
    if other is None or draft.get(other.place) == draft.get(spot.place):
        return None
    return other


@shown
def copied_from_above(draft: Draft) -> str | None:
    """Copy the number of the row above."""
    return _copy_from(draft, (-1, 0))


@shown
def copied_from_left(draft: Draft) -> str | None:
    """Copy the number of the column before."""
    return _copy_from(draft, (0, -1))


@shown
def swapped_with_below(draft: Draft) -> str | None:
    """Swap two numbers of a column."""
    return _swap_with(draft, (1, 0))


@shown
def swapped_with_right(draft: Draft) -> str | None:
    """Swap two numbers of a row."""
    return _swap_with(draft, (0, 1))


@shown
def moved_right(draft: Draft) -> str | None:
    """Move a number one column to the right, where nothing stands."""
    spot = draft.pick(
        lambda spot: (
            draft.get((spot.sheet, spot.row, spot.column + 1)) == ""
            and spot.column + 1 in draft.base.data_columns[spot.sheet]
        )
    )
    if spot is None:
        return None
    draft.put((spot.sheet, spot.row, spot.column + 1), draft.get(spot.place))
    return draft.put(spot.place, "")


@shown
def moved_down(draft: Draft) -> str | None:
    """Move a number one row down, where nothing stands."""
    spot = draft.pick(
        lambda spot: (
            draft.get((spot.sheet, spot.row + 1, spot.column)) == ""
            and spot.row + 1 in draft.base.data_rows[spot.sheet]
        )
    )
    if spot is None:
        return None
    draft.put((spot.sheet, spot.row + 1, spot.column), draft.get(spot.place))
    return draft.put(spot.place, "")
