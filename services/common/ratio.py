"""Factors of calibration where a region lacks what is calibrated."""


def calibration_ratio(statistic: float, model: float) -> float:
    """statistic / model; 1 when both are 0, since nothing is there to calibrate.

    A statistic without a model gives infinity, which no bound allows.
    """
    if model == 0.0:
        return 1.0 if statistic == 0.0 else float("inf")
    return statistic / model
