"""Rows and columns of energy balances in the languages of Europe: each label, and each language.

``tests/data/official_words.csv`` has them: of Eurostat (``fr-eurostat``, ``de-eurostat``: the French and German
names of its codes nrg_bal and siec, in its tool for energy balances), of StatLine 83140NED (``nl``), and the usual
words of balances of other countries. A word that means another thing in a second language is not among them.
"""

from __future__ import annotations

import csv
from itertools import groupby
from pathlib import Path

import numpy as np
import pytest

import carbonacct as ca
from carbonacct import vocabulary
from carbonacct.balances.label.headers import read_header
from carbonacct.balances.path.label_facts import read_row_label
from carbonacct.balances.words.mapping import Mapping
from carbonacct.data import read_rows
from carbonacct.errors import TableError
from carbonacct.units import conversion_factor

WORDS = [*read_rows(Path(__file__).parents[1] / "data" / "official_words.csv")]
LANGUAGES = {language: [*rows] for language, rows in groupby(WORDS, lambda row: row["language"])}
# Fuels in a row of output say what each gave, and plants below a row of inputs are inputs.
_NO_ROWS = {"generation", "heat_generation"}


def test_each_label_names_one_thing():
    """As a row and as a header, and nothing of the other kind."""
    words, wrong = Mapping(), []
    for row in WORDS:
        other = {"flow": "product", "product": "flow"}[row["kind"]]
        label, header = read_row_label(row["label"], words), read_header(row["label"], words)
        joined = label.joined
        named = getattr(label, row["kind"]) or (getattr(joined, row["kind"]) if joined else "")
        if {named, getattr(header, row["kind"])} != {row["id"]} or vocabulary.resolve(
            other, row["label"]
        ):
            wrong.append((row["label"], row["id"], named))
    assert wrong == []


def _tables():
    """Yield the n-th labels of all flows and products of a language, the first where there are no more."""
    for language, rows in LANGUAGES.items():
        labels = {"flow": {}, "product": {}}
        for row in rows:
            labels[row["kind"]].setdefault(row["id"], []).append(row["label"])
        has_inputs = "transformation.input" in labels["flow"]
        left_out = _NO_ROWS | {flow for flow in labels["flow"] if has_inputs and _is_open(flow)}
        for n in range(max(map(len, (*labels["flow"].values(), *labels["product"].values())))):
            found = [
                [
                    (i, texts[n if n < len(texts) else 0])
                    for i, texts in labels[kind].items()
                    if i not in left_out
                ]
                for kind in ("flow", "product")
            ]
            yield pytest.param(*found, id=f"{language}-{n + 1}")


def _is_open(flow):
    return vocabulary.is_within(flow, "transformation") and not flow.endswith((".input", ".output"))


@pytest.mark.parametrize(("flows", "products"), [*_tables()])
def test_all_labels_of_a_language_are_read_in_one_table(tmp_path, flows, products):
    """Number by number; what leaves the area and what is used may have been printed positive."""
    path = tmp_path / "balance.csv"
    printed = (
        np.random.default_rng(7).integers(10_000, 99_999, (len(flows), len(products))).astype(float)
    )
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = [
            [label, *numbers] for (_, label), numbers in zip(flows, printed.tolist(), strict=True)
        ]
        csv.writer(file).writerows(
            [["SIEC 2019 (TJ)"], ["", *(label for _, label in products)], *rows]
        )
    balance = ca.read_balance(path, area="Fiji", year=2019)
    amounts = balance.amounts.sel(area="Fiji", year=2019, flow=[flow for flow, _ in flows])
    for j, (product, _) in enumerate(products):
        unit = balance.units[balance.products.index(product)]
        right = printed[:, j] * conversion_factor("TJ", unit)
        np.testing.assert_allclose(
            np.abs(amounts.sel(product=product).values), right, rtol=1e-6, err_msg=product
        )


@pytest.mark.parametrize(
    ("columns", "products"),
    [
        (
            ["Benzin", "Petroleum", "Diesel", "Gasöl für Heizzwecke"],
            ["gasoline", "kerosene", "diesel", "heating_oil"],
        ),
        (["Coal", "Petroleum", "Natural gas"], ["coal_total", "oil_total", "natural_gas"]),
        (
            ["Petroleum", "Light heating oil", "Natural gas"],
            ["oil_total", "heating_oil", "natural_gas"],
        ),
        (
            ["Gasolina", "Nafta", "Óleo diesel", "Querosene"],
            ["gasoline", "naphtha", "diesel", "kerosene"],
        ),
        (["Nafta", "Gasoil", "GNC"], ["gasoline", "diesel", "natural_gas"]),
        (["Bensin", "Solar", "Avtur"], ["gasoline", "diesel", "jet_kerosene"]),
        (["LPG", "Minyak tanah", "Solar"], ["lpg", "kerosene", "solar_energy"]),
        (["Gasóleo", "Electricidad", "Solar"], ["diesel", "electricity", "solar_energy"]),
        (["Kohle", "Erdöl", "Erdgas"], ["coal_total", "oil_total", "natural_gas"]),
        (["Erdöl", "Heizöl", "Erdgas"], ["crude_oil", "heating_oil", "natural_gas"]),
        (["Batubara", "Minyak bumi", "Gas bumi"], ["raw_coal", "oil_total", "natural_gas"]),
        (["Minyak bumi", "Avtur", "Gas bumi"], ["crude_oil", "jet_kerosene", "natural_gas"]),
    ],
)
def test_a_word_of_two_meanings_is_told_by_its_neighbours(tmp_path, columns, products):
    """Petroleum is kerosene in German, oil in English; Erdöl alone is all oil.

    Solar is diesel in Indonesian, energy of the sun in Malay and Spanish.
    """
    path = tmp_path / "balance.csv"
    path.write_text(
        f"Fiji 2019 (TJ)\n,{','.join(columns)}\nIndustry,1,2,3,4\nTransport,5,6,7,8\n",
        encoding="utf-8",
    )
    assert sorted(ca.read_balance(path).products) == sorted(products)


@pytest.mark.parametrize(
    ("label", "other"),
    [
        ("Mezzi di trasporto", "vehicles, not their makers"),
        ("Środki transportu", "vehicles, not their makers"),
        ("Dopravní prostředky", "vehicles, not their makers"),
        ("Ulaşım araçları", "vehicles, not their makers"),
        ("Automotriz", "in Mexico a branch of industry, in Peru and Bolivia gas of vehicles"),
        ("Edilizia", "construction, or buildings"),
        ("Angkutan darat", "transport on land, railways among it"),
        ("Gas kota", "today natural gas of the network, once gas of works"),
        ("Gaz miejski", "today natural gas of the network, once gas of works"),
        ("Gas ciudad", "today natural gas of the network, once gas of works"),
        ("Gaz ziemny zaazotowany", "natural gas of a third less energy by volume"),
        ("Biosolar", "diesel of which a third and more is biodiesel"),
        ("ก๊าซโซฮอล์", "gasoline of which 10 to 85 % is ethanol"),
        ("Nafta y alconafta", "gasoline of which a quarter is ethanol"),
        ("Gases industriales", "gases of works, or oxygen and nitrogen"),
        ("Carica petrolchimica", "what petrochemistry takes in, naphtha and other oil"),
        ("Olja", "oil as a whole, or heating oil"),
        ("Древесина", "timber, or firewood"),
        (
            "其他工业废料",
            "what is burnt, or solid waste of industry; 其他工业废料(用于燃料) says which",
        ),
    ],
)
def test_a_word_of_two_meanings_is_asked(label, other):
    """A question is better than one of two meanings."""
    assert [vocabulary.resolve(kind, label) for kind in ("flow", "product")] == [None, None], other


@pytest.mark.parametrize(("beside", "flow"), [("鉄道", "transport.road"), ("鉄鋼", None)])
def test_cars_are_transport_beside_railways(tmp_path, beside, flow):
    """自動車 beside 鉄鋼 may be the makers of cars."""
    path = tmp_path / "balance.csv"
    path.write_text(f"Fiji 2019 (TJ)\n,灯油,軽油\n自動車,1,2\n{beside},3,4\n", encoding="utf-8")
    if flow:
        assert flow in ca.read_balance(path).flows
        return
    with pytest.raises(TableError, match="row '自動車' is not known"):
        ca.read_balance(path)


@pytest.mark.parametrize(
    "columns", ["Benzin,Nafta,Zemní plyn", "Olej napędowy,Nafta,Paliwo odrzutowe"]
)
def test_nafta_is_asked_where_its_neighbours_do_not_tell(tmp_path, columns):
    """Diesel in Czech, kerosene in Polish, gasoline in Argentina: it was read as naphtha everywhere."""
    path = tmp_path / "balance.csv"
    path.write_text(
        f"Fiji 2019 (TJ)\n,{columns}\nIndustry,1,2,3\nTransport,5,6,7\n", encoding="utf-8"
    )
    with pytest.raises(
        TableError, match="column 'Nafta' is not known; 'Nafta': nafta is naphtha in Portuguese"
    ):
        ca.read_balance(path)


def test_output_of_plants_in_an_extract_of_the_iea(tmp_path):
    """Heat by kind of plant is a part of the row above it; a hyphen in its name hid that, and 61 faults came of it.

    Heat below Electricity output (GWh) is in the unit of the table, not in watt hours.
    """
    path = tmp_path / "extract.csv"
    rows = (
        ("Main activity producer heat plants", "Anthracite", -10),
        ("Electricity output (GWh)", "Anthracite", 3),
        ("   Electricity output (GWh)-autoproducer CHP plants", "Anthracite", 1),
        ("Heat output", "Anthracite", 7),
        ("   Heat output-main activity producer CHP plants", "Anthracite", 2),
    )
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(
            [["COUNTRY", "FLOW", "PRODUCT", "2000"], *(["Fiji", *row] for row in rows)]
        )
    mapping = tmp_path / "mapping.csv"
    mapping.write_text("kind,name,id,sign,note\nunit,*,TJ,,\n", encoding="utf-8")
    balance = ca.read_balance(path, mapping=mapping)
    found = {flow: float(balance.amounts.sel(flow=flow).item()) for flow in balance.flows}
    in_tj = conversion_factor("TJ", balance.units[0])
    assert found == pytest.approx(
        {"heating": -10 * in_tj, "generation": 3 * 3.6 * in_tj, "heat_generation": 7 * in_tj}
    )


@pytest.mark.parametrize(("coke", "sign"), [("Coke oven coke", 1), ("OVENCOKE", -1)])
def test_a_code_is_a_word_of_its_own(tmp_path, coke, sign):
    """In Eurostat's Coke oven coke the IEA's code OVENCOKE was found: the sign of the difference turned."""
    path = tmp_path / "balance.csv"
    rows = (
        f",{coke},Natural gas\nProduction,100,100\nIndustry,90,90\nStatistical differences,10,10\n"
    )
    path.write_text(f"Fiji 2019 (TJ)\n{rows}", encoding="utf-8")
    found = ca.read_balance(path).amounts.sel(flow="statistical_difference", product="natural_gas")
    assert float(found.item()) == sign * 10e3
