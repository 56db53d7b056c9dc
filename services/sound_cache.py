"""A cache of compiled kernels that is damaged costs time, never a start: what cannot be read is compiled again."""

import contextlib
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

_log = logging.getLogger("dafeng.kernels")
_guarded = False


def guard_kernel_cache() -> None:
    """From now on a file of numba's cache that cannot be read is deleted and made again. Call before kernels run.

    A file may end early (a full disk, a kill while it was written) or hold what nobody wrote. numba itself would fail
    at the first call of the kernel, in whatever request that comes.
    """
    global _guarded
    if _guarded:
        return
    from numba.core import caching

    files: Any = caching.IndexDataCacheFile
    files._load_index = _sound_index(files._load_index)
    files._load_data = _sound_data(files._load_data)
    _guarded = True


def _sound_index(load: Callable[[Any], dict[Any, str]]) -> Callable[[Any], dict[Any, str]]:
    def load_index(cache: Any) -> dict[Any, str]:
        try:
            found = load(cache)
            if isinstance(found, dict):
                return found
        except OSError:
            raise
        except Exception as error:
            _tell(cache._index_path, error)
        _delete(cache._index_path)
        return {}

    return load_index


def _sound_data(load: Callable[[Any, str], Any]) -> Callable[[Any, str], Any]:
    def load_data(cache: Any, name: str) -> Any:
        try:
            return load(cache, name)
        except OSError:
            raise
        except Exception as error:
            path = cache._data_path(name)
            _tell(path, error)
            _delete(path)
            # To numba: the file is not there any more.
            raise FileNotFoundError(path) from error

    return load_data


def _tell(path: str, error: Exception) -> None:
    _log.warning(
        "a compiled kernel cannot be read and is compiled again: %s (%s)", path, type(error).__name__
    )


def _delete(path: str) -> None:
    with contextlib.suppress(OSError):
        Path(path).unlink()
