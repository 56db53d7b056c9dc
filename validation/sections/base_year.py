"""The base year 2020 of the model beside statistics, and the calibration factors inside their bounds."""

from collections.abc import Iterator

from services.common.words import Label
from validation.comparison import Chart, Comparison, Paragraph, Piece, Section, Series, near
from validation.context import Context
from validation.provenance import grade_of, source_of
from validation.regions import REGIONS, region_ids

_DERIVED = Label(
    "参照本身为推算（等级 C）：模型由同一规则校准，因此只检查算术，不是独立证据",
    "the reference is itself an estimate (grade C) and the model is calibrated on it: this checks the arithmetic, it is no "
    "independent evidence",
)


def run(context: Context) -> Iterator[Piece]:
    """Every check of the base year of both provinces, then every factor."""
    for region in region_ids(context.quick):
        reply = context.client.check_base(region)
        name = REGIONS[region]
        x, y = [], []
        for check in reply.checks:
            x.append(check.statistic)
            y.append(check.model)
            grade = grade_of(check.provenance)
            yield Comparison(
                f"base.{region}.{check.check}",
                Label(f"{name.zh}：{check.label.zh}", f"{name.en}: {check.label.en}"),
                unit=check.unit,
                source=source_of(check.provenance),
                grade=grade,
                remark=_DERIVED if grade == "C" else None,
                **near(check.model, check.statistic, share=check.tolerance_share),
            )
        yield Chart(
            f"base-{region}",
            "match",
            Label(f"{name.zh}：2020 年模型与统计值", f"{name.en}: model and statistics of 2020"),
            Label("统计值（各自单位）", "statistic (each in its unit)"),
            Label("模型", "model"),
            (Series(name, x, y),),
        )
        yield Paragraph(
            Label(
                f"{name.zh}的校准系数：统计值与未校准模型之比，每个都有事先写明的允许范围。",
                f"Calibration factors of {name.en}: statistic over uncalibrated model, each with bounds that are written down "
                "beforehand.",
            )
        )
        for factor in reply.factors:
            yield Comparison(
                f"base.{region}.factor.{factor.factor}",
                Label(f"{name.zh}：系数 {factor.factor}", f"{name.en}: factor {factor.factor}"),
                figure=factor.value,
                reference=1.0,
                unit="",
                source="bounds in regions/*/*/calibration.csv",
                grade="C",
                low=factor.low,
                high=factor.high,
            )


SECTION = Section(
    "base_year",
    Label("基准年与统计", "Base year beside statistics"),
    Label(
        "2020 年的模型结果与官方统计、能源平衡和普查对照；容差在 regions 的 base_checks 中逐项写明。",
        "Results of the model for 2020 beside official statistics, the energy balance and surveys; the tolerance of each check "
        "stands in base_checks of the region's data.",
    ),
    run,
    minutes=0.2,
)
