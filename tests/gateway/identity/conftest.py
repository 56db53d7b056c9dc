"""A gateway and its sectors with sign-in by this installation's own tokens, each at an address of its own."""

import asyncio
import contextlib
import threading
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from gateway.guard import identity_of
from gateway.jobs.settings import BatchSettings
from gateway.serve import running_gateway
from gateway.serve_sector import running_sector
from gateway.settings import ServeSettings
from services.common.access import access_table
from services.runtime.identity.identity import Identity
from services.runtime.identity.key_folder import KeyFolder
from services.runtime.identity.readers import LocalTokens
from services.runtime.identity.settings import IdentitySettings
from services.runtime.identity.users import User, Users
from services.runtime.logs import configure_logs
from services.runtime.sectors import sectors
from tests.gateway.conftest import free_port

OWN, OTHER, CITY = "jiangsu", "jiangxi", "jiangsu/nantong"
PEOPLE = tuple(name for name, role in access_table().roles.items() if role.kind == "person")


@dataclass
class Site:
    """What tests need of the running servers."""

    folder: Path
    http: str = ""
    gateway: str = ""
    sectors: dict = field(default_factory=dict)
    identity: Identity | None = None

    @property
    def users(self):
        return Users(self.folder)

    def token(self, user_id, seconds=600):
        return LocalTokens(self.folder, IdentitySettings()).issue(user_id, seconds)


def make_users(folder):
    """One user a role, in one region; a planner of a city, one of another region, one of no role."""
    KeyFolder(folder).make()
    users = Users(folder)
    for role in PEOPLE:
        users.put(User(user_id=role, roles=(role,), scopes=(OWN,)))
    users.put(User(user_id="city_planner", roles=("planner",), scopes=(CITY,)))
    users.put(User(user_id="other_planner", roles=("planner",), scopes=(OTHER,)))
    users.put(User(user_id="nothing", roles=(), scopes=()))


@contextlib.contextmanager
def in_thread(servers):
    """Run an async context manager of servers in a thread of its own; yields what it yields."""
    configure_logs("error")
    loop, stop, ready = asyncio.new_event_loop(), asyncio.Event(), threading.Event()
    found = []

    async def run():
        async with servers as given:
            found.append(given)
            ready.set()
            await stop.wait()

    def work():
        try:
            loop.run_until_complete(run())
        finally:
            ready.set()

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    ready.wait(300)
    assert found, "the servers did not start"
    yield found[0]
    loop.call_soon_threadsafe(stop.set)
    thread.join(30)


@contextlib.asynccontextmanager
async def all_services(settings, site):
    """Every sector and the gateway, trusting each other by the keys of the folder alone."""
    async with contextlib.AsyncExitStack() as stack:
        for entry in sectors():
            server = await stack.enter_async_context(
                running_sector(entry, "127.0.0.1:0", settings, identity_of(settings))
            )
            site.sectors[entry.sector_id] = server.address
        site.identity = identity_of(settings)
        server = await stack.enter_async_context(
            running_gateway("127.0.0.1:0", dict(site.sectors), settings, site.identity)
        )
        site.gateway = server.address
        yield site


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """Servers in local mode."""
    root = tmp_path_factory.mktemp("identity")
    folder = root / "keys"
    make_users(folder)
    http = f"127.0.0.1:{free_port()}"
    settings = ServeSettings(
        http=http,
        log_level="error",
        identity=IdentitySettings(mode="local", keys=str(folder)),
        batches=BatchSettings(store=f"sqlite:///{root / 'store.sqlite'}", workers=1),
    )
    with in_thread(all_services(settings, Site(folder, f"http://{http}"))) as running:
        yield running
