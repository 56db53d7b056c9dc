"""Where this software keeps what it can compute again: compiled kernels and load shapes."""

import atexit
import contextlib
import hashlib
import os
import shutil
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Replaced:
    """A cache folder that could not be written, and what serves in its place."""

    asked: str
    by: str
    error: str


_replaced: list[Replaced] = []


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
    make_usable()
    sha = hashlib.sha256()
    root = Path(__file__).resolve().parents[1]
    for path in sorted([*root.glob("services/**/*.py"), *root.glob("gateway/*.py")]):
        text = path.read_bytes()
        if b"njit" in text:
            sha.update(path.name.encode() + text)
    os.environ["NUMBA_CACHE_DIR"] = str(cache_dir() / "kernels" / sha.hexdigest()[:16])


def make_usable() -> None:
    """Kernels are compiled into DAFENG_CACHE_DIR; a folder that cannot be written is replaced.

    What a read-only folder has is copied: an image brings its kernels compiled, but the compiler reads only where it
    may write. Without such, the temporary folder of this user serves, so that the next process need not compile.
    """
    chosen = os.environ.get("DAFENG_CACHE_DIR", "")
    try:
        folder = Path(chosen) if chosen else Path.home()
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
    except (OSError, RuntimeError) as error:  # RuntimeError: no home is known
        place = _copied(Path(chosen)) if chosen and Path(chosen).is_dir() else own_folder()
        os.environ["DAFENG_CACHE_DIR"] = str(place)
        _replaced.append(Replaced(chosen, str(place), str(error)))


def replaced() -> Replaced | None:
    """What `make_usable` replaced in this process, for its log."""
    return _replaced[-1] if _replaced else None


def _copied(folder: Path) -> Path:
    place = Path(tempfile.mkdtemp(prefix="dafeng-cache-"))
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    shutil.copytree(folder, place, dirs_exist_ok=True, copy_function=shutil.copyfile)
    for part in place.rglob("*/"):
        part.chmod(0o700)  # the image's folders are read-only
    return place


def own_folder() -> Path:
    """Compiled kernels are code: a folder that another user could have made or can write is not taken."""
    place = Path(tempfile.gettempdir()) / f"dafeng-cache-{os.getuid()}"
    with contextlib.suppress(FileExistsError):
        place.mkdir(mode=0o700)
    seen = place.lstat()
    if stat.S_ISDIR(seen.st_mode) and seen.st_uid == os.getuid() and not seen.st_mode & 0o077:
        return place
    return Path(tempfile.mkdtemp(prefix="dafeng-cache-"))
