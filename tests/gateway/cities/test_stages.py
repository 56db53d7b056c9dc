"""Breakdown, balance, tasks and list with the real services of Jiangsu."""

import math
import zipfile
from io import BytesIO

import pytest
from pydantic import ValidationError

from gateway.cities.doors import BalancePlansDoor, BreakDownDoor, MakeTaskTableDoor
from gateway.cities.export import export_table
from gateway.cities.listing import list_cities
from gateway.cities.problem import problem_of
from gateway.cities.stages import balance_plans, break_down, make_tasks
from gateway.cities.world import city_world
from gateway.targets.data import read_targets
from services.common.errors import DomainError
from services.common.power_outcome import DispatchMode
from services.common.regions import load_region
from services.common.scenario import Frame, Scenario
from services.common.words import Progress

FRAME = Frame(region="jiangsu", last_year=2030)


def result(shop, stage, door):
    async def last():
        parts = [p async for p in stage(shop.pipeline.runs, FRAME, Scenario(), door)]
        assert all(isinstance(p, Progress) for p in parts[:-1])
        return parts[-1]

    return shop.do(last())


def shared(shop, target_id, **rule):
    return result(shop, break_down, BreakDownDoor.model_validate({"target_id": target_id, "rule": rule}))


def test_an_amount_is_shared_by_gdp_and_the_published_numbers_sum_to_it(shop):
    found = shared(shop, "JSP-24", reserve_share=0.05, incentive_share=0.1)
    assert found.reserve == pytest.approx(1.5)
    assert math.fsum([found.reserve, *(c.number for c in found.cities)]) == pytest.approx(30, abs=1e-12)
    assert found.reached_incentive == pytest.approx(33 * 0.95, abs=1e-9)
    gdp = {c.place.place_id: c.weight for c in found.cities}
    assert max(gdp, key=gdp.get) == "suzhou"
    for c in found.cities:
        assert abs(c.number - c.weight * 28.5) < 0.01
        assert c.margin == pytest.approx(c.projected - c.number)
    assert math.fsum(c.projected for c in found.cities) == pytest.approx(found.projected)


@pytest.mark.parametrize(
    "rule",
    ["population", "current", "history", "potential", "ability_to_pay", "equal_per_head", "equal"],
)
def test_every_rule_shares_capacity_whole(shop, rule):
    found = shared(shop, "JSP-05", rule=rule)
    assert math.fsum(c.number for c in found.cities) == pytest.approx(90, abs=1e-12)
    assert math.fsum(c.weight for c in found.cities) == pytest.approx(1)
    assert min(c.number for c in found.cities) >= 0


def test_bounds_hold_and_the_rest_is_poured_over_the_others(shop):
    bounds = ({"place": "suzhou", "high": 4.0}, {"place": "suqian", "low": 2.005})
    found = shared(shop, "JSP-24", bounds=bounds)
    cities = {c.place.place_id: c for c in found.cities}
    assert cities["suzhou"].number == 4 and cities["suqian"].number == 2.01
    assert math.fsum(c.number for c in found.cities) == pytest.approx(30, abs=1e-12)
    tight = tuple({"place": c, "high": 1.0} for c in cities)
    short = shared(shop, "JSP-24", bounds=tight)
    assert not short.feasible and short.reached == 13


def test_a_composite_by_entropy_tells_its_weights(shop):
    found = shared(
        shop, "JSP-05", rule="composite", entropy=True, entropy_rules=("gdp", "population", "current")
    )
    told = {s.setting: float(s.given) for s in found.settings if s.setting.startswith("weight:")}
    assert sum(told.values()) == pytest.approx(1, abs=2e-6) and len(told) == 3


def test_a_fall_per_gdp_is_made_by_the_cities_together_whatever_their_growth(shop):
    found = shared(shop, "JSP-04", rule="ability_to_pay")
    assert found.kind == "fall" and found.reached == pytest.approx(found.to_share, abs=1e-12)
    assert found.reached_published >= found.to_share - 1e-9
    assert all(abs(round(c.number * 10) - c.number * 10) < 1e-9 for c in found.cities)
    assert 0 < found.to_share < found.asked, "what was done from 2005 to 2020 is not asked again"


def test_city_shares_average_to_the_province(shop):
    found = shared(shop, "JSP-16")
    assert found.kind == "share" and found.reached == pytest.approx(50, abs=1e-12)
    assert found.reached_published <= 50 + 1e-9, "a ceiling"


def test_what_is_wrong_is_told_at_once(shop):
    bad = {
        "rule": "composite",
        "bounds": ({"place": "shanghai", "low": 5.0, "high": 1.0}, {"place": "suzhou"}, {"place": "suzhou"}),
    }
    with pytest.raises(DomainError) as caught:
        shared(shop, "JSP-24", **bad)
    text = str(caught.value)
    for part in ("no such city", "stands twice", "low is above high", "composite needs"):
        assert part in text
    with pytest.raises(DomainError, match="peak_year"):
        shared(shop, "JSP-06")
    with pytest.raises(DomainError, match="not a rule of a fall"):
        shared(shop, "JSP-04", rule="gdp")


@pytest.mark.parametrize("closing", ["", "unused_potential", "below_rule_share", "reserve_first"])
def test_plans_are_never_changed_and_adjustments_close_the_gap(shop, closing):
    plans = tuple(
        {"place": c, "target_id": "JSP-24", "number": n}
        for c, n in (("nanjing", 4.0), ("suzhou", 4.0), ("wuxi", 3.0), ("nantong", 2.0))
    )
    door = {
        "plans": plans, "closing": closing, "author": "li", "date": "2026-04-01",
        "rule": {"reserve_share": 0.02},
    }  # fmt: skip
    (found,) = result(shop, balance_plans, BalancePlansDoor.model_validate(door)).targets
    lines = {line.place: line for line in found.lines}
    assert [lines[p["place"]].plan for p in plans] == [4.0, 4.0, 3.0, 2.0]
    assert lines["xuzhou"].plan is None
    assert found.gap == pytest.approx(30 - found.planned) and found.gap > 0
    closed = found.from_reserve + math.fsum(line.adjustment for line in found.lines)
    assert closed + found.left == pytest.approx(found.gap)
    assert found.left == pytest.approx(0, abs=1e-9)
    assert found.from_reserve == (pytest.approx(0.6) if closing == "reserve_first" else 0)
    for line in found.lines:
        assert line.adjustment >= 0 and line.author == "li"
        if closing == "unused_potential":
            assert line.adjustment <= line.potential + 1e-12


def test_yearly_tasks_sum_over_cities_and_years(shop):
    door = MakeTaskTableDoor(target_ids=("JSP-24", "JSP-05", "JSP-04", "JSP-22"))
    table = result(shop, make_tasks, door)
    assert table.years == tuple(range(2021, 2031)) and len(table.rows) == 4 * 14
    numbers = {c.place.place_id: c.number for c in shared(shop, "JSP-24").cities}
    flow = [r for r in table.rows if r.target_id == "JSP-24"]
    for row in flow[1:]:
        assert math.fsum(row.task_values) == pytest.approx(numbers[row.place], abs=1e-9)
    for column in zip(*(r.task_values for r in flow), strict=True):
        assert column[0] == pytest.approx(math.fsum(column[1:]), abs=1e-9)
    assert flow[0].sum_of_cities and flow[0].has_task == (True,) * 5 + (False,) * 5
    capacity = [r for r in table.rows if r.target_id == "JSP-05"]
    assert capacity[0].task_values[-1] == pytest.approx(90)
    assert all(r.department.zh for r in table.rows)
    fall = next(r for r in table.rows if r.target_id == "JSP-04" and r.place == "nanjing")
    assert list(fall.task_values) == sorted(fall.task_values) and fall.task_values[-1] == fall.number


def test_mid_course_what_is_done_is_taken_off(shop):
    done = ({"target_id": "JSP-24", "place": "nantong", "number": 1.0, "source": "report"},)
    door = MakeTaskTableDoor.model_validate({"target_ids": ("JSP-24",), "done_year": 2023, "done": done})
    table = result(shop, make_tasks, door)
    row = next(r for r in table.rows if r.place == "nantong")
    assert table.years == (2024, 2025)
    assert math.fsum(row.task_values) == pytest.approx(row.number - 1.0, abs=1e-9)


def test_the_task_table_of_all_targets_leaves_none_unsaid_and_its_workbook_is_the_same_every_time(shop):
    table = result(shop, make_tasks, MakeTaskTableDoor())
    told = {r.target_id for r in table.rows} | {item.target_id for item in table.left_out}
    assert told == {t.id for t in read_targets("jiangsu").targets}
    content, _, name = export_table(table, "xlsx")
    assert content == export_table(table, "")[0] and name == "tasks_jiangsu.xlsx"
    with zipfile.ZipFile(BytesIO(content)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>SUM(" in sheet
    lines = export_table(table, "csv")[0].decode("utf-8-sig").splitlines()
    assert len(lines) == 1 + len(table.rows)
    with pytest.raises(DomainError, match="format"):
        export_table(table, "pdf")


def test_targets_that_are_past_when_the_done_year_is_the_last_are_left_out_with_that_reason(shop):
    """None is left to project: not even a fall per GDP, which needs the cities' later figures."""
    table = result(shop, make_tasks, MakeTaskTableDoor(done_year=2030))
    assert table.rows == ()
    reasons = {item.target_id: item.reason.en for item in table.left_out}
    assert reasons["JSP-04"] == "its year is not after the years done"


def test_a_fall_stands_without_the_models_values_where_the_later_year_was_not_projected(shop):
    (target,) = (t for t in read_targets("jiangsu").targets if t.id == "JSP-04")

    async def found():
        run, potential = await shop.pipeline.runs.all(FRAME, (Scenario(), Scenario()), {2020, 2021})
        return problem_of(city_world(FRAME, Scenario(), run, potential), target, None, 2020)

    problem = shop.do(found())
    assert problem.kind == "fall" and problem.to_share > 0
    assert problem.projected == problem.potential == () and problem.province_projected is None


def test_cities_sum_to_the_province(shop):
    (projection,) = shop.do(shop.pipeline.project_chunk(FRAME, (Scenario(),), DispatchMode.UNSPECIFIED))
    table = list_cities(FRAME, Scenario(), projection, (2020, 2025, 2030))
    assert len(table.cities) == 13
    assert all(c.holds for c in table.checks if c.must_hold)
    assert sum(c.co2_share for c in table.cities) == pytest.approx(1)
    for k in range(3):
        total = math.fsum(c.territorial_tco2[k] for c in table.cities)
        assert total == pytest.approx(
            projection.account.territorial_tco2[projection.years.index(table.years[k])]
        )
        for c in table.cities:
            assert math.fsum(s.direct_tco2[k] for s in c.sectors) == pytest.approx(c.territorial_tco2[k])
    nantong = next(c for c in table.cities if c.place.place_id == "nantong")
    assert {t.target_id for t in nantong.targets} >= {"NTP-04", "NTP-05"}


def test_steps_and_bounds_that_make_no_sense_are_refused(shop):
    bad = {"rounding_unit": 1e-12, "bounds": ({"place": "suzhou", "low": -1.0},)}
    with pytest.raises(DomainError) as caught:
        shared(shop, "JSP-24", **bad)
    assert {v.field for v in caught.value.violations} == {"rule.rounding_unit", "rule.bounds[0]"}
    door = {
        "target_ids": ("JSP-24", "JSP-05"),
        "target_rules": ({"target_id": "JSP-05", "rule": {"potential_baseline": "frozen"}},),
    }
    with pytest.raises(DomainError, match="one potential baseline"):
        result(shop, make_tasks, MakeTaskTableDoor.model_validate(door))
    coarse = shared(shop, "JSP-04", rounding_unit=5.0)
    assert coarse.reached_published >= coarse.to_share


def test_a_city_alone_that_cannot_make_the_province_moves_no_other(shop):
    places = [c.place_id for c in load_region("jiangsu").cities]
    efforts = tuple({"place": c, "number": float(c == "nanjing")} for c in places)
    door = {"target_id": "JSP-01", "number": 60.0, "rule": {"efforts": efforts, "rounding_unit": 1e-4}}
    found = result(shop, break_down, BreakDownDoor.model_validate(door))
    assert not found.feasible
    assert [c.number for c in found.cities] == [100.0 * (c == "nanjing") for c in places]
    assert found.reached_published == pytest.approx(found.reached)


def test_bounds_between_two_steps_are_refused(shop):
    bounds = ({"place": "nanjing", "low": 10.2, "high": 10.4},)
    with pytest.raises(DomainError) as caught:
        shared(shop, "JSP-01", rounding_unit=1.0, bounds=bounds)
    assert [v.field for v in caught.value.violations] == ["rule.bounds[0]"]


def test_what_stands_twice_in_a_request_of_tasks_is_refused(shop):
    rules = tuple({"target_id": "JSP-01", "rule": {"rule": r}} for r in ("equal", "potential"))
    done = tuple({"target_id": "JSP-01", "place": "nanjing", "number": n} for n in (3.0, 5.0))
    asked = {"target_ids": ("JSP-01", "JSP-01"), "target_rules": rules, "done": done, "done_year": 2022}
    with pytest.raises(DomainError) as caught:
        result(shop, make_tasks, MakeTaskTableDoor.model_validate(asked))
    assert [v.field for v in caught.value.violations] == [
        "target_ids[1]",
        "target_rules[1].target_id",
        "done[1]",
    ]


def test_a_day_that_is_not_in_the_calendar_is_refused():
    plan = {"place": "nanjing", "target_id": "JSP-01", "number": 10.0, "date": "2026-02-29"}
    with pytest.raises(ValidationError) as caught:
        BalancePlansDoor.model_validate({"plans": (plan,), "author": "a", "date": "2026-02-30"})
    assert {e["loc"] for e in caught.value.errors()} >= {("plans", 0, "date"), ("date",)}


def test_a_table_to_export_with_an_unknown_grade_is_refused_with_its_place(client):
    from dafeng.calling import InvalidInputError
    from dafeng.cities.v1 import cities_pb2

    table = cities_pb2.TaskTable(rows=[cities_pb2.TaskRow(place="nanjing")])
    with pytest.raises(InvalidInputError, match=r"table\.rows\[0\]\.department_provenance\.grade"):
        client.cities.export_tasks(table)
