"""Times and memory: CPU seconds of calls, taken in turns, and a process's peak of resident memory."""

from __future__ import annotations

import gc
import math
import re
import time
from collections.abc import Callable, Mapping
from pathlib import Path

Call = Callable[[], float | None]

TURNS, ENOUGH_RUNS, ENOUGH_SECONDS = 15, 3, 2.0
SHORT, REPEATS = 0.02, 10


def fastest(calls: Mapping[str, Call]) -> dict[str, dict[str, float]]:
    """The best CPU time of each call: ``{name: {"seconds", "runs"}}``.

    The calls are run in turns, so that a slower or faster moment of the machine falls on all. There are up to
    15 turns; a call that has had 3 runs and 2 seconds, or that took 5 seconds at once, is left out of the
    further ones. One that takes less than 20 ms is run ten times in a turn, so that it isn't timed on what
    the call before it left in the processor's caches. The garbage collector is off while a call runs. Calls
    that
    return a number must all return the same one: they do the same work.
    """
    times: dict[str, list[float]] = {name: [] for name in calls}
    results: dict[str, float] = {}
    for _ in range(TURNS):
        for name, call in calls.items():
            if _enough(times[name]):
                continue
            gc.collect()
            gc.disable()
            result = _timed(call, times[name])
            while times[name][-1] < SHORT and len(times[name]) % REPEATS:
                _timed(call, times[name])
            gc.enable()
            if result is not None:
                results[name] = result
    first = next(iter(results.values()), math.nan)
    if any(not math.isclose(value, first, rel_tol=1e-6) for value in results.values()):
        raise SystemExit(f"the calls don't agree: {results}")
    return {name: {"seconds": min(each), "runs": len(each)} for name, each in times.items()}


def _timed(call: Call, times: list[float]) -> float | None:
    began = time.process_time()
    result = call()
    times.append(time.process_time() - began)
    return result


def _enough(times: list[float]) -> bool:
    if not times:
        return False
    return times[0] >= 5 or (len(times) >= ENOUGH_RUNS and sum(times) >= ENOUGH_SECONDS)


def reset_peak() -> None:
    """Let the peak of resident memory begin anew from what is resident now (Linux)."""
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5")


def resident(peak: bool = False) -> float:
    """Resident memory of the process in MiB, now or at its peak (Linux)."""
    name = "VmHWM" if peak else "VmRSS"
    status = Path("/proc/self/status").read_text()
    found = re.search(rf"{name}:\s*(\d+) kB", status)
    assert found is not None
    return int(found[1]) / 1024
