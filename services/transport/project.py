"""One scenario of transport: lever paths, activity, calibrated energy."""

from dataclasses import replace

from services.common.axes import BASE_YEAR
from services.common.drivers import LEVERS as DRIVERS
from services.common.factors import under_frame_set
from services.common.levers import LeverPaths, levers_in, resolve
from services.common.recording import kept
from services.common.scenario import Frame, Scenario
from services.transport.activity import Activity, activity_of
from services.transport.base import TransportBase, transport_base
from services.transport.calibration import calibration_factors
from services.transport.energy import energy_of
from services.transport.fleet.run import EVERYTHING, FleetNeeds
from services.transport.indicators import fleet_needs
from services.transport.indicators.project import Projection
from services.transport.levers import LEVERS

_ROWS = (*LEVERS, *DRIVERS)


def project_transport(frame: Frame, scenario: Scenario, only: frozenset[str] | None = None) -> Projection:
    """Run a scenario, for these metrics alone if they are named. Raises DomainError with all violations."""
    base, paths, activity = run_activity(frame, scenario, fleet_needs(only))
    factors = calibration_factors(frame.region, base.region.as_of_year)
    energy = energy_of(base, paths, activity, factors, frame.weather_year)
    baseline = _baseline_paths(frame.region, scenario.baseline, paths.years, frame.as_of_year)
    return Projection(base, paths, activity, energy, frame.weather_year, baseline)


def run_activity(
    frame: Frame, scenario: Scenario, needs: FleetNeeds = EVERYTHING
) -> tuple[TransportBase, LeverPaths, Activity]:
    """Base year, lever paths from 2020 to the last year, and the activity."""
    region = under_frame_set(frame.region, frame.as_of_year, frame.factor_set)
    years = tuple(range(BASE_YEAR, frame.last_year + 1))
    paths = _paths(frame.region, scenario, years, frame.as_of_year)
    baseline = _baseline_paths(frame.region, scenario.baseline, years, frame.as_of_year)
    base = replace(transport_base(frame.region, region.as_of_year), region=region)
    return base, paths, activity_of(base, paths, baseline, needs)


@kept(maxsize=32)
def _baseline_paths(region_id: str, baseline: str, years: tuple[int, ...], as_of_year: int) -> LeverPaths:
    """The levers of a baseline without settings: what choices move from."""
    return _paths(region_id, Scenario(baseline=baseline), years, as_of_year)  # type: ignore[arg-type]


def _paths(region_id: str, scenario: Scenario, years: tuple[int, ...], as_of_year: int) -> LeverPaths:
    return resolve(levers_in(_ROWS, region_id), region_id, scenario, years, as_of_year)
