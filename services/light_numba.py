"""A start without linear algebra: no kernel of ours multiplies or solves matrices."""

from typing import Any


def leave_linear_algebra_out() -> None:
    """From now on numba takes it that there is no BLAS. Call before kernels run.

    With its functions of arrays it would load all of scipy.linalg, a second and 25 MiB of every service. A kernel that
    used `np.dot` would not compile, and say so.
    """
    from numba.np import linalg

    places: Any = linalg
    places.ensure_blas = _no_blas


def _no_blas() -> None:
    raise ImportError("services.light_numba leaves BLAS out")
