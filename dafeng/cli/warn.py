"""`dafeng warn`: how targets stand, how likely they are missed, and how well warnings of past years did."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated

import typer
from google.protobuf import json_format
from rich.markup import escape

from dafeng.cli.connection import connected, translated_errors
from dafeng.cli.files import INTERNAL_MARK, write_json, write_rows
from dafeng.cli.options import Address, BaselineName, JsonFile
from dafeng.cli.output import number, out, progress, table
from dafeng.cli.parsing import parse_settings, place_asked
from dafeng.client import InvalidInputError, Violation
from dafeng.common.v1 import common_pb2
from dafeng.warning.v1 import warning_pb2

EXAMPLE = "Example: dafeng warn jiangsu --members 16 --own-rules docs/examples/warning-rules.json"


def warn(
    region: Annotated[str, typer.Argument(help="Region id, for example jiangsu, or a city for its targets.")],
    scenario: BaselineName = "planned",
    set_: Annotated[
        list[str] | None, typer.Option("--set", help="lever=value@year; such a lever is certain. Repeatable.")
    ] = None,
    backtest: Annotated[
        bool, typer.Option("--backtest", help="Warn as in past years and count false alarms and misses.")
    ] = False,
    rules: Annotated[str, typer.Option(help="Rule set; see --list-rules.")] = "",
    own_rules: Annotated[
        Path | None, typer.Option(help="JSON file with a rule set of your own (OwnRuleSet).")
    ] = None,
    list_rules: Annotated[bool, typer.Option("--list-rules", help="Print the rule sets and stop.")] = False,
    members: Annotated[int, typer.Option(help="Members of the ensemble; 0: default of the data (64).")] = 0,
    seed: Annotated[int, typer.Option(help="Seed of the members; -1: default of the data.")] = -1,
    target: Annotated[list[str] | None, typer.Option(help="Target id; all when none is given.")] = None,
    policy: Annotated[
        list[str] | None, typer.Option(help="Policy input that is to vary as well. Repeatable.")
    ] = None,
    as_of: Annotated[int, typer.Option("--as-of", help="Hide observations after this year.")] = 0,
    issued: Annotated[
        int, typer.Option(help="Year as of which the ensemble was made; later observations weigh it.")
    ] = 0,
    no_peaks: Annotated[bool, typer.Option(help="Leave out the years that only the peaks need.")] = False,
    json_file: JsonFile = None,
    csv_file: Annotated[Path | None, typer.Option("--csv", help="Write the main table as CSV file.")] = None,
    address: Address = "",
) -> None:
    """Early warning 预警: gaps, chances of missing, colours by an office's rules; --backtest scores past warnings."""
    with translated_errors():
        settings = parse_settings(set_ or ())
        own = _own_rules(own_rules) if own_rules is not None else None
    with connected(address) as client:
        place, _ = place_asked(client, region)
        if list_rules:
            _rule_sets(client.warnings.rule_sets(place))
            return
        request = warning_pb2.AssessWarningRequest(
            frame=common_pb2.Frame(region=place, as_of_year=as_of),
            scenario=common_pb2.Scenario(baseline=scenario, settings=settings),
            rule_set_id=rules,
            own_rule_set=own,
            policy_inputs=policy or (),
            issued_year=issued,
        )
        if members:
            request.member_count = members
        if seed >= 0:
            request.seed = seed
        if backtest:
            past = warning_pb2.BacktestRequest()
            past.ParseFromString(request.SerializeToString())
            with progress("预警回测 back-test of warnings") as tell:
                result = client.warnings.backtest(past, tell)
            _print_backtest(result)
            lines = _backtest_lines(result.cases)
        else:
            request.target_ids.extend(target or ())
            request.without_peaks = no_peaks
            with progress("预警 early warning") as tell:
                found = client.warnings.assess(request, tell)
            _print_assessment(found)
            lines = _assessment_lines(found.targets)
        if json_file is not None:
            write_json(json_file, result if backtest else found)
        if csv_file is not None:
            write_rows(csv_file, lines)


def _own_rules(path: Path) -> warning_pb2.OwnRuleSet:
    try:
        return json_format.Parse(path.read_text("utf-8"), warning_pb2.OwnRuleSet())
    except (OSError, UnicodeDecodeError, json_format.ParseError) as error:
        raise InvalidInputError("rules cannot be read", (Violation("--own-rules", str(error)),)) from None


def _rule_sets(sets: Iterable[warning_pb2.WarningRuleSet]) -> None:
    for one in sets:
        title = (
            f"{one.rule_set_id}: {one.label.zh} {one.label.en} ({one.owner.zh} {one.owner.en}, {one.version})"
        )
        rows = [
            (
                r.number or "-",
                r.colour,
                f"{r.label.zh} {r.label.en}",
                " and ".join(map(_condition, r.conditions)),
            )
            for r in one.rules
        ]
        table(title, ("级别 level", "颜色 colour", "含义 meaning", "条件 condition"), rows)


def _condition(one: warning_pb2.WarningCondition) -> str:
    quantity = warning_pb2.WarningQuantity.Name(one.quantity).removeprefix("WARNING_QUANTITY_").lower()
    sign = warning_pb2.WarningComparison.Name(one.comparison).removeprefix("WARNING_COMPARISON_").lower()
    return f"{quantity} {sign}" + ("" if sign == "missing" else f" {one.threshold:g}")


def _print_assessment(found: warning_pb2.WarningAssessment) -> None:
    columns = (
        "目标 target",
        "要求 asked",
        "已见 seen",
        "差距 gap",
        "单位 office",
        "完整 full",
        "p 先验 prior",
        "p 后验 posterior",
        "剩余 left",
    )
    rows = [
        (
            f"{t.target_id} {t.label.zh}",
            _asked(t),
            f"{number(t.seen)} ({t.observed_year})" if t.HasField("seen") else "-",
            f"{100 * t.gap_ratio:+.1f} %" if t.HasField("gap_ratio") else "-",
            _colour(t.office_colour),
            _colour(t.full_colour),
            f"{t.prior.share:.2f}" if t.HasField("prior") else "-",
            _chance(t.posterior) if t.HasField("posterior") else "-",
            f"{number(t.remaining)} {escape(t.remaining_unit)}" if t.HasField("remaining") else "-",
        )
        for t in found.targets
    ]
    table("预警 early warning (p: 未完成概率 chance of missing)", columns, rows, right=(2, 3, 6, 7, 8))
    bands = [
        (
            f"{b.label.zh} {b.label.en}",
            b.year or "-",
            *(f"{v / _size(b.unit)[0]:,.1f}" for v in (b.prior_p10, b.prior_p50, b.prior_p90)),
            *(f"{v / _size(b.unit)[0]:,.1f}" for v in (b.posterior_p10, b.posterior_p50, b.posterior_p90)),
            _size(b.unit)[1],
        )
        for b in found.bands
    ]
    table(
        "集合 ensemble: 10 %, 50 %, 90 %",
        ("量 quantity", "年 year", "先验 prior", "", "", "后验 posterior", "", "", "单位 unit"),
        bands,
        right=range(1, 8),
    )
    peaks = [
        (p.year or "无 none", f"{100 * p.prior_share:.0f} %", f"{100 * p.posterior_share:.0f} %",
         f"{p.level_p50_tco2 / 1e6:,.1f}")
        for p in found.carbon_peak_years
    ]  # fmt: skip
    table(
        "碳达峰年份 year of the carbon peak",
        ("年 year", "先验 prior", "后验 posterior", "峰值中位 median level, Mt"),
        peaks,
        right=range(1, 4),
    )
    left_out = ", ".join(f"{t.target_id} ({t.reason})" for t in found.left_out)
    if left_out:
        out.print(f"未跟踪 not followed: {left_out}", highlight=False, markup=False)
    owner = f"{found.rule_set.owner.zh} {found.rule_set.owner.en}"
    flags = f"; {', '.join(found.flags)}" if found.flags else ""
    out.print(
        f"规则 rules {found.rule_set.rule_set_id} {found.rule_set.version} ({owner}); "
        f"{found.member_count} 成员 members, 有效 effective {found.effective_member_count:.1f}, "
        f"种子 seed {found.seed}{flags}; 评估年 assessed {found.assessed_year}; "
        f"digest {found.digest[:12]}; {INTERNAL_MARK}",
        style="dim",
        highlight=False,
    )


def _size(unit: str) -> tuple[float, str]:
    return (1e6, "Mt CO2") if unit == "tCO2" else (1e3, "GW") if unit == "MW" else (1.0, unit)


def _colour(one: warning_pb2.WarningColour) -> str:
    level = f" {one.number}" if one.number else ""
    return f"{one.colour or '-'}{level}{' *' if one.held_back else ''}"


def _asked(t: warning_pb2.TargetWarning) -> str:
    """The number as the document prints it, its unit and year; a year asked for stands alone."""
    return f"{t.asked:g}" if t.unit == "year" else f"{t.asked:g} {escape(t.unit)} {t.year}"


def _chance(one: warning_pb2.WarningChance) -> str:
    return f"{one.share:.2f} ({one.low_share:.2f}-{one.high_share:.2f})"


def _print_backtest(found: warning_pb2.BacktestResult) -> None:
    columns = ("方式 way", "截至 as of", "n", "无答 none", "命中 hit", "漏报 miss", "误报 false", "正确 right",
               "漏报率 miss rate", "误报率 false-alarm rate")  # fmt: skip
    rows = [
        (
            s.way,
            s.as_of_year or "全部 all",
            f"{s.case_count}/{s.series_count}",
            s.no_answer_count,
            s.hit_count,
            s.miss_count,
            s.false_alarm_count,
            s.correct_negative_count,
            _rate(s, "miss_rate"),
            _rate(s, "false_alarm_rate"),
        )
        for s in found.scores
    ]
    table("预警回测 back-test of warnings (n: 样本/序列 cases/series)", columns, rows, right=range(1, 10))
    ways = {s.way: f"{s.way} = {s.label.zh} {s.label.en}" for s in found.scores}
    out.print("; ".join(ways.values()), highlight=False, markup=False)
    table(
        "布莱尔评分 Brier score",
        ("概率 chance", "截至 as of", "n", "评分 score", "基准率 base rate", "参考 reference", "技巧 skill"),
        [
            (b.way, b.as_of_year or "全部 all", b.case_count, f"{b.brier:.3f}", f"{b.base_rate:.2f}",
             f"{b.reference:.3f}", f"{b.skill:+.2f}" if b.HasField("skill") else "-")
            for b in found.brier
        ],
        right=range(1, 7),
    )  # fmt: skip
    table(
        "可靠性 reliability (posterior)",
        ("概率区间 bin", "n", "平均概率 mean chance", "实际未完成 missed"),
        [
            (f"{b.low_share:.1f}-{b.high_share:.1f}", b.case_count,
             f"{b.mean_share:.2f}" if b.HasField("mean_share") else "-",
             f"{b.missed_share:.2f}" if b.HasField("missed_share") else "-")
            for b in found.reliability
        ],
        right=range(1, 4),
    )  # fmt: skip
    for note in found.notes:
        out.print(f"{note.zh} {note.en}", highlight=False, markup=False)
    out.print(
        f"规则 rules {found.rule_set.rule_set_id}; {found.member_count} 成员 members a year, 种子 seed {found.seed}; "
        f"区间 intervals: {found.bootstrap_count} bootstrap samples over series; digest {found.digest[:12]}; "
        f"{INTERNAL_MARK}",
        style="dim",
        highlight=False,
    )


def _rate(s: warning_pb2.Score, name: str) -> str:
    if not s.HasField(name):  # type: ignore[arg-type]
        return "-"
    low, high = getattr(s, f"{name}_low"), getattr(s, f"{name}_high")
    return f"{100 * getattr(s, name):.0f} % ({100 * low:.0f}-{100 * high:.0f})"


def _assessment_lines(targets: Iterable[warning_pb2.TargetWarning]) -> list[Sequence[object]]:
    names = ("target_id", "year", "asked", "unit", "observed_year", "seen", "required_now", "gap_ratio",
             "year_gap_ratio", "remaining", "remaining_per_year", "remaining_unit")  # fmt: skip
    lines: list[Sequence[object]] = [
        (
            *names,
            "office_colour",
            "full_colour",
            "prior_share",
            "posterior_share",
            "reasons",
            "label_zh",
            "label_en",
        )
    ]
    for t in targets:
        lines.append(
            (
                *(_cell(t, n) for n in names),
                t.office_colour.colour,
                t.full_colour.colour,
                t.prior.share if t.HasField("prior") else "",
                t.posterior.share if t.HasField("posterior") else "",
                " ".join(t.reasons),
                t.label.zh,
                t.label.en,
            )
        )
    return lines


def _backtest_lines(cases: Iterable[warning_pb2.BacktestCase]) -> list[Sequence[object]]:
    names = [f.name for f in warning_pb2.BacktestCase.DESCRIPTOR.fields if f.name != "label"]
    return [
        (*names, "label_zh", "label_en"),
        *((*(_cell(c, n) for n in names), c.label.zh, c.label.en) for c in cases),
    ]


def _cell(message: warning_pb2.TargetWarning | warning_pb2.BacktestCase, name: str) -> object:
    field = message.DESCRIPTOR.fields_by_name[name]
    if field.has_presence and not message.HasField(name):  # type: ignore[arg-type]
        return ""
    return getattr(message, name)
