"""Two sides that must be equal, and how far apart they are."""

from dataclasses import dataclass

import numpy as np

from services.common.arrays import FloatArray
from services.common.words import Label

# What the tests of the balances allow: relative to the whole, and MW where capacity is counted.
SHARE_LIMIT = 1e-9
MW_LIMIT = 1e-6
# A difference is held against the row's largest value where the value itself is less than this part of it.
_SMALL_SHARE = 1e-6


@dataclass(frozen=True)
class Balance:
    """Two sides [..., year] that arithmetic says are equal. `rule` says why, in words of arithmetic."""

    balance_id: str
    label: Label
    left: FloatArray
    right: FloatArray
    unit: str
    rule: str
    in_mw: bool = False

    @property
    def residual(self) -> float:
        """Largest difference: as a share of the right side, or in MW."""
        return gap_mw(self.left, self.right) if self.in_mw else gap_share(self.left, self.right)

    @property
    def limit(self) -> float:
        """Largest residual allowed."""
        return MW_LIMIT if self.in_mw else SHARE_LIMIT


def gap_mw(left: FloatArray, right: FloatArray) -> float:
    """The largest difference as it is."""
    return float(np.abs(left - right).max(initial=0.0))


def gap_share(left: FloatArray, right: FloatArray) -> float:
    """The largest difference over the right side, value by value; small values are held against their row's largest."""
    whole = np.abs(right)
    largest = np.broadcast_to(whole.max(axis=-1, keepdims=True, initial=0.0), whole.shape)
    held = np.where(whole > _SMALL_SHARE * largest, whole, largest)
    held = np.where(held > 0, held, 1.0)
    return float((np.abs(left - right) / held).max(initial=0.0))
