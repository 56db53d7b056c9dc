"""Manifests, and every object that the launcher sends: published schemas, and what schemas do not say."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import kubernetes_validate
import pytest
import yaml
from pydantic import ValidationError

from gateway.jobs.kubernetes import KubernetesSettings
from gateway.jobs.kubernetes.objects import JobPlan, job_body
from gateway.jobs.shards import shards_of
from gateway.jobs.worker import _parser, task_of
from tests.gateway.jobs.kubernetes.fake_api import SCHEMAS, violations

K8S = Path(__file__).resolve().parents[4] / "k8s"
# What batches need; tests/k8s looks at the whole deployment.
FOLDERS = (K8S / "batch", K8S / "examples", *sorted((K8S / "components").glob("batch-*")))
FILES = sorted(p for f in FOLDERS for p in f.glob("*.yaml") if p.name != "kustomization.yaml")
PLAN = JobPlan("b-7caa98221bb4c99eb639c1f0", 1, (0, 1, 4), 8, "a" * 64)
PLAIN = {"image": "dafeng@sha256:0", "folder": "/shared"}
SETTINGS = [
    PLAIN,
    {**PLAIN, "volume": {"kind": "none"}, "cache_volume": False},
    {**PLAIN, "volume": {"kind": "host_path", "name": "/srv/dafeng"}},
    {**PLAIN, "volume": {"kind": "empty_dir"}, "pod_folder": "/other"},
    {**PLAIN, "volume": {"kind": "pvc", "name": "claim", "sub_path": "batches"}},
    {"image": "dafeng:1", "hand_over": "database", "store_secret": {"name": "store", "key": "url"}},
    {"image": "dafeng:1", "hand_over": "database", "environment": {"DAFENG_STORE_URL": "postgresql://x"}},
    {
        **PLAIN,
        "labels": {"kueue.x-k8s.io/queue-name": "planning"},
        "annotations": {"note": "说明"},
        "owner": {"name": "gateway", "uid": "1-2"},
        "node_selector": {"disk": "ssd"},
        "tolerations": [{"key": "batch", "operator": "Exists", "effect": "NoSchedule"}],
        "priority_class": "dafeng-batch",
        "image_pull_secrets": ["registry"],
        "environment": {"LANG": "C.UTF-8"},
        "command": ["/opt/dafeng/bin/python", "-m", "gateway.jobs.worker"],
    },
]


def documents(path):
    return [d for d in yaml.safe_load_all(path.read_text("utf-8")) if d]


def everything():
    return [d for path in FILES for d in documents(path)]


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(K8S)))
def test_every_manifest_has_the_published_schema(path):
    for document in documents(path):
        assert kubernetes_validate.validate(document, SCHEMAS, strict=True) == SCHEMAS


def test_every_manifest_is_listed_by_its_kustomization():
    for path in FILES:
        if path.parent.name == "examples":
            continue
        listed = yaml.safe_load((path.parent / "kustomization.yaml").read_text("utf-8"))["resources"]
        assert path.name in listed
    for kustomization in K8S.rglob("kustomization.yaml"):
        for name in yaml.safe_load(kustomization.read_text("utf-8"))["resources"]:
            assert (kustomization.parent / name).exists()


def test_the_base_can_be_built():
    if shutil.which("kubectl") is None:
        pytest.skip("kubectl is not installed")
    built = subprocess.run(["kubectl", "kustomize", K8S / "batch"], capture_output=True, text=True)
    if built.returncode and "unknown command" in built.stderr:
        pytest.skip("kubectl has no kustomize")
    assert built.returncode == 0, built.stderr
    for document in yaml.safe_load_all(built.stdout):
        kubernetes_validate.validate(document, SCHEMAS, strict=True)
        assert document["kind"] == "Namespace" or document["metadata"]["namespace"] == "dafeng"


def test_rights_reach_no_further_than_one_namespace_and_name_everything():
    kinds = {d["kind"] for d in everything()}
    assert not {k for k in kinds if k.startswith("Cluster")}
    (role,) = [d for d in everything() if d["kind"] == "Role"]
    for rule in role["rules"]:
        assert "*" not in rule["verbs"] + rule["resources"] + rule["apiGroups"]
        assert "secrets" not in rule["resources"]
    (binding,) = [d for d in everything() if d["kind"] == "RoleBinding"]
    assert [s["name"] for s in binding["subjects"]] == ["dafeng-gateway"]


@pytest.mark.slow
async def test_rights_are_exactly_the_requests_of_the_launcher(fake):
    """A batch with a crash, a cancel with a restart and a lost answer: every request the launcher knows."""
    fake.api.lose_answers = 1
    await fake.run(fake.batch({"crash": [1]}, members=8))
    asked = {(what, verb) for verb, what in fake.objects.requests}
    (role,) = [d for d in everything() if d["kind"] == "Role"]
    allowed = {(what, verb) for rule in role["rules"] for what in rule["resources"] for verb in rule["verbs"]}
    assert asked == allowed


def test_service_accounts_mount_no_token():
    accounts = [d for d in everything() if d["kind"] == "ServiceAccount"]
    assert len(accounts) == 2
    assert all(a["automountServiceAccountToken"] is False for a in accounts)


def test_the_network_denies_by_default_and_workers_talk_to_nobody():
    policies = {d["metadata"]["name"]: d["spec"] for d in everything() if d["kind"] == "NetworkPolicy"}
    for name in ("default-deny", "batch-worker"):
        assert policies[name]["policyTypes"] == ["Ingress", "Egress"]
        assert "egress" not in policies[name]
        assert "ingress" not in policies[name]
    assert policies["default-deny"]["podSelector"] == {}


@pytest.mark.parametrize("chosen", SETTINGS)
def test_every_job_has_the_published_schema_and_what_a_server_asks_for_beside_it(chosen):
    body = job_body(KubernetesSettings.model_validate(chosen), PLAN)
    assert violations(body) == ""


@pytest.mark.parametrize("chosen", SETTINGS)
def test_every_pod_meets_the_restricted_level(chosen):
    pod = job_body(KubernetesSettings.model_validate(chosen), PLAN)["spec"]["template"]["spec"]
    allowed = {
        "configMap",
        "csi",
        "downwardAPI",
        "emptyDir",
        "ephemeral",
        "persistentVolumeClaim",
        "projected",
    }
    refused = [v for v in pod["volumes"] if not (set(v) - {"name"}) <= allowed]
    assert bool(refused) == (chosen.get("volume", {}).get("kind") == "host_path")
    assert not {"hostNetwork", "hostPID", "hostIPC"} & set(pod)
    assert pod["automountServiceAccountToken"] is False
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["runAsUser"] > 0
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    for container in pod["containers"]:
        context = container["securityContext"]
        assert context["allowPrivilegeEscalation"] is False
        assert context["readOnlyRootFilesystem"] is True
        assert context["capabilities"] == {"drop": ["ALL"]}
        assert not context.get("privileged")
        assert set(container["resources"]) == {"requests", "limits"}


def test_the_rules_of_failure_are_those_of_the_exit_codes():
    rules = job_body(KubernetesSettings.model_validate(PLAIN), PLAN)["spec"]["podFailurePolicy"]["rules"]
    assert [(r["action"], r.get("onExitCodes", {}).get("values")) for r in rules] == [
        ("FailIndex", [42]),
        ("Ignore", None),
        ("Ignore", [75]),
    ]


def test_the_worker_reads_the_command_line_that_the_launcher_writes():
    container = job_body(KubernetesSettings.model_validate(PLAIN), PLAN)["spec"]["template"]["spec"][
        "containers"
    ][0]
    task = task_of(_parser().parse_args(container["args"]), {"JOB_COMPLETION_INDEX": "2"})
    assert (task.batch_id, task.shard, task.chunks_per_shard) == (PLAN.batch_id, 4, 8)
    assert (str(task.folder), task.sha256) == ("/shared", PLAN.sha256)
    assert [e["name"] for e in container["env"]] == ["DAFENG_CACHE_DIR", "PYTHONUNBUFFERED"]


def test_the_example_of_a_job_is_what_the_launcher_sends():
    example = yaml.safe_load((K8S / "examples" / "batch-job.yaml").read_text("utf-8"))
    image = example["spec"]["template"]["spec"]["containers"][0]["image"]
    settings = KubernetesSettings.model_validate({"image": image, "folder": "/shared"})
    assert job_body(settings, JobPlan.of(example)) == example


def test_the_address_of_the_database_is_never_in_the_job():
    settings = KubernetesSettings.model_validate(SETTINGS[5])
    body = job_body(settings, PLAN)
    env = body["spec"]["template"]["spec"]["containers"][0]["env"]
    assert {"name": "DAFENG_STORE_URL", "valueFrom": {"secretKeyRef": {"name": "store", "key": "url"}}} in env


def test_a_plan_is_read_back_from_its_job_and_names_its_work():
    body = job_body(KubernetesSettings.model_validate(PLAIN), PLAN)
    assert JobPlan.of(body) == PLAN
    assert JobPlan("b", 2, (0,), 1, "").name != JobPlan("b", 1, (0,), 1, "").name
    long = JobPlan("B_" + "x" * 200 + "_", 1, tuple(range(100_000)), 1, "")
    assert re.fullmatch(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?", long.name)
    assert len(long.name) < 57
    assert len(json.dumps(job_body(KubernetesSettings.model_validate(PLAIN), long))) < 10_000
    assert shards_of("0-99999") == long.shards


@pytest.mark.parametrize(
    ("chosen", "told"),
    [
        ({"image": "x"}, "give the folder"),
        ({"image": "x", "hand_over": "database"}, "give store_secret"),
        ({**PLAIN, "memory_request_mib": 4096}, "more than memory_limit_mib"),
        ({**PLAIN, "namespace": "Not A Name"}, "pattern"),
        ({**PLAIN, "cpu_limit": "lots"}, "pattern"),
        ({**PLAIN, "unknown": 1}, "Extra inputs"),
        ({"folder": "/shared"}, "Field required"),
    ],
)
def test_settings_that_make_no_sense_are_refused(chosen, told):
    with pytest.raises(ValidationError, match=told):
        KubernetesSettings.model_validate(chosen)


def test_shards_keep_all_pods_at_work_and_stay_within_the_servers_bounds():
    settings = KubernetesSettings.model_validate(PLAIN)
    assert [settings.chunks_a_shard(n) for n in (1, 8, 9, 80, 1000)] == [1, 1, 2, 10, 16]
    assert settings.chunks_a_shard(10_000_000) == 100
    assert settings.model_copy(update={"chunks_per_shard": 3}).chunks_a_shard(1000) == 3
