"""What numba is told before any kernel runs."""

from typing import Any

from services.sound_cache import guard_kernel_cache


def prepare_numba() -> None:
    """Guard its cache, and leave linear algebra out. Call before kernels run."""
    guard_kernel_cache()
    _leave_linear_algebra_out()


def _leave_linear_algebra_out() -> None:
    """From now on numba takes it that there is no BLAS: no kernel of ours multiplies or solves matrices.

    With its functions of arrays it would load all of scipy.linalg, a second and 25 MiB of every service. A kernel that
    used `np.dot` would not compile, and say so.
    """
    from numba.np import linalg

    places: Any = linalg
    places.ensure_blas = _no_blas


def _no_blas() -> None:
    raise ImportError("services.numba_start leaves BLAS out")
