"""The one mechanism between messages and domain models: by field name, driven by descriptors and type hints.

A domain class (frozen dataclass or pydantic door) has the same field names as its message; a test walks all pairs.
Arrays travel flat; their axes are declared on the field (`services.common.arrays.array`) and their lengths follow
from the tuples `places`, `years`, ... of the same object or the one around it. Numeric arrays are a copy out of the
repeated field, and on the way out the packed wire form itself (`wire.py`).
"""

from collections.abc import Collection, Mapping
from dataclasses import replace
from enum import Enum
from functools import lru_cache
from typing import Any, Final, TypeVar, cast

import numpy as np
from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message
from pydantic import BaseModel

from services.common.arrays import FIXED_AXES
from services.common.errors import DomainError, Violation, invalid
from services.runtime.plans import FieldPlan, enum_prefix, is_model, plan_of
from services.runtime.wire import wire_of

_MESSAGE: Final = "message"
T = TypeVar("T")
E = TypeVar("E", bound=Enum)


def from_message(message: Message, cls: type[T], sizes: Mapping[str, int] | None = None) -> T:
    """The domain object of a message. Raises pydantic's ValidationError for a door that does not open."""
    if issubclass(cls, BaseModel):
        return cls.model_validate(to_plain(message))
    values: dict[str, Any] = {}
    plans = plan_of(cast("Any", cls))
    for plan in plans:
        if plan.kind == "scalars":
            values[plan.name] = tuple(getattr(message, plan.name))
    own = {f"{name[:-1]}": len(v) for name, v in values.items() if v and name.endswith("s")}
    inner_sizes = {**FIXED_AXES, **(sizes or {}), **own}
    for plan in plans:
        raw = getattr(message, plan.name)
        if plan.kind == "scalar":
            values[plan.name] = raw
        elif plan.kind == "optional":
            given = message.HasField(plan.name)
            if given and is_model(plan.inner):
                raw = _part(raw, plan.inner, inner_sizes, plan.name)
            values[plan.name] = raw if given else None
        elif plan.kind == "enum":
            values[plan.name] = _enum_member(message, plan, raw)
        elif plan.kind == "model":
            values[plan.name] = _part(raw, plan.inner, inner_sizes, plan.name)
        elif plan.kind == "models":
            values[plan.name] = tuple(
                _part(item, plan.inner, inner_sizes, f"{plan.name}[{i}]") for i, item in enumerate(raw)
            )
        elif plan.kind == "array":
            values[plan.name] = _array(raw, plan, inner_sizes)
    return cls(**values)


def to_message(value: Any, message: Message, only: Collection[str] | None = None) -> Message:
    """Fill a message from a domain object and return it; with `only` these fields alone."""
    message.MergeFromString(wire_of(value, message.DESCRIPTOR, only))
    return message


def to_plain(message: Message) -> dict[str, Any]:
    """The set fields of a message as dictionaries, tuples and values, for pydantic doors.

    A field that is not set is left out, so that the door's default or its 'required' speaks.
    """
    plain: dict[str, Any] = {}
    for field, value in message.ListFields():
        name, repeated, kind = _kind_of(field)
        if kind is None:
            plain[name] = tuple(value) if repeated else value
        elif repeated:
            plain[name] = tuple([to_plain(v) if kind is _MESSAGE else _enum_word(kind, v) for v in value])
        else:
            plain[name] = to_plain(value) if kind is _MESSAGE else _enum_word(kind, value)
    return plain


def enum_field(message: Message, name: str, cls: type[E]) -> E:
    """The member of a domain enum in a request's field. INVALID_INPUT for a number the contract does not know."""
    enum: Any = message.DESCRIPTOR.fields_by_name[name].enum_type
    number = getattr(message, name)
    known = enum.values_by_number
    if number not in known:
        allowed = ", ".join(f"{n} {v.name}" for n, v in known.items())
        raise invalid([Violation(name, "no such value", str(number), allowed)])
    return cls[known[number].name.removeprefix(enum_prefix(enum))]


@lru_cache(maxsize=4096)
def _kind_of(field: Any) -> tuple[str, bool, Any]:
    """Name of a field, whether it repeats, and the words of its numbers, _MESSAGE, or None for a plain value."""
    kind: Any = None
    if field.type == FieldDescriptor.TYPE_MESSAGE:
        kind = _MESSAGE
    elif field.type == FieldDescriptor.TYPE_ENUM:
        prefix = enum_prefix(field.enum_type)
        kind = {n: v.name.removeprefix(prefix).lower() for n, v in field.enum_type.values_by_number.items()}
    return field.name, field.is_repeated, kind


def _enum_word(words: Mapping[int, str], number: int) -> str:
    """A number that the contract does not know stays one, so that the door refuses it with the values allowed."""
    return words.get(number) or str(number)


def _part(message: Message, cls: Any, sizes: Mapping[str, int], where: str) -> Any:
    """A message inside a message; what is wrong in it is told by its place."""
    try:
        return from_message(message, cls, sizes)
    except DomainError as error:
        raise invalid([replace(v, field=f"{where}.{v.field}") for v in error.violations]) from None


def _enum_member(message: Message, plan: FieldPlan, number: int) -> Any:
    """The member of a number; DomainError(INVALID_INPUT) for one that was not given or does not exist."""
    enum: Any = message.DESCRIPTOR.fields_by_name[plan.name].enum_type
    known = enum.values_by_number.get(number)
    name = known.name.removeprefix(enum_prefix(enum)) if known else ""
    if name not in plan.inner.__members__:
        allowed = ", ".join(f"{enum_prefix(enum)}{m}" for m in plan.inner.__members__)
        raise invalid([Violation(plan.name, "not given, or no such value", str(number), allowed)])
    return plan.inner[name]


def _array(raw: Any, plan: FieldPlan, sizes: Mapping[str, int]) -> Any:
    flat = np.array(raw, dtype=np.float64 if plan.inner is np.float64 else np.int32)
    if len(plan.axes) < 2:
        return flat
    if not flat.size:
        return flat.reshape((0,) * len(plan.axes))
    return flat.reshape(tuple(sizes.get(axis, -1) for axis in plan.axes))


__all__ = ["enum_prefix", "from_message", "plan_of", "to_message", "to_plain"]
