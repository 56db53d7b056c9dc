"""Who may do what: one table (access.toml), one function (`may`)."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field

from services.common.acting import EVERYWHERE, Actor
from services.common.recording import kept

PUBLIC: Final = "public"
Reach = Literal["own", "any"]
CallClass = Literal["light", "short", "interactive", "heavy", "batch"]
CLASSES: Final[tuple[CallClass, ...]] = get_args(CallClass)
"""In the order in which free slots are given out."""


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Role(_Row):
    """What one role may do."""

    zh: str
    en: str
    may: dict[str, Reach]
    most_batch_members: int = 0
    alone: bool = False
    """Nobody has it beside another role that is `alone` (three administrators are three people)."""
    kind: str = "person"


class Rule(_Row):
    """How one method is guarded."""

    act: str
    place: Literal["", "frame", "region", "spec.frame"] = ""
    call_class: CallClass = Field(alias="class")
    shared: bool = False
    changes: bool = False


class OpenUser(_Row):
    """The user of this machine where no sign-in is asked for."""

    user_id: str
    roles: list[str]
    scopes: list[str]


class AccessTable(_Row):
    """The table as it stands."""

    acts: dict[str, str]
    roles: dict[str, Role]
    open: OpenUser
    methods: dict[str, dict[str, Rule]]
    pages: dict[str, str]


@dataclass(frozen=True)
class Subject:
    """What an act is done to: where it is (region, or "region/city"; empty: nowhere), and whose it is."""

    scope: str = ""
    owner: str = ""


@kept(1)
def access_table() -> AccessTable:
    """The table. ValueError when a rule or role names an act or role that does not stand in it."""
    path = Path(__file__).with_name("access.toml")
    table = AccessTable.model_validate(tomllib.loads(path.read_text("utf-8")))
    named = {act for role in table.roles.values() for act in role.may}
    named |= {rule.act for rules in table.methods.values() for rule in rules.values()}
    named |= set(table.pages.values())
    unknown = [*sorted(named - set(table.acts)), *sorted(set(table.open.roles) - set(table.roles))]
    if unknown:
        raise ValueError(f"access.toml names what it does not have: {', '.join(unknown)}")
    return table


def rule_of(method: str) -> Rule | None:
    """The rule of "/package.Service/Method"; None: it is not listed, so it is refused."""
    service, _, name = method.lstrip("/").partition("/")
    return access_table().methods.get(service, {}).get(name)


def page_act(path: str) -> str | None:
    """The act of a page, or of the folder that it stands in; None: not listed, so it is refused."""
    pages: Mapping[str, str] = access_table().pages
    if path.startswith("//"):
        return None
    while path not in pages and path.count("/") > 1:
        path = path.rpartition("/")[0]
    return pages.get(path)


def may(actor: Actor, act: str, subject: Subject | None = None) -> bool:
    """Whether an actor may do an act, anywhere when no subject is given, else to this subject.

    A place counts as the actor's own when a scope covers it, or lies in it where the act calculates (a city's planner
    runs the province). A draft counts as own when it is the actor's, or its scope is covered.
    """
    if act == PUBLIC:
        return True
    roles = access_table().roles
    reaches = {roles[name].may[act] for name in actor.roles if name in roles and act in roles[name].may}
    if not reaches:
        return False
    if subject is None or "any" in reaches:
        return True
    if subject.owner and subject.owner == actor.user_id:
        return True
    if act == "project" or (act in ("batch", "submit", "keep") and not subject.owner):
        return any(_touches(scope, subject.scope) for scope in actor.scopes)
    return any(_covers(scope, subject.scope) for scope in actor.scopes)


def may_in(actor: Actor, act: str, region: str) -> bool:
    """Whether an actor may do an act in a region or a part of it; what is found there is asked for by `may`."""
    if not may(actor, act) or act == PUBLIC:
        return act == PUBLIC
    roles = access_table().roles
    anywhere = any(roles[name].may.get(act) == "any" for name in actor.roles if name in roles)
    return anywhere or any(_touches(scope, region) for scope in actor.scopes)


def draft_scope(actor: Actor, region: str) -> str:
    """The scope that a draft of this actor for a region has: the region, or the actor's city in it."""
    if any(_covers(scope, region) for scope in actor.scopes):
        return region
    return next((s for s in sorted(actor.scopes) if s.startswith(f"{region}/")), region)


def most_batch_members(actor: Actor) -> int:
    """Members that one batch of the actor may have."""
    roles = access_table().roles
    return max((roles[r].most_batch_members for r in actor.roles if r in roles), default=0)


def _covers(scope: str, place: str) -> bool:
    return scope in (EVERYWHERE, place) or place.startswith(f"{scope}/")


def _touches(scope: str, place: str) -> bool:
    return _covers(scope, place) or scope.startswith(f"{place}/")
