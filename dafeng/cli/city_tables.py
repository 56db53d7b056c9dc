"""Tables of `dafeng cities`."""

from collections.abc import Iterable

from dafeng.cities.v1 import cities_pb2
from dafeng.cli.output import err, number, out, table
from dafeng.common.v1 import common_pb2


def optional(message: object, name: str) -> object:
    """An optional field, or "" when it is absent."""
    return getattr(message, name) if message.HasField(name) else ""  # type: ignore[attr-defined]


def shown(value: object) -> str:
    return number(value) if isinstance(value, float) else ""


def print_breakdown(found: cities_pb2.Breakdown) -> None:
    head = (
        "城市 city",
        "权重 weight",
        "分解数 number",
        "激励 incentive",
        "界 bound",
        "基期 base",
        "预测 projected",
        "差 margin",
    )
    rows = [
        (
            f"{c.place.label.zh} {c.place.label.en}",
            f"{c.weight:.4f}",
            f"{c.number:g}",
            f"{c.incentive_number:g}" if c.HasField("incentive_number") else "",
            c.bound,
            *(shown(optional(c, n)) for n in ("base", "projected", "margin")),
        )
        for c in found.cities
    ]
    name = f"{found.target_id} {found.label.zh} {found.label.en}"
    title = f"分解 breakdown {name}, {found.unit}, {found.year}, {found.rule}"
    table(title, head, rows, right=(1, 2, 3, 5, 6, 7))
    projected = f"; 预测 projected {number(found.projected)}" if found.HasField("projected") else ""
    reserve = f"; 预留 reserve {found.reserve:g}" if found.reserve else ""
    feasible = "" if found.feasible else "  不可达 NOT REACHABLE within the bounds"
    out.print(
        f"全省 province: 目标 asked {found.asked:g}, 待分解 to share {found.to_share:.6g}, "
        f"城市合成 cities make {found.reached_published:.6g}{reserve}{projected}{feasible}",
        highlight=False,
    )
    print_notes(found.notes)
    settings = "; ".join(f"{s.setting} = {s.given} ({s.source})" for s in found.settings)
    err.print(f"参数 settings: {settings}", highlight=False, markup=False)


def print_notes(notes: Iterable[common_pb2.Label]) -> None:
    for note in notes:
        out.print(f"注 note: {note.zh} {note.en}", highlight=False, markup=False)
