"""Words that tell what kind of name a capitalised stretch is.

Knowledge: hand-written lists of titles, and of the generic nouns that end English names of
organisations, facilities, places, events and laws, from general knowledge of news English. Nothing was
taken from the annotated articles.
"""

from __future__ import annotations

TITLE_HEADS = frozenset(
    "president minister premier chancellor secretary general governor mayor king queen prince "
    "princess emperor pope cardinal bishop archbishop patriarch imam rabbi ayatollah sheikh "
    "sultan emir senator congressman congresswoman representative ambassador envoy chairman "
    "chairwoman chairperson chair chief director commander commissioner marshal admiral colonel "
    "lieutenant captain major sergeant brigadier gen lt col maj capt sgt adm cmdr brig judge "
    "justice prosecutor attorney professor prof dr doctor mr mrs ms miss sir dame lord lady baron "
    "count duke sen rep gov leader spokesman spokeswoman spokesperson speaker adviser "
    "advisor aide deputy head ceo founder analyst expert researcher scholar journalist reporter "
    "correspondent academic economist lawyer coach "
    "astronaut pilot lawmaker legislator politician dictator tsar tycoon billionaire businessman".split()
)
TITLE_MODIFIERS = frozenset(
    "deputy vice first second prime foreign defence defense interior finance former ex chief "
    "acting assistant senior junior supreme executive under associate permanent press great dear "
    "then late outgoing incoming attorney secretary lieutenant major rear brigadier field home "
    "trade energy health education justice culture transport agriculture economy environment "
    "labour labor industry special national security state".split()
)
PORTFOLIO = frozenset(
    "of and for the foreign affairs defence defense interior finance trade energy health "
    "education justice culture transport agriculture economy environment labour labor industry "
    "state economic development science technology commerce treasury natural resources emergency "
    "situations sport sports tourism internal home war security information communications "
    "digital public works general staff".split()
)
ABBREVIATIONS = frozenset(
    "mr mrs ms miss dr prof gen lt col maj capt sgt adm cmdr brig sen rep gov st jr sr".split()
)
"""Words after which a full stop does not end a name."""

ORG_HEADS = frozenset(
    "ministry department agency bureau office administration authority commission committee "
    "council board parliament duma senate congress assembly government cabinet court tribunal "
    "police army navy force forces fleet corps guard command staff academy institute institution "
    "university college school center centre laboratory observatory hospital society association "
    "federation union alliance league confederation organization organisation foundation fund "
    "group party movement front brigade battalion company corporation corp inc ltd llc plc co "
    "holding holdings bank exchange airlines airways motors industries systems technologies "
    "enterprises partners news times post journal herald tribune guardian telegraph gazette daily "
    "press radio television tv network channel broadcasting media magazine club orchestra "
    "theatre theater ballet church house service services chiefs secretariat treasury "
    "watch international reserve nations regiment division".split()
)
FAC_HEADS = frozenset(
    "airport spaceport bridge square palace stadium station museum street avenue road "
    "highway boulevard base port harbour harbor tower building hall hotel cathedral mosque temple "
    "monastery castle fortress prison plant dam canal tunnel park zoo arena pier terminal "
    "mausoleum memorial monument cemetery pyramid gate wall airfield shipyard reactor pipeline "
    "library gallery embassy".split()
)
LOC_HEADS = frozenset(
    "sea ocean river lake mountain mountains mount peninsula island islands isles bay gulf strait "
    "desert valley coast continent basin plateau cape east west north south forest delta hills "
    "archipelago".split()
)
GPE_HEADS = frozenset(
    "oblast krai region province county prefecture district city state republic kingdom territory "
    "emirates federation municipality".split()
)
EVENT_HEADS = frozenset(
    "summit forum war olympics games cup championship championships festival conference "
    "revolution uprising massacre crisis day fair expo exhibition marathon open prix awards "
    "battle holocaust hurricane typhoon".split()
)
LAW_HEADS = frozenset(
    "act treaty constitution convention charter code accord accords agreement pact protocol bill "
    "amendment".split()
)
HEADS: tuple[tuple[str, frozenset[str]], ...] = (
    ("LAW", LAW_HEADS),
    ("EVENT", EVENT_HEADS),
    ("FAC", FAC_HEADS),
    ("ORG", ORG_HEADS),
    ("GPE", GPE_HEADS),
    ("LOC", LOC_HEADS),
)
"""Types by the generic noun that ends a name, in the order in which they are tried."""

LOWER_PLACES = frozenset(
    "region province oblast krai peninsula county district prefecture sea river island islands".split()
)
"""Lower-case nouns that belong to a place name which is no name without them."""

ORGS = frozenset(
    "kremlin pentagon nato eu un imf who fbi cia nsa kgb fsb bbc cnn nbc cbs abc npr afp ap upi "
    "dpa efe tass ria kcna kyodo yonhap xinhua reuters bloomberg interfax ansa pti anadolu nasa "
    "esa roscosmos spacex opec iaea unesco unicef fifa uefa ioc wto oecd asean brics g7 g8 g20 "
    "hamas hezbollah taliban isis fatah gazprom rosneft google apple microsoft facebook meta "
    "twitter amazon tesla toyota samsung huawei sony interpol europol duma knesset bundestag "
    "politburo congress senate".split()
)
"""Well-known organisations and media whose names have no generic noun."""

NO_NAMES = frozenset(
    "tv ai ceo cfo mp pm vip gmt utc est edt msk ist i ok id dna dj pr hq am ps gps usb pdf ii iii iv".split()
)
"""Capitals that name nothing by themselves."""

PARTICLES = frozenset("al bin bint ibn de der den van von da di du la el e".split())
LANGUAGES = frozenset(
    "russian english korean chinese mandarin french german spanish arabic japanese ukrainian "
    "italian portuguese hindi turkish persian farsi hebrew polish".split()
)
FIRST_NAME_PLACES = frozenset(
    "jordan georgia chad israel paris sydney victoria florence florida austin kenya".split()
)
"""Places that are given names as well."""

CALENDAR = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday january february march april may "
    "june july august september october november december".split()
)
