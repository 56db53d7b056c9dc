"""The gateway: sectors summed into a regional projection, carbon peak, peak load, policy targets."""

import services as _services  # places the kernel cache before numba is imported

__all__: list[str] = []
_ = _services
