from typing import Any

import pytest

from modules.batch.settings.any_compute_environments import ComputeEnvironmentSettings
from modules.batch.settings.eks_compute_environments import EksComputeEnvironment
from modules.batch.settings.eks_job_definitions import EksContainer, EksJobDefinition
from modules.batch.settings.job_queues import JobQueueSettings
from modules.batch.settings.submissions import JobSubmission
from modules.batch.settings.teams import TeamAccess
from modules.ecr.settings import RepositorySettings
from modules.ecs.settings.clusters import ExecuteCommand
from modules.ecs.settings.scaling import ScheduledScaling
from modules.efs.settings import AccessPointSettings, FileSystemSettings
from modules.kms.settings import NewKmsKey
from modules.s3.settings import BucketSettings
from modules.sqs.settings import ExistingQueue, MessageQueueSettings
from tests.modules.ecs.samples import cluster_settings, fargate_task, group_provider, worker_settings
from tests.modules.ecs.settings.service_samples import scaled
from tests.problems import refused
from tests.stacks.environments import environment, fargate_job
from tests.stacks.rules import service_samples
from tests.stacks.rules.service_samples import replicas

QUEUE = MessageQueueSettings(visibility_timeout_seconds=60)
POINT = AccessPointSettings(path="/a", uid=1, gid=1)
DAY = ScheduledScaling(schedule="rate(1 day)", max_tasks=5)
SHELL = ExecuteCommand(kms_key=NewKmsKey())
ROLE = "arn:aws:iam::111122223333:role/web"
# Of a task whose service has as long a name as ECS takes.
UNNAMED = replicas(
    task=fargate_task(task_role_arn=ROLE, execution_role_arn=ROLE), tasks=scaled(memory_percent=60), load_balancing=None
)
THEIRS = ExistingQueue(queue_arn="arn:aws:sqs:us-east-1:444455556666:theirs", visibility_timeout_seconds=60)


def test_a_queue_s_name_fits_with_what_is_appended_to_it_or_is_refused() -> None:
    longest = "x" * (80 - len("terrabatch-test-" + "-dlq"))
    assert environment(queues={longest: QUEUE})

    assert refused(lambda: environment(queues={f"{longest}x": QUEUE})) == [
        f"queues.{longest}x: 80, got 81 ('terrabatch-test-{longest}x-dlq')"
    ]


def test_project_and_environment_count() -> None:
    longest = "x" * (80 - len("p-test-" + "-dlq"))
    assert environment(project="p", queues={longest: QUEUE})
    assert len(refused(lambda: environment(project="pp", queues={longest: QUEUE}))) == 1


def test_a_queue_of_somebody_else_s_has_the_name_it_has() -> None:
    assert environment(queues={"x" * 100: THEIRS})


def test_every_name_that_does_not_fit_is_told() -> None:
    names = ("x" * 62, "y" * 62)
    found = refused(lambda: environment(queues=dict.fromkeys(names, QUEUE), job_queues={}))

    assert [problem.partition(":")[0] for problem in found] == [f"queues.{name}" for name in names]


def test_a_job_s_name_leaves_room_for_those_of_its_roles() -> None:
    longest = "x" * (64 - len("terrabatch-test-" + "-job-execution"))
    assert environment(job_definitions={longest: fargate_job()})
    assert refused(lambda: environment(job_definitions={f"{longest}x": fargate_job()})) == [
        f"job_definitions.{longest}x: 64, got 65 ('terrabatch-test-{longest}x-job-execution')"
    ]


def test_a_pod_has_no_roles_and_may_have_a_longer_name() -> None:
    nodes = EksComputeEnvironment(
        max_vcpus=8,
        eks_cluster_arn="arn:aws:eks:us-east-1:111122223333:cluster/ml",
        kubernetes_namespace="batch",
        security_group_ids=["sg-01234567"],
    )
    capacity: dict[str, ComputeEnvironmentSettings] = {"pods": nodes}
    container = EksContainer(image="embed:1", vcpus=1, memory_mib=512)
    pod = EksJobDefinition(job_queues=["pods"], timeout_seconds=60, containers={"main": container})
    queues = {"pods": JobQueueSettings(compute_environments=["pods"])}
    longest = "x" * (128 - len("terrabatch-test-"))

    assert environment(compute_environments=capacity, job_queues=queues, job_definitions={longest: pod})
    assert refused(
        lambda: environment(compute_environments=capacity, job_queues=queues, job_definitions={f"{longest}x": pod})
    ) == [f"job_definitions.{longest}x: 128, got 129 ('terrabatch-test-{longest}x')"]


def test_teams_and_submissions_are_named_too() -> None:
    team, submission = TeamAccess(tag_value="search"), JobSubmission(job_definition="embed")
    longest = "x" * (128 - len("terrabatch-test-"))

    assert environment(teams={longest: team}, submissions={"x" * 128: submission})
    assert refused(lambda: environment(teams={f"{longest}x": team})) == [
        f"teams.{longest}x: 128, got 129 ('terrabatch-test-{longest}x')"
    ]
    (found,) = refused(lambda: environment(submissions={"x" * 129: submission}))
    assert found.startswith(f"submissions.{'x' * 129}: 128, got")


def test_a_queue_has_another_name_than_the_dead_letter_queue_of_one() -> None:
    queue = MessageQueueSettings(visibility_timeout_seconds=30)
    without = MessageQueueSettings(visibility_timeout_seconds=30, max_receive_count=None)

    assert environment(queues={"a": without, "a-dlq": queue})
    assert refused(lambda: environment(queues={"a": queue, "a-dlq": queue})) == [
        "queues.a-dlq: got 'terrabatch-test-a-dlq'"
    ]


def test_keys_of_unlike_things_do_not_share_an_alias() -> None:
    key = NewKmsKey()
    queue = MessageQueueSettings(visibility_timeout_seconds=30, kms_key=key)
    assert environment(queues={"data": queue}, buckets={"data": BucketSettings(kms_key=key)})
    assert refused(
        lambda: environment(queues={"data-111122223333": queue}, buckets={"data": BucketSettings(kms_key=key)})
    ) == ["buckets.data.kms_key: got 'alias/terrabatch-test-data-111122223333'"]


def test_a_provider_whose_longest_role_fits_is_taken() -> None:
    name = "n" * (64 - len("terrabatch-test-m--instance"))
    clusters = {"m": cluster_settings(capacity_providers={name: group_provider()})}
    assert environment(clusters=clusters).clusters["m"].capacity_providers[name]


@pytest.mark.parametrize(
    ("kind", "named", "path", "longest", "limit"),
    [
        ("repositories", lambda name: {name: RepositorySettings(kms_key=NewKmsKey())}, "{}.kms_key", 238, 256),
        (
            "clusters",
            lambda name: {
                "main": cluster_settings(),
                name: cluster_settings(execute_command=SHELL, namespace=None, capacity_providers={}),
            },
            "{}.execute_command.kms_key",
            233,
            256,
        ),
        (
            "file_systems",
            lambda name: {"b": FileSystemSettings(access_points={name: POINT})},
            "b.access_points.{}",
            246,
            256,
        ),
        (
            "services",
            lambda name: {"api": replicas(tasks=scaled(schedules={name: DAY}))},
            "api.tasks.schedules.{}",
            244,
            256,
        ),
        ("services", lambda name: {"work": worker_settings(schedules={name: DAY})}, "work.schedules.{}", 243, 256),
        ("services", lambda name: {name: UNNAMED}, "{}", 240, 255),
    ],
)
def test_a_name_inside_something_counts_as_it_is_put_together(
    kind: str, named: Any, path: str, longest: int, limit: int
) -> None:
    assert service_samples.with_cluster(**{kind: named("a" * longest)})
    found = refused(lambda: service_samples.with_cluster(**{kind: named("a" * (longest + 1))}))
    assert [item.partition(", got")[0] for item in found] == [f"{kind}.{path.format('a' * (longest + 1))}: {limit}"]
