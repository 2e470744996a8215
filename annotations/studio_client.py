"""A Label Studio server as rounds need it, through ``label-studio-sdk``.

Nothing that writes is tried twice blindly: where an answer is lost, what is there is looked up first.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any
from urllib.parse import urljoin, urlsplit

from vostochny.annotations.studio_difference import config_difference, same_config
from vostochny.annotations.studio_errors import ANEW, EXTRA, TOKEN, UncertainError, told
from vostochny.annotations.studio_labels import Result
from vostochny.annotations.studio_push import synchronise
from vostochny.annotations.studio_types import Progress, Project, Push, PushReport, Task
from vostochny.schema.errors import InputError, shown
from vostochny.schema.extras import require

DEFAULT_URL = "http://127.0.0.1:8080"
"""Where a server listens if nobody says otherwise."""

OLDEST = (1, 20)
"""The oldest release whose interface the SDK speaks; the tests run on 1.23.2."""

TIMEOUT = 600.0
"""Seconds that a request may take: imports and exports of a whole corpus take minutes."""

PAGE = 100
"""Tasks or projects listed at once."""

DIGEST = "prefill_sha256"
"""The field of a task's ``meta`` with the digest of what it was prefilled with."""

TITLE = 50
"""Characters that Label Studio allows in a project's title."""

_LOOPBACK = re.compile(r"localhost|127(\.\d{1,3}){3}|::1")
_MISSING_PREDICTION = json.dumps(
    {
        "filters": {
            "conjunction": "and",
            "items": [
                {
                    "filter": "filter:tasks:predictions_model_versions",
                    "operator": "empty",
                    "type": "List",
                    "value": True,
                }
            ],
        }
    }
)


def clean_url(url: str) -> str:
    """A server's address without a slash at its end.

    Raises :class:`~vostochny.schema.errors.InputError` if it is none, or holds a user name or password.
    """
    try:
        parts = urlsplit(url.strip())
        parts.port  # noqa: B018 - raises if it is no number
    except ValueError:
        parts = urlsplit("")
    if parts.username is not None or parts.password is not None:
        message = f"the URL holds a user name; leave it out, the token goes into {TOKEN}"
        raise InputError.of("labelstudio-url", message)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        message = f"found {shown(url)}, expected a server's address such as {DEFAULT_URL}; mend it"
        raise InputError.of("labelstudio-url", message)
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"


class Studio:
    """A connection to a server; made by :meth:`connect`."""

    def __init__(self, url: str, client: Any, version: str) -> None:
        self.url = url
        self.version = version
        self._client = client

    @classmethod
    def connect(cls, url: str, key: str | None) -> Studio:
        """Connect to the server at ``url`` with a legacy token or a personal access token.

        Raises :class:`~vostochny.schema.errors.InputError` if there is no server, no Label Studio or
        one that is too old, or if the token is missing, wrong or expired. The token is in no message.
        """
        url = clean_url(url)
        token = (key or "").strip()
        if not token or not token.isascii() or not token.isprintable() or " " in token:
            found = "what is no token" if token else "no token"
            message = f"found {found} in {TOKEN}; {ANEW}"
            raise InputError.of("labelstudio-token", message, file=url)
        httpx = require("httpx", EXTRA)
        sdk = require("label_studio_sdk", EXTRA)
        # A proxy for the world outside has no way to a server on this machine.
        outside = not _LOOPBACK.fullmatch(urlsplit(url).hostname or "")
        http = httpx.Client(timeout=TIMEOUT, follow_redirects=True, trust_env=outside)
        # Who answers is asked before the token is sent.
        version = _version(http, url)
        with told(url, "signing in"):
            client = sdk.LabelStudio(
                base_url=url, api_key=token, timeout=TIMEOUT, max_retries=0, httpx_client=http
            )
            client.users.whoami()
        return cls(url, client, version)

    def invite_link(self) -> str:
        """The address at which an annotator signs up."""
        with told(self.url, "asking for the invite link"):
            path: str = self._client.organizations.invites.get_invite_link().invite_url
        return urljoin(f"{self.url}/", path)

    def find_projects(self, marker: str) -> list[int]:
        """The ids of the projects with that line in their description, oldest first."""
        with told(self.url, "listing the projects"):
            listed = self._client.projects.list(include="id,description", page_size=PAGE)
            return sorted(p.id for p in listed if marker in (p.description or "").splitlines())

    def project(self, id: int, *, created: bool = False, twins: Sequence[int] = ()) -> Project:
        """A project by its id."""
        with told(self.url, f"reading project {id}"):
            found = self._client.projects.get(id)
        return Project(id, self.url, found.title or "", found.label_config or "", created, tuple(twins))

    def ensure_project(
        self, title: str, marker: str, config: str, instruction: str, *, update_config: bool = False
    ) -> Project:
        """The project with ``marker`` as a line of its description, made if there is none.

        Of several the oldest is used. A project with other controls or labels than ``config`` is refused,
        with all that differs, or brought up to date with ``update_config``; the server may refuse that, and
        is quoted then. Raises :class:`~vostochny.schema.errors.InputError`.
        """
        created = None
        found = self.find_projects(marker)
        if not found:
            created = self._create(title, marker, config, instruction)
            found = self.find_projects(marker)
        if not found:
            message = "the project is not there after it was made; run this again"
            raise UncertainError.of("labelstudio-failed", message, file=self.url)
        first, *rest = found
        if created in rest:
            # Somebody else made one at the same time, and was first.
            with told(self.url, f"removing the empty project {created}"):
                self._client.projects.delete(created)
            rest.remove(created)
        project = self.project(first, created=created == first, twins=rest)
        return self._with_config(project, config, update_config)

    def _create(self, title: str, marker: str, config: str, instruction: str) -> int | None:
        """Make a project; None if the answer was lost."""
        try:
            with told(self.url, "making a project"):
                made = self._client.projects.create(
                    title=title if len(title) <= TITLE else title[: TITLE - 1] + "…",
                    description=marker,
                    label_config=config,
                    expert_instruction=instruction,
                    show_instruction=True,
                    show_skip_button=True,
                    enable_empty_annotation=True,
                    show_collab_predictions=True,
                    maximum_annotations=1,
                )
        except UncertainError:
            if not self.find_projects(marker):
                raise
            return None
        return int(made.id)

    def _with_config(self, project: Project, config: str, update: bool) -> Project:
        difference = config_difference(project.config, config)
        if same_config(project.config, config) or not (difference or update):
            return project
        if not update:
            message = (
                f"the labelling configuration was changed: it {difference}; no annotation is lost by that. "
                "Run this again with --update-config to set it to the round's"
            )
            raise InputError.of("labelstudio-config", message, file=project.page)
        with told(self.url, f"setting the labelling configuration of project {project.id}"):
            self._client.projects.update(id=project.id, label_config=config)
        return self.project(project.id, created=project.created, twins=project.twins)

    def push(self, project: Project, pushes: Sequence[Push], progress: Progress | None = None) -> PushReport:
        """Bring a project to hold each task once, with its one prediction; see :func:`synchronise`."""
        report = synchronise(self, project, pushes, progress)
        models = {push.model for push in pushes if push.results is not None}
        self._show_predictions(project, next(iter(models)) if len(models) == 1 else None)
        return report

    def _show_predictions(self, project: Project, model: str | None) -> None:
        """Have the editor open tasks with the predictions of ``model``; with none of them for None."""
        with told(self.url, f"reading project {project.id}"):
            found = self._client.projects.get(project.id)
        if (found.model_version or "") == (model or "") and found.show_collab_predictions == bool(model):
            return
        with told(self.url, f"setting what project {project.id} shows"):
            self._client.projects.update(
                id=project.id, show_collab_predictions=bool(model), model_version=model or ""
            )

    def tasks(self, project: Project, only: Sequence[int] | None = None) -> list[Task]:
        """A project's tasks in order of their ids; ``only`` those of some ids."""
        query = (
            None if only is None else json.dumps({"selectedItems": {"all": False, "included": list(only)}})
        )
        with told(self.url, f"listing the tasks of project {project.id}"):
            listed = self._client.tasks.list(project=project.id, page_size=PAGE, query=query)
            found = [_task(task) for task in listed]
        return sorted(found, key=lambda task: task.id)

    def unpredicted(self, project: Project) -> set[int]:
        """The ids of the tasks that have no prediction, whatever the server's counters say."""
        with told(self.url, f"listing the tasks of project {project.id}"):
            listed = self._client.tasks.list(project=project.id, page_size=PAGE, query=_MISSING_PREDICTION)
            return {task.id for task in listed}

    def worked_on(self, task: int) -> bool | None:
        """Whether somebody submitted, skipped or drafted anything on a task; None if it is gone."""
        found = self._unless_gone("reading a task", lambda: self._client.tasks.get(id=str(task)))
        return None if found is None else bool(found.annotations or found.drafts)

    def delete_task(self, task: int) -> None:
        """Remove a task, unless it is gone already."""
        self._unless_gone("removing a double task", lambda: self._client.tasks.delete(id=str(task)))

    def import_tasks(
        self, project: Project, pushes: Sequence[Push], digests: Sequence[str | None]
    ) -> list[int]:
        """Send tasks with their predictions in one request; the ids they got."""
        request = []
        for push, digest in zip(pushes, digests, strict=True):
            task: dict[str, Any] = {
                "data": dict(push.data),
                "meta": {} if digest is None else {DIGEST: digest},
            }
            if push.results is not None:
                task["predictions"] = [{"model_version": push.model, "result": list(push.results)}]
            request.append(task)
        with told(self.url, "sending tasks"):
            answer = self._client.projects.import_tasks(id=project.id, request=request, return_task_ids=True)
        return [int(id) for id in answer.task_ids or ()]

    def predictions(self, task: int) -> list[int]:
        """The ids of a task's predictions, oldest first."""
        with told(self.url, "listing predictions"):
            return sorted(prediction.id for prediction in self._client.predictions.list(task=task))

    def predict(self, task: int, results: Sequence[Result], model: str | None) -> None:
        """Add a prediction to a task."""
        with told(self.url, "sending a prediction"):
            self._client.predictions.create(task=task, result=list(results), model_version=model)

    def delete_prediction(self, id: int) -> None:
        """Remove a prediction, unless it is gone already."""
        self._unless_gone("removing a double prediction", lambda: self._client.predictions.delete(id=id))

    def export(self, project: Project) -> bytes:
        """Everything of a project, in Label Studio's JSON: the only form that keeps arrows and region ids."""
        with told(self.url, f"exporting project {project.id}"):
            chunks: Iterator[bytes] = self._client.projects.exports.download_sync(
                project.id, export_type="JSON", download_all_tasks=True, download_resources=False
            )
            return b"".join(chunks)

    def _unless_gone(self, doing: str, run: Callable[[], Any]) -> Any:
        try:
            with told(self.url, doing):
                return run()
        except InputError as error:
            if error.problems[0].check == "labelstudio-gone":
                return None
            raise


def _task(task: Any) -> Task:
    meta = task.meta if isinstance(task.meta, dict) else {}
    data = dict(task.data or {})
    return Task(
        id=task.id,
        external_id=data.get("external_id"),
        data=data,
        digest=meta.get(DIGEST),
        submitted=(task.total_annotations or 0) + (task.cancelled_annotations or 0),
        predictions=task.total_predictions or 0,
    )


def _version(http: Any, url: str) -> str:
    """The release of the Label Studio at a URL."""
    with told(url, "asking for its version"):
        answer = http.get(f"{url}/api/version", headers={"Accept": "application/json"})
    try:
        release = str(answer.json()["release"])
        numbers = tuple(int(number) for number in re.findall(r"\d+", release)[:2])
    except (ValueError, KeyError, TypeError):
        message = (
            f"found no Label Studio there (status {answer.status_code} at /api/version); give the --url "
            "of one, or start one: vostochny labelstudio up"
        )
        raise InputError.of("labelstudio-missing", message, file=url) from None
    if numbers < OLDEST:
        oldest = ".".join(map(str, OLDEST))
        message = (
            f"found Label Studio {shown(release)}, expected {oldest} or newer; upgrade it, or start one of "
            "your own: vostochny labelstudio up"
        )
        raise InputError.of("labelstudio-version", message, file=url)
    return release
