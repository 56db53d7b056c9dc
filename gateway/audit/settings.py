"""Settings of the audit log."""

import hashlib
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

LEAST_DAYS: Final = 180


class AuditSettings(BaseModel):
    """The table [audit] of the settings file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    algorithm: Literal["sha256", "sm3"] = "sha256"
    """Of the chain, for entries from now on; each says its own."""
    retention_days: int = Field(default=1095, ge=LEAST_DAYS, le=36_500)
    """Days that entries are kept; network logs are kept six months by law."""
    export_folder: str = ""
    """Where entries that retention takes away are written first; empty: they are deleted."""
    seal_file: str = ""
    """Second place of the chain's end, better on another machine: written every hour, compared by verify. Empty:
    beside a SQLite store; none for PostgreSQL."""
    seal_seconds: float = Field(default=3600.0, ge=1, le=86_400)

    @field_validator("algorithm")
    @classmethod
    def _available(cls, name: str) -> str:
        if name not in hashlib.algorithms_available:
            raise ValueError(f"this machine's OpenSSL has no {name}")
        return name
