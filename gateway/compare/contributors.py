"""Who shares in a difference: levers, groups of levers, and the baseline itself; some groups opened."""

from collections.abc import Iterable, Mapping, Sequence

from gateway.compare.coalitions import BASELINE, BASELINE_LABEL, Between, Contributor
from gateway.compare.doors import LeverGroup
from gateway.compare.settings import group_label
from gateway.compare.shapley import Structure
from services.common.errors import Violation, near_names
from services.common.regions import Region
from services.common.words import Label, Lever

LEVER, LEVER_GROUP, OWNER = "lever", "lever_group", "owner"


def contributors_of(
    between: Between, region: Region, groups: Sequence[LeverGroup], group_by: str, few: int
) -> tuple[Contributor, ...]:
    """Contributors of the levers that differ: the caller's groups first, then the rest as `group_by` says.

    Without it: levers one by one when at most `few` contributors come of it, else groups, else owners.
    """
    found: list[Contributor] = []
    taken: set[str] = set()
    for group in groups:
        own = tuple(k for k in between.lever_ids if k in group.lever_ids)
        taken |= set(own)
        if own:
            label = (
                Label(group.label.zh, group.label.en)
                if group.label
                else Label(group.group_id, group.group_id)
            )
            found.append(Contributor(group.group_id, label, own, ""))
    rest = [between.levers[k] for k in between.lever_ids if k not in taken]
    extra = len(found) + between.other_baseline
    for kind in (group_by,) if group_by else (LEVER, LEVER_GROUP, OWNER):
        joined = _joined(region, rest, kind)
        if len(joined) + extra <= few:
            break
    found += joined
    if between.other_baseline:
        found.append(Contributor(BASELINE, BASELINE_LABEL, (), ""))
    return tuple(found)


def opened(
    contributors: Sequence[Contributor], levers: Mapping[str, Lever], open_groups: Iterable[str]
) -> tuple[tuple[Contributor, ...], Structure]:
    """The contributors with the levers of some groups told one by one, and the structure that keeps them together."""
    wanted = set(open_groups)
    found: list[Contributor] = []
    structure: list[tuple[int, ...]] = []
    for one in contributors:
        first = len(found)
        if one.contributor_id in wanted and one.lever_ids:
            found += [Contributor(k, levers[k].label, (k,), one.contributor_id) for k in one.lever_ids]
        else:
            found.append(one)
        structure.append(tuple(range(first, len(found))))
    return tuple(found), Structure(tuple(structure))


def group_violations(
    groups: Sequence[LeverGroup],
    levers: Mapping[str, Lever],
    open_groups: Sequence[str],
    known: Iterable[str],
) -> list[Violation]:
    """Levers that do not exist or stand in two groups, ids used twice, and groups to open that are not there."""
    found: list[Violation] = []
    seen_groups: set[str] = set()
    seen: dict[str, str] = {}
    for i, group in enumerate(groups):
        if group.group_id in seen_groups or group.group_id == BASELINE or group.group_id in levers:
            found.append(
                Violation(f"groups[{i}].group_id", "the id is taken: choose another", group.group_id)
            )
        seen_groups.add(group.group_id)
        for j, lever_id in enumerate(group.lever_ids):
            at = f"groups[{i}].lever_ids[{j}]"
            if lever_id not in levers:
                found.append(Violation(at, f"no such lever{near_names(lever_id, levers)}", lever_id))
            elif lever_id in seen:
                found.append(Violation(at, f"already in group {seen[lever_id]}: name it once", lever_id))
            seen.setdefault(lever_id, group.group_id)
    ids = [*known, *seen_groups]
    for i, name in enumerate(open_groups):
        if name not in ids:
            text = f"no such group among the levers that differ{near_names(name, ids)}"
            found.append(Violation(f"open_groups[{i}]", text, name, ", ".join(ids)))
    return found


def _joined(region: Region, levers: Sequence[Lever], kind: str) -> list[Contributor]:
    if kind == LEVER:
        return [Contributor(v.lever_id, v.label, (v.lever_id,), "") for v in levers]
    parts: dict[str, list[Lever]] = {}
    for lever in levers:
        parts.setdefault(lever.owner if kind == OWNER else f"{lever.owner}.{lever.group}", []).append(lever)
    return [
        Contributor(key, _label(region, key), tuple(v.lever_id for v in own), "")
        for key, own in parts.items()
    ]


def _label(region: Region, key: str) -> Label:
    """Name of an owner or of "<owner>.<group>"."""
    owner, _, group = key.partition(".")
    if not group:
        return group_label(region, owner)
    of, what = group_label(region, owner), group_label(region, group)
    return Label(f"{of.zh}：{what.zh}", f"{of.en}: {what.en}")
