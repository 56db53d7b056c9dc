"""The door of power's annual inputs: lengths, finiteness and signs, all violations at once."""

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

import numpy as np

from services.common.errors import Violation, invalid


def check_inputs(inputs: Sequence[Sequence[Sequence[Any]]], year_count: int) -> None:
    """Check the load, on-site supply, heat and flexible demand of every scenario.

    Raises DomainError(INVALID_INPUT) when an annual array is not `year_count` long, not finite or negative.
    """
    names = ("loads", "on_site_supplies", "chp_heats", "flexible_demands")
    found: list[Violation] = []
    for i, parts in enumerate(inputs):
        for name, items in zip(names, parts, strict=True):
            for k, item in enumerate(items):
                found += _violations(item, f"scenarios[{i}].{name}[{k}]", year_count)
    if found:
        raise invalid(found)


def _violations(item: Any, where: str, year_count: int) -> list[Violation]:
    found = []
    for f in fields(item):
        values = getattr(item, f.name)
        if not isinstance(values, np.ndarray):
            continue
        at = f"{where}.{f.name}"
        if values.size != year_count:
            found.append(Violation(at, "one value a year", f"{values.size} values", f"{year_count} values"))
        elif not np.isfinite(values).all():
            found.append(Violation(at, "every value must be a finite number"))
        elif (values < 0).any():
            found.append(Violation(at, "values must not be negative", f"{values.min():g}", ">= 0"))
    return found
