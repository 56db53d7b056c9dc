"""What was known when: the electricity path of other industry as a forecaster saw it before 2025 was published.

The default path is anchored to the published electricity of 2025. Started from an earlier year it would tell the
answer of a hind-cast; then electricity grows with GDP times an elasticity until that anchor, and on with the default.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np

from services.common.levers import resolve
from services.common.regions import load_region
from services.common.scenario import Frame, LeverSetting, Scenario
from services.common.words import Lever

LEVER: Final = "industry.other_electricity"


def as_known(levers: Sequence[Lever], frame: Frame, scenario: Scenario, years: tuple[int, ...]) -> Scenario:
    """The scenario with the path of its time; unchanged when nothing is hidden or the user sets the lever.

    Raises DomainError with the violations of the scenario.
    """
    region = load_region(frame.region)
    anchor = int(region.number("industry/base", "electricity_anchor_year"))
    taken = any(s.lever_id == LEVER and not s.place for s in scenario.settings)
    if not frame.as_of_year or frame.as_of_year >= anchor or taken or frame.last_year <= frame.as_of_year:
        return scenario
    elasticity = region.number("industry/base", "electricity_gdp_elasticity")
    paths = resolve(levers, frame.region, scenario, years, frame.as_of_year)
    default, growth = paths.path(LEVER), paths.path("drivers.gdp_growth")
    year = np.array(years)
    free = (year > frame.as_of_year) & (year <= anchor)
    grown = np.cumprod(np.where(free, 1 + elasticity * growth, 1.0))
    start = default[years.index(frame.as_of_year)]
    at_anchor = default[years.index(min(anchor, years[-1]))]
    values = np.where(year <= anchor, start, start * default / at_anchor) * grown
    later = [i for i, y in enumerate(years) if y > frame.as_of_year]
    setting = LeverSetting(
        lever_id=LEVER,
        years=tuple(years[i] for i in later),
        values=tuple(float(values[i]) for i in later),
    )
    return scenario.model_copy(update={"settings": (*scenario.settings, setting)})
