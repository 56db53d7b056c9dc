"""The few requests to the API server that a launcher needs, repeated until they are answered.

A refused or failed request is told and repeated, ever more slowly: a quota may be raised, a role mended, a server come
back, and an accepted batch is not given up meanwhile. What only the caller can judge is handed on: NotThereError,
AlreadyThereError, TooOldError.
"""

import asyncio
import json
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any, Final

from gateway.jobs.kubernetes.settings import KubernetesSettings

Told = Callable[[str], None]

_FIRST_WAIT_S: Final = 0.25
_SERVICE_ACCOUNT: Final = Path("/var/run/secrets/kubernetes.io/serviceaccount/token")


class NotThereError(Exception):
    """404: no such object."""


class AlreadyThereError(Exception):
    """409: an object of this name is there."""


class TooOldError(Exception):
    """410: the version to watch from is no longer known; list anew."""


class _NotAnsweredError(Exception):
    """Refused or failed; to be asked again."""

    def __init__(self, text: str, status: int = 0, retry_after_s: float = 0.0) -> None:
        super().__init__(text)
        self.status, self.retry_after_s = status, retry_after_s


_NOTHING: Final[Mapping[int, type[Exception]]] = {}
_NOT_THERE: Final[Mapping[int, type[Exception]]] = {404: NotThereError}


class Api:
    """One connection to the API server. `told` hears of every trouble, and "" when it is over."""

    def __init__(self, settings: KubernetesSettings) -> None:
        self._settings = settings
        self._client: Any = None
        self._batch: Any = None
        self._core: Any = None
        self._opening = asyncio.Lock()

    async def close(self) -> None:
        """Close the connection."""
        client, self._client = self._client, None
        if client is not None:
            await client.close()

    async def jobs(self, selector: str, told: Told) -> tuple[list[dict[str, Any]], str]:
        """Jobs that a selector finds, and the version to watch from."""
        found = await self._asked(
            "list Jobs",
            lambda: self._batch.list_namespaced_job_without_preload_content(
                self._settings.namespace, label_selector=selector, **self._bound
            ),
            told,
        )
        return found.get("items") or [], found["metadata"].get("resourceVersion") or ""

    async def job(self, name: str, told: Told) -> dict[str, Any]:
        """A Job. NotThereError."""
        return await self._asked(
            "get the Job",
            lambda: self._batch.read_namespaced_job_without_preload_content(
                name, self._settings.namespace, **self._bound
            ),
            told,
            _NOT_THERE,
        )

    async def create(self, body: dict[str, Any], told: Told) -> dict[str, Any]:
        """A new Job; what the server does not know in it is refused, not dropped. AlreadyThereError."""
        return await self._asked(
            "create the Job",
            lambda: self._batch.create_namespaced_job_without_preload_content(
                self._settings.namespace, body, field_validation="Strict", **self._bound
            ),
            told,
            {409: AlreadyThereError},
        )

    async def suspend(self, name: str, told: Told) -> None:
        """Stop a Job's pods at once; asked once only, for deleting it stops them too. NotThereError."""

        def ask() -> Awaitable[Any]:
            asked: Awaitable[Any] = self._batch.patch_namespaced_job_without_preload_content(
                name,
                self._settings.namespace,
                {"spec": {"suspend": True}},
                _content_type="application/merge-patch+json",
                **self._bound,
            )
            return asked

        try:
            await self._once(ask, _NOT_THERE)
        except _NotAnsweredError as error:
            told(f"suspend the Job: {error}")

    async def delete(self, name: str, told: Told) -> None:
        """Delete a Job, and its pods after it. NotThereError."""
        await self._asked(
            "delete the Job",
            lambda: self._batch.delete_namespaced_job_without_preload_content(
                name, self._settings.namespace, propagation_policy="Background", **self._bound
            ),
            told,
            _NOT_THERE,
        )

    async def pods(self, job_name: str, told: Told) -> list[dict[str, Any]]:
        """Pods of a Job."""
        found = await self._asked(
            "list pods",
            lambda: self._core.list_namespaced_pod_without_preload_content(
                self._settings.namespace,
                label_selector=f"batch.kubernetes.io/job-name={job_name}",
                **self._bound,
            ),
            told,
        )
        return found.get("items") or []

    async def watch(self, selector: str, version: str) -> AsyncIterator[tuple[str, dict[str, Any]]]:
        """(type, Job) of every change after a version, until the server ends the watch.

        TooOldError; ConnectionError when it breaks off or is refused.
        """
        from aiohttp import ClientError

        try:
            await self._open()
            answer = await self._batch.list_namespaced_job_without_preload_content(
                self._settings.namespace,
                label_selector=selector,
                resource_version=version,
                watch=True,
                allow_watch_bookmarks=True,
                timeout_seconds=self._settings.watch_seconds,
                _request_timeout=float(self._settings.watch_seconds + self._settings.request_seconds),
            )
            try:
                if answer.status != 200:
                    raise _watch_error(answer.status, (await answer.text())[:300])
                async for line in answer.content:
                    event = json.loads(line)
                    if event["type"] == "ERROR":
                        said = event["object"]
                        raise _watch_error(said.get("code", 0), said.get("message", ""))
                    yield event["type"], event["object"]
            finally:
                answer.close()
        except (ClientError, TimeoutError, OSError, ValueError) as error:
            raise ConnectionError(f"watch: {error}") from error

    @property
    def _bound(self) -> dict[str, Any]:
        return {"_request_timeout": self._settings.request_seconds}

    async def _asked(
        self,
        what: str,
        ask: Callable[[], Awaitable[Any]],
        told: Told,
        handed_on: Mapping[int, type[Exception]] = _NOTHING,
    ) -> dict[str, Any]:
        """Ask until there is an answer, or one of the statuses that the caller judges."""
        wait, troubled = _FIRST_WAIT_S, False
        while True:
            try:
                answer = await self._once(ask, handed_on)
                if troubled:
                    told("")
                return answer
            except _NotAnsweredError as error:
                told(f"{what}: {error}")
                troubled = True
                if error.status == 401:
                    await self.close()  # a token may have been renewed
                # Spread over ±20 %, so that gateways do not come back together.
                await asyncio.sleep(max(error.retry_after_s, wait * random.uniform(0.8, 1.2)))
                wait = min(2 * wait, self._settings.retry_seconds)

    async def _once(
        self, ask: Callable[[], Awaitable[Any]], handed_on: Mapping[int, type[Exception]]
    ) -> dict[str, Any]:
        """One answer, as the server wrote it: models of the client would refuse what a newer server adds."""
        from aiohttp import ClientError
        from kubernetes.aio.config import ConfigException

        try:
            await self._open()
            response = await ask()
            status, text = response.status, await response.text()
            body: dict[str, Any] = json.loads(text) if 200 <= status < 300 else {}
        except (ClientError, TimeoutError, OSError, ValueError, ConfigException) as error:
            raise _NotAnsweredError(f"{type(error).__name__} {error}") from error
        if status in handed_on:
            raise handed_on[status](_message(text))
        if not 200 <= status < 300:
            told = _retry_after(response.headers.get("Retry-After", ""))
            raise _NotAnsweredError(f"{status} {_message(text)}", status, told)
        return body

    async def _open(self) -> None:
        from kubernetes.aio import client

        async with self._opening:
            if self._client is None:
                self._client = client.ApiClient(await self._configuration())
                self._batch = client.BatchV1Api(self._client)
                self._core = client.CoreV1Api(self._client)

    async def _configuration(self) -> Any:
        from kubernetes.aio import client
        from kubernetes.aio import config as untyped

        config: Any = untyped
        found = client.Configuration()
        if not self._settings.kubeconfig and await asyncio.to_thread(_SERVICE_ACCOUNT.exists):
            config.load_incluster_config(client_configuration=found)
        else:
            await config.load_kube_config(
                config_file=self._settings.kubeconfig or None,
                context=self._settings.context or None,
                client_configuration=found,
                persist_config=False,
            )
        return found


def _watch_error(status: int, message: str) -> Exception:
    return TooOldError(message) if status == 410 else ConnectionError(f"watch: {status} {message}")


def _message(text: str) -> str:
    """What the server says."""
    try:
        return str(json.loads(text)["message"])[:500]
    except (ValueError, TypeError, KeyError):
        return text[:500]


def _retry_after(text: str) -> float:
    return min(60.0, float(text)) if text.isdigit() else 0.0
