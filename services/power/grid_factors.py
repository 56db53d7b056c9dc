"""CO2 per MWh of electricity: by the official method, by consumption with imports at origin, and at the margin.

Official method (Ministry of Ecology and Environment and National Bureau of Statistics, factors of 2021 on): fossil CO2
of generation in the province and the factor of each sending grid times what is taken from it, over generation and what
is taken in. The model's figure stands beside the published one; nothing is scaled to it.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from services.common.arrays import FloatArray
from services.common.axes import BASE_YEAR
from services.common.factors import factors_tco2_per_gj
from services.common.levers import LeverPaths
from services.common.power_outcome import GridFactorCheck, MarginalFactors, Technology
from services.common.recording import kept
from services.common.regions import Region
from services.power.dispatch import Request
from services.power.sums import YearSums

TABLE = "power/grid_factors"
SENDERS = "power/sending_grids"
SCOPE = "power/grid_factor"
PLANT_LIBRARY = "power_coal_2_77"
LOAD_GROUP = "other"  # interrupted load is no generation
MARGINAL_EVERY_YEARS = 10

Index = NDArray[np.int64]


def provincial_factors(
    tco2: FloatArray,
    generation_mwh: FloatArray,
    sent_mwh: FloatArray,
    outside_tco2: FloatArray,
    outside_mwh: FloatArray,
) -> FloatArray:
    """Grid factors of all provinces, t/MWh [p]: (Em_p + sum_n EF_n E_np + outside) / (E_p + sum_n E_np + outside).

    tco2, generation_mwh [p]; sent_mwh [n, p] net electricity from n to p, diagonal 0; outside [p] what comes from grids
    whose factor is given. A linear system, since factors of senders depend on what they take themselves. Raises
    numpy.linalg.LinAlgError when a province has neither generation nor intake.
    """
    taken = generation_mwh + sent_mwh.sum(axis=0) + outside_mwh
    return np.asarray(np.linalg.solve(np.diag(taken) - sent_mwh.T, tco2 + outside_tco2))


@kept(maxsize=32)
def published(region: Region) -> Mapping[str, Mapping[int, float]]:
    """Published factors by place and year, t/MWh; later years than as_of are not in it."""
    found: dict[str, dict[int, float]] = {}
    for row in region.table(TABLE).rows():
        found.setdefault(row["place"], {})[row["year"]] = row["tco2_per_mwh"]
    return found


def sending_factors(request: Request, paths: LeverPaths) -> dict[str, FloatArray]:
    """Factor of the sending grid of every line, t/MWh [year from 2020].

    Linear between published years and flat before; after the last it moves in proportion to the lever for existing
    lines, so that scenarios of cleaner sending grids are seen. Where nothing is published, the line's own factor at the
    origin.
    """
    region = request.fleet.region
    official = published(region)
    rows = region.table(SENDERS).rows() if region.has(SENDERS) else []
    senders = {row["technology"]: row["place"] for row in rows}
    lever = paths.path("power.existing_import_emission_factor")
    years = paths.years
    found = {}
    for line in request.fleet.lines:
        known = official.get(senders.get(line.technology, ""), {})
        if not known:
            found[line.technology] = request.imports.tco2_per_mwh[line.technology]
            continue
        last = max(known)
        path = np.interp(years, sorted(known), [known[y] for y in sorted(known)])
        held = float(np.interp(last, years, lever))
        after = np.array(years) > last
        ratio = np.divide(lever, held, out=np.ones(len(years)), where=after & (held > 0))
        found[line.technology] = path * ratio
    return found


def grid_values(
    request: Request, paths: LeverPaths, years: Sequence[YearSums], techs: Sequence[Technology]
) -> dict[str, FloatArray]:
    """Factors by name, t/MWh [year]: official method, consumption with imports at origin, marginal mean."""
    at: Index = np.array([y.index for y in years])
    zero = np.zeros(at.size)
    local = [t for t in techs if not t.imported and t.group != LOAD_GROUP]
    lines = [t for t in techs if t.imported]
    factor = sending_factors(request, paths)
    tco2 = sum((t.energy_tco2 for t in local), zero)
    whole = sum((t.energy_mwh for t in (*local, *lines)), zero)
    taken = sum((t.energy_mwh * factor[t.technology][at] for t in lines), zero)
    origin = sum((t.energy_tco2 for t in lines), zero)
    scope = _official_scope_tco2(request.fleet.region, local)
    return {
        "grid_factor_tco2_per_mwh": (tco2 + taken) / whole,
        "grid_factor_official_scope_tco2_per_mwh": (scope + taken) / whole,
        "consumption_tco2_per_mwh": (tco2 + origin) / whole,
        "marginal_tco2_per_mwh": np.array([y.margin.mean_tco2_per_mwh for y in years]),
    }


def _official_scope_tco2(region: Region, local: Sequence[Technology]) -> FloatArray:
    """CO2 of generation as statistics of power count it, t [year]: power-plant coal, steel gases at the plant.

    The accounts use the factors with which the base year closes and count the carbon of steel gases in coke.
    """
    default, plant = factors_tco2_per_gj(region), factors_tco2_per_gj(region, PLANT_LIBRARY)
    gases = region.number(SCOPE, "offgas_tco2_per_gj") if region.has(SCOPE, ".yaml") else 0.0
    total = np.zeros(local[0].energy_tco2.size)
    for tech in local:
        factor = plant["coal"] / default["coal"] if tech.carrier == "coal" else 1.0
        total += tech.energy_tco2 * factor
        if tech.carrier == "byproduct_gas":
            total += tech.fuel_gj * gases
    return total


def grid_factor_checks(
    region: Region, years: Sequence[YearSums], grid: Mapping[str, FloatArray]
) -> tuple[GridFactorCheck, ...]:
    """The model's factor beside the region's published one, in years that have one; grid of `grid_values`."""
    official = published(region).get(region.region_id, {})
    found = []
    for i, year in enumerate(years):
        calendar = BASE_YEAR + year.index
        if calendar in official:
            value = official[calendar]
            model = float(grid["grid_factor_tco2_per_mwh"][i])
            scope = float(grid["grid_factor_official_scope_tco2_per_mwh"][i])
            found.append(GridFactorCheck(calendar, model, value, value / model, scope, value / scope))
    return tuple(found)


def marginal_tables(years: Sequence[YearSums]) -> tuple[MarginalFactors, ...]:
    """Marginal factors by month and hour of day for years divisible by ten and the last year."""
    chosen = [y for y in years if y.index % MARGINAL_EVERY_YEARS == 0 or y is years[-1]]
    return tuple(MarginalFactors(BASE_YEAR + y.index, y.margin.marginal_tco2_per_mwh) for y in chosen)
