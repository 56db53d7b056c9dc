"""Tokens that streams go on from: of one batch only, so that another batch's is refused and skips nothing."""

from gateway.jobs.words import Batch, BatchState
from services.common.errors import Violation

_MOST_DIGITS = 10


def seen(batch: Batch) -> str:
    """Of a watcher: how the batch stood."""
    return f"{batch.batch_id}.{batch.state.value}.{batch.done_count}.{batch.failed_count}"


def watch_violations(batch_id: str, token: str) -> list[Violation]:
    """A token that no watcher of this batch was given."""
    own, _, rest = token.partition(".")
    state, *counts = rest.split(".")
    is_one = (
        own == batch_id and state in list(BatchState) and len(counts) == 2 and all(map(_is_count, counts))
    )
    return [] if is_one or not token else [_wrong(token)]


def after(batch: Batch, next_member: int) -> str:
    """Of a reader of rows: every member before this one was sent."""
    return f"{batch.batch_id}.{next_member}"


def rows_violations(batch: Batch, token: str) -> list[Violation]:
    """A token that no reader of this batch's rows was given."""
    own, _, count = token.partition(".")
    is_one = own == batch.batch_id and _is_count(count) and int(count) <= batch.member_count
    return [] if is_one or not token else [_wrong(token)]


def member_after(batch: Batch, token: str) -> int:
    """The first member after those that were sent; the token was checked."""
    return int(token.removeprefix(f"{batch.batch_id}.")) if token else 0


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS


def _wrong(token: str) -> Violation:
    return Violation("resume_token", "not a token of this call and batch", token[:80])
