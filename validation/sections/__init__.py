"""The sections of the report, in its order."""

from collections.abc import Sequence

from validation.comparison import Section
from validation.sections import (
    balances,
    base_year,
    decisions,
    fleets,
    grade_c,
    heat_balance,
    hindcast,
    industry,
    outside,
    peers_buildings,
    roofs_and_heat_pumps,
    standards,
    stock,
)

SECTIONS: Sequence[Section] = tuple(
    part.SECTION
    for part in (
        balances,
        base_year,
        hindcast,
        outside,
        grade_c,
        heat_balance,
        standards,
        roofs_and_heat_pumps,
        stock,
        peers_buildings,
        fleets,
        industry,
        decisions,
    )
)
