"""Calculates a result again, in a process of its own: `python -m gateway.release.recompute`.

The question comes on standard input as JSON, the answer goes out as one JSON line: the digests, or the reason why there
are none. The sectors' models run in this process, as in a worker of batches.
"""

import asyncio
import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

_MOST_QUESTION: Final = 4 * 1024**2


def main() -> int:
    """Exit code 0: answered; 1: not."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # whatever prints in here must not get into the answer
    _stand_back(*map(int, sys.argv[1:4]))
    question = json.loads(sys.stdin.buffer.read(_MOST_QUESTION))
    answer = asyncio.run(_answer(question))
    answers.write(json.dumps(answer) + "\n")
    answers.close()
    return 0 if "reason" not in answer else 1


async def _answer(question: dict[str, Any]) -> dict[str, str]:
    from gateway.direct import DirectCalls
    from gateway.pipeline import Pipeline
    from gateway.release.content import digest_of_content, frozen
    from services.common.errors import DomainError
    from services.common.power_outcome import DispatchMode
    from services.common.scenario import Frame, Scenario
    from services.runtime.sectors import sectors

    frame, scenario = Frame.model_validate(question["frame"]), Scenario.model_validate(question["scenario"])
    with ThreadPoolExecutor(1) as pool:
        pipeline = Pipeline(DirectCalls(sectors()), pool)  # type: ignore[arg-type]  # the same calls without a wire
        try:
            (projection,) = await pipeline.project_chunk(frame, (scenario,), DispatchMode(question["mode"]))
        except DomainError as error:
            return {"reason": error.reason, "detail": str(error)[:500]}
    revision = projection.revision
    if (revision.model_version, revision.data_revision) != (
        question["model_version"],
        question["data_revision"],
    ):
        return {"reason": "REVISION_DIFFERS", "detail": "model or data changed"}
    content = await asyncio.to_thread(frozen, projection)
    return {"result_digest": projection.digest, "content_digest": digest_of_content(content)}


def _stand_back(parent: int, nice: int, data_bytes: int) -> None:
    """Let interactive calls go first; leave no core files; bound memory; end with the parent."""
    import resource

    from gateway.jobs.child import end_with_parent

    os.nice(nice)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_DATA, (data_bytes, data_bytes))
    end_with_parent(parent)


if __name__ == "__main__":
    sys.exit(main())
