"""Rows whose figure is already a difference."""


def deviation(figure: float, most: float) -> dict[str, float]:
    """Fields of a comparison whose figure is the size of a difference: none is right, up to `most` is allowed."""
    return {"figure": figure, "reference": 0.0, "high": most}
