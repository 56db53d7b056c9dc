"""Times as the store writes them: UTC, ISO 8601, to the millisecond. They are told, never counted with."""

from datetime import UTC, datetime


def stamp(at: datetime | None = None) -> str:
    """A time; now when none is given."""
    return (at or datetime.now(UTC)).astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def moment() -> str:
    """Now, to the second."""
    return stamp()[:19] + "Z"


def file_stamp() -> str:
    """Now, as part of a file's name: such names sort by time."""
    return stamp().replace(":", "").replace(".", "")
