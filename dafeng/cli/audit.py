"""`dafeng audit`: the audit log verified, listed, exported, sealed; by a gateway, or on a store that none serves."""

import contextlib
import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Annotated, Any

import typer

from dafeng.cli.connection import EXIT_INTERNAL, EXIT_INVALID, connected
from dafeng.cli.options import Address
from dafeng.cli.output import fail, out, table

EXAMPLE = "Example: dafeng audit verify --store sqlite:////var/lib/dafeng/batches.sqlite"
audit_app = typer.Typer(
    help="The audit log 审计日志: every change and every refusal, in a chain that shows tampering.",
    no_args_is_help=True,
)
Store = Annotated[
    str,
    typer.Option(help="Store that no gateway serves: its URL; empty: the data folder's. Not with --address."),
]
_FIELDS = ("seq", "at", "actor", "act", "object", "scope", "outcome", "reason", "request_id", "address", "digest",
           "previous", "hash", "count", "algorithm")  # fmt: skip


@audit_app.command(epilog=EXAMPLE)
def verify(
    store: Store = "",
    seal: Annotated[
        Path | None, typer.Option(help="Seals to compare with; else those beside the store.")
    ] = None,
    file: Annotated[Path | None, typer.Option(help="Verify an exported file instead.")] = None,
    address: Address = "",
) -> None:
    """Check the whole chain; exit code 0: whole, 1: faulty. Each fault is told with its place."""
    if file is not None:
        found = _verified_file(file)
    elif address:
        with connected(address) as client:
            found = client.audit.verify()
    else:
        from gateway.audit import seals
        from gateway.audit.verify import verify as verified

        with _offline(store) as (log, beside):
            path = seal or beside
            found = verified(log, seals.read(path) if path is not None else ())
    for fault in found.faults:
        out.print(f"第 {fault.seq} 条 entry {fault.seq}: {fault.what}", highlight=False, markup=False)
    text = f"{found.entry_count:,} 条 entries, {found.first_seq}-{found.last_seq}, {found.last_hash[:16]}"
    if found.faults:
        fail(f"审计链有误 the chain is faulty: {text}", (), EXIT_INTERNAL)
    out.print(f"审计链完好 the chain is whole: {text}", highlight=False, markup=False)


@audit_app.command("list")
def list_(
    actor: Annotated[str, typer.Option(help="Only of this user or system.")] = "",
    act: Annotated[str, typer.Option(help="Only whose act begins so.")] = "",
    outcome: Annotated[str, typer.Option(help="begun, done, refused or failed.")] = "",
    most: Annotated[int, typer.Option(help="At most so many.", min=1, max=100_000)] = 50,
    store: Store = "",
    address: Address = "",
) -> None:
    """List entries, the newest first."""
    if address:
        with connected(address) as client:
            found: list[Any] = list(islice(client.audit.entries(actor, act, outcome, min(most, 1000)), most))
    else:
        with _offline(store) as (log, _):
            found = list(log.listed(actor, act, outcome, most))
    rows = (
        [e.seq, e.at, e.actor, e.act, e.object[:24], e.scope, e.outcome, e.reason, e.count, e.address]
        for e in found
    )
    names = ["#", "时间 at", "人 actor", "行为 act", "对象 object", "范围 scope", "结果 outcome", "原因 reason",
             "次 count", "地址 address"]  # fmt: skip
    table("审计日志 audit log", names, rows, right=(0, 8))


@audit_app.command()
def export(
    file: Annotated[Path, typer.Argument(help="File to write: one entry a line, as JSON.")],
    store: Store = "",
    address: Address = "",
) -> None:
    """Write every entry to a file, the oldest first; `dafeng audit verify --file` checks it."""
    beside = file.with_name(file.name + ".part")
    count = 0
    with _entries(store, address) as entries, beside.open("w", encoding="utf-8") as written:
        for entry in entries:
            written.write(json.dumps({n: getattr(entry, n) for n in _FIELDS}, ensure_ascii=False) + "\n")
            count += 1
    beside.replace(file)
    out.print(f"已写出 wrote {count:,} 条 entries: {file}", highlight=False, markup=False)


@audit_app.command()
def seal(
    to: Annotated[
        Path | None, typer.Option(help="Append the seal to this file, better on another machine.")
    ] = None,
    store: Store = "",
    address: Address = "",
) -> None:
    """Print where the chain ends now: kept elsewhere, it shows later whether the end was cut off."""
    from gateway.audit import seals
    from gateway.jobs.store.stamps import stamp

    if address:
        with connected(address) as client:
            last = next(client.audit.entries(page_size=1), None)
        made = seals.Seal(stamp(), last.seq if last else 0, last.hash if last else "")
    else:
        with _offline(store) as (log, _):
            end = log.end()
        made = seals.Seal(stamp(), end.seq, end.hash)
    if to is not None:
        seals.add(to, made)
    out.print(f"{made.at} {made.seq} {made.hash}", highlight=False, markup=False)


@contextlib.contextmanager
def _entries(store: str, address: str) -> Iterator[Iterator[Any]]:
    """Every entry, the oldest first."""
    if address:
        with connected(address) as client:
            yield iter(list(client.audit.entries())[::-1])
        return
    with _offline(store) as (log, _):
        yield log.each()


@contextlib.contextmanager
def _offline(store: str) -> Iterator[tuple[Any, Path | None]]:
    """The log of a store; what keeps it from being opened ends the program."""
    from gateway.audit.offline import opened_log
    from gateway.jobs.ports import StoreAwayError, StoreBrokenError, StoreDamagedError, StoreRefusedError

    try:
        with opened_log(store) as found:
            yield found
    except (StoreRefusedError, StoreAwayError) as error:
        hint = "  由运行中的网关查验 ask the gateway that serves it: --address host:port"
        fail("不能打开存储 the store cannot be opened", [f"  {error}", hint], EXIT_INVALID)
    except (StoreDamagedError, StoreBrokenError) as error:
        fail("存储损坏 the store is damaged", [f"  {error}"], EXIT_INTERNAL)


def _verified_file(path: Path) -> Any:
    from gateway.audit.store import End, read_export
    from gateway.audit.verify import verify_entries

    try:
        entries = list(read_export(path))
    except (OSError, ValueError, KeyError, TypeError) as error:
        fail("不是审计导出文件 not an export of the audit log", [f"  {error!r}"], EXIT_INVALID)
    if not entries:
        return verify_entries((), End(0, "", 1, "", ""))
    end = End(entries[-1].seq, entries[-1].hash, entries[0].seq, entries[0].previous, "")
    return verify_entries(entries, end)
