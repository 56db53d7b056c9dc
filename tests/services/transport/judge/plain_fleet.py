"""The cohort model once more, in dictionaries and loops, from the equations alone.

N(v, y) = sold(v) . S(y - v) . prod(1 - h);   S(a) = exp(-(a / T)^k), 0 beyond the oldest age allowed
sales(y) = max(wanted(y) - survivors(y), 0);  scrapped(y) = N(y - 1) + sales(y) - N(y)
km(a) = km0 . f . exp(-decay . a);            use = N . km . e(v);  share on electricity = 1 - exp(-a R^b)
"""

from math import exp, log

from tests.services.transport.judge import plain_files as files

POWERTRAINS = ("gasoline", "diesel", "cng", "lng", "hev", "phev", "bev", "fcev")
ENGINES = ("gasoline", "diesel", "cng", "lng", "hev")
OLDEST = 39


def classes():
    """Rows of the classes with those of the region."""
    own = {r["vehicle_class"]: r for r in files.table("vehicles")}
    rows = files.table("vehicle_classes", "national/transport")
    return {r["vehicle_class"]: {**r, **own[r["vehicle_class"]]} for r in rows}


def alive(row, age, life_scale=1.0):
    """Share of a model year alive at an age."""
    limit = row["max_age_years"]
    if age > OLDEST or (limit is not None and age > limit):
        return 0.0
    life = row["life_years"] * row["life_multiplier"] * life_scale
    return exp(-((age / life) ** row["shape"]))


def weights():
    """Shares of the cities by what they are split by."""

    def share(values):
        total = sum(values.values())
        return {c: v / total for c, v in values.items()}

    cities = files.cities()
    people = share({c: files.observed("population_resident", c)[2020] for c in cities})
    gdp = share({c: files.observed("gdp_current", c)[2020] for c in cities})
    cars = share({c: files.city_leaf(c, "automobile_weight") for c in cities})
    urban_share = {c: files.observed("urbanization_rate", c)[2020] / 100 for c in cities}
    urban = share({c: people[c] * urban_share[c] for c in cities})
    trucks = {c: (gdp[c] + cars[c]) / 2 for c in cities}
    return {"people": people, "gdp": gdp, "cars": cars, "urban": urban, "trucks": trucks,
            "urban_share": urban_share}  # fmt: skip


def opening_stock(row, weight):
    """Vehicles of 2020 by city and powertrain."""
    name = row["vehicle_class"]
    if name in ("private_car", "motorcycle"):
        split = weight["cars"]
    elif name == "e_bike":
        split = weight["people"]
    elif name.endswith("truck") or name == "special_vehicle":
        split = weight["trucks"]
    else:
        split = weight["urban"]
    total = row["stock_count"]
    if name == "private_car":
        ratio = files.leaves("base", "jiangsu/transport")["private_to_class_ratio"]["value"]
        total = files.observed("vehicles_private")[2020] * 1e4 * ratio
    mix = next(r for r in files.table("powertrain_mix") if r["vehicle_class"] == name)
    whole = sum(mix[k] for k in POWERTRAINS)
    return {c: {k: total * split[c] * mix[k] / whole for k in POWERTRAINS} for c in files.cities()}


def opening_ages(row, powertrain):
    """Share of the opening stock by age; private vehicles from the observed series of stock since 2005."""
    growth = row["opening_growth_per_year"]
    if powertrain not in ENGINES and row["sector_energy"]:
        growth = files.parameter("opening_nev_growth_per_year")
    sold = {a: (1 + growth) ** -a for a in range(OLDEST + 1)}
    if row["driver"] == "ownership" and powertrain in ENGINES:
        sold = _sold_before_2021(row)
    left = {a: sold[a] * alive(row, a) for a in sold}
    total = sum(left.values())
    return {a: n / total for a, n in left.items()}


def _sold_before_2021(row):
    series = files.observed("vehicles_private")
    first = min(series)
    before = {a: (1 + row["opening_growth_per_year"]) ** -a for a in range(OLDEST + 1)}
    scale = series[first] / sum(n * alive(row, a) for a, n in before.items())
    sold = {first - a: n * scale for a, n in before.items()}
    for year in range(first + 1, 2021):
        survivors = sum(n * alive(row, year - v) for v, n in sold.items())
        sold[year] = max(series[year] - survivors, 0.0)
    return {a: sold.get(2020 - a, 0.0) for a in range(OLDEST + 1)}


class Drivers:
    """Population, urban population and GDP by city and year, from the drivers' levers."""

    def __init__(self, baseline, settings, years):
        self.weight = weights()
        self.cities, self.years = files.cities(), years

        def lever(name, city="", year=2020):
            return files.lever(f"drivers.{name}", baseline, settings, city, year)

        self.people = {}
        for y in years:
            shares = {c: _share_of("population_resident", c, y) for c in self.cities}
            total = sum(shares.values())
            for c in self.cities:
                self.people[c, y] = lever("population", "", y) * 1e4 * shares[c] / total
        self.gdp = self._gdp(lever)
        limit = files.parameter("urban_share_limit")
        self.urban = {}
        for c in self.cities:
            for y in years:
                ratio = lever("urbanization_share", c, y) / lever("urbanization_share", c, 2020)
                share = min(self.weight["urban_share"][c] * ratio, limit)
                self.urban[c, y] = self.people[c, y] * share

    def _gdp(self, lever):
        start = files.observed("gdp_current")[2020] * 1e8
        gdp, level, own = {}, 1.0, dict.fromkeys(self.cities, 1.0)
        for y in self.years:
            if y > 2020:
                level *= 1 + lever("gdp_growth", "", y)
                own = {c: own[c] * (1 + lever("gdp_growth", c, y)) for c in self.cities}
            weight = {c: _share_of("gdp_current", c, 2020) * own[c] for c in self.cities}
            total = sum(weight.values())
            for c in self.cities:
                gdp[c, y] = start * level * weight[c] / total
        return gdp


def _share_of(metric, city, year):
    series = {c: files.observed(metric, c) for c in files.cities()}
    known = [y for y in sorted(series[city]) if y >= 2020 and all(y in s for s in series.values())]
    points = {y: series[city][y] / sum(s[y] for s in series.values()) for y in known}
    return files.line(points, year)


def private_vehicles_ratio(d, baseline, settings, city):
    """Private vehicles over those of 2020 by year: the curve, met with the years observed, the last ratio held."""
    curves = {c: private_vehicles_of_curve(d, baseline, settings, c) for c in files.cities()}
    ratios = {
        y: cars * 1e4 / sum(curve[y] for curve in curves.values())
        for y, cars in files.observed("vehicles_private").items()
        if y in d.years
    }
    own = {y: v * files.line(ratios, y) for y, v in curves[city].items()}
    return {y: v / own[2020] for y, v in own.items()}


def private_vehicles_of_curve(d, baseline, settings, city):
    """Private vehicles by year: the Gompertz curve on income, pivoted on 2020."""
    people = files.observed("population_resident")[2020] * 1e4
    cars = files.observed("vehicles_private")[2020] * 1e4
    level_2020 = cars / people * 1e3
    income_2020 = files.observed("gdp_current")[2020] * 1e8 / people / 1e4
    own = cars * d.weight["cars"][city] / (people * d.weight["people"][city]) * 1e3
    fits = files.table("ownership")
    wanted = {}
    for y in d.years:
        gamma = files.lever("transport.private_vehicle_saturation", baseline, settings, city, y)
        alpha = files.line({r["saturation_per_1000"]: r["alpha"] for r in fits}, gamma)
        beta = files.line({r["saturation_per_1000"]: r["beta"] for r in fits}, gamma)
        grown = (d.gdp[city, y] / d.people[city, y]) / (d.gdp[city, 2020] / d.people[city, 2020])
        curve = {x: gamma * exp(alpha * exp(beta * x)) for x in (income_2020, income_2020 * grown)}
        pivot = level_2020 / curve[income_2020]
        closed = (pivot * curve[income_2020 * grown] - level_2020) / (pivot * gamma - level_2020)
        wanted[y] = (own + closed * (pivot * gamma - own)) * d.people[city, y] / 1e3
    return wanted


def targets(d, row, city, start, road_tkm, baseline, settings):
    """Vehicles wanted of a class in a city by year."""

    def index(values):
        return {y: values[city, y] / values[city, 2020] for y in d.years}

    load = {y: files.lever("transport.truck_load_factor", baseline, settings, city, y) for y in d.years}
    by = {
        "urban_population": lambda: index(d.urban),
        "population": lambda: index(d.people),
        "gdp": lambda: index(d.gdp),
        "parcel": lambda: index({at: d.gdp[at] * d.people[at] for at in d.gdp}),
        "trend": lambda: dict.fromkeys(d.years, 1.0),
        "ownership": lambda: private_vehicles_ratio(d, baseline, settings, city),
        "road_freight": lambda: {
            y: (road_tkm[city][y] / load[y]) / (road_tkm[city][2020] / load[2020]) for y in d.years
        },
    }[row["driver"]]()
    power = row["driver_elasticity"]
    wanted = {y: start * by[y] ** power * (1 + row["trend_per_year"]) ** (y - 2020) for y in d.years}
    if row["vehicle_class"] == "urban_bus":
        service = {y: files.lever("transport.bus_service", baseline, settings, city, y) for y in d.years}
        wanted = {y: n * service[y] / service[2020] for y, n in wanted.items()}
    return wanted


def cohorts(row, opening, wanted, shares, retired, life_scale, years):
    """Run (2.1) to (2.3). opening[k][age]; shares[k][year]; retired(k, model year, age, year) share retired early.

    -> living[k][year][model year], sales, scrapped, stock by [k][year].
    """
    sold = {k: {2020 - a: n for a, n in opening[k].items()} for k in POWERTRAINS}  # alive at the end of 2020
    living = {k: {2020: dict(sold[k])} for k in POWERTRAINS}
    sales = {k: {2020: opening[k][0]} for k in POWERTRAINS}
    scrapped = {k: {} for k in POWERTRAINS}
    for y in years[1:]:
        for k in POWERTRAINS:
            now = {}
            for v, n in living[k][y - 1].items():
                if y - v > OLDEST:
                    continue
                before, after = alive(row, y - 1 - v, life_scale), alive(row, y - v, life_scale)
                now[v] = n * (after / before if before > 0 else 0.0) * (1 - retired(k, v, y - v, y))
            living[k][y] = now
        survivors = sum(n for k in POWERTRAINS for n in living[k][y].values())
        bought = max(wanted[y] - survivors, 0.0)
        for k in POWERTRAINS:
            sales[k][y] = bought * shares[k][y]
            living[k][y][y] = sales[k][y]
            scrapped[k][y] = sum(living[k][y - 1].values()) + sales[k][y] - sum(living[k][y].values())
    stock = {k: {y: sum(living[k][y].values()) for y in years} for k in POWERTRAINS}
    return living, sales, scrapped, stock


def km_by_age(row, opening_of_all):
    """Mileage by age: its mean over the fleet of 2020 is that of the class."""
    count = {a: sum(n[a] for n in opening_of_all) for a in range(OLDEST + 1)}
    fall = {a: exp(-row["mileage_decay_per_year"] * a) for a in count}
    mean = sum(count[a] * fall[a] for a in count) / sum(count.values())
    return {a: row["mileage_km"] * fall[a] / mean for a in count}


def _linear_between(figures, year):
    return files.line({y: figures[f"e{y}"] for y in (2020, 2025, 2030, 2035)}, year)


def energy_per_km(row, powertrain, city, baseline, settings, years):
    """(fuel GJ/km, electricity MWh/km) by model year."""
    table = {
        r["powertrain"]: r
        for r in files.table("energy_per_100km", "national/transport")
        if r["vehicle_class"] == row["vehicle_class"]
    }
    heat = {r["fuel"]: r["gj_per_unit"] for r in files.table("fuels", "national/transport")}
    fuels = {"hev": row["hybrid_fuel"], "phev": row["hybrid_fuel"], "fcev": "hydrogen"}
    burn = table.get(f"{powertrain}_cs") or table.get(powertrain)
    plug = table.get(f"{powertrain}_cd") or (table.get(powertrain) if powertrain == "bev" else None)
    burn = None if powertrain == "bev" else burn

    def fall(name, figures, model_year):
        kept = 1.0
        for y in range(2021, model_year + 1):
            kept *= 1 - files.lever(f"transport.{name}", baseline, settings, city, y)
        return max(figures["e2020"] * kept, min(figures["low"], figures["e2035"]))

    found = {}
    for v in range(2020 - OLDEST, years[-1] + 1):
        at = max(v, 2020)
        fuel = electric = 0.0
        if burn is not None:
            per_100km = fall("ice_efficiency_improvement", burn, at)
            if powertrain == "fcev":
                per_100km = _linear_between(burn, at)
            if powertrain in ENGINES and v < 2020:
                first = files.parameter("old_fuel_use_first_year")
                per_100km *= 1 + files.parameter("old_fuel_use_growth_per_year") * (2020 - max(v, first))
            fuel = per_100km * heat[fuels.get(powertrain, powertrain)] / 100
        if plug is not None:
            electric = fall("ev_efficiency_improvement", plug, at) / 100 / 1000
        if powertrain == "phev":
            reach = files.lever("transport.phev_electric_range", baseline, settings, city, at)
            on_plug = utility_factor(reach) * row["phev_use_factor"]
            fuel, electric = fuel * (1 - on_plug), electric * on_plug
        found[v] = (fuel, electric)
    return found


def utility_factor(range_km):
    """Share of a plug-in hybrid's distance driven on electricity, capped."""
    share = 1 - exp(-files.parameter("uf_scale") * range_km ** files.parameter("uf_exponent"))
    return min(share, files.parameter("uf_limit"))


def gompertz_elasticity(alpha, beta, x):
    """Income elasticity of ownership."""
    return alpha * beta * x * exp(beta * x)


def half_life(row):
    """Median life, years."""
    return row["life_years"] * row["life_multiplier"] * log(2) ** (1 / row["shape"])
