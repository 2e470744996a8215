"""Gazetteer: countries, their people, large cities, regions of the world.

Knowledge: country names, short forms and US states come from pycountry (ISO 3166). Demonyms, everyday
country names that ISO does not have, capitals and the largest cities, and seas and regions are
hand-written from general knowledge (any atlas). Nothing was taken from the annotated articles.
"""

from __future__ import annotations

from functools import cache
from typing import Any, cast

import pycountry

_EVERYDAY = """
Russia; USA; US; U.S; UK; U.K; UAE; DPRK; ROK; PRC; USSR; Soviet Union; United States; United States of
America; America; Britain; Great Britain; England; Scotland; Wales; Northern Ireland; North Korea; South
Korea; Korea; Republic of Korea; Democratic People's Republic of Korea; Iran; Syria; Vietnam; Venezuela;
Bolivia; Tanzania; Moldova; Taiwan; Laos; Brunei; Palestine; Turkey; Turkiye; Czech Republic; Burma;
Ivory Coast; Kosovo; Macedonia; Vatican; Holy See; Micronesia; Congo; Democratic Republic of the Congo;
Swaziland; East Timor; West Bank; Gaza; Crimea; Chechnya; Catalonia; Tibet; Hong Kong; Macau; Siberia;
Greenland; Yugoslavia; Czechoslovakia
"""
_CITIES = """
Abu Dhabi; Abuja; Accra; Addis Ababa; Algiers; Almaty; Amman; Amsterdam; Ankara; Antwerp; Ashgabat;
Astana; Athens; Atlanta; Baghdad; Baku; Bamako; Bangalore; Bangkok; Barcelona; Basra; Beijing; Beirut;
Belfast; Belgrade; Berlin; Bern; Birmingham; Bishkek; Bogota; Boston; Brasilia; Bratislava; Brussels;
Bucharest; Budapest; Buenos Aires; Busan; Cairo; Calcutta; Canberra; Cape Town; Caracas; Casablanca;
Chennai; Chicago; Chisinau; Cologne; Colombo; Copenhagen; Dakar; Dallas; Damascus; Dar es Salaam; Delhi;
Denver; Detroit; Dhaka; Doha; Donetsk; Dubai; Dublin; Dushanbe; Edinburgh; Frankfurt; Freetown; Geneva;
Glasgow; Guangzhou; Hague; Haifa; Hamburg; Hanoi; Harare; Havana; Helsinki; Hiroshima; Houston;
Islamabad; Istanbul; Jakarta; Jeddah; Jerusalem; Johannesburg; Kabul; Kampala; Karachi; Kathmandu;
Kazan; Khabarovsk; Kharkiv; Khartoum; Kherson; Kiev; Kigali; Kinshasa; Kolkata; Kuala Lumpur; Kyiv;
Kyoto; Lagos; Lahore; Lausanne; Lima; Lisbon; Liverpool; Ljubljana; London; Los Angeles; Luhansk;
Lusaka; Lviv; Lyon; Madrid; Managua; Manchester; Manila; Maputo; Marrakesh; Marseille; Mecca; Melbourne;
Mexico City; Miami; Milan; Minsk; Mogadishu; Montreal; Moscow; Mumbai; Munich; Nagasaki; Nairobi;
Naples; New Delhi; New Orleans; New York; New York City; Nicosia; Odesa; Odessa; Osaka; Oslo; Ottawa;
Paris; Perth; Philadelphia; Phnom Penh; Prague; Pretoria; Pristina; Pyongyang; Quito; Rabat; Ramallah;
Reykjavik; Riga; Rio de Janeiro; Riyadh; Rome; Rostov-on-Don; Rotterdam; Samara; San Francisco; Sanaa;
Santiago; Sao Paulo; Sarajevo; Seattle; Seoul; Sevastopol; Shanghai; Shenzhen; Skopje; Sochi; Sofia; St
Petersburg; St. Petersburg; Saint Petersburg; Stockholm; Strasbourg; Sydney; Taipei; Tallinn; Tashkent;
Tbilisi; Tehran; Tel Aviv; Tirana; Tokyo; Toronto; Tripoli; Tunis; Turin; Ulaanbaatar; Vancouver;
Venice; Vienna; Vilnius; Vladivostok; Volgograd; Warsaw; Washington; Washington DC; Wellington; Wuhan;
Yangon; Yekaterinburg; Yerevan; Yokohama; Zagreb; Zurich; Oxford; Cambridge; California; Texas; Florida
"""
_REGIONS = """
Africa; Antarctica; Arctic; Asia; Asia-Pacific; Atlantic; Balkans; Baltic; Baltics; Black Sea;
Caribbean; Caucasus; Central Asia; East Asia; Eastern Europe; Eurasia; Europe; Far East; Gulf;
Himalayas; Indo-Pacific; Korean Peninsula; Latin America; Mediterranean; Middle East; North Africa;
North America; Northeast Asia; Pacific; Sahel; Scandinavia; South America; South Asia; South China Sea;
Southeast Asia; Western Europe; West; Western Hemisphere; Global South; Mars; Danube; Rhine; Nile;
Volga; Urals; Alps; Donbas; Donbass
"""
_DEMONYMS = """
Afghan Afghans; African Africans; Albanian Albanians; Algerian Algerians; American Americans; Angolan;
Arab Arabs Arabic; Argentine Argentinian; Armenian Armenians; Asian Asians; Australian Australians;
Austrian Austrians; Azerbaijani Azerbaijanis; Bahraini; Bangladeshi; Belarusian Belarusians; Belgian
Belgians; Bolivian; Bosnian Bosnians; Brazilian Brazilians; British Briton Britons; Bulgarian
Bulgarians; Burmese; Cambodian; Cameroonian; Canadian Canadians; Chechen Chechens; Chilean; Chinese;
Colombian Colombians; Congolese; Croatian Croatians; Cuban Cubans; Cypriot Cypriots; Czech Czechs;
Danish Dane Danes; Dutch; Ecuadorian; Egyptian Egyptians; English; Eritrean; Estonian Estonians;
Ethiopian; Eurasian; European Europeans; Filipino Filipinos; Finnish Finn Finns; French; Georgian
Georgians; German Germans; Ghanaian; Greek Greeks; Guatemalan; Haitian Haitians; Honduran; Hungarian
Hungarians; Icelandic; Indian Indians; Indonesian Indonesians; Iranian Iranians; Iraqi Iraqis; Irish;
Israeli Israelis; Italian Italians; Jamaican; Japanese; Jewish Jew Jews; Jordanian Jordanians; Kazakh
Kazakhs; Kenyan Kenyans; Korean Koreans; Kosovar; Kurdish Kurd Kurds; Kuwaiti; Kyrgyz; Laotian; Latvian
Latvians; Lebanese; Liberian; Libyan Libyans; Lithuanian Lithuanians; Malaysian; Maltese; Mexican
Mexicans; Moldovan Moldovans; Mongolian Mongolians; Montenegrin; Moroccan; Muslim Muslims; Islamic;
Christian Christians; Catholic Catholics; Orthodox; Buddhist; Hindu Hindus; Sunni Shia Shiite; Nepalese;
Nicaraguan; Nigerian Nigerians; Norwegian Norwegians; Omani; Pakistani Pakistanis; Palestinian
Palestinians; Panamanian; Persian; Peruvian; Polish Pole Poles; Portuguese; Qatari; Romanian Romanians;
Russian Russians; Rwandan; Saudi Saudis; Scottish Scots; Senegalese; Serbian Serb Serbs; Singaporean;
Slovak; Slovenian; Somali Somalis; Soviet Soviets; Spanish Spaniard; Sudanese; Swedish Swede Swedes;
Swiss; Syrian Syrians; Taiwanese; Tajik; Tanzanian; Tatar Tatars; Thai; Tibetan; Tunisian; Turkish Turk
Turks; Turkmen; Ugandan; Ukrainian Ukrainians; Uruguayan; Uyghur Uyghurs; Uzbek; Venezuelan; Vietnamese;
Welsh; Western Westerners; Yemeni Yemenis; Zambian; Zimbabwean; Republican Republicans; Democrat
Democrats; Democratic; Communist Communists; Socialist Socialists; Nazi Nazis; Texan; Siberian; North
Korean; North Koreans; South Korean; South Koreans; Latin American; South American; North American;
South African; South Africans; Saudi Arabian; New Zealander; Sri Lankan; Northern Irish; East Asian;
Southeast Asian; Central Asian
"""
_PHRASES = ("north", "south", "latin", "saudi arab", "new", "sri", "east", "central")
"""How the demonyms of two words begin."""


def key(name: str) -> tuple[str, ...]:
    r"""A name as the lower-cased tokens that texts are cut into (``\w+`` or one other sign)."""
    spaced = "".join(c if c.isalnum() or c == "_" else f" {c} " for c in name.casefold().replace("’", "'"))
    return tuple(spaced.split())


def _entries(text: str) -> list[str]:
    return [part for part in (" ".join(p.split()) for p in text.split(";")) if part]


def _demonyms() -> list[str]:
    out = []
    for entry in _entries(_DEMONYMS):
        out.extend([entry] if entry.casefold().startswith(_PHRASES) else entry.split())
    return out


def _countries() -> list[str]:
    names = []
    for country in cast("Any", pycountry.countries):
        names.append(country.name)
        names += [
            getattr(country, part) for part in ("common_name", "official_name") if hasattr(country, part)
        ]
    states = cast("Any", pycountry.subdivisions).get(country_code="US")
    names += [state.name for state in states]
    # "Korea, Republic of" is a register's word order; the everyday list has the spoken one.
    return [name.split(",")[0] for name in names if name.split(",")[0].casefold() != "korea"]


@cache
def gazetteer() -> dict[tuple[str, ...], str]:
    """Place and people names by :func:`key`, with their entity type (GPE, LOC or NORP)."""
    out = {key(name): "GPE" for name in _countries() + _entries(_EVERYDAY) + _entries(_CITIES)}
    out |= {key(name): "LOC" for name in _entries(_REGIONS)}
    return out | {key(name): "NORP" for name in _demonyms()}


@cache
def longest_name() -> int:
    """Number of tokens of the longest gazetteer name."""
    return max(map(len, gazetteer()))
