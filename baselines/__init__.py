"""The baselines room: extractors, their registry and the loading of others'.

The eight baselines have one entry file each (``entities_rules``, ``quotes_crf``, ``claims_logreg``, …) over
shared rule modules (``sentence``, ``verbs``, ``runs``, ``places``, ``namewords``, ``values``, ``speech``,
``reports``, ``speakers``, ``clauses``) and the tagger ``crf``.

The rules and word lists were written from general knowledge of English news, before there was any
gold, and tried out on made-up sentences; on the articles they were run for crashes, validity and speed
only. Their author had read the annotation guidelines, whose examples come from the annotated articles;
words recognised as known only from there were taken out of the lists, but the rules of what makes a name, a
quote and a claim are the guidelines' own.
"""

from vostochny.baselines.base import Baseline, Extractor, Trainable
from vostochny.baselines.plugins import load_extractor
from vostochny.baselines.registry import BASELINES
from vostochny.baselines.run import predict

__all__ = ["BASELINES", "Baseline", "Extractor", "Trainable", "load_extractor", "predict"]
