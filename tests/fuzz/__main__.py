"""Fuzz with both engines, one after the other: ``python -m fuzz --seconds 600 --record docs/fuzzing.md``."""

from __future__ import annotations

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

HEAD = "| date | version | engine | seconds | inputs | accepted | reached | peak memory | failures |"
REACHED = {"generated": "{checks} kinds of problems", "guided": "{cov} edges, {ft} features"}
NAMES = {"generated": "hypothesis", "guided": "atheris"}


def fuzz(engine: str, seconds: int, folder: Path) -> dict[str, Any]:
    """Run an engine; what it did. Ends the program if an input fails."""
    command = [sys.executable, "-m", f"fuzz.{engine}", str(seconds), str(folder)]
    begun = time.monotonic()
    with (folder.parent / f"{engine}.log").open("w+", encoding="utf-8", errors="replace") as log:
        status = subprocess.run(command, stdout=log, stderr=log, check=False).returncode
        log.seek(0)
        said = log.read()
    if status:
        print(said[-5000:], f"{NAMES[engine]} found a failure; the input is in {folder}", sep="\n")
        sys.exit(1)
    found = _guided(said) if engine == "guided" else json.loads((folder / "result.json").read_text())
    return {**found, "seconds": round(time.monotonic() - begun)}


def _guided(said: str) -> dict[str, Any]:
    """What libFuzzer says at its end."""
    cov, ft = re.findall(r"DONE\s+cov: (\d+) ft: (\d+)", said)[-1]
    numbers = {name: int(value) for name, value in re.findall(r"^stat::(\w+):\s+(\d+)", said, re.MULTILINE)}
    return {
        "inputs": numbers["number_of_executed_units"],
        "accepted": None,
        "peak": numbers["peak_rss_mb"] << 20,
        "cov": f"{int(cov):,}",
        "ft": f"{int(ft):,}",
    }


def row(engine: str, found: dict[str, Any]) -> str:
    """A line of the table."""
    package = version(NAMES[engine])
    accepted = "–" if found["accepted"] is None else f"{found['accepted']:,}"
    cells = [time.strftime("%Y-%m-%d"), _version(), f"{NAMES[engine]} {package}", found["seconds"]]
    cells += [f"{found['inputs']:,}", accepted, REACHED[engine].format(**found)]
    return f"| {' | '.join(map(str, cells))} | {found['peak'] >> 20} MiB | none |"


def _version() -> str:
    """The version, with the commit in a checkout."""
    command = ["git", "-C", str(Path(__file__).parent), "rev-parse", "--short", "HEAD"]
    commit = subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
    return "+".join(filter(None, (version("vostochny"), commit)))


def main() -> None:
    """Fuzz, and put the lines into the page."""
    parser = argparse.ArgumentParser(prog="fuzz", description=__doc__)
    parser.add_argument("--seconds", type=int, default=600, help="for each engine (default: 600)")
    parser.add_argument("--record", type=Path, metavar="PAGE", help="put the result into this page's table")
    given = parser.parse_args()
    for engine in ("generated", "guided"):
        folder = Path(tempfile.mkdtemp(prefix="fuzz-"))
        line = row(engine, fuzz(engine, given.seconds, folder / engine))
        # What fails is kept: then the program has ended before.
        shutil.rmtree(folder)
        print(line)
        if given.record:
            head, rule, rest = given.record.read_text(encoding="utf-8").partition(HEAD)
            first, _, lines = rest.lstrip("\n").partition("\n")
            given.record.write_text(f"{head}{rule}\n{first}\n{line}\n{lines}", encoding="utf-8")


if __name__ == "__main__":
    main()
