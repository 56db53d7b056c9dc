"""Reader of folders with a dispatch instance: instance.json, timeseries.csv, reference.json."""

import json
from pathlib import Path

import numpy as np

from services.power.instance.words import (
    DispatchInstance,
    Generator,
    Reserve,
    StepSeries,
    Storage,
    UnitCommitment,
)

ROOT = Path(__file__).resolve().parents[3]
# A folder of instances may stand beside the repository; tests on it are skipped where it does not.
FOUND = next(iter(sorted(ROOT.parent.glob("*/*/power/instances"))), None)
NAMES = tuple(sorted(p.name for p in FOUND.iterdir())) if FOUND is not None else ()


def read_optimum(name: str) -> float:
    """Least cost of the instance as found by a linear programme, CNY."""
    assert FOUND is not None
    return float(json.loads((FOUND / name / "reference.json").read_text("utf-8"))["objective"])


def read_instance(name: str) -> DispatchInstance:
    """The instance folder (instance.json, timeseries.csv)."""
    assert FOUND is not None
    words = json.loads((FOUND / name / "instance.json").read_text("utf-8"))
    table = np.genfromtxt(FOUND / name / "timeseries.csv", delimiter=",", names=True)
    clusters = {c["gen"]: c for c in words.get("uc", {}).get("clusters", [])}
    reserve = words.get("reserve")
    eligible = reserve["eligible"] if reserve else []
    plants, used = [], set()
    for plant in words["generators"]:
        used |= {plant[key] for key in ("avail", "p_min_col") if key in plant}
        plants.append(
            Generator(
                plant["name"],
                plant["tech"],
                float(plant["p_max_mw"]),
                availability_series=plant.get("avail", ""),
                minimum_mw=plant.get("p_min_mw", 0.0),
                minimum_series=plant.get("p_min_col", ""),
                cost_cny_per_mwh=float(plant["cost"]),
                variable=plant.get("vre", False),
                tco2_per_mwh=plant["co2_t_per_mwh"],
                commitment=_commitment(clusters.get(plant["name"])),
                reserve_eligible=plant["name"] in eligible,
            )
        )
    return DispatchInstance(
        name,
        table[words["demand"]].copy(),
        tuple(plants),
        tuple(_storage(s) for s in words["storages"]),
        series=tuple(StepSeries(c, table[c].copy()) for c in sorted(used)),
        reserve=_reserve(reserve),
        step_hours=words["dt_h"],
        value_of_lost_load_cny_per_mwh=words["voll"],
        commitment_step_count=round(words["uc"]["period_h"] / words["dt_h"]) if "uc" in words else 0,
    )


def _commitment(cluster: dict[str, float] | None) -> UnitCommitment | None:
    if cluster is None:
        return None
    return UnitCommitment(
        cluster["p_min_frac"], cluster["noload_cost_per_mw_h"], cluster["start_cost_per_mw"]
    )


def _storage(store: dict[str, float]) -> Storage:
    return Storage(
        str(store["name"]),
        float(store["p_ch_mw"]),
        float(store["p_dis_mw"]),
        store["e_mwh"],
        store["eta_c"],
        store["eta_d"],
        store["vom"],
        loss_share_per_h=store["loss_per_h"],
    )


def _reserve(reserve: dict[str, float] | None) -> Reserve | None:
    if reserve is None:
        return None
    return Reserve(reserve["frac_load"], reserve["frac_vre"], reserve["const_mw"], reserve["shortage_cost"])
