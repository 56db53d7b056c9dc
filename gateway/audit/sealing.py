"""Sealing of a serving gateway: checked at the start, and a seal that fails is told wherever somebody looks."""

from pathlib import Path

from gateway.audit import seals
from gateway.audit.seals import Seal
from gateway.audit.settings import AuditSettings
from gateway.audit.store import AuditStore
from gateway.jobs.store.database import Database
from gateway.jobs.store.sqlite import Sqlite
from gateway.jobs.store.stamps import stamp
from services.common.errors import Violation, invalid
from services.runtime.logs import logger
from services.runtime.telemetry.metrics import metrics

_UNREADABLE = "封存不可读，未对照 / the seals cannot be read, none was compared: {}"
_UNWRITTEN = "封存写不进 / no seal could be written at {}: {}"
_ALLOWED = "a file that this user can write, in a folder that is there (a share: mounted)"


def seal_path(database: Database, settings: AuditSettings) -> Path | None:
    """Where seals are written."""
    if settings.seal_file:
        return Path(settings.seal_file)
    return database.path.with_name(f"{database.path.name}.seals") if isinstance(database, Sqlite) else None


class Sealing:
    """The seals of one gateway; without a file they are told in its log only."""

    def __init__(self, store: AuditStore, path: Path | None) -> None:
        self._store, self._path = store, path
        self._trouble = ""

    def check(self) -> None:
        """DomainError(INVALID_INPUT) when seals cannot be written or read."""
        if self._path is None:
            return
        try:
            seals.check(self._path)
            seals.read(self._path)
        except OSError as error:
            text = f"seals of the audit log cannot be kept there: {error.strerror}"
            raise invalid([Violation("audit.seal_file", text, str(self._path), _ALLOWED)]) from None

    def seal(self) -> None:
        """Write where the chain ends to the log, and to the second place; what fails is told, and tried again later."""
        try:
            end = self._store.end()
            made = Seal(stamp(), end.seq, end.hash)
            if self._path is not None:
                seals.add(self._path, made, create=False)
        except Exception as error:  # serving goes on; verify, the log and the figures say it
            self._trouble = _UNWRITTEN.format(stamp(), error)
            logger().error("audit seal failed", error=repr(error)[:500])
        else:
            self._trouble = ""
            logger().info("audit seal", seq=made.seq, hash=made.hash)
        metrics().audit_sealed.set(not self._trouble)

    def read(self) -> tuple[list[Seal], str]:
        """The seals, and in words why they cannot be read or written; empty: they can."""
        if self._path is None:
            return [], self._trouble
        try:
            return seals.read(self._path), self._trouble
        except OSError as error:
            return [], _UNREADABLE.format(error)
