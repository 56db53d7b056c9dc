"""Targets that cannot hold together by arithmetic alone: shares above 1, parts above their whole."""

from collections.abc import Iterable, Mapping, Sequence
from math import inf

from gateway.targets.data import TOLERANT, Form, Reading, Target
from gateway.targets.intervals import Bound, Identity, Interval, Variable, tighten
from services.common.region_files import RegionDataError
from services.common.regions import Region
from services.common.words import Label

IDENTITIES_TABLE = "targets/identities"
SETTINGS = "targets/settings"
_LEVELS = (Form.LEVEL, Form.LEVEL_EACH_CITY, Form.FULL_COVERAGE, Form.COUNT, Form.NEAR_ZERO, Form.SIZE_CLASS)
_HALF_LINES = (*_LEVELS, Form.CUMULATIVE_FLOW)


def impossible_sets(region: Region, targets: Sequence[Target]) -> list[tuple[tuple[str, ...], Label]]:
    """Sets of target ids that cut an interval empty, with the identity's name, each once, by id."""
    rounds = int(region.number(SETTINGS, "interval_round_count"))
    smallest = region.number(SETTINGS, "tightening_min_share")
    start = half_lines(region, targets)
    labels = identity_labels(region)
    found: dict[tuple[str, ...], Label] = {}
    for name, identities in identities_at(region, start).items():
        for interval in tighten(start, identities, rounds, smallest).values():
            ids = tuple(sorted(interval.low.cut_by | interval.high.cut_by))
            if interval.empty(smallest) and len(ids) > 1 and not _plain(start, ids):
                found.setdefault(ids, labels[name])
    smallest_sets = [i for i in found if not any(set(o) < set(i) for o in found)]
    return [(ids, found[ids]) for ids in sorted(smallest_sets)]


def _plain(start: Mapping[Variable, Interval], ids: tuple[str, ...]) -> bool:
    """True when the targets contradict each other on one metric: told as another number, not as arithmetic."""
    return any(
        set(i.low.cut_by | i.high.cut_by) == set(ids) and i.low.value > i.high.value for i in start.values()
    )


def half_lines(region: Region, targets: Iterable[Target]) -> dict[Variable, Interval]:
    """Each target's half-line, in the metric's unit, inside the metric's own domain."""
    found: dict[Variable, Interval] = {}
    for target in targets:
        if target.number is None or target.reading is None or target.form not in _HALF_LINES:
            continue
        for place in target.cities or [target.value_place or target.place]:
            variable = _variable(region, target, target.reading, place)
            now = found.get(variable, domain(target.reading.metric_id))
            slack = target.tolerance if target.compare in TOLERANT else 0.0
            limit = (target.number - target.sign * slack) / target.reading.scale
            bound = Bound(limit, frozenset([target.id]))
            if target.sign > 0 and limit > now.low.value:
                now = Interval(bound, now.high)
            elif target.sign < 0 and limit < now.high.value:
                now = Interval(now.low, bound)
            found[variable] = now
    return found


def _variable(region: Region, target: Target, reading: Reading, place: str) -> Variable:
    """A flow summed over years is another quantity than the yearly metric: it carries its first year."""
    metric = reading.metric_id
    if target.form is Form.CUMULATIVE_FLOW:
        metric = f"{metric}|since {target.start_year}"
    return metric, place if place in region.city_ids else "", target.year


def domain(metric_id: str) -> Interval:
    """Values that a metric can take at all: shares lie between 0 and 1, other amounts are not negative."""
    share = metric_id.endswith("_share") and "fall" not in metric_id
    return Interval(Bound(0.0), Bound(1.0 if share else inf))


def identity_labels(region: Region) -> dict[str, Label]:
    """Names of the identities."""
    return {r["identity"]: Label(r["zh"], r["en"]) for r in region.table(IDENTITIES_TABLE).rows()}


def identities_at(region: Region, start: dict[Variable, Interval]) -> dict[str, list[Identity]]:
    """Every identity at the places and years where targets stand; adds the domains of the variables it needs."""
    rows: dict[str, list[Mapping[str, object]]] = {}
    for row in region.table(IDENTITIES_TABLE).rows():
        rows.setdefault(row["identity"], []).append(row)
    keys = sorted({(v[0].partition("|")[2], v[2]) for v in start})
    found: dict[str, list[Identity]] = {}
    for name, terms in rows.items():
        for suffix, year in keys:
            places = [""] if any(t["at"] != "same" for t in terms) else ["", *region.city_ids]
            for place in places:
                identity = _at(region, name, terms, place, year, suffix)
                found.setdefault(name, []).append(identity)
                for variable in identity.terms:
                    start.setdefault(variable, domain(variable[0].partition("|")[0]))
    return found


def _at(
    region: Region, name: str, terms: Sequence[Mapping[str, object]], place: str, year: int, suffix: str
) -> Identity:
    coefficients: dict[Variable, float] = {}
    for term in terms:
        metric = f"{term['metric']}|{suffix}" if suffix else str(term["metric"])
        where = {"same": [place], "region": [""], "cities": list(region.city_ids)}.get(str(term["at"]))
        if where is None:
            raise RegionDataError(f"{IDENTITIES_TABLE}: at {term['at']}: same, region or cities")
        for one in where:
            coefficients[metric, one, year] = float(str(term["coefficient"]))
    constant = float(str(terms[0]["constant"]))
    return Identity(name, coefficients, constant, terms[0]["relation"] == "equal")
