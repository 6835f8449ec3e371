"""Constructs in a cdktf app of one's own: what follows from what they are given, what they grant, what they refuse."""

import json
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from cdktf import App, LocalBackend, TerraformStack
from cdktf_cdktf_provider_aws.provider import AwsProvider

from modules.batch.fargate_environment import FargateEnvironment
from modules.batch.instance_environment import InstanceEnvironment
from modules.batch.job_definition import JobDefinition
from modules.batch.job_queue import JobQueue
from modules.batch.settings.compute_environments import Ec2ComputeEnvironment, FargateComputeEnvironment
from modules.batch.settings.job_definitions import FargateJobDefinition
from modules.batch.settings.job_queues import JobQueueSettings
from modules.containers.settings import FileSystemMount
from modules.ecr.image import RepositoryImage
from modules.ecr.repository import Repository
from modules.ecr.settings import RepositorySettings
from modules.ecs.cluster import Cluster
from modules.ecs.queue_worker import QueueWorker
from modules.ecs.run_task import RunTask
from modules.ecs.service import ServicePlacement
from modules.ecs.settings.capacity import CapacityShare
from modules.ecs.settings.clusters import ClusterSettings
from modules.ecs.settings.run_tasks import RunTaskDefinition
from modules.efs.file_system import FileSystem
from modules.efs.settings import AccessPointSettings, FileSystemSettings
from modules.iam.access_settings import Access, BucketAccess
from modules.kms.settings import NewKmsKey
from modules.naming import AwsLocation
from modules.problems import SettingsError
from modules.resources import Resources
from modules.s3.bucket import Bucket
from modules.s3.grantable_bucket import GrantableBucket
from modules.s3.settings import AnyNotification, BucketSettings, Notification, TopicNotification
from modules.sqs.message_queue import MessageQueue
from modules.sqs.settings import ExistingQueue, FifoMessageQueueSettings, MessageQueueSettings
from tests import messages
from tests.conftest import Synthesized
from tests.modules.ecs.samples import NETWORK, ec2_task, fargate_container, fargate_task, worker_settings
from tests.policies import statements
from tests.problems import problems_of

IMAGE = "111122223333.dkr.ecr.us-east-1.amazonaws.com/embed:1"
FARGATE = CapacityShare(provider="FARGATE")


@pytest.fixture
def app_stack() -> TerraformStack:
    """Return a stack as somebody makes it who has only read the README."""
    stack = TerraformStack(App(stack_traces=False), "mine")
    LocalBackend(stack, path="mine.tfstate")
    AwsProvider(stack, "aws", region="eu-west-1", allowed_account_ids=["444455556666"])
    return stack


def message_queue(stack: TerraformStack, seconds: int = 7_200, id_: str = "documents") -> MessageQueue:
    return MessageQueue(stack, id_, settings=MessageQueueSettings(visibility_timeout_seconds=seconds))


def job_queues(stack: TerraformStack, max_vcpus: int = 8, **changes: Any) -> dict[str, JobQueue]:
    capacity = FargateEnvironment(
        stack, "spot", settings=FargateComputeEnvironment(max_vcpus=max_vcpus), network=NETWORK
    )
    settings = JobQueueSettings(compute_environments=["spot"], **changes)
    return {"light": JobQueue(stack, "light", settings=settings, compute_environments={"spot": capacity})}


def job(**changes: Any) -> FargateJobDefinition:
    values: dict[str, Any] = {
        "job_queues": ["light"],
        "image": IMAGE,
        "vcpus": 1.0,
        "memory_mib": 2_048,
        "timeout_seconds": 3_600,
    }
    return FargateJobDefinition(**(values | changes))


def cluster(stack: TerraformStack, **changes: Any) -> Cluster:
    settings = ClusterSettings(**{"default_capacity": [FARGATE]} | changes)
    return Cluster(stack, "main", settings=settings, network=NETWORK)


def refused(make: Callable[[], object]) -> dict[str, str | None]:
    """Return what is refused, by path, with the value got."""
    with pytest.raises(SettingsError) as raised:
        make()
    assert raised.value.subject.startswith("mine/")
    messages.note(raised.value.problems)
    return {problem.path: problem.got for problem in raised.value.problems}


class TestPlaces:
    """What a construct is called and where it is, if nobody says."""

    def test_names_follow_from_the_path_and_places_from_the_provider(self, app_stack: TerraformStack) -> None:
        queue = message_queue(app_stack)
        Bucket(app_stack, "data", settings=BucketSettings())
        JobDefinition(app_stack, "embed", settings=job(), job_queues=job_queues(app_stack))
        emitted = Synthesized(app_stack)
        assert queue.location == AwsLocation("eu-west-1", "444455556666")
        assert emitted.one("aws_s3_bucket")["bucket"] == "mine-data-444455556666"
        definition = emitted.named("aws_batch_job_definition", "mine-embed")
        logs = json.loads(definition["container_properties"])["logConfiguration"]["options"]
        assert logs["awslogs-group"] == "${aws_cloudwatch_log_group.light_log-group_0CBE8DF6.name}"
        assert logs["awslogs-region"] == "eu-west-1"

    def test_what_is_said_wins(self, app_stack: TerraformStack) -> None:
        location = AwsLocation("us-east-1", "111122223333")
        settings = MessageQueueSettings(visibility_timeout_seconds=60)
        queue = MessageQueue(app_stack, "documents", name="theirs", settings=settings, location=location)
        assert (queue.queue_name, queue.location) == ("theirs", location)

    @pytest.mark.parametrize(
        "provider",
        [
            {"region": "eu-west-1"},
            {"allowed_account_ids": ["444455556666"]},
            {"region": "eu-west-1", "allowed_account_ids": ["444455556666", "111122223333"]},
            {"region": "eu-west-1", "allowed_account_ids": ["444455556666"], "alias": "other"},
            None,
        ],
    )
    def test_a_provider_that_does_not_tell_the_place_is_not_guessed_around(
        self, provider: dict[str, Any] | None
    ) -> None:
        stack = TerraformStack(App(stack_traces=False), "mine")
        if provider:
            AwsProvider(stack, "aws", **provider)
        assert [problem.path for problem in problems_of(message_queue, stack=stack)] == ["location"]


class TestAccess:
    """The permissions that settings ask for are granted on the objects handed in, or the construct is refused."""

    ACCESS = Access(
        read=[BucketAccess(bucket="data")],
        write=[BucketAccess(bucket="data", prefix="out/")],
        consume=["documents"],
        send=["documents"],
        submit=["embed"],
        terminate_jobs=True,
        describe_jobs=True,
    )

    def test_everything_is_granted(self, app_stack: TerraformStack) -> None:
        queues = job_queues(app_stack)
        resources = Resources(
            queues={"documents": message_queue(app_stack)},
            buckets={"data": Bucket(app_stack, "data", settings=BucketSettings())},
            job_definitions={"embed": JobDefinition(app_stack, "embed", settings=job(), job_queues=queues)},
            job_tags={"project": "mine"},
        )
        settings = job(access=self.ACCESS)
        JobDefinition(app_stack, "all", settings=settings, job_queues=queues, resources=resources)
        task = RunTaskDefinition(cluster="main", task=fargate_task(access=self.ACCESS))
        placement = ServicePlacement(cluster(app_stack), resources)
        RunTask(app_stack, "task", settings=task, placement=placement)
        policies = Synthesized(app_stack).document["resource"]["aws_iam_role_policy"]
        verbs = {"consume-documents", "send-documents", "submit-embed", "end-jobs", "describe-jobs", "read-data"}
        for role in ("all_job-role", "task_task-definition_task-role"):
            granted = {policy["name"] for name, policy in policies.items() if name.startswith(role)}
            assert verbs <= granted
            assert any(name.startswith("write-data-") for name in granted)

    def test_what_is_not_handed_in_is_refused_all_at_once(self, app_stack: TerraformStack) -> None:
        expected = {
            "access.read[0].bucket": "'data'",
            "access.write[0].bucket": "'data'",
            "access.consume[0]": "'documents'",
            "access.send[0]": "'documents'",
            "access.submit[0]": "'embed'",
            "access.terminate_jobs": "True",
        }
        queues = job_queues(app_stack)
        settings = job(access=self.ACCESS)
        assert refused(lambda: JobDefinition(app_stack, "all", settings=settings, job_queues=queues)) == expected
        task = RunTaskDefinition(cluster="main", task=fargate_task(access=self.ACCESS))
        placement = ServicePlacement(cluster(app_stack))
        assert refused(lambda: RunTask(app_stack, "task", settings=task, placement=placement)) == expected

    def test_file_systems_are_mounted_and_granted_or_refused(self, app_stack: TerraformStack) -> None:
        points = {"models": AccessPointSettings(path="/models", uid=1_000, gid=1_000)}
        weights = FileSystem(app_stack, "weights", settings=FileSystemSettings(access_points=points), network=NETWORK)
        mount = FileSystemMount(container_path="/models", file_system="weights", access_point="models")
        queues, settings = job_queues(app_stack), job(mounts=[mount])
        assert refused(lambda: JobDefinition(app_stack, "a", settings=settings, job_queues=queues)) == {
            "mounts[0].file_system": "'weights'"
        }
        resources = Resources(file_systems={"weights": weights})
        JobDefinition(app_stack, "b", settings=settings, job_queues=queues, resources=resources)
        names = {policy["name"] for policy in Synthesized(app_stack).all("aws_iam_role_policy")}
        assert any(name.startswith("read-weights") for name in names)

    def test_images_of_repositories_are_found(self, app_stack: TerraformStack) -> None:
        images = Repository(app_stack, "embed-image", settings=RepositorySettings())
        settings = job(image=RepositoryImage(repository="images", tag="1.4.0"))
        resources = Resources(repositories={"images": images})
        JobDefinition(app_stack, "embed", settings=settings, job_queues=job_queues(app_stack), resources=resources)
        definition = Synthesized(app_stack).one("aws_batch_job_definition")
        image = json.loads(definition["container_properties"])["image"]
        assert image == "444455556666.dkr.ecr.eu-west-1.amazonaws.com/mine-embed-image:1.4.0"

    @pytest.mark.parametrize("immutable", [False, True])
    def test_an_image_that_a_repository_may_lose_is_not_pinned(
        self, app_stack: TerraformStack, immutable: bool
    ) -> None:
        images = Repository(app_stack, "images", settings=RepositorySettings(immutable_tags=immutable))
        image = RepositoryImage(repository="images", tag="1")
        task = RunTaskDefinition(cluster="main", task=fargate_task(containers={"a": fargate_container(image=image)}))
        placement = ServicePlacement(cluster(app_stack), Resources(repositories={"images": images}))
        RunTask(app_stack, "index", settings=task, placement=placement)
        definition = Synthesized(app_stack).one("aws_ecs_task_definition")
        (container,) = json.loads(definition["container_definitions"])
        assert container.get("versionConsistency") == (None if immutable else "disabled")

    def test_objects_grant_roles_of_ones_own(self, app_stack: TerraformStack) -> None:
        embed = JobDefinition(app_stack, "embed", settings=job(), job_queues=job_queues(app_stack))
        assert embed.job_role is not None
        message_queue(app_stack).grant_send(embed.job_role)
        policy = Synthesized(app_stack).named("aws_iam_role_policy", "send-documents")
        assert set(statements(policy["policy"])) == {"SendMessages"}


class TestRules:
    """What an environment would refuse of the objects that one construct is given, the construct refuses."""

    def test_a_worker_whose_queue_hides_messages_too_short(self, app_stack: TerraformStack) -> None:
        placement = ServicePlacement(cluster(app_stack), Resources(queues={"documents": message_queue(app_stack, 18)}))
        assert refused(lambda: QueueWorker(app_stack, "a", settings=worker_settings(), placement=placement)) == {
            "queues.documents.visibility_timeout_seconds": "18"
        }

    def test_a_worker_without_its_queue(self, app_stack: TerraformStack) -> None:
        placement = ServicePlacement(cluster(app_stack))
        assert refused(lambda: QueueWorker(app_stack, "a", settings=worker_settings(), placement=placement)) == {
            "queues": "'documents'"
        }

    def test_a_worker_of_a_queue_whose_backlog_is_counted_elsewhere(self, app_stack: TerraformStack) -> None:
        arn = "arn:aws:sqs:us-east-1:444455556666:theirs"
        theirs = ExistingQueue(queue_arn=arn, visibility_timeout_seconds=600)
        queue = MessageQueue.from_queue_arn(app_stack, "theirs", settings=theirs)
        placement = ServicePlacement(cluster(app_stack), Resources(queues={"documents": queue}))
        assert refused(lambda: QueueWorker(app_stack, "a", settings=worker_settings(), placement=placement)) == {
            "services.a.queue": f"'{arn}'"
        }

    def test_a_worker_in_a_cluster_that_does_not_count_tasks_or_has_no_such_capacity(
        self, app_stack: TerraformStack
    ) -> None:
        where = cluster(app_stack, container_insights="disabled")
        placement = ServicePlacement(where, Resources(queues={"documents": message_queue(app_stack)}))
        settings = worker_settings(task=ec2_task(), cluster="others")
        assert refused(lambda: QueueWorker(app_stack, "a", settings=settings, placement=placement)) == {
            "services.a.task": "an Ec2Task",
            "clusters.others.container_insights": "'disabled'",
            "services.a.cluster": "'others'",
        }

    def test_a_job_that_never_fits(self, app_stack: TerraformStack) -> None:
        queues, settings = job_queues(app_stack, max_vcpus=1), job(vcpus=2.0, memory_mib=4_096)
        assert refused(lambda: JobDefinition(app_stack, "a", settings=settings, job_queues=queues)) == {
            "compute_environments.spot": "1"
        }

    def test_a_job_whose_queue_hides_messages_too_short(self, app_stack: TerraformStack) -> None:
        queues, settings = job_queues(app_stack), job(access=Access(consume=["documents"]), scheduling_priority=1)
        resources = Resources(queues={"documents": message_queue(app_stack, 3_600)})
        assert refused(
            lambda: JobDefinition(app_stack, "a", settings=settings, job_queues=queues, resources=resources)
        ) == {"job_definitions.a.scheduling_priority": "1", "queues.documents.visibility_timeout_seconds": "3,600"}

    def test_queues_and_environments_that_are_not_handed_in(self, app_stack: TerraformStack) -> None:
        settings = JobQueueSettings(compute_environments=["spot", "steady"])
        assert refused(lambda: JobQueue(app_stack, "a", settings=settings, compute_environments={})) == {
            "compute_environments": "'steady'"
        }
        assert refused(lambda: JobDefinition(app_stack, "b", settings=job())) == {"job_queues": "'light'"}

    def test_notifications_that_s3_could_not_send(self, app_stack: TerraformStack) -> None:
        fifo = FifoMessageQueueSettings(visibility_timeout_seconds=60)
        theirs = ExistingQueue(queue_arn="arn:aws:sqs:eu-west-1:444455556666:theirs", visibility_timeout_seconds=60)
        queues = {
            "fifo": MessageQueue(app_stack, "fifo", settings=fifo),
            "theirs": MessageQueue.from_queue_arn(app_stack, "theirs", settings=theirs),
        }
        notifications: dict[str, AnyNotification] = {
            name: Notification(queue=name, prefix=name) for name in ("fifo", "theirs", "gone")
        }
        notifications["told"] = TopicNotification(topic="gone", prefix="told")
        settings = BucketSettings(notifications=notifications)
        assert refused(lambda: Bucket(app_stack, "data", settings=settings, queues=queues)) == {
            "notifications.fifo.queue": "'fifo', a FifoMessageQueueSettings",
            "notifications.theirs.queue": "'theirs', an ExistingQueue",
            "notifications.gone.queue": "'gone'",
            "notifications.told.topic": "'gone'",
        }

    def test_access_logs_that_s3_could_not_write(self, app_stack: TerraformStack) -> None:
        buckets: dict[str, GrantableBucket] = {
            "plain": Bucket(app_stack, "plain", settings=BucketSettings()),
            "encrypted": Bucket(app_stack, "encrypted", settings=BucketSettings(kms_key=NewKmsKey())),
        }
        logged = BucketSettings(access_log_bucket="plain")
        buckets["logged"] = Bucket(app_stack, "logged", settings=logged, buckets=buckets)
        for name in ("encrypted", "logged", "gone"):
            settings = BucketSettings(access_log_bucket=name)
            make = partial(Bucket, app_stack, f"to-{name}", settings=settings, buckets=buckets)
            assert refused(make) == {"access_log_bucket": repr(name)}
        assert refused(lambda: Bucket(app_stack, "a", settings=logged)) == {"access_log_bucket": "'plain'"}

    def test_environments_of_a_queue_that_cannot_stand_in_for_each_other(self, app_stack: TerraformStack) -> None:
        capacity = {
            "light": FargateEnvironment(
                app_stack, "light", settings=FargateComputeEnvironment(max_vcpus=8), network=NETWORK
            ),
            "heavy": InstanceEnvironment(
                app_stack, "heavy", settings=Ec2ComputeEnvironment(instance_types=["c7i"], max_vcpus=8), network=NETWORK
            ),
        }
        settings = JobQueueSettings(compute_environments=["light", "heavy"])
        assert refused(lambda: JobQueue(app_stack, "a", settings=settings, compute_environments=capacity)) == {
            "compute_environments": "light (Fargate), heavy (EC2)"
        }

    def test_a_subnet_that_the_network_does_not_have(self, app_stack: TerraformStack) -> None:
        settings = Ec2ComputeEnvironment(instance_types=["c7i"], max_vcpus=8, subnet_index=2)
        assert refused(lambda: InstanceEnvironment(app_stack, "a", settings=settings, network=NETWORK)) == {
            "subnet_index": "2"
        }


def test_what_no_access_can_name_is_no_resource() -> None:
    with pytest.raises(TypeError, match="quues is no map of things that access can name"):
        Resources(quues={})
