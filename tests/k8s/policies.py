"""What the objects of a deployment must keep to, beside their schemas: each rule gives the places that break it."""

import re
import tomllib
from itertools import product

from services.runtime.sectors import sectors
from tests.k8s.kustomize import key, pod_of

DIGEST = re.compile(r"^[^@\s]+@sha256:[0-9a-f]{64}$")
SERVICES = (*(entry.sector_id for entry in sectors()), "gateway")
# Secrets that an operator makes (k8s/README.md), and their keys.
SECRETS = {
    "dafeng-identity": None,
    "dafeng-gateway-keys": None,
    "dafeng-oidc": {"client-secret"},
    "dafeng-store": {"url"},
    "dafeng-page-tls": {"tls.crt", "tls.key"},
    **{f"dafeng-{name}-tls": {"tls.crt", "tls.key", "ca.crt"} for name in SERVICES},
}
_SPREAD = {"kubernetes.io/hostname", "topology.kubernetes.io/zone"}
_VOLUMES = {
    "configMap",
    "csi",
    "downwardAPI",
    "emptyDir",
    "ephemeral",
    "persistentVolumeClaim",
    "projected",
    "secret",
}


def of_kind(objects, kind):
    return [t for t in objects if t["kind"] == kind]


def deployments(objects):
    return of_kind(objects, "Deployment")


def pods(objects):
    """(what, pod, container) of every container."""
    for thing in objects:
        pod = pod_of(thing)
        for container in pod["containers"] + pod.get("initContainers", []) if pod else ():
            yield f"{thing['metadata']['name']}/{container['name']}", pod, container


def not_root(objects):
    """Nobody is root, gains rights, writes to the image or keeps capabilities."""
    for name, pod, container in pods(objects):
        outer, inner = pod.get("securityContext", {}), container.get("securityContext", {})
        well = (
            outer.get("runAsNonRoot") is True
            and outer.get("runAsUser", 0) > 0
            and outer.get("runAsGroup", 0) > 0
            and outer.get("seccompProfile") == {"type": "RuntimeDefault"}
            and inner.get("allowPrivilegeEscalation") is False
            and inner.get("readOnlyRootFilesystem") is True
            and inner.get("capabilities") == {"drop": ["ALL"]}
            and not {"privileged", "runAsUser", "runAsNonRoot", "seccompProfile"} & set(inner)
            and not {"hostNetwork", "hostPID", "hostIPC"} & set(pod)
            and not any(p.get("hostPort") for p in container.get("ports", ()))
        )
        if not well:
            yield name


def volumes(objects):
    """Volumes are of the kinds that the restricted level takes; scratch has a bound, /tmp is one."""
    for name, pod, container in pods(objects):
        kinds = {v["name"]: next(iter(set(v) - {"name"})) for v in pod["volumes"]}
        unbounded = [v for v in pod["volumes"] if "emptyDir" in v and "sizeLimit" not in v["emptyDir"]]
        mounts = {m["mountPath"]: m for m in container["volumeMounts"]}
        if unbounded or not set(kinds.values()) <= _VOLUMES or "/tmp" not in mounts:
            yield name
        for path, mount in mounts.items():
            if kinds[mount["name"]] != "emptyDir" and not mount.get("readOnly"):
                yield f"{name} {path}"


def resources(objects):
    """Every container asks for memory and processor time, and has bounds no lower."""
    for name, _, container in pods(objects):
        asked = container.get("resources", {}).get("requests", {})
        most = container.get("resources", {}).get("limits", {})
        wanted = {"cpu", "memory", "ephemeral-storage"}
        if (
            not wanted <= set(asked)
            or not wanted <= set(most)
            or any(amount(asked[what]) > amount(most[what]) for what in wanted)
        ):
            yield name


def amount(text):
    """A quantity as a number."""
    text = str(text)
    for ending, factor in (("m", 1e-3), ("Ki", 2**10), ("Mi", 2**20), ("Gi", 2**30)):
        if text.endswith(ending):
            return float(text[: -len(ending)]) * factor
    return float(text)


def probes(objects):
    """Start, life and readiness are asked for, at a port that the container has."""
    for name, _, container in pods(objects):
        ports = {p["name"] for p in container.get("ports", ())}
        for which in ("startupProbe", "livenessProbe", "readinessProbe"):
            asked = container.get(which, {}).get("httpGet", {})
            path = "/readyz" if which == "readinessProbe" else "/livez"
            if asked.get("port") not in ports or asked.get("path") != path:
                yield f"{name} {which}"


def images(objects):
    """Images are named by digest: no tag, no latest."""
    for name, _, container in pods(objects):
        if not DIGEST.match(container["image"]) or ":latest" in container["image"]:
            yield name
    for name, settings in settings_of(objects):
        image = settings.get("batches", {}).get("kubernetes", {}).get("image")
        if image is not None and image not in {c["image"] for _, _, c in pods(objects)}:
            yield f"{name} batches.kubernetes.image"


def settings_of(objects):
    """(name, content) of every file of settings."""
    for thing in of_kind(objects, "ConfigMap"):
        for name, text in thing["data"].items():
            if name.endswith(".toml"):
                yield name, tomllib.loads(text)


def rolling(objects):
    """A replica goes only when its successor is ready, and has the time to finish what is under way."""
    said = dict(settings_of(objects))
    for thing in deployments(objects):
        name, spec = thing["metadata"]["name"], thing["spec"]
        strategy = spec["strategy"].get("rollingUpdate", {})
        if (strategy.get("maxUnavailable"), strategy.get("maxSurge")) != (0, 1):
            yield name
        settings = said["gateway.toml" if name == "gateway" else "sector.toml"]
        doors = 2 if name == "gateway" else 1
        needed = settings["drain_notice_seconds"] + doors * settings["drain_grace_seconds"]
        if spec["template"]["spec"]["terminationGracePeriodSeconds"] <= needed:
            yield f"{name} grace"


def replicas(objects):
    """More than one replica: spread over nodes and zones, with a budget of disruption."""
    scaled = {
        t["spec"]["scaleTargetRef"]["name"]: t["spec"] for t in of_kind(objects, "HorizontalPodAutoscaler")
    }
    for thing in deployments(objects):
        name, spec = thing["metadata"]["name"], thing["spec"]
        if name in scaled and "replicas" in spec:
            yield f"{name} has a number of replicas and an autoscaler"
        if max(spec.get("replicas", 1), scaled.get(name, {}).get("minReplicas", 1)) < 2:
            continue
        spread = spec["template"]["spec"].get("topologySpreadConstraints", ())
        own = spec["selector"]
        if {s["topologyKey"] for s in spread if s["labelSelector"] == own} != _SPREAD:
            yield f"{name} is not spread"
        budgets = [b for b in of_kind(objects, "PodDisruptionBudget") if b["spec"]["selector"] == own]
        if len(budgets) != 1:
            yield f"{name} has no budget of disruption"
        if name in scaled and not {"scaleUp", "scaleDown"} <= set(scaled[name].get("behavior", {})):
            yield f"{name} scales without bounds"


def room(objects):
    """The most replicas that autoscalers may start, and one more of each while it is replaced, fit the quota."""
    scaled = {
        t["spec"]["scaleTargetRef"]["name"]: t["spec"]["maxReplicas"]
        for t in of_kind(objects, "HorizontalPodAutoscaler")
    }
    for quota, what in product(
        of_kind(objects, "ResourceQuota"), ("requests.cpu", "requests.memory", "limits.memory")
    ):
        part, _, kind = what.partition(".")
        taken = sum(
            amount(container["resources"][part][kind]) * (scaled.get(thing["metadata"]["name"], 1) + 1)
            for thing in deployments(objects)
            for container in pod_of(thing)["containers"]
        )
        if taken > amount(quota["spec"]["hard"][what]):
            yield f"{what}: {taken:g} of {quota['spec']['hard'][what]}"


def network(objects):
    """Everything is denied that no policy allows; each workload has policies of its own; no policy allows everybody."""
    policies = of_kind(objects, "NetworkPolicy")
    denied = [p for p in policies if p["spec"]["podSelector"] == {}]
    if [sorted(p["spec"]["policyTypes"]) for p in denied] != [["Egress", "Ingress"]] or {
        "ingress",
        "egress",
    } & set(denied[0]["spec"]):
        yield "default-deny"
    for thing in deployments(objects):
        labels = thing["spec"]["template"]["metadata"]["labels"]
        open_ports = {
            port["port"]
            for policy in policies
            if chosen(policy["spec"]["podSelector"], labels)
            for rule in policy["spec"].get("ingress", ())
            for port in rule.get("ports", ())
        }
        served = {
            p["containerPort"] for c in pod_of(thing)["containers"] for p in c["ports"] if p["name"] == "grpc"
        }
        if not served <= open_ports:
            yield f"{thing['metadata']['name']}: nobody reaches it"
    for policy in policies:
        for rule in policy["spec"].get("ingress", ()):
            if not rule.get("from") or not all(rule["from"]) or not rule.get("ports"):
                yield f"{policy['metadata']['name']}: from everywhere"
        for rule in policy["spec"].get("egress", ()):
            if not rule.get("ports"):
                yield f"{policy['metadata']['name']}: to every port"


def chosen(selector, labels):
    """Whether a selector means these labels."""
    if not selector.get("matchLabels", {}).items() <= labels.items():
        return False
    for one in selector.get("matchExpressions", ()):
        if one["operator"] != "In":
            raise ValueError(one["operator"])
        if labels.get(one["key"]) not in one["values"]:
            return False
    return True


def edges(objects):
    """The gateway's way to each sector is open at both ends, and nobody else's."""
    policies = of_kind(objects, "NetworkPolicy")
    labels = {
        d["metadata"]["name"]: d["spec"]["template"]["metadata"]["labels"] for d in deployments(objects)
    }
    for sector, own in labels.items():
        if sector == "gateway":
            continue
        ports = {
            p["containerPort"]
            for _, pod, c in pods(objects)
            if c["name"] == sector
            for p in c["ports"]
            if p["name"] == "grpc"
        }
        sides = [
            (direction, peer, rule)
            for p in policies
            for direction, peer, side in (("out", labels["gateway"], "egress"), ("in", own, "ingress"))
            if chosen(p["spec"]["podSelector"], peer)
            for rule in p["spec"].get(side, ())
        ]
        out = any(r for d, _, r in sides if d == "out" and _meets(r, "to", own, ports))
        into = [r for d, _, r in sides if d == "in" and ports & {p["port"] for p in r["ports"]}]
        if not out or [r["from"] for r in into] != [
            [{"podSelector": {"matchLabels": {"app.kubernetes.io/component": "gateway"}}}]
        ]:
            yield sector


def _meets(rule, side, labels, ports):
    peers = [p for p in rule.get(side, ()) if set(p) == {"podSelector"} and chosen(p["podSelector"], labels)]
    return bool(peers) and ports <= {p["port"] for p in rule["ports"]}


def secrets(objects):
    """Secrets are named, never written down: no object holds one, no environment a password."""
    for thing in of_kind(objects, "Secret"):
        yield thing["metadata"]["name"]
    for name, pod, container in pods(objects):
        for variable in container.get("env", ()):
            reference = variable.get("valueFrom", {}).get("secretKeyRef")
            known = reference is not None and reference["key"] in (SECRETS.get(reference["name"]) or ())
            if not known:
                yield f"{name} {variable['name']}"
        for volume in pod["volumes"]:
            if "secret" in volume and (
                volume["secret"]["secretName"] not in SECRETS or volume["secret"].get("defaultMode") != 0o440
            ):
                yield f"{name} {volume['name']}"
    for thing in of_kind(objects, "ConfigMap"):
        for name, text in thing["data"].items():
            if re.search(r"(?i)(password|passwd|secret)\s*=\s*\"|://[^/\s\"]+:[^/\s\"]+@|PRIVATE KEY", text):
                yield name


def references(objects):
    """What objects name is there: services, accounts, maps of settings, ports, targets of autoscalers."""
    there = {key(t) for t in objects}
    pods_by_labels = {
        t["metadata"]["name"]: (t["spec"]["template"]["metadata"]["labels"], pod_of(t))
        for t in deployments(objects)
    }
    for name, (_, pod) in pods_by_labels.items():
        if ("ServiceAccount", pod["serviceAccountName"]) not in there:
            yield f"{name} account"
        known = {v["name"] for v in pod["volumes"]}
        for volume in pod["volumes"]:
            if "configMap" in volume and ("ConfigMap", volume["configMap"]["name"]) not in there:
                yield f"{name} {volume['name']}"
        for container in pod["containers"]:
            if {m["name"] for m in container["volumeMounts"]} != known:
                yield f"{name} volumes"
    for service in of_kind(objects, "Service"):
        meant = [
            p
            for labels, p in pods_by_labels.values()
            if chosen({"matchLabels": service["spec"]["selector"]}, labels)
        ]
        ports = {
            p["name"]: p["containerPort"] for pod in meant for c in pod["containers"] for p in c["ports"]
        }
        if len(meant) != 1 or any(ports.get(p["targetPort"]) != p["port"] for p in service["spec"]["ports"]):
            yield f"service {service['metadata']['name']}"
    for scaler in of_kind(objects, "HorizontalPodAutoscaler"):
        if (scaler["spec"]["scaleTargetRef"]["kind"], scaler["spec"]["scaleTargetRef"]["name"]) not in there:
            yield f"autoscaler {scaler['metadata']['name']}"
    for entry in of_kind(objects, "Ingress"):
        for rule in entry["spec"]["rules"]:
            for path in rule["http"]["paths"]:
                to = path["backend"]["service"]
                if to["port"]["name"] not in {
                    p["name"]
                    for s in of_kind(objects, "Service")
                    if s["metadata"]["name"] == to["name"]
                    for p in s["spec"]["ports"]
                }:
                    yield f"ingress {to['name']}"
        if not {t["secretName"] for t in entry["spec"]["tls"]} <= set(SECRETS):
            yield "ingress certificate"
    for name, settings in settings_of(objects):
        headless = {
            s["metadata"]["name"]: s
            for s in of_kind(objects, "Service")
            if s["spec"].get("clusterIP") == "None"
        }
        for sector, address in settings.get("sectors", {}).items():
            host, _, port = address.removeprefix("dns:///").partition(":")
            ports = {str(p["port"]) for p in headless.get(host, {}).get("spec", {}).get("ports", ())}
            if not address.startswith("dns:///") or port not in ports or not host.startswith(sector):
                yield f"{name} {sector}"


def files_are_mounted(objects):
    """Every file that settings name lies in a secret that is mounted there."""
    for thing in deployments(objects):
        name = thing["metadata"]["name"]
        pod = pod_of(thing)
        secret = {v["name"]: v["secret"]["secretName"] for v in pod["volumes"] if "secret" in v}
        mounts = {
            m["mountPath"]: secret[m["name"]]
            for c in pod["containers"]
            for m in c["volumeMounts"]
            if m["name"] in secret
        }
        settings = dict(settings_of(objects))["gateway.toml" if name == "gateway" else "sector.toml"]
        named = [
            v
            for table in ("tls", "identity")
            for v in settings.get(table, {}).values()
            if str(v).startswith("/etc/dafeng/")
        ]
        for path in named:
            folder, _, file = path.rpartition("/")
            keys = SECRETS.get(mounts.get(folder, ""))
            if path not in mounts and not (keys and file in keys):
                yield f"{name} {path}"


def tokens(objects):
    """Nobody holds a token of the cluster but the gateway, which creates Jobs."""
    for thing in of_kind(objects, "ServiceAccount"):
        if thing.get("automountServiceAccountToken") is not False:
            yield thing["metadata"]["name"]
    for thing in deployments(objects):
        wanted = thing["metadata"]["name"] == "gateway"
        if pod_of(thing).get("automountServiceAccountToken") is not wanted:
            yield thing["metadata"]["name"]


RULES = (
    not_root, volumes, resources, probes, images, rolling, replicas, room, network, edges, secrets, references,
    files_are_mounted, tokens,
)  # fmt: skip
