"""Limits of the processes that calculate members."""

from pydantic import BaseModel, ConfigDict, Field


class WorkerSettings(BaseModel):
    """How much one worker process may take. Results do not depend on any of these, except that a member fails."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    member_seconds: float = Field(default=120.0, gt=0, le=86_400)
    """Longest time for one member: hundreds of times what one takes, so that a busy machine fails nobody."""
    block_seconds: float = Field(default=900.0, gt=0, le=86_400)
    """Longest time for one call of a worker."""
    open_seconds: float = Field(default=900.0, gt=0, le=86_400)
    """Longest time to start a worker and open a specification: kernels may have to be compiled."""
    memory_bytes: int = Field(default=4 * 1024**3, ge=128 * 1024**2)
    """Resident memory of one worker process."""
    nice: int = Field(default=10, ge=0, le=19)
    """How far worker processes stand back for interactive projections."""
    warm_seconds: float = Field(default=300.0, ge=0, le=86_400)
    """How long a worker without work is kept, with its models loaded."""
