"""The worker program: calculates one shard of a batch and hands its results over. `python -m gateway.jobs.worker`

It needs nothing but its command line, the completion index, and a shared folder or the address of a database: no
service of ours, no fixed place on the disk. Every message is one JSON line on standard error.

Exit codes, on which the rules of the Kubernetes Job rest:

    0    done, or done already by another attempt, or the batch has ended
    42   bad input: unknown or damaged specification, other model or data, index out of range; do not try again
    75   the folder or database cannot be reached, is full, or has another version's schema; try again later
    143  told to end (SIGTERM); nothing is half written
    1    anything else
"""

import argparse
import os
import signal
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NoReturn

from gateway.jobs.handover import BadFileError
from gateway.jobs.ports import StoreFullError
from gateway.jobs.shard_run import BadInputError, Calculator, NotReachableError, Task, run
from gateway.jobs.shards import shards_of
from gateway.jobs.words import Row
from services.cache_place import replaced
from services.common.errors import DomainError
from services.runtime.logs import configure_logs, logger

DONE: Final = 0
FAILED: Final = 1
BAD_INPUT: Final = 42
NOT_REACHABLE: Final = 75
TOLD_TO_END: Final = 143

INDEX_VARIABLE: Final = "JOB_COMPLETION_INDEX"
STORE_VARIABLE: Final = "DAFENG_STORE_URL"  # an address with a password is not for a command line
# After SIGTERM the child is ended; should that hang, the process ends all the same.
_LAST_WORD_S: Final = 5.0


class _ToldToEndError(BaseException):
    """SIGTERM came."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one shard; the exit code."""
    configure_logs("info")
    signal.signal(signal.SIGTERM, _told_to_end)
    try:
        _tell_cache()
        given = _parser().parse_args(sys.argv[1:] if arguments is None else arguments)
        run(task_of(given, os.environ), lambda: _Supervised(given.memory_mib, given.member_seconds))
        return DONE
    except _ToldToEndError:
        return _said(TOLD_TO_END, "told to end; nothing is half written")
    except (BadInputError, BadFileError, DomainError) as error:
        return _said(BAD_INPUT, str(error))
    except (NotReachableError, StoreFullError) as error:
        return _said(NOT_REACHABLE, str(error) or "the store is full")
    except Exception as error:
        logger().error("worker_error", exc_info=True)
        return _said(FAILED, f"{type(error).__name__}: {error}")


def task_of(given: argparse.Namespace, environment: Mapping[str, str]) -> Task:
    """The task of a command line. BadInputError says what is wrong."""
    index = given.shard if given.shard is not None else environment.get(INDEX_VARIABLE, "")
    store_url = given.store or environment.get(STORE_VARIABLE, "")
    if (given.folder is None) == (not store_url):
        raise BadInputError(f"give --folder, or --store or {STORE_VARIABLE}, and not both")
    return Task(
        batch_id=given.batch,
        shard=_shard(index, given.only),
        chunks_per_shard=given.chunks_per_shard,
        folder=given.folder,
        spec_path=given.spec,
        sha256=given.sha256,
        store_url=store_url,
    )


def _shard(index: str, only: str | None) -> int:
    if not index.isascii() or not index.isdigit():
        raise BadInputError(f"give --shard or {INDEX_VARIABLE}, a number from 0 (given: {index!r})")
    if only is None:
        return int(index)
    try:
        return shards_of(only)[int(index)]
    except ValueError as error:
        raise BadInputError(f"--only: {error}") from None
    except IndexError:
        raise BadInputError(f"index {index} is out of range of --only {only[:80]}") from None


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise BadInputError(message)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="python -m gateway.jobs.worker", description="Calculate one shard of a batch.")
    parser.add_argument("--batch", required=True, help="batch id")
    parser.add_argument("--shard", help=f"shard, from 0; default: ${INDEX_VARIABLE}")
    parser.add_argument("--chunks-per-shard", type=_positive, default=1, help="chunks a shard")
    parser.add_argument("--only", help='shards that run, as "0-3,7": the index is a place in this list')
    parser.add_argument("--folder", type=Path, help="shared folder: specification in, results out")
    parser.add_argument("--spec", type=Path, help="specification file, when it is not in the folder")
    parser.add_argument("--sha256", default="", help="digest the specification must have")
    parser.add_argument("--store", default="", help=f"address of the database; default: ${STORE_VARIABLE}")
    parser.add_argument("--memory-mib", type=_positive, default=4096, help="a member may take so much, MiB")
    parser.add_argument("--member-seconds", type=float, default=120.0, help="a member may take so long")
    return parser


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number


class _Supervised(Calculator):
    """The supervisor of a child process, so that a member that takes its process down hurts itself only."""

    def __init__(self, memory_mib: int, member_seconds: float) -> None:
        from gateway.jobs.supervisor import Supervisor
        from gateway.jobs.worker_settings import WorkerSettings

        bounds = WorkerSettings(memory_bytes=memory_mib * 1024**2, member_seconds=member_seconds)
        self._supervisor = Supervisor(bounds)

    def calculate(self, spec_text: str, first: int, count: int) -> list[Row]:
        from gateway.jobs.supervisor import BadSpecError

        try:
            return list(self._supervisor.calculate(spec_text, first, count))
        except BadSpecError as error:
            raise BadInputError(str(error)) from error

    def close(self) -> None:
        self._supervisor.close()


def _told_to_end(number: int, frame: Any) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    last = threading.Timer(_LAST_WORD_S, os._exit, (TOLD_TO_END,))
    last.daemon = True
    last.start()
    raise _ToldToEndError


def _said(code: int, message: str) -> int:
    say = logger().info if code == TOLD_TO_END else logger().error
    say("worker_ended", exit_code=code, message=message)
    return code


def _tell_cache() -> None:
    change = replaced()
    if change is not None:
        logger().warning("cache_replaced", asked=change.asked, by=change.by, error=change.error)


if __name__ == "__main__":
    sys.exit(main())
