"""`dafeng budget`: a carbon budget ledger in a file: open, post, show, check."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from dafeng.budget.v1 import budget_pb2
from dafeng.cli.connection import connected, translated_errors
from dafeng.cli.files import fill_message, write_json
from dafeng.cli.ledger_file import append_ledger, create_ledger, read_ledger
from dafeng.cli.options import Address
from dafeng.cli.output import err, out, progress, table
from dafeng.client import InvalidInputError, Violation
from dafeng.common.v1 import common_pb2

budget_app = typer.Typer(
    help="Carbon budget ledger 碳预算: whole tonnes, double entry, append-only, in a JSON-lines file.",
    no_args_is_help=True,
)

File = Annotated[
    Path, typer.Argument(help="The ledger: JSON lines, the head and then one transaction a line.")
]
JsonFile = Annotated[Path | None, typer.Option("--json", help="Write the whole reply as JSON.")]
_WAN = 10_000
_KINDS = {
    "issued": "下达 issued",
    "reserve": "预留 reserve",
    "available": "可用 available",
    "committed": "已承诺 committed",
    "emitted_provisional": "初步排放 provisional",
    "emitted_final": "核定排放 final",
    "carried": "结转 carried",
    "expired": "失效 expired",
    "adjustment": "调整 adjustment",
}


@budget_app.command("open")
def open_(
    file: File,
    region: Annotated[str, typer.Option(help="Region id.")] = "jiangsu",
    scenario: Annotated[str, typer.Option("--scenario", "-s", help="Baseline.")] = "planned",
    first_year: Annotated[int, typer.Option("--from", help="First budget year.")] = 2026,
    last_year: Annotated[int, typer.Option("--to", help="Last budget year.")] = 2030,
    budget: Annotated[
        list[str] | None,
        typer.Option(help="year=whole tonnes; years left out take the projection. Repeatable."),
    ] = None,
    rule: Annotated[
        str, typer.Option(help="gdp, population, current, history, equal_per_head, ability_to_pay.")
    ] = "",
    reserve: Annotated[float | None, typer.Option(help="Part kept in reserve, 0 to 1.")] = None,
    author: Annotated[str, typer.Option(help="Who opens it.")] = "",
    approver: Annotated[str, typer.Option(help="Who approves it, another person.")] = "",
    business_date: Annotated[str, typer.Option(help="Day of the opening, YYYY-MM-DD; empty is today.")] = "",
    recorded_at: Annotated[
        str, typer.Option(help="When it is recorded, YYYY-MM-DDThh:mm:ssZ; empty is now.")
    ] = "",
    address: Address = "",
) -> None:
    """Open a ledger from a projection: issue, reserve, allocate by city, sector and year."""
    now = recorded_at or _now()
    with translated_errors():
        if file.exists():
            raise InvalidInputError(
                "ledger", (Violation(str(file), "exists: a ledger is never written over"),)
            )
        request = budget_pb2.OpenBudgetRequest(
            frame=common_pb2.Frame(
                region=region, first_year=2020, last_year=last_year, weather_year="normal"
            ),
            scenario=common_pb2.Scenario(name=scenario, baseline=scenario),
            first_year=first_year,
            last_year=last_year,
            budgets=_budgets(budget or []),
            rule=rule,
            reserve_share=reserve,
            ledger_id=file.stem[:60],
            author=author,
            approver=approver,
            business_date=business_date or now[:10],
            recorded_at=now,
        )
    with connected(address) as client:
        with progress("开立碳预算 opening") as tell:
            report = client.budget.open(request, tell)
        create_ledger(file, report.ledger)
    print_state(report.ledger, report.state)
    out.print(f"written 已写入 {file}", highlight=False, markup=False)


@budget_app.command()
def post(
    file: File,
    new: Annotated[Path, typer.Argument(help='New transactions as JSON: {"transactions": [...]}.')],
    address: Address = "",
) -> None:
    """Add transactions; all or none. Those without a time of recording are recorded now."""
    with translated_errors():
        ledger, before = read_ledger(file)
        request = budget_pb2.PostTransactionsRequest()
        fill_message(new, request)
        for t in request.transactions:
            t.recorded_at = t.recorded_at or _now()
    with connected(address) as client:
        report = client.budget.post(ledger, request.transactions)
        append_ledger(file, before, report.ledger, len(ledger.transactions))
    print_state(report.ledger, report.state)
    out.print(f"written 已写入 {file}: +{len(request.transactions)}", highlight=False, markup=False)


@budget_app.command()
def show(
    file: File,
    as_known_on: Annotated[str, typer.Option(help="As known on this day, YYYY-MM-DD.")] = "",
    until: Annotated[str, typer.Option(help="Business dates up to this day, YYYY-MM-DD.")] = "",
    scenario: Annotated[
        str, typer.Option("--scenario", "-s", help="Also set this baseline against the budget (a memo).")
    ] = "",
    json_file: JsonFile = None,
    address: Address = "",
) -> None:
    """Balances by year and account, also as known on a past day; a scenario against the budget."""
    with translated_errors():
        ledger, _ = read_ledger(file)
    with connected(address) as client:
        state = client.budget.check(ledger, as_known_on=as_known_on, business_until=until)
        print_state(ledger, state)
        if json_file is not None:
            write_json(json_file, state)
        if scenario:
            frame = common_pb2.Frame(
                region=ledger.region, first_year=2020, last_year=ledger.last_year, weather_year="normal"
            )
            with progress("对照预算 comparing") as tell:
                memo = client.budget.compare(
                    ledger, frame, common_pb2.Scenario(name=scenario, baseline=scenario), tell
                )
            _print_memo(memo)


@budget_app.command()
def check(file: File, address: Address = "") -> None:
    """Replay the ledger: every digest, sum and rule."""
    with translated_errors():
        ledger, _ = read_ledger(file)
    with connected(address) as client:
        state = client.budget.check(ledger)
    out.print(
        f"账本完好 ledger holds: {state.transaction_count} 笔 transactions, 合计 sum "
        f"{sum(b.balance_tco2 for b in state.balances)} tCO2, {state.digest[:16]}",
        highlight=False,
    )


def print_state(ledger: budget_pb2.Ledger, state: budget_pb2.LedgerState) -> None:
    """Years in 万吨, warnings."""
    head = ("年 year", "下达 issued", "省可用 province", "市可用 cities", "预留 reserve", "承诺 committed",
            "初步 provisional", "核定 final", "结转 carried", "失效 expired", "关账 closed")  # fmt: skip
    rows = [
        (
            str(y.year),
            *(
                f"{v / _WAN:,.2f}"
                for v in (
                    y.issued_tco2,
                    y.province_available_tco2,
                    y.city_available_tco2,
                    y.reserve_tco2,
                    y.committed_tco2,
                    y.emitted_provisional_tco2,
                    y.emitted_final_tco2,
                    y.carried_tco2,
                    y.expired_tco2,
                )
            ),
            "是 yes" if y.closed else "",
        )
        for y in state.years
    ]
    table(f"碳预算 carbon budget {ledger.ledger_id}, 万吨 10^4 tCO2", head, rows, right=range(1, 10))
    by_city: dict[tuple[str, str], dict[int, int]] = {}
    for b in state.balances:
        if b.account.place != ledger.region:
            line = by_city.setdefault((b.account.place, b.account.kind), {})
            line[b.account.year] = line.get(b.account.year, 0) + b.shown_wan_tco2
    years = [y.year for y in state.years]
    cities = [
        (place, _KINDS.get(kind, kind), *(f"{line.get(y, 0):,}" for y in years))
        for (place, kind), line in sorted(by_city.items())
    ]
    if cities:
        table(
            "城市账户 accounts of cities, 万吨",
            ("城市 city", "账户 account", *map(str, years)),
            cities,
            right=range(2, 2 + len(years)),
        )
    for w in state.warnings:
        a = w.account
        err.print(
            f"警告 warning {w.transaction_id}: {a.place} {a.sector} {a.year} "
            f"{w.label.zh} {w.label.en}: {w.balance_tco2:,} t",
            highlight=False,
            markup=False,
        )


def _print_memo(memo: budget_pb2.BudgetMemo) -> None:
    head = ("年 year", "预测 projected", "可用 available", "承诺 committed", "预留 reserve", "超出 over")
    rows = [
        (
            str(y.year),
            *(
                f"{v / _WAN:,.1f}"
                for v in (y.projected_tco2, y.available_tco2, y.committed_tco2, y.reserve_tco2, y.over_tco2)
            ),
        )
        for y in memo.years
    ]
    table(f"情景对照 memo {memo.baseline}, 万吨 (不入账 never posted)", head, rows, right=range(1, 6))


def _budgets(texts: list[str]) -> list[budget_pb2.YearBudget]:
    found, wrong = [], []
    for text in texts:
        year, _, amount = text.partition("=")
        try:
            found.append(budget_pb2.YearBudget(year=int(year), budget_tco2=int(amount)))
        except ValueError:
            wrong.append(Violation("--budget", f"{text!r}: write year=whole tonnes"))
    if wrong:
        raise InvalidInputError("options cannot be read", tuple(wrong))
    return found


def _now() -> str:
    """The clock of whoever records; the services have none."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
