"""What doors of transport share: names of classes, usual figures, and telling every fault of a request at once."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ModelWrapValidatorHandler, ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError

from services.common.errors import Violation

M = TypeVar("M", bound=BaseModel)
VehicleClass = Literal[
    "private_car",
    "taxi",
    "ride_hailing",
    "urban_bus",
    "coach",
    "light_truck",
    "medium_truck",
    "heavy_truck",
    "special_vehicle",
    "motorcycle",
    "e_bike",
]
_ELEMENT = re.compile(r"^(\w+)\[(\d+)\]")


def given_or(given: float | None, usual: float) -> float:
    """A caller's figure, or the usual one where none is given (0 is given)."""
    return usual if given is None else given


def open_and_tell_all(
    raw: Any,
    handler: ModelWrapValidatorHandler[M],
    meaning: Callable[[M], Sequence[Violation]],
    stand_ins: Mapping[str, Any],
) -> M:
    """Open a request, or raise ValidationError with its fields' faults and those of what does open.

    Elements of lists and fields at fault are left out, and `meaning` looks at the rest. `stand_ins` are values for
    what a request cannot be without: fields that hang together, and an element for each list that ends up empty;
    what is wrong with a stand-in is not told.
    """
    try:
        return handler(raw)
    except ValidationError as error:
        if not isinstance(raw, Mapping):
            raise
        lines = lines_of(error)
        found = _of_the_rest(raw, error, handler, meaning, stand_ins)
        raise ValidationError.from_exception_data(
            error.title, [*lines, *(line_of(v) for v in found)]
        ) from None


def lines_of(error: ValidationError) -> list[InitErrorDetails]:
    """What pydantic found, without lists that are short only because an element was refused."""
    items = error.errors(include_url=False)
    refused = {item["loc"][:n] for item in items for n in range(1, len(item["loc"]))}
    return [
        InitErrorDetails(type=item["type"], loc=item["loc"], input=item["input"], ctx=item.get("ctx", {}))
        for item in items
        if item["type"] != "too_short" or item["loc"] not in refused
    ]


def line_of(violation: Violation) -> InitErrorDetails:
    """A violation in pydantic's words: its place is one name, its bounds are what is expected."""
    text = violation.description.replace("{", "(").replace("}", ")")
    kind = PydanticCustomError("meaning", text, {"expected": violation.allowed})
    return InitErrorDetails(type=kind, loc=(violation.field,), input=violation.given)


def _of_the_rest(
    raw: Mapping[str, Any],
    error: ValidationError,
    handler: ModelWrapValidatorHandler[M],
    meaning: Callable[[M], Sequence[Violation]],
    stand_ins: Mapping[str, Any],
) -> list[Violation]:
    """What is wrong with the part of a request that opens, elements by their place in the request as sent."""
    places = [item["loc"] for item in error.errors(include_url=False) if item["loc"]]
    wrong = {str(loc[0]) for loc in places if not _in_a_message(raw, loc)}
    elements = {(str(loc[0]), loc[1]) for loc in places if str(loc[0]) not in wrong}
    lists = {name for name, _ in elements}
    rest = {name: value for name, value in raw.items() if name not in wrong}
    kept: dict[str, list[int]] = {}
    for name in lists:
        kept[name] = [i for i in range(len(raw[name])) if (name, i) not in elements]
        rest[name] = [raw[name][i] for i in kept[name]]
    told = wrong | _stand_in(rest, kept, wrong, stand_ins)
    try:
        found = meaning(handler(rest))
    except ValidationError:
        return []
    placed = (_as_sent(violation, kept) for violation in found)
    return [v for v in placed if v is not None and v.field not in told]


def _stand_in(
    rest: dict[str, Any], kept: dict[str, list[int]], wrong: set[str], stand_ins: Mapping[str, Any]
) -> set[str]:
    """Fill `rest` up with stand-ins; the fields of which nothing is told then."""
    lists = {name for name, value in stand_ins.items() if isinstance(value, (list, tuple))}
    for name in lists:
        if not rest.get(name):
            rest[name], kept[name] = stand_ins[name], []
    together = stand_ins.keys() - lists
    if not wrong & together:
        return set()
    rest.update({name: stand_ins[name] for name in together})
    return set(together)


def _in_a_message(raw: Mapping[str, Any], place: tuple[int | str, ...]) -> bool:
    """True for a fault inside an element that can be left out; a series of numbers makes sense only as a whole."""
    items = raw.get(str(place[0]))
    return len(place) > 1 and isinstance(items, (list, tuple)) and isinstance(items[int(place[1])], Mapping)


def _as_sent(violation: Violation, kept: Mapping[str, list[int]]) -> Violation | None:
    """The violation with the element's place in the request as sent; None for a stand-in."""
    match = _ELEMENT.match(violation.field)
    if match is None or match[1] not in kept:
        return violation
    place = int(match[2])
    if place >= len(kept[match[1]]):
        return None
    field = f"{match[1]}[{kept[match[1]][place]}]{violation.field[match.end() :]}"
    return Violation(field, violation.description, violation.given, violation.allowed)
