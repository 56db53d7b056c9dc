"""Everything that a person at the page can get wrong is told in Chinese beside English, over HTTP."""

import httpx2
import pytest

CAR = "transport.nev_sales_share_private_car"


def told(http, body, method="ProjectionService/Project", package="projection"):
    """(English, Chinese) by field of a refused call."""
    sent = {"content": body} if isinstance(body, str) else {"json": body}
    reply = httpx2.post(
        f"{http}/dafeng.{package}.v1.{method}",
        headers={"content-type": "application/json"},
        timeout=60,
        **sent,
    )
    assert reply.status_code == 400, reply.text
    return {
        v["field"]: (v["description"], v.get("description_zh"))
        for detail in reply.json()["details"]
        for v in detail.get("debug", {}).get("field_violations", ())
    }


def scenario(*settings, **head):
    return {"frame": {"region": "jiangsu"}, "scenario": {"settings": list(settings), **head}}


def setting(lever_id=CAR, years=(2030,), values=(0.5,), place=""):
    return {"lever_id": lever_id, "place": place, "years": list(years), "values": list(values)}


CASES = {
    "a value above the lever's bound": (
        scenario(setting(values=[1.5])),
        "scenario.settings[0].values[0]",
        f"{CAR} 超出允许范围（给出：1.5）；允许：0 至 1（比例）",
    ),
    "a year out of range": (
        scenario(setting(years=[2061])),
        "scenario.settings[0].years[0]",
        "不得大于 2060（给出：2061）；允许：不大于 2060",
    ),
    "a year that is observed": (
        scenario(setting(years=[2021])),
        "scenario.settings[0].years[0]",
        f"{CAR} 在 2025 年及以前为实际值，请选择更晚的年份（给出：2021）；允许：2026 至 2060",
    ),
    "years that do not ascend": (
        scenario(setting(years=[2040, 2030], values=[0.5, 0.6])),
        "scenario.settings[0].years",
        "年份必须从小到大，且不得重复（给出：2040, 2030）",
    ),
    "more values than years": (
        scenario(setting(values=[0.5, 0.6])),
        "scenario.settings[0].years",
        "路径的年份数与数值数必须相同（给出：1 years, 2 values）",
    ),
    "a misspelt lever": (
        scenario(setting("transport.nev_sales_share_private_cars")),
        "scenario.settings[0].lever_id",
        f"没有该抓手；是否为 {CAR}",
    ),
    "a misspelt city": (
        scenario(setting(place="nantung")),
        "scenario.settings[0].place",
        "没有该设区市（jiangsu）；是否为 nantong",
    ),
    "a misspelt metric": (
        {"frame": {"region": "jiangsu"}, "only": {"metric_ids": ["power.pv_capacity"]}},
        "only.metric_ids[0]",
        "没有该指标；是否为 power.pv_capacity_mw",
    ),
    "an unknown region": (
        {"frame": {"region": "jiangsy"}},
        "frame.region",
        "没有该地区；是否为 jiangsu",
    ),
    "an unknown baseline": (
        scenario(baseline="best"),
        "scenario.baseline",
        "必须是下列之一：'frozen'、'planned'、'reference'、'accelerated'",
    ),
    "a value that is not a number": (
        scenario(setting(values=["NaN"])),
        "scenario.settings[0].values[0]",
        "必须是有限的数值（不得为 NaN 或无穷大）",
    ),
    "an infinite value": (
        scenario(setting(values=["Infinity"])),
        "scenario.settings[0].values[0]",
        "必须是有限的数值（不得为 NaN 或无穷大）",
    ),
    "a number too large for any": (
        '{"scenario": {"settings": [{"values": [1e400]}]}}',
        "body",
        "必须是有限的数值（不得为 NaN 或无穷大）",
    ),
    "a text in the place of a number": (
        scenario(setting(values=["３８％x"])),
        "body",
        "ProjectRequest 的字段 values 类型或取值不对",
    ),
    "a name that is too long": (
        scenario(name="达" * 121),
        "scenario.name",
        "文字过长，最多 120 个字",
    ),
    "a setting without values": (
        scenario({"lever_id": CAR, "years": [2030]}),
        "scenario.settings[0].values",
        "必须填写",
    ),
    "no region at all": ({"scenario": {}}, "frame.region", "必须填写"),
    "years the wrong way round": (
        {"frame": {"region": "jiangsu", "first_year": 2040, "last_year": 2030}},
        "frame",
        "结束年份 2030 早于起始年份 2040，请对调",
    ),
    "a field that does not exist": ({"scenari": {}}, "body", "ProjectRequest 没有字段 scenari"),
    "a body that is no JSON": ('{"frame": ', "body", "提交的内容不是合法的 JSON"),
    "years outside the frame": (
        {"frame": {"region": "jiangsu", "last_year": 2030}, "years": [2040]},
        "years[0]",
        "年份不在测算时段内（给出：2040）；允许：2020 至 2030",
    ),
}


@pytest.mark.parametrize("kind", CASES)
def test_what_is_wrong_is_told_in_chinese_beside_english(http, kind):
    body, field, zh = CASES[kind]
    found = told(http, body)
    english, chinese = found[field]
    assert english and zh in (chinese or ""), (english, chinese)


def test_shares_that_exceed_one_are_told_by_the_service_that_owns_them(http):
    """The sector refuses; its own text has passed two services and is still translated."""
    found = told(
        http,
        scenario(
            setting("buildings.electric_hot_water_share", values=[0.9]),
            setting("buildings.solar_thermal_hot_water_share", values=[0.5]),
        ),
    )
    ((english, chinese),) = found.values()
    assert "together must not exceed 1" in english
    assert "之和不得超过 1（" in chinese and "允许：0 至 1" in chinese


def test_a_text_without_a_translation_stands_in_english_alone(http):
    found = told(http, {"region": "jiangsu"}, "ComparisonService/Attribute", package="comparison")
    assert found and all(english for english, _ in found.values())
