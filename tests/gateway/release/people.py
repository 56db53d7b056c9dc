"""People of the tests, and a desk that they come to."""

import asyncio
from contextlib import contextmanager

from services.common.acting import Actor, act_as, act_no_more


def person(user_id, *roles, scopes=("jiangsu",), kind="person"):
    return Actor(user_id, frozenset(roles), tuple(scopes), kind)


AUTHOR = person("wang", "planner")
CITY_AUTHOR = person("lu", "planner", scopes=("jiangsu/nantong",))
REVIEWER = person("li", "reviewer")
RELEASER = person("zhao", "releaser")
EVERYTHING = person("sun", "planner", "reviewer", "releaser")
ELSEWHERE = person("qian", "planner", "reviewer", "releaser", scopes=("jiangxi",))
VIEWER = person("gu", "viewer", scopes=("*",))


@contextmanager
def acting(who):
    token = act_as(who)
    try:
        yield
    finally:
        act_no_more(token)


def done_by(who, do):
    """What a coroutine function gives when `who` asks."""

    async def asked():
        with acting(who):
            return await do()

    return asyncio.run(asked())
