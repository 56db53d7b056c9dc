"""Where a command gets its answers: a running gateway, or one started inside this process for the command's time."""

import asyncio
import contextlib
import tempfile
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path

from dafeng.calling import CAPACITY
from dafeng.cli.credentials import GIVEN
from dafeng.cli.output import fail, status
from dafeng.cli.own_regions import OWN_REGIONS
from dafeng.client import (
    Client,
    InvalidInputError,
    NotAllowedError,
    NotReadyError,
    NotSignedInError,
    ServiceError,
)

EXIT_INTERNAL = 1
EXIT_INVALID = 2
EXIT_NOT_READY = 3
EXIT_TARGETS_MISSED = 4
EXIT_NOT_ALLOWED = 5
# Refusals that state or names are the reason of: what is asked for may be asked for again once they are other.
_REFUSALS: Mapping[str, str] = {
    "FAILED_PRECONDITION": "当前状态不允许 not in this state",
    "NOT_FOUND": "未找到 not found",
    "ALREADY_EXISTS": "已存在 exists already",
    "ABORTED": "已被他人更改 changed meanwhile",
    "OUT_OF_RANGE": "超出范围 out of range",
}
_NOT_READY: Mapping[str, str] = {
    CAPACITY: "服务繁忙 service busy",
    "RESOURCE_EXHAUSTED": "配额或空间已用尽 quota or room used up",
    "DEADLINE_EXCEEDED": "时限不足 out of time",
}
_SERVICE_NOT_READY = "服务未就绪 service not ready"
_NO_TLS = "无法建立加密连接 no encrypted connection"


@contextlib.contextmanager
def connected(address: str, *, with_batches: bool = False) -> Iterator[Client]:
    """A client of the gateway at `address`; without one, of a gateway started here. Errors end the program.

    A gateway started here keeps batches, in the data folder, when asked to; one elsewhere is told who asks.
    """
    GIVEN.check()
    who = GIVEN.options() if address else {}
    with (
        _gateway(address, with_batches=with_batches) as at,
        Client(at, timeout_seconds=300.0, **who) as client,
        translated_errors(),
    ):
        yield client


@contextlib.contextmanager
def translated_errors() -> Iterator[None]:
    """Errors as messages and exit codes: 2 invalid input or state, 3 not ready, 5 not signed in or allowed, 1 else."""
    try:
        yield
    except InvalidInputError as error:
        lines = [f"  {v.field}: {v.description}" for v in error.violations] or [f"  {error}"]
        fail("输入不合法 invalid input", lines, EXIT_INVALID)
    except NotReadyError as error:
        heading, lines = _told_not_ready(error)
        fail(heading, lines, EXIT_NOT_READY)
    except NotSignedInError as error:
        lines = [f"  {error}", "  --token-file, DAFENG_TOKEN, or --certificate and --key say who asks"]
        fail("未登录 not signed in", lines, EXIT_NOT_ALLOWED)
    except NotAllowedError as error:
        fail("没有权限 not allowed", [f"  {error}"], EXIT_NOT_ALLOWED)
    except ServiceError as error:
        if error.code in _REFUSALS:
            fail(_REFUSALS[error.code], [f"  {error}"], EXIT_INVALID)
        fail(f"内部错误 internal error: {error.code}", [f"  {error}"], EXIT_INTERNAL)


def _told_not_ready(error: NotReadyError) -> tuple[str, list[str]]:
    """Heading and lines: what the gateway says, or what its transport and ours do not agree on."""
    text = str(error)
    heading = _NOT_READY.get(error.reason) or _NOT_READY.get(error.code, _SERVICE_NOT_READY)
    if "CERTIFICATE_VERIFY_FAILED" in text:
        mend = (
            "  网关证书未通过核验 the gateway's certificate is not accepted; "
            "由自建根证书签发时 when roots of its own sign it: --roots FILE, DAFENG_ROOTS (PEM)"
        )
        return _NO_TLS, [mend, f"  {text}"]
    if "WRONG_VERSION_NUMBER" in text:
        mend = (
            "  该端口为明文 this port speaks plain text: "
            "去掉 leave out --tls, --roots, --certificate, DAFENG_TLS, DAFENG_ROOTS, DAFENG_CERTIFICATE"
        )
        return _NO_TLS, [mend, f"  {text}"]
    if "Socket closed" in text and "unix:" not in text and not GIVEN.encrypted:
        mend = (
            "  若网关启用了 TLS if the gateway speaks TLS: "
            "--tls，自建根证书用 with roots of its own --roots FILE (DAFENG_TLS, DAFENG_ROOTS)"
        )
        return heading, [f"  {text}", mend]
    return heading, [f"  {text}"]


@contextlib.contextmanager
def translated_domain_errors() -> Iterator[None]:
    """Errors of what is done here, without a gateway, as messages and exit code 2. Needs dafeng[server]."""
    try:
        from services.common.errors import DomainError
    except ImportError:
        fail("no services installed here", ["  install dafeng[server]"], EXIT_NOT_READY)
    try:
        yield
    except DomainError as error:
        fail("输入不合法 invalid input", [f"  {v}" for v in error.violations] or [f"  {error}"], EXIT_INVALID)


def serve_own_regions(folder: Path | None) -> None:
    """Serve the regions of a folder in this process from now on; what is wrong with it ends the program with code 2."""
    if folder is None:
        return
    with translated_domain_errors():
        from gateway.region_folder.own import open_own_regions

        with status("核对自有地区 checking regions"):
            open_own_regions(folder)


@contextlib.contextmanager
def _gateway(address: str, *, with_batches: bool) -> Iterator[str]:
    if address:
        yield address
        return
    try:
        from gateway.jobs.settings import DEFAULT, NO_STORE, BatchSettings
        from gateway.serve import embedded
        from gateway.settings import ServeSettings
        from services.runtime.logs import configure_logs
    except ImportError:
        fail(
            "no services installed here",
            ["  give --address of a gateway, or install dafeng[server]"],
            EXIT_NOT_READY,
        )
    configure_logs("error")
    serve_own_regions(OWN_REGIONS.folder)
    with tempfile.TemporaryDirectory(prefix="dafeng-") as folder:
        listen = f"unix:{Path(folder) / 'cli.sock'}"
        batches = BatchSettings(store=DEFAULT if with_batches else NO_STORE)
        settings = ServeSettings(listen=listen, http="", log_level="error", reflection=False, batches=batches)
        ready, stop = threading.Event(), asyncio.Event()
        loop = asyncio.new_event_loop()
        failures: list[BaseException] = []

        async def run() -> None:
            async with embedded(settings):
                ready.set()
                await stop.wait()

        def work() -> None:
            try:
                loop.run_until_complete(run())
            except BaseException as error:
                failures.append(error)
            finally:
                ready.set()

        thread = threading.Thread(target=work, name="embedded", daemon=True)
        with status("启动服务 starting services"):
            thread.start()
            ready.wait()
        if failures:
            raise failures[0]
        try:
            yield listen
        finally:
            loop.call_soon_threadsafe(stop.set)
            thread.join(timeout=20)
