"""Settings of telemetry."""

from pydantic import BaseModel, ConfigDict, Field


class TelemetrySettings(BaseModel):
    """The table [telemetry] of the settings file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    operator: str = ""
    """HTTP address of /livez, /readyz and /metrics, for operators and probes only; empty: none."""
    otlp: str = ""
    """Address of an OpenTelemetry collector (OTLP over gRPC, host:port); empty: no traces. Needs dafeng[telemetry]."""
    sampled_share: float = Field(default=0.1, ge=0, le=1)
    """Of calls that begin here, this share is traced."""
