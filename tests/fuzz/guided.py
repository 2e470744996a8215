"""Fuzzing by atheris (libFuzzer): inputs that reach new code are kept and changed further.

Run as ``python -m fuzz.guided SECONDS FOLDER``; FOLDER gets the inputs kept and, as ``crash-…``, what
fails.
The first byte of an input chooses the reader.
"""

from __future__ import annotations

import sys
from pathlib import Path

import atheris  # type: ignore[import-untyped,import-not-found,unused-ignore]

with atheris.instrument_imports(include=["vostochny"]):
    from fuzz.targets import readers

from fuzz.mutations import mutate

LONGEST = 100_000
"""Bytes of an input."""

READERS = readers()


def one(data: bytes) -> None:
    """Try an input."""
    if data:
        READERS[data[0] % len(READERS)](data[1:])


def change(data: bytes, most: int, seed: int) -> bytes:
    """libFuzzer's changes of bytes and ours of JSON, by turns."""
    if seed % 2 or not data:
        return bytes(atheris.Mutate(data, most))
    return (data[:1] + mutate(data[1:], seed))[:most]


def main() -> None:
    """Run for the time asked."""
    seconds, folder = sys.argv[1], Path(sys.argv[2])
    (folder / "kept").mkdir(parents=True)
    for number, reader in enumerate(READERS):
        for n, seed in enumerate(reader.seeds()):
            (folder / "kept" / f"seed-{number}-{n}").write_bytes(bytes([number]) + seed)
    arguments = [f"-max_total_time={seconds}", f"-max_len={LONGEST}", "-timeout=30", "-rss_limit_mb=2048"]
    arguments += ["-print_final_stats=1", f"-artifact_prefix={folder}/", str(folder / "kept")]
    atheris.Setup([sys.argv[0], *arguments], one, custom_mutator=change)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
