"""Batches on a cluster: one Indexed Job a batch, results through a shared folder or the database."""

from gateway.jobs.kubernetes.launcher import KubernetesLauncher
from gateway.jobs.kubernetes.settings import KubernetesSettings

__all__ = ["KubernetesLauncher", "KubernetesSettings"]
