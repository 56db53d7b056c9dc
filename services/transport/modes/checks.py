"""Everything that is wrong with a request of SplitModes, told at once: fields, and what markets mean together."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, ModelWrapValidatorHandler, ValidationError, model_validator

from services.common.errors import Violation
from services.common.regions import region_ids
from services.transport.doors import line_of, lines_of
from services.transport.freight.data import freight_data
from services.transport.modes.doors import MOST_MARKETS, FreightMarket, SplitModesRequest
from services.transport.modes.freight import freight_violations
from services.transport.modes.passenger_doors import PassengerMarket
from services.transport.modes.passengers import market_violations

M = TypeVar("M", bound=BaseModel)


class SplitModesDoor(SplitModesRequest):
    """The request as it arrives: where a field of one market does not open, the others are still checked."""

    @model_validator(mode="wrap")
    @classmethod
    def _tell_all(cls, raw: Any, handler: ModelWrapValidatorHandler["SplitModesDoor"]) -> "SplitModesDoor":
        try:
            return handler(raw)
        except ValidationError as error:
            if not isinstance(raw, Mapping):
                raise
            lines = lines_of(error)
            freight = _opened(FreightMarket, raw.get("freight"))
            passengers = _opened(PassengerMarket, raw.get("passengers"))
            lines += [line_of(violation) for violation in meaning_violations(freight, passengers)]
            raise ValidationError.from_exception_data(cls.__name__, lines) from None


def meaning_violations(
    freight: Sequence[FreightMarket | None], passengers: Sequence[PassengerMarket | None]
) -> list[Violation]:
    """What is wrong beyond the bounds of fields; None stands for a market that does not open."""
    data = freight_data(region_ids()[0])
    found = _count_violations(len(freight) + len(passengers)) + _same_ids(freight, passengers)
    for i, goods in enumerate(freight):
        if goods is not None:
            found += freight_violations(data, goods, f"freight[{i}]")
    for i, trips in enumerate(passengers):
        if trips is not None:
            found += [
                Violation(f"passengers[{i}].{v.field}", v.description, v.given, v.allowed)
                for v in market_violations(trips)
            ]
    return found


def _count_violations(count: int) -> list[Violation]:
    if 0 < count <= MOST_MARKETS:
        return []
    text = "too many markets; split the request" if count else "give at least one freight or passenger market"
    return [Violation("freight, passengers", text, str(count), f"1 to {MOST_MARKETS}")]


def _same_ids(
    freight: Sequence[FreightMarket | None], passengers: Sequence[PassengerMarket | None]
) -> list[Violation]:
    """Ids are unique in the request, over freight and passengers."""
    found = []
    seen: set[str] = set()
    for kind, markets in (("freight", freight), ("passengers", passengers)):
        for i, market in enumerate(markets):
            if market is None:
                continue
            if market.market_id in seen:
                at = f"{kind}[{i}].market_id"
                found.append(Violation(at, "is used twice; ids are unique", market.market_id))
            seen.add(market.market_id)
    return found


def _opened(door: type[M], raw: Any) -> list[M | None]:
    """The markets of a list, None for one that does not open; no more than a request may hold."""
    items = raw if isinstance(raw, (list, tuple)) else ()
    found: list[M | None] = []
    for item in items[:MOST_MARKETS]:
        try:
            found.append(door.model_validate(item))
        except ValidationError:
            found.append(None)
    return found
