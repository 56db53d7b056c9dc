"""What conflicts between documents mean, in both languages."""

from typing import Final

from gateway.targets.results import ConflictKind
from services.common.words import Label

LABELS: Final[dict[ConflictKind, Label]] = {
    ConflictKind.DUPLICATE: Label(
        "同一指标、同一数值、同一年份，重复规定", "The same number for the same year, stated again"
    ),
    ConflictKind.WORDING: Label(
        "数值相同，措辞或约束力不同（如“超过”与“力争”）", "The same number, other strictness or force"
    ),
    ConflictKind.NUMBER: Label("同一指标、同一年份，数值不同", "Another number for the same metric and year"),
    ConflictKind.SENSE: Label(
        "同一指标、同一年份，要求的内容不同", "Another thing is asked of the same metric by the same year"
    ),
    ConflictKind.UNIT: Label(
        "单位与指标或相邻条款的量纲不一致", "The unit does not fit the metric or its neighbours"
    ),
    ConflictKind.SCOPE: Label(
        "数值相同，适用范围不同", "The same number for another set of cities or another area"
    ),
    ConflictKind.YEAR: Label(
        "其中有条款未写明年份，按上级或相邻条款推定",
        "One text names no year; it is read from its neighbours or its twin",
    ),
    ConflictKind.LEVEL: Label(
        "市级与省级要求不同：不构成矛盾，但其余各市须补足差额",
        "City and region ask for different values: no contradiction, but the other cities must make up the difference",
    ),
    ConflictKind.PATH: Label("同一指标不同年份的要求", "Different years of the same metric"),
    ConflictKind.ARITHMETIC: Label("按恒等关系不可能同时成立", "Together impossible by an identity"),
    ConflictKind.JOINT: Label("模型中不可能同时达到", "Together impossible in the model"),
    ConflictKind.OVERTAKEN: Label(
        "已大幅提前达到，不再起约束作用", "Already met by a wide margin; it steers nothing any more"
    ),
}
EVENT_LEVELS: Final = Label(
    "市级与省级对年份的要求不同：不构成矛盾，但其余各市须更早",
    "City and region ask for different years: no contradiction, but the other cities must be earlier",
)
NOT_CHECKED: Final = (
    Label(
        "联合不可行（joint）须由反推求解判定，本表不含",
        "Joint infeasibility is decided by solving and is not listed here",
    ),
)
SETTING_LABELS: Final = {
    "overtaken_margin_share": Label(
        "超过该相对余量即视为已大幅提前达标", "Relative margin beyond which a target is overtaken"
    ),
    "interval_round_count": Label("区间传播最多轮数", "Most rounds of interval propagation"),
    "tightening_min_share": Label("区间收紧的最小幅度", "Smallest tightening that counts"),
}
