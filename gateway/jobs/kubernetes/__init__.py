"""Batches on a cluster: one Indexed Job a batch, results through a shared folder or the database."""

from collections.abc import Mapping

from pydantic import ValidationError

from gateway.jobs.kubernetes.launcher import KubernetesLauncher
from gateway.jobs.kubernetes.settings import KubernetesSettings
from gateway.jobs.ports import BatchStore
from services.common.door import violations_of
from services.common.errors import invalid

__all__ = ["KubernetesLauncher", "KubernetesSettings", "kubernetes_launcher"]


def kubernetes_launcher(store: BatchStore, raw: Mapping[str, object]) -> KubernetesLauncher:
    """The launcher of the table [batches.kubernetes]. DomainError(INVALID_INPUT) lists every violation."""
    try:
        settings = KubernetesSettings.model_validate(raw)
    except ValidationError as error:
        raise invalid(violations_of(error, "batches.kubernetes")) from None
    return KubernetesLauncher(store, settings)
