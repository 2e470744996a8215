"""docs/why-not.md is what the other scorers say: for `make test-peers`, in an environment that has them."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.mark.peers
def test_the_page_is_what_the_scorers_say():
    pytest.importorskip("nervaluate", reason="other scorers are not installed; run make test-peers")
    command = [sys.executable, "-m", "benchmarks.why_not", "--check"]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stdout + found.stderr
