from modules.batch.pods import eks_job
from modules.batch.settings.eks_job_definitions import EksContainer, EksJobDefinition
from modules.canonical_json import pruned
from modules.ecr.image import RepositoryImage
from tests.modules.batch.samples import IMAGE, every_kind


def test_a_pod_is_written_as_batch_s_api_reads_it() -> None:
    settings = every_kind()["eks"]
    assert isinstance(settings, EksJobDefinition)
    unprivileged = {"privileged": False, "readOnlyRootFilesystem": True}
    small, large = {"cpu": "0.25", "memory": "128Mi"}, {"cpu": "1.5", "memory": "2048Mi", "nvidia.com/gpu": "1"}

    assert pruned(eks_job(settings, {})) == {
        "eksProperties": {
            "podProperties": {
                "containers": [
                    {
                        "name": "main",
                        "image": IMAGE,
                        "imagePullPolicy": "IfNotPresent",
                        "args": ["--shard", "Ref::shard"],
                        "env": [{"name": "MODEL", "value": "minilm"}],
                        "resources": {"limits": large, "requests": large},
                        "securityContext": {**unprivileged, "runAsUser": 1_000, "runAsNonRoot": True},
                        "volumeMounts": [
                            {"name": "scratch", "mountPath": "/tmp"},
                            {"name": "token", "mountPath": "/secrets"},
                        ],
                    }
                ],
                "initContainers": [
                    {
                        "name": "fetch",
                        "image": IMAGE,
                        "imagePullPolicy": "IfNotPresent",
                        "resources": {"limits": small, "requests": small},
                        "securityContext": {**unprivileged, "runAsNonRoot": False},
                    }
                ],
                "volumes": [
                    {"name": "node", "hostPath": {"path": "/var/cache"}},
                    {"name": "scratch", "emptyDir": {"medium": "Memory", "sizeLimit": "1024Mi"}},
                    {"name": "token", "secret": {"secretName": "hub-token", "optional": False}},
                ],
                "serviceAccountName": "embed",
                "hostNetwork": False,
                "imagePullSecrets": [{"name": "registry"}],
                "metadata": {"labels": {"app": "embed"}},
            }
        }
    }


def test_a_pod_runs_an_image_of_the_environment_s_own() -> None:
    container = EksContainer(image=RepositoryImage(repository="embed", tag="1"), vcpus=1, memory_mib=4)
    settings = EksJobDefinition(job_queues=["pods"], timeout_seconds=60, containers={"main": container})
    (found,) = eks_job(settings, {"embed": "registry/tb-embed"})["eksProperties"]["podProperties"]["containers"]

    assert found["image"] == "registry/tb-embed:1"
