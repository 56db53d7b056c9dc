"""Where this software keeps what it can compute again: compiled kernels and load shapes."""

import hashlib
import os
from pathlib import Path


def cache_dir() -> Path:
    """The cache folder: $DAFENG_CACHE_DIR, else $XDG_CACHE_HOME/dafeng, else ~/.cache/dafeng."""
    chosen = os.environ.get("DAFENG_CACHE_DIR")
    if chosen:
        return Path(chosen)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "dafeng"


def place_kernel_cache() -> None:
    """Name numba's cache after a hash of all kernel sources.

    A cached kernel does not notice that a kernel it calls in another file has changed; a new folder does.
    """
    if "NUMBA_CACHE_DIR" in os.environ:
        return
    sha = hashlib.sha256()
    root = Path(__file__).resolve().parents[1]
    for path in sorted([*root.glob("services/**/*.py"), *root.glob("gateway/*.py")]):
        text = path.read_bytes()
        if b"njit" in text:
            sha.update(path.name.encode() + text)
    os.environ["NUMBA_CACHE_DIR"] = str(cache_dir() / "kernels" / sha.hexdigest()[:16])
