"""Push and pull of a large round on a real Label Studio, timed: ``python benchmarks/labelstudio.py``.

A corpus is made of the five articles, repeated under new ids, with their gold layers as prefill. A server
is started for it, on loopback, and removed afterwards. The peer is the plain import endpoint of Label
Studio, which is sent the same tasks in one request and is trusted blindly. Figures are written between
the marks in ``docs/labelstudio-figures.md``.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
FIGURES = ROOT / "docs" / "labelstudio-figures.md"
ROUND, ANNOTATOR, SERVER = "large", "ana", "benchmark"
# ru_maxrss of a child is at least what its parent had when it was started, so the kernel's own mark is read.
COMMAND = """\
import atexit, sys
from pathlib import Path
atexit.register(lambda: sys.stderr.write(Path("/proc/self/status").read_text()))
from vostochny.cli.main import main
main()
"""
INTRODUCTION = """\
# Rounds on Label Studio in figures

Made by `python benchmarks/labelstudio.py`: a round of the five articles, repeated under new ids, with gold as
prefill and one annotator, on a server of its own. Client, server and whatever else ran shared one machine.

<!-- figures: labelstudio -->
<!-- /figures -->
"""


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


def timed(corpus: Path, url: str, *arguments: str) -> dict[str, Any]:
    """Run a ``vostochny round`` command in a process of its own; its seconds and peak memory in MB."""
    command = [sys.executable, "-c", COMMAND, "round", *arguments, "--corpus", str(corpus), "--url", url]
    began = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True)
    seconds = time.perf_counter() - began
    if done.returncode:
        raise SystemExit(f"{' '.join(arguments)} failed:\n{done.stdout}{done.stderr}")
    memory = int(re.findall(r"VmHWM:\s*(\d+) kB", done.stderr)[-1]) / 1024
    return {"seconds": seconds, "memory": memory, "output": done.stdout}


def plain_import(corpus: Path, url: str, key: str) -> float:
    """Seconds that Label Studio's import endpoint alone takes for the same tasks."""
    from label_studio_sdk import LabelStudio

    from vostochny.annotations.corpus import load_gold
    from vostochny.annotations.studio_config import labelling_config
    from vostochny.annotations.studio_encode import layer_to_results

    gold = load_gold(corpus)
    known = {entity.id for entity in gold.entities}
    tasks = []
    for name, layer in gold.items():
        document = gold.documents[name]
        results = layer_to_results(layer, document, known)
        data = {"text": document.text, "external_id": name}
        tasks.append({"data": data, "predictions": [{"model_version": "gold", "result": results}]})
    client = LabelStudio(base_url=url, api_key=key, timeout=3600, max_retries=0)
    project = client.projects.create(title="plain import", label_config=labelling_config(gold.entities))
    began = time.perf_counter()
    answer = client.projects.import_tasks(id=project.id, request=tasks)
    seconds = time.perf_counter() - began
    assert answer.prediction_count == len(tasks)
    client.projects.delete(project.id)
    return seconds


def submit(corpus: Path, url: str, key: str, share: int) -> int:
    """Submit the prefill of every ``share``-th task, as annotators do; how many."""
    import httpx

    record = json.loads((corpus / "rounds" / ROUND / "studio" / "studio.json").read_bytes())
    project = record["projects"][0]["project"]
    with httpx.Client(headers={"Authorization": f"Token {key}"}, timeout=600, trust_env=False) as http:
        done, page = 0, 1
        while True:
            query = {"project": project, "page": page, "page_size": 50, "fields": "all"}
            answer = http.get(f"{url}/api/tasks", params=query)
            if answer.status_code == 404:
                return done
            for task in answer.json()["tasks"]:
                if task["id"] % share == 0:
                    value = {"result": task["predictions"][0]["result"], "lead_time": 60}
                    http.post(f"{url}/api/tasks/{task['id']}/annotations/", json=value).raise_for_status()
                    done += 1
            page += 1


def measure(size: int, share: int) -> dict[str, Any]:
    """All figures of one run with ``size`` documents."""
    from vostochny.annotations.studio_server import down, up

    key = os.environ["LABEL_STUDIO_API_KEY"] = os.urandom(16).hex()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["VOSTOCHNY_DATA"] = folder
        corpus = make_corpus(Path(folder) / "corpus", size)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        server = up(SERVER, port=port)
        try:
            return _measured(corpus, server.url, key, server.data, share)
        finally:
            down(SERVER)


def _measured(corpus: Path, url: str, key: str, data: Path, share: int) -> dict[str, Any]:
    start = ("start", ROUND, "--annotators", ANNOTATOR, "--prefill", "gold")
    plain = plain_import(corpus, url, key)
    print(f"plain import: {plain:.1f} s", flush=True)
    push = timed(corpus, url, *start)
    print(f"push: {push['seconds']:.1f} s", flush=True)
    again = timed(corpus, url, *start)
    assert "nothing changed" in again["output"]
    print(f"push again: {again['seconds']:.1f} s", flush=True)
    submitted = submit(corpus, url, key, share)
    print(f"submitted: {submitted}", flush=True)
    status = timed(corpus, url, "status", ROUND)
    pull = timed(corpus, url, "pull", ROUND)
    layers = list((corpus / "rounds" / ROUND / ANNOTATOR).glob("*.json"))
    assert len(layers) == submitted
    unchanged = timed(corpus, url, "pull", ROUND)
    assert "nothing changed" in unchanged["output"]
    export = corpus / "rounds" / ROUND / "studio" / "export" / f"{ANNOTATOR}.json"
    return {
        "documents": len(list((corpus / "documents").glob("*.json"))),
        "submitted": submitted,
        "plain": plain,
        "push": push,
        "again": again,
        "status": status,
        "pull": pull,
        "unchanged": unchanged,
        "export": export.stat().st_size,
        "database": sum(path.stat().st_size for path in data.glob("*.sqlite3*")),
    }


def report(found: dict[str, Any]) -> str:
    """The figures as a table in Markdown."""
    documents, submitted = found["documents"], found["submitted"]
    rows = [
        ("plain import endpoint, one request, unchecked", found["plain"], documents, None),
        ("`round start`: checked, sent, compared", found["push"]["seconds"], documents, found["push"]),
        ("`round start` again: nothing to do", found["again"]["seconds"], documents, found["again"]),
        ("`round status`", found["status"]["seconds"], documents, found["status"]),
        ("`round pull`", found["pull"]["seconds"], documents, found["pull"]),
        ("`round pull` again: nothing to do", found["unchanged"]["seconds"], documents, found["unchanged"]),
    ]
    lines = ["| step | seconds | documents a second | client's memory |", "|---|--:|--:|--:|"]
    for name, seconds, count, usage in rows:
        memory = f"{usage['memory']:.0f} MB" if usage else ""
        lines.append(f"| {name} | {seconds:.1f} | {count / seconds:.1f} | {memory} |")
    ratio = found["push"]["seconds"] / found["plain"]
    facts = (
        f"{documents} documents, {submitted} of them submitted. `round start` takes {ratio:.1f} times as "
        f"long as the plain import endpoint alone. The export is {found['export'] / 1e6:.1f} MB, the "
        f"database {found['database'] / 1e6:.0f} MB. {os.cpu_count()} cores, Python "
        f"{platform.python_version()}, Label Studio 1.23.2 on SQLite; {time.strftime('%Y-%m-%d')}."
    )
    return "\n".join([*lines, "", facts, ""])


def write_figures(text: str) -> None:
    """Put the figures between their marks in the docs."""
    old = FIGURES.read_text(encoding="utf-8") if FIGURES.is_file() else INTRODUCTION
    block = re.compile(r"(<!-- figures: labelstudio -->\n).*?(<!-- /figures -->)", re.DOTALL)
    FIGURES.write_text(block.sub(lambda m: f"{m[1]}{text}{m[2]}", old), encoding="utf-8")


def main() -> None:
    """Measure, print, and write the figures unless told otherwise."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--documents", type=int, default=1000, help="how many (default 1000)")
    parser.add_argument("--share", type=int, default=4, help="submit every so many-th task (default 4)")
    parser.add_argument("--dry-run", action="store_true", help="print only; write no figures")
    options = parser.parse_args()
    text = report(measure(options.documents, options.share))
    print(text)
    if not options.dry_run:
        write_figures(text)


if __name__ == "__main__":
    main()
