"""From spaCy's ``Doc`` to a layer, whether it has our span groups and user data or only entities."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any, TypeVar

from vostochny.annotations.format_docbin_writing import (
    CLAIMS,
    ENTS,
    MARKS,
    MENTIONS,
    QUOTES,
    ROLES,
    UNKNOWN,
    USER_DATA,
)
from vostochny.annotations.format_support import without_empty_parts
from vostochny.annotations.format_texts import document_like, path_hints
from vostochny.schema.errors import InputError, shown
from vostochny.schema.labels import CLAIM_TYPES, LAYER_PARTS, MARK_ROLES
from vostochny.schema.model import AUTHOR, SCHEMA_VERSION, Claim, Document, Layer, Mark, Mention, Quote, Span

_Item = TypeVar("_Item", Mention, Quote, Mark, Claim)


@dataclass(frozen=True)
class _Piece:
    """A span of a doc, in code points; ``name`` and ``entity`` are "" where there is none."""

    name: str
    label: str
    entity: str
    span: Span
    path: str


def layer_of_doc(doc: Any, documents: Mapping[str, Document], file: str, path: str) -> tuple[Layer, Document]:
    """The layer of a ``spacy.tokens.Doc``, without surface texts, and its document.

    Raises :class:`InputError` that names the span or the user data that can't be read.
    """
    return _Reader(doc, documents, file, path).read()


class _Reader:
    def __init__(self, doc: Any, documents: Mapping[str, Document], file: str, path: str) -> None:
        self.doc, self.documents, self.file, self.path = doc, documents, file, path
        self.ours = USER_DATA in doc.user_data
        self.rest = self._user_data()
        self.items: Mapping[str, Mapping[str, Mapping[str, str | None]]] = self.rest["items"]
        self.cuts: dict[tuple[Any, ...], list[Span]] = {}
        for cut in self.rest["cuts"]:
            self.cuts.setdefault(tuple(cut[:5]), []).append(Span(cut[5], cut[6]))

    def error(self, check: str, message: str, path: str = "") -> InputError:
        return InputError.of(check, message, file=self.file, path=self.path + path)

    def _user_data(self) -> Mapping[str, Any]:
        """What the writer left beside the spans, or what stands for it in a doc of somebody else's."""
        found = self.doc.user_data.get(USER_DATA)
        if found is None:
            return {
                "document": "",
                "annotator": "",
                "schema_version": SCHEMA_VERSION,
                "items": {},
                "cuts": (),
            }
        if not _sound(found):
            message = (
                f"found {shown(found)}, expected what vostochny export wrote; delete it from Doc.user_data"
            )
            raise self.error("bad-user-data", message, f".user_data.{USER_DATA}")
        rest: Mapping[str, Any] = found
        return rest

    def read(self) -> tuple[Layer, Document]:
        named = self.rest["document"] or self.doc.user_data.get("document")
        hints = [*([named] if isinstance(named, str) else []), *path_hints(self.file)]
        document = document_like(self.documents, hints, self.doc.text, self.file, self.path)
        try:
            groups = self._groups()
        except InputError:
            raise
        # A label that is not among the strings, or tokens that are not in the doc.
        except (KeyError, IndexError, ValueError) as error:
            message = f"its spans can't be read ({error}); save it anew with DocBin.to_disk()"
            raise self.error("bad-docbin", message) from None
        layer = Layer(
            document=document.id,
            annotator=self.rest["annotator"],
            schema_version=self.rest["schema_version"],
            mentions=self._part("mentions", self._mentions(groups[ENTS] + groups[MENTIONS])),
            quotes=self._part("quotes", self._quotes(groups[QUOTES])),
            marks=self._part("marks", self._marks(groups[MARKS])),
            claims=self._part("claims", self._claims(groups[CLAIMS])),
        )
        return (layer if self.ours else without_empty_parts(layer)), document

    def _groups(self) -> dict[str, list[_Piece]]:
        """The spans by what they are; a foreign doc's group "sc", spaCy's default, is told by its labels."""
        groups = {ENTS: self._pieces(ENTS, self.doc.ents)}
        for key in (MENTIONS, QUOTES, MARKS, CLAIMS):
            groups[key] = self._pieces(key, self.doc.spans.get(key, ()))
        if not self.ours and "sc" in self.doc.spans:
            for piece in self._pieces("sc", self.doc.spans["sc"]):
                kinds = {**dict.fromkeys(ROLES, QUOTES), **dict.fromkeys(MARK_ROLES, MARKS)}
                kinds |= dict.fromkeys(CLAIM_TYPES, CLAIMS)
                groups[kinds.get(piece.label, MENTIONS)].append(piece)
        return groups

    def _pieces(self, group: str, spans: Iterable[Any]) -> list[_Piece]:
        pieces = []
        for number, span in enumerate(spans):
            path = f".{group}[{number}]" if group == ENTS else f".spans.{group}[{number}]"
            if span.start >= span.end:
                raise self.error("empty-span", "covers no token; delete it", path)
            last = self.doc[span.end - 1]
            start, end = self.doc[span.start].idx, last.idx + len(last)
            exact = self.cuts.get((group, span.label_, span.id_, start, end))
            found = exact.pop(0) if exact else Span(start, end)
            # "NIL" is what spaCy's entity linker writes where it finds none.
            entity = "" if not self.ours and span.kb_id_ == "NIL" else span.kb_id_
            pieces.append(_Piece(span.id_, span.label_, entity, found, path))
        return pieces

    def _part(self, part: str, items: list[_Item]) -> tuple[_Item, ...] | None:
        """The items in the order of the user data, new ones behind; None if the part was not done."""
        known = self.items.get(part)
        place = {name: number for number, name in enumerate(known or ())}
        ordered = sorted(items, key=lambda item: place.get(item.id, len(place)))
        return None if known is None and not items and self.ours else tuple(ordered)

    def _given(self, part: str, name: str) -> Mapping[str, str]:
        return {
            key: value for key, value in self.items.get(part, {}).get(name, {}).items() if value is not None
        }

    def _mentions(self, pieces: list[_Piece]) -> list[Mention]:
        mentions = []
        # An entity's id is only an item's if it is ours: spaCy's rules give many entities one id.
        left = set(self.items.get("mentions", ()))
        free = _numbers("m", left)
        for piece in pieces:
            ours = piece.name in left
            left.discard(piece.name)
            metonym = self._given("mentions", piece.name).get("metonym_for") if ours else None
            name = piece.name if ours else next(free)
            start, end = piece.span.start, piece.span.end
            mentions.append(Mention(name, start, end, None, piece.label, piece.entity or None, metonym))
        return mentions

    def _marks(self, pieces: list[_Piece]) -> list[Mark]:
        free = _numbers("k", (piece.name for piece in pieces))
        return [
            Mark(piece.name or next(free), piece.span.start, piece.span.end, None, piece.label)
            for piece in pieces
        ]

    def _claims(self, pieces: list[_Piece]) -> list[Claim]:
        claims = []
        for name, group in _together("c", pieces):
            given = self._given("claims", name)
            voice = given.get("voice", "author")
            default = None if "voice" in given else AUTHOR
            claims.append(
                Claim(
                    id=name,
                    spans=tuple(piece.span for piece in group),
                    voice=voice,
                    claimer=given.get("claimer", default),
                    quote=given.get("quote"),
                    type=group[0].label,
                    polarity=given.get("polarity", "positive"),
                    certainty=given.get("certainty", "asserted"),
                    proposition=given.get("proposition"),
                )
            )
        return claims

    def _quotes(self, pieces: list[_Piece]) -> list[Quote]:
        for piece in pieces:
            if piece.label not in ROLES:
                message = f"found the label {shown(piece.label)}, expected one of {', '.join(ROLES)}; mend it"
                raise self.error("bad-role", message, piece.path)
        loose = [piece for piece in pieces if not piece.name and piece.label != "content"]
        held = [piece for piece in pieces if piece.name or piece.label == "content"]
        groups = dict(_together("q", held))
        for piece in loose:
            groups[self._owner(piece, groups)].append(piece)
        return [self._quote(name, group) for name, group in groups.items()]

    def _owner(self, piece: _Piece, groups: Mapping[str, Sequence[_Piece]]) -> str:
        """The shortest quote whose content covers verbatim words without an id."""
        sizes = {
            name: sum(p.span.end - p.span.start for p in group if p.label == "content")
            for name, group in groups.items()
            if any(p.label == "content" and p.span.covers(piece.span) for p in group)
        }
        if piece.label == "verbatim" and sizes:
            return min(sizes, key=lambda name: sizes[name])
        raise self._loose(piece)

    def _loose(self, piece: _Piece) -> InputError:
        message = f"this {piece.label} belongs to no content; give both the same id (Span.id_), or delete it"
        return self.error("loose-piece", message, piece.path)

    def _quote(self, name: str, group: Sequence[_Piece]) -> Quote:
        given = self._given("quotes", name)
        spans = {role: tuple(piece.span for piece in group if piece.label == role) for role in ROLES}
        if not spans["content"]:
            raise self._loose(group[0])
        if len(spans["source"]) > 1:
            second = [piece for piece in group if piece.label == "source"][1]
            raise self.error("two-sources", f"is a second source of {name}; keep one", second.path)
        unknown = given.get("verbatim") == UNKNOWN and not spans["verbatim"]
        return Quote(
            id=name,
            content=spans["content"],
            verbatim=None if unknown else spans["verbatim"],
            source=spans["source"][0] if spans["source"] else None,
            cue=spans["cue"],
            speaker=given.get("speaker"),
            within=given.get("within"),
            medium=given.get("medium", "speech"),
            polarity=given.get("polarity", "positive"),
            status=given.get("status", "actual"),
        )


def _numbers(letter: str, taken: Iterable[str]) -> Iterator[str]:
    """The ids with that letter that are free."""
    names = frozenset(taken)
    return (name for n in count(1) if (name := f"{letter}{n}") not in names)


def _together(letter: str, pieces: Sequence[_Piece]) -> Iterator[tuple[str, list[_Piece]]]:
    """The pieces by their ids; those without are things of their own."""
    free = _numbers(letter, (piece.name for piece in pieces))
    groups: dict[str, list[_Piece]] = {}
    for piece in pieces:
        groups.setdefault(piece.name or next(free), []).append(piece)
    yield from groups.items()


def _sound(found: object) -> bool:
    """Whether user data has the form in which it is written."""

    def texts(value: object) -> bool:
        return isinstance(value, Mapping) and all(isinstance(k, str) for k in value)

    if not (isinstance(found, Mapping) and {"items", "cuts"} <= found.keys()):
        return False
    names = [found.get(key) for key in ("document", "annotator", "schema_version")]
    items, cuts = found["items"], found["cuts"]
    return (
        all(isinstance(name, str) for name in names)
        and texts(items)
        and all(part in LAYER_PARTS and texts(named) for part, named in items.items())
        and all(texts(v) for named in items.values() for v in named.values())
        and all(
            v is None or isinstance(v, str) for n in items.values() for i in n.values() for v in i.values()
        )
        and isinstance(cuts, Sequence)
        and all(isinstance(cut, Sequence) and [*map(type, cut)] == [str] * 3 + [int] * 4 for cut in cuts)
    )
