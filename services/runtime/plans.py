"""How the fields of a domain class cross the wire: read once from its type hints."""

import types
from dataclasses import dataclass, fields, is_dataclass
from enum import Enum
from functools import lru_cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import numpy as np
from pydantic import BaseModel


@dataclass(frozen=True)
class FieldPlan:
    """How one field crosses: its kind, the class or enum inside, and an array's axes."""

    name: str
    kind: Literal["scalar", "optional", "enum", "model", "scalars", "models", "array"]
    inner: Any = None
    axes: tuple[str, ...] = ()


@lru_cache(maxsize=256)
def plan_of(cls: Any) -> tuple[FieldPlan, ...]:
    """The plan of a domain class. TypeError for a field whose type has no wire form."""
    hints = get_type_hints(cls)
    if issubclass(cls, BaseModel):
        return tuple(_field_plan(name, hints[name], ()) for name in cls.model_fields)
    return tuple(_field_plan(f.name, hints[f.name], f.metadata.get("axes", ())) for f in fields(cls))


def is_model(hint: Any) -> bool:
    """Whether a type is a domain class of ours: a dataclass or a door."""
    return isinstance(hint, type) and (is_dataclass(hint) or issubclass(hint, BaseModel))


def enum_prefix(enum: Any) -> str:
    """The prefix of an enum's values: LeverKind -> "LEVER_KIND_"."""
    snake = "".join(f"_{c}" if c.isupper() and i else c for i, c in enumerate(enum.name))
    return f"{snake.upper()}_"


def _field_plan(name: str, hint: Any, axes: tuple[str, ...]) -> FieldPlan:
    hint = _bare(hint)
    origin = get_origin(hint)
    if origin is np.ndarray or hint is np.ndarray:
        return FieldPlan(name, "array", get_args(get_args(hint)[1])[0], axes)
    if origin in (Union, types.UnionType):
        inner = next(a for a in get_args(hint) if a is not type(None))
        return FieldPlan(name, "optional", inner)
    if origin is tuple:
        inner = _bare(get_args(hint)[0])
        return FieldPlan(name, "models" if is_model(inner) else "scalars", inner)
    if origin is Literal:
        return FieldPlan(name, "scalar", str)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return FieldPlan(name, "enum", hint)
    if is_model(hint):
        return FieldPlan(name, "model", hint)
    if hint in (str, int, float, bool, bytes):
        return FieldPlan(name, "scalar", hint)
    raise TypeError(f"{name}: {hint} has no wire form")


def _bare(hint: Any) -> Any:
    return _bare(get_args(hint)[0]) if get_origin(hint) is Annotated else hint
