"""One line that says how a score came about, in the manner of sacreBLEU (Post, WMT 2018).

Two scores may be compared if their signatures are equal. Everything that changes a number is in it: the
scorer's version, the gold (number of documents and a digest of annotations, tokens, sentences and
regions), the registry that names are resolved against, the tasks and the options.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from fractions import Fraction
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from json.encoder import encode_basestring_ascii as _quoted
from typing import Any

from vostochny.eval.options import DEFAULTS, Options
from vostochny.schema.model import Claim, Document, Entity, Layer, Links, Mark, Mention, Quote, Ref, Span

_LENGTH = 8


def signature(
    options: Options,
    gold: Mapping[str, str],
    registry: str,
    invalid: Mapping[str, int] | None = None,
    links: str | None = None,
) -> str:
    """The signature of a score.

    ``gold`` maps document ids to :func:`gold_digest`, ``registry`` is :func:`registry_digest`;
    ``links`` is :func:`links_digest` where links are scored.
    """
    digest = _short("\n".join(f"{name} {gold[name]}" for name in sorted(gold)))
    parts = [
        f"vostochny:{_version()}",
        f"gold:{len(gold)}+{digest}",
        f"registry:{registry}",
        *([] if links is None else [f"links:{links}"]),
        f"task:{'+'.join(options.tasks)}",
        *_settings(options),
        f"boot:{options.n_boot}",
        f"seed:{options.seed}",
        f"alpha:{options.alpha:g}",
        f"block:{options.block}",
    ]
    if invalid and any(invalid.values()):
        parts.append(f"invalid:{sum(invalid.values())}")
    return "|".join(parts)


@cache
def _version() -> str:
    return version("vostochny")


def _settings(options: Options) -> list[str]:
    if options.links_on is not None:
        return _link_settings(options)
    return _layer_settings(options) if options.source == "layers" else _span_settings(options)


def _span_settings(options: Options) -> list[str]:
    """How mentions without documents were scored."""
    limit = options.overlap.entities
    above = [f"entities:iou>{_decimal(limit)}"] if limit else []
    units = ["boundaries:character"] if options.boundaries == "character" else []
    return [f"input:{options.source}", *units, "align:hungarian", *above]


def _layer_settings(options: Options) -> list[str]:
    limits = options.overlap
    named = [
        f"{name}:{value}"
        for name in ("boundaries", "discontinuous", "nested")
        if (value := getattr(options, name)) != getattr(DEFAULTS, name)
    ]
    labels = f"iou>{_decimal(limits.quotes)}"
    if limits.quotes != limits.claims:
        labels = f"quotes-{labels}+claims-iou>{_decimal(limits.claims)}"
    return [
        f"mentions:{'trimmed' if options.trim else 'as-written'}",
        *named,
        "align:hungarian",
        *([f"entities:iou>{_decimal(limits.entities)}"] if limits.entities else []),
        "quotes:iou>0",
        f"claims:iou>{_decimal(limits.claims)}",
        f"attributes:{labels}",
    ]


def _decimal(value: Fraction) -> str:
    """``0.5`` from 1/2; a fraction that no short decimal number equals as such."""
    short = f"{float(value):.15g}"
    return short if Fraction(short) == value else str(value)


def _link_settings(options: Options) -> list[str]:
    aligned = ["mentions:exact", "quotes:iou>0.5", "claims:iou>0.5"] if options.links_on == "system" else []
    return [
        f"layers:{options.links_on}",
        *aligned,
        "documents:merged",
        "singletons:kept",
        "lea-singletons:self-link",
        "means:defined",
    ]


def gold_digest(layer: Layer, document: Document) -> str:
    """A digest of what a gold layer says and of the structure it is scored on.

    The order of the annotations, their surface texts and the annotator's name do not change it.
    """
    stated: dict[str, Any] = {
        "text_sha256": document.text_sha256,
        "regions": [{"start": r.start, "end": r.end, "kind": r.kind} for r in document.regions],
        "sentences": document.sentences,
        "tokens": document.tokens,
    }
    if layer.mentions is not None:
        stated["mentions"] = sorted(map(_mention, layer.mentions))
    if layer.quotes is not None:
        stated["quotes"] = sorted(map(_quote, layer.quotes))
    if layer.marks is not None:
        stated["marks"] = sorted(map(_mark, layer.marks))
    if layer.claims is not None:
        stated["claims"] = sorted(map(_claim, layer.claims))
    return sha256(_canonical(stated).encode()).hexdigest()


def registry_digest(entities: Iterable[Entity]) -> str:
    """Number of registry entries and a digest of their ids and names; ``none`` if there is none."""
    listed = sorted(_canonical([e.id, e.name, sorted(e.aliases)]) for e in entities)
    return f"{len(listed)}+{_short(_canonical(listed))}" if listed else "none"


def links_digest(links: Links) -> str:
    """Numbers of utterances, claim groups and claim relations, and a digest of what they and entities link.

    Ids, names, notes and the order do not change it; a part that was not done stands as ``-``.
    """
    groups = {group.id: _named(group.members) for group in links.claim_groups or ()}
    parts = (
        None if links.utterances is None else [_named(u.members) for u in links.utterances],
        None if links.claim_groups is None else list(groups.values()),
        None
        if links.claim_relations is None
        else [[r.type, groups[r.source], groups[r.target]] for r in links.claim_relations],
    )
    entities = [_named(e.mentions) for e in links.entities if e.mentions is not None]
    stated = [None if part is None else sorted(map(_canonical, part)) for part in (entities, *parts)]
    sizes = "/".join("-" if part is None else str(len(part)) for part in parts)
    return f"{sizes}+{_short(_canonical(stated))}"


def _named(members: Iterable[Ref]) -> list[str]:
    return sorted(map(str, members))


# The canonical texts of annotations' JSON values, without the surface texts of spans. They are written out
# directly, because a corpus has many: keys sorted, strings as json has them.


def _mention(item: Mention) -> str:
    return (
        f'{{"end":{item.end},"entity":{_text(item.entity)},"id":{_text(item.id)},'
        f'"metonym_for":{_text(item.metonym_for)},"start":{item.start},"type":{_text(item.type)}}}'
    )


def _quote(item: Quote) -> str:
    source = "null" if item.source is None else _span(item.source)
    verbatim = "" if item.verbatim is None else f',"verbatim":{_spans(item.verbatim)}'
    return (
        f'{{"content":{_spans(item.content)},"cue":{_spans(item.cue)},"id":{_text(item.id)},'
        f'"medium":{_text(item.medium)},"polarity":{_text(item.polarity)},"source":{source},'
        f'"speaker":{_text(item.speaker)},"status":{_text(item.status)}{verbatim},'
        f'"within":{_text(item.within)}}}'
    )


def _mark(item: Mark) -> str:
    return f'{{"end":{item.end},"id":{_text(item.id)},"role":{_text(item.role)},"start":{item.start}}}'


def _claim(item: Claim) -> str:
    return (
        f'{{"certainty":{_text(item.certainty)},"claimer":{_text(item.claimer)},"id":{_text(item.id)},'
        f'"polarity":{_text(item.polarity)},"proposition":{_text(item.proposition)},'
        f'"quote":{_text(item.quote)},"spans":{_spans(item.spans)},"type":{_text(item.type)},'
        f'"voice":{_text(item.voice)}}}'
    )


def _text(value: str | None) -> str:
    if value is None:
        return "null"
    return _quoted(value) if isinstance(value, str) else _canonical(value)


def _span(span: Span) -> str:
    return f'{{"end":{span.end},"start":{span.start}}}'


def _spans(spans: Iterable[Span]) -> str:
    return f"[{','.join(map(_span, spans))}]"


_ENCODER = json.JSONEncoder(ensure_ascii=True, sort_keys=True, separators=(",", ":"))


def _canonical(value: Any) -> str:
    return _ENCODER.encode(value)


def _short(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:_LENGTH]
