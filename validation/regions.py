"""The provinces that sections look at, with their names."""

from services.common.words import Label

REGIONS = {"jiangsu": Label("江苏", "Jiangsu"), "jiangxi": Label("江西", "Jiangxi")}


def region_ids(quick: bool) -> tuple[str, ...]:
    """Those of a run: a quick one looks at the first only."""
    return tuple(REGIONS)[:1] if quick else tuple(REGIONS)
