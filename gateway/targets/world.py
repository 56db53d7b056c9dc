"""What targets are held against: the model's values, the observations, what offices entered, and the options."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from gateway.account_settings import PeakRules, peak_rules
from gateway.results import ValueSource
from gateway.targets.data import Form, Target
from gateway.targets.entered import Entries, entries_of
from gateway.targets.forms import Anchor, Ask
from gateway.targets.values import ValuesOf
from services.common.recording import kept
from services.common.regions import Region

_NONE: Entries = {}


@dataclass(frozen=True)
class World:
    """One world that targets are judged in."""

    region: Region
    values: ValuesOf
    rules: PeakRules
    # Observations and what was entered count.
    observed: bool = True
    entries: Entries = field(default_factory=lambda: _NONE)
    # The present year of the data: for it the required value is told where nothing was observed.
    now_year: int = 0
    anchor: Anchor = "none"
    tolerances: Mapping[str, float] = field(default_factory=dict)
    no_assumed_years: bool = False

    def ask(self, target: Target) -> Ask:
        """What a target asks of the compared quantity; without a number it asks for 0 and is never judged."""
        return _ask(target, self.tolerances.get(target.id, target.tolerance))

    def entered(self, target: Target, place: str) -> tuple[ValueSource, ...]:
        """What was entered for a target at a place."""
        held = self.entries.get(target.id, ()) if self.observed else ()
        if not held:
            return ()
        here = (place,) if target.form is Form.LEVEL_EACH_CITY else ("", place, target.place)
        return tuple(e for e in held if e.place in here)


def plain_world(region: Region, values: ValuesOf, *, observed: bool = True) -> World:
    """A world with default options, the region's observations and the values of its own file of entered values."""
    rules, entries, year = _known(region)
    return World(region, values, rules, observed, entries, year)


@kept(maxsize=1024)
def _ask(target: Target, tolerance: float) -> Ask:
    return Ask(
        0.0 if target.number is None else target.number,
        target.compare,
        target.sign,
        target.year,
        tolerance,
        target.path,
        target.start_year,
        target.form,
    )


@kept(maxsize=16)
def rules_of(region: Region) -> PeakRules:
    """The thresholds that say what a carbon peak is."""
    return peak_rules(region)


@kept(maxsize=16)
def _known(region: Region) -> tuple[PeakRules, Entries, int]:
    """Rules, values of the region's own file, and the present year."""
    return rules_of(region), entries_of(region, (), {})[0], now_year(region)


@kept(maxsize=16)
def now_year(region: Region) -> int:
    """The last year with an observation of the region, as far as they are known; 0 when none is."""
    if not region.has("observations"):
        return 0
    return max(region.table("observations").columns["year"], default=0)
