"""Which words of a sentence are finite verbs, without a tagger.

Knowledge: English grammar (auxiliaries, the irregular verbs of any school grammar, the spelling
rules of -s, -ed, -ing) and a hand-written list of common verbs of news prose. Nothing here was
taken from or adjusted to the annotated articles.
"""

from __future__ import annotations

from vostochny.baselines.sentence import Sentence

BE = frozenset("is are was were am be been being".split())
FINITE_AUXILIARIES = frozenset(
    "is are was were am has have had do does did will would can could may might must shall should "
    "cannot isn aren wasn weren hasn haven hadn don doesn didn won wouldn couldn mustn shouldn "
    "ain".split()
)
NEGATIONS = frozenset(
    "not no never nobody nothing neither nor none cannot without isn aren wasn weren hasn haven "
    "hadn don doesn didn won wouldn couldn mustn shouldn ain".split()
)
DETERMINERS = frozenset(
    "the a an this that these those his her its their our your my some any no each every another "
    "both all several many few other such".split()
)
PREPOSITIONS = frozenset(
    "of in on at by for from to with without into onto over under after before during since until "
    "about against between among through across toward towards near amid despite "
    "including within behind beyond upon via per like unlike above below along around outside "
    "inside as than".split()
)
PRONOUNS = frozenset("i you he she it we they who which that there what".split())
SUBORDINATORS = frozenset(
    "that because although though while whereas when where if unless since until after before as "
    "once whether who which whom whose so lest".split()
)
COORDINATORS = frozenset("and but or nor yet".split())
ADVERBS = frozenset(
    "also then now just only even still already again soon later often never always ever not too "
    "very once twice however meanwhile instead thus therefore further both all almost nearly".split()
)

_IRREGULAR = """
arise arose arisen; be was been; bear bore borne; beat beat beaten; become became become; begin began
begun; bend bent bent; bind bound bound; bite bit bitten; blow blew blown; break broke broken; bring
brought brought; broadcast broadcast broadcast; build built built; burn burnt burnt; buy bought bought;
catch caught caught; choose chose chosen; come came come; cost cost cost; cut cut cut; deal dealt dealt;
draw drew drawn; drink drank drunk; drive drove driven; eat ate eaten; fall fell fallen; feed fed fed;
feel felt felt; fight fought fought; find found found; flee fled fled; fly flew flown; forbid forbade
forbidden; forecast forecast forecast; forget forgot forgotten; forgive forgave forgiven; freeze froze
frozen; get got gotten; give gave given; go went gone; grow grew grown; hang hung hung; have had had;
hear heard heard; hide hid hidden; hit hit hit; hold held held; hurt hurt hurt; keep kept kept; know
knew known; lay laid laid; lead led led; learn learnt learnt; leave left left; lend lent lent; let let
let; lie lay lain; light lit lit; lose lost lost; make made made; mean meant meant; meet met met;
overcome overcame overcome; overthrow overthrew overthrown; pay paid paid; put put put; quit quit quit;
read read read; ride rode ridden; ring rang rung; rise rose risen; run ran run; say said said; see saw
seen; seek sought sought; sell sold sold; send sent sent; set set set; shake shook shaken; shine shone
shone; shoot shot shot; show showed shown; shut shut shut; sing sang sung; sink sank sunk; sit sat sat;
sleep slept slept; speak spoke spoken; spend spent spent; split split split; spread spread spread; stand
stood stood; steal stole stolen; stick stuck stuck; strike struck struck; swear swore sworn; swim swam
swum; take took taken; teach taught taught; tear tore torn; tell told told; think thought thought; throw
threw thrown; undergo underwent undergone; understand understood understood; undertake undertook
undertaken; uphold upheld upheld; wake woke woken; wear wore worn; win won won; withdraw withdrew
withdrawn; write wrote written; withhold withheld withheld; foresee foresaw foreseen
"""
_REGULAR = """
accept accompany accuse achieve acknowledge act add address admit adopt advance advise affect affirm
agree aim allege allow announce answer appeal appear applaud appoint approach approve argue arrange
arrest arrive ask assert assess assist assume assure attack attempt attend attract avoid await back ban
base belong believe blame block boast boost call cancel care carry cast cause caution cease celebrate
challenge change charge claim clarify close coincide collapse comment commit compare complain complete
comprise concede conclude condemn conduct confirm confront consider consist constitute consult contain
continue contradict contribute control convey convince cooperate cover create criticise criticize cross
damage dance dare date declare decline decrease defeat defend define delay deliver demand demonstrate
denounce deny depart depend deploy derive describe deserve destroy detail detain determine develop die
differ disclose discover discuss dismiss display dispute dominate double doubt drop earn ease elaborate
elect emerge emphasise emphasize employ enable encourage end endorse engage enhance enjoy ensure enter
escalate establish estimate evacuate examine exceed exchange exclude exist expand expect explain explode
explore export express extend face facilitate fail favour favor fear feature file finance finish fire
fit focus follow force form formulate found fuel fulfil gain gather generate grant greet guarantee guard
handle happen head help highlight hint hire hope host identify ignore impact implement imply import
impose improve include increase indicate inform injure insist inspect inspire intend intensify interview
introduce invade invest investigate invite involve issue join judge jump justify kill label lack land
last laud launch lift like limit link list live locate look love maintain manage mark marry matter
mention monitor mourn move name need negotiate note notice notify object observe obtain occupy occur
offer open operate oppose order organise organize oust outline owe own participate pass perform permit
persuade place plan play please pledge point pose possess post postpone praise predict prefer prepare
present press prevent proceed produce prohibit promise promote prompt propose protect protest prove
provide provoke publish pull purchase pursue push question quote raise range rank reach react realise
realize recall receive recognise recognize recommend record recover reduce refer reflect refuse regard
reiterate reject relate release rely remain remark remember remind remove renew repeat replace reply
report represent request require rescue resign resist resolve respond restore restrict result resume
retain retire return reveal review risk rule satisfy save schedule score search secure seem seize
separate serve settle share shift sign signal slam soar sound spark speculate stage start state stay
stem stop stress strengthen stretch struggle study submit succeed suffer suggest supply support suppose
surge surprise surround survive suspect suspend sustain talk target tend term test testify thank
threaten tour trace trade train transfer transport travel treat trigger trust try turn unveil urge use
value vary view violate visit voice vote vow wait walk want warn wash watch weaken weigh welcome wish
witness work worry worsen yield
"""
_DOUBLING = frozenset(
    "ban admit commit drop fit permit plan refer stop submit transfer cut get hit let put quit run "
    "set shut sit split swim begin forget forbid win".split()
)
NOUN_LIKE = frozenset(
    "talks visits plans claims reports calls comments meetings links ties supplies demands forces "
    "tests aims matters views votes works shows moves needs ends returns results risks rules "
    "sanctions exports imports attacks threats hopes fears doubts charges changes weapons "
    "launches trades tours travels uses values images addresses answers ranks records reviews "
    "searches shares signs starts states stems stops studies targets terms trains turns "
    "walks watches fires falls leaves runs".split()
)
"""Third persons that are at least as often plural nouns."""


def third_person(base: str) -> str:
    """The -s form of a verb by the spelling rules (``reply`` gives ``replies``)."""
    if base == "be":
        return "is"
    if base == "have":
        return "has"
    if base.endswith(("s", "x", "z", "ch", "sh", "o")):
        return base + "es"
    if base.endswith("y") and base[-2] not in "aeiou":
        return base[:-1] + "ies"
    return base + "s"


def past(base: str) -> str:
    """The regular -ed form (``stop`` gives ``stopped``)."""
    if base.endswith("e"):
        return base + "d"
    if base.endswith("y") and base[-2] not in "aeiou":
        return base[:-1] + "ied"
    return base + (base[-1] + "ed" if base in _DOUBLING else "ed")


def gerund(base: str) -> str:
    """The -ing form (``stop`` gives ``stopping``, ``lie`` gives ``lying``)."""
    if base.endswith("ie"):
        return base[:-2] + "ying"
    if base.endswith("e") and not base.endswith(("ee", "be")):
        return base[:-1] + "ing"
    return base + (base[-1] + "ing" if base in _DOUBLING else "ing")


_TRIPLES = [tuple(entry.split()) for entry in _IRREGULAR.replace("\n", " ").split(";") if entry.strip()]
IRREGULAR_PAST = {base: (simple, participle) for base, simple, participle in _TRIPLES}
BASES = frozenset(_REGULAR.split()) | frozenset(IRREGULAR_PAST)


def forms(base: str) -> tuple[str, str, str, str]:
    """Third person, past, past participle and -ing form of a verb."""
    simple, participle = IRREGULAR_PAST.get(base, (past(base), past(base)))
    return third_person(base), simple, participle, gerund(base)


THIRD = {third_person(b): b for b in BASES}
PAST = {forms(b)[1]: b for b in BASES} | {"were": "be"}
PARTICIPLES = {forms(b)[2]: b for b in BASES}
GERUNDS = {gerund(b): b for b in BASES}
_NOUN_PAST = frozenset("left lay felt found cost cut put set let hit spread read split saw light".split())
_NOT_VERB_ED = frozenset(
    "hundred indeed speed need united red bed shed deed seed feed breed unprecedented".split()
)
_NOT_GERUND = frozenset(
    "during king thing something nothing anything everything morning evening building beijing "
    "spring string ceiling sibling wing ring pudding wedding according".split()
)


def is_adverb(word: str) -> bool:
    """Whether a lower-cased word may stand between subject and verb."""
    return word in ADVERBS or (
        word.endswith("ly") and len(word) > 4 and word not in {"family", "italy", "reply", "supply"}
    )


def is_gerund(word: str) -> bool:
    """Whether a lower-cased word looks like an -ing form of a verb."""
    return word in GERUNDS or (word.endswith("ing") and len(word) > 5 and word not in _NOT_GERUND)


def is_past(word: str) -> bool:
    """Whether a lower-cased word looks like a simple past."""
    return word in PAST or (word.endswith("ed") and len(word) > 4 and word not in _NOT_VERB_ED)


def before(sentence: Sentence, index: int, low: int = 0) -> int:
    """Index of the nearest word before ``index`` that is no adverb, not under ``low``; -1 if none."""
    at = index - 1
    while at >= low and is_adverb(sentence.lower[at]):
        at -= 1
    return at if at >= low else -1


def _contracted(sentence: Sentence, index: int) -> bool:
    """It's, he's, they're, we've, I'm, he'd, we'll: the part after the apostrophe is an auxiliary."""
    if sentence.lower[index] not in {"s", "re", "ve", "m", "d", "ll"} or index < 2:
        return False
    return sentence.words[index - 1] in "'’" and sentence.lower[index - 2] in PRONOUNS | {
        "here",
        "how",
        "let",
    }


def is_auxiliary(sentence: Sentence, index: int) -> bool:
    """Whether the token is a finite auxiliary or copula."""
    word = sentence.lower[index]
    if word in {"may", "will", "can"} and sentence.words[index][0].isupper() and index > 0:
        return False
    return word in FINITE_AUXILIARIES or _contracted(sentence, index)


def _subject_like(sentence: Sentence, index: int) -> bool:
    """Whether the token can end a subject: a noun, name, pronoun, closing comma or mark."""
    word = sentence.lower[index]
    if word in PRONOUNS or word in {"those", "many", "some", "others", "all"}:
        return True
    if word in {",", ")", "”", '"', "’", "—", "–"}:
        return True
    return word[0].isalnum() and word not in DETERMINERS | PREPOSITIONS | COORDINATORS | BE


def _opens_object(sentence: Sentence, index: int) -> bool:
    """Whether the token can open an object or complement."""
    if index >= len(sentence):
        return False
    word = sentence.lower[index]
    return (
        word in DETERMINERS | PREPOSITIONS | PRONOUNS | {"him", "them", "us", "me"}
        or is_adverb(word)
        or sentence.words[index][0].isupper()
        or word[0].isdigit()
        or word in {"“", '"', ":", "‘"}
    )


def _after_auxiliary(sentence: Sentence, index: int) -> bool:
    """Whether an auxiliary stands just before, with at most adverbs, n't or other auxiliaries between."""
    at = index - 1
    while at >= 0:
        word = sentence.lower[at]
        if is_auxiliary(sentence, at) or word in {"be", "been", "being", "having", "to", "get", "got"}:
            return True
        if not (is_adverb(word) or word in {"t", "'", "’"}):
            return False
        at -= 1
    return False


def is_finite(sentence: Sentence, index: int) -> bool:
    """Whether the token is a finite verb: an auxiliary, a past or a present form with a subject.

    Heuristics: a past form counts unless an auxiliary precedes it (the auxiliary counts then), it
    follows a determiner or preposition ("the proposed plan"), or "by" follows it ("made by"); a third
    person that may also be a plural noun counts only before something that can be its object.
    """
    if is_auxiliary(sentence, index):
        return True
    word = sentence.lower[index]
    previous = before(sentence, index)
    if previous < 0 or _after_auxiliary(sentence, index):
        return False
    if sentence.lower[previous] == "-" or (index + 1 < len(sentence) and sentence.words[index + 1] == "-"):
        return False
    if not _subject_like(sentence, previous) and sentence.lower[previous] not in COORDINATORS:
        return False
    following = sentence.lower[index + 1] if index + 1 < len(sentence) else ""
    if is_past(word):
        if following == "by" or (word in _NOUN_PAST and not _opens_object(sentence, index + 1)):
            return False
        if sentence.lower[previous] in COORDINATORS | {","}:
            return word in PAST and (word not in PARTICIPLES or _opens_object(sentence, index + 1))
        # "ties strained by", "a leader feared abroad" stay wrong now and then: no tagger.
        return word not in PARTICIPLES or word in PAST
    if word in THIRD:
        if sentence.lower[previous] in COORDINATORS | {","} and word in NOUN_LIKE:
            return False
        return word not in NOUN_LIKE or (
            _opens_object(sentence, index + 1) and following not in {"of", "between"}
        )
    if word not in BASES or sentence.words[index] != word:
        return False
    if sentence.lower[previous] in {"i", "you", "we", "they", "who"}:
        return True
    # "Critics say the", "officials hope to": a plural noun before, a determiner, pronoun or particle after.
    subject = sentence.lower[previous]
    plural = (subject.endswith("s") and len(subject) > 3) or subject in {"people", "many", "some", "others"}
    return plural and following in DETERMINERS | PRONOUNS | {"to"} and following != "other"
