"""The labelling configuration of Label Studio, made from the taxonomy, the guidelines and the registry."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from xml.etree import ElementTree

from vostochny.annotations import studio_labels as names
from vostochny.annotations.studio_regions import CHOICES, LABELS
from vostochny.schema.guideline_tables import label_guidance
from vostochny.schema.labels import NAME_TYPES
from vostochny.schema.model import AUTHOR, UNNAMED, Entity

_HOTKEYS = {
    **dict(zip(NAME_TYPES, "pnfoglueway", strict=True)),
    **dict(
        zip(("DATE", "TIME", "PERCENT", "MONEY", "QUANTITY", "ORDINAL", "CARDINAL"), "1234567", strict=True)
    ),
    **{"content": "q", "source": "s", "cue": "c", "verbatim": "v", "claim": "k"},
    **{"scare": "8", "title": "9", "term": "0", "stray": "-"},
}
_COLOURS = {
    names.MENTION: "#1f77b4",
    names.MARK: "#7f7f7f",
    names.CLAIM: "#d62728",
    "PERSON": "#1f77b4",
    "NORP": "#17becf",
    "ORG": "#9467bd",
    "GPE": "#2a6f97",
    "content": "#2ca02c",
    "source": "#ff7f0e",
    "cue": "#bcbd22",
    "verbatim": "#98df8a",
}
_VALUE_COLOUR = "#8c564b"
_TITLES = {
    names.MENTION: "Entity",
    names.QUOTE: "Quote",
    names.MARK: "Mark",
    names.CLAIM: "Claim",
    "entity": "What it names",
    "metonym_for": "Whom it stands for (a place for its country)",
    "speaker": "Who speaks",
    "claimer": "Who claims it, if not the quote's speaker or the author",
    "words": "Verbatim words",
    "medium": "Medium",
    "polarity": "Polarity of the report",
    "status": "Status",
    "claim_type": "Type",
    "claim_polarity": "Polarity",
    "certainty": "Certainty",
}
_SECTIONS = {names.MENTION: "1.2", names.MARK: "2.8", "claim": "3.4"}
_STYLE = (
    ".vostochny-labels {position: sticky; top: 0; z-index: 5;"
    " background: var(--color-neutral-background, #fff)}"
    ".vostochny-text {line-height: 1.9; font-size: 16px; overflow-wrap: anywhere}"
)


def labelling_config(
    entities: Sequence[Entity],
    *,
    adjudication: bool = False,
    reasons: Mapping[str, str] | None = None,
    rules: Mapping[str, str] | None = None,
) -> str:
    """The XML configuration of a round's project.

    Labels have the guidelines' text as hints and a hotkey each; attributes show only with the regions
    they belong to; ``entities`` fill the lists to choose from. For an adjudicator's project the task's
    ``conflicts`` stand beside the text, and items get a verdict, one of ``reasons`` and one of ``rules``
    (both by id, with a title).
    """
    root = ElementTree.Element("View")
    _add(root, "Style").text = _STYLE
    relations = _add(root, "Relations")
    for arrow in names.ARROWS:
        _add(relations, "Relation", value=arrow)
    row = _add(root, "View", style="display: flex; gap: 1.5em; align-items: flex-start")
    left = _add(row, "View", style="flex: 3; min-width: 0")
    labels = _add(left, "View", className="vostochny-labels")
    for control in LABELS:
        _label_control(labels, control)
    text = _add(left, "View", className="vostochny-text")
    _add(text, "Text", name=names.TEXT, value=f"${names.TEXT}", granularity="symbol", saveTextResult="yes")
    right = _add(row, "View", style="flex: 1; min-width: 19em; position: sticky; top: 0")
    if adjudication:
        _verdict(right, reasons or {}, rules or {})
    _mention_panel(right, entities)
    _quote_panel(right, entities)
    _claim_panel(right, entities)
    if adjudication:
        _add(right, "Header", value="Where the annotators differ", size="5")
        _add(
            right,
            "Paragraphs",
            name="conflicts",
            value="$conflicts",
            layout="dialogue",
            nameKey="who",
            textKey="says",
        )
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode") + "\n"


def _add(parent: ElementTree.Element, tag: str, **attributes: str) -> ElementTree.Element:
    return ElementTree.SubElement(parent, tag, attributes)


def _label_control(parent: ElementTree.Element, control: str) -> None:
    element = _add(parent, "Labels", name=control, toName=names.TEXT, choice="single", showInline="true")
    for label in LABELS[control]:
        _add(
            element,
            "Label",
            value=label,
            hotkey=_HOTKEYS[label],
            hint=_hint(control, label),
            background=_COLOURS.get(label)
            or (_COLOURS.get(control, "") if _own(control, label) else _VALUE_COLOUR),
        )


def _own(control: str, label: str) -> bool:
    return control != names.MENTION or label in NAME_TYPES


def _hint(control: str, label: str) -> str:
    guidance = label_guidance().get((_SECTIONS.get(control, ""), label))
    return guidance.hint() if guidance else LABELS[control][label]


def _panel(parent: ElementTree.Element, control: str, labels: Iterable[str]) -> ElementTree.Element:
    # Without whenLabelValue the editor shows a panel with every region once one of its kind exists.
    return _add(
        parent,
        "View",
        visibleWhen="region-selected",
        whenTagName=control,
        whenLabelValue=",".join(labels),
    )


def _mention_panel(parent: ElementTree.Element, entities: Sequence[Entity]) -> None:
    panel = _panel(parent, names.MENTION, NAME_TYPES)
    _entity(panel, "entity", entities)
    _entity(panel, "metonym_for", entities)


def _quote_panel(parent: ElementTree.Element, entities: Sequence[Entity]) -> None:
    panel = _panel(parent, names.QUOTE, ["content"])
    _entity(panel, "speaker", entities, {UNNAMED: "unnamed: in the text, but without a name"})
    for control in ("words", "medium", "polarity", "status"):
        _attribute(panel, control)


def _claim_panel(parent: ElementTree.Element, entities: Sequence[Entity]) -> None:
    panel = _panel(parent, names.CLAIM, [names.CLAIM])
    _heading(panel, "Proposition: one self-contained sentence")
    _text_field(panel, "proposition", rows="4", placeholder="Names and pronouns resolved, hedges kept")
    for control in ("claim_type", "claim_polarity", "certainty"):
        _attribute(panel, control)
    _entity(panel, "claimer", entities, {AUTHOR: "author: the article itself", UNNAMED: "unnamed"})


def _heading(parent: ElementTree.Element, title: str) -> None:
    _add(parent, "Header", value=title, size="6")


def _attribute(parent: ElementTree.Element, control: str) -> None:
    default = names.DEFAULTS.get(control, "marks")
    _heading(parent, f"{_TITLES[control]} (nothing chosen: {default})")
    element = _add(
        parent,
        "Choices",
        name=control,
        toName=names.TEXT,
        perRegion="true",
        choice="single",
        showInline="true",
    )
    for value, definition in CHOICES[control].items():
        _add(element, "Choice", value=value, hint=definition)


def _entity(
    parent: ElementTree.Element,
    control: str,
    entities: Sequence[Entity],
    more: Mapping[str, str] | None = None,
) -> None:
    _heading(parent, _TITLES[control])
    listed = {**(more or {}), **{entity.id: f"{entity.name} ({entity.type})" for entity in entities}}
    _select(parent, control, listed)
    _text_field(parent, names.other(control), placeholder="A name that is not in the list")


def _select(parent: ElementTree.Element, control: str, listed: Mapping[str, str]) -> None:
    element = _add(
        parent, "Choices", name=control, toName=names.TEXT, perRegion="true", choice="single", layout="select"
    )
    for value, title in listed.items():
        _add(element, "Choice", value=title, alias=value)


def _text_field(parent: ElementTree.Element, control: str, **attributes: str) -> None:
    _add(
        parent,
        "TextArea",
        name=control,
        toName=names.TEXT,
        perRegion="true",
        editable="true",
        maxSubmissions="1",
        **attributes,
    )


def _verdict(parent: ElementTree.Element, reasons: Mapping[str, str], rules: Mapping[str, str]) -> None:
    panel = _add(parent, "View", visibleWhen="region-selected")
    _heading(panel, "Verdict")
    element = _add(
        panel,
        "Choices",
        name="verdict",
        toName=names.TEXT,
        perRegion="true",
        choice="single",
        showInline="true",
    )
    for value, definition in names.VERDICTS.items():
        _add(element, "Choice", value=value, hint=definition)
    _heading(panel, "Reason")
    _select(panel, "reason", {id: f"{id}: {title}" for id, title in reasons.items()})
    _heading(panel, "Rule of the guidelines")
    _select(panel, "rule", {id: f"{id} {title}" for id, title in rules.items()})
    _text_field(panel, "note", placeholder="A remark for the log, if the reason does not say it all")
