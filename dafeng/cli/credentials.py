"""Who the command line is to a gateway elsewhere: token and certificates, from options or the environment."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from dafeng.cli.output import fail
from dafeng.cli.own_regions import OWN_REGIONS, Regions

TokenText = Annotated[
    str,
    typer.Option(
        "--token", envvar="DAFENG_TOKEN", help="Token that says who asks; better by environment or file."
    ),
]
TokenFile = Annotated[
    Path | None,
    typer.Option(
        "--token-file", envvar="DAFENG_TOKEN_FILE", help="File that holds the token; read at each call."
    ),
]
Roots = Annotated[
    Path | None,
    typer.Option("--roots", envvar="DAFENG_ROOTS", help="Roots (PEM) that sign the gateway; turns TLS on."),
]
Certificate = Annotated[
    Path | None,
    typer.Option("--certificate", envvar="DAFENG_CERTIFICATE", help="Certificate (PEM) that says who asks."),
]
Key = Annotated[Path | None, typer.Option("--key", envvar="DAFENG_KEY", help="Key (PEM) of the certificate.")]
Tls = Annotated[bool, typer.Option("--tls", envvar="DAFENG_TLS", help="TLS with the system's roots.")]


@dataclass
class Credentials:
    """What the options of `dafeng` itself said, for every command with --address."""

    token: str = ""
    token_file: Path | None = None
    roots: Path | None = None
    certificate: Path | None = None
    key: Path | None = None
    tls: bool = False

    @property
    def encrypted(self) -> bool:
        """Whether they turn TLS on."""
        return self.tls or self.roots is not None or self.certificate is not None

    def options(self) -> dict[str, Any]:
        """Arguments of `Client`."""
        return {
            "token": self._read if self.token_file is not None else self.token,
            "roots": self.roots or "",
            "certificate": self.certificate or "",
            "key": self.key or "",
            "encrypted": self.tls,
        }

    def check(self) -> None:
        """Leave with a message when a file cannot be read, or a certificate lacks its key."""
        wrong = []
        for name in ("token_file", "roots", "certificate", "key"):
            path = getattr(self, name)
            if path is not None and not path.is_file():
                wrong.append(f"  --{name.replace('_', '-')}: no such file: {path}")
        if (self.certificate is None) != (self.key is None):
            wrong.append("  --certificate and --key belong together")
        if wrong:
            fail("输入不合法 invalid input", wrong, 2)

    def _read(self) -> str:
        return self.token_file.read_text("utf-8").strip() if self.token_file is not None else ""


GIVEN = Credentials()


def given(
    token: TokenText = "",
    token_file: TokenFile = None,
    roots: Roots = None,
    certificate: Certificate = None,
    key: Key = None,
    tls: Tls = False,
    regions: Regions = None,
) -> None:
    """Options before the command: for a gateway elsewhere (--address), or for the services that it starts."""
    OWN_REGIONS.folder = regions
    GIVEN.token, GIVEN.token_file, GIVEN.roots = token.strip(), token_file, roots
    GIVEN.certificate, GIVEN.key, GIVEN.tls = certificate, key, tls
