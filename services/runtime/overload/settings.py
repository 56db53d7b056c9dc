"""Settings of admission; published by GetQuotas."""

from pydantic import BaseModel, ConfigDict, Field


class AdmissionSettings(BaseModel):
    """The table [admission] of the settings file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    interactive: int = Field(default=0, ge=0, le=4096)
    """Interactive calls computed at a time; 0: one a core of the gateway's machine, at least 2. One projection keeps
    several cores busy, so more at a time only makes each slower. Where sectors run elsewhere: one a core of theirs."""
    interactive_queue: int = Field(default=0, ge=0, le=4096)
    """Interactive calls that wait; 0: as many as are computed. An accepted call takes at most about
    (interactive + interactive_queue) / calls answered a second: with as many waiting as computed, twice what it takes
    at capacity, when only as many call as are computed. A longer line answers no more calls, it only makes each wait
    longer; who is refused is told when to come back, and the client and the page do so by themselves."""
    short: int = Field(default=0, ge=0, le=4096)
    """Calls of one part of a model, which take milliseconds, at a time; 0: one a core, at least 2."""
    short_queue: int = Field(default=0, ge=0, le=65536)
    """Such calls that wait; 0: 32 for each that is computed."""
    heavy: int = Field(default=0, ge=0, le=1024)
    """Long calls (solve, wedges, ensembles in a call) at a time; 0: one a core."""
    heavy_queue: int = Field(default=8, ge=0, le=4096)
    batch: int = Field(default=0, ge=0, le=1024)
    """Calls on behalf of batches at a time; 0: one a core. They wait for interactive ones."""
    batch_queue: int = Field(default=8, ge=0, le=4096)
    light: int = Field(default=1000, ge=1, le=100_000)
    """Calls answered from memory, and open streams, at a time."""
    caller_share: float = Field(default=0.5, gt=0, le=1)
    """Of the waiting places of a class, one caller may hold this share. Where nobody signs in, all."""
    kept_replies_bytes: int = Field(default=32 * 1024**2, ge=0, le=16 * 1024**3)
    """Finished replies of identical calls that are kept, requests included; 0: none."""
    kept_replies_s: float = Field(default=60.0, ge=0, le=86400)
    """How long a finished reply is kept."""
    interactive_deadline_s: float = Field(default=60.0, gt=0, le=3600)
    """For interactive and short calls that come without a deadline."""
    heavy_deadline_s: float = Field(default=600.0, gt=0, le=86400)
    batch_deadline_s: float = Field(default=120.0, gt=0, le=3600)
