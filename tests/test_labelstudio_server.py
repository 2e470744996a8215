"""Label Studio servers of one's own: start, stop, keys."""

import pytest
from studio_support import Studio

pytestmark = pytest.mark.labelstudio


def test_the_server_answers_with_the_pinned_version(studio: Studio):
    status, answer = studio.call("GET", "/api/version/")
    assert (status, answer["release"]) == (200, "1.23.2")
    assert studio.call("GET", "/api/current-user/whoami")[1]["email"] == "admin@localhost"


def test_a_killed_server_comes_back_with_its_data(fresh_studio: Studio):
    _, made = fresh_studio.call("POST", "/api/projects", {"title": "kept"})
    fresh_studio.kill()
    fresh_studio.restart()
    assert fresh_studio.call("GET", f"/api/projects/{made['id']}")[1]["title"] == "kept"
