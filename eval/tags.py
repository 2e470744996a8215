"""Tags of sequences to mentions, by the letter of a scheme.

A tag is ``O``, or a prefix, a hyphen and a type, as in ``B-PER``; a bare prefix stands for the type without a
name. Sequences are cut into *chunks* first: stretches of tags that can't be parts of one entity are kept
apart. A chunk ends before ``O``, before a tag of another type, at the end of its sequence, before ``B`` (and
``U``, ``S``), and after ``L``, ``E``, ``U``, ``S``. Then each chunk either has the form that the scheme asks
for, or it is *malformed*:

``IOB2`` (Tjong Kim Sang & Veenstra, "Representing text chunks", EACL 1999)
    ``B-X`` and any number of ``I-X``. Malformed: a chunk that starts with ``I``.
``IOB1`` (the same; Ramshaw & Marcus, 1995)
    ``I-X`` throughout; ``B-X`` at the start only where an entity of type X ends right before. Malformed: a
    chunk that starts with ``B`` anywhere else.
``BILOU`` (Ratinov & Roth, CoNLL 2009), ``IOBES`` (or ``BIOES``)
    ``B-X``, any number of ``I-X``, ``L-X``; or ``U-X`` alone. ``IOBES`` writes ``E`` for ``L`` and ``S`` for
    ``U``. Malformed: a chunk without its first or last tag.
``BIO``
    The tags of IOB2, read as conlleval reads them: a chunk is an entity, however it starts. Chunks that
    IOB2 would not allow are counted as malformed, but are entities all the same.

In the strict schemes a malformed chunk is no entity. One that a system predicts is an output that can't be
right, so it counts as a false positive, under the type it names; it does not vanish, which would make
precision better than it is. One in gold is nothing that could be found, and is left out. Both are counted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vostochny.eval.spans import Spans
from vostochny.schema.errors import InputError, shown

Bools = NDArray[np.bool_]
_Flat = NDArray[np.integer[Any]]

SCHEMES = ("IOB2", "IOB1", "BIO", "BILOU", "IOBES", "BIOES")
"""The names of the schemes."""

_O, _B, _I, _L, _U = range(5)
_PREFIXES = {
    "IOB2": "OBI",
    "IOB1": "OBI",
    "BIO": "OBI",
    "BILOU": "OBILU",
    "IOBES": "OBIES",
    "BIOES": "OBIES",
}
_END = {"BILOU": ("L", "U"), "IOBES": ("E", "S"), "BIOES": ("E", "S")}


@dataclass(frozen=True, eq=False)
class Tags:
    """Sequences of tags, decoded.

    ``spans`` are the entities: documents are the sequences, offsets count tags. ``unsound`` are the malformed
    chunks that are no entities, ``malformed`` says how many chunks break the scheme in which way, and
    ``lengths`` how many tags each sequence has.
    """

    spans: Spans
    unsound: Spans
    malformed: dict[str, int]
    lengths: NDArray[np.int64]


def decode(sequences: Sequence[Sequence[str]], scheme: str = "IOB2", *, what: str = "tags") -> Tags:
    """Decode sequences of tags.

    ``what`` names them in messages.

    >>> tags = decode([["B-PER", "I-PER", "O"], ["I-LOC", "O"]])
    >>> tags.spans.start.tolist(), tags.spans.end.tolist(), tags.malformed
    ([0], [2], {'I at the start': 1, 'I after O': 0, 'I after another type': 0})

    Raises :class:`~vostochny.schema.errors.InputError` for an unknown scheme (``bad-option``), for what is no
    tag of the scheme (``unknown-tag``, with sequence and place) and for anything but sequences of strings
    (``wrong-type``).
    """
    if scheme not in SCHEMES:
        raise InputError.of(
            "bad-option", f"scheme: found {shown(scheme)}, expected one of {', '.join(SCHEMES)}"
        )
    flat, lengths, names = _coded(sequences, what)
    prefixes, types, labels = _read(names, scheme, lambda code: _place(flat, lengths, code), what)
    return _decoded(flat, lengths, prefixes, types, labels, scheme)


class _Codes(dict[str, int]):
    """A code for each tag, given when it is first met."""

    def __missing__(self, tag: str) -> int:
        self[tag] = len(self)
        return self[tag]


def _coded(sequences: Sequence[Sequence[str]], what: str) -> tuple[_Flat, NDArray[np.int64], list[Any]]:
    """The codes of all tags in a row, the sequences' lengths, and the tag of each code."""
    if isinstance(sequences, str | bytes):
        raise InputError.of(
            "wrong-type", f"{what}: found {shown(sequences)}, expected a list of lists of tags"
        )
    listed = sequences if isinstance(sequences, list | tuple) else list(sequences)
    codes = _Codes()
    try:
        if {str, bytes} & set(map(type, listed)):
            raise TypeError
        lengths = np.fromiter(map(len, listed), dtype=np.int64, count=len(listed))
        try:
            # Nearly always there are fewer than 256 different tags, and bytes are filled fastest.
            flat = np.frombuffer(bytes(map(codes.__getitem__, chain.from_iterable(listed))), dtype=np.uint8)
        except ValueError:
            flat = np.fromiter(map(codes.__getitem__, chain.from_iterable(listed)), dtype=np.int32)
    except TypeError:
        raise _no_tags(listed, what) from None
    return flat, lengths, list(codes)


def _no_tags(sequences: Iterable[Any], what: str) -> InputError:
    """What is wrong with something else than sequences of hashable values."""
    for n, sequence in enumerate(sequences):
        if isinstance(sequence, str | bytes) or not isinstance(sequence, Iterable):
            found = f"sequence {n} is {shown(sequence)}, expected a list of tags"
            return InputError.of("wrong-type", f"{what}: {found}")
        if not hasattr(sequence, "__len__"):
            return InputError.of("wrong-type", f"{what}: sequence {n} has no length; give lists")
        for place, tag in enumerate(sequence):
            if not isinstance(tag, str):
                found = (
                    f"sequence {n}, place {place}: found {shown(tag)}, expected a tag such as 'B-PER' or 'O'"
                )
                return InputError.of("wrong-type", f"{what}: {found}")
    return InputError.of("wrong-type", f"{what}: expected a list of lists of tags")


def _place(flat: _Flat, lengths: NDArray[np.int64], code: int) -> tuple[int, int]:
    """Sequence and place in it of a tag's first occurrence."""
    first = int(np.flatnonzero(flat == code)[0])
    ends = np.cumsum(lengths)
    n = int(np.searchsorted(ends, first, side="right"))
    return n, first - int(ends[n] - lengths[n])


def _read(
    names: list[Any], scheme: str, place: Callable[[int], tuple[int, int]], what: str
) -> tuple[NDArray[np.int8], NDArray[np.int32], tuple[str, ...]]:
    """Prefix and type of each tag, and the labels of the types (sorted; -1 is the type of ``O``)."""
    allowed = _PREFIXES[scheme]
    prefixes, kinds = [], []
    for code, tag in enumerate(names):
        prefix, hyphen, kind = tag.partition("-") if isinstance(tag, str) else ("", "", "")
        known = isinstance(tag, str) and len(prefix) == 1 and prefix in allowed
        if not known or (prefix == "O") != (tag == "O") or (hyphen and not kind):
            n, at = place(code)
            message = f"{what}: sequence {n}, place {at}: found {shown(tag)}, expected O or "
            listed = ", ".join(f"{each}-TYPE" for each in allowed[1:])
            hint = "; for other tags name their scheme" if isinstance(tag, str) else ""
            raise InputError.of("unknown-tag", f"{message}{listed} ({scheme}){hint}")
        prefixes.append(allowed.index(prefix))
        kinds.append(kind if prefix != "O" else None)
    labels = tuple(sorted({kind for kind in kinds if kind is not None}))
    number = {kind: n for n, kind in enumerate(labels)}
    types = [-1 if kind is None else number[kind] for kind in kinds]
    # One more, so that an empty table can be indexed.
    return np.array([*prefixes, _O], dtype=np.int8), np.array([*types, -1], dtype=np.int32), labels


def _decoded(
    flat: _Flat,
    lengths: NDArray[np.int64],
    prefixes: NDArray[np.int8],
    types: NDArray[np.int32],
    labels: tuple[str, ...],
    scheme: str,
) -> Tags:
    """The chunks, sorted into sound and malformed ones."""
    # Only places with another tag than O are looked at: in most corpora few.
    at = np.flatnonzero(np.take(prefixes != _O, flat))
    prefix, kind = prefixes[flat[at]], types[flat[at]]
    ends = np.cumsum(lengths)
    sequence = np.searchsorted(ends, at, side="right")
    first = (ends - lengths)[sequence] == at
    # Whether the tag before belongs to the same sequence and is none of O.
    joined = np.zeros(len(at), dtype=np.bool_)
    joined[1:] = (at[1:] == at[:-1] + 1) & ~first[1:]
    same = np.zeros(len(at), dtype=np.bool_)
    same[1:] = joined[1:] & (kind[1:] == kind[:-1])
    opens = ~same | (prefix == _B)
    if scheme in _END:
        opens |= prefix == _U
        opens[1:] |= (prefix[:-1] == _L) | (prefix[:-1] == _U)
    starts = np.flatnonzero(opens)
    last = np.append(starts[1:], len(at))[: len(starts)] - 1
    faults = _faults(scheme, prefix[starts], prefix[last], first[starts], joined[starts], same[starts])
    wrong = np.zeros(len(starts), dtype=np.bool_)
    for found in faults.values():
        wrong |= found
    document = sequence[starts]
    offset = at[starts] - (ends - lengths)[document]
    end, code, n = offset + at[last] - at[starts] + 1, kind[starts], len(lengths)
    if scheme == "BIO":
        sound, unsound = np.ones(len(starts), dtype=np.bool_), np.zeros(len(starts), dtype=np.bool_)
    else:
        sound, unsound = ~wrong, wrong
    made = [
        Spans(document[part], offset[part], end[part], code[part], labels, n) for part in (sound, unsound)
    ]
    counted = {name: int(found.sum()) for name, found in faults.items()}
    return Tags(made[0], made[1], counted, lengths)


def _faults(
    scheme: str, head: NDArray[np.int8], tail: NDArray[np.int8], first: Bools, joined: Bools, same: Bools
) -> dict[str, Bools]:
    """In which way each chunk is malformed, one way a chunk.

    ``head`` and ``tail`` are its first and last prefix; ``first`` says that it starts its sequence,
    ``joined`` that an entity's tag stands right before it, ``same`` that this is of the same type.
    """
    if scheme in _END:
        end, single = _END[scheme]
        alone = head == _U
        names = np.array(["O", "B", "I", end, single])
        no_start = ~alone & (head != _B)
        no_end = ~alone & ~no_start & (tail != _L)
        return {
            **{f"{names[each]} without B before": no_start & (head == each) for each in (_I, _L)},
            f"B without {end} after": no_end,
        }
    if scheme == "IOB1":
        odd = (head == _B) & ~same
        name = "B"
    else:
        odd = head == _I
        name = "I"
    return {
        f"{name} at the start": odd & first,
        f"{name} after O": odd & ~first & ~joined,
        f"{name} after another type": odd & joined,
    }
