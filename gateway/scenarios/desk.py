"""The desk of kept scenarios: what every call does, on the checks of a projection and the store."""

from collections.abc import Mapping
from typing import Any, Final

from gateway.audit.about import about
from gateway.calls import SectorCalls
from gateway.jobs.asking import ask_store
from gateway.owning import check_may, owner_now, scope_now, sight_now
from gateway.resolve import resolve
from gateway.scenarios.doors import ListSavedScenariosRequest, name_violations, with_clean_name
from gateway.scenarios.store import ScenarioStore
from gateway.scenarios.words import Opened, SavedScenario
from services.common.errors import DomainError, Violation, invalid
from services.common.regions import load_region
from services.common.revision import revision_of

_PAGE: Final = 100


class ScenarioDesk:
    """Kept scenarios of one gateway."""

    def __init__(self, calls: SectorCalls, store: ScenarioStore) -> None:
        self._calls, self._store = calls, store

    async def save(self, frame: Mapping[str, Any], raw: Mapping[str, Any]) -> SavedScenario:
        """Keep a scenario: when this returns, it is on disk. DomainError: all violations; QUOTA; STORE_FULL."""
        named = with_clean_name(raw)
        found: list[Violation] = name_violations(named["name"])
        try:
            read_frame, (scenario,) = await resolve(self._calls, frame, {"scenario": named})
        except DomainError as error:
            raise invalid([*error.violations, *found]) from None
        if found:
            raise invalid(found)
        revision = revision_of(load_region(read_frame.region, read_frame.as_of_year))
        scope = scope_now(read_frame.region)
        saved = await ask_store(self._store.save, read_frame, scenario, revision, owner_now(), scope)
        about(saved.scenario_id, saved.scope)
        return saved

    async def get(self, scenario_id: str) -> Opened:
        """A scenario that the actor sees, by its id or the beginning of it; the actor's own before another's."""
        saved = await ask_store(self._store.get, scenario_id, sight_now())
        return Opened(saved, revision_of(load_region(saved.frame.region, saved.frame.as_of_year)))

    async def listed(self, asked: ListSavedScenariosRequest) -> tuple[tuple[SavedScenario, ...], str]:
        """A page of the scenarios of a region that the actor sees, the newest first, and the token of the next."""
        load_region(asked.region)  # an unknown region is told, not shown as an empty list
        size = asked.page_size or _PAGE
        found = await ask_store(self._store.listed, asked.region, sight_now(), size + 1, asked.page_token)
        return found[:size], found[size - 1].token if len(found) > size else ""

    async def delete(self, scenario_id: str) -> None:
        """Take a scenario off the list: the actor's own, or else one that it covers."""
        await ask_store(self._store.delete, scenario_id, sight_now(), lambda s: check_may("keep", s))
