"""Settings of the Kubernetes launcher: the table [batches.kubernetes] of the settings file."""

from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$", max_length=253)]
LabelValue = Annotated[
    str, StringConstraints(pattern=r"^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$", max_length=63)
]
Cpu = Annotated[str, StringConstraints(pattern=r"^([1-9][0-9]*m?|[0-9]+\.[0-9]+)$")]

# The server's own bound on the pods and indexes of one Job.
MOST_INDEXES: Final = 100_000
# What the worker's guard needs beside the child that calculates, MiB.
_GUARD_MIB: Final = 384
# A chunk is some seconds of work; starting a pod and its kernels takes about ten.
_CHUNKS_A_SHARD: Final = 16


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class VolumeSettings(_Strict):
    """The volume of the pods that holds the shared folder."""

    kind: Literal["none", "pvc", "host_path", "empty_dir"] = "pvc"
    """"none": the node has the path already, nothing is mounted. Namespaces that enforce the "restricted" level of pod
    security refuse host paths. "empty_dir" is shared with nobody: only for trials with a side-car of your own."""
    name: str = "dafeng-batch"
    """Name of the claim, or the path on the host."""
    sub_path: str = ""
    """Folder inside the volume."""


class SecretKey(_Strict):
    """A value in a Secret of the namespace."""

    name: Name
    key: str = Field(default="url", min_length=1, max_length=253)


class Owner(_Strict):
    """The object that Jobs belong to: they go when it goes."""

    api_version: str = "apps/v1"
    kind: str = "Deployment"
    name: Name
    uid: str = Field(min_length=1)


class KubernetesSettings(_Strict):
    """Where Jobs run and what their pods may take. Results do not depend on any of it."""

    kubeconfig: str = ""
    """File to reach the cluster by; empty: the service account of this pod, else the user's own file."""
    context: str = ""
    """Context in the file; empty: its current one."""
    namespace: Name = "dafeng"
    instance: LabelValue = "dafeng"
    """Names this gateway: gateways that share a namespace leave each other's Jobs alone."""
    image: str = Field(min_length=1)
    """Image of the pods; by digest in production."""
    image_pull_policy: Literal["Always", "IfNotPresent", "Never"] = "IfNotPresent"
    image_pull_secrets: tuple[Name, ...] = ()
    command: tuple[str, ...] = Field(default=("python", "-m", "gateway.jobs.worker"), min_length=1)
    """The worker program; its options are added."""
    environment: dict[str, str] = Field(default_factory=dict)
    """More variables of the pods."""

    hand_over: Literal["folder", "database"] = "folder"
    """How results come back. A database must be PostgreSQL: pods cannot share a file."""
    folder: Path | None = None
    """The shared folder as this gateway sees it; required for "folder"."""
    pod_folder: str = ""
    """The shared folder as pods see it; empty: the same path."""
    volume: VolumeSettings = VolumeSettings()
    store_secret: SecretKey | None = None
    """Where pods find the database's URL; without it `environment` has to have DAFENG_STORE_URL."""

    parallelism: int = Field(default=8, ge=1, le=MOST_INDEXES)
    """Pods at a time."""
    chunks_per_shard: int = Field(default=0, ge=0, le=10_000)
    """Chunks a pod calculates, aim for 30 to 120 s; 0: as many as keep all pods at work, at most sixteen."""
    cpu_request: Cpu = "1"
    cpu_limit: Cpu = "1"
    memory_request_mib: int = Field(default=1536, ge=512)
    memory_limit_mib: int = Field(default=3072, ge=768)
    member_seconds: float = Field(default=120.0, gt=0, le=86_400)
    """A member that takes longer fails."""
    backoff_limit_per_index: int = Field(default=3, ge=0, le=100)
    """Times a shard is tried again."""
    max_failed_share: float = Field(default=0.1, ge=0, le=1)
    """When more of the shards have failed, the Job stops: something common is wrong."""
    max_jobs: int = Field(default=3, ge=1, le=20)
    """Jobs one after another for one batch; what is missing after the last one fails, and says why."""
    active_deadline_seconds: int = Field(default=86_400, ge=60)
    ttl_seconds_after_finished: int = Field(default=21_600, ge=60)
    termination_grace_seconds: int = Field(default=20, ge=1, le=600)

    labels: dict[str, str] = Field(default_factory=dict)
    """More labels of Job and pods, such as a queue's name."""
    annotations: dict[str, str] = Field(default_factory=dict)
    owner: Owner | None = None
    node_selector: dict[str, str] = Field(default_factory=dict)
    tolerations: tuple[dict[str, Any], ...] = ()
    priority_class: str = ""
    service_account: Name = "dafeng-batch-worker"
    """Service account of the pods; they get no token."""
    run_as_user: int = Field(default=10001, ge=1)
    run_as_group: int = Field(default=10001, ge=1)
    cache_folder: str = "/var/cache/dafeng"
    """Folder of compiled kernels in the pod. An image that brings them compiled says where, with cache_volume false:
    they are copied to a private folder, and a pod starts in seconds instead of compiling first."""
    cache_volume: bool = True
    """Mount an empty volume there."""

    request_seconds: float = Field(default=30.0, gt=0, le=600)
    """Longest time for one answer of the API server."""
    watch_seconds: int = Field(default=240, ge=1, le=3600)
    """A watch is opened anew after so long."""
    collect_seconds: float = Field(default=1.0, gt=0, le=60)
    """How often results are looked for."""
    late_seconds: float = Field(default=5.0, ge=0, le=600)
    """How late a file may be seen after its pod has ended."""
    retry_seconds: float = Field(default=30.0, gt=0, le=600)
    """Longest wait before a refused or failed request is repeated."""

    @model_validator(mode="after")
    def _hand_over_is_complete(self) -> Self:
        if self.hand_over == "folder" and self.folder is None:
            raise ValueError("hand_over is by folder: give the folder")
        if self.hand_over == "database" and not (self.store_secret or "DAFENG_STORE_URL" in self.environment):
            raise ValueError("hand_over is by database: give store_secret")
        if self.memory_request_mib > self.memory_limit_mib:
            raise ValueError("memory_request_mib is more than memory_limit_mib")
        return self

    @property
    def folder_in_pod(self) -> str:
        """The shared folder as pods see it."""
        return self.pod_folder or str(self.folder)

    @property
    def member_memory_mib(self) -> int:
        """What the process that calculates may take: the guard has to outlive it."""
        return self.memory_limit_mib - _GUARD_MIB

    def chunks_a_shard(self, chunk_count: int) -> int:
        """Chunks a completion index, for a batch of so many."""
        fitting = self.chunks_per_shard or min(_CHUNKS_A_SHARD, -(-chunk_count // self.parallelism))
        return max(1, fitting, -(-chunk_count // MOST_INDEXES))
