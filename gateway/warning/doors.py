"""Doors of early warning (dafeng.warning.v1, same names and units)."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from gateway.warning.results import (
    WarningComparison,
    WarningCondition,
    WarningQuantity,
    WarningRule,
    WarningRuleSet,
)
from services.common.axes import BASE_YEAR
from services.common.scenario import Door, WeatherName
from services.common.words import Grade, Label, Provenance

MOST_MEMBERS = 1024
FIRST_AS_OF, LAST_AS_OF = BASE_YEAR + 1, BASE_YEAR + 30
_Text = Annotated[str, Field(max_length=200)]
_Id = Annotated[str, Field(min_length=1, max_length=60)]
QuantityName = Literal[
    "gap_ratio",
    "year_gap_ratio",
    "absolute_gap",
    "probability_of_missing",
    "worsening_count",
    "data_age_months",
]
Members = Annotated[int, Field(ge=1, le=MOST_MEMBERS)]
Seed = Annotated[int, Field(ge=0, lt=2**63)]
Policies = Annotated[tuple[_Id, ...], Field(strict=False, max_length=100)]
Weather = Annotated[tuple[WeatherName, ...], Field(strict=False, max_length=8)]


class LabelText(Door):
    """A text in both languages."""

    zh: _Text = ""
    en: _Text = ""

    def label(self) -> Label:
        """As a domain label."""
        return Label(self.zh, self.en)


class ConditionDoor(Door):
    """A quantity beside a threshold."""

    quantity: QuantityName
    comparison: Literal["above", "at_least", "below", "at_most", "missing"]
    threshold: Annotated[float, Field(ge=-1e12, le=1e12)] = 0.0


class RuleDoor(Door):
    """A row of a caller's own rule set."""

    severity: Annotated[int, Field(ge=0, le=100)] = 0
    number: Annotated[str, Field(max_length=20)] = ""
    colour: Annotated[str, Field(min_length=1, max_length=40)]
    label: LabelText = LabelText()
    conditions: Annotated[tuple[ConditionDoor, ...], Field(strict=False, max_length=20)] = ()


class RuleSetDoor(Door):
    """A caller's own rule set."""

    rule_set_id: _Id
    version: Annotated[str, Field(max_length=60)] = ""
    owner: LabelText = LabelText()
    label: LabelText = LabelText()
    improve_after_count: Annotated[int, Field(ge=1, le=10)] = 1
    rules: Annotated[tuple[RuleDoor, ...], Field(strict=False, min_length=1, max_length=100)]

    def rule_set(self) -> WarningRuleSet:
        """As the engine reads it."""
        return WarningRuleSet(
            self.rule_set_id,
            self.version,
            self.owner.label(),
            self.label.label(),
            self.improve_after_count,
            tuple(
                WarningRule(
                    r.severity,
                    r.number,
                    r.colour,
                    r.label.label(),
                    tuple(
                        WarningCondition(
                            WarningQuantity(c.quantity), WarningComparison(c.comparison), c.threshold
                        )
                        for c in r.conditions
                    ),
                )
                for r in self.rules
            ),
            Provenance("sent with the request", self.version, "", Grade.C),
        )


class _EnsembleDoor(Door):
    """What both calls ask of an ensemble; 0 or empty takes the default of the data."""

    rule_set_id: Annotated[str, Field(max_length=60)] = ""
    own_rule_set: RuleSetDoor | None = None
    member_count: Members | None = None
    seed: Seed | None = None
    policy_inputs: Policies = ()
    weather_years: Weather = ()
    issued_year: Annotated[int, Field(ge=0, le=LAST_AS_OF)] = 0

    @model_validator(mode="after")
    def _one_rule_set(self) -> "_EnsembleDoor":
        if self.rule_set_id and self.own_rule_set is not None:
            raise ValueError("give rule_set_id or own_rule_set, not both")
        if self.issued_year and self.issued_year < BASE_YEAR:
            raise ValueError(f"issued_year must be 0 (as of the frame) or {BASE_YEAR} and later")
        return self


class AssessWarningRequest(_EnsembleDoor):
    """AssessWarning without frame and scenario."""

    target_ids: Annotated[tuple[_Id, ...], Field(strict=False, max_length=500)] = ()
    assessed_year: Annotated[int, Field(ge=0, le=2100)] = 0
    without_peaks: bool = False

    @model_validator(mode="after")
    def _assessed_after_start(self) -> "AssessWarningRequest":
        if 0 < self.assessed_year < BASE_YEAR:
            raise ValueError(f"assessed_year must be 0 (the last year with data) or {BASE_YEAR} and later")
        return self


class BacktestRequest(_EnsembleDoor):
    """Backtest without frame and scenario."""

    as_of_years: Annotated[
        tuple[Annotated[int, Field(ge=FIRST_AS_OF, le=LAST_AS_OF)], ...], Field(strict=False, max_length=20)
    ] = ()
