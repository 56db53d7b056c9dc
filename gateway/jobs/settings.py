"""Settings of batches: where they are kept, who calculates them, and what callers may ask for."""

import os
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, Field

from gateway.ensemble.doors import MOST_MEMBERS, MOST_TABLE_BYTES
from gateway.jobs.worker_settings import WorkerSettings

NO_STORE: Final = "none"
DEFAULT: Final = "default"


class BatchSettings(BaseModel):
    """The table [batches] of the settings file; published by GetQuotas."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    store: str = NO_STORE
    """URL of the store: sqlite:////path/file.sqlite, postgresql+psycopg://..., "default" for a file in the data
    folder, "none" for none."""
    launcher: str = "local"
    """Where batches run that do not say: "local" or "kubernetes"."""
    workers: int = Field(default=0, ge=0, le=1024)
    """Worker processes of the local launcher; 0 takes one a core."""
    worker: WorkerSettings = Field(default_factory=WorkerSettings)
    """Limits of one worker process."""
    most_members: int = Field(default=MOST_MEMBERS, ge=1, le=MOST_MEMBERS)
    most_columns: int = Field(default=5_000, ge=1, le=20_000)
    most_open_batches: int = Field(default=20, ge=1, le=10_000)
    """Batches of one caller that wait or run."""
    most_table_bytes: int = Field(default=8 * 1024**2, ge=1, le=MOST_TABLE_BYTES)
    most_store_bytes: int = Field(default=0, ge=0)
    """0: as the disk allows."""
    retention_days: int = Field(default=180, ge=1)
    request_id_days: int = Field(default=180, ge=30)
    backup_folder: str = ""
    """Folder for copies of a SQLite store, best on another disk; empty: none. PostgreSQL has tools of its own."""
    backup_minutes: int = Field(default=60, ge=1, le=7 * 24 * 60)
    """A copy is made so often."""
    backups_kept: int = Field(default=48, ge=1, le=10_000)
    kubernetes: dict[str, object] = Field(default_factory=dict)
    """Settings of the Kubernetes launcher; see k8s/README.md."""

    @property
    def url(self) -> str:
        """The store's URL; empty when there is none."""
        if self.store in ("", NO_STORE):
            return ""
        return f"sqlite:///{data_dir() / 'batches.sqlite'}" if self.store == DEFAULT else self.store


def data_dir() -> Path:
    """The data folder: $DAFENG_DATA_DIR, else $XDG_DATA_HOME/dafeng, else ~/.local/share/dafeng."""
    chosen = os.environ.get("DAFENG_DATA_DIR")
    if chosen:
        return Path(chosen)
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "dafeng"
