"""What a number might have been before a slip of print: the decimal point, the sign, a digit."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from functools import lru_cache

# In order of how often a slip of print or of a scan is one: what is named first.
KINDS = ("decimal-point", "sign", "glued-digit", "digits-swapped", "digit")
_ROUNDED = 4  # units of the last digit: less is rounding, no misreading
MOST_DECIMALS = 4  # more are what a calculation left behind, not print


@dataclass(frozen=True)
class Slip:
    """What a printed number might have been, and what happened to it."""

    kind: str
    number: float


@lru_cache(maxsize=10_000)  # the same numbers are looked at again after every cause that is found
def list_slips(printed: float, decimals: int) -> tuple[Slip, ...]:
    """Return the numbers that one slip would turn into the printed one.

    Parameters
    ----------
    printed
        As printed, in the printed unit.
    decimals
        How many the column prints; the number is taken as ending there.

    Notes
    -----
    A digit that follows a whole number may be a footnote's (x 10 + d); behind decimals it changes
    less than rounding.

    Examples
    --------
    >>> slips = list_slips(308.98, 2)
    >>> [slip.number for slip in slips if slip.kind == "digits-swapped"]
    [38.98, 380.98, 309.88, 308.89]
    >>> 388.98 in [slip.number for slip in slips if slip.kind == "digit"]
    True
    >>> [slip.number for slip in list_slips(1234.0, 0) if slip.kind == "glued-digit"]
    [123.0]
    """
    shifted = [float(f"{printed * 10.0**power:.15g}") for power in (-2, -1, -3, -4, 1, 2, 3, 4)]
    # What would need more decimals than the column prints was not printed there.
    kept = [
        number for number in shifted if decimals > MOST_DECIMALS or _print(abs(number), decimals)
    ]
    slips = [*(Slip("decimal-point", number) for number in kept), Slip("sign", -printed)]
    text = _print(abs(printed), decimals)
    if not text:
        return tuple(slips)
    sign = "-" if printed < 0 else ""
    if "." not in text and len(text) > 1:
        slips.append(Slip("glued-digit", float(sign + text[:-1])))
    places = [i for i, mark in enumerate(text) if mark != "."]
    for one, other in itertools.pairwise(places):
        if text[one] != text[other]:
            swapped = list(text)
            swapped[one], swapped[other] = text[other], text[one]
            slips.append(Slip("digits-swapped", float(sign + "".join(swapped))))
    for i in places:
        slips += [
            Slip("digit", float(sign + text[:i] + digit + text[i + 1 :]))
            for digit in "0123456789"
            if abs(int(digit) - int(text[i])) > (_ROUNDED if i == places[-1] else 0)
        ]
    return tuple(slip for slip in slips if slip.number)  # what should be nothing is no slip


def _print(number: float, decimals: int) -> str:
    """Return a number as printed: with the column's decimals, or where it prints more than print does, its own."""
    for count in [decimals] if decimals <= MOST_DECIMALS else range(MOST_DECIMALS + 1):
        text = f"{number:.{count}f}"
        if len(text) <= 16 and math.isclose(float(text), number, rel_tol=1e-9):
            return text
    return ""
