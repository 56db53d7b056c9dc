"""Equal stores scheduled as one: the least cost is the same, and each takes an equal part of the schedule."""

from collections.abc import Collection
from dataclasses import dataclass, fields, replace

import numpy as np

from services.common.arrays import FloatArray
from services.power.instance.reduce import Index, Stores

# What adds up when stores are taken together; the rest is the same for all of them.
ADDED = ("charge", "discharge", "low", "high", "inflow", "waste", "start")


@dataclass(frozen=True)
class Merged:
    """Stores of which no two are equal, and which of them every store is part of."""

    stores: Stores
    group: Index  # [m] row of `stores` that a store is part of
    count: FloatArray  # how many a row stands for

    def parts(self, rows: FloatArray) -> FloatArray:
        """What belongs to the rows told store by store, [m, ...]: each has its part."""
        shape = (-1,) + (1,) * (rows.ndim - 1)
        return np.ascontiguousarray((rows / self.count.reshape(shape))[self.group])


def merge_stores(stores: Stores, apart: Collection[str] = ()) -> Merged:
    """Stores with the same numbers as one; those named in `apart` stay as they are."""
    rows: dict[bytes, int] = {}
    first, group = [], []
    for i in range(stores.count):
        key = b"".join(getattr(stores, f.name)[i].tobytes() for f in fields(Stores) if f.name != "ids")
        if stores.ids[i] in apart:
            key = stores.ids[i].encode()
        if key not in rows:
            rows[key] = len(rows)
            first.append(i)
        group.append(rows[key])
    at, count = np.array(group, dtype=np.int64), np.bincount(np.array(group, dtype=np.int64))
    if len(first) == stores.count:
        return Merged(stores, at, np.ones(stores.count))
    kept = {f.name: getattr(stores, f.name)[first] for f in fields(Stores) if f.name != "ids"}
    one = Stores(ids=tuple(stores.ids[i] for i in first), **kept)
    more = {name: (getattr(one, name).T * count).T.copy() for name in ADDED}
    return Merged(replace(one, **more), at, count.astype(np.float64))
