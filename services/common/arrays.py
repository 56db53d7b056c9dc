"""Arrays with named axes inside frozen dataclasses, and the walk over them that digests and checks use."""

from dataclasses import field, fields, is_dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from services.common.axes import MONTH_DAYS

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
    sizes = axis_sizes(value, sizes or {})
    for f in fields(value):
        item = getattr(value, f.name)
        path = f"{where}.{f.name}" if where else f.name
        if isinstance(item, np.ndarray):
            axes = f.metadata.get("axes", ())
            expected = tuple(sizes.get(a, n) for a, n in zip(axes, item.shape, strict=False))
            empty_allowed = item.size == 0
            if not empty_allowed and (len(axes) != item.ndim or expected != item.shape):
                problems.append(f"{path}: shape {item.shape}, expected {axes} = {expected}")
            elif not np.isfinite(item).all():
                problems.append(f"{path}: not finite")
        elif is_dataclass(item) and not isinstance(item, type):
            problems += check_shapes(item, sizes, path)
        elif isinstance(item, tuple):
            for i, part in enumerate(item):
                if is_dataclass(part) and not isinstance(part, type):
                    problems += check_shapes(part, sizes, f"{path}[{i}]")
    return problems


def axis_sizes(value: Any, outer: dict[str, int]) -> dict[str, int]:
    """Sizes of the axes named by this dataclass' own tuples (places -> place), over the outer ones."""
    sizes = FIXED_AXES | outer
    for name, axis in (
        ("places", "place"),
        ("years", "year"),
        ("causes", "cause"),
        ("groups", "group"),
    ):
        own = getattr(value, name, None)
        if isinstance(own, tuple) and own:
            sizes[axis] = len(own)
    return sizes
