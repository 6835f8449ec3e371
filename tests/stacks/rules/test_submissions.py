from typing import Any

from modules.batch.settings.compute_environments import Ec2ComputeEnvironment
from modules.batch.settings.job_definitions import NodeGroup
from modules.batch.settings.submissions import JobDependency, JobSubmission
from stacks.environment import Environment
from tests.problems import problems
from tests.stacks.environments import distributed_job, environment, fargate_job


def submitting(**submissions: JobSubmission) -> Environment:
    shared = fargate_job(
        job_queues=["light", "shared"],
        scheduling_priority=1,
        command=["score", "Ref::model"],
        parameters={"model": "baseline"},
    )
    return environment(job_definitions={"score": shared}, submissions=submissions)


def score(**settings: Any) -> JobSubmission:
    return JobSubmission(job_definition="score", **settings)


def test_a_job_goes_to_one_of_its_definitions_queues() -> None:
    assert submitting(a=score(job_queue="light"))
    assert problems(lambda: submitting(a=score(job_queue="large"))) == [
        "submissions.a.job_queue must be one of job_definitions.score.job_queues (light, shared), got 'large'; "
        "whether it fits is checked for those only"
    ]


def test_a_queue_with_shares_wants_one_and_a_queue_without_wants_none() -> None:
    assert submitting(a=score(job_queue="shared", share_identifier="search"), b=score())
    assert problems(lambda: submitting(a=score(job_queue="shared"))) == [
        "submissions.a.share_identifier must be given for job_queues.shared, which has a scheduling_policy; "
        "Batch refuses the job"
    ]
    assert problems(lambda: submitting(a=score(share_identifier="search"))) == [
        "submissions.a.share_identifier must be left out for job_queues.light, which has no scheduling_policy, "
        "got 'search'; Batch refuses the job"
    ]


def test_a_priority_counts_only_where_there_are_shares() -> None:
    assert submitting(a=score(job_queue="shared", share_identifier="search", scheduling_priority=9_999))
    assert problems(lambda: submitting(a=score(scheduling_priority=1))) == [
        "submissions.a.scheduling_priority must be left out for job_queues.light, which has no scheduling_policy, "
        "got 1; what is first in comes first out"
    ]


def test_only_declared_parameters_can_be_replaced() -> None:
    assert submitting(a=score(parameters={"model": ""}))
    assert problems(lambda: submitting(a=score(parameters={"modle": "large"}))) == [
        "submissions.a.parameters.modle must name one of job_definitions.score.parameters, got 'modle'; "
        "did you mean model? known: model"
    ]
    assert problems(
        lambda: environment(submissions={"a": JobSubmission(job_definition="embed", parameters={"x": "1"})})
    ) == ["submissions.a.parameters.x must name one of job_definitions.embed.parameters, got 'x'; known: none"]


def test_a_longer_time_is_checked_against_the_queue_that_feeds_the_job() -> None:
    assert submitting(a=score(timeout_seconds=600))
    assert problems(lambda: submitting(a=score(timeout_seconds=601))) == [
        "queues.requests.visibility_timeout_seconds must exceed submissions.a.timeout_seconds (601), got 601; "
        "a shorter one hands a running job's message to a second worker"
    ]


def test_tags_of_job_and_definition_come_to_fifty() -> None:
    def tagged(**of_definition: str) -> Environment:
        tags = {f"tag-{number}": "x" for number in range(46)}
        return environment(
            job_definitions={"embed": fargate_job(tags=of_definition)},
            submissions={"a": JobSubmission(job_definition="embed", tags=tags)},
        )

    assert tagged(team="search", cost="7")  # besides project and environment
    assert problems(lambda: tagged(team="search", cost="7", owner="me")) == [
        "submissions.a.tags must come to at most 50 with those of the environment and of the job definition, got 51; "
        "Batch fails the job"
    ]


def test_a_share_is_one_that_the_policy_weighs() -> None:
    assert submitting(a=score(job_queue="shared", share_identifier="tenant7"))
    assert problems(lambda: submitting(a=score(job_queue="shared", share_identifier="ads"))) == [
        "submissions.a.share_identifier must be one of scheduling_policies.teams.shares (search, tenant*), got 'ads'; "
        "any other would get the weight 1.0"
    ]


def test_children_that_wait_for_each_other_are_equally_many() -> None:
    pair = [JobDependency(submission="shard", type="N_TO_N")]
    assert submitting(shard=score(array_size=8), merge=score(array_size=8, depends_on=pair))
    assert problems(lambda: submitting(shard=score(array_size=8), merge=score(array_size=9, depends_on=pair))) == [
        "submissions.merge.array_size must equal submissions.shard.array_size (8), got 9; "
        "depends_on[0] pairs the children of both"
    ]


def test_a_dependency_is_one_of_the_submissions() -> None:
    assert problems(lambda: submitting(merge=score(depends_on=[JobDependency(submission="shard")]))) == [
        "submissions.merge.depends_on[0].submission must name one of the submissions, got 'shard'; known: merge"
    ]


def test_no_submission_waits_for_itself_however_far_around() -> None:
    found = problems(
        lambda: submitting(
            a=score(depends_on=[JobDependency(submission="b")]), b=score(depends_on=[JobDependency(submission="a")])
        )
    )
    assert found == [
        "submissions must have no circle of depends_on, got a → b → a; none of them could be submitted first"
    ]


def test_another_number_of_nodes_fits_groups_and_capacity() -> None:
    def nodes(count: int, **changes: Any) -> Environment:
        train = JobSubmission(job_definition="train", node_count=count)
        return environment(job_definitions={"train": distributed_job(**changes)}, submissions={"a": train})

    group = NodeGroup(image="train:1", vcpus=2, memory_mib=4_096, node_count=1)
    two = {"node_groups": [group, group], "main_node": 1}

    # Two of c6i.2xlarge make 16 vCPUs.
    assert nodes(2)
    assert nodes(2, **two)
    assert problems(lambda: nodes(3)) == [
        "submissions.a.node_count must be at most 2 on compute_environments.large, got 3; its max_vcpus are 16"
    ]
    three = {"node_groups": [group, group, group], "main_node": 1}
    large = Ec2ComputeEnvironment(instance_types=["c6i.2xlarge"], max_vcpus=24)
    train = {"train": distributed_job(**three)}
    assert problems(
        lambda: environment(
            compute_environments={"large": large},
            job_definitions=train,
            submissions={"a": JobSubmission(job_definition="train", node_count=2)},
        )
    ) == [
        "submissions.a.node_count must be at least 3 for job_definitions.train, got 2; "
        "the main node and one of the last group have to be among them"
    ]


def test_nodes_and_arrays_go_to_the_jobs_that_have_them() -> None:
    assert problems(lambda: submitting(a=score(node_count=2))) == [
        "submissions.a.node_count must be left out for what is no multi-node job, got 2; "
        "use array_size for many of a kind"
    ]
    assert problems(lambda: environment(submissions={"a": JobSubmission(job_definition="train", array_size=2)})) == [
        "submissions.a.array_size must be left out for a multi-node job, got 2; Batch has no arrays of these"
    ]


def test_a_request_has_at_most_30_kib() -> None:
    def sending(length: int) -> Environment:
        return submitting(a=score(parameters={"model": "x" * length}))

    (message,) = problems(lambda: sending(30_720))
    besides = int(message.partition(", got ")[2].partition(";")[0].replace(",", "")) - 30_720
    assert sending(30_720 - besides)
    assert problems(lambda: sending(30_721 - besides)) == [
        "submissions.a must take at most 30,720 bytes as a request, got 30,721; "
        "put what is long into a bucket and pass its key"
    ]
