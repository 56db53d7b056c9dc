"""Where a command gets its answers: a running gateway, or one started inside this process for the command's time."""

import asyncio
import contextlib
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

from dafeng.cli.credentials import GIVEN
from dafeng.cli.output import fail, status
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
    """Errors as messages and exit codes: 2 invalid input, 3 not ready, 5 not signed in or not allowed, 1 else."""
    try:
        yield
    except InvalidInputError as error:
        lines = [f"  {v.field}: {v.description}" for v in error.violations] or [f"  {error}"]
        fail("输入不合法 invalid input", lines, EXIT_INVALID)
    except NotReadyError as error:
        fail("服务未就绪 service not ready", [f"  {error}"], EXIT_NOT_READY)
    except NotSignedInError as error:
        lines = [f"  {error}", "  --token-file, DAFENG_TOKEN, or --certificate and --key say who asks"]
        fail("未登录 not signed in", lines, EXIT_NOT_ALLOWED)
    except NotAllowedError as error:
        fail("没有权限 not allowed", [f"  {error}"], EXIT_NOT_ALLOWED)
    except ServiceError as error:
        fail(f"{error.code}", [f"  {error}"], EXIT_INTERNAL)


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
