"""Load shapes kept by content address: in memory, and in a folder so that a restart need not fetch them again."""

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from pathlib import Path
from threading import Lock
from typing import Final

import numpy as np

from services.common.arrays import FloatArray
from services.common.axes import HOURS
from services.common.digest import array_digest
from services.common.errors import DomainError, Violation, invalid
from services.common.words import LoadShape

# A shape is 70 KB; the shapes of a region and weather year are some dozens.
MOST_IN_MEMORY: Final = 2048


class ShapeStore:
    """Shapes by digest. Without a folder they live in memory only."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._shapes: OrderedDict[str, FloatArray] = OrderedDict()
        self._lock = Lock()

    def configure(self, folder: Path | None) -> None:
        """Keep shapes in this folder from now on."""
        self._folder = folder

    def put(self, shapes: Sequence[LoadShape], *, lasting: bool = True) -> int:
        """Keep shapes, in the folder too when `lasting`; returns how many were new.

        DomainError(INVALID_INPUT) naming every one that is not whole. Those put longest ago leave the memory first.
        """
        found = [v for i, s in enumerate(shapes) for v in _violations(s, f"shapes[{i}]")]
        if found:
            raise invalid(found)
        new = 0
        for shape in shapes:
            with self._lock:
                if shape.digest in self._shapes:
                    self._shapes.move_to_end(shape.digest)
                    continue
                values = np.ascontiguousarray(shape.hourly_share, dtype=np.float64).copy()
                values.flags.writeable = False
                self._keep(shape.digest, values)
                new += 1
            if lasting:
                self._write(shape.digest, values)
        return new

    def get(self, digests: Iterable[str]) -> dict[str, FloatArray]:
        """Shapes by digest. DomainError(SHAPE_UNKNOWN) naming every digest that is not known."""
        wanted = list(dict.fromkeys(digests))
        found = {d: s for d in wanted if (s := self._find(d)) is not None}
        missing = [Violation("shape_digest", "put this shape first", d) for d in wanted if d not in found]
        if missing:
            raise DomainError("SHAPE_UNKNOWN", missing)
        return found

    def _find(self, digest: str) -> FloatArray | None:
        known = self._shapes.get(digest)
        if known is not None or self._folder is None or not _is_digest(digest):
            return known
        try:
            values = np.fromfile(self._folder / f"{digest}.f64", dtype="<f8")
        except OSError:
            return None
        if values.size != HOURS or array_digest(values) != digest:
            return None
        values.flags.writeable = False
        with self._lock:
            self._keep(digest, values)
        return values

    def _keep(self, digest: str, values: FloatArray) -> None:
        self._shapes[digest] = values
        while len(self._shapes) > MOST_IN_MEMORY:
            self._shapes.popitem(last=False)

    def _write(self, digest: str, values: FloatArray) -> None:
        """Best effort: a folder that cannot be written costs a second fetch after a restart, nothing else."""
        if self._folder is None:
            return
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            part = self._folder / f"{digest}.{id(values):x}.part"
            values.astype("<f8").tofile(part)
            part.replace(self._folder / f"{digest}.f64")
        except OSError:
            return


def _is_digest(text: str) -> bool:
    return len(text) == 64 and all(c in "0123456789abcdef" for c in text)


def _violations(shape: LoadShape, where: str) -> list[Violation]:
    values = np.asarray(shape.hourly_share, dtype=np.float64)
    if values.shape != (HOURS,):
        return [Violation(f"{where}.hourly_share", "one value an hour", f"{values.size}", f"{HOURS}")]
    found = []
    if not np.isfinite(values).all() or (values < 0).any():
        found.append(Violation(f"{where}.hourly_share", "values must be finite and not negative"))
    if array_digest(values) != shape.digest:
        found.append(Violation(f"{where}.digest", "the digest is not that of the values", shape.digest))
    return found
