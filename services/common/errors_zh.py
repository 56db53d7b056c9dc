"""Chinese texts of violations: the one table from the English text to the Chinese one.

What a person at the page can cause has an entry; everything else is told in English alone. `{1}`, `{2}` ... stand for
what the form's groups caught, which are ids, numbers and units: they are the same in both languages.
"""

import re
from functools import lru_cache
from typing import Final

_NEAR: Final = re.compile(r"; did you mean (?P<names>.+)\?$")
_TOLD: Final = re.compile(
    r"^(?P<text>.*?)(?: \(given: (?P<given>.*)\))?(?:; allowed: (?P<allowed>.*))?$", re.DOTALL
)

# What does not exist: "no such <kind>" with or without where.
_KINDS: Final = {
    "lever": "抓手",
    "region": "地区",
    "city": "设区市",
    "baseline": "基准情景",
    "metric": "指标",
    "target": "目标",
    "target, rule or slot": "目标、规则或待定数",
    "weather year": "气象年",
    "factor set": "排放因子集",
    "factor": "排放因子",
    "place": "地区或设区市",
    "field of the projection": "测算结果字段",
    "value": "取值",
    "policy input": "政策输入",
    "column": "列",
    "member": "成员",
    "format": "格式",
    "rule set": "预警规则集",
    "launcher": "运行方式",
    "transaction before this one": "在此之前的分录",
    "place in the ledger": "台账地区",
    "sector in the ledger": "台账部门",
}

# Whole texts; "(.+)" catches an id, a number or a list of them.
_FORMS: Final = (
    # Settings of levers.
    (r"(\S+) is out of range", "{1} 超出允许范围"),
    (r"(\S+) is observed up to (\d+); choose a later year", "{1} 在 {2} 年及以前为实际值，请选择更晚的年份"),
    (r"(\S+) is set twice for the same place", "{1} 对同一地区设置了两次"),
    (r"(\S+) holds for the whole region: leave place empty", "{1} 只能对全省设置，请不要填写设区市"),
    (r"the lever holds for the whole region: leave place empty", "该抓手只能对全省设置，请不要填写设区市"),
    (r"a path needs as many years as values", "路径的年份数与数值数必须相同"),
    (r"years must ascend without repeats", "年份必须从小到大，且不得重复"),
    (r"days must ascend without repeats", "日期序号必须从小到大，且不得重复"),
    (r"the day is outside the year", "日期序号不在一年之内"),
    (r"the year is not dispatched", "该年份不在所求的出清年份之中"),
    (r"a constant takes one value and no years", "该抓手全程只取一个数值，不填年份"),
    (r"a constant has no year: leave it out", "该抓手全程只取一个数值，请不要填写年份"),
    (r"a constant takes no year", "该抓手全程只取一个数值，不填年份"),
    (r"(\S+) and (\S+) together must not exceed 1 \(year (\d+)\)", "{1} 与 {2} 之和不得超过 1（{3} 年）"),
    (
        r"(\S+) has no heat network that (\S+) could extend; choose a city that has one",
        "{1} 没有可由 {2} 扩展的集中供热管网，请选择有管网的设区市",
    ),
    (r"outside the lever's bounds", "超出抓手的允许范围"),
    (r"the year is outside the frame", "年份不在测算时段内"),
    (r"outside the frame", "不在测算时段内"),
    (r"the year is not one of the years named", "该年份不在所列年份之中"),
    (r"last_year (\d+) is before first_year (\d+): swap them", "结束年份 {1} 早于起始年份 {2}，请对调"),
    (
        r"as_of_year must be 0 \(all observations\) or (\d+) and later",
        "截止年份应为 0（使用全部实际值）或不早于 {1} 年",
    ),
    (r"wrong number of scenarios", "情景数目不对"),
    (r"out of range", "超出允许范围"),
    # Types, bounds and lengths, as the doors tell them.
    (r"Field required", "必须填写"),
    (r"Input should be greater than or equal to (\S+)", "不得小于 {1}"),
    (r"Input should be greater than (\S+)", "必须大于 {1}"),
    (r"Input should be less than or equal to (\S+)", "不得大于 {1}"),
    (r"Input should be less than (\S+)", "必须小于 {1}"),
    (r"Input should be a finite number", "必须是有限的数值（不得为 NaN 或无穷大）"),
    (
        r"every (?:value|number) must be (?:a )?finite(?: number)?",
        "每个数值都必须有限（不得为 NaN 或无穷大）",
    ),
    (r"Input should be a valid number(?:, .+)?", "必须是数值"),
    (r"Input should be a valid integer(?:, .+)?", "必须是整数"),
    (r"Input should be a valid string(?:, .+)?", "必须是文字"),
    (r"Input should be a valid boolean(?:, .+)?", "必须是“是”或“否”"),
    (r"Input should be a valid (?:tuple|list)(?:, .+)?", "必须是列表"),
    (r"Input should be a valid (?:dictionary|dict)(?: .+)?", "必须是一组字段"),
    (r"Input should be (.+)", "必须是下列之一：{1}"),
    (r"String should have at most (\d+) characters?", "文字过长，最多 {1} 个字"),
    (r"String should have at least (\d+) characters?", "文字过短，至少 {1} 个字"),
    (r"String should match pattern '(.+)'", "文字的格式不对，应符合 {1}"),
    (
        r"(?:Tuple|List) should have at most (\d+) items? after validation, not (\d+)",
        "最多 {1} 项，给出了 {2} 项",
    ),
    (r"(?:Tuple|List) should have at most (\d+) items? after validation, not more", "最多 {1} 项"),
    (
        r"(?:Tuple|List) should have at least (\d+) items? after validation, not (\d+)",
        "至少 {1} 项，给出了 {2} 项",
    ),
    (r"Extra inputs are not permitted", "没有这个字段"),
    (r"not given, or no such value", "未给出，或没有该取值"),
    (r"not a valid (\w+): Message type \"\S+\" has no field named \"(\S+)\".*", "{1} 没有字段 {2}"),
    (
        r"not a valid (\w+): .+ field: Couldn't parse \S+ or value too large.*? at \w+\.(\S+?)\.*",
        "{1} 的字段 {2} 必须是有限的数值（不得为 NaN 或无穷大）",
    ),
    (
        r"not a valid (\w+): (?:Failed to parse \S+ field: )*Failed to parse (\S+) field: .+",
        "{1} 的字段 {2} 类型或取值不对",
    ),
    (r"not a valid \w+: Failed to load JSON: .+", "提交的内容不是合法的 JSON"),
    (r"not a valid (\w+): the body must be a JSON object", "{1} 必须是一个 JSON 对象"),
    (r"not a valid (\w+): (.+)", "不是合法的 {1}：{2}"),
    (r"the message is too large", "提交的内容过大"),
    # Solving.
    (r"must be above low; to hold a knob say locked", "上限必须高于下限；要固定该抓手请选择锁定"),
    (
        r"the same lever, place and year stand twice: leave one out",
        "同一抓手、地区和年份出现了两次，请去掉一个",
    ),
    (
        r"the lever is a knob of the whole region too: keep one of the two",
        "该抓手已对全省设为可调，两者只能留一个",
    ),
    (r"the two objectives are the same", "两个目标函数相同"),
    (
        r"name a target, or a metric with year, sense and number",
        "请选择一个政策目标，或给出指标、年份、方向和数值",
    ),
    (r"a goal needs a number", "目标需要给出数值"),
    (r"say which side is good", "请说明哪一侧为达标"),
    # Values entered and targets.
    (r"given twice", "重复给出"),
    (r"stands twice(?:: leave one out)?", "重复出现"),
    (r"not a place of this item", "该项不适用于这一地区"),
    (r"only a deferred number can be set", "只有文件留待下达的数可以设定"),
    (r"the document leaves the number of another year open", "文件留待下达的是另一年份的数"),
    (r"the document says (\S+), which has no tolerance", "文件的表述为 {1}，没有容差"),
    (
        r"nothing is projected, so settings have no effect: leave them out",
        "未作测算，抓手设置不起作用，请去掉",
    ),
    # Batches and kept scenarios.
    (r"too many members", "成员过多"),
    (r"too many settings(?: in all)?", "设置过多"),
    (r"above the quota", "超出配额"),
    (r"must be a power of two", "必须是 2 的整数次幂"),
    (r"must be even", "必须是偶数"),
    (r"the kind of distribution is not given", "未给出分布类型"),
    (r"a factor must be above 0", "系数必须大于 0"),
    (r"the metric has no values by city", "该指标没有分市数值"),
    (r"a kept scenario has a name", "保存情景必须有名称"),
    (r"holds a control character", "含有不可见的控制字符"),
    (r"holds a character that is not printed", "含有无法显示的字符"),
    (r"every city once; missing: (.+)", "每个设区市都应有一项，缺：{1}"),
)
_READ: Final = tuple((re.compile(form, re.DOTALL), zh) for form, zh in _FORMS)
_NOTHING: Final = "no such "
_WHERE: Final = re.compile(r"(?P<kind>.+) (?:in|of) (?:the )?(?P<where>[a-z_]+)")
_RANGE: Final = re.compile(r"^(\S+) to (\S+)(.*)$")
_UNITS: Final = {"share": "（比例）", "ratio": "（比值）", "count": "（个数）"}
_BOUNDS: Final = (
    (">= ", "不小于 "),
    ("<= ", "不大于 "),
    ("> ", "大于 "),
    ("< ", "小于 "),
    ("at most ", "最多 "),
)


@lru_cache(maxsize=4096)
def chinese_of(told: str) -> str:
    """The Chinese text of a violation as it is told: what is wrong, what was given, what is allowed; "" without one."""
    parts = _TOLD.match(told)
    assert parts is not None
    text = parts["text"]
    near = _NEAR.search(text)
    zh = _of(text[: near.start()] if near else text)
    if not zh:
        return ""
    if near:
        zh += f"；是否为 {near['names'].replace(', ', '、')}？"
    if parts["given"]:
        zh += f"（给出：{parts['given']}）"
    return f"{zh}；允许：{_allowed(parts['allowed'])}" if parts["allowed"] else zh


def _of(text: str) -> str:
    text = text.removeprefix("Value error, ")
    if text.startswith(_NOTHING):
        kind, where = text.removeprefix(_NOTHING), ""
        if kind not in _KINDS:
            found = _WHERE.fullmatch(kind)
            kind, where = (found["kind"], f"（{found['where']}）") if found else ("", "")
        return f"没有该{_KINDS[kind]}{where}" if kind in _KINDS else ""
    for form, zh in _READ:
        caught = form.fullmatch(text)
        if caught:
            return zh.format("", *map(_words, caught.groups()))
    return ""


def _words(text: str) -> str:
    """Words between ids."""
    return text.replace(" or ", "、").replace(", ", "、")


def _allowed(text: str) -> str:
    span = _RANGE.match(text)
    if span:
        unit = _UNITS.get(span[3].strip(), span[3])
        return f"{span[1]} 至 {span[2]}{unit}"
    for sign, zh in _BOUNDS:
        text = text.replace(sign, zh)
    return _words(text)
