"""The baselines room: extractors and linkers, their registries and the loading of others'.

The eight extractors have one entry file each (``entities_rules``, ``quotes_crf``, ``claims_logreg``, …) over
shared rule modules (``sentence``, ``verbs``, ``runs``, ``places``, ``namewords``, ``values``, ``speech``,
``reports``, ``speakers``, ``clauses``) and the tagger ``crf``.

The rules and word lists were written from general knowledge of English news, before there was any
gold, and tried out on made-up sentences; on the articles they were run for crashes, validity and speed
only. Their author had read the annotation guidelines, whose examples come from the annotated articles;
words recognised as known only from there were taken out of the lists, but the rules of what makes a name, a
quote and a claim are the guidelines' own.

The five linkers (``link_singletons``, ``link_exact_string``, ``link_tfidf``, …) have one small file each;
their rules and thresholds were fixed before there were any gold links.
"""

from vostochny.baselines.base import Baseline, Extractor, Trainable
from vostochny.baselines.link_base import LinkBaseline, Linker
from vostochny.baselines.link_blind import without_answers
from vostochny.baselines.link_plugins import load_linker
from vostochny.baselines.link_registry import LINKERS
from vostochny.baselines.link_run import link
from vostochny.baselines.plugins import load_extractor
from vostochny.baselines.registry import BASELINES
from vostochny.baselines.run import predict

__all__ = [
    "BASELINES",
    "LINKERS",
    "Baseline",
    "Extractor",
    "LinkBaseline",
    "Linker",
    "Trainable",
    "link",
    "load_extractor",
    "load_linker",
    "predict",
    "without_answers",
]
