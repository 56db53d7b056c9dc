"""ProjectFleet once more, in dictionaries and loops; every figure of the request is given, no table is asked."""

from math import exp

MJ = {"gasoline": 0.03212679, "diesel": 0.03587145, "cng": 0.03897911, "lng": 0.05149931, "hydrogen": 0.12}
OLDEST = 39


def survival(wanted, age):
    """Share alive at an age: as given, else Weibull up to the oldest age allowed."""
    given = wanted.get("survival_share")
    if given:
        return given[age] if age < len(given) else 0.0
    if age > OLDEST or (wanted["oldest_age_years"] and age > wanted["oldest_age_years"]):
        return 0.0
    return exp(-((age / wanted["life_years"]) ** wanted["life_shape"]))


def at(values, i):
    """The value of year i of a series of one or of all years."""
    return values[0] if len(values) == 1 else values[i]


def project(request):
    """{(class, powertrain): {stock, sales, scrapped, retired, km, fuel, electric: [year]}}."""
    first, last = request["first_year"], request["last_year"]
    years = range(first, last + 1)
    found = {}
    for one in request["vehicle_classes"]:
        trains = one["powertrains"]
        living = [{first - a: n for a, n in enumerate(t["opening_by_age"])} for t in trains]
        opening = [sum(one_[v] for one_ in living if v in one_) for v in range(first, first - OLDEST - 1, -1)]
        km = _mileage(one, opening)
        rows = [
            {n: [] for n in ("stock", "sales", "scrapped", "retired", "km", "fuel", "electric", "ages")}
            for _ in trains
        ]
        for y in years:
            before = [sum(own.values()) for own in living]
            sold, early = [own.get(y, 0.0) for own in living], [0.0] * len(trains)
            if y > first:
                for i, t in enumerate(trains):
                    living[i], early[i] = _older(one, t, living[i], y)
                alive = sum(sum(own.values()) for own in living)
                new = (
                    one["sales_count"][y - first - 1]
                    if one.get("sales_count")
                    else max(one["stock_count"][y - first - 1] - alive, 0.0)
                )
                for i, t in enumerate(trains):
                    sold[i] = new * at(t["sales_share"], y - first - 1)
                    living[i][y] = sold[i]
            for i, t in enumerate(trains):
                row, own = rows[i], living[i]
                row["stock"].append(sum(own.values()))
                row["sales"].append(sold[i])
                gone = before[i] + sold[i] - row["stock"][-1] if y > first else 0.0
                row["scrapped"].append(gone)
                row["retired"].append(early[i])
                ratio = at(one["mileage_ratio"], y - first)
                driven = {v: n * km[y - v] * ratio for v, n in own.items()}
                per_km = {v: _per_km(t, v, first) for v in own}
                row["km"].append(sum(driven.values()))
                row["fuel"].append(sum(d * per_km[v][0] for v, d in driven.items()))
                row["electric"].append(sum(d * per_km[v][1] for v, d in driven.items()))
                row["ages"].append([own.get(y - a, 0.0) for a in range(OLDEST + 1)])
        for t, row in zip(trains, rows, strict=True):
            found[one["class_id"], t["powertrain"]] = row
    return found


def _mileage(one, opening):
    """km a year by age; the mean over the opening fleet is the mileage of the request."""
    fall = [exp(-one["mileage_decay_per_year"] * a) for a in range(OLDEST + 1)]
    mean = sum(n * f for n, f in zip(opening, fall, strict=True)) / sum(opening)
    return [one["mileage_km"] * f / mean for f in fall]


def _older(one, train, own, year):
    """Survivors of the natural curve and of the programmes, and how many left early."""
    left, early = {}, 0.0
    for v, n in own.items():
        age = year - v
        if age > OLDEST:
            continue
        before = survival(one, age - 1)
        alive = n * (survival(one, age) / before if before > 0 else 0.0)
        kept = alive
        for programme in one["retirements"]:
            applies = (
                (not programme["powertrains"] or train["powertrain"] in programme["powertrains"])
                and programme["from_year"] <= year <= programme["to_year"]
                and (not programme["last_model_year"] or v <= programme["last_model_year"])
                and age >= programme["from_age_years"]
            )
            if applies:
                kept *= 1 - programme["rate_per_year"]
        left[v] = kept
        early += alive - kept
    return left, early


def _per_km(train, model_year, first):
    """(fuel GJ/km, electricity MWh/km) by model year, like a private car: hybrids burn gasoline."""
    better = (1 - train["improvement_per_year"]) ** max(model_year - first, 0)
    kind = train["powertrain"]
    on_plug = {"bev": 1.0, "phev": train.get("electric_distance_share", 0.0)}.get(kind, 0.0)
    fuel = electric = 0.0
    if kind != "bev":
        name = {"hev": "gasoline", "phev": "gasoline", "fcev": "hydrogen"}.get(kind, kind)
        fuel = (1 - on_plug) * train["fuel_per_100km"] / 100 * MJ[name] * better
    if on_plug:
        electric = on_plug * train["electricity_kwh_per_100km"] / 1e5 * better
    return fuel, electric
