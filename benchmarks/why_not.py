"""What other scorers say where ours differs: ``python -m benchmarks.why_not`` writes ``docs/why-not.md``.

Every case is run in the peer and in ours; with ``--check`` the page is compared instead of written.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from benchmarks import why_nervaluate, why_quotes, why_sacrebleu, why_seqeval, why_spacy
from benchmarks.cases import Answer, Case, Peer, run

PAGE = Path(__file__).resolve().parent.parent / "docs" / "why-not.md"
PEERS = (why_seqeval.PEER, why_nervaluate.PEER, why_spacy.PEER, why_quotes.PEER, why_sacrebleu.PEER)
INTRODUCTION = """\
# Why not the scorer you know?

Each case below was run in the other scorer and in ours, on the same input; `make why-not` runs them again and
writes this page. The code is the code that was run, and the answers are its answers. "right" and "wrong"
compare them with what the case's text says is right; each of them is also a test of ours
(`tests/test_eval_peers.py`).
"""


def page() -> str:
    """The page, from a fresh run of all cases."""
    return "\n".join([INTRODUCTION, *(line for peer in PEERS for line in _section(peer))])


def _section(peer: Peer) -> Iterator[str]:
    yield f"## {peer.name}{f' {version(peer.package)}' if peer.package else ''}\n"
    if peer.about:
        yield f"{_line(peer.about)}\n"
    yield f"```python\n{peer.preamble.strip()}\n```\n"
    for case in peer.cases:
        yield from _case(peer, case)


def _case(peer: Peer, case: Case) -> Iterator[str]:
    theirs, ours = run(peer, case)
    if wrong := [answer for answer in ours if not answer.is_right]:
        raise SystemExit(f"{peer.name}, {case.title}: ours is wrong: {wrong}")
    yield f"### {case.title}\n"
    if case.setup:
        yield f"```python\n{case.setup}\n```\n"
    yield "| | asked | answer | |\n|:--|:--|--:|:--|"
    for who, answers in ((peer.short, theirs), ("ours", ours)):
        for answer in answers:
            yield _row(who, answer)
    yield ""
    mended = f" {peer.short} {version(peer.package)} is right here." if peer.package and _all(theirs) else ""
    yield f"{_line(case.right)}{mended}\n"


def _all(answers: list[Answer]) -> bool:
    return all(answer.is_right for answer in answers)


def _line(text: str) -> str:
    return " ".join(text.split())


def _row(who: str, answer: Answer) -> str:
    code = answer.code.replace("|", "\\|")
    verdict = "right" if answer.is_right else "**wrong**"
    return f"| {who} | `{code}` | {answer.text} | {verdict} |"


def main() -> None:
    """Write the page, or compare it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="fail if the page is not what a fresh run says")
    check = parser.parse_args().check
    text = page()
    if check:
        if PAGE.read_text(encoding="utf-8") != text:
            raise SystemExit(f"{PAGE.name} is not what the scorers say; run: make why-not")
    else:
        PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
