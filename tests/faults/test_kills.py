"""A short batch through kills of any process; thousands of members and twenty kills: python -m tests.faults.kills."""

import pytest

from tests.faults.kills import Ended, checks, story, table

MEMBERS, KILLS = 120, 3


@pytest.mark.slow
def test_a_batch_goes_through_kills_of_any_process_with_every_member_once_and_the_same_bits(tmp_path):
    clean, killed, found = story(
        tmp_path, MEMBERS, KILLS, seed=1, years=[2025], workers=2, chunk_size=8, pause_s=(0.3, 1.0)
    )
    assert all(found.values()), table(clean, killed, found, MEMBERS)


def ended(**changed):
    sound = {
        "state": "complete", "digest": "a", "seconds": 1.0, "members": [0, 1, 2], "kills": {"gateway": 2},
        "deaths_unasked": 0, "under_way": 0, "went_back": False,
    }  # fmt: skip
    return Ended(**{**sound, **changed})


@pytest.mark.parametrize(
    "changed",
    [
        {"state": "complete_with_failures"},
        {"members": [0, 1]},
        {"members": [0, 1, 1, 2]},
        {"digest": "b"},
        {"kills": {"gateway": 1}},
        {"deaths_unasked": 1},
        {"went_back": True},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_what_must_hold_is_seen_when_it_does_not(changed):
    assert all(checks(ended(), ended(), 3, 2).values())
    found = checks(ended(), ended(**changed), 3, 2)
    assert list(found.values()).count(False) == 1
