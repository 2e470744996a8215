"""The labelling configuration: valid to Label Studio, complete, and safe with any name."""

from pathlib import Path
from xml.etree import ElementTree

import pytest
from label_studio_sdk.label_interface import LabelInterface

from vostochny.annotations import load_documents, load_gold, load_registry
from vostochny.annotations.studio_config import labelling_config
from vostochny.annotations.studio_encode import layer_to_results
from vostochny.schema.guideline_tables import label_guidance
from vostochny.schema.labels import ENTITY_TYPES, MARK_ROLES, NAME_TYPES
from vostochny.schema.model import Entity

REGISTRY = load_registry()
GOLD = load_gold()


def config(**options):
    return ElementTree.fromstring(labelling_config(REGISTRY, **options))


def panel(root, control):
    """The view whose attributes show with regions of a label control."""
    return next(view for view in root.iter("View") if view.get("whenTagName") == control)


def names(element):
    return {child.get("name") for child in element.iter() if child.get("name")}


def test_label_studio_finds_it_valid_with_and_without_adjudication():
    LabelInterface(labelling_config(REGISTRY)).validate()
    LabelInterface(
        labelling_config(
            REGISTRY, adjudication=True, reasons={"overlooked": "it was"}, rules={"1.1": "Spans"}
        )
    ).validate()


@pytest.mark.parametrize("id", GOLD)
def test_gold_passes_label_studios_own_check_of_predictions(id):
    interface = LabelInterface(labelling_config(REGISTRY))
    results = layer_to_results(GOLD[id], load_documents()[id], [entity.id for entity in REGISTRY])
    assert (
        interface.validate_prediction({"result": results, "model_version": "gold"}, return_errors=True) == []
    )


def test_every_label_is_there_once_with_a_hint_and_a_hotkey_of_its_own():
    labels = list(config().iter("Label"))
    expected = [*ENTITY_TYPES, "content", "source", "cue", "verbatim", *MARK_ROLES, "claim"]
    assert [label.get("value") for label in labels] == expected
    hotkeys = [label.get("hotkey") for label in labels]
    assert all(hotkeys) and len(set(hotkeys)) == len(hotkeys)
    assert all(label.get("hint") for label in labels)


def test_the_guide_tells_each_hotkey():
    guide = (Path(__file__).parent.parent / "docs" / "rounds.md").read_text(encoding="utf-8")
    for label in config().iter("Label"):
        assert f"`{label.get('hotkey')}` {label.get('value')}" in guide


def test_no_hotkey_is_left_that_label_studio_would_give_to_a_choice():
    """It gives these, in this order, to choices that have none; but not to a taxonomy's."""
    root = config(adjudication=True, reasons={"x": "x"}, rules={"1": "x"})
    own = {each.get("hotkey") for each in root.iter() if each.get("hotkey")}
    assert set("1234567890qwetasdfgzxcvbyiopjklnm") <= own
    assert "u" not in own


def test_hints_are_the_guidelines_words():
    hint = next(label for label in config().iter("Label") if label.get("value") == "FAC").get("hint")
    assert hint.startswith("building, site, facility, road with a name. For example: ")
    assert "a remote Siberian rocket launch facility" in hint


def test_attributes_show_with_their_own_regions_only():
    root = config()
    mention, quote, claim = (panel(root, control) for control in ("mention", "quote", "claim"))
    assert mention.get("whenLabelValue").split(",") == list(NAME_TYPES)
    assert quote.get("whenLabelValue") == "content" and claim.get("whenLabelValue") == "claim"
    assert {"entity", "metonym_for"} <= names(mention)
    assert {"speaker", "words", "medium", "polarity", "status"} <= names(quote)
    assert {"proposition", "claim_type", "claim_polarity", "certainty", "claimer"} <= names(claim)
    assert not names(mention) & names(quote) and not names(quote) & names(claim)
    for view in (mention, quote, claim):
        assert view.get("visibleWhen") == "region-selected"
        assert all(
            c.get("perRegion") == "true" for c in view.iter() if c.tag in ("Choices", "Taxonomy", "TextArea")
        )


def test_only_an_adjudicator_sees_verdicts_and_conflicts():
    plain, adjudication = (
        config(),
        config(adjudication=True, reasons={"span": "by rule"}, rules={"1.1": "How far"}),
    )
    extra = {"verdict", "reason", "rule", "note", "conflicts"}
    assert not extra & names(plain) and extra <= names(adjudication)
    reasons = next(c for c in adjudication.iter("Taxonomy") if c.get("name") == "reason")
    assert [choice.get("alias") for choice in reasons] == ["span"]


def test_registry_entities_are_shown_by_name_and_stored_by_id():
    speakers = next(c for c in config().iter("Taxonomy") if c.get("name") == "speaker")
    listed = {choice.get("alias"): choice.get("value") for choice in speakers}
    assert listed["kim-jong-un"] == "Kim Jong Un (PERSON)"
    assert set(listed) == {"unnamed", *(entity.id for entity in REGISTRY)}


def test_hostile_names_stay_text():
    name = '"/><script>alert(1)</script>&'
    root = ElementTree.fromstring(labelling_config([Entity("x", name, "PERSON")]))
    shown = [choice.get("value") for choice in root.iter("Choice")]
    assert f"{name} (PERSON)" in shown and not list(root.iter("script"))


def test_guidance_covers_all_entity_types_and_mark_roles():
    found = label_guidance()
    assert {("1.2", label) for label in ENTITY_TYPES} | {("2.8", role) for role in MARK_ROLES} <= set(found)
    assert found["2.8", "term"].means == "a word as a word, or a term introduced"
