"""Settings of identity and of encrypted transport."""

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class SystemIdentity(BaseModel):
    """Another system, known by the common name of its client certificate."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(min_length=1, max_length=120)
    roles: tuple[str, ...]
    scopes: tuple[str, ...]


class IdentitySettings(BaseModel):
    """The table [identity] of the settings file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    mode: Literal["open", "local", "oidc"] = "open"
    """open: who has no token is the user of this machine (loopback only, never in production); local: tokens of this
    installation's own keys; oidc: tokens of an issuer."""
    keys: str = ""
    """Folder of signing keys and users, its owner's alone; empty: `identity` in the data folder."""
    gateway_keys: str = ""
    """For sectors elsewhere: folder of the gateway's public keys (`dafeng identity keys --public`); empty: the keys
    of the folder above."""
    issuer: str = ""
    """OIDC issuer; its /.well-known/openid-configuration names the rest."""
    audience: str = "dafeng"
    client_id: str = ""
    """Client of the browser's sign-in (authorisation code with PKCE); empty: no sign-in page of the issuer."""
    client_secret_file: str = ""
    """File that holds the client's secret; empty: a public client."""
    public_url: str = ""
    """Where browsers reach the gateway, for example https://dafeng.example; needed for sign-in by issuer, and
    where something in front on this machine tells callers' addresses (X-Forwarded-For), which is not believed else."""
    user_claim: str = "sub"
    """Claim that names the user; claims inside others are written with dots (realm_access.roles)."""
    roles_claim: str = "roles"
    scopes_claim: str = "dafeng_scopes"
    most_token_seconds: int = Field(default=12 * 3600, ge=60, le=7 * 86400)
    """Tokens that live longer are refused."""
    session_idle_seconds: int = Field(default=1800, ge=60, le=86400)
    systems: tuple[SystemIdentity, ...] = ()


class TlsSettings(BaseModel):
    """The table [tls]: certificates by reference; servers read their files again when they change."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    certificate: Path | None = None
    """Chain of this service (PEM); none: plain text, on loopback and unix sockets only."""
    key: Path | None = None
    client_roots: Path | None = None
    """Roots (PEM) that sign callers' certificates. Given: a sector answers nobody without one, and the gateway only
    those who come by `systems_listen`."""
    server_roots: Path | None = None
    """Roots (PEM) that sign the services we call; none: the system's."""
    gateway_name: str = "dafeng-gateway"
    """Common name of the gateway's certificate: sectors that ask for certificates answer this one alone."""
    systems_listen: str = ""
    """A second address of the gateway, for other systems: there a client certificate is asked for; its common name is
    a row of identity.systems. (gRPC in Python can ask all callers of an address or none.)"""
