"""Arrays with named axes inside frozen dataclasses, and the walk over them that digests and checks use."""

import math
from dataclasses import dataclass, field, fields, is_dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from services.common.axes import MONTH_DAYS

# Attribute that lists an axis -> the axis.
_LISTS = (("places", "place"), ("years", "year"), ("causes", "cause"), ("groups", "group"))
FIXED_AXES = {"month": len(MONTH_DAYS)}
FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int32]


def array(*axes: str) -> Any:
    """A dataclass field holding an array over the named axes, in row-major order.

    The length of axis "place" is that of the attribute `places` of the same dataclass or of the one
    around it, and so on for "year", "cause", "group"; "month" is 12 long; an axis without such a list is as long as
    the data.
    """
    return field(metadata={"axes": axes})


def check_shapes(value: Any, sizes: dict[str, int] | None = None, where: str = "") -> list[str]:
    """List every array in a tree of dataclasses whose shape contradicts its axes or that is not finite."""
    problems: list[str] = []
    _check(value, axis_sizes(value, sizes or {}), where, problems)
    return problems


def _check(value: Any, sizes: dict[str, int], where: str, problems: list[str]) -> None:
    walk = _walk_of(value)
    assert walk is not None
    for name, axes in walk.fields:
        item = getattr(value, name)
        if isinstance(item, np.ndarray):
            fault = _fault(item, axes, sizes)
            if fault:
                problems.append(f"{where}.{name}: {fault}" if where else f"{name}: {fault}")
        elif isinstance(item, tuple):
            for i, part in enumerate(item):
                inner = _walk_of(part)
                if inner is not None:
                    own = axis_sizes(part, sizes) if inner.names_axes else sizes
                    _check(part, own, f"{where}.{name}[{i}]" if where else f"{name}[{i}]", problems)
        elif (inner := _walk_of(item)) is not None:
            own = axis_sizes(item, sizes) if inner.names_axes else sizes
            _check(item, own, f"{where}.{name}" if where else name, problems)


def _fault(item: NDArray[Any], axes: tuple[str, ...], sizes: dict[str, int]) -> str:
    """What is wrong with an array, or ""; an empty one may have any shape."""
    if item.size == 0:
        return ""
    expected = tuple(sizes.get(a, n) for a, n in zip(axes, item.shape, strict=False))
    if len(axes) != item.ndim or expected != item.shape:
        return f"shape {item.shape}, expected {axes} = {expected}"
    # A sum of squares is finite only when every item is; one that overflows asks for the long way.
    if not math.isfinite(np.vdot(item, item)) and not np.isfinite(item).all():
        return "not finite"
    return ""


@dataclass(frozen=True)
class _Walk:
    """Fields of a dataclass with the axes of their arrays, and whether it names lengths of axes itself."""

    fields: tuple[tuple[str, tuple[str, ...]], ...]
    names_axes: bool


def _walk_of(value: Any) -> _Walk | None:
    kind: Any = type(value)
    return _walk(kind)


@lru_cache(maxsize=1024)
def _walk(kind: Any) -> _Walk | None:
    """How to walk a dataclass; None for any other type."""
    if not is_dataclass(kind):
        return None
    own = tuple((f.name, tuple(f.metadata.get("axes", ()))) for f in fields(kind))
    known = {name for name, _ in own}
    return _Walk(own, any(name in known or hasattr(kind, name) for name, _ in _LISTS))


def axis_sizes(value: Any, outer: dict[str, int]) -> dict[str, int]:
    """Sizes of the axes named by this dataclass' own tuples (places -> place), over the outer ones."""
    sizes = FIXED_AXES | outer
    for name, axis in _LISTS:
        own = getattr(value, name, None)
        if isinstance(own, tuple) and own:
            sizes[axis] = len(own)
    return sizes
