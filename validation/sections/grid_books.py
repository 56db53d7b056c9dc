"""Small books of the power sector by other means: NOx at part load, investment by single megawatts, limits of building."""

from collections.abc import Iterator

import numpy as np

from services.common.annuity import capital_recovery_factor
from services.common.regions import load_region
from services.common.words import Label
from services.power.pollutants import thermal_kg_per_mwh
from tests.services.power.test_costs import plain_standing, standing
from tests.services.power.test_plausibility import only, warned
from tests.services.power.test_pollutants import nox_ratio
from tests.services.power.test_retirement import jiangsu_paths
from validation.comparison import Comparison, Piece, at_most, near

NOX = ((1.0, 1.0), (0.5, 1.0), (0.4, 1.15), (0.35, 1.225), (0.3, 1.3), (0.25, 1.3))
THERMAL_YEARS = (2020, 2021, 2022)
# Emission per kWh of thermal power, kg/MWh, in these years.
THERMAL = {"so2": (0.160, 0.101, 0.083), "nox": (0.179, 0.152, 0.133), "pm": (0.032, 0.022, 0.017)}
AIR_WORDS = {
    "so2": Label("二氧化硫", "SO2"),
    "nox": Label("氮氧化物", "NOx"),
    "pm": Label("烟尘", "particulate matter"),
}
CEC = "China Electricity Council, annual development reports 2021 to 2023: emission per kWh of thermal power"
BOOKS = 100
TEST_SHARE = 1e-6  # of a hand-worked figure


def _row(name: str, zh: str, en: str, unit: str, source: str, grade: str, **fields: float) -> Comparison:
    return Comparison(f"grid.{name}", Label(zh, en), unit=unit, source=source, grade=grade, **fields)


def air() -> Iterator[Piece]:
    """Factors of published years as they are read, and NOx of a class at part load by its rule."""
    region = load_region("jiangsu")
    for name, known in THERMAL.items():
        words, found = AIR_WORDS[name], thermal_kg_per_mwh(region, name, THERMAL_YEARS)
        for year, value, reference in zip(THERMAL_YEARS, found, known, strict=True):
            yield _row(
                f"air.{name}.{year}",
                f"{year} 年火电每兆瓦时{words.zh}排放",
                f"{words.en} per MWh of thermal power in {year}",
                "kg/MWh",
                CEC,
                "B",
                **near(float(value), reference, share=TEST_SHARE),
            )
    for load, ratio in NOX:
        yield _row(
            f"air.nox_part_load.{100 * load:g}",
            f"燃煤机组 {100 * load:g} % 负荷时氮氧化物排放与满负荷之比",
            f"NOx per MWh of a coal class at {100 * load:g} % load over that at full load",
            "",
            "by hand: linear from 1 at 50 % to 1.3 at 30 % load, flat outside",
            "exact",
            **near(nox_ratio(load), ratio, share=TEST_SHARE),
        )


def costs() -> Iterator[Piece]:
    """The annuity beside its formula by hand; what stands beside a book that lists every megawatt."""
    yield _row(
        "cost.recovery_factor",
        "资本回收系数（6 %，25 年）",
        "capital recovery factor at 6 % over 25 years",
        "1/a",
        "by hand: 0.06 x 1.06^25 / (1.06^25 - 1), 1.06^25 = 4.29187",
        "exact",
        **near(capital_recovery_factor(0.06, 25), 0.078227, absolute=5e-7),
    )
    rng, worst = np.random.default_rng(BOOKS), 0.0
    for _ in range(BOOKS):
        years = int(rng.integers(2, 13))
        capacity = [float(c) for c in rng.integers(0, 13, years)]
        capex, lifetime = rng.uniform(0, 100, years).tolist(), int(rng.integers(1, 7))
        found, known = (np.array(f(capacity, capex, lifetime)) for f in (standing, plain_standing))
        over = np.maximum(np.abs(found - known) - 1e-9, 0.0)
        worst = max(worst, float(np.max(over / np.maximum(known, 1.0))))
    yield _row(
        "cost.standing_value",
        f"存量装机的投资价值与逐兆瓦台账的最大相对差（{BOOKS} 例）",
        f"investment of what stands beside a book of single megawatts: largest relative difference of {BOOKS} cases",
        "share",
        "book that lists every megawatt with its year",
        "exact",
        **at_most(worst, 1e-9),
    )  # fmt: skip


def building() -> Iterator[Piece]:
    """Limits of plausible building: the most offshore wind a year has seen, what nuclear units can deliver."""
    (first, *_) = only(warned(jiangsu_paths(offshore_wind_capacity=73.9)), "build_rate", "offshore_wind")
    yield _row(
        "building.limit",
        "海上风电年新增的合理上限",
        "most offshore wind that is plausibly built in a year",
        "MW/a",
        first.provenance.source + ": most in a year so far (2021)",
        str(first.provenance.grade.value),
        **near(first.limit, 6070.0),
    )
    yield _row(
        "building.rate",
        "2030 年海上风电 73.9 GW 路径的年新增",
        "yearly building of a path to 73.9 GW of offshore wind in 2030",
        "MW/a",
        "arithmetic: from 13.49 GW at the end of 2025 in five years",
        "exact",
        **near(first.value, (73.9 - 13.49) / 5 * 1e3, share=TEST_SHARE),
    )
    nuclear = only(warned(jiangsu_paths(nuclear_capacity=14.0)), "nuclear_lead_time", "nuclear")
    yield _row(
        "building.nuclear",
        "2030 年前可投产的核电容量",
        "nuclear capacity that listed units can deliver by 2030",
        "MW",
        "arithmetic: 6,608 MW running and two units of 1,265 MW under construction or planned",
        "exact",
        **near(max(w.limit for w in nuclear if w.year <= 2030), 6608.0 + 2 * 1265.0),
    )
