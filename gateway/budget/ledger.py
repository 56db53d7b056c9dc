"""The ledger: canonical text, digests, posting, replay. Pure; a mistake is reversed, never edited."""

import hashlib
import json
from collections.abc import Mapping, Sequence

from gateway.budget.doors import Account, Ledger, Transaction
from gateway.budget.results import Balance, BudgetWarning, LedgerReport, LedgerState, YearSummary
from gateway.budget.rules import Book, Key, violations
from gateway.cities.rounding import shown
from services.common.errors import Violation, invalid
from services.common.units import TONNES_PER_WAN
from services.common.words import Label

_OVERDRAWN = Label("可用额度透支", "available balance below zero")


def head_digest(ledger: Ledger) -> str:
    """Digest of everything but the transactions: the first link of the chain."""
    return _digest(ledger.model_dump(exclude={"transactions"}))


def transaction_digest(transaction: Transaction) -> str:
    """SHA-256 over the transaction's canonical text, with the digest before it."""
    return _digest(transaction.model_dump(exclude={"digest"}))


def post(ledger: Ledger, new: Sequence[Transaction]) -> LedgerReport:
    """The ledger with transactions added, and its state.

    DomainError(INVALID_INPUT) lists everything wrong with the ledger so far and with what is new; then nothing is
    posted.
    """
    replay = Replay(ledger)
    for i, t in enumerate(ledger.transactions):
        replay.check(t, f"ledger.transactions[{i}]", chained=True)
    for i, t in enumerate(new):
        replay.check(t, f"transactions[{i}]", chained=False)
    if replay.found:
        raise invalid(replay.found)
    return LedgerReport(ledger.model_copy(update={"transactions": tuple(replay.kept)}), replay.state())


def check(ledger: Ledger, as_known_on: str = "", business_until: str = "") -> LedgerState:
    """Replay the whole ledger; the state as known on a day, of business dates up to a day.

    DomainError(INVALID_INPUT) lists every broken link, sum and rule of the whole ledger, whatever the days.
    """
    whole = Replay(ledger)
    for i, t in enumerate(ledger.transactions):
        whole.check(t, f"ledger.transactions[{i}]", chained=True)
    if whole.found:
        raise invalid(whole.found)
    if not as_known_on and not business_until:
        return whole.state()
    seen = [
        t
        for t in ledger.transactions
        if (not as_known_on or t.recorded_at[: len(as_known_on)] <= as_known_on)
        and (not business_until or t.business_date <= business_until)
    ]
    return fold(ledger, seen)


def fold(ledger: Ledger, transactions: Sequence[Transaction]) -> LedgerState:
    """The state after some of a ledger's transactions, which have passed the rules in their own order."""
    replay = Replay(ledger)
    for t in transactions:
        replay.add(t)
    return replay.state()


class Replay:
    """Goes through transactions in order; `found` collects what is wrong, `kept` what is right."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._book = Book()
        self._digest = head_digest(ledger)
        self._recorded_at = ""
        self._warnings: list[BudgetWarning] = []
        self.kept: list[Transaction] = []
        self.found: list[Violation] = _head(ledger)

    def check(self, t: Transaction, where: str, *, chained: bool) -> None:
        """Add a transaction, or what is wrong with it. `chained`: its digests must already stand."""
        wrong = self._link(t, where, chained)
        linked = t.model_copy(update={"previous_digest": self._digest})
        linked = linked.model_copy(update={"digest": transaction_digest(linked)})
        if (chained or t.digest) and t.digest != linked.digest and not wrong:
            text = "the digest does not fit the contents: altered, or not in its place"
            wrong.append(Violation(f"{where}.digest", text, t.digest, linked.digest))
        broken = violations(self._ledger, self._book, t, where)
        self.found += [*wrong, *broken]
        self._recorded_at = max(self._recorded_at, t.recorded_at)
        if not broken:  # what only stands in the wrong place still counts, so that one fault is told once
            self.add(linked)
        self._digest = t.digest if chained else linked.digest

    def _link(self, t: Transaction, where: str, chained: bool) -> list[Violation]:
        found = []
        if t.recorded_at < self._recorded_at:
            text = "recorded before the transaction before it: transactions are only appended"
            found.append(Violation(f"{where}.recorded_at", text, t.recorded_at, f">= {self._recorded_at}"))
        if (chained or t.previous_digest) and t.previous_digest != self._digest:
            text = "does not follow the transaction before it: altered, missing or reordered"
            found.append(Violation(f"{where}.previous_digest", text, t.previous_digest, self._digest))
        return found

    def add(self, t: Transaction) -> None:
        """Post a transaction that has passed."""
        self._book.post(t)
        self.kept.append(t)
        self._digest = t.digest
        for p in t.postings:
            balance = self._book.balances[p.account.key]
            if p.account.kind == "available" and p.amount_tco2 < 0 and balance < 0:
                self._warnings.append(BudgetWarning(t.transaction_id, p.account, _OVERDRAWN, balance))

    def state(self) -> LedgerState:
        """Balances, years and warnings now."""
        book, ledger = self._book, self._ledger
        return LedgerState(
            balances=_balances(book.balances),
            years=tuple(
                _summary(ledger, book.balances, y, y in book.closed)
                for y in range(ledger.first_year, ledger.last_year + 1)
            ),
            warnings=tuple(self._warnings),
            digest=self._digest,
            transaction_count=len(self.kept),
        )


def _head(ledger: Ledger) -> list[Violation]:
    found = []
    if ledger.last_year < ledger.first_year:
        found.append(
            Violation(
                "ledger.last_year", "before first_year", str(ledger.last_year), f">= {ledger.first_year}"
            )
        )
    places = (ledger.region, *ledger.cities)
    if len(set(places)) < len(places):
        found.append(Violation("ledger.cities", "a place stands twice"))
    return found


def _balances(balances: Mapping[Key, int]) -> tuple[Balance, ...]:
    """By kind, place, sector, year; display keeps the sum of the accounts of a kind and year."""
    groups: dict[tuple[str, int], list[Key]] = {}
    for key in sorted(balances):
        groups.setdefault((key[0], key[3]), []).append(key)
    display: dict[Key, int] = {}
    for keys in groups.values():
        codes = [f"{i:06d}" for i in range(len(keys))]
        display |= zip(keys, shown([balances[k] for k in keys], TONNES_PER_WAN, codes), strict=True)
    return tuple(Balance(_account(k), balances[k], display[k]) for k in sorted(balances))


def _account(key: Key) -> Account:
    kind, place, sector, year = key
    return Account.model_validate({"kind": kind, "place": place, "sector": sector, "year": year})


def _summary(ledger: Ledger, balances: Mapping[Key, int], year: int, closed: bool) -> YearSummary:
    def total(kind: str, cities: bool | None = None) -> int:
        return sum(
            v
            for k, v in balances.items()
            if k[0] == kind and k[3] == year and (cities is None or (k[1] != ledger.region) == cities)
        )

    return YearSummary(
        year=year,
        issued_tco2=-total("issued"),
        province_available_tco2=total("available", cities=False),
        city_available_tco2=total("available", cities=True),
        reserve_tco2=total("reserve"),
        committed_tco2=total("committed"),
        emitted_provisional_tco2=total("emitted_provisional"),
        emitted_final_tco2=total("emitted_final"),
        carried_tco2=total("carried"),
        expired_tco2=total("expired"),
        adjustment_tco2=total("adjustment"),
        sum_tco2=sum(v for k, v in balances.items() if k[3] == year),
        closed=closed,
    )


def _digest(plain: Mapping[str, object]) -> str:
    text = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
