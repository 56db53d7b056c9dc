"""The one shape of a sector model: what the generic servicer, the command line and tests talk to."""

from collections.abc import Sequence
from typing import Protocol

from services.common.levers import LeverRow
from services.common.outcome import Outcome, UpstreamSeries
from services.common.scenario import Frame, Scenario
from services.common.words import Label, LoadShape, Metric


class Described(Protocol):
    """What every service says of itself: id, name, levers, metrics, and the metrics of others that it needs."""

    sector: str
    label: Label
    levers: Sequence[LeverRow]
    metrics: Sequence[Metric]
    needs: Sequence[str]


class SectorModel(Described, Protocol):
    """A sector: rows, shapes, and one projection a scenario. Pure: the same input gives the same bits.

    `project` runs one scenario in the calling thread (kernels release the GIL; the servicer spreads
    scenarios over threads). `warm_up` compiles or loads every kernel.
    """

    def warm_up(self) -> None:
        """Compile kernels and read tables, so that the first call is as fast as the next."""

    def shapes(self, frame: Frame) -> Sequence[LoadShape]:
        """The basis of hourly shapes for a region and weather year."""

    def project(
        self,
        frame: Frame,
        scenario: Scenario,
        upstream: Sequence[UpstreamSeries],
        *,
        only: frozenset[str] | None = None,
        sealed: bool = True,
    ) -> Outcome:
        """Project one scenario. Raises DomainError with all violations.

        With `only` the indicators are these metrics alone, those that the sector has, in the usual order and with the
        same bits; what feeds no other part of the outcome is not calculated for the rest. Without `sealed` the digest
        is empty; shapes, finiteness and signs are checked either way.
        """
