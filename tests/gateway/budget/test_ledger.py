"""The ledger: the worked example to the tonne, invariants under random transactions, and everything it refuses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from gateway.budget.doors import Ledger, Posting, Transaction
from gateway.budget.ledger import check, fold, post
from services.common.errors import DomainError

CITIES = ("a", "b", "c")
YEAR = 2026


def ledger(**changes):
    policy = {"carry_cap_share": "0.01", "borrow_cap_share": "0.01", "overdraft": "cities", "source": "test"}
    policy |= {k: changes.pop(k) for k in tuple(changes) if k in policy}
    plain = {
        "ledger_id": "test", "region": "province", "cities": CITIES, "sectors": ("power", "industry"),
        "first_year": YEAR, "last_year": YEAR + 2, "boundary": "energy, territorial", "policy": policy,
    }  # fmt: skip
    return Ledger.model_validate(plain | changes)


def transaction(number, kind, *postings, **more):
    """postings: (kind of account, place, amount[, year])."""
    plain = {
        "transaction_id": f"t{number}", "kind": kind, "business_date": "2026-01-01",
        "recorded_at": f"2026-01-01T00:{number:02d}:00Z", "author": "li", "approver": "wang",
        "source": "table", "reason": "test",
        "postings": tuple(
            {"account": {"kind": k, "place": p, "year": (y or [YEAR])[0]}, "amount_tco2": v}
            for k, p, v, *y in postings
        ),
    }  # fmt: skip
    return Transaction.model_validate(plain | more)


EXAMPLE = (
    transaction(1, "issue", ("available", "province", 1_000_000), ("issued", "province", -1_000_000)),
    transaction(
        2, "allocate", ("available", "a", 400_000), ("available", "b", 350_000), ("available", "c", 200_000),
        ("available", "province", -950_000),
    ),
    transaction(3, "reserve", ("reserve", "province", 50_000), ("available", "province", -50_000)),
    transaction(4, "emit_provisional", ("emitted_provisional", "a", 410_000), ("available", "a", -410_000)),
    transaction(5, "release", ("reserve", "province", -10_000), ("available", "a", 10_000)),
    transaction(
        6, "emit_final", ("emitted_final", "a", 405_000), ("emitted_provisional", "a", -410_000),
        ("available", "a", 5_000),
    ),
    transaction(
        7, "carry_forward", ("available", "a", -4_000), ("carried", "a", 4_000),
        ("carried", "a", -4_000, YEAR + 1), ("available", "a", 4_000, YEAR + 1),
    ),
    transaction(8, "expire", ("expired", "a", 1_000), ("available", "a", -1_000)),
)  # fmt: skip


def balances(state):
    return {(b.account.kind, b.account.place, b.account.year): b.balance_tco2 for b in state.balances}


def test_the_worked_example_holds_to_the_tonne_and_sums_to_zero_after_every_step():
    available = [400_000, 400_000, -10_000, 0, 5_000, 1_000, 0]
    book = post(ledger(), EXAMPLE[:1]).ledger
    for step, t in enumerate(EXAMPLE[1:]):
        report = post(book, (t,))
        book, found = report.ledger, balances(report.state)
        assert sum(found.values()) == 0
        assert all(y.sum_tco2 == 0 for y in report.state.years)
        assert found["available", "a", YEAR] == available[step]
        assert len(report.state.warnings) == (step >= 2)
    assert report.state.warnings[0].balance_tco2 == -10_000
    assert found["reserve", "province", YEAR] == 40_000
    assert found["available", "b", YEAR] == 350_000 and found["available", "c", YEAR] == 200_000
    assert found["available", "a", YEAR + 1] == 4_000 and found["expired", "a", YEAR] == 1_000
    assert found["emitted_final", "a", YEAR] == 405_000 and found["emitted_provisional", "a", YEAR] == 0
    assert report.state.years[0].issued_tco2 == 1_000_000
    assert check(book) == report.state == post(ledger(), EXAMPLE).state


def test_one_tonne_more_than_the_cap_is_not_carried():
    over = transaction(
        7, "carry_forward", ("available", "a", -4_001), ("carried", "a", 4_001),
        ("carried", "a", -4_001, YEAR + 1), ("available", "a", 4_001, YEAR + 1),
    )  # fmt: skip
    with pytest.raises(DomainError, match=r"4001 tCO2.*4000 tCO2"):
        post(ledger(), (*EXAMPLE[:6], over))
    again = over.model_copy(update={"transaction_id": "t9", "postings": EXAMPLE[6].postings})
    with pytest.raises(DomainError, match="8000 tCO2"):
        post(ledger(), (*EXAMPLE[:7], again.model_copy(update={"recorded_at": EXAMPLE[7].recorded_at})))


def test_a_city_borrows_a_part_of_its_next_budget():
    next_year = YEAR + 1
    opened = (
        transaction(
            1,
            "issue",
            ("available", "province", 100_000, next_year),
            ("issued", "province", -100_000, next_year),
        ),
        transaction(
            2,
            "allocate",
            ("available", "a", 90_000, next_year),
            ("available", "province", -90_000, next_year),
        ),
    )
    borrow = transaction(
        3, "borrow", ("available", "a", 900), ("carried", "a", -900), ("carried", "a", 900, next_year),
        ("available", "a", -900, next_year),
    )  # fmt: skip
    state = post(ledger(), (*opened, borrow)).state
    assert balances(state)["available", "a", YEAR] == 900
    assert [y.carried_tco2 for y in state.years] == [-900, 900, 0]
    once_more = borrow.model_copy(update={"transaction_id": "t4", "recorded_at": "2026-01-01T01:00:00Z"})
    with pytest.raises(DomainError, match="cap"):
        post(ledger(), (*opened, borrow, once_more))


def test_the_ledger_as_known_on_a_day_counts_what_was_recorded_by_then():
    late = EXAMPLE[5].model_copy(
        update={"recorded_at": "2027-03-01T00:00:00Z", "business_date": "2026-12-31"}
    )
    book = post(ledger(), (*EXAMPLE[:5], late)).ledger
    assert balances(check(book, as_known_on="2027-02-28"))["emitted_provisional", "a", YEAR] == 410_000
    assert balances(check(book, as_known_on="2027-03-01"))["emitted_final", "a", YEAR] == 405_000
    assert ("emitted_final", "a", YEAR) not in balances(check(book, business_until="2026-06-30"))


def test_history_that_was_altered_reordered_or_cut_is_told():
    book = post(ledger(), EXAMPLE).ledger
    rows = book.transactions

    def with_rows(*changed):
        return book.model_copy(update={"transactions": changed})

    dearer = rows[4].model_copy(update={"reason": "another"})
    with pytest.raises(DomainError, match=r"transactions\[4\].digest"):
        check(with_rows(*rows[:4], dearer, *rows[5:]))
    with pytest.raises(DomainError, match=r"transactions\[1\].previous_digest"):
        check(with_rows(rows[0], rows[2], rows[1], *rows[3:]))
    with pytest.raises(DomainError, match=r"transactions\[3\].previous_digest"):
        check(with_rows(*rows[:3], *rows[4:]))
    with pytest.raises(DomainError, match=r"transactions\[0\].previous_digest"):
        check(book.model_copy(update={"ledger_id": "other"}))
    with pytest.raises(DomainError, match="previous_digest"):
        post(with_rows(*rows[:3], *rows[4:]), (transaction(9, "reserve", ("reserve", "province", 1)),))


def test_everything_wrong_with_new_transactions_is_told_at_once_and_nothing_is_posted():
    wrong = (
        transaction(2, "reserve", ("reserve", "province", 10), ("available", "province", -9)),
        transaction(3, "expire", ("expired", "nowhere", 10), ("available", "nowhere", -10)),
        transaction(1, "reserve", ("reserve", "province", 10), ("available", "province", -10)),
        transaction(5, "reserve", ("reserve", "province", 1_000_001), ("available", "province", -1_000_001)),
        transaction(6, "issue", ("available", "province", -5), ("issued", "province", 5)),
        transaction(7, "commit", ("committed", "b", 5), ("available", "a", -5)),
        transaction(8, "reserve", ("reserve", "province", 10), ("available", "province", -10), approver="li"),
        transaction(9, "expire", ("expired", "a", 5, YEAR + 3), ("available", "a", -5, YEAR + 3)),
    )
    with pytest.raises(DomainError) as caught:
        post(ledger(), (EXAMPLE[0], *wrong))
    text = str(caught.value)
    for part in ("sum to zero", "no such place", "used before", "below zero", "not a posting of issue",
                 "one place and sector", "cannot approve", "outside the ledger's years"):  # fmt: skip
        assert part in text
    fields = {v.field.partition("]")[0] for v in caught.value.violations}
    assert {f"transactions[{i}" for i in range(1, 9)} <= fields


@pytest.mark.parametrize("amount", [1.5, 1.0, "7", True, 10**13])
def test_an_amount_is_a_whole_number_of_tonnes(amount):
    account = {"kind": "available", "place": "a", "year": YEAR}
    with pytest.raises(ValidationError):
        Posting.model_validate({"account": account, "amount_tco2": amount})


def test_a_mistake_is_reversed_once_by_its_mirror():
    mirror = transaction(9, "reverse", ("expired", "a", -1_000), ("available", "a", 1_000), reverses="t8")
    book = post(ledger(), (*EXAMPLE, mirror)).ledger
    assert balances(check(book))["expired", "a", YEAR] == 0
    for bad, text in (
        (mirror.model_copy(update={"transaction_id": "t10"}), "reversed before"),
        (mirror.model_copy(update={"transaction_id": "t10", "reverses": "t5"}), "mirror"),
        (mirror.model_copy(update={"transaction_id": "t10", "reverses": "t99"}), "no such transaction"),
    ):
        with pytest.raises(DomainError, match=text):
            post(book, (bad,))


def test_a_closed_year_is_only_revised():
    small = (
        transaction(1, "issue", ("available", "province", 10), ("issued", "province", -10)),
        transaction(2, "allocate", ("available", "a", 10), ("available", "province", -10)),
        transaction(3, "emit_final", ("emitted_final", "a", 8), ("available", "a", -8)),
    )
    too_early = transaction(4, "close", closes_year=YEAR)
    with pytest.raises(DomainError, match="cannot close while available of a"):
        post(ledger(), (*small, too_early))
    close = transaction(4, "close", ("expired", "a", 2), ("available", "a", -2), closes_year=YEAR)
    book = post(ledger(), (*small, close)).ledger
    assert check(book).years[0].closed
    with pytest.raises(DomainError, match="closed"):
        post(book, (transaction(5, "issue", ("available", "province", 5), ("issued", "province", -5)),))
    revise = transaction(5, "revise_method", ("emitted_final", "a", 3), ("adjustment", "a", -3))
    assert balances(post(book, (revise,)).state)["emitted_final", "a", YEAR] == 11
    # A method restates what was emitted: it takes no more than there is, and makes no budget.
    too_much = transaction(5, "revise_method", ("emitted_final", "a", -9), ("adjustment", "a", 9))
    with pytest.raises(DomainError, match="below zero"):
        post(book, (too_much,))
    new_budget = transaction(5, "revise_method", ("available", "a", 10), ("adjustment", "a", -10))
    with pytest.raises(DomainError):
        post(book, (new_budget,))


def test_display_in_wan_keeps_the_sum():
    state = post(ledger(), EXAMPLE[:2]).state
    available = [b for b in state.balances if b.account.kind == "available"]
    assert [b.shown_wan_tco2 for b in available] == [40, 35, 20, 5]


@given(st.data())
def test_random_valid_transactions_sum_to_zero_and_replay_to_the_same_balances(data):
    book, count = ledger(), 0
    kinds = ["issue", "allocate", "reserve", "release", "commit", "emit_provisional", "emit_final", "expire"]
    folded: dict = {}
    for _ in range(data.draw(st.integers(1, 15))):
        count += 1
        kind = data.draw(st.sampled_from(kinds))
        city, amount = data.draw(st.sampled_from(CITIES)), data.draw(st.integers(1, 1000))
        year = YEAR + data.draw(st.integers(0, 2))
        part = {
            "issue": (("available", "province", amount), ("issued", "province", -amount)),
            "allocate": (("available", city, amount), ("available", "province", -amount)),
            "reserve": (("reserve", "province", amount), ("available", "province", -amount)),
            "release": (("reserve", "province", -amount), ("available", city, amount)),
            "commit": (("committed", city, amount), ("available", city, -amount)),
            "emit_provisional": (("emitted_provisional", city, amount), ("available", city, -amount)),
            "emit_final": (("emitted_final", city, amount), ("available", city, -amount)),
            "expire": (("expired", city, amount), ("available", city, -amount)),
        }[kind]
        t = transaction(count, kind, *((k, p, v, year) for k, p, v in part))
        try:
            report = post(book, (t,))
        except DomainError as error:
            assert "below zero" in str(error)
            continue
        book = report.ledger
        for p in t.postings:
            folded[p.account.key] = folded.get(p.account.key, 0) + p.amount_tco2
        assert {b.account.key: b.balance_tco2 for b in report.state.balances} == folded
        assert sum(folded.values()) == 0 and all(y.sum_tco2 == 0 for y in report.state.years)
        assert all(
            v >= 0 for k, v in folded.items() if k[0] == "reserve" or k[:2] == ("available", "province")
        )
    assert check(book) == fold(book, book.transactions)
