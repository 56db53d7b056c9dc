"""Every source, and with which grades each place uses it."""

from docs.site.markdown import code, table
from services.common.region_files import sources
from services.common.regions import load_region, region_ids

TITLE = {"en": "Sources", "zh": "来源"}
_INTRO = {
    "en": "Every source that a figure names, with the grades of the figures that name it. *estimate_...* and *..._compilation* are "
    "our own derivations: the rule stands with each figure.",
    "zh": "各项数据所引的全部来源，以及引用它的数据的等级。*estimate_...* 与 *..._compilation* 为本软件自行推算，规则写在各项数据处。",
}


def page(language: str) -> str:
    """The whole page."""
    used = {region_id: load_region(region_id).source_grades() for region_id in region_ids()}
    head = ("id", *{"en": ("title", "year", "remark"), "zh": ("题名", "年份", "说明")}[language], *used)
    rows = [
        (
            code(key), source.title, source.year, source.note,
            *(", ".join(grade.value for grade in grades.get(key, ())) for grades in used.values()),
        )
        for key, source in sorted(sources().items())
    ]  # fmt: skip
    return f"# {TITLE[language]}\n\n{_INTRO[language]}\n\n{table(head, rows)}"
