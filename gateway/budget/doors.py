"""Doors of BudgetService (dafeng.budget.v1, same names and units): a ledger and what is done with it."""

from typing import Annotated, Literal

from pydantic import Field

from gateway.days import Day, DayOrNone, Moment
from services.common.axes import BASE_YEAR, LAST_YEAR
from services.common.scenario import Door

MOST_TRANSACTIONS = 20_000
MOST_POSTINGS = 2_000
# Sums of so many postings stay inside 64 bits.
_MOST_TCO2 = 10**12
_DIGEST = r"^([0-9a-f]{64})?$"
_SHARE = r"^(0(\.\d{1,9})?|1(\.0{1,9})?)$"

AccountKind = Literal[
    "issued",
    "reserve",
    "available",
    "committed",
    "emitted_provisional",
    "emitted_final",
    "carried",
    "expired",
    "adjustment",
]
TransactionKind = Literal[
    "issue",
    "allocate",
    "reserve",
    "release",
    "commit",
    "emit_provisional",
    "emit_final",
    "revise_method",
    "carry_forward",
    "borrow",
    "expire",
    "close",
    "reverse",
]
_Id = Annotated[str, Field(min_length=1, max_length=60)]
_Text = Annotated[str, Field(min_length=1, max_length=400)]


_Year = Annotated[int, Field(ge=BASE_YEAR + 1, le=LAST_YEAR)]


class Account(Door):
    """An account: kind, place, sector ("" for all) and budget year."""

    kind: AccountKind
    place: _Id
    sector: Annotated[str, Field(max_length=60)] = ""
    year: _Year

    @property
    def key(self) -> tuple[str, str, str, int]:
        """What accounts are told apart and sorted by."""
        return self.kind, self.place, self.sector, self.year


class Posting(Door):
    """One side of a transaction in whole tonnes."""

    account: Account
    amount_tco2: Annotated[int, Field(ge=-_MOST_TCO2, le=_MOST_TCO2)]


class Transaction(Door):
    """A transaction; digests are filled in when it is posted."""

    transaction_id: _Id
    kind: TransactionKind
    business_date: Day
    recorded_at: Moment
    author: _Id
    approver: _Id
    source: _Text
    reason: _Text
    release_status: Literal["internal"] = "internal"
    postings: Annotated[tuple[Posting, ...], Field(strict=False, max_length=MOST_POSTINGS)] = ()
    reverses: Annotated[str, Field(max_length=60)] = ""
    closes_year: Annotated[int, Field(ge=0, le=LAST_YEAR)] = 0
    previous_digest: Annotated[str, Field(pattern=_DIGEST)] = ""
    digest: Annotated[str, Field(pattern=_DIGEST)] = ""


class Policy(Door):
    """Caps, as exact decimal texts, and who may overdraw."""

    carry_cap_share: Annotated[str, Field(pattern=_SHARE)]
    borrow_cap_share: Annotated[str, Field(pattern=_SHARE)]
    overdraft: Literal["none", "cities", "all"]
    source: _Text


class Ledger(Door):
    """A ledger: its head and its transactions in the order recorded."""

    ledger_id: _Id
    region: _Id
    cities: Annotated[tuple[_Id, ...], Field(strict=False, max_length=100)] = ()
    sectors: Annotated[tuple[_Id, ...], Field(strict=False, max_length=20)] = ()
    first_year: _Year
    last_year: _Year
    boundary: _Text
    policy: Policy
    transactions: Annotated[tuple[Transaction, ...], Field(strict=False, max_length=MOST_TRANSACTIONS)] = ()


class YearBudget(Door):
    """The budget of a year, whole tonnes."""

    year: _Year
    budget_tco2: Annotated[int, Field(gt=0, le=_MOST_TCO2)]


class OpenBudgetDoor(Door):
    """OpenBudgetRequest without frame and scenario."""

    first_year: _Year
    last_year: _Year
    budgets: Annotated[tuple[YearBudget, ...], Field(strict=False, max_length=10)] = ()
    rule: Literal["", "gdp", "population", "current", "history", "equal_per_head", "ability_to_pay"] = ""
    reserve_share: Annotated[float, Field(ge=0, lt=1)] | None = None
    ledger_id: _Id
    author: _Id
    approver: _Id
    business_date: Day
    recorded_at: Moment
    policy: Policy | None = None


class PostTransactionsDoor(Door):
    """PostTransactionsRequest."""

    ledger: Ledger
    transactions: Annotated[
        tuple[Transaction, ...], Field(strict=False, min_length=1, max_length=MOST_TRANSACTIONS)
    ]


class CheckLedgerDoor(Door):
    """CheckLedgerRequest."""

    ledger: Ledger
    as_known_on: DayOrNone = ""
    business_until: DayOrNone = ""


class CompareBudgetDoor(Door):
    """CompareBudgetRequest without frame and scenario."""

    ledger: Ledger
