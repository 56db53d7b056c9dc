"""Stage factors: what the factor library holds for a region, read from its rows."""

from collections.abc import Mapping
from math import isfinite
from typing import Annotated, Any

from pydantic import Field, field_validator

from gateway.factors.results import (
    Factor,
    FactorHistory,
    Factors,
    FactorSetEntry,
    FactorSets,
    FactorUncertainty,
    SetFactor,
)
from services.common.axes import BASE_YEAR, LAST_YEAR
from services.common.errors import DomainError, Violation, invalid, near_names
from services.common.factors import (
    LIBRARY,
    MAPPINGS,
    factor_sets,
    factors_tco2_per_gj,
    named_set,
    set_in_force,
    tco2_per_gj,
)
from services.common.regions import Region, load_region
from services.common.revision import revision_of
from services.common.scenario import Door
from services.common.words import Label, Provenance

Name = Annotated[str, Field(max_length=120)]
RegionName = Annotated[str, Field(min_length=1, max_length=60)]


class FactorSetsDoor(Door):
    """Door of ListFactorSets."""

    region: RegionName
    as_of_year: Annotated[int, Field(ge=0, le=LAST_YEAR)] = 0

    @field_validator("as_of_year")
    @classmethod
    def _known(cls, year: int) -> int:
        if year and year < BASE_YEAR:
            raise ValueError(f"must be 0 (all that is known) or {BASE_YEAR} and later")
        return year


class FactorsDoor(Door):
    """Door of ListFactors; a filter left empty lets everything pass."""

    region: RegionName
    set_id: Name = ""
    carrier: Name = ""
    gas: Name = ""
    year: Annotated[int, Field(ge=0, le=LAST_YEAR)] = 0
    text: Name = ""


class FactorDoor(Door):
    """Door of GetFactor."""

    region: RegionName
    factor_id: Annotated[str, Field(min_length=1, max_length=120)]


def list_factor_sets(asked: FactorSetsDoor) -> FactorSets:
    """The sets of a region with the factor of every carrier. DomainError for an unknown region."""
    region = load_region(asked.region, asked.as_of_year)
    in_force = set_in_force(region)
    rows = region.table(MAPPINGS).rows()
    entries = []
    for one in factor_sets(region):
        values = factors_tco2_per_gj(region, one.set_id)
        entries.append(
            FactorSetEntry(
                one.set_id,
                one.label,
                one.region,
                one.in_force_from_year,
                one.in_force_to_year,
                one.superseded_by,
                one.remark,
                one.set_id == in_force,
                tuple(
                    SetFactor(
                        r["carrier"],
                        r["factor_id"],
                        values[r["carrier"]],
                        bool(r["fall_back"]),
                        r["remark"],
                    )
                    for r in rows
                    if r["set_id"] == one.set_id
                ),
            )
        )
    return FactorSets(tuple(entries), revision_of(region))


def list_factors(asked: FactorsDoor) -> Factors:
    """Factors that pass every filter. DomainError with all violations for a region, set or carrier there is not."""
    region = load_region(asked.region)
    factors = library(region)
    found: list[Violation] = []
    if asked.set_id:
        try:
            named_set(region, asked.set_id)
        except DomainError as error:
            found += [Violation("set_id", v.description, v.given, v.allowed) for v in error.violations]
    for name, known in (
        ("carrier", {f.carrier for f in factors.values()} - {""}),
        ("gas", {g for f in factors.values() for g in gases(f)}),
    ):
        given = getattr(asked, name)
        if given and given not in known:
            near = near_names(given, known)
            found.append(Violation(name, f"no such {name}{near}", given, ", ".join(sorted(known))))
    if found:
        raise invalid(found)
    return Factors(tuple(f for f in factors.values() if _passes(f, asked)), revision_of(region))


def get_factor(asked: FactorDoor) -> FactorHistory:
    """A factor with its history. DomainError with near names for an unknown one."""
    region = load_region(asked.region)
    factors = library(region)
    if asked.factor_id not in factors:
        near = near_names(asked.factor_id, factors)
        raise invalid([Violation("factor_id", f"no such factor{near}", asked.factor_id)])
    factor = factors[asked.factor_id]
    later: list[Factor] = []
    while (later[-1] if later else factor).superseded_by:
        later.append(factors[(later[-1] if later else factor).superseded_by])
    earlier: list[Factor] = []
    wanted = {factor.factor_id}
    while before := [f for f in factors.values() if f.superseded_by in wanted]:
        earlier += before
        wanted = {f.factor_id for f in before}
    earlier.sort(key=lambda f: (f.valid_from_year, f.factor_id))
    return FactorHistory(factor, tuple(earlier), tuple(later), revision_of(region))


def library(region: Region) -> Mapping[str, Factor]:
    """Every factor by id, in the order of the data."""
    table = region.table(LIBRARY)
    known = {s.set_id for s in factor_sets(region)}
    taken: dict[str, list[str]] = {}
    for row in region.table(MAPPINGS).rows():
        sets = taken.setdefault(row["factor_id"], [])
        if row["set_id"] in known and row["set_id"] not in sets:
            sets.append(row["set_id"])
    rows = zip(table.rows(), table.provenance, strict=True)
    return {r["factor_id"]: _factor(r, p, tuple(taken.get(r["factor_id"], ()))) for r, p in rows}


def gases(factor: Factor) -> tuple[str, ...]:
    """The gases of a factor's set."""
    return tuple(factor.gas_set.split("+")) if factor.gas_set else ()


def _passes(factor: Factor, asked: FactorsDoor) -> bool:
    texts = (factor.factor_id, factor.library, factor.label.zh, factor.label.en, factor.provenance.source)
    return (
        (not asked.set_id or asked.set_id in factor.set_ids)
        and (not asked.carrier or asked.carrier == factor.carrier)
        and (not asked.gas or asked.gas in gases(factor))
        and (not asked.year or factor.valid_from_year <= asked.year <= (factor.valid_to_year or asked.year))
        and (not asked.text or any(asked.text.casefold() in t.casefold() for t in texts))
    )


def _factor(row: Mapping[str, Any], provenance: Provenance, set_ids: tuple[str, ...]) -> Factor:
    def value(name: str) -> float | None:
        return float(row[name]) if isfinite(row[name]) else None

    per_gj = tco2_per_gj(row)
    return Factor(
        factor_id=row["factor_id"],
        library=row["library"],
        label=Label(row["name_zh"], row["name_en"]),
        carrier=row["carrier"],
        gas_set=row["gas_set"],
        covers=Label(row["covers_zh"], row["covers_en"]),
        unit=row["unit"],
        ncv_gj_per_unit=value("ncv_gj_per_unit"),
        carbon_tc_per_tj=value("carbon_tc_per_tj"),
        oxidation_share=value("oxidation_share"),
        kgco2_per_gj=value("kgco2_per_gj"),
        tco2_per_tce=value("tco2_per_tce"),
        tco2_per_unit=value("tco2_per_unit"),
        tce_per_unit=value("tce_per_unit"),
        tco2_per_gj=per_gj if isfinite(per_gj) else None,
        uncertainty=FactorUncertainty(
            value("uncertainty_share"), row["uncertainty_grade"], row["uncertainty_basis"]
        ),
        valid_from_year=row["valid_from_year"] or 0,
        valid_to_year=row["valid_to_year"] or 0,
        superseded_by=row["superseded_by"],
        provenance=provenance,
        note=row["note"],
        set_ids=set_ids,
    )
