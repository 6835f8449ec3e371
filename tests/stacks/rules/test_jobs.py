from typing import Any

import pytest

from modules.batch.settings.compute_environments import (
    Ec2ComputeEnvironment,
    FargateSpotComputeEnvironment,
    SpotComputeEnvironment,
)
from modules.batch.settings.eks_compute_environments import EksComputeEnvironment
from modules.batch.settings.eks_job_definitions import EksContainer, EksJobDefinition
from modules.batch.settings.job_queues import JobQueueSettings
from modules.containers.settings import FileSystemMount
from modules.ecs.settings.containers import EbsVolumeMount
from modules.efs.settings import AccessPointSettings, FileSystemSettings
from modules.iam.access_settings import Access
from modules.settings import collect_problems, nested_problems
from modules.sqs.settings import ExistingQueue, MessageQueueSettings
from tests.problems import in_short, refused
from tests.stacks.environments import distributed_job, ec2_job, environment, fargate_job

PODS = EksComputeEnvironment(
    max_vcpus=8,
    eks_cluster_arn="arn:aws:eks:us-east-1:111122223333:cluster/ml",
    kubernetes_namespace="batch",
    security_group_ids=["sg-01234567"],
)


def pod(**changes: Any) -> EksJobDefinition:
    values: dict[str, Any] = {"image": "embed:1", "vcpus": 1.0, "memory_mib": 512}
    container = EksContainer(**(values | changes))
    return EksJobDefinition(job_queues=["pods"], timeout_seconds=60, containers={"main": container})


def test_a_platform_in_which_everything_fits_has_no_problems() -> None:
    assert environment().name == "test"


def test_a_job_that_fits_nowhere_is_named_with_queue_environment_and_what_would_fit() -> None:
    assert refused(lambda: environment(job_definitions={"index": ec2_job(memory_mib=16_000)})) == [
        "compute_environments.large: 2, 16,000, "
        "got at most c6i.2xlarge (8 vCPUs, 15,532 MiB of 16,384 for jobs, x86_64)"
    ]


def test_every_environment_that_a_queue_falls_back_on_is_checked() -> None:
    small = Ec2ComputeEnvironment(instance_types=["c6i.large"], max_vcpus=4)
    queue = JobQueueSettings(compute_environments=["large", "small"])
    found = refused(
        lambda: environment(
            compute_environments={"small": small},
            job_queues={"large": queue},
            job_definitions={"index": ec2_job(vcpus=4), "train": ec2_job()},
        )
    )
    assert [problem.partition(",")[0] for problem in found] == [
        "compute_environments.small: 4",
        "compute_environments.small: 2",
    ]


def test_multi_node_jobs_on_spot_are_refused() -> None:
    spot = SpotComputeEnvironment(instance_types=["c6i.2xlarge"], max_vcpus=64)
    assert refused(lambda: environment(compute_environments={"large": spot})) == [
        "compute_environments.large: got a SpotComputeEnvironment"
    ]


def test_a_bad_environment_does_not_hide_the_jobs_of_others() -> None:
    bad = FargateSpotComputeEnvironment(max_vcpus=1)
    found = refused(
        lambda: environment(
            compute_environments={"light": bad},
            job_definitions={
                "embed": fargate_job(vcpus=2.0, memory_mib=4_096),
                "train": distributed_job(timeout_seconds=60),
            },
        )
    )
    assert found == ["compute_environments.light: 2, got 1"]


def test_a_message_stays_hidden_longer_than_the_job_that_holds_it() -> None:
    message = "queues.requests.visibility_timeout_seconds: 600, got 600"
    assert environment(queues={"requests": MessageQueueSettings(visibility_timeout_seconds=601)})
    assert refused(lambda: environment(queues={"requests": MessageQueueSettings(visibility_timeout_seconds=600)})) == [
        message
    ]
    foreign = ExistingQueue(queue_arn="arn:aws:sqs:us-east-1:111122223333:theirs", visibility_timeout_seconds=600)
    assert refused(lambda: environment(queues={"requests": foreign})) == [message]


def test_a_job_that_works_off_a_queue_says_how_long_one_message_takes() -> None:
    def build(visible: int, timeout: int, longest: int | None = None) -> object:
        queue = MessageQueueSettings(visibility_timeout_seconds=visible)
        job = fargate_job(timeout_seconds=timeout, longest_message_seconds=longest)
        return environment(queues={"requests": queue}, job_definitions={"embed": job})

    path = "queues.requests.visibility_timeout_seconds"
    assert build(301, 86_400, 300)
    assert refused(lambda: build(300, 86_400, 300)) == [f"{path}: 300, got 300"]
    assert refused(lambda: build(43_200, 86_400)) == [f"{path}: 86,400, got 43,200"]
    assert build(43_200, 86_400, 43_199)


def test_the_longest_message_fits_into_a_job_that_consumes() -> None:
    assert fargate_job(timeout_seconds=600, longest_message_seconds=600)
    assert refused(fargate_job, timeout_seconds=600, longest_message_seconds=601) == [
        "longest_message_seconds: 600, got 601"
    ]
    assert refused(fargate_job, longest_message_seconds=60, access=Access()) == ["longest_message_seconds: got 60"]


def test_an_access_point_is_one_of_its_file_system() -> None:
    weights = FileSystemSettings(access_points={"models": AccessPointSettings(path="/models", uid=1_000, gid=1_000)})
    right = FileSystemMount(container_path="/models", file_system="weights", access_point="models")
    wrong = FileSystemMount(container_path="/models", file_system="weights", access_point="model")
    assert environment(file_systems={"weights": weights}, job_definitions={"embed": fargate_job(mounts=[right])})
    assert refused(
        lambda: environment(file_systems={"weights": weights}, job_definitions={"embed": fargate_job(mounts=[wrong])})
    ) == ["job_definitions.embed.mounts[0].access_point: got 'model'"]


@pytest.mark.parametrize("limit", [24_576])
@pytest.mark.parametrize("kind", ["fargate", "pod"])
def test_what_is_registered_has_at_most_24_kib_all_told(kind: str, limit: int) -> None:
    def registering(length: int) -> object:
        variables = {"LONG": "x" * length}
        job = fargate_job(environment=variables) if kind == "fargate" else pod(environment=variables)
        return environment(
            compute_environments={"pods": PODS},
            job_queues={"pods": JobQueueSettings(compute_environments=["pods"])},
            job_definitions={"embed": job},
        )

    def found(size: int) -> list[str]:
        return [f"job_definitions.embed: 24,576, got {size:,}"]

    (message,) = refused(lambda: registering(limit))
    besides = int(message.partition(", got ")[2].partition(";")[0].replace(",", "")) - limit
    assert registering(limit - besides)
    assert refused(lambda: registering(limit - besides + 1)) == found(limit + 1)


def test_parameters_and_tags_count_as_registered_too() -> None:
    long = {"parameters": {"long": "x" * 24_576}, "command": ["embed", "Ref::long"]}
    assert len(refused(lambda: environment(job_definitions={"embed": fargate_job(**long)}))) == 1
    tags = {f"tag-{number}": "x" * 256 for number in range(46)}
    assert environment(job_definitions={"embed": fargate_job(tags=tags)})
    assert (
        len(refused(lambda: environment(job_definitions={"embed": fargate_job(tags=tags, command=["x" * 12_000])})))
        == 1
    )


def test_a_job_of_a_fair_share_queue_has_a_priority_since_batch_wants_one() -> None:
    assert environment(job_definitions={"score": fargate_job(job_queues=["shared"], scheduling_priority=0)})
    assert refused(lambda: environment(job_definitions={"score": fargate_job(job_queues=["light", "shared"])})) == [
        "job_definitions.score.scheduling_priority"
    ]


def test_a_job_of_other_queues_has_no_priority_since_batch_looks_at_none() -> None:
    assert environment(job_definitions={"score": fargate_job(job_queues=["light", "shared"], scheduling_priority=1)})
    assert refused(lambda: environment(job_definitions={"embed": fargate_job(scheduling_priority=1)})) == [
        "job_definitions.embed.scheduling_priority: got 1"
    ]


def test_a_job_that_has_no_request_is_told_by_what_is_bad_in_it() -> None:
    with collect_problems():
        job = fargate_job(mounts=[EbsVolumeMount(container_path="/a")])
        made = environment(job_definitions={"embed": job})

    assert in_short(nested_problems(made)) == ["job_definitions.embed.mounts[0]: got an EbsVolumeMount"]
