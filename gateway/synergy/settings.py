"""Settings of synergy as data: equivalents of the tax law, thresholds, bounds, bands."""

import math
from dataclasses import dataclass

from gateway.synergy.results import CoordinationRule, PollutantRule
from services.common.axes import BASE_YEAR
from services.common.regions import Region
from services.common.words import Label

_METHOD = "synergy/method"


@dataclass(frozen=True)
class SynergySettings:
    """Everything that an assessment goes by."""

    pollutants: tuple[PollutantRule, ...]
    effect_share_min: float
    coordination: CoordinationRule
    bands: tuple[tuple[float, Label], ...]


def synergy_settings(region: Region) -> SynergySettings:
    """The settings in force."""
    pollutants = []
    for row in region.table("synergy/pollutants").rows():
        value = row["kg_per_equivalent"]
        weight = None if value is None or math.isnan(value) else float(value)
        pollutants.append(PollutantRule(row["metric_id"], Label(row["zh"], row["en"]), weight))
    bands = tuple((r["below"], Label(r["zh"], r["en"])) for r in region.table("synergy/bands").rows())
    rule = CoordinationRule(
        worst_ratio=region.number(_METHOD, "worst_ratio"),
        best_ratio=region.number(_METHOD, "best_ratio"),
        index_min=region.number(_METHOD, "index_min"),
        pollution_weight_share=region.number(_METHOD, "pollution_weight_share"),
        base_year=BASE_YEAR,
    )
    return SynergySettings(tuple(pollutants), region.number(_METHOD, "effect_share_min"), rule, bands)
