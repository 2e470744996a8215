"""Run the round of docs/rounds.md for real, with the pictures of it, in an empty folder.

    .venv/bin/python docs/make_screenshots.py

Prints every command with what it said; the guide quotes that. Needs Chromium and port 8080, and starts
and stops a server of its own. Pictures go to docs/rounds/.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from browser_support import Person, browser  # noqa: E402

PICTURES = ROOT / "docs" / "rounds"
BRIDGE = """Harbour bridge to reopen in May

The Northport Harbour Authority said on Monday that the bridge would reopen in May. “The new cables are in \
place,” the authority added.

Northport's council called the date optimistic.
"""
FERRY = """Ferry fares stay as they are

The Northport Ferry Company will not raise its fares this year, its director announced. “We expect more \
passengers,” she told reporters.
"""


class Guide:
    """A folder to work in, and a terminal."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = {
            **os.environ,
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "VOSTOCHNY_DATA": str(folder / ".data"),
            "VOSTOCHNY_CORPUS": "corpus",
            "COLUMNS": "100",
        }
        for name in ("LABEL_STUDIO_API_KEY", "LABEL_STUDIO_URL"):
            self.environment.pop(name, None)

    def run(self, command: str) -> str:
        """Run a command as a user would, and show it with all that it says."""
        print(f"$ {command}", flush=True)
        done = subprocess.run(
            command, shell=True, cwd=self.folder, env=self.environment, capture_output=True, text=True
        )
        said = done.stdout + done.stderr
        shown = re.sub(r"(password +|API_KEY=|token=)\S+", r"\1…", said)
        print(shown.replace(str(self.folder), "."), flush=True)
        return said


def place(text: str, words: str, nth: int = 0) -> tuple[int, int]:
    """Where some words stand."""
    start = -1
    for _ in range(nth + 1):
        start = text.index(words, start + 1)
    return start, start + len(words)


class Annotator:
    """Somebody who knows the guidelines, at the screen."""

    def __init__(self, person: Person, text: str) -> None:
        self.person = person
        self.text = text

    def name(self, key: str, words: str, nth: int = 0, entity: str | None = None) -> None:
        """Mark a name or value; type the entity that the registry lacks."""
        where = place(self.text, words, nth)
        self.person.draw(key, *where)
        if entity:
            self.person.select(where[0])
            self.person.type("entity_other", entity)

    def quote(self, content: str, source: str, cue: str, speaker: str) -> None:
        """Mark a quote with its source and cue, and join them by arrows."""
        whole, by, said = (place(self.text, words) for words in (content, source, cue))
        self.person.draw("q", *whole)
        self.person.draw("s", *by)
        self.person.draw("c", *said)
        self.person.relate(whole[0], by[0])
        self.person.relate(whole[0], said[0])
        self.person.select(whole[0])
        if speaker == "unnamed":
            self.person.choose("Who speaks", "unnamed")
        else:
            self.person.type("speaker_other", speaker)

    def claim(self, words: str, proposition: str | None, *keys: str) -> None:
        """Mark a claim; keys set what differs from the usual."""
        self.person.draw("k", *place(self.text, words))
        self.person.pick("claim", words[:15])
        if proposition:
            self.person.type("proposition", proposition)
            self.person.press(*keys)


def bridge(person: Person, *, careful: bool, shot: Callable[[str], None] | None = None) -> None:
    """Annotate the first text. Who is less careful overlooks a name and forgets a proposition."""
    hand = Annotator(person, BRIDGE)
    authority, will = "Northport Harbour Authority", "The bridge will reopen in May."
    hand.quote("the bridge would reopen in May", f"The {authority}", "said", authority)
    if shot:
        person.press("Escape")
        person.select(place(BRIDGE, "the bridge")[0])
        shot("quote")
    hand.name("o", authority, entity=authority)
    if shot:
        person.pick("ORG", authority)
        shot("entity")
    hand.name("1", "Monday")
    hand.name("1", "May", 0)
    hand.name("1", "May", 1)
    hand.quote("“The new cables are in place,”", "the authority", "added", authority)
    hand.quote("the date optimistic", "Northport's council", "called", "unnamed")
    hand.claim("Harbour bridge to reopen in May", will, "t")
    hand.claim("the bridge would reopen in May", will, *("t" if careful else ()))
    if shot:
        shot("claim")
    hand.claim("The new cables are in place", "The new cables of the bridge are in place.")
    opinion = "The date of the bridge's reopening is optimistic."
    hand.claim("the date optimistic", opinion if careful else None, "i")
    if careful:
        hand.name("g", "Northport", 1, entity="Northport")
        person.press("Escape")


def ferry(person: Person) -> None:
    """Annotate the second text, in which both agree."""
    hand = Annotator(person, FERRY)
    said = "The Northport Ferry Company will not raise its fares this year"
    hand.name("o", "Northport Ferry Company", entity="Northport Ferry Company")
    hand.name("1", "this year")
    hand.quote(said, "its director", "announced", "unnamed")
    hand.quote("“We expect more passengers,”", "she", "told", "unnamed")
    hand.claim("Ferry fares stay as they are", "The ferry fares stay as they are.")
    hand.claim(said, f"{said}.", "t", "x")
    hand.claim("We expect more passengers", "The Northport Ferry Company expects more passengers.", "t", "h")


def main() -> None:
    """Go through the guide."""
    chromium = shutil.which("chromium")
    if chromium is None:
        sys.exit("Chromium is not installed (Debian: apt-get install chromium)")
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name, browser(chromium) as running:
        guide = Guide(Path(name))
        (guide.folder / "bridge.txt").write_text(BRIDGE, encoding="utf-8")
        (guide.folder / "ferry.txt").write_text(FERRY, encoding="utf-8")
        try:
            _round(guide, running)
        finally:
            guide.run("vostochny labelstudio down")


def _round(guide: Guide, running: Any) -> None:
    said = guide.run("vostochny labelstudio up")
    guide.environment["LABEL_STUDIO_API_KEY"] = re.findall(r"API_KEY=(\S+)", said)[0]
    guide.run("vostochny add bridge.txt ferry.txt")
    guide.run("vostochny round start r1 --annotators ana,ben")
    guide.run("vostochny round start r1 --annotators ana,ben")
    link = guide.run("vostochny labelstudio invite").strip()
    url = link.partition("/user")[0]
    people = {}
    for who in ("ana", "ben", "cleo"):
        people[who] = Person(running, url)
        people[who].sign_up(link, f"{who}@example.org", f"a long password of {who}")

    def shot(name: str, who: str = "ana") -> None:
        people[who].page.mouse.move(700, 800)
        people[who].page.screenshot(path=PICTURES / f"{name}.png")

    pages = _tasks(guide)
    for who, careful in (("ana", True), ("ben", False)):
        people[who].open(pages["bridge", who])
        bridge(people[who], careful=careful, shot=shot if careful else None)
        people[who].submit()
        if careful:
            guide.run("vostochny round status r1")
        people[who].open(pages["ferry", who])
        ferry(people[who])
        people[who].submit()
    guide.run("vostochny round pull r1")
    ben = people["ben"]
    ben.open(pages["bridge", "ben"])
    ben.pick("claim", "the date")
    ben.type("proposition", "The date of the bridge's reopening is optimistic.")
    ben.press("i")
    ben.submit()
    guide.run("vostochny round pull r1")
    guide.run("vostochny round pull r1")
    guide.run("vostochny round agree r1")
    guide.run("vostochny round merge r1")
    guide.run("vostochny round adjudicate r1 --adjudicator cleo")
    _decide(people["cleo"], _tasks(guide)["bridge", "adjudication"], lambda name: shot(name, "cleo"))
    for command in (
        "vostochny round adjudicate r1",
        "vostochny round merge r1",
        "vostochny round merge r1",
        "vostochny diff corpus/rounds/r1/ben corpus/gold",
        "vostochny validate",
        "cat corpus/rounds/r1/provenance/bridge.jsonl",
        "find corpus -type f | sort",
        "vostochny round review r2 --annotator ana --documents ferry",
    ):
        guide.run(command)
    ana = people["ana"]
    ana.open(_tasks(guide, "r2")["ferry", "ana"])
    ana.pick("claim", "Ferry fares stay")
    ana.press("t")
    ana.submit()
    for command in (
        "vostochny round pull r2",
        "vostochny round agree r2",
        "vostochny round adjudicate r2",
        "vostochny round merge r2",
        "vostochny diff corpus/rounds/r2/replaced corpus/gold",
        "cat corpus/CHANGELOG.md",
        "vostochny labelstudio status",
    ):
        guide.run(command)


def _tasks(guide: Guide, round: str = "r1") -> dict[tuple[str, str], str]:
    """The address of each document's task, for each annotator."""
    status = subprocess.run(
        ["vostochny", "round", "status", round, "--format", "json"],
        cwd=guide.folder,
        env=guide.environment,
        capture_output=True,
        text=True,
        check=True,
    )
    documents = json.loads(status.stdout)["documents"]
    return {(id, who): cell["task"] for id, cells in documents.items() for who, cell in cells.items()}


def _decide(cleo: Person, task: str, shot: Callable[[str], None]) -> None:
    """Both readings of a claim's type, and a name that only one found."""
    words = "the bridge would reopen in May"
    cleo.open(task)
    readings = [
        result["id"]
        for result in cleo.results()
        if result.get("from_name") == "claim" and result["value"]["text"] == words
    ]
    for number, id in enumerate(readings):
        cleo.pick("claim", words, number)
        cleo.press("Shift+K" if "_ana_" in id else "Shift+D")
        if "_ana_" in id:
            cleo.choose("Reason", "wrong-label")
            cleo.choose("Rule", "3.4")
            shot("adjudication")
    cleo.pick("GPE", "Northport")
    cleo.press("Shift+K")
    cleo.choose("Reason", "overlooked")
    cleo.choose("Rule", "1.1")
    cleo.submit()


if __name__ == "__main__":
    main()
