"""The baselines room: extractors, each a small file, their registry and the loading of others'."""

from vostochny.baselines.base import Baseline, Extractor, Trainable
from vostochny.baselines.plugins import load_extractor
from vostochny.baselines.registry import BASELINES
from vostochny.baselines.run import predict

__all__ = ["BASELINES", "Baseline", "Extractor", "Trainable", "load_extractor", "predict"]
