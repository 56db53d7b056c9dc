"""SplitModes: every market of a request before and after."""

from typing import Final

from services.common.errors import invalid
from services.common.regions import load_region, region_ids
from services.common.revision import revision_of
from services.transport.freight.data import freight_data
from services.transport.modes.checks import meaning_violations
from services.transport.modes.doors import SplitModesRequest
from services.transport.modes.freight import split_freight
from services.transport.modes.passengers import split_passengers
from services.transport.modes.result import ModeSplit

_MOST_NOTES: Final = 200


def split_modes(request: SplitModesRequest) -> ModeSplit:
    """Shares, turnover or trips, energy and CO2 before and after, market by market.

    Notes say which defaults were used. DomainError(INVALID_INPUT) with every violation of every market.
    """
    found = meaning_violations(request.freight, request.passengers)
    if found:
        raise invalid(found)
    region = load_region(region_ids()[0])  # figures of modes are the nation's
    data = freight_data(region.region_id)
    freight = [split_freight(data, market) for market in request.freight]
    passengers = [split_passengers(market) for market in request.passengers]
    notes = [note for _, told in (*freight, *passengers) for note in told]
    if len(notes) > _MOST_NOTES:
        notes = [*notes[:_MOST_NOTES], f"另有 {len(notes) - _MOST_NOTES} 条 more notes of the same kind"]
    return ModeSplit(
        tuple(split for split, _ in freight),
        tuple(split for split, _ in passengers),
        tuple(notes),
        revision_of(region),
    )
