"""The sections of the report, in its order."""

from collections.abc import Sequence

from validation.comparison import Section
from validation.sections import (
    adequacy,
    balances,
    base_year,
    decisions,
    dispatch,
    fleets,
    grade_c,
    grid,
    heat_balance,
    hindcast,
    industry,
    outside,
    peers_buildings,
    peers_power,
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
        dispatch,
        adequacy,
        grid,
        peers_power,
        decisions,
    )
)
