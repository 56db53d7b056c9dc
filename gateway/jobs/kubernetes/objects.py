"""The Job that calculates a batch, as it is sent to the API server.

One completion index is one shard. The pods meet the "restricted" level of pod security: no root, no privileges, a
read-only root file system with a cache and a temporary folder, no token of the API server.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from gateway.jobs.kubernetes.settings import KubernetesSettings
from gateway.jobs.shards import shards_of, shards_text
from gateway.jobs.worker import BAD_INPUT, NOT_REACHABLE, STORE_VARIABLE

CONTAINER: Final = "worker"
BATCH_LABEL: Final = "dafeng/batch"
INSTANCE_LABEL: Final = "dafeng/instance"
BATCH_ID: Final = "dafeng/batch-id"
ROUND: Final = "dafeng/round"
SHARDS: Final = "dafeng/shards"
CHUNKS_PER_SHARD: Final = "dafeng/chunks-per-shard"
SPEC_SHA256: Final = "dafeng/spec-sha256"

_NOT_A_NAME: Final = re.compile(r"[^a-z0-9]+")
_SHARED_VOLUME, _CACHE_VOLUME, _TMP_VOLUME = "shared", "cache", "tmp"
# Room for compiled kernels and for temporary files of one pod.
_CACHE_SIZE, _TMP_SIZE = "1Gi", "512Mi"

# So few failed shards never stop a Job: stopping it throws away what its other pods have begun.
_ALWAYS_BORNE: Final = 5


@dataclass(frozen=True)
class JobPlan:
    """Which shards of a batch one Job calculates: completion index i is shards[i]."""

    batch_id: str
    round: int
    shards: tuple[int, ...]
    chunks_per_shard: int
    sha256: str
    """Digest the specification must have; empty when it comes from the database."""

    @property
    def name(self) -> str:
        """The same for the same work, so that it is created once."""
        said = (
            f"{self.batch_id}|{self.round}|{shards_text(self.shards)}|{self.chunks_per_shard}|{self.sha256}"
        )
        short = _NOT_A_NAME.sub("-", self.batch_id.lower())[:24].strip("-")
        return f"dafeng-{short}-{hashlib.sha256(said.encode()).hexdigest()[:10]}"

    @property
    def annotations(self) -> dict[str, str]:
        """What has to be known to go on with the Job after a restart."""
        return {
            BATCH_ID: self.batch_id,
            ROUND: str(self.round),
            SHARDS: shards_text(self.shards),
            CHUNKS_PER_SHARD: str(self.chunks_per_shard),
            SPEC_SHA256: self.sha256,
        }

    @classmethod
    def of(cls, job: Mapping[str, Any]) -> "JobPlan":
        """The plan of a Job on the server. ValueError when it is not one of ours."""
        said = job["metadata"].get("annotations") or {}
        try:
            return cls(
                said[BATCH_ID],
                int(said[ROUND]),
                shards_of(said[SHARDS]),
                int(said[CHUNKS_PER_SHARD]),
                said[SPEC_SHA256],
            )
        except KeyError as error:
            raise ValueError(f"Job {job['metadata'].get('name')} has no {error}") from None


def batch_label(batch_id: str) -> str:
    """A batch's id as a label's value."""
    return hashlib.sha256(batch_id.encode()).hexdigest()[:32]


def job_labels(settings: KubernetesSettings, batch_id: str) -> dict[str, str]:
    """Labels by which a batch's Jobs and pods are found."""
    return {
        **settings.labels,
        "app.kubernetes.io/name": "dafeng",
        "app.kubernetes.io/component": "batch-worker",
        "app.kubernetes.io/managed-by": "dafeng",
        INSTANCE_LABEL: settings.instance,
        BATCH_LABEL: batch_label(batch_id),
    }


def selector(settings: KubernetesSettings, batch_id: str = "") -> str:
    """Selects the Jobs of a batch, or of this gateway."""
    batch = f",{BATCH_LABEL}={batch_label(batch_id)}" if batch_id else ""
    return f"app.kubernetes.io/managed-by=dafeng,{INSTANCE_LABEL}={settings.instance}{batch}"


def job_body(settings: KubernetesSettings, plan: JobPlan) -> dict[str, Any]:
    """The Job of a plan."""
    labels = job_labels(settings, plan.batch_id)
    metadata: dict[str, Any] = {
        "name": plan.name,
        "namespace": settings.namespace,
        "labels": labels,
        "annotations": settings.annotations | plan.annotations,
    }
    if settings.owner is not None:
        owner = settings.owner
        metadata["ownerReferences"] = [
            {"apiVersion": owner.api_version, "kind": owner.kind, "name": owner.name, "uid": owner.uid}
        ]
    return {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": metadata,
        "spec": {
            "completionMode": "Indexed",
            "completions": len(plan.shards),
            "parallelism": min(settings.parallelism, len(plan.shards)),
            "backoffLimitPerIndex": settings.backoff_limit_per_index,
            "maxFailedIndexes": _most_failed(settings, len(plan.shards)),
            "activeDeadlineSeconds": settings.active_deadline_seconds,
            "ttlSecondsAfterFinished": settings.ttl_seconds_after_finished,
            "podReplacementPolicy": "Failed",
            "podFailurePolicy": {"rules": failure_rules()},
            "template": {
                "metadata": {"labels": dict(labels), "annotations": dict(settings.annotations)},
                "spec": _pod(settings, plan),
            },
        },
    }


def _most_failed(settings: KubernetesSettings, shards: int) -> int:
    return min(shards, max(_ALWAYS_BORNE, int(shards * settings.max_failed_share)))


def failure_rules() -> list[dict[str, Any]]:
    """A bad input is not tried again; an eviction, or a folder or database that is away, is no fault of the shard."""
    return [
        {
            "action": "FailIndex",
            "onExitCodes": {"containerName": CONTAINER, "operator": "In", "values": [BAD_INPUT]},
        },
        {"action": "Ignore", "onPodConditions": [{"type": "DisruptionTarget", "status": "True"}]},
        {
            "action": "Ignore",
            "onExitCodes": {"containerName": CONTAINER, "operator": "In", "values": [NOT_REACHABLE]},
        },
    ]


def worker_options(settings: KubernetesSettings, plan: JobPlan) -> list[str]:
    """The worker's command line after the program; the shard is the completion index."""
    options = {
        "--batch": plan.batch_id,
        "--chunks-per-shard": str(plan.chunks_per_shard),
        "--memory-mib": str(settings.member_memory_mib),
        "--member-seconds": f"{settings.member_seconds:g}",
    }
    if plan.shards != tuple(range(len(plan.shards))):
        options["--only"] = shards_text(plan.shards)
    if settings.hand_over == "folder":
        options |= {"--folder": settings.folder_in_pod, "--sha256": plan.sha256}
    return [f"{name}={value}" for name, value in options.items()]


def _pod(settings: KubernetesSettings, plan: JobPlan) -> dict[str, Any]:
    volumes, mounts = _volumes(settings)
    pod: dict[str, Any] = {
        "restartPolicy": "Never",
        "serviceAccountName": settings.service_account,
        "automountServiceAccountToken": False,
        "enableServiceLinks": False,
        "terminationGracePeriodSeconds": settings.termination_grace_seconds,
        "securityContext": {
            "runAsNonRoot": True,
            "runAsUser": settings.run_as_user,
            "runAsGroup": settings.run_as_group,
            "fsGroup": settings.run_as_group,
            "fsGroupChangePolicy": "OnRootMismatch",
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "containers": [_container(settings, plan, mounts)],
        "volumes": volumes,
    }
    optional = {
        "imagePullSecrets": [{"name": n} for n in settings.image_pull_secrets],
        "nodeSelector": dict(settings.node_selector),
        "tolerations": [dict(t) for t in settings.tolerations],
        "priorityClassName": settings.priority_class,
    }
    return pod | {name: value for name, value in optional.items() if value}


def _container(settings: KubernetesSettings, plan: JobPlan, mounts: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "name": CONTAINER,
        "image": settings.image,
        "imagePullPolicy": settings.image_pull_policy,
        "command": list(settings.command),
        "args": worker_options(settings, plan),
        "env": _environment(settings),
        "resources": {
            "requests": {"cpu": settings.cpu_request, "memory": f"{settings.memory_request_mib}Mi"},
            "limits": {"cpu": settings.cpu_limit, "memory": f"{settings.memory_limit_mib}Mi"},
        },
        # The last lines of the log say why a worker ended; so nobody needs the right to read logs.
        "terminationMessagePolicy": "FallbackToLogsOnError",
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        },
        "volumeMounts": mounts,
    }


def _environment(settings: KubernetesSettings) -> list[dict[str, Any]]:
    values = {"DAFENG_CACHE_DIR": settings.cache_folder, "PYTHONUNBUFFERED": "1"} | settings.environment
    found: list[dict[str, Any]] = [{"name": name, "value": value} for name, value in sorted(values.items())]
    if settings.hand_over == "database" and settings.store_secret is not None:
        secret = {"name": settings.store_secret.name, "key": settings.store_secret.key}
        found = [e for e in found if e["name"] != STORE_VARIABLE]
        found.append({"name": STORE_VARIABLE, "valueFrom": {"secretKeyRef": secret}})
    return found


def _volumes(settings: KubernetesSettings) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    volumes: list[dict[str, Any]] = [{"name": _TMP_VOLUME, "emptyDir": {"sizeLimit": _TMP_SIZE}}]
    mounts: list[dict[str, Any]] = [{"name": _TMP_VOLUME, "mountPath": "/tmp"}]
    if settings.cache_volume:
        volumes.append({"name": _CACHE_VOLUME, "emptyDir": {"sizeLimit": _CACHE_SIZE}})
        mounts.append({"name": _CACHE_VOLUME, "mountPath": settings.cache_folder})
    volume = settings.volume
    if settings.hand_over == "folder" and volume.kind != "none":
        sources: dict[str, dict[str, Any]] = {
            "pvc": {"persistentVolumeClaim": {"claimName": volume.name}},
            "host_path": {"hostPath": {"path": volume.name, "type": "Directory"}},
            "empty_dir": {"emptyDir": {}},
        }
        volumes.append({"name": _SHARED_VOLUME, **sources[volume.kind]})
        mount = {"name": _SHARED_VOLUME, "mountPath": settings.folder_in_pod}
        mounts.append(mount | ({"subPath": volume.sub_path} if volume.sub_path else {}))
    return volumes, mounts
