"""What the library says (dafeng.factors.v1): same field names and units as the messages."""

from dataclasses import dataclass

from services.common.words import Label, Provenance, Revision


@dataclass(frozen=True)
class SetFactor:
    """What a set takes for one carrier."""

    carrier: str
    factor_id: str
    tco2_per_gj: float
    fall_back: bool
    remark: str


@dataclass(frozen=True)
class FactorSetEntry:
    """A set with its factors."""

    set_id: str
    label: Label
    region: str
    in_force_from_year: int
    in_force_to_year: int
    superseded_by: str
    remark: str
    in_force: bool
    factors: tuple[SetFactor, ...]


@dataclass(frozen=True)
class FactorUncertainty:
    """How well a factor is known; None when nothing is stated."""

    share: float | None
    grade: str
    basis: str


@dataclass(frozen=True)
class Factor:
    """One row of the library; None where it has no such value."""

    factor_id: str
    library: str
    label: Label
    carrier: str
    gas_set: str
    covers: Label
    unit: str
    ncv_gj_per_unit: float | None
    carbon_tc_per_tj: float | None
    oxidation_share: float | None
    kgco2_per_gj: float | None
    tco2_per_tce: float | None
    tco2_per_unit: float | None
    tce_per_unit: float | None
    tco2_per_gj: float | None
    uncertainty: FactorUncertainty
    valid_from_year: int
    valid_to_year: int
    superseded_by: str
    provenance: Provenance
    note: str
    set_ids: tuple[str, ...]


@dataclass(frozen=True)
class FactorSets:
    """Sets of a region."""

    sets: tuple[FactorSetEntry, ...]
    revision: Revision


@dataclass(frozen=True)
class Factors:
    """Factors that pass the filters."""

    factors: tuple[Factor, ...]
    revision: Revision


@dataclass(frozen=True)
class FactorHistory:
    """A factor between those before and after it."""

    factor: Factor
    earlier: tuple[Factor, ...]
    later: tuple[Factor, ...]
    revision: Revision
