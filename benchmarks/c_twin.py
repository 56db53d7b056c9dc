"""Twins of kernels in C, beside this file: compiled for this processor, called with the same arrays."""

import ctypes
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np

# No fused operations: with the kernels' own order of sums, results agree to the last bits.
IEEE_ORDER = "-ffp-contract=off"
Call = Callable[[], object]


def no_compiler() -> bool:
    """Whether there is nothing to compile a twin with; then it says so."""
    missing = shutil.which("gcc") is None
    if missing:
        print("no C compiler (gcc): the twin is left out")
    return missing


def build(name: str, folder: str, *flags: str) -> ctypes.CDLL:
    """The twin `name`.c, compiled into a folder."""
    library = Path(folder) / f"{name}{''.join(flags)}.so"
    source = Path(__file__).with_name(f"{name}.c")
    options = ["-O3", "-march=native", *flags, "-shared", "-fPIC"]
    subprocess.run(["gcc", *options, str(source), "-o", str(library), "-lm"], check=True)
    return ctypes.CDLL(str(library))


def call_of(function: Callable[..., object], *values: object) -> Call:
    """A call of C with arrays as addresses, integers as int64, floats as double; the arrays are kept alive."""
    arguments = []
    for value in values:
        if isinstance(value, np.ndarray):
            assert value.flags.c_contiguous
            arguments.append(ctypes.c_void_p(value.ctypes.data))
        elif isinstance(value, int):
            arguments.append(ctypes.c_int64(value))
        else:
            arguments.append(ctypes.c_double(value))

    def call(_kept: object = values) -> None:
        function(*arguments)

    return call
