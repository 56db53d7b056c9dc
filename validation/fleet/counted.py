"""Jiangsu's vehicles, fuel and turnover beside what was counted, later years hidden from the model."""

from collections.abc import Iterator
from typing import Any

from services.common.regions import load_region
from services.common.scenario import Frame, Scenario
from services.common.units import GJ_PER_MTCE
from services.common.words import Label
from services.transport.model import MODEL
from services.transport.statistic_checks import statistic_checks
from tests.services.transport.judge import test_statistics as judge
from validation.comparison import Comparison, near
from validation.fleet.literature import FUELS
from validation.from_tests import cases
from validation.provenance import grade_of, source_of

BUREAU = "Statistics of Jiangsu, end of 2020"
POLICE = (
    "Traffic police of Jiangsu, January 2023, and National Bureau of Statistics; the model knows 2020 alone"
)
BALANCE = (
    "Energy balance of Jiangsu 2020, transport and the private vehicles booked under households and services"
)
SALES = "China Association of Automobile Manufacturers, registrations of Jiangsu; 2022 and 2024 national"


def rows(quick: bool) -> Iterator[Comparison]:
    """2020, then 2021 to 2024."""
    planned = _outcome(0)
    for name, wan, width in cases(judge.test_vehicles_at_the_end_of_2020, "name, wan, near"):
        yield _row(f"stock_2020.{name}", _label(name), 2020, "10^4", BUREAU, "A", near(judge.metric(planned, name)[0] / 1e4, wan, share=width))  # fmt: skip
    for carrier, mtce in cases(judge.test_fuel_of_2020, "carrier, mtce"):
        of = FUELS.get(carrier, Label("液化石油气", "LPG"))
        label = Label(f"交通用{of.zh}", f"{of.en.capitalize() if of.en.islower() else of.en} of transport")
        yield _row(f"fuel_2020.{carrier}", label, 2020, "Mtce", BALANCE, "A", near(judge.fuel(planned, carrier) / GJ_PER_MTCE, mtce, share=1e-9))  # fmt: skip
    for name, yi, width in cases(judge.test_turnover_of_2020, "name, yi, near"):
        yield _row(f"turnover_2020.{name}", _label(name), 2020, "10^8 t km", BUREAU, "A", near(judge.metric(planned, name)[0] / 1e8, yi, share=width))  # fmt: skip
    for name, half in cases(
        judge.test_turnover_of_2021_is_of_the_order_of_twice_its_first_half, "name, half_yi"
    ):
        source = "Department of Transport of Jiangsu, first half of 2021, doubled"
        yield _row(f"turnover_2021.{name}", _label(name), 2021, "10^8 t km", source, "B", near(judge.metric(planned, name)[1] / 1e8, 2 * half, share=0.08))  # fmt: skip
    blind = _outcome(2020)
    test = judge.test_what_the_police_and_the_statistics_counted_later
    for name, year, wan, width in cases(test, "name, year, wan, near"):
        figure = judge.metric(blind, name)[year - 2020] / 1e4
        yield _row(
            f"hidden.{name}.{year}", _label(name), year, "10^4", POLICE, "A", near(figure, wan, share=width)
        )
    yield from _checks(planned)
    yield from _sales(quick)


def _checks(planned: Any) -> Iterator[Comparison]:
    """The table of statistics that the region's data hold the model against, of 2020 and of later years."""
    values = {i.metric_id.removeprefix("transport."): i.region_values for i in planned.indicators}
    for check in statistic_checks(load_region("jiangsu"), values):
        fields = near(check.model, check.statistic, share=check.tolerance_share)
        source, grade = source_of(check.provenance), grade_of(check.provenance)
        yield _row(f"check.{check.check}", check.label, check.year, check.unit, source, grade, fields)


def _sales(quick: bool) -> Iterator[Comparison]:
    """New-energy share of sales in the years observed, and automobiles sold."""
    test = judge.test_new_energy_share_of_new_cars_in_the_years_observed
    for (baseline,) in cases(test, "baseline"):
        if quick and baseline != "planned":
            continue
        shares = judge.metric(_outcome(0, baseline), "nev_sales_share")
        for year, share, points in cases(test, "year, share, points"):
            label = Label(f"新能源车销量占比（{baseline}）", f"New-energy share of new cars ({baseline})")
            yield _row(f"nev_sales_share.{baseline}.{year}", label, year, "share", SALES, "B", near(shares[year - 2020], share, absolute=points))  # fmt: skip
    sold = judge.metric(_outcome(0), "vehicle_sales_count")[1] / 1e4
    label = Label("汽车销量", "Automobiles sold")
    yield _row("sold_2021", label, 2021, "10^4", "230.6 thousand new-energy cars at 12.5 % of sales", "B", near(sold, 185, share=0.18))  # fmt: skip


def _outcome(as_of: int, baseline: str = "planned") -> Any:
    return MODEL.project(
        Frame(region="jiangsu", as_of_year=as_of), Scenario.model_validate({"baseline": baseline}), ()
    )


def _label(name: str) -> Label:
    """The metric's own name."""
    metric = next(m for m in MODEL.metrics if m.metric_id == f"transport.{name}")
    return Label(metric.label.zh, metric.label.en[:1].upper() + metric.label.en[1:])


def _row(
    case: str, label: Label, year: int, unit: str, source: str, grade: str, fields: dict[str, float]
) -> Comparison:
    numbers = {name: float(value) for name, value in fields.items()}
    return Comparison(
        f"fleets.counted.{case}",
        Label(f"江苏 {year} 年{label.zh}", f"Jiangsu {year}: {label.en}"),
        unit=unit,
        source=source,
        grade=grade,
        **numbers,
    )
