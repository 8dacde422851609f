"""Identities as text: what is read, and what is refused with which words."""

from __future__ import annotations

import pytest

from carbonacct.analysis.identity import parse_identity, preset_ids
from carbonacct.errors import IdentityError


@pytest.mark.parametrize(
    ("text", "terms", "product"),
    [
        (
            "co2 = population * gdp/population * energy/gdp * co2/energy",
            ("population", "gdp/population", "energy/gdp", "co2/energy"),
            "co2",
        ),
        ("co2/output = energy/output * co2/energy", ("energy/output", "co2/energy"), "co2/output"),
        (
            "energy = (gva*ppp)/population * population * energy/(gva * ppp)",
            ("(gva*ppp)/population", "population", "energy/(gva * ppp)"),
            "energy",
        ),
        (
            "碳排放 = 人口 × 地区生产总值/人口 × 碳排放/地区生产总值",
            ("人口", "地区生产总值/人口", "碳排放/地区生产总值"),
            "碳排放",
        ),
        ("co2 = `GDP (2010)` * co2/`GDP (2010)`", ("`GDP (2010)`", "co2/`GDP (2010)`"), "co2"),
        (
            "`co2（万吨）` ＝ （`增加值（2015年不变价）` × `co2（万吨）`）／`增加值（2015年不变价）`",
            ("(`增加值（2015年不变价）` * `co2（万吨）`)/`增加值（2015年不变价）`",),
            "co2（万吨）",
        ),
        (
            "co2 = gdp * energy[sector]/gdp * co2[sector]/energy[sector]",
            ("gdp", "energy[sector]/gdp", "co2[sector]/energy[sector]"),
            "co2[sector]",
        ),
        (
            "co2/gdp = gdp[sector]/gdp * co2[sector]/gdp[sector]",
            ("gdp[sector]/gdp", "co2[sector]/gdp[sector]"),
            "co2[sector]/gdp",
        ),
        ("c = a/b/d * b * d * c/a", ("a/b/d", "b", "d", "c/a"), "c"),
        ("c/a/b = c/d * d/(b*a)", ("c/d", "d/(b*a)"), "c/(a*b)"),
    ],
)
def test_terms_are_the_factors_as_written_and_the_product_cancels(text, terms, product):
    """A factor is kept as it was written; what the factors multiply to is the left side."""
    identity = parse_identity(text)
    assert identity.terms == terms
    assert identity.product.text == product
    assert not identity.defines


@pytest.mark.parametrize("preset", preset_ids())
def test_presets_cancel(preset):
    """Every identity that ships multiplies to its left side."""
    identity = parse_identity(preset)
    assert not identity.defines
    assert identity.left.text == "co2"


def test_a_left_side_no_factor_mentions_is_a_new_name():
    """V = a * b * c defines V."""
    assert parse_identity("V = a * b * c").defines
    assert parse_identity("emissions = gdp * co2/gdp", columns=["gdp", "co2"]).defines


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "co2 = population * gdp/population * energy/gdp",
            (
                "the factors multiply to energy, not to co2: a factor is missing; add co2/energy, or write energy "
                "on the left"
            ),
        ),
        ("co2 = gdp * energy/gdp * co2/population", "energy/population is left over"),
        ("co2 = energy * co2[sector]/energy[sector]", r"energy/energy\[sector\] is left over"),
        ("co2/gdp = energy[s]/gdp[s] * co2[s]/energy[s]", "the sum of .* is not co2/gdp"),
        ("co2[sector] = co2[sector]", "the left side is the total; write co2 there"),
        ("co2 = gdp * 2", "a constant changes nothing: leave it out"),
        ("co2 = gdp + energy", r"'\+' stands where \* or / is expected"),
        ("co2 = gdp * * energy", "nothing stands where a name is expected"),
        ("co2 = (gdp * energy", "a bracket is not closed"),
        ("co2 = gdp[] * co2/gdp", "the tag of gdp is not a list of dims"),
        ("co2 = gdp/gdp * co2", "cancels to 1"),
        ("v = a/b * b/(a*c)", "the factors multiply to 1/c; correct a factor"),
        ("co2 = energy * energy * co2/energy", "the factor energy is written 2 times"),
        ("co2 = total * co2/total", "a factor cannot be called total"),
        ("co2 * gdp = co2 * gdp", "the left side is 'co2 \\* gdp'"),
        ("co2 = gdp = co2", "is no identity; write it as"),
        ("co2 =", "is no identity; write it as"),
        ("= gdp * co2/gdp", "is no identity; write it as"),
        ("co2 = gdp * co2/gdp)", r"'\)' stands where \* or / is expected"),
        ("co2 = gdp[sector,] * co2/gdp[sector", r"the tag of gdp is not a list of dims"),
        ("co2 = residual * co2/residual", "a factor cannot be called residual"),
        ("co2 = (co2/gdp) * 2*gdp", "a constant changes nothing: leave it out"),
        ("", "is no identity"),
        ("kaja", "did you mean kaya?"),
    ],
)
def test_what_is_wrong_is_said(text, words):
    """Each fault has its words, and what is left over is named."""
    with pytest.raises(IdentityError, match=words):
        parse_identity(text)


@pytest.mark.parametrize(
    ("text", "quantities"),
    [
        ("co2 = co2[sector,fuel]", ("co2[fuel,sector]",)),
        ("co2 = co2[sector，fuel]", ("co2[fuel,sector]",)),
        ("co2 = co2[fuel sector]", ("co2[fuel,sector]",)),
        (
            "co2 = `co2 (t)`[`the sector`] * co2/`co2 (t)`",
            ("co2 (t)[the sector]", "co2", "co2 (t)"),
        ),
        ("碳 = 能[部门] × 碳[部门]/能[部门]", ("能[部门]", "碳[部门]")),
    ],
)
def test_quantities_and_their_dims(text, quantities):
    """Dims in any order are the same quantity; names may stand in backquotes."""
    assert tuple(map(str, parse_identity(text, columns=["co2"]).quantities)) == quantities
