"""Stage memo: a scenario against a budget, projected less available less committed; never posted."""

from collections.abc import AsyncIterator, Sequence

from gateway.budget.doors import CompareBudgetDoor, Ledger
from gateway.budget.ledger import check
from gateway.budget.results import BudgetMemo, LedgerState, MemoLine
from gateway.cities.rounding import controlled_rounding, shown
from gateway.results import Projection
from gateway.runs import Runs
from services.common.errors import Violation, invalid
from services.common.scenario import Frame, Scenario
from services.common.units import TONNES_PER_WAN
from services.common.words import Label, Progress

_STAGE = Label("计算情景", "projecting")
_ALL = ""


async def compare_budget(
    runs: Runs, frame: Frame, scenario: Scenario, door: CompareBudgetDoor
) -> AsyncIterator[Progress | BudgetMemo]:
    """The memo of a scenario. DomainError(INVALID_INPUT) when the ledger does not hold or fits another region."""
    ledger = door.ledger
    wrong = []
    if frame.region != ledger.region:
        wrong.append(Violation("frame.region", "not the ledger's region", frame.region, ledger.region))
    if frame.last_year < ledger.last_year:
        text = "before the ledger's last year"
        wrong.append(Violation("frame.last_year", text, str(frame.last_year), f">= {ledger.last_year}"))
    if wrong:
        raise invalid(wrong)
    state = check(ledger)
    yield Progress(0, 1, _STAGE)
    years = range(ledger.first_year, ledger.last_year + 1)
    (run,) = await runs.all(frame, (scenario,), years)
    yield memo_of(ledger, state, run.projection)


def memo_of(ledger: Ledger, state: LedgerState, projection: Projection) -> BudgetMemo:
    """The memo by year, city and sector, and by year for the region.

    Accounts of a city for all its sectors stand in a line of their own (sector ""), the region's own in its lines.
    """
    held = {b.account.key: b.balance_tco2 for b in state.balances}
    lines: list[MemoLine] = []
    sums: list[MemoLine] = []
    for year in range(ledger.first_year, ledger.last_year + 1):
        own = _year(ledger, held, projection, year)
        codes = [f"{i:06d}" for i in range(len(own))]
        display = shown([x.over_tco2 for x in own], TONNES_PER_WAN, codes)
        lines += [MemoLine(**{**x.__dict__, "shown_wan_tco2": d}) for x, d in zip(own, display, strict=True)]
        sums.append(_sum(ledger, own, year, sum(display)))
    return BudgetMemo(
        ledger.ledger_id,
        projection.baseline,
        tuple(lines),
        tuple(sums),
        state.digest,
        projection.digest,
        projection.revision,
    )


def _year(
    ledger: Ledger, held: dict[tuple[str, str, str, int], int], projection: Projection, year: int
) -> list[MemoLine]:
    projected = _projected(ledger, projection, year)
    used = {(p, s) for _, p, s, y in held if y == year}
    found = []
    for place in (*ledger.cities, ledger.region):
        for sector in (*ledger.sectors, _ALL):
            whole = projected.get((place, sector), 0)
            if (place, sector) in used or (place, sector) in projected:
                found.append(_line(held, year, place, sector, whole))
    return found


def _line(
    held: dict[tuple[str, str, str, int], int], year: int, place: str, sector: str, projected: int
) -> MemoLine:
    def of(*kinds: str) -> int:
        return sum(held.get((k, place, sector, year), 0) for k in kinds)

    available, committed = of("available"), of("committed")
    return MemoLine(
        year=year,
        place=place,
        sector=sector,
        projected_tco2=projected,
        available_tco2=available,
        committed_tco2=committed,
        reserve_tco2=of("reserve"),
        emitted_tco2=of("emitted_provisional", "emitted_final"),
        over_tco2=projected - available - committed,
        shown_wan_tco2=0,
    )


def _projected(ledger: Ledger, projection: Projection, year: int) -> dict[tuple[str, str], int]:
    """Whole tonnes by city and sector; rows and columns keep their rounded sums."""
    at = projection.years.index(year)
    sectors = [s for s in projection.sectors if s.sector in ledger.sectors]
    places = [projection.places.index(c) for c in ledger.cities]
    table = [[float(s.place_direct_tco2[p, at]) for s in sectors] for p in places]
    whole = controlled_rounding(table, [f"{p:06d}" for p in places])
    return {
        (city, s.sector): whole[i][k] for i, city in enumerate(ledger.cities) for k, s in enumerate(sectors)
    }


def _sum(ledger: Ledger, lines: Sequence[MemoLine], year: int, display: int) -> MemoLine:
    names = (
        "projected_tco2",
        "available_tco2",
        "committed_tco2",
        "reserve_tco2",
        "emitted_tco2",
        "over_tco2",
    )
    sums = {n: sum(getattr(x, n) for x in lines) for n in names}
    return MemoLine(year=year, place=ledger.region, sector=_ALL, shown_wan_tco2=display, **sums)
