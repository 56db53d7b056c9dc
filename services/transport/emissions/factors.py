"""Exhaust factors of a model year, g per km: guideline factors by standard, speed, and the mix of standards sold.

    EF[q, c, k, v] = sum_s share[c, k, v, s] g[q, c, k, s] phi_speed[q, c, k, s]
    EF after a years = EF + rise min(a, limit)

Method: the national guide to road-vehicle inventories (2014). China VI is derived from China V until measured factors
of the guide exist. What a class without factors of its own takes stands in regions/national/transport/
emission_groups.csv; speeds in emission_classes.csv.
"""

from typing import Final

import numpy as np

from services.common.arrays import FloatArray
from services.common.recording import kept
from services.common.regions import Region
from services.transport.base import POWERTRAINS
from services.transport.emissions.standards import STANDARDS, group_of, standard_shares

POLLUTANTS: Final = ("nox", "voc", "pm25", "co")
PARAMETERS: Final = "transport/emissions"
FACTORS: Final = "transport/exhaust_factors"
CORRECTION: Final = "transport/exhaust_speed_correction"
CLASSES: Final = "transport/emission_classes"
_PM: Final = "pm25"
# lower ends of the guideline's speed bands, km/h, and their columns
_BANDS: Final = (
    (0.0, "below_20"),
    (20.0, "from_20"),
    (30.0, "from_30"),
    (40.0, "from_40"),
    (80.0, "above_80"),
)
# the guideline corrects III to V; older standards take III, newer ones V
_CORRECTED_AS: Final = {"pre_I": "III", "I": "III", "II": "III", "VI": "V"}


@kept(maxsize=32)
def pollutant_factors(
    region: Region, timetable: str, classes: tuple[str, ...], first_model_year: int, slots: int
) -> tuple[FloatArray, FloatArray]:
    """Exhaust when new, g/km, and its rise in g/km per year of age up to `rise_limit_years`; both [q, c, k, slot].

    q as POLLUTANTS; VOC is exhaust only. Per km driven on fuel: a plug-in hybrid's electric km are the caller's to take
    off. Arrays are read-only.
    """
    shares = standard_shares(region, timetable, classes, first_model_year, slots)
    new, worsens = standard_factors(region, classes)
    yearly = region.number(PARAMETERS, "exhaust_rise_per_year")
    factors = np.einsum("ckvs,qcks->qckv", shares, new)
    rise = np.einsum("ckvs,qcks->qckv", shares, new * worsens) * yearly
    for array in (factors, rise):
        array.flags.writeable = False
    return factors, rise


def rise_limit_years(region: Region) -> int:
    """Age after which the exhaust does not worsen further."""
    return int(region.number(PARAMETERS, "exhaust_rise_limit_years"))


@kept(maxsize=32)
def standard_factors(region: Region, classes: tuple[str, ...]) -> tuple[FloatArray, FloatArray]:
    """Exhaust when new at the class' speed, g/km, and 1 where it worsens with age; both [q, c, k, s]."""
    group = group_of(region)
    base = {
        (r["factor_class"], r["fuel"], r["pollutant"], r["standard"]): r for r in region.table(FACTORS).rows()
    }
    correction = {(r["fuel"], r["pollutant"], r["standard"]): r for r in region.table(CORRECTION).rows()}
    speed = region.table(CLASSES).by("vehicle_class")
    shape = (len(POLLUTANTS), len(classes), len(POWERTRAINS), len(STANDARDS))
    factors, worsens = np.zeros(shape), np.zeros(shape)
    for c, name in enumerate(classes):
        band = speed_band(speed[name]["mean_speed_kmh"])
        for k, powertrain in enumerate(POWERTRAINS):
            row = group.get((name, powertrain))
            if row is None:
                continue
            for q, pollutant in enumerate(POLLUTANTS):
                kind = "pm_factor" if pollutant == _PM else "factor"
                fuel = row[f"{kind}_fuel"]
                for s, standard in enumerate(STANDARDS[:-1]):
                    own = base[row[f"{kind}_class"], fuel, pollutant, standard]
                    corrected = _CORRECTED_AS.get(standard, standard)
                    at_speed = correction[fuel, pollutant, corrected][band]
                    factors[q, c, k, s] = own["g_per_km"] * row["scale_ratio"] * at_speed
                    worsens[q, c, k, s] = own["worsens"]
    return factors, worsens


def speed_band(speed_kmh: float) -> str:
    """Column of the speed correction for a mean speed."""
    return [column for low, column in _BANDS if speed_kmh >= low][-1]
