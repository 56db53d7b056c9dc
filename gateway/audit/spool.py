"""Acts of commands on this machine (users, keys), on their way into the audit log.

A SQLite store is held by the gateway that serves, so a command leaves its act in a file that the gateway takes over.
"""

import contextlib
import fcntl
import getpass
import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import Final

from gateway.audit.words import Outcome, Told
from gateway.jobs.store.stamps import stamp

AT_COMMAND_LINE: Final = "command line"
_NAME: Final = "audit-of-commands.jsonl"


def tell_command(
    folder: Path, act: str, about: str, outcome: Outcome = Outcome.DONE, reason: str = ""
) -> None:
    """An act of a command ("identity.add_user") on something (a user's id); a gateway takes it over. OSError."""
    told = Told(stamp(), local_user(), act, outcome, object=about, reason=reason, address=AT_COMMAND_LINE)
    folder.mkdir(parents=True, exist_ok=True)
    with os.fdopen(_held(folder / _NAME), "w", encoding="utf-8") as file:
        file.write(json.dumps(asdict(told), ensure_ascii=False) + "\n")
        file.flush()
        os.fsync(file.fileno())


def local_user() -> str:
    """Who runs a command, as entries name them: local:<user of the system>."""
    try:
        return f"local:{getpass.getuser()}"
    except (KeyError, OSError):
        return f"local:uid {os.getuid()}"


def _held(path: Path) -> int:
    """The file, held alone; not one that a gateway has taken over between opening and holding it."""
    while True:
        handle = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)
        fcntl.flock(handle, fcntl.LOCK_EX)
        with contextlib.suppress(FileNotFoundError):
            if os.fstat(handle).st_ino == path.stat().st_ino:
                return handle
        os.close(handle)


def take(folder: Path) -> list[Told]:
    """What commands have told; it stays in the folder until `taken`."""
    beside = folder / f"{_NAME}.taken"
    with contextlib.suppress(FileNotFoundError):
        if not beside.exists():  # else what a gateway that ended in between had taken
            (folder / _NAME).rename(beside)
    if not beside.exists():
        return []
    found = []
    with beside.open("r+", encoding="utf-8", errors="replace") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # until a command that holds it has written
        lines = file.read().splitlines()
    for line in lines:
        with contextlib.suppress(ValueError, KeyError, TypeError):
            plain = json.loads(line)
            found.append(Told(**plain | {"outcome": Outcome(plain["outcome"])}))
    return found


def taken(folder: Path) -> None:
    """What was told is in the log."""
    (folder / f"{_NAME}.taken").unlink(missing_ok=True)
