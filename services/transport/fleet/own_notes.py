"""What a reader of a projected fleet should know."""

from services.transport.base import PHEV
from services.transport.fleet.doors import OwnFleet
from services.transport.fleet.own_run import OwnRun

_TWO_WHEELERS = ("motorcycle", "e_bike")


def notes_of(request: OwnFleet, runs: list[OwnRun], battery_factor: float) -> tuple[str, ...]:
    """Sentences, Chinese then English, on assumptions that moved the result, and on what was left out."""
    notes = [
        "里程、能耗和排放按各年末在用车辆计 "
        "Distance, energy and emissions are those of the vehicles alive at the end of each year.",
        "直接排放与燃料上游排放分列,全生命周期为二者之和 "
        "Direct CO2 and the chain before the tank are told apart; well to wheel is their sum.",
    ]
    if not request.grid_kgco2_per_kwh and any(run.electric_mwh.any() for run in runs):
        notes.append(
            "未给电网排放因子,用电上游计为0,请给出 grid_kgco2_per_kwh "
            "No carbon intensity of the grid was given: electricity counts nothing from well to wheel. "
            "Give grid_kgco2_per_kwh."
        )
    if battery_factor != 1.0:
        percent = 100.0 * (battery_factor - 1.0)
        notes.append(
            f"所给月均气温使电池能耗较表值变化 {percent:+.1f} % "
            f"The months given change the use of batteries by {percent:+.1f} % against the table."
        )
    for run in runs:
        own = run.own.class_id
        if run.above.max() > 0.0:
            years = int((run.above > 0.0).sum())
            notes.append(
                f"{own}: {years} 个年份存活车辆多于目标,当年销量为0 "
                f"more vehicles survive than are wanted in {years} years; sales are 0 then."
            )
        for i, k in enumerate(run.kinds):
            name = run.own.powertrains[i].powertrain
            if k == PHEV:
                share = 100.0 * run.per_km[i].electric_share
                notes.append(
                    f"{own} {name}: 纯电里程占 {share:.0f} % {share:.0f} % of the distance is electric."
                )
            if run.per_km[i].below_known:
                notes.append(
                    f"{own} {name}: 单位里程能耗低于表中可达下限 "
                    "energy per km falls below what the table holds reachable."
                )
        if run.own.mileage_km is None:
            like = run.own.like_class
            notes.append(f"{own}: 里程取江苏2020年 {like} 均值 mileage is that of Jiangsu's {like} in 2020.")
    classes = {run.own.like_class for run in runs}
    if classes & set(_TWO_WHEELERS):
        notes.append(
            "新能源占比含两轮车,官方汽车口径不含 "
            "New-energy shares count two-wheelers too; official shares of automobiles do not."
        )
    return tuple(notes)
