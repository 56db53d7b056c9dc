"""The rule engine: ordered rows, conditions that are all to hold, the first row that holds gives the colour.

Label, number and colour are the office's; severity ranks them, because numbers run either way. A quantity that is not
known makes a condition false, unless the condition is that it is missing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Final

from gateway.warning.results import (
    WarningColour,
    WarningComparison,
    WarningCondition,
    WarningQuantity,
    WarningRule,
    WarningRuleSet,
)
from services.common.errors import Violation, invalid, near_names
from services.common.regions import Region
from services.common.words import Label

SETS_TABLE: Final = "warning/rule_sets"
RULES_TABLE: Final = "warning/rules"
# What needs an ensemble; without these the rule set is the office's rule alone.
OF_ENSEMBLE: Final = ("probability_of_missing",)
_NOISE: Final = 1e-9
Quantities = Mapping[str, float | None]


def rule_sets(region: Region) -> tuple[WarningRuleSet, ...]:
    """Every rule set that the region (else the nation) holds."""
    heads = region.table(SETS_TABLE)
    rows = region.table(RULES_TABLE).rows()
    found = []
    for head, provenance in zip(heads.rows(), heads.provenance, strict=True):
        own = [r for r in rows if r["rule_set"] == head["rule_set"]]
        found.append(
            WarningRuleSet(
                rule_set_id=head["rule_set"],
                version=head["version"],
                owner=Label(head["owner_zh"], head["owner_en"]),
                label=Label(head["zh"], head["en"]),
                improve_after_count=head["improve_after_count"],
                rules=tuple(_rule(list(same)) for _, same in groupby(own, key=lambda r: r["row"])),
                provenance=provenance,
            )
        )
    return tuple(found)


def rule_set_violations(region: Region, rule_set_id: str) -> list[Violation]:
    """A rule set that the region does not hold, with near names; empty takes the first."""
    ids = [s.rule_set_id for s in rule_sets(region)]
    if not rule_set_id or rule_set_id in ids:
        return []
    near = near_names(rule_set_id, ids)
    return [Violation("rule_set_id", f"no such rule set{near}", rule_set_id, ", ".join(ids))]


def rule_set_named(region: Region, rule_set_id: str) -> WarningRuleSet:
    """The rule set of that id, the first when none is named. INVALID_INPUT with near names when there is none."""
    wrong = rule_set_violations(region, rule_set_id)
    if wrong:
        raise invalid(wrong)
    return next(s for s in rule_sets(region) if rule_set_id in ("", s.rule_set_id))


def answer(rules: WarningRuleSet, quantities: Quantities) -> WarningColour:
    """The colour of the first row that holds; severity 0 without a name when none does."""
    for index, rule in enumerate(rules.rules):
        if all(holds(c, quantities.get(c.quantity)) for c in rule.conditions):
            return WarningColour(rule.severity, rule.number, rule.colour, rule.label, index, False)
    return WarningColour(0, "", "", Label("无适用规则", "no rule applies"), -1, False)


def without_ensemble(quantities: Quantities) -> Quantities:
    """The same quantities as an office sees them that has no ensemble."""
    return {k: v for k, v in quantities.items() if k not in OF_ENSEMBLE}


def holds(condition: WarningCondition, value: float | None) -> bool:
    """Whether a condition holds; noise of floating point never decides."""
    if condition.comparison is WarningComparison.MISSING:
        return value is None
    if value is None:
        return False
    noise = _NOISE * max(1.0, abs(condition.threshold))
    difference = value - condition.threshold
    found: bool = {
        "above": difference > noise,
        "at_least": difference >= -noise,
        "below": difference < -noise,
        "at_most": difference <= noise,
    }[condition.comparison.value]
    return found


def settled(found: Sequence[WarningColour], improve_after_count: int) -> WarningColour:
    """The colour that is shown after a run of assessments, oldest first: it worsens at once and improves only after
    `improve_after_count` better ones running, then to the worst of these. Severity 0 (no answer) changes nothing but
    is shown as such when it comes last."""
    shown: WarningColour | None = None
    better: list[WarningColour] = []
    for colour in found:
        if colour.severity == 0:
            continue
        if shown is None or colour.severity >= shown.severity:
            shown, better = colour, []
            continue
        better.append(colour)
        if len(better) >= improve_after_count:
            shown, better = max(better, key=lambda c: c.severity), []
    last = found[-1]
    if shown is None or last.severity == 0:
        return last
    return replace(shown, held_back=shown.severity > last.severity)


def _rule(lines: list[Mapping[str, object]]) -> WarningRule:
    first = lines[0]
    conditions = tuple(
        WarningCondition(
            WarningQuantity(str(r["quantity"])),
            WarningComparison(str(r["comparison"])),
            _threshold(r["threshold"]),
        )
        for r in lines
        if r["quantity"]
    )
    return WarningRule(
        int(str(first["severity"])),
        str(first["number"]),
        str(first["colour"]),
        Label(str(first["zh"]), str(first["en"])),
        conditions,
    )


def _threshold(value: object) -> float:
    """The threshold; an empty cell is 0."""
    number = float(str(value))
    return 0.0 if number != number else number
