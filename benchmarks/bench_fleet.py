"""The vehicle cohorts of a province beside the same algorithm in C (fleet_twin.c, gcc), in one run.

    python -m benchmarks.bench_fleet

The province as one place and as thirteen cities, eleven classes, eight powertrains, 41 years, with exhaust, emission
standards and two programmes of early retirement. Prints ms a scenario on one core and C's time over numba's (aim: at
least 0.90). Both keep IEEE order without fused operations; results must agree to 1e-12.
"""

import ctypes
import tempfile
from typing import Any

import numpy as np

from benchmarks.bench_dispatch import median_s
from benchmarks.c_twin import IEEE_ORDER, Call, build, no_compiler
from services.common.scenario import Frame, Scenario
from services.transport.fleet import run
from services.transport.fleet.cohorts import Cohorts, Sums, Work, arrays_for, sealed
from services.transport.fleet.kernels import project_cohorts
from services.transport.project import run_activity

AIM = 0.90
AGREE = 1e-12
REPEATS = 101


def province(baseline: str) -> Cohorts:
    """What the kernel is given for Jiangsu in a scenario."""
    found: list[Cohorts] = []
    ask = run.cohorts_of

    def keep(*arguments: Any) -> Cohorts:
        found.append(ask(*arguments))
        return found[-1]

    run.cohorts_of = keep  # type: ignore[assignment]
    try:
        run_activity(Frame(region="jiangsu"), Scenario(baseline=baseline))  # type: ignore[arg-type]
    finally:
        run.cohorts_of = ask
    return sealed(found[-1])


class _Fleet(ctypes.Structure):
    """Sizes, then addresses, in the order of fleet_twin.c."""

    _fields_ = [(name, ctypes.c_int64) for name in ["C", "K", "Y", "P", "A", "S", "Q", "G", "N", "slots"]] + [
        (f"{kind.__name__}_{name}", ctypes.c_void_p)
        for kind in (Cohorts, Work, Sums)
        for name in kind._fields
    ]


def call_of(twin: ctypes.CDLL, given: Cohorts, work: Work, out: Sums) -> Call:
    """A call of the twin; the arrays are kept alive."""
    classes, kinds, years, places = given.share.shape
    sizes = (
        classes, kinds, years, places, given.survival.shape[1], given.standard_share.shape[3],
        given.exhaust.shape[0], out.standard_stock.shape[2], given.rate.shape[0], given.exhaust.shape[3],
    )  # fmt: skip
    arrays = (*given, *work, *out)
    fleet = _Fleet(*sizes, *(a.ctypes.data for a in arrays))

    def call(_kept: object = arrays) -> None:
        twin.project_cohorts(ctypes.byref(fleet))

    return call


def one_place(given: Cohorts) -> Cohorts:
    """The province as one place: vehicles summed over the cities, the rest as in the first of them."""
    whole = {name: getattr(given, name).sum(axis=-1, keepdims=True) for name in ("opening", "wanted")}
    first = {
        name: getattr(given, name)[..., :1] for name in ("share", "rate", "fuel", "electric", "fuel_km_share")
    }
    return sealed(given._replace(**whole, **first))


def beside_c(twin: ctypes.CDLL, name: str, given: Cohorts) -> None:
    """Print the row of one scenario."""
    (work, ours), (other, theirs) = arrays_for(given), arrays_for(given)
    c_call = call_of(twin, given, other, theirs)

    def numba_call() -> None:
        project_cohorts(given, work, ours)

    numba_call()
    c_call()
    worst = max(
        float((np.abs(a - b) / np.maximum(np.abs(b), 1.0)).max()) for a, b in zip(ours, theirs, strict=True)
    )
    assert worst <= AGREE, f"the C twin differs by {worst:.2g}"
    a, b = median_s(numba_call, c_call, repeats=REPEATS)
    places = given.share.shape[3]
    print(
        f"cohorts of {name}: {1e3 * a:.2f} ms a scenario on this core, {1e3 * a / places:.3f} ms a place; "
        f"C / numba = {b / a:.2f} (aim {AIM:.2f}); largest difference {worst:.1g}"
    )


def main() -> None:
    """Print the table."""
    if no_compiler():
        return
    with tempfile.TemporaryDirectory() as folder:
        twin = build("fleet_twin", folder, IEEE_ORDER)
        for baseline in ("frozen", "planned", "accelerated"):
            given = province(baseline)
            beside_c(twin, f"Jiangsu as one place, {baseline}", one_place(given))
            beside_c(twin, f"Jiangsu's 13 cities, {baseline}", given)


if __name__ == "__main__":
    main()
