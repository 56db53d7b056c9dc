"""Words of ensembles: uncertain inputs, the world they are drawn in, and what a design is to those who run it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol

from gateway.ensemble.distributions import Distribution
from services.common.arrays import FloatArray
from services.common.regions import Region
from services.common.scenario import Scenario
from services.common.words import Label, Lever, Provenance

# The input that stands for the weather year, and its name.
WEATHER: Final = "weather"
WEATHER_LABEL: Final = Label("天气年", "Weather year")


@dataclass(frozen=True)
class KnownThen:
    """A path that was anchored to a later statistic: before that, it grows with a driver times an elasticity."""

    driver_id: str
    elasticity: float
    anchor_year: int


@dataclass(frozen=True)
class UncertainInput:
    """One dimension of an ensemble: one draw sets the lever in all its anchor years together."""

    input_id: str
    axis: str
    lever_id: str
    label: Label
    mode: str
    anchors: tuple[tuple[int, Distribution], ...]
    group: str
    group_correlation: float
    known_then: KnownThen | None
    provenance: Provenance


@dataclass(frozen=True)
class World:
    """What members are drawn in: the region as known at the end of `as_of_year` (0: now), its levers, the last year."""

    region: Region
    levers: Mapping[str, Lever]
    last_year: int
    as_of_year: int = 0


class SensitivityMethod(StrEnum):
    """What the members of a design can say of sensitivities."""

    NONE = ""
    GIVEN_DATA = "given_data"
    MORRIS = "morris"
    SOBOL = "sobol"


@dataclass(frozen=True)
class Drawn:
    """One member: its number from 0, the scenario and the weather year it is run with."""

    number: int
    scenario: Scenario
    weather_year: str


@dataclass(frozen=True)
class DesignInput:
    """What sensitivities are told for: an input, correlated inputs moved together, or the weather year ("weather").

    `columns` are its places in `Design.shares`: several for inputs moved together.
    """

    input_id: str
    label: Label
    columns: tuple[int, ...]


@dataclass(frozen=True)
class Sensing:
    """How a design was made, as far as the analysis must know; numbers of other methods are 0."""

    method: SensitivityMethod
    inputs: tuple[DesignInput, ...] = ()
    seed: int = 0
    level_count: int = 0  # Morris
    base_count: int = 0  # Sobol
    second_order: bool = False  # Sobol
    correlated: tuple[tuple[str, str], ...] = ()  # pairs of inputs that are drawn together (random designs)


class Design(Protocol):
    """Members as a function of their numbers. Every cut gives the same members, bit for bit."""

    @property
    def member_count(self) -> int:
        """Members in all."""

    @property
    def inputs(self) -> tuple[DesignInput, ...]:
        """What is drawn, the weather first; empty for designs without draws."""

    @property
    def sensing(self) -> Sensing:
        """What an analysis of sensitivities needs."""

    def block(self, first: int, count: int) -> Sequence[Drawn]:
        """Members first to first + count - 1. IndexError outside the design."""

    def shares(self, first: int, count: int) -> FloatArray:
        """Where each member lies in its inputs, 0 to 1, [member, column]; no column for designs without draws."""
