"""A result calculated again in another process: the same question, its digests beside those handed in."""

import asyncio
import json
import os
import sys
from typing import Final, Protocol

from gateway.jobs.child_process import child_environment
from gateway.release.manifest import question_of
from gateway.release.words import ReleaseManifest
from services.common.errors import REASONS, DomainError

# The first time on a machine kernels may have to be compiled.
MOST_SECONDS: Final = 600.0
_NICE: Final = 10
_DATA_BYTES: Final = 8 * 1024**3


class Recompute(Protocol):
    """Calculates a result again."""

    async def check(self, manifest: ReleaseManifest) -> None:
        """DomainError(NOT_REPRODUCED, REVISION_DIFFERS, NOT_READY) unless it comes out the same."""


class OtherProcess:
    """Calculates again in a new process, one at a time; a caller that leaves ends its process."""

    def __init__(self) -> None:
        self._turn = asyncio.Semaphore(1)

    async def check(self, manifest: ReleaseManifest) -> None:
        """DomainError(NOT_REPRODUCED, REVISION_DIFFERS, NOT_READY) unless it comes out the same."""
        async with self._turn:
            try:
                async with asyncio.timeout(MOST_SECONDS):
                    answer = await _asked(question_of(manifest))
            except TimeoutError:
                text = f"it could not be calculated again within {MOST_SECONDS:g} s"
                raise DomainError("NOT_READY", detail=text) from None
        if "reason" in answer:
            reason = answer["reason"] if answer["reason"] in REASONS else "NOT_REPRODUCED"
            raise DomainError(reason, detail=answer.get("detail", ""))
        for name in ("result_digest", "content_digest"):
            before = getattr(manifest, name)
            if answer.get(name) != before:
                now = str(answer.get(name))[:12]
                raise DomainError("NOT_REPRODUCED", detail=f"{name} was {before[:12]} and is {now} now")


async def _asked(question: str) -> dict[str, str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-P",
        "-m",
        "gateway.release.recompute",
        str(os.getpid()),
        str(_NICE),
        str(_DATA_BYTES),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env=child_environment(),
        start_new_session=True,
    )
    try:
        told, _ = await process.communicate(question.encode())
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    try:
        answer: dict[str, str] = json.loads(told)
    except ValueError:
        raise DomainError("NOT_READY", detail=f"the process ended with {process.returncode}") from None
    return answer
