"""Settings of a serving process: from a TOML file, overridden by the command line."""

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from gateway.audit.settings import AuditSettings
from gateway.jobs.settings import DEFAULT, BatchSettings
from services.common.door import violations_of
from services.common.errors import Violation, invalid, near_names
from services.runtime.identity.settings import IdentitySettings, TlsSettings
from services.runtime.overload.settings import AdmissionSettings
from services.runtime.sectors import sectors
from services.runtime.telemetry.settings import TelemetrySettings


class ServeSettings(BaseModel):
    """What `dafeng serve` needs to know."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    profile: Literal["development", "production", "test"] = "development"
    """production refuses what is only for trying out: open sign-in, reflection, failpoints, plain text off loopback."""
    listen: str = ""
    """gRPC address: host:port or unix:/path; empty takes the service's default port on loopback."""
    http: str = "127.0.0.1:8080"
    """HTTP address of the gateway (page and JSON); "none" or empty for none."""
    sectors: dict[str, str] = Field(default_factory=dict)
    """Addresses of the sector services by id, for a gateway that runs alone: host:port, dns:///name:port, or replicas
    ip:port,ip:port; calls go to all of them in turn."""
    regions: str = ""
    """Folder of regions of one's own, served beside those that came along: every folder in it is a region, as `dafeng
    region template` and `copy` make them. Every service needs the same; `dafeng serve` checks them before it starts."""
    reflection: bool = True
    """gRPC reflection; turn off in production."""
    allow_remote: bool = False
    """Listen in plain text off loopback: only behind something that ends TLS, and never in production. The operator's
    port, which is always plain text, needs it in any profile."""
    threads: int = Field(default=0, ge=0, le=1024)
    """Threads that run kernels; 0 takes one a core. Results do not depend on it."""
    log_level: Literal["debug", "info", "warning", "error"] = "warning"
    identity: IdentitySettings = Field(default_factory=IdentitySettings)
    tls: TlsSettings = Field(default_factory=TlsSettings)
    admission: AdmissionSettings = Field(default_factory=AdmissionSettings)
    telemetry: TelemetrySettings = Field(default_factory=TelemetrySettings)
    audit: AuditSettings = Field(default_factory=AuditSettings)
    batches: BatchSettings = Field(default_factory=BatchSettings)
    """Where batches are kept and who calculates them."""
    drain_notice_seconds: float = Field(default=0.0, ge=0, le=60)
    """Time between saying NOT_SERVING and closing, for load balancers to notice."""
    drain_grace_seconds: float = Field(default=10.0, ge=0, le=900)
    """Time that calls under way have to end after that."""


# What pydantic says of a field that a model does not have.
_EXTRA: Final = "Extra inputs are not permitted"
DEFAULT_PORTS: Mapping[str, int] = {"gateway": 50050, **{e.sector_id: e.port for e in sectors()}}


def load_settings(path: Path | None, overrides: Mapping[str, Any], store: str = "") -> ServeSettings:
    """Settings from a file and the command line. DomainError(INVALID_INPUT) lists every violation.

    A serving gateway keeps batches in the data folder unless `store` or the file says otherwise.
    """
    raw: dict[str, Any] = {}
    if path is not None:
        try:
            raw = tomllib.loads(path.read_text("utf-8"))
        except OSError as error:
            raise invalid([Violation("config", f"cannot be read: {error.strerror}", str(path))]) from None
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise invalid([Violation("config", f"is not TOML: {error}", str(path))]) from None
    raw |= {k: v for k, v in overrides.items() if v not in (None, "", {})}
    batches = raw.get("batches", {})
    if isinstance(batches, dict):
        raw["batches"] = {"store": DEFAULT, **batches, **({"store": store} if store else {})}
    if raw.get("http") == "none":
        raw["http"] = ""
    try:
        settings = ServeSettings.model_validate(raw)
    except ValidationError as error:
        raise invalid(_with_near_names(violations_of(error, "config"))) from None
    return settings


def _with_near_names(found: list[Violation]) -> list[Violation]:
    """Settings that do not exist are told with those that are called alike."""
    return [
        replace(v, description=f"no such setting{_near(v.field)}") if v.description == _EXTRA else v
        for v in found
    ]


def _near(field: str) -> str:
    *tables, name = field.split(".")[1:]
    model: Any = ServeSettings
    for table in tables:
        of = model.model_fields.get(table.partition("[")[0]) if hasattr(model, "model_fields") else None
        model = of.annotation if of is not None else None
    return near_names(name, getattr(model, "model_fields", {}))
