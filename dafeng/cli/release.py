"""`dafeng release`: results handed in, reviewed, released and withdrawn; and proved by whoever holds their file."""

import base64
import re
from pathlib import Path
from typing import Annotated

import typer

from dafeng.areas.release import ReleaseClient
from dafeng.cli.compare import read_scenarios
from dafeng.cli.connection import EXIT_INTERNAL, connected, translated_domain_errors, translated_errors
from dafeng.cli.files import fill_message, write_bytes, write_json
from dafeng.cli.identity import KeysOption, key_folder
from dafeng.cli.options import Address, RegionId, SettingTexts, WeatherYear
from dafeng.cli.output import out, status, table
from dafeng.cli.parsing import parse_settings
from dafeng.client import Client, InvalidInputError, ServiceError, Violation
from dafeng.common.v1 import common_pb2
from dafeng.release.v1 import release_pb2
from dafeng.releases import RELEASE_ID_LENGTH, check, fingerprint, key_of

EXAMPLE = "Example: dafeng release submit jiangsu --title '江苏碳达峰测算' --reason '请审核' --address 127.0.0.1:50050"
release_app = typer.Typer(
    help="Release control 发布管理: submitted, reviewed and released by three people; frozen, signed, provable.",
    no_args_is_help=True,
)
ReleaseId = Annotated[str, typer.Argument(help="Release id, 24 characters.")]
Reason = Annotated[str, typer.Option(help="Why; 1 to 500 characters.")]
_ID = re.compile(rf"[0-9a-f]{{{RELEASE_ID_LENGTH}}}")
_STATES = {
    "internal": "内部 internal",
    "submitted": "待审核 submitted",
    "reviewed": "已审核 reviewed",
    "released": "已发布 released",
    "superseded": "已被替代 superseded",
    "withdrawn": "已撤回 withdrawn",
}
_PEM_KEY_BYTES = 32


@release_app.command(epilog=EXAMPLE)
def submit(
    region: RegionId,
    title: Annotated[str, typer.Option(help="Title; 1 to 120 characters.")],
    reason: Reason,
    scenario: Annotated[
        str,
        typer.Option("--scenario", "-s", help="Baseline, or a scenario as JSON (dafeng.common.v1.Scenario)."),
    ] = "planned",
    set_: SettingTexts = None,
    first_year: Annotated[int, typer.Option("--from", help="First year.")] = 2020,
    last_year: Annotated[int, typer.Option("--to", help="Last year.")] = 2060,
    weather: WeatherYear = "normal",
    address: Address = "",
) -> None:
    """Calculate a scenario, freeze the result and hand it in for review."""
    with translated_errors():
        (asked,) = read_scenarios([scenario])
        asked.settings.extend(parse_settings(set_ or ()))
    frame = common_pb2.Frame(region=region, first_year=first_year, last_year=last_year, weather_year=weather)
    with connected(address, with_batches=True) as client, status("计算并提交 calculating and handing in"):
        _show(client.releases.submit(frame, asked, title, reason))


@release_app.command()
def review(release_id: ReleaseId, reason: Reason, address: Address = "") -> None:
    """Approve a submitted result; it is calculated again first, and must come out the same."""
    with connected(address, with_batches=True) as client, status("重算核对 calculating again"):
        _show(client.releases.review(release_id, reason, approved=True))


@release_app.command("return")
def return_(release_id: ReleaseId, reason: Reason, address: Address = "") -> None:
    """Return a submitted result to its author."""
    with connected(address, with_batches=True) as client:
        _show(client.releases.review(release_id, reason, approved=False))


@release_app.command()
def release(
    release_id: ReleaseId,
    reason: Reason,
    supersedes: Annotated[str, typer.Option(help="Released result that this one takes the place of.")] = "",
    address: Address = "",
) -> None:
    """Release a reviewed result; it is calculated again and signed. The reason is public."""
    with connected(address, with_batches=True) as client, status("重算并发布 calculating again"):
        _show(client.releases.release(release_id, reason, supersedes))


@release_app.command()
def withdraw(release_id: ReleaseId, reason: Reason, address: Address = "") -> None:
    """Withdraw a released result. It stays retrievable, with the reason, which is public."""
    with connected(address, with_batches=True) as client:
        _show(client.releases.withdraw(release_id, reason))


@release_app.command("list")
def list_(
    region: Annotated[str, typer.Argument(help="Region id; empty for every region.")] = "",
    public: Annotated[
        bool, typer.Option("--public", help="What the public sees, past ones included.")
    ] = False,
    address: Address = "",
) -> None:
    """List the releases that you may see, the newest first."""
    with connected(address, with_batches=True) as client:
        releases = client.releases
        found = list(releases.released(region, with_past=True) if public else releases.list(region))
    rows = [
        (r.release_id, _state(r), r.manifest.frame.region, r.scope, r.manifest.title, _last(r)) for r in found
    ]
    heads = ("编号 id", "状态 state", "地区 region", "范围 scope", "标题 title", "时间 since")
    table(f"发布件 releases: {len(rows)}", heads, rows, spare=(3,))


@release_app.command()
def show(
    release_id: ReleaseId,
    json_file: Annotated[
        Path | None, typer.Option("--json", help="Write it with the frozen projection, for `verify`.")
    ] = None,
    public: Annotated[bool, typer.Option("--public", help="As the public sees it.")] = False,
    address: Address = "",
) -> None:
    """Show a release: manifest, steps, signature."""
    with connected(address, with_batches=True) as client:
        if public:
            found = client.releases.get_released(release_id)
        else:
            seen = client.releases.get(release_id, with_projection=json_file is not None)
            found = release_pb2.GetReleasedResponse(release=seen.release, projection=seen.projection)
    _show(found.release)
    if json_file is not None:
        write_json(json_file, found)


@release_app.command()
def export(
    release_id: ReleaseId,
    file: Annotated[Path, typer.Option("--out", help="Excel workbook (.xlsx), or .json for `verify`.")],
    language: Annotated[str, typer.Option(help="Language of the workbook: zh or en.")] = "zh",
    address: Address = "",
) -> None:
    """Write a released result as a workbook, its state and manifest id on every sheet, or as JSON."""
    with translated_errors():
        if file.suffix not in (".xlsx", ".json"):
            raise InvalidInputError("", (Violation("--out", f"{file.name!r}: name it .xlsx or .json"),))
    with connected(address, with_batches=True) as client:
        if file.suffix == ".json":
            write_json(file, client.releases.get_released(release_id))
            return
        content = client.releases.export(release_id, language).content
    write_bytes(file, content)


@release_app.command()
def verify(
    what: Annotated[str, typer.Argument(help="JSON file of a release, or a release id to be fetched.")],
    key: Annotated[
        Path | None,
        typer.Option(
            "--key", help="Public key known before: PEM (`public-key` writes it), or base64 of its 32 bytes."
        ),
    ] = None,
    address: Address = "",
) -> None:
    """Prove a release: manifest, content and signature belong together. A file needs no gateway."""
    with translated_errors():
        found = (
            _fetched(what, address) if _ID.fullmatch(what) and not Path(what).exists() else _read(Path(what))
        )
        trusted = None if key is None else _key_of(key)
    findings = check(found.release, found.projection, trusted)
    for finding in findings:
        out.print(
            f"{'✗' if finding.wrong else '✓'} {finding.what}  {finding.wrong}".rstrip(), highlight=False
        )
    _show_key(key_of(found.release), trusted)
    out.print(f"  状态 state: {_state(found.release)}", highlight=False, markup=False)
    if any(f.wrong for f in findings):
        raise typer.Exit(EXIT_INTERNAL)


@release_app.command("public-key")
def public_key(
    file: Annotated[Path, typer.Argument(help="File to write: PEM, for `dafeng release verify --key`.")],
    keys: KeysOption = None,
) -> None:
    """Write the public half of the key that signs releases, and print its fingerprint, for whoever verifies them."""
    with translated_domain_errors():
        from gateway.release.signing import public_half, public_pem

        half = public_half(key_folder(keys).path)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(public_pem(half))
    out.print(f"written 已写入 {file}", highlight=False, markup=False)
    out.print(
        f"  公钥指纹 fingerprint of the key: {fingerprint(half.public_bytes_raw())}",
        highlight=False,
        markup=False,
    )


def _show_key(key: bytes, trusted: bytes | None) -> None:
    """The fingerprint of a release's key, and whether it is the one that was given."""
    if not key:
        return
    told = "请与发布机关核对 compare it with the office's"
    if trusted is not None:
        told = "与给定公钥一致 as given" if key == trusted else "不是给定公钥 not the key given"
    out.print(
        f"  公钥指纹 fingerprint of the key: {fingerprint(key)}  ({told})", highlight=False, markup=False
    )
    if trusted is not None and key != trusted:
        text = f"  给定公钥的指纹 fingerprint of the key given: {fingerprint(trusted)}"
        out.print(text, highlight=False, markup=False)


def _fetched(release_id: str, address: str) -> release_pb2.GetReleasedResponse:
    with connected(address, with_batches=True) as client:
        return _any_of(client, release_id)


def _any_of(client: Client, release_id: str) -> release_pb2.GetReleasedResponse:
    """The public's view when there is one, else the caller's."""
    releases: ReleaseClient = client.releases
    try:
        return releases.get_released(release_id)
    except ServiceError as error:
        if error.code != "NOT_FOUND":
            raise
    seen = releases.get(release_id, with_projection=True)
    return release_pb2.GetReleasedResponse(release=seen.release, projection=seen.projection)


def _read(path: Path) -> release_pb2.GetReleasedResponse:
    found = release_pb2.GetReleasedResponse()
    fill_message(path, found)
    return found


def _key_of(path: Path) -> bytes:
    """The 32 bytes of a public key's file."""
    try:
        text = path.read_bytes()
        if b"BEGIN PUBLIC KEY" in text:
            # The end of an Ed25519 key's structure is the key itself.
            body = b"".join(line for line in text.splitlines() if b"-----" not in line)
            return base64.b64decode(body, validate=True)[-_PEM_KEY_BYTES:]
        key = base64.b64decode(text.strip(), validate=True)
    except (OSError, ValueError) as error:
        raise InvalidInputError("", (Violation("--key", f"cannot be read: {error}"),)) from None
    if len(key) != _PEM_KEY_BYTES:
        raise InvalidInputError("", (Violation("--key", f"{len(key)} bytes; 32 are a key"),))
    return key


def _show(release: release_pb2.Release) -> None:
    manifest = release.manifest
    out.print(f"{_state(release)}  {manifest.title}", style="bold", highlight=False, markup=False)
    lines = [
        ("编号 release", release.release_id),
        ("清单 manifest", release.manifest_id),
        ("范围 scope", release.scope),
        ("结果 result", manifest.result_digest),
        ("模型 model", manifest.revision.model_version),
        ("数据 data", manifest.revision.data_revision),
        ("碳达峰 carbon peak", f"{manifest.carbon_peak_year}, {manifest.carbon_peak_tco2 / 1e6:.1f} Mt"),
        ("来源 sources", f"{len(manifest.sources)}; 目标 targets {len(manifest.targets)}"),
        ("签名 signature", release.signature or "—"),
        ("替代者 superseded by", release.superseded_by or "—"),
    ]
    for name, value in lines:
        out.print(f"  {name}: {value}", highlight=False, markup=False)
    rows = [(s.at, _word(s.status), s.actor, s.reason) for s in release.steps]
    table("步骤 steps", ("时间 at", "状态 state", "人员 who", "说明 reason"), rows)


def _word(state: common_pb2.ReleaseStatus.ValueType) -> str:
    name = common_pb2.ReleaseStatus.Name(state).removeprefix("RELEASE_STATUS_").lower()
    return _STATES.get(name, name)


def _state(release: release_pb2.Release) -> str:
    return _word(release.status)


def _last(release: release_pb2.Release) -> str:
    return release.steps[-1].at if release.steps else ""
