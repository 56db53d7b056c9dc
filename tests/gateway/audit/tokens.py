"""Tokens of a test's users."""

from pathlib import Path

from services.runtime.identity.key_folder import KeyFolder
from services.runtime.identity.tokens import LOCAL_ISSUER, make_token


def token_for(folder: Path, user: str) -> str:
    """A token of a user, by the newest key of the folder."""
    return make_token(KeyFolder(folder).newest(), LOCAL_ISSUER, "dafeng", user, 600)
