"""The audit log of a store that no gateway serves, for commands: opened as it stands, nothing is upgraded."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from gateway.audit.store import AuditStore
from gateway.jobs.ports import StoreRefusedError
from gateway.jobs.settings import DEFAULT, BatchSettings
from gateway.jobs.store.migrate import check_version
from gateway.jobs.store.open import open_database, parse


class NoStoreFileError(StoreRefusedError):
    """There is no such file: nobody serves it either."""


@contextlib.contextmanager
def opened_log(url: str) -> Iterator[tuple[AuditStore, Path | None]]:
    """The log of a store's URL ("default": the data folder's), and where its seals are by default.

    StoreRefusedError: no such file, held by a gateway that serves, or of another schema; StoreAwayError.
    """
    url = BatchSettings(store=url or DEFAULT).url
    parsed = parse(url)
    path = Path(str(parsed.database)) if parsed.get_backend_name() == "sqlite" else None
    if path is not None and not path.exists():
        raise NoStoreFileError(f"没有该文件 / there is no file {path}")
    database = open_database(url)
    try:
        with database.transaction() as connection:
            check_version(connection)
        yield AuditStore(database), path.with_name(f"{path.name}.seals") if path is not None else None
    finally:
        database.close()
