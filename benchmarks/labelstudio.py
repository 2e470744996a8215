"""Push and pull of a large round on a real Label Studio, timed: ``python benchmarks/labelstudio.py``.

A corpus is made of the five articles, repeated under new ids, with their gold layers as prefill. A server
is started for it, on loopback, and removed afterwards. The peer is the plain import endpoint of Label
Studio, which is sent the same tasks in the same batches and is trusted blindly. Figures are written
between the marks in ``docs/labelstudio-figures.md``.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import shutil
import socket
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
FIGURES = ROOT / "docs" / "labelstudio-figures.md"


def make_corpus(folder: Path, size: int, source: Path = ROOT / "annotations") -> Path:
    """A corpus of ``size`` documents: the articles of ``source`` in turn, whole, as ``ARTICLE-NUMBER``."""
    names = sorted(path.stem for path in (source / "documents").glob("*.json"))
    for room in ("articles", "documents", "gold"):
        (folder / room).mkdir(parents=True)
    shutil.copyfile(source / "gold" / "links.json", folder / "gold" / "links.json")
    for number in range(size):
        name = names[number % len(names)]
        new = f"{name}-{number + 1:04}"
        shutil.copyfile(source / "articles" / f"{name}.txt", folder / "articles" / f"{new}.txt")
        for room, key in (("documents", "id"), ("gold", "document")):
            value = json.loads((source / room / f"{name}.json").read_text(encoding="utf-8"))
            value[key] = new
            text = json.dumps(value, ensure_ascii=False, indent=1) + "\n"
            (folder / room / f"{new}.json").write_text(text, encoding="utf-8")
    return folder
