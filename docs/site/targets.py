"""The catalogue of policy targets, from the regions' files."""

from docs.site.markdown import code, number, said, table
from gateway.targets.catalogue import catalogue
from services.common.region_files import sources
from services.common.regions import load_region, region_ids

TITLE = {"en": "Targets", "zh": "目标目录"}
_INTRO = {
    "en": "Every quantified target as its document prints it, and the metric that answers it; then rules without a number, and "
    "numbers that the documents leave to be set. From a gateway, with verdicts: `dafeng targets <region>`.",
    "zh": "文件所载全部量化目标（原文）及作答指标；其后是没有数字的规则，以及文件留待确定的数字。向网关查询并看判定：`dafeng targets <地区>`。",
}
_TARGETS = {
    "en": (
        "id",
        "target",
        "as printed",
        "section",
        "place",
        "number",
        "unit",
        "year",
        "sense",
        "answered by",
        "other readings",
        "remark",
    ),
    "zh": (
        "编号",
        "目标",
        "原文",
        "条",
        "地方",
        "数值",
        "单位",
        "年份",
        "方向",
        "作答指标",
        "其他读法",
        "说明",
    ),
}
_RULES = {
    "en": ("id", "rule", "section", "place", "kind", "years", "metric"),
    "zh": ("编号", "规则", "条", "地方", "类型", "年份", "指标"),
}
_WORDS = {
    "en": {
        "targets": "Targets",
        "rules": "Rules without a number",
        "source": "Source",
        "slots": "Numbers to be set",
        "documents": "Documents",
    },
    "zh": {
        "targets": "量化目标",
        "rules": "没有数字的规则",
        "source": "来源",
        "slots": "留待确定的数字",
        "documents": "文件",
    },
}


def page(language: str) -> str:
    """The whole page."""
    words, known = _WORDS[language], sources()
    parts = [f"# {TITLE[language]}\n", _INTRO[language] + "\n"]
    for region_id in region_ids():
        found = catalogue(region_id, "")
        parts.append(f"## {said(load_region(region_id).place.label, language)}\n\n### {words['documents']}\n")
        rows = [
            (
                d.document_id,
                said(d.label, language),
                known[d.source].title,
                d.target_count,
                d.rule_count,
                d.slot_count,
            )
            for d in found.documents
        ]
        head = ("id", *(words[name] for name in ("documents", "source", "targets", "rules", "slots")))
        parts.append(table(head, rows))
        parts.append(f"### {words['targets']} ({len(found.targets)})\n")
        parts.append(table(_TARGETS[language], [_target(t, language) for t in found.targets]))
        parts.append(f"### {words['rules']} ({len(found.rules)})\n")
        parts.append(table(_RULES[language], [_rule(r, language) for r in found.rules]))
        parts.append(f"### {words['slots']} ({len(found.slots)})\n")
        parts.append(table(_TARGETS[language], [_target(t, language) for t in found.slots]))
    return "\n".join(parts)


def _target(t, language):
    first, *others = t.readings or (None,)
    return (
        t.target_id, said(t.label, language), t.wording, t.section, t.place,
        "" if t.number is None else number(t.number), t.unit, f"{t.year}{'*' if t.year_assumed else ''}", t.sense,
        code(first.metric_id) if first else "", ", ".join(code(r.metric_id) for r in others), t.note,
    )  # fmt: skip


def _rule(r, language):
    return (
        r.direction_id,
        said(r.label, language),
        r.section,
        r.place,
        r.rule,
        f"{r.first_year}–{r.last_year}",
        code(r.metric_id),
    )
