"""Jobs of somebody else's definitions, and on somebody else's capacity, are what they are with those that are made."""

from typing import Any

import pytest

from modules.backlogs.settings import BacklogSettings
from modules.batch.settings.any_compute_environments import AnyComputeEnvironmentSettings
from modules.batch.settings.any_job_definitions import AnyJobDefinitionSettings
from modules.batch.settings.compute_environments import Ec2ComputeEnvironment, FargateComputeEnvironment
from modules.batch.settings.existing_compute_environments import ExistingComputeEnvironment
from modules.batch.settings.existing_job_definitions import (
    ExistingEksJobDefinition,
    ExistingJobDefinition,
    ExistingMultiContainerJobDefinition,
    ExistingMultiNodeJobDefinition,
)
from modules.batch.settings.job_queues import JobQueueSettings
from modules.batch.settings.submissions import JobRequest, JobSubmission
from modules.batch.settings.teams import TeamAccess
from modules.batch.submission import SubmissionContext, submit_job_request
from modules.events.settings import RuleSettings
from modules.events.sources import JobStateChange, ObjectCreated
from modules.iam.access_settings import Access
from modules.pipes.settings import PipeSettings
from modules.scheduler.settings import ScheduleSettings
from modules.sqs.settings import MessageQueueSettings
from modules.states.settings.pipelines import PipelineSettings
from modules.states.settings.stages import JobStage
from stacks.environment import Environment
from stacks.state import LocalState
from tests.modules.batch.samples import every_kind
from tests.problems import refused
from tests.stacks.environments import distributed_job, ec2_job, empty_environment, environment, fargate_job
from tests.stacks.twins import beside, documents, made_of

HERE = "arn:aws:batch:us-east-1:111122223333"
DEFINITION = f"{HERE}:job-definition/terrabatch-test-embed"
OTHER = f"{HERE}:job-definition/deep"
CAPACITY = f"{HERE}:compute-environment/theirs"
CLUSTER = "arn:aws:ecs:us-east-1:111122223333:cluster/theirs"
QUEUE = MessageQueueSettings(visibility_timeout_seconds=601)


def theirs(kind: type[ExistingJobDefinition] = ExistingJobDefinition, **changes: Any) -> ExistingJobDefinition:
    values: dict[str, Any] = {
        "job_definition_arn": DEFINITION,
        "job_queues": ["light"],
        "timeout_seconds": 600,
        "parameters": {"key": ""},
    }
    return kind(**(values | changes))


MADE = fargate_job(command=["embed", "Ref::key"], parameters={"key": ""}, access=Access(consume=["work"]))
JOB = JobRequest(job_definition="embed", parameters={"key": "$.detail.object.key"})


def starting(job: AnyJobDefinitionSettings) -> Environment:
    """Return an environment in which everything that can submit a job submits this one."""
    return environment(
        queues={"work": QUEUE, "asked": QUEUE},
        job_definitions={"embed": job, "caller": fargate_job(access=Access(submit=["embed"]))},
        submissions={"once": JobSubmission(job_definition="embed", environment={"LEVEL": "2"})},
        teams={"search": TeamAccess(tag_value="search", shared_job_definitions=["embed"])},
        schedules={"nightly": ScheduleSettings(expression="rate(1 day)", target=JobRequest(job_definition="embed"))},
        pipes={"each": PipeSettings(queue="asked", target=JobRequest(job_definition="embed"))},
        rules={
            "upload": RuleSettings(event=ObjectCreated(bucket="data"), target=JOB),
            "failed": RuleSettings(
                event=JobStateChange(states=["FAILED"], job_definitions=["embed"]),
                target=JobRequest(job_definition="caller"),
            ),
        },
        pipelines={
            "night": PipelineSettings(
                stages={"embed": JobStage(job=JobRequest(job_definition="embed"))}, timeout_seconds=3_600
            )
        },
        backlogs={
            "work": BacklogSettings(
                queue="work", job=JobRequest(job_definition="embed"), messages_per_child=10, max_children=4
            )
        },
    )


def without_roles(found: dict[str, Any]) -> dict[str, Any]:
    """Take out the names of the roles of jobs that are made."""
    definition = found["test-batch outputs"]["job_definitions"]["value"]["embed"]
    for name in ("job_role_arn", "execution_role_arn"):
        definition.pop(name, None)
    return found


def test_what_submits_a_job_is_the_same_whoever_owns_the_definition() -> None:
    meant = {r"\$\{aws_batch_job_definition\.job_definitions_embed_[^}]*\.arn\}": DEFINITION}
    made, existing = documents(starting(MADE), meant), documents(starting(theirs()), meant)
    assert made_of(made, "job_definitions_embed")
    assert made_of(existing, "job_definitions_embed") == []
    assert beside(existing, "job_definitions_embed") == without_roles(beside(made, "job_definitions_embed"))


def test_a_revision_is_submitted_granted_and_listened_to_as_it_is() -> None:
    ours = starting(theirs(job_definition_arn=f"{DEFINITION}:3"))
    found = documents(ours, {})
    texts = str(found)
    assert f"{DEFINITION}:3:*" not in texts
    statement = found["test-batch"]["resource"]["aws_iam_role_policy"]
    assert any(f'"{DEFINITION}:3"' in policy["policy"] for policy in statement.values())
    (rule,) = [
        item
        for item in found["test-triggers"]["resource"]["aws_cloudwatch_event_rule"].values()
        if item["name"].endswith("failed")
    ]
    assert f'"jobDefinition":["{DEFINITION}:3"]' in rule["event_pattern"]


@pytest.mark.parametrize("job", [MADE, theirs()], ids=["made", "existing"])
def test_what_is_submitted_is_checked_alike(job: AnyJobDefinitionSettings) -> None:
    def submitted(**changes: Any) -> Environment:
        submission = JobSubmission(job_definition="embed", **changes)
        return environment(queues={"work": QUEUE}, job_definitions={"embed": job}, submissions={"once": submission})

    assert submitted(parameters={"key": "a"})
    assert refused(submitted, parameters={"kye": "a"}) == ["submissions.once.parameters.kye: got 'kye'"]
    assert refused(submitted, job_queue="large") == ["submissions.once.job_queue: got 'large'"]
    assert refused(submitted, node_count=3) == ["submissions.once.node_count: got 3"]


@pytest.mark.parametrize(
    ("made", "existing"),
    [
        (every_kind()["fargate-group"], theirs(ExistingMultiContainerJobDefinition, containers=["main", "fetch"])),
        (every_kind()["eks"], theirs(ExistingEksJobDefinition, containers=["main"])),
        (every_kind()["nodes"], theirs(ExistingMultiNodeJobDefinition, node_count=4)),
        (every_kind()["ec2"], theirs()),
    ],
    ids=["several containers", "pod", "nodes", "one container"],
)
def test_a_request_says_the_same_of_each_kind(
    made: AnyJobDefinitionSettings, existing: AnyJobDefinitionSettings
) -> None:
    submission = JobSubmission(job_definition="embed", environment={"LEVEL": "2"})
    requests = [
        submit_job_request("once", submission, SubmissionContext(job, "embed", "light")) for job in (made, existing)
    ]
    assert requests[0] == requests[1]
    assert "LEVEL" in str(requests[0])


def test_nodes_are_as_many_as_its_owner_allows() -> None:
    def submitted(count: int) -> Environment:
        job = theirs(
            ExistingMultiNodeJobDefinition,
            job_definition_arn=OTHER,
            node_count=8,
            least_node_count=3,
            job_queues=["large"],
        )
        return environment(
            job_definitions={"deep": job},
            submissions={"once": JobSubmission(job_definition="deep", node_count=count)},
        )

    assert submitted(3)
    assert refused(submitted, count=2) == ["submissions.once.node_count: 3, got 2"]


def test_a_backlog_takes_no_nodes_of_others_either() -> None:
    backlog = BacklogSettings(
        queue="requests", job=JobRequest(job_definition="deep"), messages_per_child=10, max_children=4
    )
    job = theirs(ExistingMultiNodeJobDefinition, job_definition_arn=OTHER, node_count=8, job_queues=["large"])
    assert refused(lambda: environment(job_definitions={"deep": job}, backlogs={"night": backlog})) == [
        "backlogs.night.job.job_definition: got 'deep'"
    ]


def test_what_is_made_here_is_nobody_elses_definition() -> None:
    assert refused(lambda: environment(job_definitions={"again": theirs()})) == [
        "job_definitions.again.job_definition_arn: got 'terrabatch-test-embed'"
    ]


@pytest.mark.parametrize(
    ("job", "queue", "capacity"),
    [
        (theirs(ExistingEksJobDefinition, containers=["main"]), "light", "a FargateComputeEnvironment"),
        (theirs(ExistingMultiNodeJobDefinition, node_count=2), "light", "a FargateComputeEnvironment"),
    ],
)
def test_a_definition_of_others_runs_on_its_own_kind_of_capacity(
    job: AnyJobDefinitionSettings, queue: str, capacity: str
) -> None:
    found = refused(lambda: environment(job_definitions={"embed": job}))
    assert found == [f"compute_environments.{queue}: got {capacity}"]


def capacity(kind: Any, **changes: Any) -> ExistingComputeEnvironment:
    return ExistingComputeEnvironment(compute_environment_arn=CAPACITY, kind=kind, **changes)


def on(place: AnyComputeEnvironmentSettings, **changes: Any) -> Environment:
    """Return an environment whose jobs run there."""
    job_queues = {"shared": JobQueueSettings(compute_environments=["place"])}
    job = fargate_job(job_queues=["shared"]) if place.capacity_kind == "Fargate" else ec2_job(job_queues=["shared"])
    return environment(
        **{"compute_environments": {"place": place}, "job_queues": job_queues, "job_definitions": {"job": job}}
        | changes
    )


def test_jobs_and_queues_are_the_same_whoever_owns_the_capacity() -> None:
    meant = {
        r"\$\{aws_batch_compute_environment\.compute_environments_place_[^}]*\.arn\}": CAPACITY,
        r"\$\{aws_batch_compute_environment\.compute_environments_place_[^}]*\.name\}": "theirs",
        r"\$\{aws_batch_compute_environment\.compute_environments_place_[^}]*\.ecs_cluster_arn\}": CLUSTER,
    }
    made = documents(on(FargateComputeEnvironment(max_vcpus=16)), meant)
    existing = documents(on(capacity("Fargate", max_vcpus=16, ecs_cluster_arn=CLUSTER)), meant)
    assert made_of(made, "compute_environments_place")
    assert made_of(existing, "compute_environments_place") == []
    assert beside(existing, "compute_environments_place") == beside(made, "compute_environments_place")


def test_capacity_of_others_needs_no_network_and_its_cluster_may_be_unknown() -> None:
    job = ec2_job(job_queues=["shared"])
    ours = empty_environment(
        state=LocalState(),
        compute_environments={"place": capacity("EC2")},
        job_queues={"shared": JobQueueSettings(compute_environments=["place"])},
        job_definitions={"job": job},
    )
    output = documents(ours, {})["test-batch"]["output"]["compute_environments"]["value"]
    assert output == {"place": {"arn": CAPACITY, "name": "theirs"}}


INSTANCES = Ec2ComputeEnvironment(instance_types=["c6i.2xlarge"], max_vcpus=16)


@pytest.mark.parametrize(
    "place",
    [INSTANCES, capacity("EC2", instance_types=["c6i.2xlarge"], max_vcpus=16)],
    ids=["made", "existing"],
)
def test_whether_a_job_fits_is_checked_alike(place: AnyComputeEnvironmentSettings) -> None:
    def with_job(**changes: Any) -> Environment:
        return on(place, job_definitions={"job": ec2_job(job_queues=["shared"], **changes)})

    assert with_job(vcpus=8)
    (found,) = refused(with_job, vcpus=9)
    assert found.startswith("compute_environments.place: 9, 4,096")
    places = {"place": place, "other": FargateComputeEnvironment(max_vcpus=4)}
    queues = {"shared": JobQueueSettings(compute_environments=["place", "other"])}
    assert "job_queues.shared.compute_environments: got place (EC2), other (Fargate)" in refused(
        lambda: on(place, compute_environments=places, job_queues=queues)
    )


def test_the_most_vcpus_of_others_count_where_they_are_known() -> None:
    def with_most(most: int | None) -> Environment:
        return on(capacity("EC2", max_vcpus=most), job_definitions={"job": ec2_job(job_queues=["shared"], vcpus=4)})

    assert with_most(None)
    assert with_most(4)
    assert refused(with_most, most=3) == ["compute_environments.place: 4, got 3"]


def test_nodes_of_a_job_are_whole_instances_of_others_too() -> None:
    def with_most(most: int) -> Environment:
        place = capacity("EC2", instance_types=["c6i.2xlarge"], max_vcpus=most)
        return on(place, job_definitions={"job": distributed_job(job_queues=["shared"])})

    assert with_most(16)
    assert refused(with_most, most=15) == ["compute_environments.place: 16, got 15"]


def test_a_job_made_for_another_kind_of_capacity_is_refused_there() -> None:
    assert refused(lambda: on(capacity("unmanaged"), job_definitions={"job": fargate_job(job_queues=["shared"])})) == [
        "compute_environments.place: got 'unmanaged'"
    ]
    assert on(capacity("unmanaged"))


@pytest.mark.parametrize(
    ("kind", "changes", "problems"),
    [
        ("Fargate", {"instance_types": ["c6i.large"]}, ["instance_types: got ['c6i.large']"]),
        ("EKS", {"ecs_cluster_arn": CLUSTER}, [f"ecs_cluster_arn: got {CLUSTER!r}"]),
    ],
)
def test_what_others_do_not_have_is_not_said_of_them(kind: str, changes: dict[str, Any], problems: list[str]) -> None:
    assert refused(lambda: capacity(kind, **changes)) == problems
    assert capacity("EC2", **changes)
