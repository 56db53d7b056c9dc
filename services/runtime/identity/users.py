"""Users of this installation: who they are, what they may do and where; read again whenever the file changes."""

import contextlib
import fcntl
import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from services.common.access import access_table
from services.common.acting import EVERYWHERE, Actor
from services.common.door import violations_of
from services.common.errors import Violation, invalid, near_names
from services.common.regions import load_region, region_ids
from services.runtime.identity.key_folder import check_private, write_private

FILE: Final = "users.json"
# The act that every role has, anywhere: it makes nobody's work.
_FOR_ALL: Final = "reference"


class User(BaseModel):
    """One user."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    user_id: str = Field(min_length=1, max_length=120, pattern=r"^[A-Za-z0-9._@-]+$")
    name: str = Field(default="", max_length=120)
    roles: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()
    blocked: bool = False
    not_before: int = 0
    """Tokens issued before this moment (seconds since 1970) do not count: set when a user is unblocked or made anew."""

    def actor(self) -> Actor:
        """Who asks."""
        return Actor(self.user_id, frozenset(self.roles), self.scopes)


class _UsersFile(BaseModel):
    model_config = ConfigDict(extra="forbid")
    users: list[User] = Field(default_factory=list)


class Users:
    """The users file of a key folder."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / FILE
        self._seen = (-1, -1)
        self._users: dict[str, User] = {}

    def all(self) -> list[User]:
        """Every user, by id. DomainError when the file can be read by others or is not valid."""
        try:
            found = self.file.stat()
        except FileNotFoundError:
            self._users, self._seen = {}, (-1, -1)
            return []
        seen = (found.st_mtime_ns, found.st_ino)
        if seen != self._seen:
            self._users = _read(self.file)
            self._seen = seen
        return [self._users[k] for k in sorted(self._users)]

    def get(self, user_id: str) -> User | None:
        """A user who is there and not blocked."""
        self.all()
        user = self._users.get(user_id)
        return None if user is None or user.blocked else user

    def put(self, user: User) -> None:
        """Add or replace a user. DomainError lists everything wrong with its roles and scopes."""
        check_rights(user.roles, user.scopes)
        with self._alone():
            self._put(user)

    def _put(self, user: User) -> None:
        self._write([*(u for u in self.all() if u.user_id != user.user_id), user])

    def block(self, user_id: str, *, blocked: bool = True, now: int = 0) -> None:
        """Refuse a user from the next call on, or let the user in again, with tokens issued from `now` on."""
        changes = {"blocked": blocked} | ({} if blocked else {"not_before": now})
        with self._alone():
            self._put(self._known(user_id).model_copy(update=changes))

    def remove(self, user_id: str) -> None:
        """Take a user out; the next call is refused."""
        with self._alone():
            gone = self._known(user_id)
            self._write([u for u in self.all() if u != gone])

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """Nobody else changes the file meanwhile: of two changes at once none is lost."""
        folder = os.open(self.file.parent, os.O_RDONLY)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX)
            self._seen = (-1, -1)
            yield
        finally:
            os.close(folder)

    def _known(self, user_id: str) -> User:
        users = {u.user_id: u for u in self.all()}
        if user_id not in users:
            raise invalid([Violation("user", f"no such user{near_names(user_id, users)}", user_id)])
        return users[user_id]

    def _write(self, users: list[User]) -> None:
        rows = [u.model_dump(mode="json") for u in sorted(users, key=lambda u: u.user_id)]
        text = json.dumps({"users": rows}, ensure_ascii=False, indent=1)
        write_private(self.file, f"{text}\n".encode())


def check_rights(roles: Iterable[str], scopes: Iterable[str], field: str = "") -> None:
    """DomainError listing roles and scopes that do not exist, and roles that one person must not have together."""
    table = access_table().roles
    given, places = list(roles), list(scopes)
    found = [
        Violation(f"{field}roles", f"no such role{near_names(r, table)}", r, ", ".join(_for_people()))
        for r in given
        if r not in table or table[r].kind == "service"
    ]
    alone = [r for r in given if r in table and table[r].alone]
    if len(set(alone)) > 1:
        text = "roles of one person each: system, security and audit administrators are three people"
        found.append(Violation(f"{field}roles", text, ", ".join(alone)))
    known = _places()
    found += [
        Violation(
            f"{field}scopes", f"no such region or city{near_names(s, known)}", s, '"*", region, region/city'
        )
        for s in places
        if s != EVERYWHERE and s not in known
    ]
    if found:
        raise invalid(found)


def check_scopes_given(roles: Iterable[str], scopes: Iterable[str]) -> None:
    """DomainError when no scope is given and a role does all its work in the places of its holder alone."""
    if list(scopes):
        return
    idle = [name for name in roles if _works_in_scopes_alone(name)]
    if idle:
        text = f"without a scope the person can do nothing anywhere as {', '.join(idle)}"
        raise invalid([Violation("scopes", text, "", '--scope "*", region, region/city')])


def _works_in_scopes_alone(name: str) -> bool:
    """Whether a role does what it is for (reading what is no result is for all) in its holder's scopes alone."""
    role = access_table().roles.get(name)
    work = {act: reach for act, reach in role.may.items() if act != _FOR_ALL} if role is not None else {}
    return bool(work) and all(reach == "own" for reach in work.values())


def _for_people() -> list[str]:
    return [name for name, role in access_table().roles.items() if role.kind == "person"]


def _places() -> set[str]:
    found = set(region_ids())
    return found | {f"{region}/{city}" for region in found for city in load_region(region).city_ids}


def _read(file: Path) -> dict[str, User]:
    check_private(file)
    try:
        users = _UsersFile.model_validate_json(file.read_bytes()).users
    except ValidationError as error:
        raise invalid(violations_of(error, str(file))) from None
    for user in users:
        check_rights(user.roles, user.scopes, f"{file.name}: {user.user_id}: ")
    return {u.user_id: u for u in users}
