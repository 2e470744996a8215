"""Layers in JSONL to all measures of entities, from the two files to figures."""

from __future__ import annotations

import atexit
import shutil
from collections.abc import Mapping
from pathlib import Path
from tempfile import mkdtemp

from benchmarks import generator
from benchmarks.measure import Call
from vostochny.eval import score_mentions
from vostochny.schema.columns import read_mentions


def calls(n_tokens: int) -> Mapping[str, Call]:
    """Ours on two files; decoding alone, by msgspec and orjson; nervaluate on the same spans in memory."""
    import msgspec
    import orjson
    from nervaluate import Evaluator

    folder = Path(mkdtemp())
    atexit.register(shutil.rmtree, folder)
    truth = generator.gold(n_tokens)
    found = generator.output(truth)
    files = folder / "gold.jsonl", folder / "system.jsonl"
    for entities, file in zip((truth, found), files, strict=True):
        entities.write(file, file.stem)
    gold, predicted = truth.lists(), found.lists()
    decoder = msgspec.json.Decoder()

    def with_msgspec() -> None:
        for file in files:
            decoder.decode_lines(file.read_bytes())

    def with_orjson() -> None:
        for file in files:
            [orjson.loads(line) for line in file.read_bytes().splitlines()]

    def with_nervaluate() -> float:
        tables = Evaluator(gold, predicted, tags=list(generator.TYPES), loader="dict").evaluate()
        return float(tables["overall"]["strict"].f1)

    def ours() -> float:
        gold_read, found_read = (read_mentions(file) for file in files)
        figures = score_mentions(gold_read, found_read, n_boot=0).to_json()["tasks"]["entities"]
        return float(figures["strict"]["f1"])

    return {
        "ours": ours,
        "msgspec, decoding only": with_msgspec,
        "orjson, decoding only": with_orjson,
        "nervaluate": with_nervaluate,
    }
