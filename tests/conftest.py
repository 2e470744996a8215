"""Fixtures that every test file shares."""

import itertools
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import settings

# A slow machine is no fault of an example's.
settings.register_profile("vostochny", deadline=None)
settings.load_profile("vostochny")

_numbers = itertools.count(1)


@pytest.fixture(scope="session", autouse=True)
def own_servers(tmp_path_factory):
    """No test sees the user's servers or token; what tests started ends with the session."""
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("data")
        patch.setenv("VOSTOCHNY_DATA", str(folder))
        patch.delenv("LABEL_STUDIO_API_KEY", raising=False)
        patch.delenv("LABEL_STUDIO_URL", raising=False)
        yield
        if list(folder.glob("labelstudio/*/server.json")):
            from vostochny.annotations.studio_server import down, instances

            for server in instances():
                down(server.name)


@pytest.fixture(scope="session")
def studio(own_servers):
    """A Label Studio that all tests share; a test must mind only its own projects."""
    from studio_support import Studio

    running = Studio.begin("shared")
    yield running
    running.end()


@pytest.fixture
def fresh_studio(own_servers):
    """A Label Studio of the test's own, without projects, to kill and restart."""
    from studio_support import Studio

    running = Studio.begin(f"fresh-{next(_numbers)}")
    yield running
    running.end()


@pytest.fixture(scope="session")
def chromium() -> str:
    """Chromium's path; tests that need it are skipped without it."""
    found = shutil.which("chromium")
    if found is None:
        pytest.skip("Chromium is not installed (Debian: apt-get install chromium)")
    return found


@pytest.fixture(scope="session")
def chromium_running(chromium: str) -> Iterator[Any]:
    """A running Chromium: one for all tests, as Playwright can't be started twice in a process."""
    from browser_support import browser

    with browser(chromium) as running:
        yield running
