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
        Path | None,
        typer.Option(help="Seals to compare with; else those beside the store, or the gateway's."),
    ] = None,
    file: Annotated[Path | None, typer.Option(help="Verify an exported file instead.")] = None,
    address: Address = "",
) -> None:
    """Check the whole chain; exit code 0: whole, 1: faulty, 2: no such file. Each fault is told with its place."""
    sealed = _seals(seal) if seal is not None else None
    if file is not None:
        found = _verified_file(file, sealed or [])
    elif address:
        found = _verified_by(address, sealed)
    else:
        found = _verified_store(store, sealed)
    for fault in found.faults:
        _say(f"第 {fault.seq} 条 entry {fault.seq}: {fault.what}")
    for note in found.notes:
        _say(note)
    _say(_said_of_seals(found.seal_count))
    text = f"{found.entry_count:,} 条 entries, {found.first_seq}-{found.last_seq}, {found.last_hash[:16]}"
    if found.faults:
        fail(f"审计链有误 the chain is faulty: {text}", (), EXIT_INTERNAL)
    if file is not None:
        reach = f"entries {found.first_seq} to {found.last_seq}"
        _say(f"文件所及范围内审计链完好 the chain is whole as far as this file goes, {reach}: {text}")
    else:
        _say(f"审计链完好 the chain is whole: {text}")


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
    restored: Annotated[
        bool,
        typer.Option(
            "--restored",
            help="Tell the seals of --to that the store was restored; verify names it from then on.",
        ),
    ] = False,
    store: Store = "",
    address: Address = "",
) -> None:
    """Print where the chain ends now: kept elsewhere, it shows later whether the end was cut off."""
    from gateway.audit import seals
    from gateway.jobs.store.stamps import stamp

    if restored:
        made = _sealed_restore(to, store, address)
    elif address:
        with connected(address) as client:
            last = next(client.audit.entries(page_size=1), None)
        made = seals.Seal(stamp(), last.seq if last else 0, last.hash if last else "")
    else:
        with _offline(store) as (log, _):
            end = log.end()
        made = seals.Seal(stamp(), end.seq, end.hash)
    if to is not None and not restored:
        with _files_refused(to):
            seals.add(to, made)
    _say(f"{made.at} {made.seq} {made.hash}")


def _sealed_restore(to: Path | None, store: str, address: str) -> Any:
    """The line of the newest restore that the seals do not tell yet."""
    from gateway.audit.restoring import is_told, seal_restore, tell_restore
    from gateway.audit.words import RESTORED

    entry: Any
    if to is None:
        fail("缺少封存文件 no file of seals", ["  --restored needs --to SEALS"], EXIT_INVALID)
    with _files_refused(to):
        if address:
            with connected(address) as client:
                entry = next(client.audit.entries(act=RESTORED, page_size=1), None)
            entry = None if entry is None or is_told(to, entry) else entry
        else:
            with _offline(store) as (log, beside):
                entry = next(iter(log.listed(act=RESTORED, limit=1)), None)
                entry = None if entry is None or is_told(to, entry) else entry
                # A database's own tools write no entry; here is where it is told, before the gateway starts.
                if entry is None and beside is None:
                    entry = tell_restore(log, "PostgreSQL")
        if entry is None:
            known = "  python -m gateway.jobs.store restore writes one; all that are there are told already"
            fail("链中没有待记的恢复 the chain tells no restore that the seals do not", [known], EXIT_INVALID)
        return seal_restore(to, entry, just_now=False)


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
    from gateway.audit.offline import NoStoreFileError, opened_log
    from gateway.jobs.ports import StoreAwayError, StoreBrokenError, StoreDamagedError, StoreRefusedError

    try:
        with opened_log(store) as found:
            yield found
    except (StoreRefusedError, StoreAwayError) as error:
        served = "  由运行中的网关查验 ask the gateway that serves it: --address host:port"
        hints = [] if isinstance(error, NoStoreFileError) else [served]
        fail("不能打开存储 the store cannot be opened", [f"  {error}", *hints], EXIT_INVALID)
    except (StoreDamagedError, StoreBrokenError) as error:
        fail("存储损坏 the store is damaged", [f"  {error}"], EXIT_INTERNAL)


def _verified_file(path: Path, sealed: list[Any]) -> Any:
    from gateway.audit.store import read_export

    try:
        entries = list(read_export(path))
    except (OSError, ValueError, KeyError, TypeError) as error:
        fail("不是审计导出文件 not an export of the audit log", [f"  {error!r}"], EXIT_INVALID)
    return _verified(entries, sealed)


def _verified_store(store: str, sealed: list[Any] | None) -> Any:
    from gateway.audit.verify import verify as verified

    with _offline(store) as (log, beside):
        if sealed is None:
            sealed = _seals(beside) if beside is not None and beside.exists() else []
        return verified(log, sealed)


def _verified_by(address: str, sealed: list[Any] | None) -> Any:
    """What a gateway says of its chain and its own seals; with seals of the caller's, looked at here as well."""
    with connected(address) as client:
        found = client.audit.verify()
        entries = list(client.audit.entries())[::-1] if sealed is not None else []
    if sealed is not None and not found.faults:
        return _verified(entries, sealed, of_store=True)
    return found


def _verified(entries: list[Any], sealed: list[Any], *, of_store: bool = False) -> Any:
    from gateway.audit.store import End
    from gateway.audit.verify import verify_entries

    if not entries:
        return verify_entries((), End(0, "", 1, "", ""), sealed, of_store=of_store)
    end = End(entries[-1].seq, entries[-1].hash, entries[0].seq, entries[0].previous, "")
    return verify_entries(entries, end, sealed, of_store=of_store)


def _seals(path: Path) -> list[Any]:
    """The seals of a file; one that is missing or cannot be read ends the program: it was to be compared."""
    from gateway.audit import seals

    with _files_refused(path):
        return seals.read(path)


@contextlib.contextmanager
def _files_refused(path: Path) -> Iterator[None]:
    """A file of seals that cannot be read or written ends the program."""
    try:
        yield
    except OSError as error:
        lines = [f"  {path}: {error.strerror}"]
        fail("封存文件不可用 the file of seals cannot be used", lines, EXIT_INVALID)


def _said_of_seals(count: int) -> str:
    return f"已对照封存 seals compared: {count:,}" if count else "未对照封存 no seals compared"


def _say(text: str) -> None:
    out.print(text, highlight=False, markup=False)
