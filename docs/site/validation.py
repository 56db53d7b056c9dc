"""What the validation report compares: its sections as they are in the software."""

from docs.site.markdown import table
from validation.sections import SECTIONS

_INTRO = {
    "en": """# Validation

`make validate` runs every comparison again and writes one report in both languages: `build/validation/report.en.html` and
`report.zh.html` (also as Markdown, and `results.json`). Each row is a figure of the software, its reference, where that comes
from and how well it is known, the difference and a verdict; no row is left out because it looks bad, and a difference
outside its limits either has its reason written beside it or fails the report. `python -m validation --list` names the
sections, `--only` runs some of them, `--quick` a part of the cases.
""",
    "zh": """# 验证

`make validate` 重新运行全部对照，生成一份中英文报告：`build/validation/report.zh.html` 和 `report.en.html`（另有 Markdown 与
`results.json`）。每一行是软件的一个数、它的参照、参照的来源与可靠程度、差异和结论；不因结果不好看而省略任何一行，超出限值的差异
要么写明原因，要么使报告不通过。`python -m validation --list` 列出各部分，`--only` 只运行其中几部分，`--quick` 只运行一部分算例。
""",
}
_HEAD = {"en": ("section", "what"), "zh": ("部分", "内容")}


def page(language: str) -> str:
    """The whole page."""
    rows = [(getattr(s.title, language), getattr(s.about, language)) for s in SECTIONS]
    return f"{_INTRO[language]}\n{table(_HEAD[language], rows)}"
