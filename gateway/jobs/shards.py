"""Shards of a batch: a few chunks each, so that a pod has work for tens of seconds; written short: "0-3,7"."""

import re
from collections.abc import Iterable
from typing import Final

_PART: Final = re.compile(r"(\d{1,9})(?:-(\d{1,9}))?")
_MOST: Final = 1_000_000  # a text that names more is a mistake, not a batch


def shards_text(numbers: Iterable[int]) -> str:
    """Ascending numbers as ranges."""
    parts: list[list[int]] = []
    for number in sorted(set(numbers)):
        if parts and parts[-1][1] == number - 1:
            parts[-1][1] = number
        else:
            parts.append([number, number])
    return ",".join(f"{a}" if a == b else f"{a}-{b}" for a, b in parts)


def shards_of(text: str) -> tuple[int, ...]:
    """Numbers of a text as `shards_text` or Kubernetes' completedIndexes write it. ValueError."""
    numbers: list[int] = []
    for part in text.split(",") if text else ():
        found = _PART.fullmatch(part.strip())
        if found is None:
            raise ValueError(f"not a list of numbers: {text[:80]!r}")
        first, last = int(found[1]), int(found[2] or found[1])
        if last < first or last - first > _MOST or len(numbers) > _MOST:
            raise ValueError(f"not a list of numbers: {text[:80]!r}")
        numbers.extend(range(first, last + 1))
    return tuple(numbers)
