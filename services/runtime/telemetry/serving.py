"""What start-up does for telemetry: health and the operator's port around a service, warming up with known answers."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable
from typing import Final

from services.common.regions import load_region, region_ids
from services.common.revision import MODEL_VERSION
from services.common.self_test import WrongAnswersError
from services.runtime.logs import logger
from services.runtime.telemetry.health import Health, beating
from services.runtime.telemetry.metrics import metrics
from services.runtime.telemetry.operator import operator_port
from services.runtime.telemetry.settings import TelemetrySettings

# sysexits.h, EX_SOFTWARE: this machine computes wrong numbers with this software.
EXIT_WRONG_ANSWERS: Final = 70
KERNELS, KNOWN_ANSWERS, DATA, SERVING = "kernels", "known_answers", "data", "serving"


@contextlib.asynccontextmanager
async def watched(
    settings: TelemetrySettings, *services: str, health: Health | None = None
) -> AsyncIterator[Health]:
    """Health of these services: the one given, else one of their own with heartbeat and operator's port."""
    if health is not None:
        yield health
        return
    own = Health()
    for service in services:
        own.expect(service, KERNELS, KNOWN_ANSWERS, DATA, SERVING)
    async with beating(own):
        if not settings.operator:
            yield own
            return
        with operator_port(settings.operator, own) as address:
            logger().info("operator's port", address=address)
            yield own


async def warmed(service: str, warm_up: Callable[[], int], health: Health) -> None:
    """Warm a service up in a thread; WrongAnswersError when it computes wrong numbers: it must never serve."""
    started = time.perf_counter()
    try:
        met = await asyncio.to_thread(warm_up)
    except WrongAnswersError as error:
        metrics().self_test.labels(service).set(0)
        health.say(service, KNOWN_ANSWERS, f"wrong: {error}")
        logger().critical(
            "known answers were not met; the service does not serve",
            service=service,
            wrong=[str(w) for w in error.wrong],
        )
        raise
    seconds = time.perf_counter() - started
    metrics().warm_seconds.labels(service).set(seconds)
    metrics().self_test.labels(service).set(1)
    health.say(service, KERNELS)
    health.say(service, KNOWN_ANSWERS)
    for region_id, revision in (await asyncio.to_thread(_revisions)).items():
        metrics().info.labels(service, MODEL_VERSION, region_id, revision).set(1)
    health.say(service, DATA)
    logger().info("known answers met", service=service, count=met, seconds=round(seconds, 2))


def _revisions() -> dict[str, str]:
    """Revision of the data of each region."""
    return {r: load_region(r).data_revision for r in region_ids()}
