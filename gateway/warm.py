"""Compile every kernel and fill the caches, for an image that brings them: python -m gateway.warm

Warms every service up and projects each region once, so that replicas of the image compile nothing.
"""

import asyncio

from gateway.serve import workshop
from gateway.settings import ServeSettings
from services.common.power_outcome import DispatchMode
from services.common.regions import region_ids
from services.runtime.logs import configure_logs, logger


async def warm() -> None:
    """All kernels compiled, all tables made."""
    async with workshop(ServeSettings(http="")) as pipeline:
        for region_id in region_ids():
            (projection,) = await pipeline.project(
                {"region": region_id}, {"scenario": {}}, DispatchMode.UNSPECIFIED
            )
            logger().info("warm", region=region_id, digest=projection.digest)


if __name__ == "__main__":
    configure_logs("info")
    asyncio.run(warm())
