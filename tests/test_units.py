"""Units: all spellings of the tables, and nothing by guess."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carbonacct.errors import UnitError
from carbonacct.units import (
    _NUMERALS,
    conversion_factor,
    fold_unit,
    is_ambiguous,
    is_unit,
    measures_energy,
    nouns,
    parse_unit,
    read_unit,
    registry,
    spell_unit,
)


@pytest.mark.parametrize(
    ("printed", "expression"),
    [
        ("万吨", "1e4 t"),
        ("（万吨）", "1e4 t"),
        ("万 吨", "1e4 t"),
        ("吨", "t"),
        ("104 tn", "1e4 t"),
        ("10^4 tn", "1e4 t"),
        ("104tons", "1e4 t"),
        ("10 000 tons", "1e4 t"),
        ("亿立方米", "1e8 m3"),
        ("108 cu.m", "1e8 m3"),
        ("10^8 cu.m", "1e8 m3"),
        ("万立方米", "1e4 m3"),
        ("亿米³", "1e8 m3"),
        ("亿m3", "1e8 m3"),
        ("亿标准立方米", "1e8 m3"),
        ("亿千瓦小时", "1e8 kWh"),
        ("亿千瓦时", "1e8 kWh"),
        ("亿千瓦·时", "1e8 kWh"),
        ("108 kW•h", "1e8 kWh"),
        ("万千瓦时", "1e4 kWh"),
        ("GWh", "GWh"),
        ("亿kW·h", "1e8 kWh"),
        ("108千瓦时", "1e8 kWh"),
        ("百亿千焦", "1e10 kJ"),
        ("万百万千焦", "1e10 kJ"),
        ("1010 kJ", "1e10 kJ"),
        ("10^10 kJ", "1e10 kJ"),
        ("TJ", "TJ"),
        ("Terajoule", "TJ"),
        ("太焦", "TJ"),
        ("万吨标煤", "1e4 tce"),
        ("万吨标准煤", "1e4 tce"),
        ("104 tce", "1e4 tce"),
        ("10 000 tons of SCE", "1e4 tce"),
        ("吨标准煤", "tce"),
        ("ktoe", "1e3 toe"),
        ("w TJ", "TJ"),
        ("Ribu SBM", "1e3 boe"),
        ("พันตันเทียบเท่าน้ำมันดิบ", "1e3 toe"),
        ("ล้านกิโลวัตต์-ชั่วโมง", "GWh"),
        ("천톤", "1e3 t"),
        ("万方", "1e4 m3"),
        ("亿标方", "1e8 m3"),
        ("Mtce", "1e6 tce"),
    ],
)
def test_spellings(printed, expression):
    """Every spelling of the tables, lost superscripts among them, is the unit it means."""
    assert conversion_factor(read_unit(printed), expression) == 1


@pytest.mark.parametrize(
    "printed", ["ton", "吨煤", "标准吨", "cal", "mcm", "MBtu", "mboe", "Mbbl", "bep"]
)
def test_two_meanings_are_refused(printed):
    """A word with two meanings is refused with the list of what could be meant."""
    assert is_ambiguous(printed)
    with pytest.raises(UnitError, match=" or "):
        read_unit(printed)


@pytest.mark.parametrize("printed", ["", "石", "万", "furlong", "原煤", "2007", "t t"])
def test_unknown_words_are_no_units(printed):
    """A word that is no unit is never guessed."""
    assert not is_unit(printed)


@pytest.mark.parametrize(
    ("one", "other"),
    [("t C", "t CO2"), ("t", "tce"), ("m3", "t"), ("t CO2", "t"), ("t CH4", "t CO2")],
)
def test_species_do_not_mix(one, other):
    """Carbon, gases, mass, volume and energy are dimensions apart."""
    with pytest.raises(UnitError, match="cannot be turned into"):
        conversion_factor(one, other)


def test_coal_equivalent():
    """One tce is 29.3076 GJ (GB/T 2589-2020, 3.1), one toe 41.868 GJ."""
    assert conversion_factor("tce", "GJ") == 29.3076
    assert conversion_factor("toe", "GJ") == 41.868


@given(
    st.sampled_from("十百千万亿"), st.sampled_from(["吨", "立方米", "千瓦时", "千焦", "吨标准煤"])
)
def test_numerals_multiply(numeral, unit):
    """A Chinese numeral before a unit multiplies it."""
    size = {"十": 10, "百": 100, "千": 1e3, "万": 1e4, "亿": 1e8}[numeral]
    assert conversion_factor(read_unit(numeral + unit), read_unit(unit)) == size


def test_powers_of_ten_are_exact():
    """Factors between decimal units are exact floats."""
    assert [
        conversion_factor("1e4 t", "t"),
        conversion_factor("1e10 kJ", "GJ"),
        conversion_factor("1e8 kWh", "kWh"),
        conversion_factor("t", "1e4 t"),
    ] == [1e4, 1e4, 1e8, 1e-4]


def test_one_registry():
    """All quantities belong to one registry, which knows no unit but ours."""
    assert registry() is registry()
    assert parse_unit("1e4 t")[1] == registry().Unit("t")
    with pytest.raises(UnitError):
        parse_unit("parsec")


NUMERALS = {
    1: "十",
    2: "百 hundred",
    3: "千 thousand miles milliers tausend duizend tusen bin tys. tys tis. ribu ezer тысяч тыс тыс. 천",
    4: "万",
    6: "million mio millones milhões milhoes milyon mln. mln juta миллион млн млн. 백만",
    8: "亿",
    9: "billion mrd млрд млрд.",
    12: "trillion",
    15: "quadrillion",
}


def test_every_numeral_is_in_the_list():
    """The words that multiply are those whose power is written down here by hand."""
    assert sorted(_NUMERALS) == sorted(
        word for words in NUMERALS.values() for word in words.split()
    )


@pytest.mark.parametrize(
    ("power", "word"),
    [(power, word) for power, words in NUMERALS.items() for word in words.split()],
)
def test_each_numeral_is_its_power_of_ten(power, word):
    """What stands before a unit multiplies it, by words of the publishers' languages (short scale)."""
    assert read_unit(f"{word} kg") == f"1e{power} kg"


@pytest.mark.parametrize(
    ("printed", "expression"),
    [
        ("10^5 kg", "1e5 kg"),
        ("10**6 kg", "1e6 kg"),
        ("10e7 kg", "1e7 kg"),
        ("1012 kg", "1e12 kg"),
        ("1,000 kg", "1e3 kg"),
        ("1e3 kg", "1e3 kg"),
        ("10 kg", "1e1 kg"),
        ("1 kg", "kg"),
        ("百万 kg", "1e6 kg"),
        ("10 百万 kg", "1e7 kg"),
        ("thousands of kg", "1e3 kg"),
        ("milhões de kg", "1e6 kg"),
        ("kg, thousand", "1e3 kg"),
        ("百 bcm", "1e11 m3"),
        ("kg bn", "1e9 kg"),
        ("kg th", "1e3 kg"),
    ],
)
def test_numbers_before_and_behind_a_unit(printed, expression):
    """Powers as they are printed, and plain powers of ten, which may be cut in thousands."""
    assert read_unit(printed) == expression


@pytest.mark.parametrize("printed", ["500 kg", "2.5 kg", "12 kg", "2 百万 kg", "2019 MWh"])
def test_an_amount_or_a_year_beside_a_unit_is_no_unit(printed):
    """Only powers of ten multiply a unit: a year would multiply by two thousand."""
    assert not is_unit(printed)


def test_what_is_measured_belongs_to_its_mass():
    """A tonne of CO2 is a mass of CO2 and nothing else, alone and in a quotient; a year changes no amount."""
    assert conversion_factor("kg CO2", "t CO2") == 1e-3
    assert conversion_factor("t CO2/t C", "kg CO2/kg C") == 1
    assert parse_unit("t CO2/t C")[1] == parse_unit("(t*CO2)/(t*C)")[1]
    assert conversion_factor("kg N2O-N", "t N2O-N") == 1e-3
    assert conversion_factor("kg clinker", "t clinker") == 1e-3
    with pytest.raises(UnitError, match="do not measure the same thing"):
        conversion_factor("t clinker", "t cement")
    assert conversion_factor("t/yr", "t") == 1
    assert conversion_factor("mu", "ha") == float(f"{1 / 15:.15g}")


def test_a_unit_has_a_number_that_is_more_than_nothing():
    """A share is one; thousands that a space cuts would be 1 times 000."""
    assert parse_unit("dimensionless")[0] == 1
    with pytest.raises(UnitError, match="write its number as 1000 or 1e3"):
        parse_unit("1 000 ha")


def test_a_large_number_takes_the_second_meaning_away():
    """Yearbooks print 万 tons for metric ones; alone, or once, the word is refused as any with two meanings is."""
    assert read_unit("万 tons") == "1e4 t"
    assert is_unit("万 tons")
    for printed in ("tons", "1 ton", "万 cal"):
        with pytest.raises(UnitError, match="more than one meaning"):
            read_unit(printed)


def test_gross_energy_is_a_basis_of_energy_alone():
    """TJ (GCV) is gross; of a mass there is none, and a net basis is the unit itself."""
    assert read_unit("TJ (GCV)") == "TJ GCV"
    assert read_unit("TJ (NCV)") == "TJ"
    assert read_unit("kg gross") == "kg"
    assert measures_energy("kWh")
    assert not measures_energy("TJ GCV")


@pytest.mark.parametrize(
    ("unit", "size", "of"),
    [
        # GB/T 2589-2020, 8.2; IEA, Energy Statistics Manual (2005), annex 3; NIST SP 811 (2008), appendix B.8.
        ("tce", 29.3076, "GJ"),
        ("gce", 29.3076, "kJ"),
        ("toe", 41.868, "GJ"),
        ("cal", 4.1868, "J"),
        ("Btu", 1055.05585262, "J"),
        ("therm", 105.505585262, "MJ"),
        ("boe", 5.8e6, "Btu"),
        ("kWh", 3.6, "MJ"),
        ("short_ton", 0.90718474, "t"),
        ("long_ton", 1.0160469088, "t"),
        ("cubic_foot", 0.028316846592, "m3"),
        ("us_gallon", 3.785411784, "L"),
        ("imperial_gallon", 4.54609, "L"),
        ("barrel", 42, "us_gallon"),
        ("ha", 1e4, "m3/m"),
        ("weight_case", 0.05, "t"),
        ("percent", 0.01, "dimensionless"),
    ],
)
def test_units_as_their_standards_define_them(unit, size, of):
    """Each unit of another system in units of the metric one, as published."""
    assert conversion_factor(unit, of) == pytest.approx(size, rel=1e-6)


@given(
    st.sampled_from(["kg", "t", "1e4 t", "short_ton", "long_ton", "weight_case"]),
    st.integers(-6, 9),
)
def test_there_and_back_is_one(unit, power):
    """What turns one unit into another is the inverse of what turns it back; a power of ten scales it."""
    there, back = conversion_factor(unit, "kg"), conversion_factor("kg", unit)
    assert there * back == pytest.approx(1, rel=1e-14)
    assert conversion_factor(f"1e{power} kg", unit) == pytest.approx(back * 10.0**power, rel=1e-14)


@pytest.mark.parametrize(
    ("printed", "expression"),
    [
        ("Gigawatt hours (GWh)", "GWh"),
        ("thousand tonnes (kt)", "1e3 t"),
        ("kt (千吨)", "1e3 t"),
        ("吨（t）", "t"),
        ("千 ccf", "1e5 cubic_foot"),
        ("千 dth", "1e4 therm"),
    ],
)
def test_a_unit_in_words_and_in_letters(printed, expression):
    """A unit said twice is one where both say the same; a numeral multiplies what a word holds already."""
    assert read_unit(printed) == expression


@pytest.mark.parametrize("printed", ["Terajoules (GWh)", "GWh (TJ)", "tons (short)", "t (coal)"])
def test_two_units_that_differ_are_none(printed):
    """What stands in the brackets contradicts the words before them."""
    assert not is_unit(printed)


def test_an_amount_without_a_unit_has_none():
    """A plain number is dimensionless."""
    assert parse_unit("dimensionless") == (1, registry().Unit("dimensionless"))
    assert conversion_factor("percent", "dimensionless") == 0.01


@pytest.mark.parametrize(
    ("expression", "zh", "en"),
    [
        ("t", "吨", "t"),
        ("1e4 t", "万吨", "10⁴ t"),
        ("1e8 m3", "亿立方米", "10⁸ m3"),
        ("1e8 kWh", "亿千瓦时", "10⁸ kWh"),
        ("1e4 tce", "万吨标准煤", "10⁴ tce"),
        ("furlong", "furlong", "furlong"),
    ],
)
def test_units_are_printed_in_the_language(expression, zh, en):
    """Chinese units as Chinese tables print them, English ones with a raised power; both read back."""
    assert (spell_unit(expression, "zh"), spell_unit(expression, "en")) == (zh, en)
    for printed in (zh, en):
        assert not is_unit(printed) or read_unit(printed) == expression


def test_every_noun_is_a_dimension_of_its_own():
    """A tonne of one thing is no tonne of another, whatever the thing."""
    for noun in nouns():
        assert conversion_factor(f"kg {noun}", f"t {noun}") == 1e-3
        with pytest.raises(UnitError, match="do not measure the same thing"):
            conversion_factor(f"kg {noun}", "kg")


@given(
    st.sampled_from(
        ["万吨", "10^4 tn", "亿千瓦·时", "TJ (GCV)", "kWh, thousand", "m³", "萬噸標準煤"]
    ),
    st.data(),
)
def test_invisible_characters_and_spaces_say_nothing(printed, data):
    """A soft hyphen, a mark of direction or a space within a unit is not seen, so it is not read."""
    mark = data.draw(st.sampled_from(["\u00ad", "\u200b", "\u200f", "\ufeff", "\u2060", " "]))
    place = data.draw(st.integers(0, len(printed)))
    marked = printed[:place] + mark + printed[place:]
    assert fold_unit(marked) == fold_unit(printed)
