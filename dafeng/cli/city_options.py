"""What `dafeng cities` is given: rules and bounds as options, plans as CSV."""

import csv
from collections.abc import Iterable
from pathlib import Path

from dafeng.cities.v1 import cities_pb2
from dafeng.client import InvalidInputError, Violation

_PLAN_COLUMNS = ("city", "target", "number", "author", "date", "note")


def rule_choice(
    rule: str, bounds: Iterable[str], base_year: int, over_base: bool, reserve: float, incentive: float
) -> cities_pb2.RuleChoice:
    """The rule as the options say it. InvalidInputError lists what cannot be read."""
    wrong: list[Violation] = []
    choice = cities_pb2.RuleChoice(rule=rule, base_year=base_year, over_base=over_base)
    if rule.startswith("entropy:"):
        choice.rule, choice.entropy = "composite", True
        choice.entropy_rules.extend(rule.removeprefix("entropy:").split(","))
    elif "=" in rule:
        choice.rule = "composite"
        for part in rule.split(","):
            name, _, weight = part.partition("=")
            try:
                choice.weights.add(rule=name.strip(), weight=float(weight))
            except ValueError:
                wrong.append(Violation("--rule", f"{part!r}: write rule=weight"))
    if reserve:
        choice.reserve_share = reserve
    if incentive:
        choice.incentive_share = incentive
    for text in bounds:
        place, _, span = text.partition("=")
        low, dots, high = span.partition("..")
        try:
            made = choice.bounds.add(place=place.strip())
            if low.strip():
                made.low = float(low)
            if high.strip():
                made.high = float(high)
            if not dots:
                raise ValueError
        except ValueError:
            wrong.append(Violation("--bound", f"{text!r}: write city=low..high"))
    if wrong:
        raise InvalidInputError("options cannot be read", tuple(wrong))
    return choice


def read_plans(path: Path) -> list[cities_pb2.CityPlan]:
    """City plans from a CSV. InvalidInputError lists every cell that cannot be read."""
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            rows = [r for r in csv.reader(file) if r and not r[0].startswith("#")]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InvalidInputError("plans", (Violation(str(path), f"cannot be read: {error}"),)) from None
    head = [c.strip() for c in rows[0]] if rows else []
    missing = [c for c in _PLAN_COLUMNS[:3] if c not in head]
    unknown = [c for c in head if c not in _PLAN_COLUMNS]
    if missing or unknown:
        text = f"columns are {', '.join(_PLAN_COLUMNS)}; missing {missing}, unknown {unknown}"
        raise InvalidInputError("plans", (Violation(path.name, text),))
    found, wrong = [], []
    for at, cells in enumerate(rows[1:], start=2):
        row = dict(zip(head, cells, strict=False))
        try:
            value = float(row.get("number", ""))
        except ValueError:
            wrong.append(
                Violation(f"{path.name}, row {at}, number", f"{row.get('number', '')!r} is not a number")
            )
            continue
        found.append(
            cities_pb2.CityPlan(
                place=row.get("city", ""),
                target_id=row.get("target", ""),
                number=value,
                author=row.get("author", ""),
                date=row.get("date", ""),
                note=row.get("note", ""),
            )
        )
    if wrong:
        raise InvalidInputError("plans", tuple(wrong))
    return found
