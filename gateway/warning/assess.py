"""Stage warning: every target followed, with a colour by the office's rule alone and by the full rule.

The office's rule needs no ensemble: it sees gaps and the age of data. The full rule also sees the chance of missing,
from members that observations have reweighed. Prior and posterior are both told: weights fitted to few data narrow an
ensemble artificially.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from gateway.pipeline import Pipeline
from gateway.targets.data import Form, Target, read_targets
from gateway.targets.probability import p_met, wilson
from gateway.warning.bands import bands_of, peak_years_of
from gateway.warning.checks import issued_violations, open_warning
from gateway.warning.colours import colours_of
from gateway.warning.doors import AssessWarningRequest
from gateway.warning.gaps import gap_in, remaining
from gateway.warning.members import chances, keys_of, weights_for
from gateway.warning.outlook import Outlook, Plan, outlook
from gateway.warning.probability import Weighed, effective_size, weighted_chance
from gateway.warning.quantity import Quantity, quantity_of
from gateway.warning.results import (
    InputUsed,
    TargetLeftOut,
    TargetWarning,
    WarningAssessment,
    WarningChance,
    WarningRuleSet,
)
from gateway.warning.rules import rule_set_named
from gateway.warning.settings import (
    ResidualModel,
    default_residual,
    number,
    residual_models,
    watched_series,
)
from services.common.axes import BASE_YEAR
from services.common.digest import digest_of
from services.common.regions import Region, load_region
from services.common.revision import revision_of
from services.common.scenario import Frame
from services.common.words import Progress, ReleaseStatus


@dataclass(frozen=True)
class Asked:
    """What an assessment works with besides the ensemble."""

    region: Region
    rules: WarningRuleSet
    assessed_year: int
    models: Mapping[str, ResidualModel]
    default: ResidualModel

    def error_of(self, target: Target) -> ResidualModel:
        """The error of the target's metric."""
        return self.models.get(target.reading.metric_id if target.reading else "", self.default)


async def assess_warning(
    pipeline: Pipeline, raw: Mapping[str, Any]
) -> AsyncIterator[Progress | WarningAssessment]:
    """Open a request, run its ensemble and say how every target stands. INVALID_INPUT lists all violations."""
    as_of_year = (raw.get("frame") or {}).get("as_of_year") or 0
    text = "the ensemble would know more than the assessment"
    late = issued_violations(raw.get("issued_year") or 0, as_of_year, text)
    frame, scenario, request = await open_warning(pipeline.calls, raw, AssessWarningRequest, late)
    region = load_region(frame.region, frame.as_of_year)
    rules = rules_of(region, request.rule_set_id, request.own_rule_set)
    followed, left_out = _followed(region, frame, request.target_ids)
    years = _years(region, frame, followed, request.without_peaks)
    plan = Plan(
        count=request.member_count or int(number(region, "members")),
        seed=int(number(region, "seed")) if request.seed is None else request.seed,
        years=years,
        keys=keys_of(region, followed, watched_series(region)),
        issued_year=request.issued_year or frame.as_of_year,
        policies=request.policy_inputs,
        weather=request.weather_years,
        known_year=last_observed(region, frame, followed),
    )
    seen: Outlook | None = None
    async for part in outlook(pipeline.runs, pipeline.calls, frame, scenario, plan):
        if isinstance(part, Outlook):
            seen = part
        else:
            yield part
    assert seen is not None
    asked = Asked(
        region,
        rules,
        request.assessed_year or plan.known_year,
        residual_models(region),
        default_residual(region),
    )
    yield await asyncio.to_thread(
        _assessment, asked, frame, scenario.baseline, plan, seen, followed, left_out
    )


def rules_of(region: Region, rule_set_id: str, own: Any) -> WarningRuleSet:
    """The caller's own rule set, or the one named."""
    return own.rule_set() if own is not None else rule_set_named(region, rule_set_id)


def _followed(
    region: Region, frame: Frame, wanted: Sequence[str]
) -> tuple[tuple[Target, ...], tuple[TargetLeftOut, ...]]:
    """Targets that can be followed, and the others with the reason; all of the region when none is named."""
    held = read_targets(region.region_id).targets
    last = int(number(region, "peak_last_year"))
    followed, left_out = [], []
    for target in held:
        if wanted and target.id not in wanted:
            continue
        reason = ""
        if target.number is None:
            reason = f"DEFERRED:{target.deferred_to}"
        elif target.reading is None and target.observed is None:
            reason = target.unavailable or "NO_METRIC"
        elif not BASE_YEAR < target.year <= min(last, frame.last_year):
            reason = "OUT_OF_SPAN"
        if reason:
            left_out.append(TargetLeftOut(target.id, target.label.label(), reason))
        else:
            followed.append(target)
    return tuple(followed), tuple(left_out)


def _years(region: Region, frame: Frame, followed: Sequence[Target], without_peaks: bool) -> tuple[int, ...]:
    """Every year up to the last in which peaks are looked for, or only the years that targets and statistics read."""
    last = min(frame.last_year, int(number(region, "peak_last_year")))
    observed = {y for s in watched_series(region) for y in region.observed(s.statistic)}
    read = {t.year for t in followed} | {t.start_year for t in followed if t.start_year}
    flows = {
        y
        for t in followed
        if t.form is Form.CUMULATIVE_FLOW and t.start_year
        for y in range(t.start_year, t.year + 1)
    }
    needed = {y for y in read | flows | observed if BASE_YEAR <= y <= frame.last_year}
    if not without_peaks:
        needed |= set(range(BASE_YEAR, last + 1))
    return tuple(sorted(needed | {BASE_YEAR}))


def last_observed(region: Region, frame: Frame, followed: Sequence[Target]) -> int:
    """The last year that any target or series observes, as known; the frame's as_of_year when it has one."""
    if frame.as_of_year:
        return frame.as_of_year
    years = [y for s in watched_series(region) for y in region.observed(s.statistic)]
    for target in followed:
        if target.observed is not None:
            years += [y for i in target.observed.ids for y in region.observed(i)]
    held = [y for y in years if y <= frame.last_year]
    return max(held, default=BASE_YEAR)


def _assessment(
    asked: Asked,
    frame: Frame,
    baseline: str,
    plan: Plan,
    seen: Outlook,
    followed: Sequence[Target],
    left_out: Sequence[TargetLeftOut],
) -> WarningAssessment:
    weighed, series = weights_for(asked.region, seen, watched_series(asked.region))
    made = WarningAssessment(
        region=frame.region,
        baseline=baseline,
        as_of_year=frame.as_of_year,
        issued_year=plan.issued_year,
        assessed_year=asked.assessed_year,
        rule_set=asked.rules,
        member_count=plan.count,
        seed=plan.seed,
        effective_member_count=weighed.size,
        likelihood_exponent=weighed.exponent,
        flags=_flags(asked.region, weighed, plan.count),
        targets=tuple(_warning(asked, t, seen, weighed) for t in followed),
        left_out=tuple(left_out),
        bands=bands_of(seen, weighed.weights),
        carbon_peak_years=peak_years_of(seen, weighed.weights),
        inputs=tuple(
            InputUsed(i.input_id, i.lever_id, i.axis, i.label, used, i.provenance) for i, used in seen.inputs
        ),
        series=series,
        weather_years=seen.weather_years,
        years=seen.years,
        digest="",
        revision=revision_of(asked.region),
        release_status=ReleaseStatus.INTERNAL,
    )
    return replace(made, digest=digest_of(made))


def _flags(region: Region, weighed: Weighed, count: int) -> tuple[str, ...]:
    flags = []
    if weighed.exponent < 1:
        flags.append(f"widened_to_{weighed.size:.0f}_effective_members")
    if weighed.raw_size < min(number(region, "not_covered_size"), count / 2):
        flags.append("ensemble_does_not_cover_the_observations")
    return tuple(flags)


def _warning(asked: Asked, target: Target, seen: Outlook, weighed: Weighed) -> TargetWarning:
    quantity = quantity_of(asked.region, target, partial(seen.values, 0))
    ask, last = quantity.ask, quantity.last_seen
    final = last == ask.year
    error = asked.error_of(target)
    prior, posterior, without = _both_chances(asked.region, quantity, seen, weighed, error)
    told: float | None = posterior.share if posterior else None
    if final:
        told = 0.0 if ask.good(quantity.observed[last]) else 1.0
    office, full, quantities = colours_of(asked.rules, quantity, last, asked.assessed_year, told)
    value = quantity.observed.get(last) if last else None
    found = gap_in(ask, quantity.observed, last) if last else None
    years_left = max(0, ask.year - (last or asked.assessed_year))
    left = remaining(ask, value, years_left, target.unit) if value is not None else None
    age = quantities["data_age_months"]
    return TargetWarning(
        target_id=target.id,
        label=target.label.label(),
        unit=target.unit,
        year=target.year,
        asked=ask.number,
        observed_year=last,
        seen=value,
        required_now=ask.number if final else found.required if found else None,
        gap_ratio=quantities["gap_ratio"],
        year_gap_ratio=quantities["year_gap_ratio"],
        absolute_gap=quantities["absolute_gap"],
        worsening_count=int(quantities["worsening_count"] or 0),
        data_age_months=None if age is None else int(age),
        office_colour=office,
        full_colour=full,
        prior=prior,
        posterior=WarningChance(told, told, told) if final and told is not None else posterior,
        not_evaluated_share=without,
        final=final,
        years_left=years_left,
        remaining=left.total if left else None,
        remaining_per_year=left.per_year if left else None,
        remaining_unit=left.unit if left else "",
        sigma_share=error.sigma_share if quantity.has_error else 0.0,
        residual_correlation=error.rho if quantity.has_error else 0.0,
        reasons=_reasons(quantity, final, found is not None, posterior is not None),
    )


def _both_chances(
    region: Region, quantity: Quantity, seen: Outlook, weighed: Weighed, error: ResidualModel
) -> tuple[WarningChance | None, WarningChance | None, float]:
    """Chance of missing before and after the observations, and the share of members without an answer."""
    good, missing = chances(region, quantity, seen, quantity.last_seen, error)
    before, after = p_met(good), p_met(good, weighed.weights)
    if before.share is None or before.low is None or before.high is None:
        return None, None, 1.0
    prior = WarningChance(1 - before.share, 1 - before.high, 1 - before.low)
    kept = [(m, w) for m, w in zip(missing, weighed.weights, strict=True) if m is not None]
    if not kept or not sum(w for _, w in kept):
        return prior, None, after.share_not_evaluated
    share = min(1.0, max(0.0, weighted_chance([m for m, _ in kept], [w for _, w in kept])))
    low, high = wilson(share, effective_size([w for _, w in kept]))
    return prior, WarningChance(share, low, high), after.share_not_evaluated


def _reasons(quantity: Quantity, final: bool, has_gap: bool, has_chance: bool) -> tuple[str, ...]:
    found = []
    if final:
        found.append("observed_in_target_year")
    if not quantity.observed:
        found.append("not_observed")
    elif not has_gap and not final:
        found.append("no_path")
    if not has_chance:
        found.append("no_member_has_a_value")
    elif not quantity.has_error:
        found.append("counted_on_members")
    if quantity.target.year_assumed:
        found.append("year_assumed")
    return tuple(found)
