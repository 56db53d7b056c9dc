"""Sight as a condition of a statement: what is not seen is not read."""

from sqlalchemy import ColumnElement, String, and_, false, func, literal, or_, true

from gateway.owning import Sight


def seen(sight: Sight, owner: ColumnElement[str], scope: ColumnElement[str]) -> ColumnElement[bool]:
    """Rows that are seen; the same as `Sight.sees`."""
    if sight.everything:
        return true()
    found: list[ColumnElement[bool]] = [scope == s for s in sight.scopes]
    # Not LIKE: it takes upper and lower case for the same in SQLite, and signs in a name for patterns.
    found += [func.substr(scope, 1, len(s) + 1, type_=String()) == literal(f"{s}/") for s in sight.scopes]
    if sight.owner:
        found.append(and_(owner == sight.owner, owner != ""))
    return or_(*found) if found else false()
