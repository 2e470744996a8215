"""Speed, side by side with other scorers: ``python -m benchmarks.run`` (or ``make benchmark``).

Each row (:mod:`benchmarks.rows`) is measured at each size in a process of its own, with one thread. All of
it goes into ``benchmarks/results.json``, from which ``docs/speed.md`` and ``docs/speed.svg`` are rendered;
``--render`` does only that, ``--quick`` measures small sizes and writes nothing.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from benchmarks.rows import Row

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "benchmarks" / "results.json"
PAGE = ROOT / "docs" / "speed.md"
PLOT = ROOT / "docs" / "speed.svg"
PACKAGES = (
    "vostochny", "krippendorff", "msgspec", "nervaluate", "numpy", "orjson", "pyarrow", "scipy", "scorch",
    "seqeval",
)  # fmt: skip
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
QUICK = {"tokens": 100_000, "mentions": 10_000, "units": 100_000, "documents": 1_000}
"""Largest sizes of a quick run, by unit."""


def main() -> None:
    """Measure and render."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--quick", action="store_true", help="small sizes; the table is printed, nothing written"
    )
    parser.add_argument("--render", action="store_true", help="render what has been measured")
    parser.add_argument("--check", action="store_true", help="fail if the page is not what has been measured")
    parser.add_argument("--row", action="append", help="measure only this row (others stay); may be repeated")
    parser.add_argument("--child", nargs=2, metavar=("ROW", "SIZE"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        row, size = options.child
        print(json.dumps(measured(row, int(size))))
        return
    from benchmarks.speed_page import page

    if options.check:
        if PAGE.read_text(encoding="utf-8") != page(json.loads(RESULTS.read_bytes())):
            raise SystemExit(
                f"{PAGE.name} is not what has been measured; run: python -m benchmarks.run --render"
            )
        return
    if not options.render:
        before = json.loads(RESULTS.read_bytes()) if options.row and not options.quick else {}
        found = measure_all(quick=options.quick, only=options.row, before=before)
        if options.quick:
            print(page(found))
            return
        RESULTS.write_text(json.dumps(found, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    from benchmarks.speed_plot import plot

    # Rendered from the file, as it is checked.
    found = json.loads(RESULTS.read_bytes())
    PAGE.write_text(page(found), encoding="utf-8")
    plot(found, PLOT)


def measure_all(*, quick: bool, only: list[str] | None, before: dict[str, Any]) -> dict[str, Any]:
    """The results of all rows, or of some on top of earlier results."""
    from benchmarks.memory import FORMS, SIZE
    from benchmarks.rows import ROWS

    rows: dict[str, Any] = dict(before.get("rows", {}))
    chosen = {name: _sizes(row, quick) for name, row in ROWS.items() if not only or name in only}
    began = time.perf_counter()
    with ThreadPoolExecutor(1) as beside:
        waiting = {name: beside.submit(_row, name, chosen[name]) for name in chosen if ROWS[name].beside}
        rows |= {name: _row(name, sizes) for name, sizes in chosen.items() if name not in waiting}
        rows |= {name: found.result() for name, found in waiting.items()}
    memory = dict(before.get("memory", {}))
    if not quick and (not only or "memory" in only):
        memory = {form: _child(f"memory:{form}", SIZE) for form in FORMS}
    print(f"measured in {time.perf_counter() - began:.0f} s", file=sys.stderr)
    return {"machine": machine(), "rows": rows, "memory": memory}


def _sizes(row: Row, quick: bool) -> list[int]:
    return [size for size in row.sizes if not quick or size <= QUICK[row.unit]]


def _row(name: str, sizes: list[int]) -> dict[str, Any]:
    return {str(size): _child(name, size) for size in sizes}


def measured(name: str, size: int) -> dict[str, Any]:
    """What one process measures: the calls of a row at a size, or memory."""
    if name.startswith("memory:"):
        from benchmarks.memory import measured_memory

        return measured_memory(name.removeprefix("memory:"), size)
    from benchmarks.measure import fastest
    from benchmarks.rows import ROWS

    row = ROWS[name]
    calls = {call: run for call, run in row.make(size).items() if size <= row.limits.get(call, size)}
    found = fastest(calls)
    for call, scale in row.scales.items():
        if call in found:
            found[call]["seconds"] *= scale
    return found


def machine() -> dict[str, Any]:
    """What the measurements were made on."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "system": platform.system(),
        "python": platform.python_version(),
        "packages": {name: version(name) for name in PACKAGES},
        "date": time.strftime("%Y-%m-%d"),
    }


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor()


def _child(row: str, size: int) -> dict[str, Any]:
    print(f"{row}, {size:,}", file=sys.stderr, flush=True)
    command = [sys.executable, "-m", "benchmarks.run", "--child", row, str(size)]
    environment = {**os.environ, **ONE_THREAD}
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=environment)
    if done.returncode:
        raise SystemExit(f"{row} at {size:,} failed:\n{done.stdout}{done.stderr}")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


if __name__ == "__main__":
    main()
