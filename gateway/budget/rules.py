"""What a transaction of each kind may post, and what must hold after it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from math import floor
from typing import Final

from gateway.budget.doors import Ledger, Posting, Transaction
from services.common.errors import Violation

Key = tuple[str, str, str, int]

# Kind of transaction -> kind of account -> signs allowed.
PATTERNS: Final[Mapping[str, Mapping[str, str]]] = {
    "issue": {"available": "+", "issued": "-"},
    "allocate": {"available": "+-"},
    "reserve": {"reserve": "+", "available": "-"},
    "release": {"reserve": "-", "available": "+"},
    "commit": {"committed": "+", "available": "-"},
    "emit_provisional": {"emitted_provisional": "+", "committed": "-", "available": "-"},
    "emit_final": {"emitted_final": "+", "emitted_provisional": "-", "available": "+-"},
    "revise_method": {
        "adjustment": "+-",
        "emitted_final": "+-",
        "emitted_provisional": "+-",
    },
    "carry_forward": {"available": "+-", "carried": "+-"},
    "borrow": {"available": "+-", "carried": "+-"},
    "expire": {"expired": "+", "available": "-"},
    "close": {"expired": "+", "available": "-"},
}
# Accounts that may never go below zero.
_NEVER_BELOW: Final = ("reserve", "committed", "emitted_provisional", "emitted_final", "expired")
# Kinds that stay within one place and sector.
_AT_HOME: Final = ("commit", "emit_provisional", "emit_final", "carry_forward", "borrow", "expire")
# Accounts that a closed year must leave empty.
_EMPTY_WHEN_CLOSED: Final = ("available", "committed", "reserve", "emitted_provisional")


@dataclass
class Book:
    """The fold of the transactions so far: balances, what was allocated and carried, closed years, reversed ids."""

    balances: dict[Key, int] = field(default_factory=dict)
    allocated: dict[tuple[str, str, int], int] = field(default_factory=dict)
    moved: dict[tuple[str, str, str, int], int] = field(default_factory=dict)
    closed: set[int] = field(default_factory=set)
    by_id: dict[str, Transaction] = field(default_factory=dict)
    reversed: set[str] = field(default_factory=set)

    def post(self, transaction: Transaction) -> None:
        """Add a transaction that has passed the rules."""
        for p in transaction.postings:
            self.balances[p.account.key] = self.balances.get(p.account.key, 0) + p.amount_tco2
        source, sign = transaction, 1
        if transaction.kind == "reverse":
            source, sign = self.by_id[transaction.reverses], -1
            self.reversed.add(transaction.reverses)
        for p in source.postings:
            self._count(source.kind, p, sign)
        if transaction.kind == "close":
            self.closed.add(transaction.closes_year)
        self.by_id[transaction.transaction_id] = transaction

    def _count(self, kind: str, p: Posting, sign: int) -> None:
        a = p.account
        if a.kind == "available" and kind in ("issue", "allocate"):
            place = (a.place, a.sector, a.year)
            self.allocated[place] = self.allocated.get(place, 0) + sign * p.amount_tco2
        outward = a.kind == "carried" and (
            p.amount_tco2 > 0 if kind == "carry_forward" else p.amount_tco2 < 0
        )
        if outward and kind in ("carry_forward", "borrow"):
            moved = (kind, a.place, a.sector, a.year)
            self.moved[moved] = self.moved.get(moved, 0) + sign * abs(p.amount_tco2)


def violations(ledger: Ledger, book: Book, transaction: Transaction, where: str) -> list[Violation]:
    """Everything wrong with a transaction that would come next."""
    found = [*_unknown(ledger, transaction, where), *_form(book, transaction, where)]
    if transaction.kind == "reverse":
        found += _reversal(book, transaction, where)
    else:
        found += _pattern(ledger, transaction, where)
    found += _closed(book, transaction, where)
    if not found:
        found += _moves(ledger, book, transaction, where)
        found += _below_zero(ledger, book, transaction, where)
    return found


def _unknown(ledger: Ledger, t: Transaction, where: str) -> list[Violation]:
    found = []
    places, years = (ledger.region, *ledger.cities), range(ledger.first_year, ledger.last_year + 1)
    for i, p in enumerate(t.postings):
        at = f"{where}.postings[{i}].account"
        if p.account.place not in places:
            found.append(
                Violation(f"{at}.place", "no such place in the ledger", p.account.place, ", ".join(places))
            )
        if p.account.sector and p.account.sector not in ledger.sectors:
            allowed = ", ".join(("(empty)", *ledger.sectors))
            found.append(Violation(f"{at}.sector", "no such sector in the ledger", p.account.sector, allowed))
        if p.account.year not in years:
            allowed = f"{ledger.first_year} to {ledger.last_year}"
            found.append(Violation(f"{at}.year", "outside the ledger's years", str(p.account.year), allowed))
    return found


def _form(book: Book, t: Transaction, where: str) -> list[Violation]:
    found = []
    if t.transaction_id in book.by_id:
        found.append(
            Violation(
                f"{where}.transaction_id", "used before: give every transaction its own id", t.transaction_id
            )
        )
    if t.author == t.approver:
        found.append(
            Violation(f"{where}.approver", "the author cannot approve: name another person", t.approver)
        )
    if t.kind != "close" and not t.postings:
        found.append(Violation(f"{where}.postings", "a transaction needs postings"))
    zero = [i for i, p in enumerate(t.postings) if p.amount_tco2 == 0]
    found += [
        Violation(f"{where}.postings[{i}].amount_tco2", "must not be 0: leave it out", "0") for i in zero
    ]
    keys = [p.account.key for p in t.postings]
    if len(set(keys)) < len(keys):
        found.append(Violation(f"{where}.postings", "an account stands twice: add its amounts up"))
    sums: dict[int, int] = {}
    for p in t.postings:
        sums[p.account.year] = sums.get(p.account.year, 0) + p.amount_tco2
    found += [
        Violation(f"{where}.postings", f"must sum to zero in {year}", f"{total} tCO2", "0 tCO2")
        for year, total in sorted(sums.items())
        if total
    ]
    if (t.kind == "close") != bool(t.closes_year):
        found.append(
            Violation(f"{where}.closes_year", "a close, and only a close, names the year", str(t.closes_year))
        )
    if (t.kind == "reverse") != bool(t.reverses):
        found.append(
            Violation(f"{where}.reverses", "a reverse, and only a reverse, names a transaction", t.reverses)
        )
    return found


def _pattern(ledger: Ledger, t: Transaction, where: str) -> list[Violation]:
    found = []
    allowed = PATTERNS[t.kind]
    text = ", ".join(f"{kind} {signs}" for kind, signs in allowed.items())
    for i, p in enumerate(t.postings):
        sign = "+" if p.amount_tco2 > 0 else "-"
        if sign not in allowed.get(p.account.kind, ""):
            given = f"{p.account.kind} {sign}"
            found.append(Violation(f"{where}.postings[{i}]", f"not a posting of {t.kind}", given, text))
    return [*found, *_places(ledger, t, where)]


def _places(ledger: Ledger, t: Transaction, where: str) -> list[Violation]:
    """Between whom tonnes may pass."""
    at = f"{where}.postings"
    homes = {(p.account.place, p.account.sector) for p in t.postings}
    if t.kind in _AT_HOME and len(homes) > 1:
        return [Violation(at, f"{t.kind} stays within one place and sector")]
    others = [p.account for p in t.postings if p.account.place != ledger.region]
    if t.kind in ("issue", "reserve") and others:
        return [Violation(at, f"{t.kind} is posted at the region alone", others[0].place, ledger.region)]
    if t.kind == "release" and any(a.kind == "reserve" for a in others):
        return [Violation(at, "the reserve stands at the region alone", others[0].place, ledger.region)]
    givers = {(p.account.place, p.account.sector) for p in t.postings if p.amount_tco2 < 0}
    within_city = len({place for place, _ in homes}) == 1 and all(not sector for _, sector in givers)
    if t.kind == "allocate" and not within_city and givers != {(ledger.region, "")}:
        text = "is taken from available of the region, or of a city for its own sectors"
        return [Violation(at, f"what is allocated {text}", str(sorted(givers)), ledger.region)]
    return []


def _reversal(book: Book, t: Transaction, where: str) -> list[Violation]:
    if not t.reverses:
        return []
    original = book.by_id.get(t.reverses)
    at = f"{where}.reverses"
    if original is None:
        return [Violation(at, "no such transaction before this one", t.reverses)]
    if original.kind in ("reverse", "close"):
        return [Violation(at, f"a {original.kind} cannot be reversed", t.reverses)]
    if t.reverses in book.reversed:
        return [Violation(at, "reversed before", t.reverses)]
    mirror = {p.account.key: -p.amount_tco2 for p in original.postings}
    if mirror != {p.account.key: p.amount_tco2 for p in t.postings}:
        return [
            Violation(f"{where}.postings", f"must mirror {t.reverses}: the same accounts, amounts negated")
        ]
    return []


def _closed(book: Book, t: Transaction, where: str) -> list[Violation]:
    years = sorted({p.account.year for p in t.postings} & book.closed)
    if t.kind == "close" and t.closes_year in book.closed:
        years = [t.closes_year]
    if t.kind == "revise_method":
        return []
    return [Violation(where, f"{y} is closed: only revise_method may touch it", t.kind) for y in years]


def _moves(ledger: Ledger, book: Book, t: Transaction, where: str) -> list[Violation]:
    """Carrying and borrowing: two neighbouring years, the same amount, within the cap."""
    if t.kind not in ("carry_forward", "borrow"):
        return []
    years = sorted({p.account.year for p in t.postings})
    amounts = {(p.account.kind, p.account.year): p.amount_tco2 for p in t.postings}
    at = f"{where}.postings"
    if len(t.postings) != 4 or len(years) != 2 or years[1] != years[0] + 1:
        text = "four postings: available and carried of a year and of the next"
        return [Violation(at, f"{t.kind} has {text}")]
    first = amounts.get(("available", years[0]), 0)
    second = amounts.get(("available", years[1]), 0)
    if first != -second or (first < 0) != (t.kind == "carry_forward"):
        give, take = (years[0], years[1]) if t.kind == "carry_forward" else (years[1], years[0])
        return [Violation(at, f"{t.kind} takes from available of {give} what it gives to {take}")]
    home = t.postings[0].account
    giver = years[0] if t.kind == "carry_forward" else years[1]
    share = ledger.policy.carry_cap_share if t.kind == "carry_forward" else ledger.policy.borrow_cap_share
    cap = cap_tco2(share, book.allocated.get((home.place, home.sector, giver), 0))
    # Either way the carried account of the first year shows the amount: out of it (+) or into it (-).
    before = book.moved.get((t.kind, home.place, home.sector, years[0]), 0)
    if before + abs(first) > cap:
        given = f"{before + abs(first)} tCO2"
        return [
            Violation(at, f"above the cap of {share} of what is allocated for {giver}", given, f"{cap} tCO2")
        ]
    return []


def cap_tco2(share: str, allocated_tco2: int) -> int:
    """A cap in whole tonnes, rounded down."""
    return floor(Decimal(share) * max(0, allocated_tco2))


def _below_zero(ledger: Ledger, book: Book, t: Transaction, where: str) -> list[Violation]:
    found = []
    touched = {p.account.key: book.balances.get(p.account.key, 0) + p.amount_tco2 for p in t.postings}
    for i, p in enumerate(t.postings):
        balance, a = touched[p.account.key], p.account
        kept = a.kind in _NEVER_BELOW or (a.kind == "available" and not may_overdraw(ledger, a.place))
        if p.amount_tco2 < 0 and balance < 0 and kept:
            text = f"{a.kind} of {a.place} would go below zero"
            found.append(Violation(f"{where}.postings[{i}]", text, f"{balance} tCO2", ">= 0 tCO2"))
    if t.kind == "close":
        after = {**book.balances, **touched}
        left = [k for k, v in after.items() if k[3] == t.closes_year and k[0] in _EMPTY_WHEN_CLOSED and v]
        found += [
            Violation(
                where,
                f"{t.closes_year} cannot close while {k[0]} of {k[1]} {k[2]}".rstrip() + " is not 0",
                f"{after[k]} tCO2",
            )
            for k in sorted(left)
        ]
    return found


def may_overdraw(ledger: Ledger, place: str) -> bool:
    """True when the available balance of a place may go below zero, with a warning."""
    rule = ledger.policy.overdraft
    return rule == "all" or (rule == "cities" and place != ledger.region)
