"""EstimateRooftopPv: capacity, output and own use of a caller's roofs."""

from typing import Final

import numpy as np

from services.buildings.climate.source import read_weather, report
from services.buildings.climate.weather import Weather
from services.buildings.roofs.cover import Cover, cover
from services.buildings.roofs.doors import EstimateRooftopPvRequest, Roof
from services.buildings.roofs.pv_yield import LEAVES, Chain, light_kwh_per_m2, output_per_kw, usual_chain
from services.buildings.roofs.result import RooftopEstimate, RoofYield
from services.common.arrays import FloatArray
from services.common.axes import HOURS, MONTH_DAYS
from services.common.errors import DomainError, Violation, invalid
from services.common.regions import Region, load_region, region_ids
from services.common.revision import revision_of
from services.common.sent_series import hours_of, load_violations
from services.common.units import W_PER_KW

_MONTH_START: Final = np.concatenate([[0], np.cumsum(MONTH_DAYS)[:-1]]) * 24
_MOST_LOAD_KW: Final = 1e7


def estimate(request: EstimateRooftopPvRequest) -> RooftopEstimate:
    """What the roofs yield. Own use is reckoned hour by hour for each roof before roofs are added up.

    DomainError(INVALID_INPUT) with every violation of roofs and weather.
    """
    region = _region(request)
    found: list[Violation] = []
    weather: Weather | None = None
    try:
        weather = read_weather(request.weather)
    except DomainError as error:
        found += error.violations
    covers = []
    for i, roof in enumerate(request.roofs):
        one, wrong = cover(region, roof, f"roofs[{i}]")
        covers.append(one)
        found += wrong + load_violations(f"roofs[{i}].load_kw", roof.load_kw, 0.0, _MOST_LOAD_KW, "kW")
    found += _same_ids(request.roofs)
    if found or weather is None:
        raise invalid(found)
    fitted = [one for one in covers if one is not None]
    return _answer(request, region, weather, fitted)


def _answer(
    request: EstimateRooftopPvRequest, region: Region, weather: Weather, covers: list[Cover]
) -> RooftopEstimate:
    chain = _chain(request, region)
    density = _or(request.module_w_per_m2, region.number(LEAVES, "module_w_per_m2")) / W_PER_KW
    planes = sorted({one.plane for one in covers}, key=lambda p: (p.azimuth_deg, p.tilt_deg, p.flush))
    output = {plane: output_per_kw(weather, plane, chain) for plane in planes}
    light = {plane: light_kwh_per_m2(weather, plane, chain) for plane in planes}
    yields = []
    together = _Sum()
    for roof, one in zip(request.roofs, covers, strict=True):
        capacity = one.module_m2 * density
        hours = capacity * output[one.plane]
        load = hourly_load(roof.load_kw, weather.first_weekday)
        own = _Sum(
            capacity,
            one.most_module_m2 * density,
            capacity * light[one.plane],
            float(np.minimum(hours, load).sum()),
            float(load.sum()),
            hours,
        )
        together = together.plus(own)
        yields.append(own.told(roof.roof_id, one.coverage_share, one.capped, request.with_hours))
    total = together.told(
        "", _coverage_of_all(request.roofs, covers), any(c.capped for c in covers), request.with_hours
    )
    return RooftopEstimate(tuple(yields), total, report(weather), revision_of(region))


class _Sum:
    """A roof's figures that add up over roofs."""

    def __init__(
        self,
        capacity_kw: float = 0.0,
        potential_kw: float = 0.0,
        ideal_kwh: float = 0.0,
        used_kwh: float = 0.0,
        load_kwh: float = 0.0,
        hours: FloatArray | None = None,
    ) -> None:
        self.capacity_kw, self.potential_kw, self.ideal_kwh = capacity_kw, potential_kw, ideal_kwh
        self.used_kwh, self.load_kwh = used_kwh, load_kwh
        self.hours = np.zeros(HOURS) if hours is None else hours

    def plus(self, other: "_Sum") -> "_Sum":
        return _Sum(
            self.capacity_kw + other.capacity_kw,
            self.potential_kw + other.potential_kw,
            self.ideal_kwh + other.ideal_kwh,
            self.used_kwh + other.used_kwh,
            self.load_kwh + other.load_kwh,
            np.asarray(self.hours + other.hours),
        )

    def told(self, roof_id: str, coverage: float, capped: bool, with_hours: bool) -> RoofYield:
        """The answer; ratios over nothing are 0."""
        energy = float(self.hours.sum())
        return RoofYield(
            roof_id=roof_id,
            capacity_kw=self.capacity_kw,
            potential_kw=self.potential_kw,
            coverage_share=coverage,
            capped=capped,
            energy_kwh=energy,
            yield_kwh_per_kw=_ratio(energy, self.capacity_kw),
            performance_ratio=_ratio(energy, self.ideal_kwh),
            self_used_kwh=self.used_kwh,
            exported_kwh=energy - self.used_kwh,
            self_consumption_share=_ratio(self.used_kwh, energy),
            self_sufficiency_share=_ratio(self.used_kwh, self.load_kwh),
            monthly_kwh=np.add.reduceat(self.hours, _MONTH_START),
            output_kw=self.hours if with_hours else np.zeros(0),
        )


def hourly_load(load_kw: tuple[float, ...], first_weekday: int) -> FloatArray:
    """The load of the year, kW [h]: a day repeated, a week from Monday repeated, or the hours as sent; else none."""
    return hours_of(load_kw, first_weekday, 0.0)


def _coverage_of_all(roofs: tuple[Roof, ...], covers: list[Cover]) -> float:
    """By the basis asked for when it is one, else module over roof."""
    if len({one.basis for one in covers}) == 1:
        parts = [one.coverage_share * one.whole_m2 for one in covers]
        return _ratio(sum(parts), sum(one.whole_m2 for one in covers))
    return _ratio(sum(one.module_m2 for one in covers), sum(roof.roof_area_m2 for roof in roofs))


def _same_ids(roofs: tuple[Roof, ...]) -> list[Violation]:
    seen: set[str] = set()
    found = []
    for i, roof in enumerate(roofs):
        if roof.roof_id in seen:
            found.append(
                Violation(f"roofs[{i}].roof_id", "another roof has this id", roof.roof_id, "unique ids")
            )
        seen.add(roof.roof_id)
    return found


def _chain(request: EstimateRooftopPvRequest, region: Region) -> Chain:
    usual = usual_chain(region)
    return Chain(
        _or(request.loss_share, usual.loss_share),
        _or(request.inverter_efficiency_share, usual.inverter_efficiency_share),
        _or(request.dc_ac_ratio, usual.dc_ac_ratio),
        _or(request.temperature_coefficient_per_k, usual.temperature_coefficient_per_k),
        _or(request.ground_albedo, usual.ground_albedo),
        usual.flush_warming_k,
    )


def _region(request: EstimateRooftopPvRequest) -> Region:
    """The region of the place; figures of the nation come with every region. A wrong name is told with the weather."""
    place = request.weather.place
    known = region_ids()
    return load_region(place.region if place is not None and place.region in known else known[0])


def _or(given: float | None, usual: float) -> float:
    return usual if given is None else given


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole > 0 else 0.0
