"""Settings of a serving process: from a TOML file, overridden by the command line."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from gateway.jobs.settings import DEFAULT, BatchSettings
from services.common.door import violations_of
from services.common.errors import Violation, invalid
from services.runtime.address import is_loopback


class ServeSettings(BaseModel):
    """What `dafeng serve` needs to know."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    listen: str = ""
    """gRPC address: host:port or unix:/path; empty takes the service's default port on loopback."""
    http: str = "127.0.0.1:8080"
    """HTTP address of the gateway (page and JSON); "none" or empty for none."""
    sectors: dict[str, str] = Field(default_factory=dict)
    """Addresses of the sector services by id, for a gateway that runs alone."""
    reflection: bool = True
    """gRPC reflection; turn off in production."""
    allow_remote: bool = False
    """Listen on other than loopback addresses. There is no TLS yet: only behind something that has it."""
    threads: int = Field(default=0, ge=0, le=1024)
    """Threads that run kernels; 0 takes one a core. Results do not depend on it."""
    log_level: Literal["debug", "info", "warning", "error"] = "warning"
    batches: BatchSettings = Field(default_factory=BatchSettings)
    """Where batches are kept and who calculates them."""
    drain_notice_seconds: float = Field(default=0.0, ge=0, le=60)
    """Time between saying NOT_SERVING and closing, for load balancers to notice."""


DEFAULT_PORTS: Mapping[str, int] = {
    "gateway": 50050,
    "buildings": 50051,
    "transport": 50052,
    "industry": 50053,
    "power": 50054,
}


def load_settings(path: Path | None, overrides: Mapping[str, Any], store: str = "") -> ServeSettings:
    """Settings from a file and the command line. DomainError(INVALID_INPUT) lists every violation.

    A serving gateway keeps batches in the data folder unless `store` or the file says otherwise.
    """
    raw: dict[str, Any] = {}
    if path is not None:
        try:
            raw = tomllib.loads(path.read_text("utf-8"))
        except (OSError, tomllib.TOMLDecodeError) as error:
            raise invalid([Violation("config", str(error))]) from None
    raw |= {k: v for k, v in overrides.items() if v not in (None, "", {})}
    batches = raw.get("batches", {})
    if isinstance(batches, dict):
        raw["batches"] = {"store": DEFAULT, **batches, **({"store": store} if store else {})}
    if raw.get("http") == "none":
        raw["http"] = ""
    try:
        settings = ServeSettings.model_validate(raw)
    except ValidationError as error:
        raise invalid(violations_of(error, "config")) from None
    if not settings.allow_remote:
        remote = [a for a in (settings.listen, settings.http) if a and not is_loopback(a)]
        if remote:
            raise invalid(
                [Violation("listen", "not a loopback address; set allow_remote = true", a) for a in remote]
            )
    return settings
