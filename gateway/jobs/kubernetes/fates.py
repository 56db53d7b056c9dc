"""How a Job ended, and why shards of it failed: read from what the API server says."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from gateway.jobs.kubernetes.objects import CONTAINER
from gateway.jobs.shards import shards_of
from gateway.jobs.words import Failure
from gateway.jobs.worker import BAD_INPUT

_INDEX: Final = "batch.kubernetes.io/job-completion-index"
# Said by a pod that has ended and by one that cannot start.
_LONGEST: Final = 500


@dataclass(frozen=True)
class Ending:
    """How a Job ended."""

    complete: bool
    reason: str
    """Why it failed, as the server has it: FailedIndexes, MaxFailedIndexesExceeded, DeadlineExceeded."""
    failed: frozenset[int]
    """Completion indexes."""


@dataclass(frozen=True)
class Fate:
    """Why the members of a shard have no values."""

    failure: Failure
    detail: str


def ending_of(job: Mapping[str, Any]) -> Ending | None:
    """How a Job ended, or None while it has not."""
    status = job.get("status") or {}
    for condition in status.get("conditions") or ():
        if condition["status"] == "True" and condition["type"] in ("Complete", "Failed"):
            failed = frozenset(shards_of(status.get("failedIndexes") or ""))
            return Ending(condition["type"] == "Complete", condition.get("reason") or "", failed)
    return None


def fates(pods: Iterable[Mapping[str, Any]]) -> dict[int, Fate]:
    """By completion index, why its last pod that failed did; a bad input outweighs all else."""
    found: dict[int, tuple[bool, str, Fate]] = {}
    for pod in pods:
        metadata, code, said = pod["metadata"], *_exit(pod)
        index = (metadata.get("annotations") or {}).get(_INDEX) or (metadata.get("labels") or {}).get(_INDEX)
        if index is None or code in (None, 0):
            continue
        bad = code == BAD_INPUT
        failure = Failure.INVALID_INPUT if bad else Failure.CRASH
        detail = f"worker pod {metadata['name']} ended with exit code {code}" + (f": {said}" if said else "")
        one = (bad, str(metadata.get("creationTimestamp") or ""), Fate(failure, detail[:_LONGEST]))
        if int(index) not in found or found[int(index)][:2] <= one[:2]:
            found[int(index)] = one
    return {index: fate for index, (_, _, fate) in found.items()}


def why_waiting(pods: Sequence[Mapping[str, Any]]) -> str:
    """What keeps pods from starting: their image, a place for them; empty when nothing does."""
    if not pods:
        return "no pod was made: the Job's events say why (quota, service account, pod security, suspended)"
    reasons = set()
    for pod in pods:
        status = pod.get("status") or {}
        for container in status.get("containerStatuses") or ():
            waiting = (container.get("state") or {}).get("waiting") or {}
            if waiting.get("reason") not in (None, "ContainerCreating", "PodInitializing"):
                reasons.add(f"{waiting['reason']}: {waiting.get('message') or ''}".strip(": "))
        for condition in status.get("conditions") or ():
            if condition["type"] == "PodScheduled" and condition["status"] == "False":
                reasons.add(f"{condition.get('reason')}: {condition.get('message') or ''}".strip(": "))
    return "; ".join(sorted(reasons))[:_LONGEST]


def _exit(pod: Mapping[str, Any]) -> tuple[int | None, str]:
    status = pod.get("status") or {}
    for container in status.get("containerStatuses") or ():
        ended = (container.get("state") or {}).get("terminated")
        if container["name"] == CONTAINER and ended:
            reason = ended.get("reason") or ""
            said = _last_message(ended.get("message") or "")
            return ended["exitCode"], said or ("" if reason == "Error" else reason)
    return None, ""


def _last_message(text: str) -> str:
    """The worker's last word in the end of its log."""
    for line in reversed(text.splitlines()):
        try:
            said = json.loads(line)
            return str(said.get("message") or said.get("event") or "")
        except (ValueError, AttributeError):
            continue
    return text.strip()[-_LONGEST:]
