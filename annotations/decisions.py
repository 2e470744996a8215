"""From an adjudicator's decisions to one layer and the log of why it is as it is.

Of a conflict's candidates those marked ``keep`` remain, and all others go; without one, all must be marked
``drop``. Whatever then differs from somebody's reading needs a reason and a rule, given on any candidate of
its row: decided conflicts, agreed items that were changed or dropped, and items drawn anew. An item of
which only the reference to a quote changes, with voice and claimer, follows that quote's decision.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from vostochny.annotations.adjudication import entry, is_reworded, rejection
from vostochny.annotations.candidates import adjudication_union, row_of, voices
from vostochny.annotations.differences import (
    KINDS,
    Comparison,
    Item,
    overlaps,
    pair_items,
    part_of,
    references,
    spans_of,
    with_references,
)
from vostochny.annotations.item_ids import renamed, stable_ids
from vostochny.annotations.studio_decode import Decision, Decoded
from vostochny.annotations.studio_encode import covering_quote
from vostochny.annotations.union import LETTERS, Row, free_ids
from vostochny.schema.errors import InputError, Problem, shown
from vostochny.schema.jsonio import layer_to_json
from vostochny.schema.labels import REASONS
from vostochny.schema.model import Claim, Document, Entity, Layer, Quote
from vostochny.schema.registry import Resolver
from vostochny.schema.text import TextIndex
from vostochny.schema.values import check_layer

_FOLLOWING = frozenset(["within", "quote", "voice", "claimer"])
"""What of an item may change with the quote that it refers to."""

_STEP = re.compile(r"\$\.(?P<kind>\w+)\[(?P<place>\d+)\]")


@dataclass(slots=True)
class _Place:
    """A row (None for what was drawn where nobody had anything) and the items that remain of it.

    ``kept`` has the remaining items by their final ids, with the annotators whose reading each stands for
    (None: everybody's). ``decisions`` are those given on its candidates, on kept ones first; ``open`` says
    that they leave it undecided.
    """

    row: Row | None
    kind: str
    kept: dict[str, tuple[Item, tuple[str, ...] | None]] = field(default_factory=dict)
    decisions: list[Decision] = field(default_factory=list)
    open: bool = False


def apply_decisions(
    rows: Sequence[Row],
    layers: Mapping[str, Layer],
    decoded: Decoded,
    document: Document,
    entities: Sequence[Entity],
    *,
    where: str,
    before: Layer | None = None,
) -> tuple[Layer, list[dict[str, Any]]]:
    """The adjudicated layer of a document and the entries of its log.

    ``rows`` are the union of ``layers``, ``decoded`` is what came back of the task that showed it;
    ``entities`` are the registry's and those typed in. The layer's annotator is ``gold``. Items have
    the ids that they have in ``before``, the gold there is; without it their rows' ids, and those drawn
    anew the numbers that follow.

    Raises :class:`~vostochny.schema.errors.InputError` with all conflicts that are undecided, changes
    without reason or rule, agreed items that vanished, references to what was dropped, and everything in
    which the layer breaks a check; each names the task (``where``) and the item.
    """
    problems: list[Problem] = []
    work = _Work(rows, layers, decoded, document, Comparison(document, Resolver(entities)), where, problems)
    places = work.places()
    final = work.referring(places)
    layer = replace(decoded.layer, annotator="gold", **_parts(final, layers))
    names = stable_ids(layer, before, work.comparison.index)
    layer = renamed(layer, names)
    work.rename(places, names)
    log = work.log(places, {item.id: item for kind in KINDS for item in part_of(layer, kind)})
    if not problems:
        registry = {entity.id: entity for entity in entities}
        _, found = check_layer(layer_to_json(layer), {document.id: document}, registry or None, file=where)
        problems += [_told(problem, layer, document) for problem in found]
    if problems:
        raise InputError(problems)
    return layer, log


class _Work:
    def __init__(
        self,
        rows: Sequence[Row],
        layers: Mapping[str, Layer],
        decoded: Decoded,
        document: Document,
        comparison: Comparison,
        where: str,
        problems: list[Problem],
    ) -> None:
        self.rows = {row.id: row for row in rows}
        self.layers = layers
        self.decoded = decoded
        self.document = document
        self.comparison = comparison
        self.where = where
        self.problems = problems
        union = adjudication_union(rows, document, comparison).layer
        self.sent = {item.id: item for kind in KINDS for item in part_of(union, kind)}
        # Final ids of the remaining items by their ids in the task.
        self.final: dict[str, str] = {}
        self.by_row: dict[str, _Place] = {}

    def problem(self, check: str, id: str, message: str) -> None:
        self.problems.append(Problem(check, message, self.where, None, id))

    def places(self) -> list[_Place]:
        """What remains of every row, and what was drawn anew; undecided and vanished ones are problems."""
        returned: dict[str, Item] = {}
        drawn: dict[str, list[Item]] = {kind: [] for kind in KINDS}
        for kind in KINDS:
            for item in part_of(self.decoded.layer, kind):
                sent = self.sent.get(item.id)
                dropped = self.decoded.decisions.get(item.id, Decision()).verdict == "drop"
                if sent is not None and (dropped or self._overlap(sent, item)):
                    returned[item.id] = item
                elif not dropped:
                    drawn[kind].append(item)
        places = {row.id: self._decided(row, returned) for row in self.rows.values()}
        out = list(places.values())
        for kind in KINDS:
            # What replaces a dropped row stands in its place.
            gone = [each for each in out if each.kind == kind and each.row is not None and not each.kept]
            pairs = dict(pair_items(drawn[kind], [_first(each) for each in gone], self.comparison.index))
            fresh = free_ids(kind, [*self.rows, *(id for each in out for id in each.kept)])
            for number, item in enumerate(drawn[kind]):
                here = gone[pairs[number]] if number in pairs else _Place(None, kind)
                id = next(fresh) if here.row is None else here.row.id
                self._keep(here, id, item, None)
                here.decisions[:0] = [self.decoded.decisions.get(item.id, Decision())]
                if here.row is None:
                    out.append(here)
        return out

    def _decided(self, row: Row, returned: Mapping[str, Item]) -> _Place:
        place = _Place(row, row.kind)
        ids = [id for id in self.sent if row_of(id) == row.id]
        said = {id: self.decoded.decisions.get(id, Decision()) for id in ids if id in returned}
        dropped = [id for id in said if said[id].verdict == "drop"]
        kept = [id for id in said if said[id].verdict == "keep" or (not row.fields and id not in dropped)]
        if not said:
            what = "the candidates of this conflict are" if row.fields else "what all annotators agree on is"
            message = f"{shown(self._surface(row))}: {what} deleted, which leaves no reason; "
            message += f"bring it back (clear the task's annotation, {self.where}), and choose 'drop' instead"
            self.problem("vanished-item", row.id, message)
            place.open = True
        elif not kept and len(dropped) < len(said):
            message = f"{shown(self._surface(row))}: undecided; choose 'keep' on one of {', '.join(said)}, "
            self.problem("undecided-conflict", row.id, message + "or 'drop' on each")
            place.open = True
        fresh = free_ids(row.kind, [*self.rows, *self.final.values()])
        whose = self._whose(row, {id: returned[id] for id in kept})
        for number, id in enumerate(sorted(kept, key=lambda id: spans_of(returned[id]))):
            who = None if len(kept) == 1 else whose[id]
            self._keep(place, row.id if number == 0 else next(fresh), returned[id], who)
        order = sorted(said, key=lambda id: id not in kept)
        place.decisions = [said[id] for id in order]
        return place

    def _whose(self, row: Row, kept: Mapping[str, Item]) -> dict[str, tuple[str, ...]]:
        """Whose reading each remaining candidate stands for: its own annotators', and theirs whose candidate
        is gone and was nearest to it.
        """
        whose = {id: voices(id, row) for id in kept}
        heard = {name for names in whose.values() for name in names}
        for name, item in row.items.items():
            if kept and name not in heard:
                near = overlaps([item], list(kept.values()), self.comparison.index)
                _, best = max(near, key=lambda pair: near[pair], default=(0, 0))
                whose[list(kept)[best]] += (name,)
        return whose

    def referring(self, places: Sequence[_Place]) -> dict[str, Item]:
        """The remaining items by their final ids, with references to what remains."""
        self.by_row = {place.row.id: place for place in places if place.row is not None}
        out: dict[str, Item] = {}
        for kind in ("quotes", *(kind for kind in KINDS if kind != "quotes")):
            quotes = [item for item in out.values() if isinstance(item, Quote)]
            for place in places:
                if place.kind == kind:
                    for id, (item, _) in place.kept.items():
                        names = {name: self._target(item, name, quotes) for name in references(item)}
                        out[id] = replace(with_references(item, names), id=id)
        return out

    def rename(self, places: Sequence[_Place], names: Mapping[str, str]) -> None:
        """Give what remains its names in gold."""
        for place in places:
            place.kept = {names[id]: kept for id, kept in place.kept.items()}

    def _target(self, item: Item, name: str, quotes: Sequence[Quote]) -> str | None:
        """What an item's reference means once all is decided."""
        if name in self.final:
            return self.final[name]
        remains = next(iter(self.by_row[row_of(name)].kept), None)
        sent = self.sent.get(item.id)
        meant = sent is not None and row_of(name) in map(row_of, references(sent))
        if remains is not None and isinstance(item, Claim) and not meant:
            # Nobody drew this reference: it was derived from a candidate that is now gone.
            found = covering_quote(item.spans, quotes)
            return found.id if found else None
        if remains is None:
            surface = shown(" … ".join(self.document.slice(span) for span in spans_of(item)))
            message = (
                f"{surface}: refers to {name}, which is dropped; delete the arrow, or draw it to another"
            )
            self.problem("dropped-reference", item.id, message)
        return remains

    def log(self, places: Sequence[_Place], final: Mapping[str, Item]) -> list[dict[str, Any]]:
        """The entries for all that differs from a reading, each with its rule and reason."""
        found: list[tuple[tuple[int, int], dict[str, Any], _Place, str]] = []
        for place in places:
            raw = self._raw(place)
            for id, (_, who) in place.kept.items():
                item = final[id]
                read = {n: r if who is None or n in who else None for n, r in self._readings(place).items()}
                unequal = {
                    name: ("item",) if reading is None else self.comparison.unequal(reading, item)
                    for name, reading in read.items()
                }
                reworded = is_reworded(item, read.values())
                if any(unequal.values()) or reworded:
                    shown_readings = {name: None if r is None else raw[name] for name, r in read.items()}
                    made = entry(place.kind, item, shown_readings, unequal, reworded)
                    found.append((_where(item), made, place, id))
            if place.row is not None and not place.kept and not place.open:
                made = rejection(place.kind, raw)
                found.append((_where(place.row.first), made, place, place.row.id))
        order = {kind: number for number, kind in enumerate(KINDS)}
        found.sort(key=lambda each: (order[each[1]["kind"]], each[1]["gold"] is None, each[0]))
        return [{**made, **self._why(made, places, place, id, final)} for _, made, place, id in found]

    def _readings(self, place: _Place) -> dict[str, Item | None]:
        """Everybody's reading of a place, with references to what remains."""
        if place.row is None:
            return dict.fromkeys(self.layers)
        out: dict[str, Item | None] = {}
        for name, item in place.row.readings.items():
            out[name] = item
            if item is not None:
                out[name] = with_references(item, {row: self._own(row, name) for row in references(item)})
        return out

    def _own(self, row: str, name: str) -> str:
        """What an annotator's reference to a row means now: the own reading if it remains."""
        kept = self.by_row[row].kept
        own = (id for id, (_, who) in kept.items() if who is None or name in who)
        # What was dropped has no name: a reference to it equals none.
        return next(own, next(iter(kept), ""))

    def _raw(self, place: _Place) -> dict[str, Item | None]:
        """Everybody's items as they stand in the layers."""
        if place.row is None:
            return dict.fromkeys(self.layers)
        return {
            name: item and next(i for i in part_of(self.layers[name], place.kind) if i.id == item.id)
            for name, item in place.row.readings.items()
        }

    def _why(
        self,
        made: Mapping[str, Any],
        places: Sequence[_Place],
        place: _Place,
        id: str,
        final: Mapping[str, Item],
    ) -> dict[str, str]:
        why = _picked(place.decisions)
        if why is None and set(made["fields"]) <= _FOLLOWING:
            why = self._following(places, place, final[id])
        if why is None:
            item = final.get(id) or (place.row and place.row.first)
            surface = " … ".join(self.document.slice(span) for span in spans_of(item)) if item else ""
            what = "is left out" if made["gold"] is None else f"differs in {', '.join(made['fields'])}"
            message = f"{shown(surface)}: {what}, without reason and rule; choose both"
            self.problem("missing-reason", id, message)
            return {"rule": "", "reason": ""}
        return why

    def _following(self, places: Sequence[_Place], place: _Place, item: Item) -> dict[str, str] | None:
        """The reason of the quote whose decision an item follows."""
        readings = place.row.items.values() if place.row is not None else ()
        outer = [each for each in places for name in references(item) if name in each.kept]
        outer += [self.by_row[name] for reading in readings for name in references(reading)]
        why = next((why for each in outer if (why := _picked(each.decisions))), None)
        return why and {**why, "reason": f"follows the quote: {why['reason']}"}

    def _keep(self, place: _Place, id: str, item: Item, who: tuple[str, ...] | None) -> None:
        place.kept[id] = (item, who)
        self.final[item.id] = id

    def _overlap(self, one: Item, other: Item) -> bool:
        index = self.comparison.index
        return type(one) is type(other) and bool(
            index.tokens_of(spans_of(one)) & index.tokens_of(spans_of(other))
        )

    def _surface(self, row: Row) -> str:
        return " … ".join(self.document.slice(span) for span in spans_of(row.first))


def _first(place: _Place) -> Item:
    assert place.row is not None  # only rows are replaced
    return place.row.first


def _where(item: Item) -> tuple[int, int]:
    spans = spans_of(item)
    return min(span.start for span in spans), -max(span.end for span in spans)


def _picked(decisions: Iterable[Decision]) -> dict[str, str] | None:
    """The rule and reason that an adjudicator gave; None where either is missing."""
    given = list(decisions)
    reason = next((each.reason for each in given if each.reason), None)
    rule = next((each.rule for each in given if each.rule), None)
    if reason is None or rule is None:
        return None
    notes = [each.note for each in given if each.note]
    return {"rule": rule, "reason": "; ".join([REASONS.get(reason, reason), *notes])}


def _parts(final: Mapping[str, Item], layers: Mapping[str, Layer]) -> dict[str, Any]:
    """The items as parts of a layer, in text order; parts that nobody did are None."""
    out: dict[str, Any] = {}
    for kind in KINDS:
        items = [item for id, item in final.items() if id[0] == LETTERS[kind]]
        done = items or any(getattr(layer, kind) is not None for layer in layers.values())
        out[kind] = tuple(sorted(items, key=_where)) if done else None
    return out


def _told(problem: Problem, layer: Layer, document: Document) -> Problem:
    """A problem of the layer with the words of the item and its sentence, instead of a place in the JSON."""
    match = _STEP.match(problem.path or "")
    if match is None:
        return problem
    item = part_of(layer, match["kind"])[int(match["place"])]
    sentence = TextIndex(document).sentence_of(spans_of(item)[0].start)
    surface = shown(" … ".join(document.slice(span) for span in spans_of(item)))
    place = "" if sentence is None else f" in s{sentence + 1}"
    return replace(problem, path=item.id, message=f"{surface}{place}: {problem.message}")
