"""Rich or poor, high or low carbon: areas in four groups against a reference area."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carbonacct.errors import PanelError, did_you_mean
from carbonacct.texts import say

if TYPE_CHECKING:
    import pandas as pd

# As section 1.2.1 of the pilots' report (NCSC 2013) words the groups, and in English.
GROUP_NAMES = {
    "rich-low": ("经济水平高、碳排放低", "richer, less carbon"),
    "rich-high": ("经济水平高、碳排放高", "richer, more carbon"),
    "poor-high": ("经济水平低、碳排放高", "poorer, more carbon"),
    "poor-low": ("经济水平低、碳排放低", "poorer, less carbon"),
}


def group_against_reference(
    areas: pd.DataFrame, reference: str, *, gdp: str = "gdp_per_head", co2: str = "co2_per_head"
) -> pd.Series[str]:
    """Put each area in one of four groups by its GDP and CO2 per head against those of a reference area.

    Parameters
    ----------
    areas
        One row an area, named by the index.
    reference
        The area to compare with, such as the nation; it is left out of the result.
    gdp, co2
        The columns of GDP and CO2 per head, each in one unit.

    Returns
    -------
    Series
        By area, a key of ``GROUP_NAMES``; missing where either number is.

    Raises
    ------
    PanelError
        If a column or the reference is not there, an area is there twice, a cell holds text, or the
        reference lacks a number.

    Notes
    -----
    国家应对气候变化战略研究和国际合作中心 (2013), 我国低碳试点实践现状及未来工作方向研究,
    section 1.2.1: GDP and CO2 per head of
    the nation divide the areas. The text does not say where an area on a dividing line belongs;
    here it is poor, or low.

    Examples
    --------
    >>> import pandas as pd
    >>> pilots = pd.DataFrame({"gdp_per_head": [44070, 68437, 15699, 29943], "co2_per_head": [4.8, 13.8, 2.9, 5.5]},
    ...                       index=["Guangdong", "Hangzhou", "Yunnan", "China"])
    >>> group_against_reference(pilots, "China").to_dict()
    {'Guangdong': 'rich-low', 'Hangzhou': 'rich-high', 'Yunnan': 'poor-low'}
    """
    for column in (gdp, co2):
        if column not in areas.columns:
            raise PanelError(
                say(
                    "no column '{column}'; {near}",
                    column=column,
                    near=did_you_mean(column, map(str, areas.columns))
                    or say("name the columns with gdp= and co2="),
                )
            )
    for labels, what in ((areas.index, "row an area"), (areas.columns, "column a name")):
        if not labels.is_unique:
            raise PanelError(
                say(
                    "{label} is there twice; give one {what}",
                    label=labels[labels.duplicated()][0],
                    what=what,
                )
            )
    if reference not in areas.index:
        raise PanelError(
            say(
                "no area '{reference}' to compare with; {near}",
                reference=reference,
                near=did_you_mean(reference, map(str, areas.index)) or say("name one of the areas"),
            )
        )
    try:
        numbers = areas[[gdp, co2]].astype("float64")
    except (TypeError, ValueError) as error:
        raise PanelError(
            say(
                "{gdp} or {co2} holds what is no number ({error}); give numbers, or leave "
                "them out where there is none",
                gdp=gdp,
                co2=co2,
                error=error,
            )
        ) from None
    lines = numbers.loc[reference]
    if lines.isna().to_numpy().any():
        raise PanelError(
            say(
                "{reference} lacks {gdp} or {co2}, so nothing can be compared with it; name "
                "another area",
                reference=reference,
                gdp=gdp,
                co2=co2,
            )
        )
    others = numbers.drop(index=reference)
    rich = (others[gdp] > lines[gdp]).map({True: "rich-", False: "poor-"})
    high = (others[co2] > lines[co2]).map({True: "high", False: "low"})
    return (rich + high).where(others.notna().all(axis=1)).rename("group")
