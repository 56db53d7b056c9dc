"""What a design is to those who run its members."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from services.common.arrays import FloatArray
from services.common.scenario import Scenario
from services.common.words import Label


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
