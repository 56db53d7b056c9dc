"""Tables of `dafeng batch`."""

from collections.abc import Iterable, Sequence

from dafeng.batch.v1 import batch_pb2
from dafeng.cli.files import INTERNAL_MARK
from dafeng.cli.output import grade_text, number, out, table

_STATES = {
    batch_pb2.BATCH_STATE_QUEUED: "排队 queued",
    batch_pb2.BATCH_STATE_RUNNING: "计算中 running",
    batch_pb2.BATCH_STATE_PAUSED: "暂停 paused (store full)",
    batch_pb2.BATCH_STATE_COMPLETE: "完成 complete",
    batch_pb2.BATCH_STATE_COMPLETE_WITH_FAILURES: "完成，有失败 complete with failures",
    batch_pb2.BATCH_STATE_CANCELLED: "已取消 cancelled",
}
_MARK = f"  {INTERNAL_MARK}"


def batches(found: Sequence[batch_pb2.Batch]) -> None:
    """Batches with their state."""
    rows = [
        (
            b.batch_id,
            b.title or "-",
            _STATES.get(b.state, "?"),
            f"{b.done_count:,} / {b.member_count:,}",
            f"{b.failed_count:,}",
            b.created_at,
            b.result_digest[:12] or "-",
        )
        for b in found
    ]
    names = (
        "批次 batch",
        "标题 title",
        "状态 state",
        "完成 done",
        "失败 failed",
        "接收 created UTC",
        "摘要 digest",
    )
    table("批次 batches", names, rows, right=(3, 4), spare=(1, 5))


def pace(seen: batch_pb2.WatchBatchResponse) -> str:
    """How fast it goes and how long it takes, in one line."""
    if not seen.members_per_s:
        return _STATES.get(seen.batch.state, "")
    minutes, seconds = divmod(round(seen.time_left_s), 60)
    left = f"，剩余 left {minutes}:{seconds:02d}" if seen.time_left_s else ""
    return f"{seen.members_per_s:.1f} 个/秒 members/s{left}"


def percentiles(found: Sequence[batch_pb2.ColumnPercentiles]) -> None:
    """Percentiles by column."""
    rows = [
        (
            c.column_id,
            f"{c.member_count:,}",
            number(c.p10),
            number(c.p50),
            number(c.p90),
            f"{number(c.p10_low)} … {number(c.p10_high)}",
            f"{number(c.p90_low)} … {number(c.p90_high)}",
        )
        for c in found
    ]
    names = ("列 column", "成员 members", "P10", "P50", "P90", "P10 95 %", "P90 95 %")
    if rows:
        table(
            "分位数 percentiles (95 %: 次序统计量区间 order statistics)",
            names,
            rows,
            right=range(1, 7),
            spare=(5, 6),
        )
        out.print(_MARK, highlight=False)


def rows(column_ids: Sequence[str], found: Sequence[batch_pb2.MemberResult]) -> None:
    """Members with some columns."""
    made = [
        (
            str(r.member),
            *((number(v) for v in r.values) if not r.failure else ("-",) * len(column_ids)),
            f"{r.failure} {r.detail}"[:60] if r.failure else r.digest[:12],
        )
        for r in found
    ]
    names = ("成员 member", *column_ids, "摘要或失败 digest or failure")
    table("成员结果 members", names, made, right=range(len(column_ids) + 1))
    out.print(_MARK, highlight=False)


def summary(found: batch_pb2.SummariseBatchResponse) -> None:
    """All statistics that were asked."""
    percentiles(found.percentiles)
    _exceedances(found.exceedances)
    _targets(found)
    if found.HasField("joint"):
        _joint(found.joint)
    for one in found.sensitivities:
        _sensitivity(one)


def member(found: batch_pb2.GetMemberResponse) -> None:
    """A member calculated again."""
    verdict = "一致 same digest" if found.same else "不一致 NOT the same digest"
    lines = [
        ("成员 member", str(found.stored.member)),
        ("天气年 weather year", found.weather_year),
        ("存储摘要 stored digest", found.stored.digest or found.stored.failure),
        ("重算摘要 digest now", found.digest or "-"),
        ("结论 verdict", verdict),
    ]
    table("成员复算 member calculated again", ("项 item", "值 value"), lines)
    settings = [
        (s.lever_id, s.place or "-", "; ".join(_points(s.years, s.values))) for s in found.scenario.settings
    ]
    table("抓手设置 settings", ("抓手 lever", "城市 city", "值 values"), settings)


def quotas(found: batch_pb2.Quotas) -> None:
    """Quotas."""
    lines = [
        ("每批成员上限 most members of a batch", f"{found.most_members:,}"),
        ("每批列数上限 most columns", f"{found.most_columns:,}"),
        ("未结束批次 open batches", f"{found.open_batches:,} / {found.most_open_batches:,}"),
        ("上传表上限 most bytes of a table", f"{found.most_table_bytes:,}"),
        ("保留天数 retention days", f"{found.retention_days:,}"),
        ("请求编号保留天数 request ids kept, days", f"{found.request_id_days:,}"),
        ("存储字节 bytes of the store", f"{found.store_bytes:,}"),
        ("工作进程 worker processes", f"{found.worker_count:,}"),
    ]
    table("配额 quotas", ("项 item", "值 value"), lines, right=(1,))


def inputs(found: Sequence[batch_pb2.DescribedInput]) -> None:
    """Uncertain inputs with their distributions and sources."""
    rows = [
        (
            i.input_id,
            f"{i.label.zh} {i.label.en}",
            "参数 parameter" if i.axis == "parameter" else "政策 policy",
            i.change,
            "; ".join(
                f"{d.year or '-'}: {d.kind} {number(d.low)} / {number(d.middle)} / {number(d.high)}"
                for d in i.distributions
            ),
            i.group or "-",
            f"{i.provenance.source} ({grade_text(i.provenance.grade)})",
        )
        for i in found
    ]
    names = (
        "输入 input",
        "名称 name",
        "轴 axis",
        "变化 change",
        "分布 low/middle/high",
        "组 group",
        "来源 source (grade)",
    )
    table("不确定性输入 uncertain inputs", names, rows, spare=(5, 6))


def _points(years: Sequence[int], values: Sequence[float]) -> Iterable[str]:
    if not years:
        return [number(v) for v in values]
    shown = [i for i, y in enumerate(years) if y % 5 == 0] or range(len(years))
    return [f"{years[i]}: {number(values[i])}" for i in shown]


def _exceedances(found: Sequence[batch_pb2.Exceedance]) -> None:
    if found:
        made = [(e.threshold.column_id, number(e.threshold.value), *_share(e.above)) for e in found]
        names = ("列 column", "阈值 threshold", "高于 above", "95 %", "成员 members")
        table("超越概率 exceedance", names, made, right=range(1, 5))


def _targets(found: batch_pb2.SummariseBatchResponse) -> None:
    if not found.targets:
        return
    made = [(t.target_id, *_share(t.met)) for t in found.targets]
    if found.HasField("all_targets_met"):
        made.append(("全部 all", *_share(found.all_targets_met)))
    names = ("目标 target", "达成 met", "95 %", "成员 members")
    table("目标达成概率 chances of meeting targets", names, made, right=range(1, 4))


def _joint(found: batch_pb2.JointPeaks) -> None:
    made = [
        (
            str(y.year or "末年仍升 still rising"),
            f"{y.share:.1%}",
            *(number(v / 1e6) for v in (y.p10_tco2, y.p50_tco2, y.p90_tco2)),
        )
        for y in found.years
    ]
    names = ("碳达峰年 carbon peak", "概率 share", "P10 Mt", "P50 Mt", "P90 Mt")
    table("碳达峰年与峰值（所保留的年份） carbon peak, of the kept years", names, made, right=range(1, 5))
    if found.HasField("kendall_tau"):
        out.print(
            f"  碳达峰峰值与{found.peak_load_year}年尖峰负荷 carbon peak and peak load of that year: "
            f"Kendall τ {found.kendall_tau:.2f}",
            highlight=False,
        )


def _sensitivity(found: batch_pb2.ColumnSensitivity) -> None:
    title = f"敏感性 sensitivity of {found.column_id} ({found.method})"
    if found.reason:
        out.print(f"{title}: {found.reason}", highlight=False, markup=False)
        return
    made = [
        (
            f"{i.label.zh} {i.label.en}".strip() or i.input_id,
            _optional(i, "first_order_share"),
            _optional(i, "total_share"),
            _optional(i, "mean_effect"),
            _optional(i, "effect_spread"),
            _optional(i, "rank_correlation"),
        )
        for i in found.inputs[:20]
    ]
    names = ("输入 input", "一阶 first order", "总 total", "μ*", "σ", "秩相关 rank corr.")
    table(title, names, made, right=range(1, 6))


def _share(found: batch_pb2.CountedShare) -> tuple[str, str, str]:
    missing = f" (+{found.not_counted_count:,} 未计 not counted)" if found.not_counted_count else ""
    return (
        f"{found.share:.1%}",
        f"{found.low_share:.1%} … {found.high_share:.1%}",
        f"{found.member_count:,}{missing}",
    )


def _optional(found: batch_pb2.InputSensitivity, name: str) -> str:
    return number(getattr(found, name)) if found.HasField(name) else "-"  # type: ignore[arg-type]
