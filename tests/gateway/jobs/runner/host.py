"""A process that accepts one batch of stand-in members and runs it: what the tests of kills kill.

    python -m tests.gateway.jobs.runner.host URL MEMBERS CHUNK_SIZE WORKERS SECONDS_A_MEMBER

Started again on the same store it repeats its request and resumes. Prints a line of JSON when the batch has ended.
"""

import asyncio
import json
import sys

from gateway.jobs.local import LocalLauncher
from gateway.jobs.runner import Runner
from gateway.jobs.store.open import open_store
from gateway.jobs.words import ENDED
from services.runtime import failpoints
from tests.gateway.jobs.runner.memory_store import new_batch
from tests.gateway.jobs.runner.stand_in import OPENER, spec_text


def say(line: str) -> None:
    """One line to whoever started this."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


async def host(url: str, members: int, chunk_size: int, workers: int, seconds: float) -> None:
    failpoints.refuse_outside_tests()
    store = open_store(url)
    runner = Runner(store, {"local": LocalLauncher(store, workers, opener=OPENER)}, full_waits=(0.2, 1.0))
    await runner.start()
    failpoints.hit("accept.before_commit")
    # The request says nothing of how long a member takes, so that runs of other speeds are comparable.
    new = new_batch(
        spec_text(members, seconds=seconds), members, chunk_size, request_id="one", spec_digest="0" * 64
    )
    batch, _ = store.create(new)
    failpoints.hit("accept.after_commit")
    runner.wake()
    say("accepted")
    while (batch := store.get(batch.batch_id)).state not in ENDED:
        await asyncio.sleep(0.02)
    # The runner sees the end by itself before it is closed.
    while runner.running():
        await asyncio.sleep(0.02)
    rows = [row.member for row in store.rows(batch.batch_id)]
    say(json.dumps({"state": batch.state, "digest": batch.result_digest, "members": rows}))
    await runner.close()
    store.close()


if __name__ == "__main__":
    asyncio.run(host(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]), float(sys.argv[5])))
