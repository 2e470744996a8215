"""The three tasks: which measures each has, and where they stand in a report."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from vostochny.eval.claim_alignment import claim_pairs
from vostochny.eval.claim_attributes import claim_attributes, claim_joint
from vostochny.eval.claim_claimer import claim_claimer, claim_claimer_table
from vostochny.eval.claim_dice import claim_dice
from vostochny.eval.claim_sentence import claim_sentence
from vostochny.eval.claim_span import claim_span
from vostochny.eval.claim_strict import claim_strict
from vostochny.eval.claim_token import claim_token
from vostochny.eval.counts import Tally
from vostochny.eval.items import Case, ClaimItem, ItemReader, ItemT, MentionItem, QuoteItem
from vostochny.eval.options import DEFAULTS, Options
from vostochny.eval.quote_alignment import close_pairs, loose_pairs
from vostochny.eval.quote_attributes import quote_attributes
from vostochny.eval.quote_by_kind import quote_by_kind
from vostochny.eval.quote_content_partial import quote_content_partial
from vostochny.eval.quote_content_strict import quote_content_strict
from vostochny.eval.quote_content_token import quote_content_token
from vostochny.eval.quote_cue import quote_cue
from vostochny.eval.quote_nesting import quote_nesting
from vostochny.eval.quote_source import quote_source
from vostochny.eval.quote_speaker import quote_speaker, quote_speaker_table
from vostochny.eval.quote_triple import quote_triple
from vostochny.eval.spans_items import count_mentions
from vostochny.eval.task_counts import Parts, Path, TaskCounts
from vostochny.schema.model import Layer


@dataclass(frozen=True, slots=True)
class Task:
    """A task: the layer part it scores, how, and which measures come first.

    ``read`` takes a document's reader, its gold and its predicted layer (a part that is None counts as
    empty); ``count`` takes what it gave for each document, and gives each one's counts. ``whole_items`` are
    the measures in which every predicted item counts, found or not;
    ``headline`` is the one that leads; ``macro_over`` names the breakdown whose F1 scores are averaged.
    """

    part: str
    read: Callable[[ItemReader, Layer, Layer], Any]
    count: Callable[[Mapping[str, Any], Options], Parts]
    empty: TaskCounts
    headline: Path
    whole_items: tuple[Path, ...]
    macro_over: str | None = None

    def invalid(self, n: int) -> TaskCounts:
        """``n`` predicted items that can't be read, as false positives in a block of their own.

        Each is one unit, in token measures one token, in every measure of ``whole_items``. The other
        measures (``by_type`` with its macro mean, ``conll4``, ``speaker``, ``cue``, …) do not see it: they
        ask for a label or a span of the item, and of an item that fails the checks none is taken on trust,
        even if it can be made out. Where items are invalid, those measures are therefore favourable.
        """
        tally = Tally(1)
        tally.predicted(0, n)
        return TaskCounts(1, measures=dict.fromkeys(self.whole_items, tally.counts))


def count_quotes(case: Case[QuoteItem], options: Options = DEFAULTS) -> TaskCounts:
    """All quote measures of a case."""
    loose, close = loose_pairs(case), close_pairs(case, options.overlap.quotes)
    return TaskCounts(
        n_blocks=case.n_blocks,
        measures={
            ("content_token",): quote_content_token(case, loose),
            ("content_strict",): quote_content_strict(case),
            ("content_partial",): quote_content_partial(case, loose),
            ("cue",): quote_cue(case, loose),
            ("source",): quote_source(case, loose),
            ("speaker",): quote_speaker(case, close),
            ("triple",): quote_triple(case),
            **{("by_kind", kind): counts for kind, counts in quote_by_kind(case, loose).items()},
            ("nesting",): quote_nesting(case, close),
        },
        attributes={
            ("speaker_accuracy",): quote_speaker_table(case, close),
            **{("attributes", name): table for name, table in quote_attributes(case, close).items()},
        },
    )


def count_claims(case: Case[ClaimItem], options: Options = DEFAULTS) -> TaskCounts:
    """All claim measures of a case."""
    pairs = claim_pairs(case, options.overlap.claims)
    return TaskCounts(
        n_blocks=case.n_blocks,
        measures={
            ("span",): claim_span(case, pairs),
            ("sentence",): claim_sentence(case),
            ("dice",): claim_dice(case),
            ("strict",): claim_strict(case),
            ("token",): claim_token(case),
            ("claimer",): claim_claimer(case, pairs),
            ("attributes", "joint"): claim_joint(case, pairs),
        },
        attributes={
            ("claimer_accuracy",): claim_claimer_table(case, pairs),
            **{("attributes", name): table for name, table in claim_attributes(case, pairs).items()},
        },
    )


def _entities(reader: ItemReader, gold: Layer, predicted: Layer) -> Case[MentionItem]:
    ours, theirs = (reader.mentions(layer.mentions or ()) for layer in (gold, predicted))
    return Case(reader.n_blocks, ours, theirs)


def _quotes(reader: ItemReader, gold: Layer, predicted: Layer) -> Case[QuoteItem]:
    ours, theirs = (reader.quotes(layer.quotes or ()) for layer in (gold, predicted))
    return Case(reader.n_blocks, ours, theirs)


def _claims(reader: ItemReader, gold: Layer, predicted: Layer) -> Case[ClaimItem]:
    ours, theirs = (reader.claims(layer.claims or ()) for layer in (gold, predicted))
    return Case(reader.n_blocks, ours, theirs, reader.sentence_blocks)


def _jointly(
    count: Callable[[Case[ItemT], Options], TaskCounts],
) -> Callable[[Mapping[str, Case[ItemT]], Options], Parts]:
    """Counting documents together, from counting one case."""

    def counted(cases: Mapping[str, Case[ItemT]], options: Options) -> Parts:
        sizes = {name: case.n_blocks for name, case in cases.items()}
        return Parts(count(Case.joined(cases.values()), options), sizes)

    return counted


TASKS: Mapping[str, Task] = {
    "entities": Task(
        part="mentions",
        read=_entities,
        count=count_mentions,
        empty=count_mentions({}, DEFAULTS).whole,
        headline=("strict",),
        whole_items=(("strict",), ("exact",), ("partial",), ("type",), ("token",)),
        macro_over="by_type",
    ),
    "quotes": Task(
        part="quotes",
        read=_quotes,
        count=_jointly(count_quotes),
        empty=count_quotes(Case(0, (), ())),
        headline=("content_token",),
        whole_items=(("content_token",), ("content_strict",), ("content_partial",), ("triple",)),
    ),
    "claims": Task(
        part="claims",
        read=_claims,
        count=_jointly(count_claims),
        empty=count_claims(Case(0, (), ())),
        headline=("span",),
        whole_items=(("span",), ("sentence",), ("dice",), ("strict",), ("token",), ("attributes", "joint")),
    ),
}
"""The tasks by name, in the order in which they are reported."""
