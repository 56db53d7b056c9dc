"""Overlays of the deployment: published schemas, and what schemas do not say. Each rule is shown to find a mutant."""

import copy
import shutil
import subprocess
from pathlib import Path

import kubernetes_validate
import pytest
import yaml

from tests.k8s import policies
from tests.k8s.kustomize import CLUSTER_WIDE, RefusedError, build, key, pod_of

K8S = Path(__file__).resolve().parents[2] / "k8s"
SCHEMAS = "1.37"
OVERLAYS = ("dev", "production")


@pytest.fixture(scope="module", params=OVERLAYS)
def overlay(request):
    return request.param


@pytest.fixture(scope="module")
def objects(overlay):
    return build(K8S / "overlays" / overlay)


@pytest.fixture(scope="module")
def production():
    return build(K8S / "overlays" / "production")


def test_every_object_has_the_published_schema(objects):
    for thing in objects:
        assert kubernetes_validate.validate(thing, SCHEMAS, strict=True) == SCHEMAS
        assert thing["kind"] in CLUSTER_WIDE or thing["metadata"]["namespace"] == "dafeng"


def test_overlays_are_what_kustomize_makes_of_them(overlay, objects):
    if shutil.which("kubectl") is None:
        pytest.skip("kubectl is not installed")
    built = subprocess.run(
        ["kubectl", "kustomize", K8S / "overlays" / overlay], capture_output=True, text=True
    )
    if built.returncode and ("unknown command" in built.stderr or "unknown field" in built.stderr):
        pytest.skip("kubectl has no kustomize, or an old one")
    assert built.returncode == 0, built.stderr
    theirs = {key(t): t for t in yaml.safe_load_all(built.stdout)}
    assert {key(t): t for t in objects} == theirs


@pytest.mark.parametrize("rule", policies.RULES, ids=lambda r: r.__name__)
def test_the_rule_holds(objects, rule):
    assert list(rule(objects)) == []


def test_production_has_two_replicas_of_everything_and_development_one(objects, overlay):
    least = {
        t["metadata"]["name"]: t["spec"]["minReplicas"]
        for t in policies.of_kind(objects, "HorizontalPodAutoscaler")
    }
    names = {d["metadata"]["name"] for d in policies.deployments(objects)}
    assert names == set(policies.SERVICES)
    assert least == (dict.fromkeys(names, 2) if overlay == "production" else {})


def find(objects, kind, name):
    return next(t for t in objects if key(t) == (kind, name))


def container(objects, name="power"):
    return pod_of(find(objects, "Deployment", name))["containers"][0]


def settings_text(objects, old, new, file="gateway.toml"):
    for thing in policies.of_kind(objects, "ConfigMap"):
        if file in thing["data"]:
            assert old in thing["data"][file]
            thing["data"][file] = thing["data"][file].replace(old, new)


def drop(objects, kind, name):
    objects.remove(find(objects, kind, name))


MUTANTS = [
    ("not_root", lambda o: container(o)["securityContext"].update(allowPrivilegeEscalation=True)),
    ("not_root", lambda o: container(o)["securityContext"].update(readOnlyRootFilesystem=False)),
    ("not_root", lambda o: container(o)["securityContext"].update(capabilities={"drop": ["NET_RAW"]})),
    ("not_root", lambda o: pod_of(find(o, "Deployment", "gateway"))["securityContext"].update(runAsUser=0)),
    ("not_root", lambda o: pod_of(find(o, "Deployment", "gateway")).update(hostNetwork=True)),
    ("volumes", lambda o: pod_of(find(o, "Deployment", "power"))["volumes"][0].update(emptyDir={})),
    ("volumes", lambda o: container(o)["volumeMounts"][1].pop("readOnly")),
    ("resources", lambda o: container(o)["resources"].pop("limits")),
    ("resources", lambda o: container(o)["resources"]["requests"].update(memory="64Gi")),
    ("probes", lambda o: container(o).pop("readinessProbe")),
    ("probes", lambda o: container(o)["livenessProbe"]["httpGet"].update(port="grpc2")),
    ("images", lambda o: container(o).update(image="registry.example/dafeng:latest")),
    ("images", lambda o: settings_text(o, "registry.example/dafeng@sha256:0", "registry.example/dafeng@sha256:1")),
    ("rolling", lambda o: find(o, "Deployment", "power")["spec"]["strategy"]["rollingUpdate"].update(maxUnavailable=1)),
    ("rolling", lambda o: pod_of(find(o, "Deployment", "power")).update(terminationGracePeriodSeconds=30)),
    ("replicas", lambda o: drop(o, "PodDisruptionBudget", "power")),
    ("replicas", lambda o: pod_of(find(o, "Deployment", "power")).pop("topologySpreadConstraints")),
    ("replicas", lambda o: find(o, "Deployment", "power")["spec"].update(replicas=1)),
    ("room", lambda o: find(o, "HorizontalPodAutoscaler", "power")["spec"].update(maxReplicas=500)),
    ("network", lambda o: drop(o, "NetworkPolicy", "default-deny")),
    ("network", lambda o: drop(o, "NetworkPolicy", "power-from-gateway")),
    ("network", lambda o: find(o, "NetworkPolicy", "gateway-from-ingress")["spec"]["ingress"][0].pop("from")),
    ("edges", lambda o: drop(o, "NetworkPolicy", "gateway-to-sectors")),
    ("edges", lambda o: find(o, "NetworkPolicy", "power-from-gateway")["spec"]["ingress"][0]["ports"][0].update(port=1)),
    ("edges", lambda o: find(o, "NetworkPolicy", "power-from-gateway")["spec"]["ingress"][0]["from"].append({"podSelector": {}})),
    ("secrets", lambda o: o.append({"kind": "Secret", "metadata": {"name": "x"}, "data": {}})),
    ("secrets", lambda o: container(o, "gateway")["env"].append({"name": "PASSWORD", "value": "x"})),
    ("secrets", lambda o: settings_text(o, "[batches]", '[batches]\nstore = "postgresql://dafeng:word@db/dafeng"')),
    ("references", lambda o: pod_of(find(o, "Deployment", "power")).update(serviceAccountName="nobody")),
    ("references", lambda o: find(o, "Service", "power-headless")["spec"]["ports"][0].update(port=1)),
    ("references", lambda o: settings_text(o, "power-headless:50054", "power-headless:50055")),
    ("references", lambda o: drop(o, "Service", "gateway")),
    ("files_are_mounted", lambda o: settings_text(o, "/etc/dafeng/tls/tls.key", "/etc/dafeng/tls/other.key")),
    ("tokens", lambda o: pod_of(find(o, "Deployment", "power")).update(automountServiceAccountToken=True)),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "change"), MUTANTS, ids=lambda v: v if isinstance(v, str) else "")
def test_the_rule_finds_a_manifest_that_breaks_it(production, rule, change):
    changed = copy.deepcopy(production)
    change(changed)
    assert list(getattr(policies, rule)(changed))


def test_every_rule_is_shown_to_find_something():
    assert {name for name, _ in MUTANTS} == {rule.__name__ for rule in policies.RULES}


@pytest.mark.parametrize(
    "change", [lambda o: container(o).update(imagePullPolice="Always"), lambda o: container(o).pop("name")]
)
def test_the_schema_refuses_a_field_that_is_misspelt_or_missing(production, change):
    changed = copy.deepcopy(production)
    change(changed)
    with pytest.raises(kubernetes_validate.ValidationError):
        for thing in changed:
            kubernetes_validate.validate(thing, SCHEMAS, strict=True)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"namePrefix": "x-"}, "namePrefix"),
        ({"resources": ["a.yaml", "a.yaml"]}, "twice"),
        ({"resources": ["../a.yaml"]}, "outside"),
        ({"patches": [{"target": {"kind": "Secret"}, "patch": "[]"}]}, "a patch of nothing"),
        (
            {"patches": [{"target": {"kind": "Service"}, "patch": "[{op: remove, path: /metadata/gone}]"}]},
            "does not fit",
        ),
    ],
)
def test_the_renderer_refuses_what_it_does_not_know(tmp_path, said, told):
    folder = tmp_path / "base"
    folder.mkdir()
    service = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "s"}}
    for path in (folder / "a.yaml", tmp_path / "a.yaml"):
        path.write_text(yaml.safe_dump(service))
    whole = {"kind": "Kustomization", "resources": ["a.yaml"], **said}
    (folder / "kustomization.yaml").write_text(yaml.safe_dump(whole))
    with pytest.raises(RefusedError, match=told):
        build(folder)


def test_settings_that_change_start_new_pods(tmp_path):
    def names():
        return {
            t["metadata"]["name"] for t in build(tmp_path / "k8s/overlays/dev") if t["kind"] == "ConfigMap"
        }

    shutil.copytree(K8S, tmp_path / "k8s")
    before = names()
    file = tmp_path / "k8s/overlays/dev/settings/sector.toml"
    file.write_text(file.read_text("utf-8").replace("info", "debug"), "utf-8")
    assert len(before & names()) == 1
