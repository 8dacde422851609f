"""Tables as publishers of the world print them, each a small twin with numbers of its own: what burns, in TJ by factor.

Factors are those of the IPCC 2006 Guidelines, Vol. 2, table 1.4, in kg CO2/TJ, on net calorific
values; gross ones are taken times 0.95 (coal, oil) and 0.9 (gas).
"""

from __future__ import annotations

import pytest

import carbonacct as ca
from carbonacct import vocabulary
from carbonacct.balances.words.mapping import layouts, read_mapping
from carbonacct.data import data_folder, read_rows
from carbonacct.errors import TableError, UnitError

GAS, COAL, LIGNITE, COKE, OIL = 56_100, 94_600, 101_000, 107_000, 73_300
DIESEL, GASOLINE, FUEL_OIL, LPG, KEROSENE, JET = 74_100, 69_300, 77_400, 63_100, 71_900, 71_500
KTOE = 41.868
BTU = 1.05505585262  # TJ of a billion Btu

EUROSTAT = [  # flow, product, TJ
    ("PPRD", "G3000", "9000"),
    ("IMP", "O4671XR5220B", "800 p"),
    ("EXP", "G3000", "5000"),
    ("STK_CHG", "G3000", ":"),
    ("INTAVI", "O4661XR5230B", "300"),
    ("INTMARB", "O4680", "70"),
    ("NRGSUP", "G3000", "4000"),
    ("TI_E", "G3000", "1000"),
    ("TI_EHG_E", "G3000", "1000"),
    ("TI_EHG_MAPE_E", "G3000", "600"),
    ("TI_EHG_APCHP_E", "G3000", "400"),
    ("TI_BF_E", "C0311", "50"),
    ("TI_RPI_E", "O4100_TOT", "700"),
    ("NRG_E", "G3000", "200"),
    ("NRG_OIL_NG_E", "G3000", "200"),
    ("AFC", "G3000", "2800"),
    ("FC_NE", "G3000", "100"),
    ("FC_E", "G3000", "2700"),
    ("FC_IND_E", "G3000", "1500"),
    ("FC_IND_CPC_E", "G3000", "1500"),
    ("FC_OTH_E", "G3000", "1200"),
    ("FC_OTH_HH_E", "G3000", "1200"),
    ("FC_TRA_E", "O4671XR5220B", "640"),
    ("FC_TRA_ROAD_E", "O4671XR5220B", "600"),
    ("FC_TRA_DNAVI_E", "O4671XR5220B", "40"),
    ("FC_E", "O4671XR5220B", "640"),
    ("STATDIFF", "G3000", "0"),
    ("GIC", "G3000", "4000"),
    ("FC_OTH_HH_E", "R5110-5150_W6000RI", "90"),
    ("FC_OTH_HH_E", "E7000", "500"),
]
EUROSTAT_BURNT = [(600 + 400 + 200 + 1500 + 1200, GAS), (640, DIESEL)]


def eurostat_tsv():
    """Return the table as the bulk files have it: keys that share a cell, a flag behind its number."""
    head = "freq,nrg_bal,siec,unit,geo\\TIME_PERIOD\t2019 \n"
    return head + "".join(
        f"A,{flow},{product},TJ,NO\t{value} \n" for flow, product, value in EUROSTAT
    )


def eurostat_sdmx():
    """Return the same table with a column for each key, and its flags in one of their own."""
    head = "DATAFLOW,LAST UPDATE,freq,siec,TIME_PERIOD,nrg_bal,unit,geo,OBS_FLAG,OBS_VALUE\n"
    rows = (
        (flow, product, *value.replace(":", "").split(), "")
        for flow, product, value in EUROSTAT
        if value != ":"
    )
    return head + "".join(
        f"ESTAT:NRG_BAL_C(1.0),24/04/25,A,{product},2019,{flow},TJ,NO,{flag},{value}\n"
        for flow, product, value, flag, *_ in rows
    )


EUROSTAT_WIDE = """"Energy balances [nrg_bal_c]",,,
"Time frequency: Annual",,,
"Geopolitical entity: Austria",,,
"Unit of measure: Terajoule",,,
"Time: 2021",,,
,Total,Natural gas,Gas oil and diesel oil (excluding biofuel portion)
Primary production,500,500,:
Gross available energy,900,700,200
Transformation input - electricity and heat generation - autoproducer electricity only - energy use,100,100,0
Energy sector - petroleum refineries (oil refineries) - energy use,30,30,0
Final consumption - industry sector - iron and steel - energy use,200,200,0
Final consumption - other sectors - agriculture and forestry - energy use,70,20,50
Final consumption - transport sector - pipeline transport - energy use,5,5,0
"""
UN = """\
Country (2019),Transactions(down)/Commodity(right),Primary Coal and Peat,Oil Products,Natural Gas,\
Biofuels and Waste,Electricity,Total Energy,memo: Of which Renewables
Samoa,Imports,---,*900,---,---,---,*900,---
Samoa,International aviation bunkers,---,-100,---,---,---,-100,---
Samoa,Total energy supply,---,800,---,60,---,860,60
Samoa,Statistical differences,---,10,---,---,---,10,---
Samoa,Transformation,---,-300,---,---,120,-180,---
Samoa,Electricity  CHP & Heat Plants,---,-300,---,---,120,-180,---
Samoa,Electricity Plants,---,-300,---,---,120,-180,---
Samoa,Energy industries own use,---,---,---,---,-5,-5,---
Samoa,Losses,---,---,---,---,-15,-15,---
Samoa,Final consumption,---,490,---,60,100,650,60
Samoa,Final Energy Consumption,---,440,---,60,100,600,60
Samoa,Manufacturing  const. and mining,---,40,---,20,30,90,20
Samoa,Industry n.e.s,---,40,---,20,30,90,20
Samoa,Transport,---,400,---,---,---,400,---
Samoa,Road,---,400,---,---,---,400,---
Samoa,Other Consumption,---,---,---,40,70,110,40
Samoa,Households,---,---,---,40,70,110,40
Samoa,Non-energy use,---,50,---,---,---,50,---
"""
IEA = """World Energy Balances,,,,
Unit: TJ,,,,
COUNTRY,FLOW,PRODUCT,2018,2019
Norway,Production,Natural gas,4000,4100
Norway,Main activity producer CHP plants,Natural gas,-100,-120
Norway,Main activity producer CHP plants,Electricity,50,55
Norway,Autoproducer heat plants,Gas/diesel oil excl. biofuels,-8,-9
Norway,Energy industry own use,Natural gas,-150,-160
Norway,Coal mines,Natural gas,-150,-160
Norway,Industry,Natural gas,300,310
Norway,Iron and steel,Coke oven coke,70,80
Norway,Road,Motor gasoline excl. biofuels,500,510
Norway,World aviation bunkers,Kerosene type jet fuel excl. biofuels,..,x
Norway,Non-energy use,Natural gas,20,30
Norway,Total final consumption,Natural gas,320,340
"""
IEA_CODES = """COUNTRY,TIME,FLOW,PRODUCT,UNIT,Value
NORWAY,2019,MAINCHP,NATGAS,TJ,-120
NORWAY,2019,TOTIND,OVENCOKE,TJ,80
NORWAY,2019,ROAD,NONBIOGASO,TJ,510
NORWAY,2019,TFC,NATGAS,TJ,30
NORWAY,2019,NONENUSE,NATGAS,TJ,30
NORWAY,2019,EPOWERPLT,NATGAS,TJ,-7
"""
HIGHLIGHTS = """Country,Product,Flow,NoCountry,NoProduct,NoFlow,2018,2019
Norway,"Coal, peat and oil shale",Industry (PJ),2,1,9,0.020,0.021
Norway,"Crude, NGL and feedstocks",Production (PJ),2,2,1,0.200,0.210
Norway,Oil products,Transport (PJ),2,3,10,0.150,0.151
Norway,Oil products,"Electricity, CHP and heat plants (PJ)",2,3,5,-0.001,-0.002
Norway,Oil products,"Oil refineries, transformation (PJ)",2,3,6,0.100,0.099
Norway,Natural gas,Total energy supply (PJ),2,4,4,0.190,..
Norway,Fossil fuels,Total energy supply (PJ),2,8,4,0.190,0.2
Norway,Total,Total final consumption (PJ),2,9,8,0.800,0.810
Norway,Electricity,Electricity output (GWh),2,9,14,0.0147,0.0135
"""
DUKES = """Table 1.1 Aggregate energy balance 2022 (gross calorific value basis),,,,,
United Kingdom; Thousand tonnes of oil equivalent,,,,,
,Coal [note 1],Primary oils,Petroleum products,Natural gas [note 3],Electricity
Indigenous production,400,41000,-,33000,5000
Marine bunkers,-,-,-1900,-,-
Transformation,-1055,-41000,40000,-18800,6000
Electricity generation,-1050,-,-400,-18800,6000
Major power producers,-1050,-,-300,-17000,5000
Autogenerators,-,-,-100,-1800,1000
Heat generation,-5,-,-,-,-
Petroleum refineries,-,-41000,40400,-,-
Energy industry use,-,-,3500,4400,-
Petroleum refineries,-,-,3500,-,-
Oil and gas extraction,-,-,-,4400,-
Final consumption,60,-,60000,10000,9000
Industry,60,-,4000,8000,4000
Transport [note 8],-,-,50000,-,-
Other,-,-,1000,1700,5000
Domestic,-,-,700,1500,3000
Miscellaneous,-,-,300,200,2000
Non energy use,-,-,5000,300,-
"""
AGEB = """Energiebilanz der Bundesrepublik Deutschland 2021;;;;
Terajoule;Steinkohle;Braunkohle;Erdgas;Strom
Gewinnung im Inland;0;1134000;166000;0
Einfuhr;900000;2000;5600000;190000
Energieaufkommen im Inland;900000;1136000;5766000;190000
Ausfuhr;20000;20000;2600000;250000
Kokereien;300000;0;0;0
Wärmekraftwerke der allgemeinen Versorgung (ohne KWK);400000;1000000;400000;0
Heizkraftwerke der allgemeinen Versorgung (nur KWK);0;0;500000;0
Umwandlungseinsatz insgesamt;700000;1000000;900000;0
Kokereien;0;0;0;0
Wärmekraftwerke der allgemeinen Versorgung (ohne KWK);0;0;0;700000
Umwandlungsausstoß insgesamt;0;0;0;700000
Raffinerien;0;0;30000;1000
E.-Verbrauch im Umwandlungsbereich insgesamt;0;0;30000;1000
Nichtenergetischer Verbrauch;0;0;80000;0
Endenergieverbrauch;150000;60000;2156000;600000
Bergbau, Gew. v. Steinen u. Erden, Verarb. Gewerbe;150000;60000;900000;300000
Haushalte;0;0;1256000;300000
"""
BEN = """Balanço Energético Brasil 2015;;;;;
mil tep;PETRÓ- LEO;GÁS NA- TURAL;ÓLEO DIESEL;GASO- LINA;TOTAL
PRODUÇÃO;120000;30000;0;0;150000
EXPORTAÇÃO;-30000;0;0;-500;-30500
NÃO APROVEITADA;0;-1500;0;0;-1500
REINJEÇÃO;0;-5000;0;0;-5000
OFERTA INTERNA BRUTA;90000;23500;0;-500;113000
TOTAL TRANSFORMAÇÃO;-90000;-8000;40000;20000;-38000
REFINARIAS DE PETRÓLEO;-90000;-1000;41000;20000;-30000
CENTRAIS. ELET. SERV. PÚBLICO;0;-7000;-1000;0;-8000
PERDAS DISTRIB. ARMAZENAGEM;0;-200;0;0;-200
CONSUMO FINAL;0;15300;40000;19500;74800
CONSUMO FINAL NÃO ENERGÉTICO;0;700;0;0;700
CONSUMO FINAL ENERGÉTICO;0;14600;40000;19500;74100
SETOR ENERGÉTICO;0;4600;1000;0;5600
TRANSPORTES - TOTAL;0;1600;36000;19500;57100
RODOVIÁRIO;0;1600;35000;19500;56100
FERROVIÁRIO;0;0;1000;0;1000
INDUSTRIAL - TOTAL;0;8400;3000;0;11400
CIMENTO;0;400;3000;0;3400
QUÍMICA;0;8000;0;0;8000
"""
OLADE = """Balance Energético Ecuador 2019 (10^3 bep)
Actividad,Petróleo,Gas natural,Gasolina/Alcohol,Diesel oil,GLP,Electricidad
Producción,193000,8000,10000,20000,1500,20000
Exportación,140000,0,0,0,0,1100
Centrales eléctricas,0,1000,0,2000,0,19000
Consumo final,0,10,28000,30500,10200,14000
Transporte,0,0,27500,27000,0,8
Industrial,0,10,500,3500,700,5500
Residencial,0,0,0,0,9500,5000
""".replace("eléctricas,0,1000,0,2000", "eléctricas,0,-1000,0,-2000")
METI = """総合エネルギー統計 エネルギーバランス表 2021年度 (TJ)
,石炭,石油製品,天然ガス,電力,合計
国内産出,14000,0,90000,0,104000
輸出,-100,-700000,0,0,-700100
事業用発電,-2500000,-250000,-2700000,3200000,-2250000
最終エネルギー消費,300000,5000000,30000,3300000,8630000
産業,300000,1500000,25000,1300000,3125000
業務他,0,1000,5000,1050000,1056000
家庭,0,550000,0,950000,1500000
運輸,0,2949000,0,0,2949000
"""
KEEI = """에너지밸런스 2020 (1000 toe)
구분,석탄,석유,LNG,원자력,전력,열에너지,합계
국내생산,451,0,155,34119,0,0,34725
발전,-40000,-500,-20000,-34119,48000,1500,-45119
최종소비,28000,106000,0,0,43000,2600,179600
산업부문,27700,67000,0,0,25700,0,120400
수송부문,0,34000,0,0,300,0,34300
가정·상업,300,5000,0,0,17000,2600,24900
"""
KAZAKHSTAN = """Топливно-энергетический баланс Республики Казахстан за 2021 год;;;;
тыс. тонн нефтяного эквивалента;;;;
;Уголь и угольные продукты;Сырая нефть;Нефтепродукты;Природный газ
Производство;45000;86000;0;20000
Экспорт;-15000;-68000;-3000;-8000
Электростанции;-15000;0;-100;-2000
Собственное использование;-500;0;-400;-1200
Промышленность;3500;0;1200;2500
Домашние хозяйства;2500;0;300;3800
Неэнергетическое использование;0;0;700;0
"""
MOSPI = """Energy Balance of India for 2021-22 (KToE)
Supply,Coal,Lignite,Crude Oil,Oil Products,Natural Gas,"Solar, Wind, Others",Electricity
Production,427000,13000,29000,0,30000,15000,0
Stock changes,9000,1000,0,0,0,0,0
Main activity producer electricity plants,-360000,-11000,0,-500,-9000,-15000,110000
Oil refineries,0,0,-247000,250000,0,0,0
Final consumption,120000,3000,0,118000,10500,0,100000
Industry,120000,3000,0,33000,9000,0,42000
Transport,0,0,0,57000,1500,0,2000
Residential,0,0,0,28000,0,0,56000
"""
SEDS = """Data_Status,MSN,StateCode,Year,Data
2021F,CLEIB,AZ,2009,412345
2021F,NGRCB,AZ,2009,35366
2021F,MMACB,AZ,2009,326032
2021F,MGACB,AZ,2009,346032
2021F,TETCB,AZ,2009,1400000
2021F,NGRCD,AZ,2009,14.2
"""
CONTRACT = """A-1.1: Final energy use by source sectors,,,,
Base year,2018,,,
Unit,MWh/year,,,
,Scope 1,Scope 2,Scope 3,Total
Buildings,"5,368,505","8,551,162",,"13,919,667"
Electricity,,"8,551,162",,
Natural Gas,"5,177,268",,,
Fuel-oil,"191,237",,,
IPPU¹,"4,574,934",0,,"4,574,934"
Coke,"4,574,934",,,
AFOLU²,n.a,n.a,n.a,n.a
TOTAL,"9,943,439","8,551,162",,"18,494,601"
"""
GPC = """\
Inventory Reference,GPC Reference Number,Subsector name,Notation Key,Total Emissions,Total Emission Units,\
Activity type,Activity Value,Activity Units,CO2 Emissions
58a9,I.1.1,Residential buildings,,600,t CO2e,Kerosene (paraffin),8352484,MJ,600
58a9,I.1.1,Residential buildings,,818452,t CO2e,Natural gas,14280609148,MJ,800
58a9,I.1.2,Residential buildings,,2955600,t CO2e,Electricity,,,20000000
58a9,II.1.1,On-road transportation,,24808,t CO2e,Diesel oil(Single unit truck),347138314,MJ,20
58a9,II.1.1,On-road transportation,,836,t CO2e,Gas oil(Single unit truck),11395082,MJ,20
58a9,III.1.1,Solid waste disposal,IE,,,,,,
"""
BEP = 0.13878 * KTOE
CASES = {
    "eurostat tsv": (eurostat_tsv(), "NO", 2019, EUROSTAT_BURNT),
    "eurostat sdmx": (eurostat_sdmx(), "NO", 2019, EUROSTAT_BURNT),
    "eurostat labels": (
        EUROSTAT_WIDE,
        "Austria",
        2021,
        [(100 + 30 + 200 + 20 + 5, GAS), (50, DIESEL)],
    ),
    "united nations": (UN, "Samoa", 2019, [(300 + 40 + 400, OIL)]),
    "iea": (
        IEA,
        "Norway",
        2018,
        [(100 + 150 + 300, GAS), (8, DIESEL), (70, COKE), (500, GASOLINE)],
    ),
    "iea codes": (IEA_CODES, "NORWAY", 2019, [(120 + 7, GAS), (80, COKE), (510, GASOLINE)]),
    "iea highlights": (HIGHLIGHTS, "Norway", 2019, [(21, COAL), (151 + 2, OIL)]),
    "dukes": (
        DUKES,
        "United Kingdom",
        2022,
        [
            ((1050 + 5 + 60) * KTOE * 0.95, COAL),
            ((300 + 100 + 3500 + 4000 + 50000 + 1000) * KTOE * 0.95, OIL),
            ((18800 + 4400 + 8000 + 1700) * KTOE * 0.9, GAS),
        ],
    ),
    "ageb": (
        AGEB,
        "Germany",
        2021,
        [
            (400000 + 150000, COAL),
            (1000000 + 60000, LIGNITE),
            (900000 + 30000 + 2156000, GAS),
        ],
    ),
    "ben": (
        BEN,
        "Brazil",
        2015,
        [
            ((7000 + 14600) * KTOE, GAS),
            ((1000 + 40000) * KTOE, DIESEL),
            (19500 * KTOE, GASOLINE),
        ],
    ),
    "olade": (
        OLADE,
        "Ecuador",
        2019,
        [
            ((1000 + 10) * BEP, GAS),
            (28000 * BEP, GASOLINE),
            ((2000 + 30500) * BEP, DIESEL),
            (10200 * BEP, LPG),
        ],
    ),
    "meti": (
        METI,
        "Japan",
        2021,
        [
            ((2500000 + 300000) * 0.95, COAL),
            ((250000 + 5000000) * 0.95, OIL),
            ((2700000 + 30000) * 0.9, GAS),
        ],
    ),
    "keei": (
        KEEI,
        "South Korea",
        2020,
        [(68000 * KTOE, COAL), (106500 * KTOE, OIL), (20000 * KTOE, GAS)],
    ),
    "kazakhstan": (
        KAZAKHSTAN,
        "Kazakhstan",
        2021,
        [
            (21500 * KTOE, COAL),
            (2000 * KTOE, OIL),
            (9500 * KTOE, GAS),
        ],
    ),
    "mospi": (
        MOSPI,
        "India",
        2021,
        [
            ((360000 + 120000) * KTOE, COAL),
            (14000 * KTOE, LIGNITE),
            ((500 + 118000) * KTOE, OIL),
            (19500 * KTOE, GAS),
        ],
    ),
    "seds": (
        SEDS,
        "US-AZ",
        2009,
        [
            (412345 * BTU * 0.95, COAL),
            (35366 * BTU * 0.9, GAS),
            (326032 * BTU * 0.95, GASOLINE),
        ],
    ),
    "climate contract": (
        CONTRACT,
        "Izmir",
        2018,
        [
            (5177268 * 0.0036, GAS),
            (191237 * 0.0036, FUEL_OIL),
            (4574934 * 0.0036, COKE),
        ],
    ),
    "gpc": (
        GPC,
        "Izmir",
        2022,
        [(8.352484, KEROSENE), (14280.609148, GAS), (347.138314 + 11.395082, DIESEL)],
    ),
}


def write(tmp_path, text, *, year=None):
    """Return the file of a table whose name says the year only where the table does not."""
    path = tmp_path / (f"table-{year}.csv" if year else "table.csv")
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("name", CASES)
def test_a_publishers_table_reads_by_its_layout(tmp_path, name):
    """Without a mapping file: the right area and year, what burns and nothing else, and no error."""
    text, area, year, burnt = CASES[name]
    is_city = name in {"climate contract", "gpc"}
    path = write(tmp_path, text, year=year if name == "gpc" else None)
    inventory = ca.compile_inventory(path, method="ipcc-2006", area=area if is_city else None)
    assert inventory.balance.areas == [area]
    assert year in inventory.balance.years
    total = inventory.total(scope=1).sel(area=area, year=year).item().to("t CO2").magnitude
    assert total == pytest.approx(sum(amount * factor for amount, factor in burnt) / 1e3, rel=1e-9)
    assert [str(finding) for finding in inventory.findings if finding.severity == "error"] == []


def test_codes_and_labels_of_eurostat_are_one_thing():
    """The label of a code, where it means one thing everywhere, is a word of the vocabulary for the same id."""
    rows = read_rows(data_folder() / "layouts" / "eurostat.csv")
    own = {"Total", "Final consumption", "International aviation", "Non-renewable waste"}
    odd = {
        (row["name"], row["note"]): row["id"]
        for row in rows
        if row["kind"] in {"flow", "product"}
        and row["note"] not in own
        and row["name"].isupper()
        and vocabulary.resolve(row["kind"], row["note"]) != row["id"]
    }
    assert odd == {}


def test_code_columns_beside_label_columns(tmp_path):
    """In any order; a code and a label that say the same are one label."""
    text = (
        "geo,Geopolitical entity,unit,Standard international energy product classification (SIEC),siec,"
        "OBS_VALUE,nrg_bal,Energy balance,TIME_PERIOD,freq,Time frequency\n"
        "NO,Norway,TJ,Natural gas,G3000,12.5,FC_IND_E,Final consumption - industry sector - energy use,2019,A,Annual\n"
        "NO,Norway,TJ,Natural gas,G3000,30,IMP,Imports,2019,A,Annual\n"
    )
    balance = ca.read_balance(write(tmp_path, text))
    amounts = balance.amounts.sel(year=2019, product="natural_gas").squeeze("area")
    assert amounts.sel(flow="industry").item() == 12_500
    assert amounts.sel(flow="imports").item() == 30_000


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (
            "product",
            {
                "GASO- LINA": "gasoline",
                "Oleo Diesel": "diesel",
                "ÓLEO COMBUSTÍVEL": "fuel_oil",
                "Coal [note 1]": "coal_total",
                "Natural gas [note 3, 4]": "natural_gas",
                "#2 fuel oil": "heating_oil",
                "Propane": "propane",
                "Heat/cold": "heat",
            },
        ),
        (
            "flow",
            {
                "Producao": "production",
                "Transportes - Total": "transport",
                "Straßenverkehr": "transport.road",
                "Transport [note 8]": "transport",
                "최종소비": "final_uses",
                "Промышленность": "industry",
            },
        ),
        ("area", {"Deutschland": "DE", "Österreich": "AT", "Казахстан": "KZ", "Brasil": "BR"}),
    ],
)
def test_words_of_the_world(kind, words):
    """Accents, words cut to fit their column and notes do not hide a word."""
    assert {word: vocabulary.resolve(kind, word) for word in words} == words


@pytest.mark.parametrize(
    ("text", "error", "message"),
    [
        # An id of the vocabulary that no publisher's word means stops with its name.
        (
            UN.replace("Biofuels and Waste", "Bio-everything"),
            TableError,
            "column 'Bio-everything' is not known",
        ),
        (IEA.replace("Coal mines", "Coal dreams"), TableError, "row 'Coal dreams"),
        (eurostat_tsv().replace("FC_TRA_ROAD_E", "FC_TRA_MOON_E"), TableError, "FC_TRA_MOON_E"),
        (SEDS.replace("MSN", "Series"), TableError, "no energy balance|not known"),
        # Barrels of oil equivalent are two units where nobody says whose they are.
        (
            OLADE.replace("Balance Energético Ecuador", "Ecuador"),
            UnitError,
            "no unit|more than one meaning",
        ),
        (
            "Kranj 2018\nItem,Diesel (MWh),Natural gas (MWh)\nTransport,200.496,55.477\nHouseholds,42.178,70.851\n",
            TableError,
            "'200.496' may be 200496 or 200.496",
        ),
    ],
)
def test_what_is_not_known_is_refused_by_name(tmp_path, text, error, message):
    """A layout does not make a reader guess."""
    with pytest.raises(error, match=message):
        ca.read_balance(write(tmp_path, text))


def test_series_that_are_no_use_of_fuels_are_listed(tmp_path):
    """Prices, sums and gasoline with ethanol beside gasoline without it: left out, and told of."""
    balance = ca.read_balance(write(tmp_path, SEDS))
    said = [finding.message for finding in balance.findings if "series" in finding.message]
    assert [message.split(" (")[0] for message in said] == ["3 rows of 3 series"]
    assert "MGACB" in said[0]


def test_the_same_flow_in_two_scopes_adds_up(tmp_path):
    """Gas that counts in two scopes is the sum of both, and a finding says so."""
    text = CONTRACT.replace(
        'Natural Gas,"5,177,268",,,', 'Natural Gas,"5,177,268","1,000",,'
    ).replace("8,551,162", "8,552,162", 1)
    balance = ca.read_balance(write(tmp_path, text), area="Izmir")
    gas = balance.quantity("natural_gas").sel(flow="buildings").item().to("MWh").magnitude
    assert gas == pytest.approx(5_178_268)
    assert any(finding.rule == "added-up" for finding in balance.findings)


@pytest.mark.parametrize("scope", ["Scope 3", "范围三"])
def test_scope_three_is_left_out(tmp_path, scope):
    """What stands in the column of scope 3 is emitted outside the city: it adds nothing to scope 1, and is said."""
    text = CONTRACT.replace('Natural Gas,"5,177,268",,,', 'Natural Gas,"5,177,268",,"1,000",')
    balance = ca.read_balance(write(tmp_path, text.replace("Scope 3", scope)), area="Izmir")
    gas = balance.quantity("natural_gas").sel(flow="buildings").item().to("MWh").magnitude
    assert gas == pytest.approx(5_177_268)
    added = [str(finding) for finding in balance.findings if finding.rule == "added-up"]
    assert not any(scope in one for one in added)
    assert any("D7 (1,000)" in finding.message for finding in balance.findings)


def test_layouts_name_what_they_are_found_by():
    """No match is so short that other tables hold it, and no layout takes the words of another away."""
    for layout in layouts():
        assert all(len(match) >= 4 for match in layout.match), layout.match
    files = sorted((data_folder() / "layouts").glob("*.csv"))
    assert len(files) == len(layouts())
    assert all(read_mapping(path).match for path in files)


def test_all_plants_as_one_row_is_an_error(tmp_path):
    """Unidentified inputs to transformation are named with their worth, and count once identified."""
    rows = [("PPRD", "G3000", 5000), ("TI_E", "C0129", 4000), ("FC_IND_E", "G3000", 3000)]
    head = "geo,TIME_PERIOD,nrg_bal,siec,unit,OBS_VALUE\n"
    text = head + "".join(f"NO,2019,{flow},{product},TJ,{value}\n" for flow, product, value in rows)
    [found] = [
        finding
        for finding in ca.compile_inventory(write(tmp_path, text), method="ipcc-2006").findings
        if finding.severity == "error"
    ]
    assert found.rule == "plants-as-one"
    assert found.where.endswith("!F3")  # the first input to transformation
    told = text + "NO,2019,TI_EHG_MAPE_E,C0129,TJ,4000\n"
    inventory = ca.compile_inventory(write(tmp_path, told), method="ipcc-2006")
    assert [finding.rule for finding in inventory.findings if finding.severity == "error"] == []
    expected = (4000 * COAL + 3000 * GAS) / 1e3
    assert inventory.total(scope=1).item().to("t CO2").magnitude == pytest.approx(expected)


def test_a_column_is_passed_over_with_its_unit_or_without(tmp_path):
    """A mapping names the column as a person reads it."""
    table = write(
        tmp_path,
        "Brazil 2018\nItem,Uranium X (TJ),Diesel oil (TJ),Fuel oil (TJ)\nIndustry,5,100,10\n",
    )
    for name in ("Uranium X", "Uranium X (TJ)"):
        words = tmp_path / "words.csv"
        words.write_text(f"kind,name,id\nignore_column,{name},\n", encoding="utf-8")
        assert ca.read_balance(table, mapping=words).products == ["diesel", "fuel_oil"]


@pytest.mark.parametrize("row", ["TIME,2019", "UNIT,TJ", "Base year,2019", "Unit of measure,GWh"])
def test_two_cells_that_say_one_thing_of_all_are_no_header(tmp_path, row):
    """TIME | 2019 above a table is its year, UNIT | TJ its unit."""
    others = {"TIME": "UNIT,TJ", "Base year": "UNIT,TJ"}.get(row.split(",")[0], "TIME,2019")
    text = f"COUNTRY,Norway\n{row}\n{others}\nFLOW \\ PRODUCT,Coal,Crude oil\nIndustry,10,20\nResidential,1,c\n"
    balance = ca.read_balance(write(tmp_path, text))
    assert (balance.areas, balance.years) == (["Norway"], [2019])
    assert balance.amounts.sel(flow="households", product="crude_oil").isnull().all()


def test_a_sheet_that_says_flow_product_and_unit_above_its_areas(tmp_path):
    """As the data browser of Eurostat exports a sheet for each flow and product: areas by years."""
    text = (
        "Time frequency,Annual,\n"
        "Energy balance,Final consumption - industry sector - energy use,\n"
        "Standard international energy product classification (SIEC),Natural gas,\n"
        "Unit of measure,Terajoule,\n"
        "TIME,2018,2019\n"
        "GEO (Labels),,\n"
        "Norway,100,110 p\n"
        "Ireland,200,:\n"
    )
    balance = ca.read_balance(write(tmp_path, text))
    assert (balance.flows, balance.products) == (["industry"], ["natural_gas"])
    found = balance.amounts.squeeze(["flow", "product"], drop=True)
    assert found.sel(area="Norway").values.tolist() == [100_000, 110_000]
    assert found.sel(area="Ireland", year=2018).item() == 200_000
