"""An adjudicator who decides as a given layer has it, for tests without a server."""

from dataclasses import replace

from vostochny.annotations import load_registry
from vostochny.annotations.candidates import adjudication_union, row_of
from vostochny.annotations.decisions import apply_decisions
from vostochny.annotations.differences import (
    KINDS,
    Comparison,
    pair_items,
    part_of,
    references,
    with_references,
)
from vostochny.annotations.studio_decode import results_to_layer
from vostochny.annotations.studio_encode import layer_to_results
from vostochny.annotations.studio_labels import region_id
from vostochny.annotations.union import union
from vostochny.schema.model import Quote
from vostochny.schema.registry import Resolver

WHERE = "http://127.0.0.1:8080/projects/7/data?task=3"


def choice(item, control, value, *, kind="choices"):
    """A value chosen for an item's first region."""
    role = {"q": "content", "m": "mention", "k": "mark", "c": "claim"}[item[0]]
    key = "text" if kind == "textarea" else "choices"
    return {
        "id": region_id(item, role),
        "from_name": control,
        "to_name": "text",
        "type": kind,
        "value": {"start": 0, "end": 1, key: [value]},
    }


def following(gold, layers, document, entities=None):
    """What the adjudicator's task returns if all is decided as in ``gold``: a Label Studio result list."""
    entities = load_registry() if entities is None else entities
    comparison = Comparison(document, Resolver(entities))
    rows = {row.id: row for row in union(layers, document, comparison.resolver)}
    sent = adjudication_union(list(rows.values()), document, comparison).layer
    names, dropped = {}, []
    for kind in KINDS:
        wanted, shown = part_of(gold, kind), part_of(sent, kind)
        # Of equally near candidates the one that needs no edit.
        pairs = pair_items(wanted, shown, comparison.index)
        names |= {wanted[i].id: shown[j].id for i, j in pairs}
        paired = {j for _, j in pairs}
        dropped += [item for j, item in enumerate(shown) if j not in paired]
    for kind in KINDS:
        for item in part_of(gold, kind):
            names.setdefault(item.id, f"{item.id[0]}drawn{item.id[1:]}")
    parts = {kind: [] for kind in KINDS}
    for kind in KINDS:
        for item in part_of(gold, kind):
            refs = {name: names[name] for name in references(item)}
            parts[kind].append(replace(with_references(item, refs), id=names[item.id]))
    returned = {item.id: item for kind in KINDS for item in parts[kind]}
    originals = {item.id: item for kind in KINDS for item in part_of(sent, kind)}
    for item in dropped:
        kind = {"m": "mentions", "q": "quotes", "k": "marks", "c": "claims"}[item.id[0]]
        parts[kind].append(item)
    layer = replace(sent, **{kind: tuple(items) for kind, items in parts.items()})
    results = layer_to_results(layer, document, {e.id for e in entities})
    for id, item in returned.items():
        row = rows.get(row_of(id))
        changed = row is None or item != originals[id]
        if row is not None and row.fields:
            results.append(choice(id, "verdict", "keep"))
        if row is None or row.fields or changed:
            results += [choice(id, "reason", "context"), choice(id, "rule", "2.2")]
    for item in dropped:
        results.append(choice(item.id, "verdict", "drop"))
        results += [choice(item.id, "reason", "not-an-item"), choice(item.id, "rule", "2.1")]
    return results


def adjudicate(results, layers, document, entities=None, before=None):
    """The layer and log of a result list."""
    entities = load_registry() if entities is None else entities
    rows = union(layers, document, Resolver(entities))
    decoded = results_to_layer(results, document, "gold", where=WHERE, entities=entities)
    return apply_decisions(rows, layers, decoded, document, entities, where=WHERE, before=before)


def untied(items):
    """Items without their ids, references by what they refer to: what a layer says, in any order."""
    by_id = {item.id: item for item in items if isinstance(item, Quote)}
    out = []
    for item in items:
        named = {name: (by_id[name].content, by_id[name].source) for name in references(item)}
        out.append((replace(with_references(item, dict.fromkeys(named)), id=""), tuple(named.values())))
    return sorted(out, key=repr)
