"""Stage accounts: the sectors' and power's energy and CO2 set together, territorial and by use, without knowing the
sectors: carriers, uses, heat supplies and metric endings are all that is read.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from gateway.account_settings import (
    base_intensity_tco2,
    method,
    peak_rules,
)
from gateway.attribution import attribute, user_energy
from gateway.carbon_peak import TERRITORIAL, Boundary, carbon_peak
from gateway.city_energy import place_energy
from gateway.primary_energy import LOAD_GROUP, PrimaryEnergy, primary_energy
from gateway.results import CarrierSeries, CityAccount, PartSeries, RegionAccount, SectorAccount
from gateway.uses import SectorUse, sector_use
from services.common.arrays import FloatArray, array
from services.common.axes import BASE_YEAR
from services.common.drivers import LEVERS as DRIVERS
from services.common.economy import city_shares, gdp_by_place
from services.common.economy import gdp_index as chained_gdp
from services.common.errors import DomainError
from services.common.levers import resolve
from services.common.outcome import Outcome
from services.common.power_outcome import PowerOutcome
from services.common.recording import kept
from services.common.regions import Region
from services.common.scenario import Frame, Scenario
from services.common.words import Label, Lever

POWER = "power"
OTHER_PART = "other"
SINK_ENDING = "sink_tco2"
CITY_POWER_TABLE = "accounts/city_power"
_BALANCE_TOLERANCE = 1e-9


@dataclass(frozen=True)
class Accounts:
    """All accounts of one projection; the sectors in the order given, power last."""

    places: tuple[str, ...]
    years: tuple[int, ...]
    sectors: tuple[SectorAccount, ...]
    region: RegionAccount
    cities: tuple[CityAccount, ...]
    primary: PrimaryEnergy
    # By carrier, [place, year]: where what plants emit is counted.
    power_city_share: Mapping[str, FloatArray]
    place_territorial_tco2: FloatArray = array("place", "year")
    place_peak_load_mw: FloatArray = array("place", "year")
    place_coal_share: FloatArray = array("place", "year")
    place_energy_per_gdp_ratio: FloatArray = array("place", "year")
    place_co2_per_gdp_ratio: FloatArray = array("place", "year")


def gdp_path(frame: Frame, scenario: Scenario, years: tuple[int, ...]) -> FloatArray:
    """Real GDP, 2020 = 1, at `years` [year], from the drivers of a scenario."""
    chained = tuple(range(BASE_YEAR, years[-1] + 1))
    whole = chained_gdp(resolve(_drivers(frame.region), frame.region, scenario, chained, frame.as_of_year))
    return np.ascontiguousarray(whole[np.array(years) - BASE_YEAR])


def place_gdp_path(frame: Frame, scenario: Scenario, region: Region, years: tuple[int, ...]) -> FloatArray:
    """Real GDP of every city, 2020 = 1, at `years` [place, year], from the drivers of a scenario."""
    chained = tuple(range(BASE_YEAR, years[-1] + 1))
    paths = resolve(_drivers(frame.region), frame.region, scenario, chained, frame.as_of_year)
    whole = gdp_by_place(region, paths)
    return np.ascontiguousarray((whole / whole[:, :1])[:, np.array(years) - BASE_YEAR])


@kept(maxsize=16)
def _drivers(region_id: str) -> tuple[Lever, ...]:
    return tuple(row.in_region(region_id) for row in DRIVERS)


def make_accounts(
    region: Region,
    outcomes: Sequence[Outcome],
    power: PowerOutcome,
    labels: Mapping[str, Label],
    gdp_index: FloatArray,
    place_peak_load_mw: FloatArray,
    *,
    place_gdp_index: FloatArray | None = None,
    with_detail: bool = True,
) -> Accounts:
    """Set the accounts of a projection.

    labels: by sector id, "power" included. gdp_index [year], 2020 = 1; place_peak_load_mw [place, year];
    place_gdp_index [place, year], 2020 = 1, the region's without it. Without detail sectors have no carriers and parts,
    and cities no account: no metric reads them.
    Raises DomainError(BALANCE) when places, years or totals do not agree.
    """
    _check_axes(region, outcomes, power)
    uses = [sector_use(o) for o in outcomes]
    users = [user_energy(u) for u in uses]
    local = sum((t.energy_tco2 for t in power.technologies if not t.imported), np.zeros(len(power.years)))
    imported = sum((t.energy_tco2 for t in power.technologies if t.imported), np.zeros(len(power.years)))
    attributed, left = attribute(users, local + imported)
    small = method(region, "part_min_share")
    sectors = [
        _sector_account(u, labels[u.outcome.sector], share, small, with_detail=with_detail)
        for u, share in zip(uses, attributed, strict=True)
    ]
    city_share = power_city_shares(region, outcomes, power)
    plants = (city_share[t.carrier] * t.energy_tco2 for t in power.technologies if not t.imported)
    place_power = sum(plants, np.zeros((len(region.city_ids), len(power.years))))
    sectors.append(_power_account(power, labels[POWER], left, small, place_power, with_detail=with_detail))
    place_total = np.sum([s.place_direct_tco2 for s in sectors], axis=0)
    primary = primary_energy(region, uses, power)
    use_share = electricity_shares(region, outcomes, power.years)
    place_coal, place_whole = place_energy(region, uses, power, use_share, city_share)
    # Imported power follows the electricity used, as where intensities are shared out to cities.
    place_with_imports = place_total + use_share * imported
    place_gdp = gdp_index if place_gdp_index is None else place_gdp_index
    account = _region_account(region, outcomes, power, sectors, primary, imported, gdp_index)
    _check_totals(account, sectors, place_total)
    return Accounts(
        places=region.city_ids,
        years=power.years,
        sectors=tuple(sectors),
        region=account,
        cities=_cities(region, outcomes, sectors, place_total, place_peak_load_mw, power.years)
        if with_detail
        else (),
        primary=primary,
        power_city_share=city_share,
        place_territorial_tco2=place_total,
        place_peak_load_mw=place_peak_load_mw,
        place_coal_share=ratio(place_coal, place_whole),
        place_energy_per_gdp_ratio=1 - place_intensity_fall(place_whole, place_gdp),
        place_co2_per_gdp_ratio=1 - place_intensity_fall(place_with_imports, place_gdp),
    )


def place_electricity_mwh(outcomes: Sequence[Outcome], places: int, years: int) -> FloatArray:
    """Electricity at the meter of all sectors, MWh [place, year]."""
    return sum(
        (u.energy_mwh for o in outcomes for u in o.electricity_uses),
        np.zeros((places, years)),
    )


def _sector_account(
    use: SectorUse, label: Label, attributed: FloatArray, small: float, *, with_detail: bool
) -> SectorAccount:
    zero = np.zeros(len(use.outcome.years))
    direct = use.place_direct_tco2
    total = direct.sum(axis=0)
    carriers: dict[str, FloatArray] = {}
    parts: dict[str, FloatArray] = {}
    for fuel, gj, tco2 in use.fuels if with_detail else ():
        carriers[fuel.carrier] = carriers.get(fuel.carrier, zero) + gj
        parts[fuel.use] = parts.get(fuel.use, zero) + tco2
    return SectorAccount(
        sector=use.outcome.sector,
        label=label,
        carriers=tuple(CarrierSeries(c, gj) for c, gj in carriers.items()),
        parts=_parts(parts, total, small),
        direct_tco2=total,
        place_direct_tco2=direct,
        attributed_tco2=attributed,
        process_tco2=use.process_tco2,
        electricity_mwh=place_electricity_mwh((use.outcome,), *direct.shape).sum(axis=0),
    )


def _parts(parts: Mapping[str, FloatArray], total: FloatArray, small: float) -> tuple[PartSeries, ...]:
    """Parts that reach a share of the total in some year, the rest as "other"; parts without CO2 are left out."""
    share = {p: float(np.max(ratio(v, total), initial=0.0)) for p, v in parts.items()}
    shown = [PartSeries(p, v) for p, v in parts.items() if share[p] >= small]
    hidden = [v for p, v in parts.items() if 0 < share[p] < small]
    if hidden:
        shown.append(PartSeries(OTHER_PART, np.sum(hidden, axis=0)))
    return tuple(shown)


def _power_account(
    power: PowerOutcome,
    label: Label,
    left: FloatArray,
    small: float,
    place_tco2: FloatArray,
    *,
    with_detail: bool,
) -> SectorAccount:
    local = [t for t in power.technologies if not t.imported]
    zero = np.zeros(len(power.years))
    direct = sum((t.energy_tco2 for t in local), zero)
    groups: dict[str, FloatArray] = {}
    carriers: dict[str, FloatArray] = {}
    for tech in local if with_detail else ():
        groups[tech.group] = groups.get(tech.group, zero) + tech.energy_tco2
        if tech.carrier:
            carriers[tech.carrier] = carriers.get(tech.carrier, zero) + tech.fuel_gj
    stores = sum((s.charged_mwh - s.discharged_mwh for s in power.stores), zero)
    return SectorAccount(
        sector=POWER,
        label=label,
        carriers=tuple(CarrierSeries(c, gj) for c, gj in carriers.items()),
        parts=_parts(groups, direct, small),
        direct_tco2=direct,
        place_direct_tco2=place_tco2,
        attributed_tco2=left,
        process_tco2=zero,
        electricity_mwh=power.loss_mwh + power.plant_own_use_mwh + stores,
    )


def electricity_shares(region: Region, outcomes: Sequence[Outcome], years: tuple[int, ...]) -> FloatArray:
    """Share of each city in the electricity used at the meters, alike where none is used, [place, year]."""
    used = place_electricity_mwh(outcomes, len(region.city_ids), len(years))
    total = used.sum(axis=0)
    share: FloatArray = np.divide(used, total, out=np.full_like(used, 1 / len(used)), where=total > 0)
    return share


def power_city_shares(
    region: Region, outcomes: Sequence[Outcome], power: PowerOutcome
) -> dict[str, FloatArray]:
    """Share of each city in what power plants on a carrier emit, by account, [place, year] by carrier.

    By the city's share of the capacity that burns the carrier (rows of accounts/city_power), held after the last
    observed year; a carrier without a row by the share of electricity used.
    """
    years = power.years
    by_use = electricity_shares(region, outcomes, years)
    keys = region.table(CITY_POWER_TABLE).by("carrier") if region.has(CITY_POWER_TABLE) else {}
    rows = {
        carrier: keys.get(carrier)
        for carrier in dict.fromkeys(t.carrier for t in power.technologies if not t.imported)
    }
    return {
        carrier: by_use if row is None else city_shares(region, row["observation"], years)
        for carrier, row in rows.items()
    }


def _region_account(
    region: Region,
    outcomes: Sequence[Outcome],
    power: PowerOutcome,
    sectors: Sequence[SectorAccount],
    primary: PrimaryEnergy,
    imported: FloatArray,
    gdp_index: FloatArray,
) -> RegionAccount:
    zero = np.zeros(len(power.years))
    territorial = sum((s.direct_tco2 for s in sectors), zero)
    with_imports = territorial + imported
    total = primary.coal_equivalent_gj
    called_off = sum((t.energy_mwh for t in power.technologies if t.group == LOAD_GROUP), zero)
    consumption = sum((s.electricity_mwh for s in sectors), zero) - power.unserved_mwh - called_off
    local_share = ratio(primary.non_fossil_local_gj, total)
    full_share = ratio(primary.non_fossil_local_gj + primary.clean_import_gj, total)
    weight = method(region, "non_fossil_import_weight_share")
    return RegionAccount(
        territorial_tco2=territorial,
        imported_power_tco2=imported,
        process_tco2=sum((s.process_tco2 for s in sectors), zero),
        sink_tco2=sum(
            (i.region_values for o in outcomes for i in o.indicators if i.metric_id.endswith(SINK_ENDING)),
            zero,
        ),
        primary_coal_equivalent_gj=total,
        primary_calorific_gj=primary.calorific_gj,
        coal_share=ratio(primary.coal_and_coke_gj, total),
        non_fossil_local_share=local_share,
        non_fossil_with_imports_share=full_share,
        non_fossil_share=local_share + weight * (full_share - local_share),
        power_coal_share=ratio(primary.power_coal_gj, primary.coal_gj),
        co2_per_gdp_fall_since_2005_share=1 - with_imports / gdp_index / base_intensity_tco2(region),
        energy_per_gdp_fall_since_2020_share=intensity_fall(total, gdp_index),
        electricity_consumption_mwh=consumption,
        gdp_index=gdp_index,
        electricity_tco2_per_mwh=ratio(sectors[-1].direct_tco2 + imported, consumption),
    )


def intensity_fall(amount: FloatArray, gdp_index: FloatArray) -> FloatArray:
    """Fall of energy or CO2 per GDP since the first year, share, [year]."""
    intensity = amount / gdp_index
    return 1 - intensity / intensity[0] if intensity[0] > 0 else np.zeros_like(intensity)


def place_intensity_fall(amount: FloatArray, gdp_index: FloatArray) -> FloatArray:
    """The same for every city, [place, year]; 0 where a city has nothing in the first year."""
    intensity = amount / gdp_index
    return 1 - np.divide(intensity, intensity[:, :1], out=np.ones_like(intensity), where=intensity[:, :1] > 0)


def _cities(
    region: Region,
    outcomes: Sequence[Outcome],
    sectors: Sequence[SectorAccount],
    place_total: FloatArray,
    place_peak_load_mw: FloatArray,
    years: tuple[int, ...],
) -> tuple[CityAccount, ...]:
    rules = peak_rules(region)
    electricity = place_electricity_mwh(outcomes, len(region.city_ids), len(years))
    label = Label("本地能源活动，电力按核算分摊", "Energy, territorial, power by account")
    return tuple(
        CityAccount(
            place=city,
            carbon_peak=carbon_peak(
                years,
                Boundary(TERRITORIAL, label, place_total[p]),
                {s.sector: s.place_direct_tco2[p] for s in sectors},
                rules,
            ),
            territorial_tco2=place_total[p],
            electricity_mwh=electricity[p],
            peak_load_mw=place_peak_load_mw[p],
        )
        for p, city in enumerate(region.city_ids)
    )


def _check_axes(region: Region, outcomes: Sequence[Outcome], power: PowerOutcome) -> None:
    for outcome in outcomes:
        if outcome.years != power.years or outcome.places != region.city_ids:
            raise DomainError(
                "BALANCE", detail=f"{outcome.sector} answers other places or years than the region and power"
            )


def _check_totals(account: RegionAccount, sectors: Sequence[SectorAccount], place_total: FloatArray) -> None:
    """Attributed CO2 sums to the total with imports; cities sum to the region."""
    total = account.territorial_tco2 + account.imported_power_tco2
    attributed = np.sum([s.attributed_tco2 for s in sectors], axis=0)
    problems = [
        name
        for name, found, wanted in (
            ("attributed CO2", attributed, total),
            ("CO2 of the cities", place_total.sum(axis=0), account.territorial_tco2),
        )
        if not np.allclose(found, wanted, rtol=_BALANCE_TOLERANCE, atol=_BALANCE_TOLERANCE)
    ]
    if problems:
        raise DomainError("BALANCE", detail=f"{' and '.join(problems)} differ from the region's total")


def ratio(above: FloatArray, below: FloatArray) -> FloatArray:
    """above / below, 0 where nothing is below, [year]."""
    return np.divide(above, below, out=np.zeros_like(above), where=below > 0)
