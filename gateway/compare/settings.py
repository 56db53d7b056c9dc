"""Settings of comparisons (regions/national/compare/method.yaml)."""

from dataclasses import dataclass

from services.common.regions import Region
from services.common.scenario import Frame
from services.common.words import Label

_METHOD = "compare/method"


@dataclass(frozen=True)
class CompareSettings:
    """When attribution is exact, when sampling stops, how many scenarios may be run."""

    exact_coalition_max: int
    standard_error_share: float
    pair_count_min: int
    run_limit: int


def compare_settings(region: Region) -> CompareSettings:
    """The settings in force."""
    return CompareSettings(
        int(region.number(_METHOD, "exact_coalition_max")),
        region.number(_METHOD, "standard_error_share"),
        int(region.number(_METHOD, "pair_count_min")),
        int(region.number(_METHOD, "run_limit")),
    )


def default_years(region: Region, frame: Frame) -> tuple[int, ...]:
    """The years attributed when none is named; the frame's last when it holds none of them."""
    first, last, step = (
        int(region.number(_METHOD, f"default_{n}")) for n in ("first_year", "last_year", "step_years")
    )
    found = tuple(y for y in range(first, last + 1, step) if frame.first_year <= y <= frame.last_year)
    return found or (frame.last_year,)


def group_label(region: Region, group: str) -> Label:
    """The name of a group of levers; its id where it has none."""
    row = region.table("compare/lever_groups").by("group").get(group)
    return Label(row["zh"], row["en"]) if row else Label(group, group)
