"""Adequacy: the IEEE Reliability Test System beside its published indices, the method beside others, the region's years."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from services.common.power_outcome import CREDITED, DispatchMode
from services.common.words import Label
from services.power.adequacy.assess import assess
from services.power.adequacy.case import AdequacyCase, AdequacyReport, AdequacyResource, AdequacyUnit
from services.power.adequacy.region import YearRisk, year_risk
from services.power.adequacy.schedule import StoreSize, schedule_stores
from services.power.adequacy.table import outage_table, risk_of
from services.power.capacity import STORES
from tests.services.power import rts79
from tests.services.power.outage_states import every_state
from tests.services.power.test_adequacy import constant, least_risk, week
from tests.services.power.test_adequacy_region import case_of
from validation.comparison import Chart, Comparison, Paragraph, Piece, Section, Series, at_most, near
from validation.context import Context
from validation.sections.adequacy_sampling import hours_and_energy, sampled_outages
from validation.sections.power_years import RegionYear, made_up, projected

PUBLISHED = (
    "Allan, Billinton, Abdel-Gawad: The IEEE Reliability Test System - extensions to and evaluation of the generating "
    "system, IEEE Trans. Power Systems 1 (4), 1986 (exact indices of the hourly load)"
)
TASK_FORCE = "IEEE RTS Task Force: IEEE Reliability Test System, IEEE Trans. PAS-98 (6), 1979, tables 1 to 6"
SAMPLES, QUICK_SAMPLES, ERRORS = 4_000_000, 400_000, 4.0
SAMPLING = f"random sampling of the states of all units (numpy, PCG64); limit: {ERRORS:g} standard errors"
STATES = "every state of the units, one by one"
HIGHS = "HiGHS (highspy), linear programme with tangents of the risk"
YEARS, QUICK_YEAR = (2025, 2030, 2060), 2035
LOADS_MW = np.arange(2450.0, 3251.0, 50.0)
CREDIT_WORDS = {
    "wind": Label("风电", "wind"),
    "pv": Label("光伏", "PV"),
    "battery": Label("电池储能", "batteries"),
    "pumped_storage": Label("抽水蓄能", "pumped storage"),
}


def run(context: Context) -> Iterator[Piece]:
    """Published values, other methods, definitions, years of the region."""
    case = AdequacyCase(load_mw=rts79.load_mw(), units=rts79.units())
    report = assess(case)
    yield from _published(case, report)
    yield from _grids(case, report, (5.0,) if context.quick else (2.0, 5.0, 10.0))
    yield from _sampled(case, report, QUICK_SAMPLES if context.quick else SAMPLES)
    yield from _enumerated(20 if context.quick else 200)
    yield _by_hand()
    yield from _definitions(case, report)
    yield from _stores(1 if context.quick else 3)
    yield from _region(context.quick)


def _row(name: str, zh: str, en: str, unit: str, source: str, grade: str, **fields: float) -> Comparison:
    return Comparison(f"adequacy.{name}", Label(zh, en), unit=unit, source=source, grade=grade, **fields)


def _published(case: AdequacyCase, report: AdequacyReport) -> Iterator[Piece]:
    """Indices to the last digit that is printed, and what they are made of."""
    yield Paragraph(
        Label(
            "IEEE 可靠性测试系统（RTS-79）：32 台机组，3,405 MW，最高负荷 2,850 MW，8,736 小时。"
            "LOLE 的每年小时数即 LOLH，EENS 即 EUE。指标须与公布值的末位一致。",
            "IEEE Reliability Test System (RTS-79): 32 units, 3,405 MW, highest load 2,850 MW, 8,736 hours. LOLE in hours a "
            "year is LOLH, EENS is EUE. The indices must meet the published ones to their last digit.",
        )
    )
    for name, zh, en, unit, figure, known, digits in (
        ("lole_hours", "失负荷小时期望（LOLH）", "expected hours of lost load (LOLE, LOLH)", "h/a",
         report.lole_hours, rts79.LOLE_HOURS, 4),
        ("lold_days", "失负荷天数期望", "expected days with lost load (LOLE by day)", "d/a",
         report.lold_days, rts79.LOLD_DAYS, 4),
        ("eens_mwh", "期望缺供电量（EENS、EUE）", "expected energy not served (EENS, EUE)", "MWh/a",
         report.eens_mwh, rts79.EENS_MWH, 1),
    ):  # fmt: skip
        limits = near(figure, known, absolute=0.5 * 10.0**-digits)
        yield _row(f"rts79.{name}", f"RTS-79：{zh}", f"RTS-79: {en}", unit, PUBLISHED, "B", **limits)
    count = float(sum(u.count for u in case.units))
    mean = sum(u.count * u.capacity_mw * u.forced_outage_share for u in case.units)
    for name, zh, en, unit, figure, known in (
        ("units", "机组台数", "units", "", count, 32.0),
        ("capacity", "装机容量", "capacity", "MW", report.unit_capacity_mw, 3405.0),
        ("peak_load", "最高负荷", "highest load", "MW", report.peak_load_mw, rts79.PEAK_MW),
        ("hours", "小时数", "hours", "h", float(case.load_mw.size), 8736.0),
    ):
        yield _row(
            f"rts79.{name}", f"RTS-79：{zh}", f"RTS-79: {en}", unit, TASK_FORCE, "B", **near(figure, known)
        )
    yield _row(
        "rts79.mean_outage",
        "RTS-79：停运容量期望",
        "RTS-79: expected outage",
        "MW",
        "arithmetic: sum of number x capacity x forced outage rate",
        "exact",
        **near(report.mean_outage_mw, mean, share=1e-9),
    )
    months = report.risk_hours.sum(axis=1).tolist()
    yield Chart(
        "adequacy-rts79-months",
        "bars",
        Label("RTS-79：各月失负荷小时期望", "RTS-79: expected hours of lost load by month"),
        Label("h", "h"),
        Label("月", "month"),
        [Series(Label("失负荷小时期望", "expected hours of lost load"), [str(m) for m in report.months], months)],
    )  # fmt: skip


def _grids(case: AdequacyCase, report: AdequacyReport, steps: tuple[float, ...]) -> Iterator[Piece]:
    """A coarser grid of the table moves the indices by 1 % at most."""
    for step in steps:
        coarse = assess(replace(case, grid_mw=step))
        for name, zh, unit, figure, known in (
            ("lole_hours", "失负荷小时期望", "h/a", coarse.lole_hours, report.lole_hours),
            ("eens_mwh", "期望缺供电量", "MWh/a", coarse.eens_mwh, report.eens_mwh),
        ):
            yield _row(
                f"grid_{step:g}.{name}",
                f"RTS-79：停运表步长 {step:g} MW 时的{zh}",
                f"RTS-79: {name.split('_')[0].upper()} with a table of outages in steps of {step:g} MW",
                unit,
                "the same with steps of 1 MW, which is exact here",
                "method",
                **near(figure, known, share=0.01),
            )


def _sampled(case: AdequacyCase, report: AdequacyReport, count: int) -> Iterator[Piece]:
    """Indices, and hours of lost load as the load grows, by convolution and by sampling."""
    states = sampled_outages(case.units, count)
    table = outage_table(
        [u.capacity_mw for u in case.units],
        [u.forced_outage_share for u in case.units],
        [u.count for u in case.units],
        1.0,
    )
    hours, energy = hours_and_energy(states, table.capacity_mw - case.load_mw)
    for name, zh, en, unit, figure, found in (
        ("lole_hours", "失负荷小时期望", "expected hours of lost load", "h/a", report.lole_hours, hours),
        ("eens_mwh", "期望缺供电量", "expected energy not served", "MWh/a", report.eens_mwh, energy),
    ):
        yield _row(
            f"sampled.{name}",
            f"RTS-79：{zh}，与 {count:,} 次抽样比较",
            f"RTS-79: {en}, beside {count:,} samples",
            unit,
            SAMPLING,
            "method",
            **near(figure, found.mean, absolute=ERRORS * found.error),
        )
    shape = case.load_mw / report.peak_load_mw
    exact, drawn = [], []
    for peak in LOADS_MW:
        margin = table.capacity_mw - peak * shape
        exact.append(float(risk_of(table, margin).loss.sum()))
        drawn.append(hours_and_energy(states, margin)[0].mean)
    yield Chart(
        "adequacy-rts79-load",
        "lines",
        Label("RTS-79：最高负荷变化时的失负荷小时期望", "RTS-79: expected hours of lost load as the highest load changes"),
        Label("年最高负荷，MW", "highest load of the year, MW"),
        Label("失负荷小时期望，h/a", "expected hours of lost load, h/a"),
        [
            Series(Label("卷积", "convolution"), LOADS_MW.tolist(), exact),
            Series(Label("抽样", "sampling"), LOADS_MW.tolist(), drawn),
        ],
    )  # fmt: skip


def _enumerated(count: int) -> Iterator[Piece]:
    """The table beside all states of small fleets: largest relative differences."""
    rng = np.random.default_rng(count)
    loss, unserved, mean = 0.0, 0.0, 0.0
    for _ in range(count):
        classes = [
            (float(rng.integers(1, 41)), float(rng.random()), int(rng.integers(1, 4)))
            for _ in range(rng.integers(1, 5))
        ]
        margins = rng.uniform(-20, 160, 8)
        known_loss, known_unserved, known_mean = every_state(classes, margins.tolist())
        sizes, shares, numbers = zip(*classes, strict=True)
        table = outage_table(sizes, shares, numbers, 1.0)
        risk = risk_of(table, margins)
        loss = max(loss, _apart(risk.loss, known_loss, 1e-13))
        unserved = max(unserved, _apart(risk.unserved_mw, known_unserved, 1e-9))
        mean = max(mean, abs(table.mean_mw / known_mean - 1))
    for name, zh, en, value, limit in (
        ("loss", "失负荷概率", "loss-of-load probability", loss, 1e-9),
        ("unserved", "期望缺供电力", "expected unserved load", unserved, 1e-9),
        ("mean", "停运容量期望", "expected outage", mean, 1e-12),
    ):
        yield _row(
            f"enumerated.{name}",
            f"{count} 个小系统：{zh}与逐一枚举全部状态的最大相对差",
            f"{count} small fleets: largest relative difference of the {en} to going through all states",
            "share",
            STATES,
            "exact",
            **at_most(value, limit),
        )


def _apart(values: np.ndarray, known: np.ndarray, least: float) -> float:
    """Largest relative difference; differences up to `least` are rounding."""
    over = np.maximum(np.abs(values - known) - least, 0.0)
    return float(np.max(np.divide(over, np.abs(known), out=over, where=known != 0)))


def _by_hand() -> Comparison:
    """Two units of 100 and 60 MW: 90 MW is lost when the large one is out, 120 MW also when the small one is."""
    units = (AdequacyUnit("a", 100.0, 0.1, 1), AdequacyUnit("b", 60.0, 0.2, 1))
    load = np.full(24, 90.0)
    load[18] = 120.0
    report = assess(AdequacyCase(load_mw=load, units=units, standard_hours=1.0))
    short_90 = 0.1 * 0.8 * 30 + 0.1 * 0.2 * 90
    short_120 = 0.1 * 0.8 * 60 + 0.9 * 0.2 * 20 + 0.1 * 0.2 * 120
    return _row(
        "by_hand.eens_mwh",
        "两台机组、一天、手算：期望缺供电量",
        "two units, one day, by hand: expected energy not served",
        "MWh",
        "by hand: the four states of two units",
        "exact",
        **near(report.eens_mwh, 23 * short_90 + short_120, share=1e-12),
    )


def _definitions(case: AdequacyCase, report: AdequacyReport) -> Iterator[Piece]:
    """What capacity lacking and capacity credits are defined by holds when it is put in."""
    hours = case.load_mw.size
    lacking = report.capacity_lacking_mw
    met = assess(replace(case, resources=(constant("firm", lacking, hours),)))
    yield _row(
        "rts79.lacking",
        f"RTS-79：加上所缺的 {lacking:,.0f} MW 后的失负荷小时期望，与标准比较",
        f"RTS-79: hours of lost load once the {lacking:,.0f} MW lacking are added, beside the standard",
        "h/a",
        "definition: the standard is met",
        "exact",
        figure=met.lole_hours,
        reference=met.standard_hours,
        low=met.standard_hours * 0.98,
        high=met.standard_hours,
    )
    for at_standard, zh, en in (
        (False, "原有风险下", "at the risk of the system"),
        (True, "标准下", "at the standard"),
    ):
        resources = (constant("firm", 150.0, hours), AdequacyResource("idle", 150.0, np.zeros(hours)))
        firm, idle = assess(replace(case, resources=resources, credits_at_standard=at_standard)).credits
        mark = "standard" if at_standard else "risk"
        yield _row(
            f"credit.firm.{mark}",
            f"RTS-79：恒定出力 150 MW 的容量置信度（{zh}）",
            f"RTS-79: capacity credit of a constant 150 MW, {en}",
            "share",
            "definition: perfect capacity carries its nameplate",
            "exact",
            **near(firm.credit_share, 1.0, absolute=1e-4),
        )
        yield _row(
            f"credit.idle.{mark}",
            f"RTS-79：从不出力的 150 MW 的容量置信度（{zh}）",
            f"RTS-79: capacity credit of 150 MW that never run, {en}",
            "share",
            "definition: no output carries nothing",
            "exact",
            **near(idle.credit_share, 0.0),
        )
    clock = np.arange(hours) % 24
    sun = AdequacyResource("sun", 400.0, 400 * np.maximum(np.sin(2 * np.pi * (clock - 6) / 24), 0) ** 2)
    (credit,) = assess(replace(case, resources=(sun,))).credits
    raised = assess(replace(case, load_mw=case.load_mw + credit.elcc_mw, resources=(sun,)))
    yield _row(
        "credit.sun",
        f"RTS-79：加入光伏及其可信容量（{credit.elcc_mw:.0f} MW）的负荷后的失负荷小时期望",
        f"RTS-79: hours of lost load with PV and a load as large as what it carries ({credit.elcc_mw:.0f} MW)",
        "h/a",
        "definition (Garver 1966): the risk is that of the system without it",
        "exact",
        **near(raised.lole_hours, report.lole_hours, share=2e-3),
    )


def _stores(seeds: int) -> Iterator[Piece]:
    """The schedule of a store against the risk beside the least risk that any schedule has."""
    deviation, power, share = 40.0, 90.0, 0.92
    for hours in (2.0, 8.0, 40.0):
        for seed in range(seeds):
            load = week(np.random.default_rng(seed)) + np.repeat([0, 60, 90, 40, -30, -80, -60], 24)
            store = StoreSize(power, power, power * hours, share, share)
            after = load + schedule_stores(load, [store], 1.0, deviation)
            base = float(load.max())
            risk = float(np.exp((after - base) / deviation).sum())
            yield _row(
                f"store.{hours:g}h.{seed}",
                f"{hours:g} 小时储能的避险调度（第 {seed + 1} 周）：风险与最小风险",
                f"schedule of a {hours:g} h store against the risk (week {seed + 1}): its risk beside the least",
                "",
                HIGHS,
                "method",
                **near(risk, least_risk(load - base, store, deviation), share=5e-3),
            )


def _region(quick: bool) -> Iterator[Piece]:
    """Years of Jiangsu as they are dispatched beside the assessment of the same fleet told as anyone's."""
    yield Paragraph(
        Label(
            "江苏各年的充裕度由预测快速算出；以下用面向任意机组的评估对同一机组、负荷与储能重算。"
            "失负荷标准为每年 2.4 小时。",
            "The adequacy of the years of Jiangsu is calculated within the projection; below, the assessment for any fleet "
            "is given the same units, load and stores. The standard of lost load is 2.4 hours a year.",
        )
    )
    for calendar in (QUICK_YEAR,) if quick else YEARS:
        given = made_up(calendar, calendar) if quick else projected()
        own = given.year(calendar, DispatchMode.FAST_COMMITMENT)
        kind = (
            Label("测试用负荷", "made-up load of the tests")
            if quick
            else Label("规划情景", "baseline planned")
        )
        name = Label(f"江苏 {calendar} 年（{kind.zh}）", f"Jiangsu {calendar}, {kind.en}")
        yield from _year_rows(calendar, name, own, year_risk(own.request, own.year))


def _year_rows(calendar: int, name: Label, own: RegionYear, risk: YearRisk) -> Iterator[Comparison]:
    report = assess(case_of(own.request, own.year))
    source = "general assessment of the same units, load, resources and stores"
    for what, zh, en, unit, figure, known, share, absolute in (
        ("lole_hours", "失负荷小时期望", "expected hours of lost load", "h/a",
         risk.lole_hours, report.lole_hours, 1e-6, 0.0),
        ("eens_mwh", "期望缺供电量", "expected energy not served", "MWh/a",
         risk.eens_mwh, report.eens_mwh, 1e-6, 0.0),
        ("lacking_mw", "所缺容量", "capacity lacking", "MW",
         risk.capacity_lacking_mw, report.capacity_lacking_mw, 0.0, 0.1),
    ):  # fmt: skip
        yield _row(
            f"jiangsu_{calendar}.{what}",
            f"{name.zh}：{zh}",
            f"{name.en}: {en}",
            unit,
            source,
            "method",
            **near(figure, known, share=share, absolute=absolute),
        )
    credits = {c.resource_id: c for c in report.credits}
    for what in CREDITED:
        # The region counts a store at its nameplate, dispatch and assessment at what is available of it.
        power = (
            own.request.capacity.mean_mw[what][own.year.index]
            if what in STORES
            else credits[what].capacity_mw
        )
        words = CREDIT_WORDS[what]
        yield _row(
            f"jiangsu_{calendar}.credit_{what}",
            f"{name.zh}：{words.zh}的容量置信度",
            f"{name.en}: capacity credit of {words.en}",
            "share",
            source,
            "method",
            **near(risk.credit_shares[what], credits[what].elcc_mw / power, absolute=1e-4),
        )  # fmt: skip


SECTION = Section(
    "adequacy",
    Label("电力充裕度", "Adequacy of the power system"),
    Label(
        "失负荷期望与缺供电量：公布的测试系统、抽样、枚举、线性规划，以及江苏各年。",
        "Expected lost load and energy not served: the published test system, sampling, enumeration, a linear programme, "
        "and years of Jiangsu.",
    ),
    run,
    0.5,
)
