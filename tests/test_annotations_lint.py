"""The linter: each check finds its inconsistency in a small reading, and nothing in the gold."""

import json

import pytest
from click.testing import CliRunner

from vostochny.annotations import lint, load_documents, read_notation
from vostochny.annotations.lint import read_waivers
from vostochny.cli.main import cli
from vostochny.schema.errors import InputError
from vostochny.schema.model import Entity

DOCUMENTS = load_documents()
ENTITIES = (Entity("moscow", "Moscow", "GPE"),)


def hits(decisions, check, document="agencies"):
    layer = read_notation(decisions, DOCUMENTS[document], "a")
    found = lint({document: DOCUMENTS[document]}, {document: layer}, ENTITIES)
    return [hit for hit in found if hit.check == check]


def test_a_name_marked_here_and_not_there():
    # "Moscow" stands in s8, s10 and s18 of the agencies' article, and as MOSCOW (another string) in s3.
    found = hits("s8\ne Moscow | GPE | moscow", "unmarked-name")
    assert [DOCUMENTS["agencies"].text[int(h.key.split("-")[0]) :][:6] for h in found] == ["Moscow"] * 2


def test_one_string_with_two_types_or_entities():
    decisions = "s8\ne Moscow | GPE | moscow\ns10\ne Moscow | LOC | russia"
    assert [h.key for h in hits(decisions, "two-types")] == ["Moscow"]
    assert [h.key for h in hits(decisions, "two-entities")] == ["Moscow"]
    (hit,) = hits("s8\ne Moscow | LOC | moscow", "entity-type")
    assert hit.message == "'Moscow' is LOC, its entity moscow GPE"


def test_numbers_and_capitals_outside_mentions():
    found = hits("s7\ne Russia | GPE | russia", "unmarked-value", "lenta")
    places = [tuple(map(int, h.key.split("-"))) for h in found]
    words = [DOCUMENTS["lenta"].text[start:end] for start, end in places]
    assert words == ["75th", "9", "1948", "75th", "1950", "1953", "1", "2", "2017", "S600"]
    capitals = hits("s8\ne Moscow | GPE | moscow", "capital-outside")
    assert any("Pyongyang" in h.message for h in capitals)


def test_a_reporting_verb_without_a_quote():
    before = hits("s8\ne Moscow | GPE | moscow", "verb-without-quote")
    quote = "q q1\n  content: s15 They also exchanged gifts\n  cue: s15 said"
    assert len(hits(quote, "verb-without-quote")) == len(before) - 1


def test_marked_words_that_are_not_verbatim():
    decisions = "q q1\n  content: s16 “that had been in space several times”\n"
    assert [h.key for h in hits(decisions, "marks-not-verbatim")] == ["q1"]
    assert hits(decisions + "  verbatim: all\n", "marks-not-verbatim") == []
    assert hits(decisions + "  verbatim: unknown\n", "marks-not-verbatim") == []


def test_quotes_and_claims_that_do_not_fit():
    decisions = """
q q1
  content: s15 They also exchanged gifts
  cue: s15 said
  speaker: dmitry-peskov
"""
    assert [h.key for h in hits(decisions, "quote-without-claim")] == ["q1"]
    claim = "c c1\n  span: s15 They also exchanged gifts\n  type: fact\n  says: X."
    assert hits(decisions + claim, "quote-without-claim") == []
    assert [h.key for h in hits(decisions + claim, "claim-astride-quote")] == ["c1"]
    other = claim + "\n  quote: q1\n  claimer: kremlin"
    assert [h.key for h in hits(decisions + other, "claimer-not-speaker")] == ["c1"]
    away = claim.replace("They also exchanged gifts", "Kremlin spokesman Dmitry Peskov") + "\n  quote: q1"
    assert [h.key for h in hits(decisions + away, "claim-astride-quote")] == ["c1"]


def test_sentences_without_claims_are_named_but_not_boilerplate():
    claim = "c c1\n  span: s15 They also exchanged gifts\n  type: fact\n  says: X."
    keys = {h.key for h in hits(claim, "sentence-without-claim")}
    assert "s15" not in keys
    assert "s16" in keys
    assert "s34" not in keys  # "Comments"


def test_waivers_name_a_hit_and_a_reason(tmp_path):
    path = tmp_path / "waivers.jsonl"
    path.write_text(json.dumps({"check": "two-types", "document": "d", "key": "k", "reason": "r"}) + "\n")
    assert read_waivers(path) == {("two-types", "d", "k"): "r"}
    path.write_text('{"check": "c"}\n')
    with pytest.raises(InputError) as caught:
        read_waivers(path)
    assert caught.value.problems[0].line == 1


def test_every_hit_in_the_gold_is_waived_with_a_reason():
    result = CliRunner().invoke(cli, ["lint"])
    assert result.exit_code == 0, result.output


def test_places_that_stand_for_somebody_here_and_not_there():
    # In s8 Moscow acts, in s18 ("returned to Moscow") it is the city; only s10 is not as its words suggest.
    decisions = (
        "s8\ne Moscow | GPE | moscow > russia\ns10\ne Moscow | GPE | moscow\ns18\ne Moscow | GPE | moscow"
    )
    (hit,) = hits(decisions, "metonym-varies")
    assert "is the place in" in hit.message
    assert "Moscow] can rely on" in hit.message
