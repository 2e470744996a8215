"""Links in the notation, as pairs, and closed under what follows from them."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise, permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vostochny.annotations.corpus import load_gold
from vostochny.annotations.link_notation import read_link_notation, write_link_notation
from vostochny.annotations.link_pairs import CLAIMS, QUOTES, Pair, link_pairs, pair_readings
from vostochny.schema.closure import closed_relations
from vostochny.schema.errors import InputError
from vostochny.schema.model import ClaimGroup, ClaimRelation, Links, Ref

GOLD = load_gold()

SAMPLE = """\
# Kim in the guest book
utterance kim-jong-un: sputnik.q2 japantimes.q13
  wording: sputnik.q2 "gave birth to" | japantimes.q13 "produced" // one verb
  wording: sputnik.q2 "space explorers" | japantimes.q13 "conquerors of space"
utterance -: ist.q4 sputnik.q5

same: sputnik.c8 japantimes.c24
same: japantimes.c24 sputnik.c8
supports: ist.c32 > ist.c7
contradicts: lenta.c3 x agencies.c9 // about six hours, nearly four hours
contradicts: agencies.c9 x lenta.c3 // the same again
"""


def read(text: str) -> Links:
    return read_link_notation(text, GOLD.documents, GOLD, annotator="ana", file="ana.txt")


def problems(text: str) -> list[tuple[int | None, str]]:
    with pytest.raises(InputError) as caught:
        read(text)
    return [(problem.line, problem.message) for problem in caught.value.problems]


def test_the_notation_gives_links_with_offsets_and_ids_in_the_order_of_the_documents() -> None:
    links = read(SAMPLE)
    # GOLD's documents are in the order of their ids: ist comes before japantimes.
    assert [str(utterance.members[0]) for utterance in links.utterances or ()] == ["ist.q4", "sputnik.q2"]
    assert [utterance.speaker for utterance in links.utterances or ()] == [None, "kim-jong-un"]
    first = (links.utterances or ())[1].differences[0]
    assert (first.type, first.note) == ("wording", "one verb")
    for span, words in zip(first.spans, ("gave birth to", "produced"), strict=True):
        assert GOLD.documents[span.document].text[span.start : span.end] == span.text == words
    groups = {group.id: [str(member) for member in group.members] for group in links.claim_groups or ()}
    assert groups == {
        "g1": ["agencies.c9"],
        "g2": ["ist.c7"],
        "g3": ["ist.c32"],
        "g4": ["japantimes.c24", "sputnik.c8"],
        "g5": ["lenta.c3"],
    }
    # Contradictions have no direction: the second line is the first one again.
    assert [(r.source, r.target, r.type) for r in links.claim_relations or ()] == [
        ("g3", "g2", "supports"),
        ("g1", "g5", "contradicts"),
    ]


def test_what_is_written_reads_back() -> None:
    links = read(SAMPLE)
    assert read(write_link_notation(links, GOLD.documents, GOLD)) == links


def test_a_reason_of_several_lines_is_written_on_one() -> None:
    links = read("supports: ist.c1 > ist.c2 // because")
    [relation] = links.claim_relations or ()
    told = replace(links, claim_relations=(replace(relation, reason=" one\n two "),))
    [again] = read(write_link_notation(told, GOLD.documents, GOLD)).claim_relations or ()
    assert again.reason == "one two"


def test_the_shipped_links_read_back_from_their_notation() -> None:
    again = read(write_link_notation(GOLD.links, GOLD.documents, GOLD))
    shipped = {u.members[0]: replace(u, id="") for u in GOLD.links.utterances or ()}
    assert {u.members[0]: replace(u, id="") for u in again.utterances or ()} == shipped
    assert link_pairs(again) == link_pairs(GOLD.links)


def test_following_relations_are_not_written_as_decisions() -> None:
    given_links = read("supports: ist.c32 > ist.c7\nsupports: ist.c7 > sputnik.c16\n")
    closed = Links("ana", (), (), given_links.claim_groups, closed_relations(given_links))
    assert len(closed.claim_relations or ()) == 3
    assert read(write_link_notation(closed, GOLD.documents, GOLD)) == given_links


def test_words_that_stand_twice_need_their_number() -> None:
    line = 'utterance -: sputnik.q5 ist.q4\n  wording: sputnik.q5 "{}" | ist.q4 "glad"\n'
    [(number, message)] = problems(line.format("75 years since"))
    assert number == 2
    assert "stands 2 times in q5; add #1, #2" in message
    spans = []
    for n in (1, 2):
        text = line.format("75 years since").replace('since"', f'since"#{n}')
        spans.append((read(text).utterances or ())[0].differences[0].spans[0])
    assert spans[0].start < spans[1].start
    assert {span.text for span in spans} == {"75 years since"}


def test_line_breaks_of_the_text_are_written_as_spaces_or_signs() -> None:
    for between in (" ", "⏎"):
        text = (
            "utterance -: sputnik.q13 ist.q2\n"
            f'  wording: sputnik.q13 ""{between}fight against" | ist.q2 "“anti-imperialist” front"\n'
        )
        span = (read(text).utterances or ())[0].differences[0].spans[0]
        assert span.text == '"\nfight against'


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("sme: ist.c1 ist.c2", "expected 'utterance SPEAKER: …'"),
        ("same: ist.c1", "'same' takes two or more claims"),
        ("same: ist.c1 ist.c999", "ist has no claim 'c999'"),
        ("same: moon.c1 ist.c1", "expected DOCUMENT.ID"),
        ("supports: ist.c1 ist.c2", "expected 'CLAIM > CLAIM'"),
        ("contradicts: ist.c1 x ist.c2", "has its reason"),
        ("supports: ist.c1 > ist.c2 // follows: by hand", "is for what is worked out"),
        ("utterance -: ist.q1", "takes two or more different quotes"),
        ('  wording: ist.q1 "offers" | ist.q2 "stand"', "there is none before this line"),
    ],
)
def test_a_line_that_cannot_be_read_is_named(line: str, message: str) -> None:
    [(number, found)] = problems(f"# a remark\n{line}\n")
    assert number == 2
    assert message in found


def test_all_faults_are_told_at_once() -> None:
    assert [number for number, _ in problems("same: ist.c1\nsame: ist.c2\n")] == [1, 2]


def test_a_difference_is_between_members() -> None:
    text = 'utterance -: ist.q1 ist.q2\n  wording: ist.q1 "offers" | ist.q3 "the first"\n'
    assert problems(text) == [(2, "ist.q3 is no member of the utterance above")]


def relations(*lines: str) -> tuple[ClaimRelation, ...]:
    kinds = {">": "supports", "x": "contradicts"}
    return tuple(ClaimRelation(a, b, kinds[sign]) for a, sign, b in (line.split() for line in lines))


def groups(*names: str) -> tuple[ClaimGroup, ...]:
    return tuple(ClaimGroup(name, (Ref("ist", f"c{n}"),)) for n, name in enumerate(names, 1))


def closed(*lines: str) -> set[tuple[str, str, str]]:
    links = Links("ana", (), (), groups(*"abcdef"), relations(*lines))
    return {(r.source, r.type, r.target) for r in closed_relations(links)}


def test_supports_is_transitive_and_contradiction_is_inherited() -> None:
    # a > b > c and d x c: a > c follows; b x d, a x d follow, and e > d brings e x c, e x b, e x a.
    assert closed("a > b", "b > c", "d x c", "e > d") == {
        ("a", "supports", "b"),
        ("b", "supports", "c"),
        ("a", "supports", "c"),
        ("e", "supports", "d"),
        ("d", "contradicts", "c"),
        ("b", "contradicts", "d"),
        ("a", "contradicts", "d"),
        ("c", "contradicts", "e"),
        ("b", "contradicts", "e"),
        ("a", "contradicts", "e"),
    }


def test_what_follows_says_from_what() -> None:
    links = Links("ana", (), (), groups(*"abc"), relations("a > b", "b x c"))
    [*_, last] = closed_relations(links)
    assert last == ClaimRelation("a", "c", "contradicts", "follows: a supports b and b contradicts c")


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (("a > b", "b > c", "c > a"), "a and b support each other"),
        (("a > b", "a x b"), "a supports b, but a contradicts b"),
        (("a > b", "a > c", "b x c"), "a cannot be true"),
    ],
)
def test_relations_that_exclude_each_other_are_refused(lines: tuple[str, ...], message: str) -> None:
    with pytest.raises(InputError) as caught:
        closed(*lines)
    assert any(message in problem.message for problem in caught.value.problems)


@given(st.sets(st.tuples(*[st.sampled_from("abcdef")] * 2).filter(lambda pair: pair[0] < pair[1])))
def test_closing_twice_changes_nothing(pairs: set[tuple[str, str]]) -> None:
    # Arcs from a smaller to a greater letter have no cycle, so nothing can exclude anything.
    lines = [f"{a} > {b}" for a, b in sorted(pairs)]
    once = closed(*lines)
    assert closed(*[f"{a} > {b}" for a, _, b in sorted(once)]) == once
    expected = {
        (a, "supports", c)
        for length in range(2, 7)
        for path in permutations("abcdef", length)
        if all(step in pairs for step in pairwise(path))
        for a, c in [(path[0], path[-1])]
    }
    assert once == expected


def test_pairs_tell_the_direction_by_the_order_of_their_names() -> None:
    pairs = link_pairs(read(SAMPLE))
    ref = {name: Ref(*name.split(".")) for name in ("ist.c7", "ist.c32", "ist.q4", "sputnik.q5")}
    # "c32" comes before "c7" as a name.
    assert pairs[Pair(CLAIMS, ref["ist.c32"], ref["ist.c7"])] == "supports"
    assert pairs[Pair(QUOTES, ref["ist.q4"], ref["sputnik.q5"])] == "same"
    assert pairs[Pair(CLAIMS, Ref("agencies", "c9"), Ref("lenta", "c3"))] == "contradicts"
    assert len(pairs) == 5


def test_readings_hold_what_each_annotator_says_of_every_pair() -> None:
    ana, ben = read("same: ist.c3 sputnik.c18\n"), read("supports: sputnik.c18 > ist.c3\n")
    pair = Pair(CLAIMS, Ref("ist", "c3"), Ref("sputnik", "c18"))
    assert pair_readings({"ana": ana, "ben": ben}) == {pair: {"ana": "same", "ben": "supported"}}
    assert pair_readings({"ana": ana, "ben": Links("ben")}) == {pair: {"ana": "same", "ben": None}}
