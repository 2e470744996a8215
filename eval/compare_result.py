"""What a comparison of systems found, as values and as JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from vostochny.eval.compare_measure import Measure
from vostochny.eval.compare_spread import Spread

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class PairedTest:
    """A test of a difference: its p-value, that after Holm's correction, and how many draws told nothing."""

    p: float
    p_holm: float
    undefined: int

    def to_json(self) -> Json:
        """``{"p", "p_holm", "undefined"}``."""
        return {"p": self.p, "p_holm": self.p_holm, "undefined": self.undefined}


@dataclass(frozen=True, slots=True)
class Difference:
    """How a system differs from the baseline in one measure.

    ``difference`` is the system's score minus the baseline's; ``interval`` and ``standard_error`` are the
    paired bootstrap's. ``detectable`` is the minimum detectable difference of one test, ``detectable_holm``
    that of the strictest of the family's tests (level ``alpha`` / its number). All of these, the tests and
    ``spread`` are None where a score is undefined; the standard error and what is detectable also where
    nothing varies, ``spread`` where there are not several documents.
    """

    system: str
    score: float | None
    difference: float | None
    interval: tuple[float, float] | None
    standard_error: float | None
    bootstrap: PairedTest | None
    randomization: PairedTest | None
    detectable: float | None
    detectable_holm: float | None
    spread: Spread | None


@dataclass(frozen=True, slots=True)
class Compared:
    """One measure: the baseline's score, and the differences of all others, which are one family of tests."""

    measure: Measure
    baseline: float | None
    differences: tuple[Difference, ...]

    @property
    def family(self) -> int:
        """The number of tests in the family: of others whose difference is defined."""
        return sum(each.bootstrap is not None for each in self.differences)


@dataclass(frozen=True, slots=True)
class Comparison:
    """What :func:`vostochny.eval.compare` found.

    ``names`` are the systems', the baseline's first; ``remarks`` are what to know of it.
    """

    signature: str
    names: tuple[str, ...]
    n_boot: int
    seed: int
    alpha: float
    power: float
    compared: tuple[Compared, ...]
    remarks: tuple[str, ...]

    def to_json(self) -> Json:
        """The comparison as a JSON value. Scores and differences are fractions, what is undefined is null."""
        return {
            "signature": self.signature,
            "baseline": self.names[0],
            "systems": list(self.names[1:]),
            "n_boot": self.n_boot,
            "seed": self.seed,
            "alpha": self.alpha,
            "power": self.power,
            "remarks": list(self.remarks),
            "measures": [self._compared_json(each) for each in self.compared],
        }

    def _compared_json(self, compared: Compared) -> Json:
        return {
            "task": compared.measure.task,
            "measure": "/".join(compared.measure.path),
            "baseline": compared.baseline,
            "family": compared.family,
            "systems": [self._difference_json(each) for each in compared.differences],
        }

    def _difference_json(self, found: Difference) -> Json:
        return {
            "name": found.system,
            "f1": found.score,
            "difference": found.difference,
            f"ci{100 * (1 - self.alpha):g}": None if found.interval is None else list(found.interval),
            "standard_error": found.standard_error,
            "bootstrap": None if found.bootstrap is None else found.bootstrap.to_json(),
            "randomization": None if found.randomization is None else found.randomization.to_json(),
            "detectable": found.detectable,
            "detectable_holm": found.detectable_holm,
            "articles": None if found.spread is None else found.spread.to_json(),
        }
