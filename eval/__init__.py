"""Scorers: a gold layer and another layer to counts per paragraph, and counts to scores.

:func:`score` compares predictions with gold, :func:`score_spans` and :func:`score_tags` mentions in arrays
and tags, :func:`score_links` links across the documents, :func:`agreement` two annotators,
:func:`agreement_of_all` any number; each measure is one small module with its definition (``entity_strict``,
``quote_content_token``, ``claim_span``, …).
"""

from vostochny.eval.agree import agreement, agreement_json, agreement_of_all, agreement_report
from vostochny.eval.alpha import Alpha, krippendorff_alpha
from vostochny.eval.alpha_u import AlphaU, alpha_u
from vostochny.eval.compare_result import Comparison
from vostochny.eval.compare_systems import compare
from vostochny.eval.counts import Counts, Totals
from vostochny.eval.error_analysis import ErrorAnalysis, errors
from vostochny.eval.link_agree import agree_links
from vostochny.eval.link_items import link_clusters, link_items
from vostochny.eval.link_scoring import score_links
from vostochny.eval.link_tasks import LINK_TASKS
from vostochny.eval.nominal import Contingency
from vostochny.eval.options import Options
from vostochny.eval.report import Report
from vostochny.eval.scoring import score
from vostochny.eval.seqeval_report import seqeval_report
from vostochny.eval.spans import Spans
from vostochny.eval.spans_files import score_mentions
from vostochny.eval.spans_score import score_spans
from vostochny.eval.tags import SCHEMES
from vostochny.eval.tags_score import score_tags
from vostochny.eval.task_counts import TaskCounts
from vostochny.eval.tasks import TASKS

__all__ = [
    "LINK_TASKS",
    "SCHEMES",
    "TASKS",
    "Alpha",
    "AlphaU",
    "Comparison",
    "Contingency",
    "Counts",
    "ErrorAnalysis",
    "Options",
    "Report",
    "Spans",
    "TaskCounts",
    "Totals",
    "agree_links",
    "agreement",
    "agreement_json",
    "agreement_of_all",
    "agreement_report",
    "alpha_u",
    "compare",
    "errors",
    "krippendorff_alpha",
    "link_clusters",
    "link_items",
    "score",
    "score_links",
    "score_mentions",
    "score_spans",
    "score_tags",
    "seqeval_report",
]
