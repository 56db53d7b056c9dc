"""Real members: one digest alone, in every cut, in this process, in workers, killed and resumed (R-01, R-03)."""

import asyncio
import os
import signal
import time
from pathlib import Path
from typing import Any

import pytest

from gateway.jobs.local import LocalLauncher
from gateway.jobs.members import open_members
from gateway.jobs.prepare import prepare
from gateway.jobs.runner import Runner
from gateway.jobs.spec import spec_of, text_of
from gateway.jobs.store.open import open_store
from gateway.jobs.words import ENDED, BatchState
from services.common.errors import DomainError
from tests.gateway.jobs.runner.memory_store import new_batch

MEMBERS = 12
REQUEST = {
    "request_id": "real",
    "spec": {
        "frame": {"region": "jiangsu"},
        "years": [2030],
        "mode": "fast",
        "random": {"member_count": MEMBERS, "seed": 5},
    },
}
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def text(shop: Any) -> str:
    return text_of(shop.do(prepare(shop.pipeline, REQUEST)).spec)


@pytest.fixture(scope="module")
def digests(text: str) -> list[str]:
    """Of members calculated one at a time, the last first, in this process."""
    members = open_members(text)
    rows = [members.block(member, 1)[0] for member in reversed(range(MEMBERS))]
    members.close()
    assert not [row for row in rows if row.failure]
    return [row.digest for row in reversed(rows)]


@pytest.mark.parametrize(
    ("chunk", "workers", "kills"), [pytest.param(5, 2, 2, marks=pytest.mark.thorough), (12, 1, 0)]
)
async def test_real_members_have_one_digest(
    tmp_path: Path, text: str, digests: list[str], chunk: int, workers: int, kills: int
) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'store.sqlite'}")
    batch, _ = store.create(new_batch(text, MEMBERS, chunk, column_count=len(spec_of(text).columns)))
    launcher = LocalLauncher(store, workers)
    runner = Runner(store, {"local": launcher})
    await runner.start()
    end = time.monotonic() + 400
    while store.get(batch.batch_id).state not in ENDED:
        assert time.monotonic() < end
        if kills and store.get(batch.batch_id).done_count:
            for pid in launcher.pids():
                os.kill(pid, signal.SIGKILL)
            kills -= 1
        await asyncio.sleep(0.05)
    await runner.close()
    assert store.get(batch.batch_id).state is BatchState.COMPLETE
    assert [row.digest for row in store.rows(batch.batch_id)] == digests
    store.close()


def test_a_specification_of_other_data_is_not_opened(text: str) -> None:
    with pytest.raises(DomainError):
        open_members(text.replace('"data_revision":"', '"data_revision":"0'))
