"""What BudgetService answers (dafeng.budget.v1): same field names and units as the messages."""

from dataclasses import dataclass

from gateway.budget.doors import Account, Ledger
from services.common.words import Label, Revision


@dataclass(frozen=True)
class Balance:
    """Balance of an account, whole tonnes, and in 万吨 for display."""

    account: Account
    balance_tco2: int
    shown_wan_tco2: int


@dataclass(frozen=True)
class BudgetWarning:
    """Something to look at that is no violation."""

    transaction_id: str
    account: Account
    label: Label
    balance_tco2: int


@dataclass(frozen=True)
class YearSummary:
    """What was issued for a year and where it stands, whole tonnes."""

    year: int
    issued_tco2: int
    province_available_tco2: int
    city_available_tco2: int
    reserve_tco2: int
    committed_tco2: int
    emitted_provisional_tco2: int
    emitted_final_tco2: int
    carried_tco2: int
    expired_tco2: int
    adjustment_tco2: int
    sum_tco2: int
    closed: bool


@dataclass(frozen=True)
class LedgerState:
    """Balances, years and warnings of a ledger."""

    balances: tuple[Balance, ...]
    years: tuple[YearSummary, ...]
    warnings: tuple[BudgetWarning, ...]
    digest: str
    transaction_count: int


@dataclass(frozen=True)
class LedgerReport:
    """A ledger with its state."""

    ledger: Ledger
    state: LedgerState


@dataclass(frozen=True)
class MemoLine:
    """A scenario against the budget in one year, place and sector, whole tonnes."""

    year: int
    place: str
    sector: str
    projected_tco2: int
    available_tco2: int
    committed_tco2: int
    reserve_tco2: int
    emitted_tco2: int
    over_tco2: int
    shown_wan_tco2: int


@dataclass(frozen=True)
class BudgetMemo:
    """A scenario against a budget; never posted."""

    ledger_id: str
    baseline: str
    lines: tuple[MemoLine, ...]
    years: tuple[MemoLine, ...]
    ledger_digest: str
    digest: str
    revision: Revision
