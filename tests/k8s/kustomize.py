"""The part of kustomize that k8s/ uses, so that tests need no other program. A field that is not known here is refused.

Where kubectl with kustomize is installed, a test compares the two.
"""

import copy
import hashlib
import json
from pathlib import Path

import yaml

CLUSTER_WIDE = {"Namespace", "PriorityClass"}
_HEAD = {"apiVersion", "kind"}
_FIELDS = {
    "Kustomization": {"namespace", "labels", "resources", "components", "patches", "images", "configMapGenerator"},
    "Component": {"resources", "patches", "configMapGenerator"},
}  # fmt: skip
# How kustomize writes a hash, so that no word is spelt by chance.
_SPELT = str.maketrans("013ae", "ghkmt")


class RefusedError(Exception):
    """Something that this part of kustomize does not know, or that does not fit."""


def build(folder):
    """All objects of an overlay, as kustomize would make them."""
    objects = _accumulated(Path(folder))
    seen = set()
    for thing in objects:
        if key(thing) in seen:
            raise RefusedError(f"twice: {key(thing)}")
        seen.add(key(thing))
    return objects


def key(thing):
    """What names an object."""
    return thing["kind"], thing["metadata"]["name"]


def _accumulated(folder):
    said = _read(folder, "Kustomization")
    objects = _resources(folder, said)
    for name in said.get("configMapGenerator", ()):
        objects.append(_config_map(folder, name))
    for name in said.get("components", ()):
        part = (folder / name).resolve()
        inside = _read(part, "Component")
        objects += _resources(part, inside)
        objects += [_config_map(part, one) for one in inside.get("configMapGenerator", ())]
        _patch_all(objects, part, inside)
    _patch_all(objects, folder, said)
    if "namespace" in said:
        _set_namespace(objects, said["namespace"])
    for label in said.get("labels", ()):
        _only(label, {"pairs"})
        for thing in objects:
            thing["metadata"].setdefault("labels", {}).update(label["pairs"])
    for image in said.get("images", ()):
        _set_image(objects, image)
    _name_by_content(objects)
    return objects


def _read(folder, kind):
    said = yaml.safe_load((folder / "kustomization.yaml").read_text("utf-8"))
    if said.get("kind") != kind:
        raise RefusedError(f"{folder}: {said.get('kind')}, not {kind}")
    _only(said, _FIELDS[kind] | _HEAD)
    return said


def _only(said, known):
    unknown = set(said) - known
    if unknown:
        raise RefusedError(f"unknown: {', '.join(sorted(unknown))}")


def _resources(folder, said):
    objects = []
    for name in said.get("resources", ()):
        path = (folder / name).resolve()
        if path.is_dir():
            objects += _accumulated(path)
        elif folder.resolve() in path.parents:
            objects += [_unshared(d) for d in yaml.safe_load_all(path.read_text("utf-8")) if d]
        else:
            raise RefusedError(f"{name} lies outside its folder")
    return objects


def _unshared(document):
    """What an anchor and its alias name are two things from here on."""
    return json.loads(json.dumps(document))


def _config_map(folder, said):
    _only(said, {"name", "files", "options"})
    options = said.get("options", {})
    _only(options, {"labels", "disableNameSuffixHash"})
    labels = {"labels": dict(options["labels"])} if "labels" in options else {}
    hashed = {} if options.get("disableNameSuffixHash") else {"annotations": {"_hash": ""}}
    data = {Path(name).name: (folder / name).read_text("utf-8") for name in said["files"]}
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": said["name"], **labels, **hashed},
        "data": data,
    }


def _patch_all(objects, folder, said):
    for patch in said.get("patches", ()):
        _only(patch, {"path", "patch", "target"})
        text = patch["patch"] if "patch" in patch else (folder / patch["path"]).read_text("utf-8")
        change = yaml.safe_load(text)
        if isinstance(change, list):
            chosen = [t for t in objects if _meant(t, patch["target"])]
            if not chosen:
                raise RefusedError(f"a patch of nothing: {patch['target']}")
            for thing in chosen:
                for step in change:
                    _apply(thing, step)
        elif change.get("$patch") == "delete":
            gone = [t for t in objects if key(t) == key(change)]
            if len(gone) != 1:
                raise RefusedError(f"not there: {key(change)}")
            objects.remove(gone[0])
        else:
            raise RefusedError("patches are lists of steps, or deletions")


def _meant(thing, target):
    _only(target, {"kind", "name", "labelSelector"})
    if target.get("kind", thing["kind"]) != thing["kind"]:
        return False
    if target.get("name", thing["metadata"]["name"]) != thing["metadata"]["name"]:
        return False
    wanted = dict(part.split("=") for part in target.get("labelSelector", "").split(",") if part)
    return wanted.items() <= thing["metadata"].get("labels", {}).items()


def _apply(thing, step):
    _only(step, {"op", "path", "value"})
    *way, last = [p.replace("~1", "/").replace("~0", "~") for p in step["path"].split("/")[1:]]
    place = thing
    for part in way:
        place = place[int(part)] if isinstance(place, list) else place[part]
    value = copy.deepcopy(step.get("value"))
    if step["op"] == "add" and isinstance(place, list) and last == "-":
        place.append(value)
    elif (step["op"] == "add" and isinstance(place, dict)) or (
        step["op"] == "replace" and isinstance(place, dict) and last in place
    ):
        place[last] = value
    elif step["op"] == "remove" and isinstance(place, dict) and last in place:
        del place[last]
    else:
        raise RefusedError(f"a step that does not fit: {step['op']} {step['path']}")


def _set_namespace(objects, namespace):
    for thing in objects:
        if thing["kind"] == "Namespace":
            thing["metadata"]["name"] = namespace
        elif thing["kind"] not in CLUSTER_WIDE:
            thing["metadata"]["namespace"] = namespace


def _set_image(objects, said):
    _only(said, {"name", "newName", "digest"})
    for container in containers(objects):
        if container["image"] == said["name"]:
            container["image"] = f"{said['newName']}@{said['digest']}"


def containers(objects):
    """Every container of every pod template."""
    for thing in objects:
        pod = pod_of(thing)
        if pod is not None:
            yield from (*pod.get("initContainers", ()), *pod["containers"])


def pod_of(thing):
    """The pod's specification of a workload; None for anything else."""
    if thing["kind"] in ("Deployment", "StatefulSet", "DaemonSet", "Job"):
        return thing["spec"]["template"]["spec"]
    return None


def _name_by_content(objects):
    """Generated ConfigMaps are named by their content, and those who mount them follow: a change starts new pods."""
    names = {}
    for thing in objects:
        if thing["kind"] == "ConfigMap" and "_hash" in thing["metadata"].get("annotations", {}):
            del thing["metadata"]["annotations"]
            old = thing["metadata"]["name"]
            plain = {"kind": "ConfigMap", "name": "", "data": thing["data"]}
            text = json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
            for sign in "<>&":
                text = text.replace(sign, f"\\u{ord(sign):04x}")
            digest = hashlib.sha256(text.encode()).hexdigest()[:10].translate(_SPELT)
            names[old] = thing["metadata"]["name"] = f"{old}-{digest}"
    for thing in objects:
        for volume in (pod_of(thing) or {}).get("volumes", ()):
            if volume.get("configMap", {}).get("name") in names:
                volume["configMap"]["name"] = names[volume["configMap"]["name"]]
