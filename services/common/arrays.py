"""Arrays with named axes inside frozen dataclasses, and the walk over them that digests and checks use."""

from dataclasses import dataclass, field, fields, is_dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from services.common.axes import MONTH_DAYS

# Attribute that lists an axis -> the axis.
_LISTS = (("places", "place"), ("years", "year"), ("causes", "cause"), ("groups", "group"))
FIXED_AXES = {"month": len(MONTH_DAYS)}
# Types of fields that hold neither arrays nor dataclasses.
_PLAIN = (str, float, int, bool)
FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int32]


def array(*axes: str) -> Any:
    """A dataclass field holding an array over the named axes, in row-major order.

    The length of axis "place" is that of the attribute `places` of the same dataclass or of the one
    around it, and so on for "year", "cause", "group"; "month" is 12 long; an axis without such a list is as long as
    the data.
    """
    return field(metadata={"axes": axes})


def in_years(values: FloatArray, cut: slice) -> FloatArray:
    """The years of a cut, [..., y], contiguous: what is told does not hold on to all years."""
    return np.ascontiguousarray(values[..., cut])


def check_shapes(value: Any) -> list[str]:
    """List every array in a tree of dataclasses whose shape contradicts its axes or that is not finite."""
    seen = _Seen()
    _check(value, _Sizes(axis_sizes(value, {})), ("",), seen)
    return [*seen.problems, *seen.not_finite()]


# Where a part stands: what is around it, its field, and its place in a tuple (-1: it is no item of one).
_Where = tuple[Any, ...]


def _path(where: _Where, name: str) -> str:
    before = where[0] if len(where) == 1 else _path(where[0], where[1])
    if len(where) == 3 and where[2] >= 0:
        before += f"[{where[2]}]"
    return f"{before}.{name}" if before else name


class _Sizes:
    """Lengths of axes, and the shapes that they give."""

    def __init__(self, of: dict[str, int]) -> None:
        self.of = of
        self._shapes: dict[tuple[str, ...], tuple[int, ...] | None] = {}

    def shape(self, axes: tuple[str, ...]) -> tuple[int, ...] | None:
        """The shape of an array over these axes; None when an axis may have any length."""
        if axes not in self._shapes:
            known = all(a in self.of for a in axes)
            self._shapes[axes] = tuple(self.of[a] for a in axes) if known else None
        return self._shapes[axes]


class _Seen:
    """What a walk found: wrong shapes, and the arrays whose items are still to be looked at, all at once."""

    def __init__(self) -> None:
        self.problems: list[str] = []
        self._arrays: list[NDArray[Any]] = []
        self._names: list[tuple[_Where, str]] = []

    def put(self, item: NDArray[Any], where: _Where, name: str) -> None:
        """An array of the right shape."""
        self._arrays.append(item.ravel())
        self._names.append((where, name))

    def not_finite(self) -> list[str]:
        """Names of the arrays in which an item is not finite."""
        if not self._arrays or np.isfinite(np.concatenate(self._arrays)).all():
            return []
        pairs = zip(self._arrays, self._names, strict=True)
        return [f"{_path(*name)}: not finite" for item, name in pairs if not np.isfinite(item).all()]


def _check(value: Any, sizes: _Sizes, where: _Where, seen: _Seen) -> None:
    walk = _walk_of(value)
    assert walk is not None
    for name, axes in walk.arrays:
        item = getattr(value, name)
        # An empty one may have any shape.
        if isinstance(item, np.ndarray) and item.size:
            if item.shape != sizes.shape(axes) and (fault := _fault(item, axes, sizes.of)):
                seen.problems.append(f"{_path(where, name)}: {fault}")
            else:
                seen.put(item, where, name)
    for name in walk.others:
        item = getattr(value, name)
        parts = enumerate(item) if isinstance(item, tuple) else ((-1, item),)
        for i, part in parts:
            inner = _walk_of(part)
            if inner is not None:
                own = _Sizes(axis_sizes(part, sizes.of)) if inner.names_axes else sizes
                _check(part, own, (where, name, i), seen)


def _fault(item: NDArray[Any], axes: tuple[str, ...], sizes: dict[str, int]) -> str:
    """What is wrong with the shape of an array, or ""."""
    expected = tuple(sizes.get(a, n) for a, n in zip(axes, item.shape, strict=False))
    if len(axes) != item.ndim or expected != item.shape:
        return f"shape {item.shape}, expected {axes} = {expected}"
    return ""


@dataclass(frozen=True)
class _Walk:
    """Arrays of a dataclass with their axes, fields that may hold dataclasses, and whether it names lengths of axes."""

    arrays: tuple[tuple[str, tuple[str, ...]], ...]
    others: tuple[str, ...]
    names_axes: bool


def _walk_of(value: Any) -> _Walk | None:
    kind: Any = type(value)
    return _walk(kind)


@lru_cache(maxsize=1024)
def _walk(kind: Any) -> _Walk | None:
    """How to walk a dataclass; None for any other type."""
    if not is_dataclass(kind):
        return None
    own = fields(kind)
    arrays = tuple((f.name, tuple(f.metadata["axes"])) for f in own if f.metadata.get("axes"))
    named = {name for name, _ in arrays}
    others = tuple(f.name for f in own if f.name not in named and f.type not in _PLAIN)
    known = {f.name for f in own}
    return _Walk(arrays, others, any(name in known or hasattr(kind, name) for name, _ in _LISTS))


def axis_sizes(value: Any, outer: dict[str, int]) -> dict[str, int]:
    """Sizes of the axes named by this dataclass' own tuples (places -> place), over the outer ones."""
    sizes = FIXED_AXES | outer
    for name, axis in _LISTS:
        own = getattr(value, name, None)
        if isinstance(own, tuple) and own:
            sizes[axis] = len(own)
    return sizes
