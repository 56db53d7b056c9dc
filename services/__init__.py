"""Dafeng's sector services and what they share.

Importing this package places the cache of compiled kernels, which must happen before numba is imported.
"""

from services import cache_place as _cache_place

_cache_place.place_kernel_cache()
