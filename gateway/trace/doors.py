"""Door of GetTrace (dafeng.trace.v1, same names)."""

from typing import Annotated

from pydantic import Field, ValidationInfo, field_validator

from services.common.axes import LAST_YEAR
from services.common.power_outcome import DispatchMode
from services.common.scenario import Door, Mode

PROJECT_REPLY = "dafeng.projection.v1.ProjectResponse"
MOST_NODES = 20_000
_Name = Annotated[str, Field(max_length=200)]


class TraceDoor(Door):
    """What is traced, and how much of it is returned."""

    metric_id: _Name = ""
    target_id: _Name = ""
    field_path: Annotated[_Name, Field(validate_default=True)] = ""
    reply: _Name = PROJECT_REPLY
    mode: Mode = DispatchMode.UNSPECIFIED
    place: Annotated[str, Field(max_length=60)] = ""
    year: Annotated[int, Field(ge=0, le=LAST_YEAR)] = 0
    depth: Annotated[int, Field(ge=0, le=20)] = 0
    first_node: Annotated[int, Field(ge=0)] = 0
    node_limit: Annotated[int, Field(ge=0, le=MOST_NODES)] = 0
    influence_count: Annotated[int, Field(ge=0, le=30)] = 0
    with_prov: bool = False

    @field_validator("field_path")
    @classmethod
    def _one_subject(cls, field_path: str, info: ValidationInfo) -> str:
        given = (info.data.get("metric_id", "too long"), info.data.get("target_id", "too long"), field_path)
        if sum(map(bool, given)) != 1:
            raise ValueError("give one of metric_id, target_id and field_path")
        return field_path
