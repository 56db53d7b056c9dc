"""The catalogue of levers, from their rows."""

from docs.site.markdown import code, number, said, table
from services.common.drivers import LEVERS as DRIVERS
from services.common.lever_groups import group_label
from services.common.region_files import sources
from services.common.regions import region_ids
from services.runtime.sectors import sectors

TITLE = {"en": "Levers", "zh": "抓手目录"}
_INTRO = {
    "en": "Every lever by the service that owns it: made from the rows that the services themselves read. A path is a value "
    "by year; a step holds from a year on. Bounds are inclusive. In a scenario: `lever=value@year`, for one city "
    "`lever:city=value@year`. Values of the baselines: `regions/<region>/scenarios/`. The same from a gateway: "
    "`dafeng levers`, `ProjectionService.ListLevers`.",
    "zh": "按所属服务列出全部抓手，由服务自身读取的行生成。path 为逐年取值，step 自某年起生效；上下限含端点。情景写法：`lever=值@年`，单个城市："
    "`lever:城市=值@年`。各基线的取值见 `regions/<地区>/scenarios/`。向网关查询：`dafeng levers`、`ProjectionService.ListLevers`。",
}
_HEAD = {
    "en": (
        "lever",
        "what",
        "unit",
        "kind",
        "bounds",
        "observed to",
        "by city",
        "clauses",
        "grade",
        "source",
        "remark",
    ),
    "zh": ("抓手", "含义", "单位", "类型", "上下限", "已观测至", "分城市", "条款", "等级", "来源", "说明"),
}


def page(language: str) -> str:
    """The whole page."""
    parts = [f"# {TITLE[language]}\n", _INTRO[language] + "\n"]
    known = sources()
    owners = [(e.sector_id, e.model().levers) for e in sectors()] + [("drivers", DRIVERS)]
    for owner, rows in owners:
        parts.append(f"## {owner} ({len(rows)})\n")
        for group in dict.fromkeys(row.group for row in rows):
            parts.append(f"### {said(group_label(owner, group), language)}\n")
            each = [row for row in rows if row.group == group]
            parts.append(table(_HEAD[language], [_row(row, language, known) for row in each]))
    return "\n".join(parts)


def _row(row, language, known):
    source = known.get(row.source)
    return (
        code(row.lever_id),
        said(row.label, language),
        row.unit,
        row.kind.value,
        _bounds(row),
        row.last_observed_year or "",
        "✓" if row.by_city else "",
        ", ".join(row.policy_refs),
        row.grade.value,
        source.title if source else row.source,
        row.note,
    )


def _bounds(row) -> str:
    """The bounds, and those of regions whose size asks for others."""
    own = f"{number(row.low)} – {number(row.high)}"
    others = []
    for region_id in region_ids():
        lever = row.in_region(region_id)
        if (lever.low, lever.high) != (row.low, row.high):
            others.append(f"{region_id} {number(lever.low)} – {number(lever.high)}")
    return "; ".join([own, *others])
