"""Rounds on a real server, for tests: a corpus, the commands, annotators that work through the API."""

import importlib.util
import json
import shutil
from pathlib import Path

from click.testing import CliRunner

from vostochny.annotations.corpus import load_documents, load_gold
from vostochny.annotations.studio_encode import layer_to_results
from vostochny.cli.main import cli
from vostochny.schema.errors import InputError
from vostochny.schema.readers import read_layer

ROOT = Path(__file__).parent.parent


def five_articles(folder):
    for room in ("articles", "documents", "gold"):
        shutil.copytree(ROOT / "annotations" / room, folder / room)
    return folder


def many_articles(folder, size):
    spec = importlib.util.spec_from_file_location("bench_studio", ROOT / "benchmarks" / "labelstudio.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.make_corpus(folder, size)


class Bench:
    """A corpus, a server, and what a user types."""

    def __init__(self, corpus, studio):
        self.corpus = corpus
        self.studio = studio
        self.gold = load_gold(corpus)
        self.documents = load_documents(corpus)

    def call(self, *arguments, env=None):
        """``vostochny round …``; status and output (problems are printed as ``main`` prints them)."""
        environment = {**self.studio.environment, **(env or {})}
        result = CliRunner().invoke(
            cli, ["round", *map(str, arguments), "--corpus", str(self.corpus)], env=environment
        )
        if isinstance(result.exception, InputError):
            lines = "".join(f"{problem}\n" for problem in result.exception.problems)
            return 1, result.output + lines
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result.exit_code, result.output

    def ok(self, *arguments, env=None):
        status, output = self.call(*arguments, env=env)
        assert status == 0, output
        return output

    def refused(self, *arguments, env=None):
        status, output = self.call(*arguments, env=env)
        assert status == 1, output
        assert self.studio.token not in output
        return output

    def folder(self, round):
        return self.corpus / "rounds" / round

    def record(self, round):
        return json.loads((self.folder(round) / "studio" / "studio.json").read_bytes())

    def project(self, round, annotator):
        return next(p["project"] for p in self.record(round)["projects"] if p["annotator"] == annotator)

    def files(self):
        """All files of the corpus with their bytes."""
        return {p.relative_to(self.corpus): p.read_bytes() for p in self.corpus.rglob("*") if p.is_file()}

    def tasks(self, project):
        """A project's tasks as the server has them, with their predictions and annotations."""
        found = []
        for page in range(1, 1000):
            status, value = self.studio.call(
                "GET", f"/api/tasks?project={project}&fields=all&page_size=100&page={page}"
            )
            if status == 404:
                break
            found += value["tasks"]
        return found

    def task(self, round, annotator, document):
        tasks = self.tasks(self.project(round, annotator))
        return next(task for task in tasks if task["data"]["document"] == document)

    def expected(self, document):
        """What a task of the document is prefilled with by gold."""
        known = {entity.id for entity in self.gold.entities}
        return layer_to_results(self.gold[document], self.documents[document], known)

    def drawn(self, document, label):
        """A sound annotation with a single mention, of that label, where gold has its first."""
        rest = [
            r
            for r in self.expected(document)
            if r.get("from_name") not in ("mention", "entity", "metonym_for")
        ]
        return [*rest, {**self.expected(document)[0], "value": {**self.value(document), "labels": [label]}}]

    def value(self, document):
        return self.expected(document)[0]["value"]

    def labels(self, round, annotator, document):
        """The labels of the mentions in a pulled layer."""
        path = self.folder(round) / annotator / f"{document}.json"
        return [mention.type for mention in read_layer(path, load_documents(self.corpus)).mentions]

    def annotate(self, task, results, *, skip=False, **more):
        """Submit as an annotator's browser does."""
        status, value = self.studio.call(
            "POST",
            f"/api/tasks/{task['id']}/annotations/",
            {"result": results, "was_cancelled": skip, "lead_time": 1.5, **more},
        )
        assert status == 201, value
        return value["id"]

    def accept(self, round, annotator, documents):
        """Submit the prefill as it is."""
        for task in self.tasks(self.project(round, annotator)):
            if task["data"]["document"] in documents:
                self.annotate(task, task["predictions"][0]["result"])

    def assert_exact(self, round, annotators, documents, prefill=True):
        """Each document is there once for each annotator, with its one prediction, which is gold's."""
        for name in annotators:
            tasks = self.tasks(self.project(round, name))
            assert sorted(t["data"]["external_id"] for t in tasks) == sorted(
                f"{round}/{name}/{document}" for document in documents
            )
            for task in tasks:
                document = task["data"]["document"]
                assert task["data"]["text"] == self.documents[document].text
                assert len(task["predictions"]) == (1 if prefill else 0), task["data"]["external_id"]
                for prediction in task["predictions"]:
                    assert prediction["result"] == self.expected(document)
