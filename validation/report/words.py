"""The report's own words in both languages."""

from services.common.words import Label
from validation.comparison import Verdict

VERDICTS = {
    Verdict.AGREES: Label("一致", "agrees"),
    Verdict.KNOWN: Label("已知差异", "known difference"),
    Verdict.DIFFERS: Label("不一致", "differs"),
    Verdict.SHOWN: Label("仅列示", "shown"),
}

WORDS = {
    "title": Label("达峰 验证报告", "Dafeng validation report"),
    "intro": Label(
        "本报告由一条命令重新运行软件所依据的全部对照：每一行是软件的一个数、它的参照、参照的来源与等级、差异和结论。"
        "不因结果不好看而省略任何一行。",
        "One command runs again everything that the software is held against. Each row is a figure of the software, its "
        "reference, where the reference comes from and how well it is known, the difference, and a verdict. No row is left "
        "out because it looks bad.",
    ),
    "how": Label("重新运行：`make validate`", "To run it again: `make validate`"),
    "verdicts": Label("结论的含义", "What the verdicts say"),
    "agrees": Label("在表中所列限值之内", "within the limits of the row"),
    "known": Label("超出限值，原因已写明", "outside the limits, for a reason that is written beside it"),
    "differs": Label(
        "超出限值且原因不明：报告不通过", "outside the limits and not explained: the report fails"
    ),
    "shown": Label("没有可用的限值，仅并列", "no limit can be given: the two stand side by side"),
    "grades": Label(
        "等级：A 官方统计，B 文献，C 推算；exact 由算术得出；method 另一种独立方法或软件用同样的输入算出",
        "Grades: A official statistic, B literature, C estimate; exact: follows from arithmetic; method: another, "
        "independent method or program with the same input",
    ),
    "summary": Label("摘要", "Summary"),
    "section": Label("部分", "Section"),
    "figure": Label("本软件", "Dafeng"),
    "reference": Label("参照", "Reference"),
    "difference": Label("差异", "Difference"),
    "limits": Label("限值", "Limits"),
    "grade": Label("等级", "Grade"),
    "source": Label("参照来源", "Source of the reference"),
    "verdict": Label("结论", "Verdict"),
    "what": Label("内容", "What"),
    "all": Label("合计", "All"),
    "gone": Label("不再需要的已知差异", "Known differences that nothing needs any more"),
    "broken": Label("未能运行的部分", "Sections that could not be run"),
    "revision": Label("软件与数据版本", "Software and data"),
    "took": Label("用时", "Time taken"),
}
