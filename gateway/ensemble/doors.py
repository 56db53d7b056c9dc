"""Doors of designs (dafeng.batch.v1, same names and units): what members are, and in which weather.

Only form and size are checked here; what a lever, a year or a table means is checked by `gateway.ensemble.open`.
"""

from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Annotated, Any, Final, TypeVar

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    ModelWrapValidatorHandler,
    PlainSerializer,
    ValidationError,
    model_validator,
)
from pydantic_core import InitErrorDetails, PydanticCustomError

from services.common.axes import LAST_YEAR
from services.common.scenario import Door, Scenario, WeatherName

# Members of one batch: what one store and one reader hold with ease.
MOST_MEMBERS: Final = 100_000
MOST_GRID_AXES: Final = 12
MOST_AXES: Final = 200
MOST_AXIS_VALUES: Final = 100
# A table is part of the request, whose message is at most 16 MiB.
MOST_TABLE_BYTES: Final = 15 * 1024 * 1024
MOST_OWN_INPUTS: Final = 200
FEWEST_BASE, MOST_BASE = 8, 16_384

T = TypeVar("T")


class DrawMethod(StrEnum):
    """How points of a random design are drawn; not said: Sobol."""

    UNSPECIFIED = "unspecified"
    SOBOL = "sobol"
    LATIN_HYPERCUBE = "latin_hypercube"


class DistributionKind(StrEnum):
    """Kind of a probability distribution."""

    UNSPECIFIED = "unspecified"
    UNIFORM = "uniform"
    TRIANGULAR = "triangular"
    NORMAL = "normal"
    LOGNORMAL = "lognormal"
    DISCRETE = "discrete"


class DrawChange(StrEnum):
    """How a draw changes the scenario's own path; not said: level."""

    UNSPECIFIED = "unspecified"
    LEVEL = "level"
    SCALE = "scale"
    SHIFT = "shift"
    ODDS = "odds"


class TableFormat(StrEnum):
    """Form of a table of members."""

    UNSPECIFIED = "unspecified"
    CSV = "csv"
    PARQUET = "parquet"


class WeatherUse(StrEnum):
    """What weather members have; not said: the frame's."""

    UNSPECIFIED = "unspecified"
    FRAME = "frame"
    DRAWN = "drawn"
    CROSSED = "crossed"


def _unlike(values: tuple[T, ...]) -> tuple[T, ...]:
    if len(set(values)) < len(values):
        raise ValueError("a value stands twice")
    return values


def _power_of_two(value: int) -> int:
    if value & (value - 1):
        raise ValueError("must be a power of two")
    return value


def _even(value: int) -> int:
    if value % 2:
        raise ValueError("must be even")
    return value


def _from_base64(value: Any) -> Any:
    try:
        return b64decode(value, validate=True) if isinstance(value, str) else value
    except ValueError:
        raise ValueError("the text is not base64") from None


def _to_base64(value: bytes) -> str:
    return b64encode(value).decode()


def told_together(
    raw: Any,
    handler: Callable[[Any], T],
    name: str,
    faults: Callable[[Mapping[str, Any]], list[tuple[str, str]]],
) -> T:
    """What `handler` makes of `raw`; faults across fields, (field, text), are told beside those of single fields."""
    own = faults(raw) if isinstance(raw, Mapping) else []
    errors: list[InitErrorDetails] = [
        InitErrorDetails(
            type=PydanticCustomError("value_error", "{text}", {"text": text}),
            loc=(where,) if where else (),
            input=None,
        )
        for where, text in own
    ]
    try:
        made = handler(raw)
    except ValidationError as error:
        # A custom error keeps the message as it was told; its context still names the bounds.
        told = [
            InitErrorDetails(
                type=PydanticCustomError(e["type"], "{_told}", {**e.get("ctx", {}), "_told": e["msg"]}),
                loc=e["loc"],
                input=e["input"],
            )
            for e in error.errors(include_url=False)
        ]
        raise ValidationError.from_exception_data(name, [*told, *errors]) from None
    if errors:
        raise ValidationError.from_exception_data(name, errors)
    return made


Seed = Annotated[int, Field(ge=0, lt=2**63)]
_Value = Annotated[float, Field(ge=-1e15, le=1e15)]
_LeverId = Annotated[str, Field(min_length=1, max_length=120)]
_Year = Annotated[int, Field(ge=0, le=LAST_YEAR)]
_Policies = Annotated[
    tuple[Annotated[str, Field(min_length=1, max_length=60)], ...],
    Field(strict=False, max_length=100),
    AfterValidator(_unlike),
]


class OwnInput(Door):
    """A caller's own distribution for a lever; it replaces the region's inputs of the same lever.

    Several of one lever with different years are one input: one draw sets them all.
    """

    lever_id: _LeverId
    year: _Year = 0
    change: Annotated[DrawChange, Field(strict=False)] = DrawChange.UNSPECIFIED
    kind: Annotated[DistributionKind, Field(strict=False)] = DistributionKind.UNSPECIFIED
    low: _Value = 0.0
    middle: _Value = 0.0
    high: _Value = 0.0
    spread: _Value = 0.0
    values: Annotated[tuple[_Value, ...], Field(strict=False, max_length=1000)] = ()
    weights: Annotated[tuple[_Value, ...], Field(strict=False, max_length=1000)] = ()


_OwnInputs = Annotated[tuple[OwnInput, ...], Field(strict=False, max_length=MOST_OWN_INPUTS)]


class RandomDesign(Door):
    """Draws of the region's uncertain inputs."""

    method: Annotated[DrawMethod, Field(strict=False)] = DrawMethod.UNSPECIFIED
    member_count: Annotated[int, Field(ge=1, le=MOST_MEMBERS)]
    seed: Seed = 0
    policy_inputs: _Policies = ()
    own_inputs: _OwnInputs = ()


class GridAxis(Door):
    """Values of one lever."""

    lever_id: _LeverId
    place: Annotated[str, Field(max_length=60)] = ""
    year: _Year = 0
    values: Annotated[
        tuple[_Value, ...],
        Field(strict=False, min_length=1, max_length=MOST_AXIS_VALUES),
        AfterValidator(_unlike),
    ]


class GridDesign(Door):
    """Every combination of the values, the last axis fastest."""

    axes: Annotated[tuple[GridAxis, ...], Field(strict=False, min_length=1, max_length=MOST_GRID_AXES)]


class OneAtATimeDesign(Door):
    """The scenario itself, then every value of every axis alone."""

    axes: Annotated[tuple[GridAxis, ...], Field(strict=False, min_length=1, max_length=MOST_AXES)]


class ListDesign(Door):
    """Members as the caller lists them: scenarios, or a table (base64 in JSON)."""

    scenarios: Annotated[tuple[Scenario, ...], Field(strict=False, max_length=MOST_MEMBERS)] = ()
    table: Annotated[
        bytes,
        Field(max_length=MOST_TABLE_BYTES),
        BeforeValidator(_from_base64),
        PlainSerializer(_to_base64, return_type=str, when_used="json"),
    ] = b""
    table_format: Annotated[TableFormat, Field(strict=False)] = TableFormat.UNSPECIFIED

    @model_validator(mode="wrap")
    @classmethod
    def _one_source(cls, raw: Any, handler: ModelWrapValidatorHandler["ListDesign"]) -> "ListDesign":
        return told_together(raw, handler, "ListDesign", _list_faults)


class MorrisDesign(Door):
    """Morris screening; `level_count` 0 takes 4."""

    trajectory_count: Annotated[int, Field(ge=4, le=1000)]
    level_count: Annotated[int, Field(ge=0, le=100), AfterValidator(_even)] = 0
    seed: Seed = 0
    policy_inputs: _Policies = ()
    own_inputs: _OwnInputs = ()


class SobolDesign(Door):
    """Sobol's variance-based sensitivities."""

    base_count: Annotated[int, Field(ge=FEWEST_BASE, le=MOST_BASE), AfterValidator(_power_of_two)]
    second_order: bool = False
    seed: Seed = 0
    policy_inputs: _Policies = ()
    own_inputs: _OwnInputs = ()


DESIGNS: Final = ("random", "grid", "one_at_a_time", "list", "morris", "sobol")


class DesignDoor(Door):
    """Exactly one design, and the weather of its members."""

    random: RandomDesign | None = None
    grid: GridDesign | None = None
    one_at_a_time: OneAtATimeDesign | None = None
    list: ListDesign | None = None
    morris: MorrisDesign | None = None
    sobol: SobolDesign | None = None
    weather_use: Annotated[WeatherUse, Field(strict=False)] = WeatherUse.UNSPECIFIED
    weather_years: Annotated[
        tuple[WeatherName, ...], Field(strict=False, max_length=8), AfterValidator(_unlike)
    ] = ()

    @model_validator(mode="wrap")
    @classmethod
    def _one_design(cls, raw: Any, handler: ModelWrapValidatorHandler["DesignDoor"]) -> "DesignDoor":
        return told_together(raw, handler, cls.__name__, _design_faults)


def _list_faults(raw: Mapping[str, Any]) -> list[tuple[str, str]]:
    table, form = raw.get("table"), raw.get("table_format", TableFormat.UNSPECIFIED)
    if bool(raw.get("scenarios")) == bool(table):
        return [("", "give scenarios or a table, one of the two")]
    if table and form == TableFormat.UNSPECIFIED:
        return [("table_format", "say whether the table is csv or parquet")]
    return []


def _design_faults(raw: Mapping[str, Any]) -> list[tuple[str, str]]:
    given = [name for name in DESIGNS if raw.get(name) is not None]
    if len(given) == 1:
        return []
    text = f"given: {', '.join(given)}" if given else "none is given"
    return [("", f"give exactly one design of {', '.join(DESIGNS)}; {text}")]
