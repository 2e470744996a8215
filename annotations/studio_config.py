"""The labelling configuration of Label Studio, made from the taxonomy, the guidelines and the registry."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from xml.etree import ElementTree

from vostochny.annotations import studio_labels as names
from vostochny.annotations.studio_regions import CHOICES, LABELS
from vostochny.schema.guideline_tables import label_guidance
from vostochny.schema.labels import NAME_TYPES
from vostochny.schema.model import AUTHOR, UNNAMED, Entity

# Label Studio gives every choice that has no hotkey a free one of 1–9, 0 and these letters, silently; so
# none may stay free. u (unselect) and those with Alt or Ctrl are its own.
_HOTKEYS = {
    **dict(zip(NAME_TYPES, "pnfoglreway", strict=True)),
    **dict(
        zip(("DATE", "TIME", "PERCENT", "MONEY", "QUANTITY", "ORDINAL", "CARDINAL"), "1234567", strict=True)
    ),
    **{"content": "q", "source": "s", "cue": "c", "verbatim": "v", "claim": "k"},
    **{"scare": "8", "title": "9", "term": "0", "stray": "-"},
}
_CHOICE_HOTKEYS = {
    ("words", "all"): "m",
    ("words", "none"): "d",
    ("medium", "writing"): "b",
    ("polarity", "negative"): "j",
    ("status", "hypothetical"): "z",
    ("claim_type", "prediction"): "t",
    ("claim_type", "opinion"): "i",
    ("claim_polarity", "negative"): "x",
    ("certainty", "hedged"): "h",
    ("verdict", "keep"): "shift+k",
    ("verdict", "drop"): "shift+d",
}
# Readable by contrast: as names on white, and as six layers one over the other under dark text.
_COLOURS = {
    names.MENTION: "#2b82d9",
    names.MARK: "#808080",
    names.CLAIM: "#e5484d",
    "NORP": "#0f99a8",
    "ORG": "#9466e8",
    "GPE": "#2793c7",
    "content": "#3a9f3a",
    "source": "#d97706",
    "cue": "#949410",
    "verbatim": "#55a342",
}
_VALUE_COLOUR = "#b0764a"
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
# Names that begin with lsf-, htx- or ant- are Label Studio's. Its arrows lie on a plane of 100.
_STYLE = (
    ".vostochny-labels {position: sticky; top: 0; z-index: 101; padding: 10px 0 4px;"
    " border-bottom: 1px solid rgba(128, 128, 128, 0.4);"
    " background: var(--color-neutral-background, #fff)}"
    ".vostochny-labels .lsf-labels {display: inline-block; margin: 0 14px 0 0; padding: 0}"
    ".vostochny-labels .lsf-labels .lsf-label {margin: 0 5px 5px 0; padding-top: 0; padding-bottom: 0}"
    ".vostochny-text {font-size: 16px; overflow-wrap: anywhere}"
    ".vostochny-text .lsf-htx-richtext {line-height: 1.9}"
    ".relations-overlay {opacity: 0.55}"
    ".vostochny-side {position: sticky; top: 0; z-index: 101; box-sizing: border-box; padding: 10px 0;"
    " max-height: calc(100vh - 155px); overflow-y: auto}"
    ".vostochny-side .lsf-choices {margin: 0} .vostochny-side .lsf-text-area {margin: 4px 0 0}"
    ".vostochny-side .taxonomy, .vostochny-side .htx-taxonomy {width: 100%}"
    ".vostochny-conflicts {margin-top: 12px; overflow-x: hidden}"
    # An @ in an item's id makes it a candidate; the ids are among the regions' classes.
    ".vostochny-text .htx-highlight[class*=_40_] {outline: 2px solid #b5006e; outline-offset: -1px}"
    # The list of conflicts is no dialogue: no speakers to choose from, no times, no buttons.
    ".vostochny-conflicts [class*=wrapper_header], .vostochny-conflicts [class*=time--],"
    " .vostochny-conflicts [class*=selectAllBtn] {display: none}"
    ".vostochny-conflicts [class*=phrase--] {padding: 5px 8px; font-size: 13px; line-height: 1.4}"
    ".vostochny-conflicts [class*=phraseContainer] {width: 100%; margin: 0 0 4px}"
    ".vostochny-conflicts [class*=dialoguename] {color: inherit !important; font-weight: 700}"
)
_HEADING = "margin: 10px 0 2px; font-size: 13px; font-weight: 600; line-height: 1.35"
_ADVICE = "margin: 6px 0; font-size: 13px; font-weight: 400; line-height: 1.45"
_HELP = (
    "Label: press its key, then drag over the words.",
    "Attributes: click a region, and they appear here. What you leave alone has the value in brackets.",
    "Arrow: click the content, press Alt+R, click its source, cue or verbatim words; for an item in parts, "
    "the next part; for a quote within a quote, from the inner content to the outer.",
    "Before the next label press Esc: while a region is selected, a key changes its label.",
    "Where regions lie over each other, the list on the right has them all.",
)
_ADJUDICATION_HELP = (
    "Framed regions are readings that differ. Click each: who reads what stands under Info, on the right.",
    "Say keep or drop, and choose a reason and the rule. A kept reading may be changed first.",
    "What nobody found may be drawn, and an unframed region may be dropped, with a reason.",
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
    right = _add(row, "View", className="vostochny-side", style="flex: 1; min-width: 19em")
    _help(right, _ADJUDICATION_HELP if adjudication else _HELP)
    if adjudication:
        _verdict(right, reasons or {}, rules or {})
    _mention_panel(right, entities)
    _quote_panel(right, entities)
    _claim_panel(right, entities)
    if adjudication:
        _conflicts(right)
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode") + "\n"


def _add(parent: ElementTree.Element, tag: str, **attributes: str) -> ElementTree.Element:
    return ElementTree.SubElement(parent, tag, attributes)


def _help(parent: ElementTree.Element, lines: Iterable[str]) -> None:
    panel = _add(parent, "View", visibleWhen="no-region-selected")
    for line in lines:
        _add(panel, "Header", value=line, style=_ADVICE)


def _conflicts(parent: ElementTree.Element) -> None:
    panel = _add(parent, "View", className="vostochny-conflicts")
    _heading(panel, "Where the annotators differ")
    _add(
        panel,
        "Paragraphs",
        name="conflicts",
        value="$conflicts",
        layout="dialogue",
        nameKey="who",
        textKey="says",
    )


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
    _add(parent, "Header", value=title, style=_HEADING)


def _attribute(parent: ElementTree.Element, control: str) -> None:
    default = names.DEFAULTS.get(control, "marks")
    _heading(parent, f"{_TITLES[control]} ({default})")
    _choices(parent, control, CHOICES[control])


def _choices(parent: ElementTree.Element, control: str, listed: Mapping[str, str]) -> None:
    element = _add(
        parent,
        "Choices",
        name=control,
        toName=names.TEXT,
        perRegion="true",
        choice="single",
        showInline="true",
    )
    for value, definition in listed.items():
        choice = _add(element, "Choice", value=value, hint=definition)
        if hotkey := _CHOICE_HOTKEYS.get((control, value)):
            choice.set("hotkey", hotkey)


def _entity(
    parent: ElementTree.Element,
    control: str,
    entities: Sequence[Entity],
    more: Mapping[str, str] | None = None,
) -> None:
    _heading(parent, _TITLES[control])
    listed = {**(more or {}), **{entity.id: f"{entity.name} ({entity.type})" for entity in entities}}
    _select(parent, control, listed)
    _text_field(parent, names.other(control), placeholder="or type a name that is not in it")


def _select(parent: ElementTree.Element, control: str, listed: Mapping[str, str]) -> None:
    # A taxonomy has a search field. What is typed into an open list of choices would act as hotkeys.
    element = _add(
        parent,
        "Taxonomy",
        name=control,
        toName=names.TEXT,
        perRegion="true",
        maxUsages="1",
        placeholder="Choose from the list",
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
    _choices(panel, "verdict", names.VERDICTS)
    for control, title, listed in (
        ("reason", "Reason", {id: f"{id}: {text}" for id, text in reasons.items()}),
        ("rule", "Rule of the guidelines", {id: f"{id} {text}" for id, text in rules.items()}),
    ):
        _heading(panel, title)
        _select(panel, control, listed)
    _text_field(panel, "note", placeholder="A remark for the log, if the reason does not say it all")
