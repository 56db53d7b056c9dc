"""A site where people sign in: its users, their tokens, and how they do it in the browser."""

from dataclasses import dataclass
from pathlib import Path

from gateway.jobs.settings import BatchSettings
from gateway.settings import ServeSettings
from services.runtime.identity.key_folder import KeyFolder
from services.runtime.identity.readers import LocalTokens
from services.runtime.identity.settings import IdentitySettings
from services.runtime.identity.users import User, Users
from tests.gateway.conftest import free_port

HOUR_S = 3600
PEOPLE = {
    "li": ("planner", "jiangsu"),
    "zhao": ("reviewer", "jiangsu"),
    "wang": ("releaser", "jiangsu"),
    "sun": ("viewer", "jiangsu"),
    "both": ("reviewer", "jiangsu"),
}


@dataclass(frozen=True)
class PeopleSite:
    """Where it is, its folder of keys, and its settings."""

    address: str
    folder: Path
    settings: ServeSettings

    def token(self, user_id: str, seconds: int = HOUR_S) -> str:
        """A token for a user."""
        return LocalTokens(self.folder, self.settings.identity).issue(user_id, seconds)


def people_site(folder: Path, *, idle_seconds: int = 1800) -> PeopleSite:
    """Settings of a gateway with the users above; `both` is planner and reviewer."""
    http = f"127.0.0.1:{free_port()}"
    keys = folder / "identity"
    settings = ServeSettings(
        listen="127.0.0.1:0",
        http=http,
        identity=IdentitySettings(mode="local", keys=str(keys), session_idle_seconds=idle_seconds),
        batches=BatchSettings(store=f"sqlite:///{folder / 'store.sqlite'}", workers=1),
    )
    return PeopleSite(f"http://{http}", keys, settings)


def add_people(site: PeopleSite) -> None:
    """Keys and the users' file."""
    KeyFolder(site.folder).make()
    users = Users(site.folder)
    for user_id, (role, scope) in PEOPLE.items():
        roles = ("planner", "reviewer") if user_id == "both" else (role,)
        users.put(User(user_id=user_id, roles=roles, scopes=(scope,)))


def sign_in(page, site: PeopleSite, user_id: str, *, seconds: int = HOUR_S) -> None:
    """By token, in the panel that stands before the page."""
    page.wait_for_selector("[data-sign-in]")
    page.fill("[data-field=token]", site.token(user_id, seconds))
    page.click("[data-sign-in] [data-do=sign-in]")
    page.wait_for_selector("[data-sign-in]", state="detached")


def sign_out(page) -> None:
    """By the account's drawer; the page begins anew before its panel."""
    page.click("[data-open=account]")
    page.click("[data-do=sign-out]")
    page.wait_for_selector("[data-sign-in]")
