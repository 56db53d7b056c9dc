"""`dafeng identity`: this installation's keys and users, tokens for them, and who one is to a gateway."""

from pathlib import Path
from typing import Annotated, Any

import typer

from dafeng.cli.connection import EXIT_NOT_READY, connected, translated_domain_errors
from dafeng.cli.options import Address
from dafeng.cli.output import err, fail, out, table

identity_app = typer.Typer(
    help="Who may ask 身份与权限: signing keys and users of this installation, tokens, and who you are to a gateway.",
    no_args_is_help=True,
)
user_app = typer.Typer(help="Users of this installation 用户.", no_args_is_help=True)
identity_app.add_typer(user_app, name="user")
KeysOption = Annotated[
    Path | None,
    typer.Option(
        "--keys",
        envvar="DAFENG_IDENTITY",
        help="Folder of keys and users; default: identity in the data folder.",
    ),
]
UserId = Annotated[str, typer.Argument(help="User id: letters, digits and . _ @ -")]
_HOUR_SECONDS = 3600


@identity_app.command()
def init(keys: KeysOption = None) -> None:
    """Make the folder with a first signing key; does nothing to one that is there."""
    with translated_domain_errors():
        folder = key_folder(keys)
        folder.make()
        out.print(f"{folder.path}: {', '.join(folder.keys())}", highlight=False, markup=False)


@identity_app.command("keys")
def show_keys(
    keys: KeysOption = None,
    public: Annotated[
        Path | None,
        typer.Option("--public", help="Write the public keys into this folder, for services elsewhere."),
    ] = None,
    remove: Annotated[str, typer.Option(help="Remove the key of this id: its tokens count no more.")] = "",
) -> None:
    """List signing keys (the last one signs), write their public halves, or remove one."""
    from services.runtime.identity.key_folder import write_public

    with translated_domain_errors():
        folder = key_folder(keys)
        if remove:
            folder.remove(remove)
            _told("remove_key", remove)
        for key_id in sorted(folder.keys()):
            out.print(key_id, highlight=False)
        if public is not None:
            for file in write_public(folder.keys(), public):
                out.print(f"  {file}", highlight=False, markup=False)


@identity_app.command()
def rotate(keys: KeysOption = None) -> None:
    """Make a new key that signs from now on; older ones verify until they are removed."""
    with translated_domain_errors():
        folder = key_folder(keys)
        folder.newest()
        made = folder.rotate().key_id
        _told("rotate", made)
        out.print(made, highlight=False)


@identity_app.command()
def token(
    user: Annotated[str, typer.Option("--user", help="User id.")],
    hours: Annotated[
        float,
        typer.Option(
            help="How long it counts; at most identity.most_token_seconds of the settings, else 12."
        ),
    ] = 8.0,
    audience: Annotated[
        str, typer.Option(help="Audience; empty: identity.audience of the settings, else dafeng.")
    ] = "",
    config: Annotated[
        Path | None, typer.Option(help="Settings file of the gateway: its longest life and audience count.")
    ] = None,
    keys: KeysOption = None,
) -> None:
    """Print a token of a user of this installation."""
    from gateway.settings import load_settings
    from services.common.errors import DomainError, Violation, invalid
    from services.runtime.identity.readers import LocalTokens

    with translated_domain_errors():
        settings = load_settings(config, {}).identity
        most_hours = settings.most_token_seconds / _HOUR_SECONDS
        if not 0 < hours <= most_hours:
            allowed = (
                f"above 0, up to {most_hours:g}; --config FILE, where the gateway's settings say otherwise"
            )
            text = "令牌有效时长不允许 the gateway would refuse a token of this life"
            raise invalid([Violation("hours", text, f"{hours:g}", allowed)])
        if audience:
            settings = settings.model_copy(update={"audience": audience})
        tokens = LocalTokens(key_folder(keys).path, settings)
        try:
            text = tokens.issue(user, max(1, int(hours * _HOUR_SECONDS)))
        except DomainError as error:
            if error.reason != "UNAUTHENTICATED":
                raise
            raise invalid(
                [Violation("user", "no such user, or blocked", user, "dafeng identity user list")]
            ) from None
        _told("issue_token", user)
        typer.echo(text)


@identity_app.command()
def whoami(address: Address = "") -> None:
    """Show who a gateway takes you for, and what you may do there."""
    with connected(address) as client:
        who = client.identity.who_am_i()
        out.print(f"用户 user: {who.user_id or '未登录 nobody'}  {who.kind}", highlight=False, markup=False)
        roles = ", ".join(f"{r.role_id} {r.label.zh}" for r in who.roles)
        out.print(f"角色 roles: {roles or '-'}", highlight=False, markup=False)
        out.print(f"范围 scopes: {', '.join(who.scopes) or '-'}", highlight=False, markup=False)
        out.print(f"权限 acts: {', '.join(who.acts)}", highlight=False, markup=False)
        out.print(f"登录方式 sign-in: {_sign_in_text(who)}", highlight=False, markup=False)


@user_app.command()
def add(
    user: UserId,
    role: Annotated[list[str], typer.Option("--role", help="Role of the access table. Repeatable.")],
    scope: Annotated[
        list[str] | None, typer.Option("--scope", help="Region, region/city, or * for all. Repeatable.")
    ] = None,
    name: Annotated[str, typer.Option(help="The person's name, as shown.")] = "",
    keys: KeysOption = None,
) -> None:
    """Add a user, or replace what a user may do; it counts from the next call on."""
    from services.runtime.identity.users import User, check_rights, check_scopes_given

    with translated_domain_errors():
        check_rights(role, scope or ())
        check_scopes_given(role, scope or ())
        users = _users(keys)
        known = {u.user_id: u for u in users.all()}.get(user)
        row = {"user_id": user, "name": name, "roles": tuple(role), "scopes": tuple(scope or ())}
        users.put(_made(User, {**(known.model_dump() if known else {"not_before": _now()}), **row}))
        _told("put_user", user)
        _show(users)
        if known is not None and known.blocked:
            text = (
                f"{user}: 仍为停用 still blocked; 解除 let in again: dafeng identity user block {user} --undo"
            )
            err.print(text, style="bold yellow", highlight=False, markup=False)


@user_app.command("list")
def list_users(keys: KeysOption = None) -> None:
    """List users with roles and scopes."""
    with translated_domain_errors():
        _show(_users(keys))


@user_app.command()
def block(
    user: UserId,
    undo: Annotated[
        bool, typer.Option("--undo", help="Let the user in again; older tokens stay refused.")
    ] = False,
    keys: KeysOption = None,
) -> None:
    """Refuse a user from the next call on."""
    with translated_domain_errors():
        users = _users(keys)
        users.block(user, blocked=not undo, now=_now())
        _told("let_user_in" if undo else "block_user", user)
        _show(users)


@user_app.command()
def remove(user: UserId, keys: KeysOption = None) -> None:
    """Take a user out; the next call is refused."""
    with translated_domain_errors():
        users = _users(keys)
        users.remove(user)
        _told("remove_user", user)
        _show(users)


def key_folder(given: Path | None) -> Any:
    """The folder of keys and users; where none is given, that of the data folder."""
    try:
        from gateway.jobs.settings import data_dir
        from services.runtime.identity.key_folder import KeyFolder
    except ImportError:
        fail("no services installed here", ["  install dafeng[server]"], EXIT_NOT_READY)
    return KeyFolder(given or data_dir() / "identity")


def _users(given: Path | None) -> Any:
    from services.runtime.identity.users import Users

    folder = key_folder(given)
    folder.make()
    return Users(folder.path)


def _told(act: str, about: str) -> None:
    """The act goes into the audit log of the gateway of this data folder."""
    from gateway.audit.spool import tell_command
    from gateway.jobs.settings import data_dir

    tell_command(data_dir(), f"identity.{act}", about)


def _made(cls: Any, row: dict[str, Any]) -> Any:
    from pydantic import ValidationError

    from services.common.door import violations_of
    from services.common.errors import invalid

    try:
        return cls.model_validate(row)
    except ValidationError as error:
        raise invalid(violations_of(error, "user")) from None


def _now() -> int:
    import time

    return int(time.time())


def _sign_in_text(who: Any) -> str:
    """How one came in and until when: the gateway's own way of sign-in is not that of a system's certificate."""
    if who.kind == "system":
        return "客户端证书 client certificate"
    until = f"  有效期至 until {who.expires_at}" if who.expires_at else ""
    return f"{who.sign_in}{until}"


def _show(users: Any) -> None:
    rows = [
        (u.user_id, u.name, ", ".join(u.roles), ", ".join(u.scopes), "停用 blocked" if u.blocked else "")
        for u in users.all()
    ]
    table("用户 users", ("用户 user", "姓名 name", "角色 roles", "范围 scopes", ""), rows)
