"""A file that only takes room: given up when the disk is full, so that a pause or a deletion can be stored."""

import os
from pathlib import Path

from gateway.jobs.store.database import FULL_ERRNOS


class Ballast:
    """`size_bytes` of real blocks beside the store; 0 makes none."""

    def __init__(self, path: Path, size_bytes: int) -> None:
        self._path, self._size = path, size_bytes
        self._standing = False

    def restore(self) -> bool:
        """Make it, or make it again after the disk was full. False when there is no room for it."""
        if not self._size or self._standing:
            return True
        try:
            with self._path.open("ab") as file:
                os.posix_fallocate(file.fileno(), 0, self._size)
                os.fsync(file.fileno())
        except OSError as error:
            self._path.unlink(missing_ok=True)
            if error.errno in FULL_ERRNOS:
                return False
            raise
        self._standing = True
        return True

    def release(self) -> bool:
        """Give its room back; True when there was some."""
        if not self._size:
            return False
        there = self._path.exists()
        self._path.unlink(missing_ok=True)
        self._standing = False
        return there
