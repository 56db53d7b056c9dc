"""The steps of a release: what may follow what, and who may take it. Pure rules.

Author, reviewer and releaser of one content are three people, over all rounds that it went through and all titles that
it was handed in under. An identity that is nobody in particular (a service, the user of a machine without sign-in)
neither reviews nor releases, and what it handed in is not approved.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Final

from gateway.release.words import ReleaseStep
from services.common.access import access_table
from services.common.acting import PERSON, Actor
from services.common.errors import DomainError
from services.common.words import ReleaseStatus


class Act(StrEnum):
    """What is done to a release."""

    SUBMIT = "submit"
    APPROVE = "approve"
    RETURN = "return"
    RELEASE = "release"
    SUPERSEDE = "supersede"
    WITHDRAW = "withdraw"


# From, to: nothing is skipped, nothing goes back but what a reviewer returns.
_MOVES: Final = {
    Act.SUBMIT: (ReleaseStatus.INTERNAL, ReleaseStatus.SUBMITTED),
    Act.APPROVE: (ReleaseStatus.SUBMITTED, ReleaseStatus.REVIEWED),
    Act.RETURN: (ReleaseStatus.SUBMITTED, ReleaseStatus.INTERNAL),
    Act.RELEASE: (ReleaseStatus.REVIEWED, ReleaseStatus.RELEASED),
    Act.SUPERSEDE: (ReleaseStatus.RELEASED, ReleaseStatus.SUPERSEDED),
    Act.WITHDRAW: (ReleaseStatus.RELEASED, ReleaseStatus.WITHDRAWN),
}
PUBLIC: Final = (ReleaseStatus.RELEASED, ReleaseStatus.SUPERSEDED, ReleaseStatus.WITHDRAWN)
# The act of access.toml that each needs.
TABLE_ACTS: Final = {
    Act.SUBMIT: "submit",
    Act.APPROVE: "review",
    Act.RETURN: "review",
    Act.RELEASE: "release",
    Act.SUPERSEDE: "release",
    Act.WITHDRAW: "release",
}
_AUTHOR: Final = frozenset({ReleaseStatus.SUBMITTED})
_REVIEWER: Final = frozenset({ReleaseStatus.REVIEWED, ReleaseStatus.INTERNAL})
_RELEASER: Final = frozenset({ReleaseStatus.RELEASED})
# Characters that print nothing.
_UNSEEN: Final = frozenset({"Cc", "Cf"})
# Parts that whoever takes a step must not have had in the same content.
_OTHER_PARTS: Final = {
    Act.SUBMIT: _REVIEWER | _RELEASER,
    Act.APPROVE: _AUTHOR | _RELEASER,
    Act.RETURN: _AUTHOR | _RELEASER,
    Act.RELEASE: _AUTHOR | _REVIEWER,
}


def moved(status: ReleaseStatus, act: Act) -> ReleaseStatus:
    """The state after an act. DomainError(RELEASE_STATE) when it may not follow."""
    before, after = _MOVES[act]
    if status is not before:
        raise DomainError(
            "RELEASE_STATE", detail=f"it is {status.value}; only {before.value} can {act.value}"
        )
    return after


def path_fault(statuses: Sequence[ReleaseStatus]) -> str:
    """What is wrong with a row of states that a release went through; empty when nothing is."""
    now = ReleaseStatus.INTERNAL
    for after in statuses:
        if (now, after) not in _MOVES.values():
            return f"{after.value} cannot follow {now.value}"
        now = after
    return "" if statuses else "it has no steps"


def check_person(act: Act, who: Actor, steps: Iterable[ReleaseStep]) -> None:
    """DomainError(NOT_ALLOWED, SAME_PERSON) unless `who` may take a step in what has gone through `steps`."""
    if act is not Act.SUBMIT and not is_person(who):
        raise DomainError("NOT_ALLOWED", detail=f"only a person who signed in can {act.value} a result")
    others = _OTHER_PARTS.get(act, frozenset())
    before = sorted({s.status.value for s in steps if s.status in others and same(s.actor, who.user_id)})
    if before:
        raise DomainError("SAME_PERSON", detail=f"{who.user_id} had another part in it: {', '.join(before)}")


def check_author(act: Act, author: str) -> None:
    """DomainError(SAME_PERSON) when nobody in particular handed in what is to be approved or released."""
    if act in (Act.APPROVE, Act.RELEASE) and same(author, access_table().open.user_id):
        text = "it was handed in without sign-in, so its author may be anybody: return it, and have it handed in anew"
        raise DomainError("SAME_PERSON", detail=text)


def is_person(who: Actor) -> bool:
    """Whether an actor is one person who signed in."""
    return who.known and who.kind == PERSON and not same(who.user_id, access_table().open.user_id)


def same(one: str, other: str) -> bool:
    """Whether two ids name one person: case, width, spaces around and marks without a width do not make another."""
    return _folded(one) == _folded(other)


def _folded(user_id: str) -> str:
    seen = "".join(c for c in user_id if unicodedata.category(c) not in _UNSEEN)
    return unicodedata.normalize("NFKC", seen).strip().casefold()
