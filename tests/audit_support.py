"""A gold with made-up links over the real layers, and corpus folders to audit."""

import shutil
from dataclasses import replace
from pathlib import Path

from vostochny.annotations.audit_view import content_words
from vostochny.annotations.corpus import ROOT, load_gold
from vostochny.schema.closure import closed_relations
from vostochny.schema.errors import InputError
from vostochny.schema.files import dump_json, dump_jsonl, read_jsonl
from vostochny.schema.links_json import links_to_json
from vostochny.schema.model import ClaimGroup, ClaimRelation, Difference, Passage, Ref, Utterance

TYPES = ["wording", "omission", "number", "modality", "addition", "attribution"]


def likeness(first, second):
    a, b = content_words(first), content_words(second)
    return len(a & b) / len(a | b) if a | b else 0.0


def clusters(said, low):
    """Greedy clusters of refs whose texts are at least so alike to the first one's."""
    out = []
    for ref, text in said.items():
        home = next((c for c in out if likeness(said[c[0]], text) >= low), None)
        if home is None:
            out.append([ref])
        else:
            home.append(ref)
    return out


def passage(gold, ref, number):
    quote = next(q for q in gold[ref.document].quotes if q.id == ref.id)
    span = quote.content[0]
    document = gold.documents[ref.document]
    inside = [t for t in document.tokens if span.start <= t[0] and t[1] <= span.end]
    start, end = inside[number % len(inside)]
    return Passage(ref.document, start, end, document.text[start:end])


def made_up_links(gold):
    """Links such as annotators might draw: not right, but of every kind, and closed."""
    utterances = []
    speakers = sorted({q.speaker for layer in gold.values() for q in layer.quotes if q.speaker})
    for speaker in speakers:
        said = {
            Ref(name, q.id): " ".join(s.text for s in q.content)
            for name, layer in gold.items()
            for q in layer.quotes
            if q.speaker == speaker
        }
        for members in clusters(said, 0.12):
            if len(members) > 1:
                first = members[0]
                differences = tuple(
                    Difference(
                        TYPES[(len(utterances) + n) % len(TYPES)],
                        (first, other),
                        (passage(gold, first, n), passage(gold, other, n)),
                    )
                    for n, other in enumerate(members[1:])
                )
                utterances.append(Utterance(f"u{len(utterances) + 1}", tuple(members), speaker, differences))
    said = {Ref(name, c.id): c.proposition for name, layer in gold.items() for c in layer.claims}
    listed = clusters(said, 0.5)
    groups, relations = [], []
    for n, members in enumerate(listed, 1):
        groups.append(ClaimGroup(f"g{n}", tuple(members)))
    links = replace(gold.links, utterances=tuple(utterances), claim_groups=tuple(groups))
    for n, first in enumerate(listed, 1):
        for m, second in enumerate(listed, 1):
            here, there = said[first[0]], said[second[0]]
            known = any({r.source, r.target} == {f"g{n}", f"g{m}"} for r in relations)
            if (
                len(relations) > 100
                or known
                or not 0.33 <= likeness(here, there) < 0.5
                or len(here) <= len(there)
            ):
                continue
            kind = "contradicts" if (n * m) % 3 == 0 else "supports"
            reason = f"g{n} against g{m}" if kind == "contradicts" else None
            tried = [*relations, ClaimRelation(f"g{n}", f"g{m}", kind, reason)]
            try:
                relations = list(closed_relations(replace(links, claim_relations=tuple(tried))))
            except InputError:
                continue
    related = {id for r in relations for id in (r.source, r.target)}
    kept = tuple(g for g in groups if len(g.members) > 1 or g.id in related)
    return replace(links, claim_groups=kept, claim_relations=tuple(relations))


def copy_corpus(folder: Path, links="registry", documents=None) -> Path:
    """A corpus folder: with made-up links, with the registry only, or without links, of some documents."""
    gold = load_gold()
    names = documents or list(gold)
    for part, suffix in (("articles", "txt"), ("documents", "json"), ("gold", "json")):
        (folder / part).mkdir(parents=True)
        for name in names:
            shutil.copy(ROOT / part / f"{name}.{suffix}", folder / part)
    if links == "made-up":
        made = made_up_links(gold)
        (folder / "gold/links.json").write_bytes(dump_json(links_to_json(made)))
    elif links == "registry":
        shutil.copy(ROOT / "gold/links.json", folder / "gold")
    waivers = [value for _, value in read_jsonl(ROOT / "lint-waivers.jsonl")]
    kept = [value for value in waivers if value["document"] in ("*", *names)]
    (folder / "lint-waivers.jsonl").write_bytes(dump_jsonl(kept))
    return folder


def findings_of(key):
    """What an auditor would write who found every planted error and nothing else."""
    return [finding_of(planted) for planted in key.planted]


PARTS = {"metonym": "mention", "entity": "entity"}


def finding_of(planted):
    part = planted.kind.split("-")[0]
    field = planted.field
    if part in ("utterance", "group"):
        field = "members"
    if planted.kind == "difference-removed":
        field = "missing"
    if planted.kind == "difference-type":
        field = "type"
    value = {
        "document": planted.document,
        "part": PARTS.get(part, part),
        "items": [id.removeprefix(f"{planted.document}.") for id in (planted.targets or [[]])[0]],
        "field": "span" if field == "spans" else field,
        "has": planted.has,
        "should": planted.should,
        "rule": planted.rule,
        "note": "found",
    }
    if field == "missing" and planted.passage:
        gold = load_gold()
        document, start, end = planted.passage
        value |= {"items": [], "passage": gold.documents[document].text[start:end]}
    return value
