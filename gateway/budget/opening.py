"""Stage open: a ledger from a projection: budgets issued, a reserve kept, the rest allocated by city, sector, year."""

from collections.abc import AsyncIterator
from math import floor, fsum

from gateway.budget.doors import Ledger, OpenBudgetDoor, Policy, Transaction
from gateway.budget.ledger import post
from gateway.budget.results import LedgerReport
from gateway.cities.rounding import apportion, controlled_rounding
from gateway.cities.weights import CityBase, amount_weights
from gateway.cities.world import CityWorld, city_world
from gateway.results import Projection
from gateway.runs import Runs
from services.common.axes import BASE_YEAR
from services.common.errors import Violation, invalid
from services.common.regions import Region
from services.common.scenario import Frame, Scenario
from services.common.words import Label, Progress

POLICY = "budget/policy"
_MOST_YEARS = 10
_STAGE = Label("计算情景", "projecting")


async def open_budget(
    runs: Runs, frame: Frame, scenario: Scenario, door: OpenBudgetDoor
) -> AsyncIterator[Progress | LedgerReport]:
    """The opened ledger with its state. DomainError(INVALID_INPUT) lists everything wrong with years and budgets."""
    _check(frame, door)
    years = range(door.first_year, door.last_year + 1)
    yield Progress(0, 1, _STAGE)
    (run,) = await runs.all(frame, (scenario,), years)
    world = city_world(frame, scenario, run, None)
    report = post(_empty(world.region, run.projection, door), _opening(world, run.projection, door))
    yield report


def policy_of(region: Region) -> Policy:
    """Caps and overdrafts as the data set them."""
    leaves = region.leaves(POLICY)
    names = ("carry_cap_share", "borrow_cap_share", "overdraft")
    plain = {name: str(leaves[name].value) for name in names}
    sources = sorted({leaves[n].provenance.source for n in names})
    return Policy.model_validate({**plain, "source": ", ".join(sources)})


def _check(frame: Frame, door: OpenBudgetDoor) -> None:
    wrong = []
    last = min(frame.last_year, door.first_year + _MOST_YEARS - 1)
    if not door.first_year <= door.last_year <= last:
        text = "not within ten years from first_year and the frame"
        wrong.append(Violation("last_year", text, str(door.last_year), f"{door.first_year} to {last}"))
    listed = [b.year for b in door.budgets]
    for i, year in enumerate(listed):
        if not door.first_year <= year <= door.last_year:
            allowed = f"{door.first_year} to {door.last_year}"
            wrong.append(Violation(f"budgets[{i}].year", "not a year of the ledger", str(year), allowed))
        if year in listed[:i]:
            wrong.append(Violation(f"budgets[{i}].year", "stands twice", str(year)))
    if door.author == door.approver:
        wrong.append(Violation("approver", "the author cannot approve: name another person", door.approver))
    if wrong:
        raise invalid(wrong)


def _empty(region: Region, projection: Projection, door: OpenBudgetDoor) -> Ledger:
    return Ledger(
        ledger_id=door.ledger_id,
        region=region.region_id,
        cities=region.city_ids,
        sectors=tuple(s.sector for s in projection.sectors),
        first_year=door.first_year,
        last_year=door.last_year,
        boundary="energy-related CO2, territorial 能源活动二氧化碳（本地）",
        policy=door.policy or policy_of(region),
    )


def _opening(world: CityWorld, projection: Projection, door: OpenBudgetDoor) -> list[Transaction]:
    """Three transactions a year: issue, reserve, allocate."""
    region = world.region
    share = region.number(POLICY, "reserve_share") if door.reserve_share is None else door.reserve_share
    rule = door.rule or "current"
    given = {b.year: b.budget_tco2 for b in door.budgets}
    found: list[Transaction] = []
    for year in range(door.first_year, door.last_year + 1):
        at = projection.years.index(year)
        basis = f"{projection.baseline} {projection.digest[:12]}"
        total = given.get(year) or floor(float(projection.account.territorial_tco2[at]) + 0.5)
        reserve = floor(total * share + 0.5)
        home = {"place": region.region_id, "year": year}

        def add(
            kind: str,
            reason: str,
            postings: list[tuple[dict[str, object], int]],
            year: int = year,
            basis: str = basis,
        ) -> None:
            found.append(
                Transaction.model_validate(
                    {
                        "transaction_id": f"{door.ledger_id[:40]}-{kind}-{year}",
                        "kind": kind,
                        "business_date": door.business_date,
                        "recorded_at": door.recorded_at,
                        "author": door.author,
                        "approver": door.approver,
                        "source": f"projection {basis}",
                        "reason": reason,
                        "postings": tuple({"account": a, "amount_tco2": v} for a, v in postings if v),
                    }
                )
            )

        origin = "given" if year in given else "projected"
        issue = [({"kind": "available", **home}, total), ({"kind": "issued", **home}, -total)]
        add("issue", f"budget of {year}, {origin}", issue)
        if reserve:
            kept = [({"kind": "reserve", **home}, reserve), ({"kind": "available", **home}, -reserve)]
            add("reserve", f"reserve {share:g}", kept)
        if reserve == total:
            continue  # nothing is left to allocate
        cells = _cells(world, projection, rule, year, at, total - reserve)
        postings = [
            ({"kind": "available", "place": city, "sector": s.sector, "year": year}, cells[i][k])
            for i, city in enumerate(region.city_ids)
            for k, s in enumerate(projection.sectors)
        ]
        postings.append(({"kind": "available", **home}, -(total - reserve)))
        add("allocate", f"between cities by {rule}, within by projected sector shares", postings)
    return found


def _cells(
    world: CityWorld, projection: Projection, rule: str, year: int, at: int, total: int
) -> tuple[tuple[int, ...], ...]:
    """Whole tonnes [place][sector]: cities by the rule, sectors of a city by its projected shares."""
    base = CityBase(
        gdp_cny=world.gdp(BASE_YEAR),
        population_count=world.population(BASE_YEAR),
        later_population_count=world.population(year),
        current=tuple(
            fsum(float(s.place_direct_tco2[i, 0]) for s in projection.sectors)
            for i in range(len(world.places))
        ),
        history=world.history(),
    )
    weights = amount_weights(rule, base, world.number("ability_power"), 1.0)
    if not weights:
        raise invalid(
            [Violation("rule", f"cities have no figures for the rule {rule}", rule, "current, gdp")]
        )
    rows = apportion(total, weights, world.codes)
    table = []
    for i, row in enumerate(rows):
        parts = [max(0.0, float(s.place_direct_tco2[i, at])) for s in projection.sectors]
        whole = fsum(parts)
        shares = [p / whole for p in parts] if whole else [1.0 / len(parts) for _ in parts]
        table.append([row * s for s in shares])
    return controlled_rounding(table, world.codes, row_totals=rows)
