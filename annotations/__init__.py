"""The articles, gold, rounds and entity registry, and the code that loads, compares and exports them."""

from vostochny.annotations.add import make_document
from vostochny.annotations.corpus import (
    ROOT,
    load_document,
    load_documents,
    load_gold,
    load_links,
    load_registry,
)
from vostochny.annotations.differences import Difference, differences
from vostochny.annotations.hf import export, layers_from_parquet, links_from_parquet
from vostochny.annotations.lint import lint
from vostochny.annotations.notation import read_notation
from vostochny.annotations.notation_writer import write_notation
from vostochny.annotations.rounds import Round, load_round

__all__ = [
    "ROOT",
    "Difference",
    "Round",
    "differences",
    "export",
    "layers_from_parquet",
    "links_from_parquet",
    "lint",
    "load_document",
    "load_documents",
    "load_gold",
    "load_links",
    "load_registry",
    "load_round",
    "make_document",
    "read_notation",
    "write_notation",
]
