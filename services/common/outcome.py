"""What a sector answers (dafeng.sector.v1.Outcome): annual energy, emissions, metrics."""

from dataclasses import dataclass, replace

import numpy as np

from services.common.arrays import FloatArray, array, check_shapes
from services.common.digest import digest_of
from services.common.errors import DomainError
from services.common.words import Revision


@dataclass(frozen=True)
class ElectricityUse:
    """Electricity at the meter by end use; `shape_id` spreads the year over its hours."""

    use: str
    shape_id: str
    energy_mwh: FloatArray = array("place", "year")


@dataclass(frozen=True)
class FuelUse:
    """A fuel, or heat bought, used; direct energy-related CO2 beside it."""

    use: str
    carrier: str
    energy_gj: FloatArray = array("place", "year")
    energy_tco2: FloatArray = array("place", "year")
    feedstock: bool = False


@dataclass(frozen=True)
class ProcessEmission:
    """CO2 of a process, not of energy."""

    use: str
    process_tco2: FloatArray = array("place", "year")


@dataclass(frozen=True)
class HeatSupply:
    """Heat from co-generation: sets must-run output in power."""

    use: str
    shape_id: str
    chp_heat_gj: FloatArray = array("place", "year")


@dataclass(frozen=True)
class OnSiteGeneration:
    """Generation on the users' side (rooftop PV)."""

    technology: str
    shape_id: str
    capacity_mw: FloatArray = array("place", "year")
    energy_mwh: FloatArray = array("place", "year")


@dataclass(frozen=True)
class FlexibleLoad:
    """Load that power may move; its energy is already counted in ElectricityUse."""

    flexible_load_id: str
    shape_id: str
    window_hours: float
    efficiency_share: float
    energy_mwh: FloatArray = array("year")
    power_mw: FloatArray = array("year")
    feed_in_mw: FloatArray = array("year")


@dataclass(frozen=True)
class Indicator:
    """A published metric's values: the region's, and the cities' where they exist (else size 0)."""

    metric_id: str
    region_values: FloatArray = array("year")
    place_values: FloatArray = array("place", "year")


@dataclass(frozen=True)
class Outcome:
    """All that a sector says of one scenario."""

    sector: str
    places: tuple[str, ...]
    years: tuple[int, ...]
    electricity_uses: tuple[ElectricityUse, ...]
    fuel_uses: tuple[FuelUse, ...]
    process_emissions: tuple[ProcessEmission, ...]
    heat_supplies: tuple[HeatSupply, ...]
    on_site_generations: tuple[OnSiteGeneration, ...]
    flexible_loads: tuple[FlexibleLoad, ...]
    indicators: tuple[Indicator, ...]
    digest: str
    revision: Revision


@dataclass(frozen=True)
class UpstreamSeries:
    """A metric of another sector handed on by the caller."""

    metric_id: str
    values: FloatArray = array("place", "year")


def sealed(outcome: Outcome) -> Outcome:
    """The outcome with its digest, once `checked`."""
    return replace(checked(outcome), digest=digest_of(outcome))


def checked(outcome: Outcome) -> Outcome:
    """The outcome itself, after checking shapes, finiteness and signs.

    Raises DomainError(BALANCE) when an array has the wrong shape, is not finite, or energy is negative.
    """
    problems = check_shapes(outcome)
    if not _positive([use.energy_mwh for use in outcome.electricity_uses]):
        for use in outcome.electricity_uses:
            if (use.energy_mwh < 0).any():
                problems.append(f"electricity use {use.use} is negative")
    if not _positive([fuel.energy_gj for fuel in outcome.fuel_uses]):
        for fuel in outcome.fuel_uses:
            if (fuel.energy_gj < 0).any():
                problems.append(f"fuel use {fuel.use}/{fuel.carrier} is negative")
    if problems:
        raise DomainError("BALANCE", detail="; ".join(problems))
    return outcome


def _positive(arrays: list[FloatArray]) -> bool:
    """True when no item of any array is negative or NaN, all looked at in one go."""
    return not arrays or bool(np.concatenate([values.ravel() for values in arrays]).min(initial=0.0) >= 0.0)


def empty_place_values() -> FloatArray:
    """Place values of a metric that exists for the region only."""
    return np.empty((0, 0))
