"""SplitModes beside the plain model, elasticities in their ranges, refusals."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.services.transport.judge import plain_files as files
from tests.services.transport.judge import plain_modes as plain
from tests.services.transport.judge.calls import ask, refused

MODES = ("road", "rail", "inland_water", "coastal")
MANY = settings(max_examples=60)
NEAR = 1e-9


@st.composite
def freight_markets(draw):
    names = MODES[: draw(st.integers(2, 4))]
    weight = [draw(st.floats(0.0, 1.0)) for _ in names]
    weight[0] += 0.01
    modes = []
    for name, w in zip(names, weight, strict=True):
        rate, terminal, wait = draw(st.floats(0.01, 2)), draw(st.floats(0, 60)), draw(st.floats(0, 72))
        modes.append(
            {
                "mode": name,
                "share": w / sum(weight),
                "rate_cny_per_tkm": rate,
                "terminal_cny_per_t": terminal,
                "speed_km_per_h": draw(st.floats(5, 80)),
                "wait_h": wait,
                "energy_mj_per_tkm": draw(st.floats(0, 5)),
                "direct_gco2_per_tkm": draw(st.floats(0, 300)),
                "rate_change_cny_per_tkm": draw(st.floats(-rate * 0.9, 2)),
                "terminal_change_cny_per_t": draw(st.floats(-terminal * 0.9, 60)),
                "wait_change_h": draw(st.floats(-wait * 0.9, 48)),
                "speed_ratio": draw(st.floats(0.2, 5)),
            }
        )
    return {
        "market_id": "any",
        "cargo": draw(st.sampled_from(["bulk", "container", "other"])),
        "turnover_tkm": draw(st.floats(1, 1e12)),
        "distance_km": draw(st.floats(5, 5000)),
        "contestable_share": draw(st.floats(0, 1)),
        "sensitivity": draw(st.floats(0, 30)),
        "value_of_time_cny_per_t_h": draw(st.floats(0, 5)),
        "modes": modes,
    }


def freight_beside_plain(market):
    """(mode, what, ours, plain, rtol, atol) of a freight market, and the sum of the shares."""
    (reply,) = ask("SplitModes", {"freight": [market]})["freight"]
    expected = plain.freight(market)
    yield "all", "share_after", sum(m.get("share_after", 0.0) for m in reply["modes"]), 1.0, 0.0, 1e-12
    for ours, want in zip(reply["modes"], expected, strict=True):
        assert ours["mode"] == want["mode"]
        for name, value in want.items():
            if name != "mode":
                got = ours.get(name, 0.0 if not isinstance(value, list) else [0.0] * len(value))
                size = market["turnover_tkm"] if name.endswith(("_tkm", "_gj", "_tco2")) else 1.0
                yield want["mode"], name, got, value, NEAR, 1e-12 * size


@MANY
@given(market=freight_markets())
def test_freight_is_that_of_the_plain_model(market):
    for mode, name, ours, want, rtol, atol in freight_beside_plain(market):
        assert ours == pytest.approx(want, rel=rtol, abs=atol), f"{mode} {name}"


def usual(**changes):
    modes = [
        {"mode": "road", "share": 0.325},
        {"mode": "rail", "share": 0.035},
        {"mode": "inland_water", "share": 0.64},
    ]
    for mode in modes:
        mode.update(changes.get(mode["mode"], {}))
    return {
        "market_id": "province",
        "cargo": "bulk",
        "turnover_tkm": 1e12,
        "distance_km": 500,
        "contestable_share": 1,
        "modes": modes,
    }


def test_the_usual_market_has_the_elasticities_of_the_reviews():
    """Oum: -0.7 to -1.1 most likely for road; Christidis and Leduc: cross 0.11 to 1.9, all -0.3 to -1.75."""
    market = usual(road={"rate_cny_per_tkm": 0.40})
    (reply,) = ask("SplitModes", {"freight": [market]})["freight"]
    road = reply["modes"][0]
    assert road["own_rate_elasticity"] == pytest.approx(-3.3 * 0.40 * 0.675, rel=1e-9)
    assert -1.1 <= road["own_rate_elasticity"] <= -0.7
    assert road["rate_elasticities"][0] == pytest.approx(road["own_rate_elasticity"])
    for cross in road["rate_elasticities"][1:]:
        assert 0.11 <= cross <= 1.9


def test_the_printed_elasticity_is_the_slope_of_the_split():
    step = 1e-4
    base, moved = (
        usual(road={"rate_cny_per_tkm": 0.40, "rate_change_cny_per_tkm": change})
        for change in (0.0, 0.40 * step)
    )
    (first,), (second,) = (ask("SplitModes", {"freight": [m]})["freight"] for m in (base, moved))
    for i, told in enumerate(first["modes"][0]["rate_elasticities"]):
        slope = math.log(
            second["modes"][i]["turnover_after_tkm"] / first["modes"][i]["turnover_after_tkm"]
        ) / math.log(1 + step)
        assert slope == pytest.approx(told, abs=2e-4)


def test_nothing_moves_when_costs_change_alike_or_not_at_all():
    for changes in (
        {},
        {m: {"rate_change_cny_per_tkm": 0.05} for m in ("road", "rail", "inland_water")},
    ):
        (reply,) = ask("SplitModes", {"freight": [usual(**changes)]})["freight"]
        for mode in reply["modes"]:
            assert mode["share_after"] == pytest.approx(mode["share_before"], rel=1e-12)


def test_dearer_roads_move_goods_to_rail_and_water_and_save_energy_and_co2():
    dear = usual(road={"rate_change_cny_per_tkm": 0.1})
    (reply,) = ask("SplitModes", {"freight": [dear]})["freight"]
    road, rail, water = reply["modes"]
    assert road["share_after"] < road["share_before"]
    assert rail["share_after"] > rail["share_before"]
    assert water["share_after"] > water["share_before"]
    for name in ("energy", "direct"):
        unit = "gj" if name == "energy" else "tco2"
        before, after = (sum(m[f"{name}_{w}_{unit}"] for m in reply["modes"]) for w in ("before", "after"))
        assert after < before


# MJ and g CO2 a tonne-km: lowest and highest
INTENSITY_RANGES = {
    "road": (0.45, 0.75, 33, 55),
    "rail": (0.10, 0.15, 0.5, 3),
    "inland_water": (0.08, 0.22, 5.8, 16),
    "coastal": (0.05, 0.11, 3.7, 8.4),
    "ocean": (0.03, 0.07, 2.2, 5.4),
}


def default_intensities():
    """(MJ, g CO2) a tonne-km by mode when nothing is given."""
    modes = [{"mode": m, "share": 0.2} for m in INTENSITY_RANGES]
    (reply,) = ask("SplitModes", {"freight": [{**usual(), "modes": modes}]})["freight"]
    return {
        m["mode"]: (
            m["energy_before_gj"] * 1e3 / m["turnover_before_tkm"],
            m["direct_before_tco2"] * 1e6 / m["turnover_before_tkm"],
        )
        for m in reply["modes"]
    }


def test_default_intensities_are_within_the_ranges_of_the_literature():
    for mode, (energy, co2) in default_intensities().items():
        low, high, least, most = INTENSITY_RANGES[mode]
        assert low <= energy <= high, mode
        assert least <= co2 <= most, mode


CHANGE = st.fixed_dictionaries(
    {
        "ride_change_min": st.floats(-30, 30),
        "wait_change_min": st.floats(-15, 15),
        "cost_change_cny": st.floats(-10, 30),
        "utility_change": st.floats(-1, 1),
    }
)


@st.composite
def passenger_markets(draw):
    changes = draw(st.dictionaries(st.sampled_from(list(plain.NESTS)), CHANGE, max_size=5))
    return {
        "market_id": "city",
        "tier": draw(st.sampled_from("ABC")),
        "population_count": draw(st.floats(1.0, 2e7)),
        "trips_per_person_day": draw(st.floats(0.1, 6)),
        "nest_dissimilarity": draw(st.floats(0.1, 1.0)),
        "modes": [{"mode": m, **c} for m, c in changes.items()],
    }


def passengers_beside_plain(market):
    """(mode, what, ours, plain, rtol, atol) of a passenger market, and shares of several modes."""
    (reply,) = ask("SplitModes", {"passengers": [market]})["passengers"]
    rows = {
        r["mode"]: r
        for r in files.table("passenger_modes", "national/transport")
        if r["tier"] == market["tier"]
    }
    total = sum(r["trip_share"] for r in rows.values())
    share = {m: r["trip_share"] / total for m, r in rows.items()}
    utility = {c["mode"]: plain.utility(c) for c in market["modes"]}
    after = plain.passengers(share, utility, market["nest_dissimilarity"])
    ours = {m["mode"]: m for m in reply["modes"]}
    yield "all", "share_after", sum(m.get("share_after", 0.0) for m in ours.values()), 1.0, 0.0, 1e-12
    for mode, value in after.items():
        told = ours[mode]
        yield mode, "share_before", told.get("share_before", 0.0), share[mode], NEAR, 1e-15
        yield mode, "share_after", told.get("share_after", 0.0), value, NEAR, 1e-15
        trips = market["population_count"] * market["trips_per_person_day"] * 365 * value
        yield mode, "trips", told.get("trips_after_count", 0.0), trips, NEAR, 1e-9
        pkm = trips * rows[mode]["trip_length_km"]
        yield mode, "pkm", told.get("pkm_after", 0.0), pkm, NEAR, 1e-9
        if mode == "car":
            yield mode, "vehicle_km", told["vehicle_km_after"], pkm / rows[mode]["occupancy"], NEAR, 0.0
    green = sum(after[m] for m in plain.GREEN)
    public = after["bus"] + after["metro"]
    shares = {
        "green_share_after": green,
        "green_without_ebike_share_after": green - after["e_bike"],
        "public_motorised_share_after": public / (public + after["car"] + after["taxi"]),
    }
    for name, value in shares.items():
        yield "several", name, reply[name], value, NEAR, 0.0


@MANY
@given(market=passenger_markets())
def test_passengers_are_those_of_the_plain_model(market):
    for mode, name, ours, want, rtol, atol in passengers_beside_plain(market):
        assert ours == pytest.approx(want, rel=rtol, abs=atol), f"{mode} {name}"


def test_taxis_also_drive_empty():
    market = {"market_id": "a", "tier": "B", "population_count": 1e6}
    (reply,) = ask("SplitModes", {"passengers": [market]})["passengers"]
    taxi = next(m for m in reply["modes"] if m["mode"] == "taxi")
    rows = files.table("passenger_modes", "national/transport")
    row = next(r for r in rows if (r["tier"], r["mode"]) == ("B", "taxi"))
    empty = taxi["pkm_before"] / row["occupancy"] / (1 - plain.DEADHEADING)
    assert taxi["vehicle_km_before"] == pytest.approx(empty, rel=1e-9)


def test_free_fares_and_dear_parking_lie_within_the_reviews():
    """Fare -0.2 to -1.2 (Balcombe 2004); the fare of a bus trip is about 1.4 CNY in a large city."""
    fare = 1.4
    market = {"market_id": "a", "tier": "B", "population_count": 1e6}
    dear = {**market, "modes": [{"mode": "bus", "cost_change_cny": 0.1 * fare}]}
    (before,), (after,) = (ask("SplitModes", {"passengers": [m]})["passengers"] for m in (market, dear))
    trips = [next(m for m in r["modes"] if m["mode"] == "bus")["share_after"] for r in (before, after)]
    found = math.log(trips[1] / trips[0]) / math.log(1.1)
    assert -1.2 <= found < 0


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({}, ["1 to 500"]),
        ({"freight": [usual(), usual()]}, ["freight[1].market_id"]),
        ({"freight": [{**usual(), "distance_km": 0, "turnover_tkm": -1, "cargo": "fish"}]},
         ["distance_km", "turnover_tkm", "cargo"]),
        ({"freight": [usual(road={"share": 0.9})]}, ["freight[0].modes", "1"]),
        ({"freight": [usual(road={"rate_change_cny_per_tkm": -5})]}, ["rate_change_cny_per_tkm"]),
        ({"freight": [usual(road={"mode": "sledge"})]}, ["sledge"]),
        ({"freight": [usual(road={"mode": "rail"})]}, ["modes[1].mode"]),
        ({"freight": [usual(road={"speed_ratio": 0})]}, ["speed_ratio"]),
        ({"freight": [usual(road={"share": math.nan})]}, ["share"]),
        ({"freight": [usual(road={"rate_cny_per_tkm": math.inf})]}, ["rate_cny_per_tkm"]),
        ({"passengers": [{"market_id": "x", "tier": "D", "population_count": 0}]}, ["tier", "population_count"]),
        ({"passengers": [{"market_id": "x", "tier": "A", "population_count": 1e6, "nest_dissimilarity": 0}]},
         ["nest_dissimilarity"]),
        ({"passengers": [{"market_id": "x", "tier": "A", "population_count": 1e6,
                          "modes": [{"mode": "rocket"}, {"mode": "car", "share": 2}]}]}, ["rocket", "share"]),
        ({"passengers": [{"market_id": "x", "tier": "A", "population_count": 1e6,
                          "modes": [{"mode": "car"}, {"mode": "car"}]}]}, ["modes[1]"]),
        ({"passengers": [{"market_id": "", "tier": "A", "population_count": 1e6}]}, ["market_id"]),
    ],
)  # fmt: skip
def test_bad_markets_are_refused_with_every_fault(body, told):
    text = refused("SplitModes", body)
    for words in told:
        assert words in text, text[:600]
